"""Runs of several products added up: year by year, or in the order that a dependence gives them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from product_factory.errors import At, BadInput, both, nearest
from sandbox.dependence.diversification import Diversification, diversification
from sandbox.dependence.reorder import orders
from sandbox.dependence.specification import DependenceFile, Reordering
from sandbox.results import Recorded, read_manifest
from sandbox.results.recorded import RecordedBusiness
from sandbox.sampling import PLAIN

Floats = npt.NDArray[np.float64]
GROSS, NET = "years.parquet", "net.parquet"
FEWEST = 2


@dataclass(frozen=True, eq=False)
class RunFolder:
    """What `simulate -o` left: its manifest, and what was paid in each year."""

    folder: Path
    recorded: Recorded
    paid: Floats
    sha256: str


@dataclass(frozen=True, eq=False)
class Combined:
    """Products together.

    runs    product → its run;  paid: product → [year] in the order that they stand together
    orders  reordering → its products
    """

    runs: Mapping[str, RunFolder]
    paid: Mapping[str, Floats]
    orders: Mapping[str, tuple[str, ...]]
    file: DependenceFile | None
    found: Diversification

    @property
    def seed(self) -> int:
        """The seed of the first run, which products are reordered by."""
        return next(iter(self.runs.values())).recorded.seed

    @property
    def currency(self) -> str:
        """The currency of all of them."""
        return next(iter(self.runs.values())).recorded.currency

    @property
    def total(self) -> Floats:
        """What all products paid in each year, added in their order."""
        whole = np.zeros(len(next(iter(self.paid.values()))))
        for values in self.paid.values():
            whole += values
        return whole


def read_run(folder: Path, *, net: bool) -> RunFolder:
    """Read a run. Raises BadInput for a folder that holds none, or another than it says."""
    recorded = read_manifest(folder / "manifest.json")
    at = At(str(folder / "manifest.json"))
    if recorded.kind != "annual":
        text = f"expected a run of years, got run-offs of {recorded.product}"
        raise BadInput.one(at, "kind", text)
    name = NET if net and NET in recorded.files else GROSS
    path = folder / name
    if name not in recorded.files or not path.is_file():
        raise BadInput.one(At(str(path)), "", "there is no such file")
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != recorded.files[name]:
        text = "expected the file that its manifest says, got another: it was changed after the run"
        raise BadInput.one(At(str(path)), "", text)
    try:
        paid = pq.read_table(BytesIO(content), columns=["paid"]).column("paid").to_numpy()
    except (pa.ArrowException, KeyError):
        raise BadInput.one(At(str(path)), "", "expected the years of a run") from None
    if len(paid) != recorded.years:
        text = f"expected {recorded.years:,} years as its manifest says, got {len(paid):,}"
        raise BadInput.one(At(str(path)), "", text)
    if recorded.sampling != PLAIN.KIND:
        text = "expected years that are independent, which errors of sums rest on"
        raise BadInput.one(at, "sampling", f"{text}; got {recorded.sampling}")
    return RunFolder(folder, recorded, paid, sha256)


def combine(runs: Sequence[RunFolder], file: DependenceFile | None) -> Combined:
    """Add products up. Raises BadInput for runs that do not belong together."""
    named = _named(runs)
    _alike(runs, file)
    seed = runs[0].recorded.seed
    paid = {name: one.paid for name, one in named.items()}
    moved: dict[str, tuple[str, ...]] = {}
    for one in () if file is None else file.says.reordered:
        if any("." in line for line in one.lines):
            continue  # covers, which their own run has reordered
        _known(one, named, moved)
        assert file is not None  # noqa: S101 - it holds the reordering
        key = file.says.key(one.reordering, seed)
        u = one.bound().sample(key, 0, len(runs[0].paid))
        columns = [named[line].paid for line in one.lines]
        for line, order in zip(one.lines, orders(columns, u), strict=True):
            paid[line] = named[line].paid[order]
        moved[one.reordering] = one.lines
    return Combined(named, paid, moved, file, diversification(paid))


def _named(runs: Sequence[RunFolder]) -> dict[str, RunFolder]:
    """Give runs by product; with overlays, by what was asked for."""
    found: dict[str, RunFolder] = {}
    for one in runs:
        name = one.recorded.product
        if name in found:
            text = f"expected each product once, got {name} from {found[name].folder} as well"
            raise BadInput.one(At(str(one.folder)), "", text)
        found[name] = one
    if len(found) < FEWEST:
        text = "expected two runs or more, of one product each, got one"
        raise BadInput.one(At(str(runs[0].folder)), "", text)
    return found


def _alike(runs: Sequence[RunFolder], file: DependenceFile | None) -> None:
    """Refuse runs of other years or horizons than the first one's, or without what they share.

    Factors that are shared are drawn by the seed, so that runs which share some must share it.
    """
    first = runs[0].recorded
    for whole in (one.recorded for one in runs):
        held = whole.products if isinstance(whole, RecordedBusiness) else ()
        for one in runs:
            if one.recorded.product in held and one.recorded.seed == whole.seed:
                text = f"{whole.product} holds the same years of {one.recorded.product} already"
                raise BadInput.one(At(str(one.folder)), "", text)
    shared = "" if file is None or not file.says.shared else file.digest
    keys = ("years", "horizon", "basis", "currency", *(("seed",) if shared else ()))
    for one in runs:
        at = At(str(one.folder / "manifest.json"))
        for key in keys:
            due, got = getattr(first, key), getattr(one.recorded, key)
            if due != got:
                text = f"expected {due}, as the run of {first.product} has it, got {got}"
                raise BadInput.one(at, key, text)
        if shared and one.recorded.dependence_hash != shared:
            text = "expected a run with this very dependence, whose factors its years share"
            raise BadInput.one(at, "dependence", text)


def _known(
    one: Reordering, named: Mapping[str, RunFolder], moved: Mapping[str, tuple[str, ...]]
) -> None:
    """Refuse a product without a run, and one that is reordered twice."""
    at = one.place("lines")
    for line in one.lines:
        if line not in named:
            text = f"no run of '{line}'{nearest(line, named)}; there are those of {both(named)}"
            raise BadInput.one(at, "lines", text)
        if any(line in lines for lines in moved.values()):
            raise BadInput.one(at, "lines", f"'{line}' is reordered by an earlier link already")


def joint_parquet(combined: Combined) -> bytes:
    """Give `year`, `paid: PRODUCT` for each, `paid`: the same bytes for the same runs."""
    years = len(combined.total)
    columns: dict[str, npt.NDArray[np.generic]] = {"year": np.arange(years, dtype=np.int64)}
    columns |= {f"paid: {name}": values for name, values in combined.paid.items()}
    columns["paid"] = combined.total
    rows = pa.table({name: pa.array(values) for name, values in columns.items()})
    out = BytesIO()
    pq.write_table(rows, out, compression="zstd", use_dictionary=False, version="2.6")
    return out.getvalue()
