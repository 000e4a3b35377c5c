"""What a run was made of: enough to make it again and get the same bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sandbox.sampling import PLAIN


@dataclass(frozen=True)
class Manifest:
    """The inputs of one run that its figures depend on, and nothing else.

    Threads, block sizes, workers, paths and the time of day change no figure, so they have no
    place here: two runs of the same inputs leave the same manifest, but for the versions that it is
    written with.

    product, product_hash: name and canonical hash of the assembled product.
    on:        the day, as text, for which dated parameters were taken.
    portfolio: where the policies came from, by name and hash, or that they were generated.
    years, seed: number of simulated rows and the seed of every stream.
    basis, scenario: the named assumptions; `scenario` is "" for none.
    scenario_hash: of what the scenario says; "" for none.
    version:   version of Covercast.
    programme: names of the reinsurance contracts in inuring order; empty for none.
    kind:      "annual" or "cohort", as in `LossTable`.
    dependence, dependence_hash: what ties lines together, its name and the hash of what it says.
    currency:  of every amount.
    sampling:  how the numbers of years were drawn; the file says it where it is not "plain".
    by:        the classifications that the rows keep; horizon: years that are one row, None for 1.
    measures, allocate, sizes: what was asked beyond what every run tells, word by word.
    """

    product: str
    product_hash: str
    portfolio: str
    years: int
    seed: int
    basis: str
    version: str
    on: str = ""
    scenario: str = ""
    scenario_hash: str = ""
    programme: tuple[str, ...] = ()
    kind: Literal["annual", "cohort"] = "annual"
    by: tuple[tuple[str, ...], ...] = ()
    horizon: int | None = None
    dependence: str = ""
    dependence_hash: str = ""
    currency: str = ""
    sampling: str = PLAIN.KIND
    measures: tuple[str, ...] = ()
    allocate: tuple[str, ...] = ()
    sizes: str = ""


@dataclass(frozen=True)
class StudyManifest(Manifest):
    """The inputs of a study, which makes runs of its own.

    study    its kind;  years: of each of its runs
    asked    option → what was asked under it, word by word
    options  option → its value as it was given
    """

    study: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
