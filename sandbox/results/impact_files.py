"""The results of a change of tariff as a folder."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path

from product_factory.csv_text import lines_of
from product_factory.json_text import json_text
from product_factory.released import released
from rating.book.rejects import RejectsFile, harmless_row
from rating.impact.capping import Caps
from rating.impact.impact import Asked, nowhere
from rating.impact.result import Impact
from rating.impact.unrated import HEADER, Line
from rating.impact.worst import By
from sandbox.files import ready, sha256, write_whole
from sandbox.results.impact_page import impact_page
from sandbox.results.plots.canvas import Language

MANIFEST = "manifest.json"
UNRATED = "unrated.csv"
LEVELS = ("policies", "up", "down", "old", "new", "change", "ratio")
CASES = ("row", "old", "new", "change", "ratio", "old_outcome", "new_outcome", "parted")


@dataclass(frozen=True)
class Made:
    """What the figures were made with, beside products and book.

    Threads, blocks and places change no figure, so they have no place here.
    """

    order: tuple[str, ...]
    keep: tuple[str, ...]
    cap: str | None
    floor: str | None
    worst: int
    worst_by: By
    language: Language

    def asked(
        self,
        threads: int,
        progress: Callable[[int], None],
        unrated: Callable[[list[Line]], None] | None = None,
    ) -> Asked:
        """Give it as the rating asks for it. Raises BadValue for a cap that is none.

        progress, unrated  are told how many rows were read, and those without a premium
        """
        capped = self.cap is not None or self.floor is not None
        caps = Caps.read(self.cap, self.floor) if capped else None
        return Asked(
            order=self.order,
            keep=self.keep,
            caps=caps,
            worst=self.worst,
            worst_by=self.worst_by,
            language=self.language,
            threads=threads,
            progress=progress,
            unrated=unrated or nowhere,
        )


def unrated_file(folder: Path) -> RejectsFile:
    """Open the file of the rows without a premium on a side; it is written as the book is read."""
    return RejectsFile(ready(folder) / UNRATED, HEADER)


def write_impact(folder: Path, found: Impact, made: Made) -> tuple[Path, ...]:
    """Write impact.json, segments.csv, worst.csv, report.html and manifest.json beside the rows.

    Every file is written whole and the manifest, which holds the hash of each data file, comes
    last: a folder with a fitting manifest is complete. Data files depend on the inputs alone, to
    the byte; the report also on the fonts and the matplotlib of the machine.
    """
    data = {
        "impact.json": f"{json_text(asdict(found))}\n".encode(),
        "segments.csv": lines_of(map(harmless_row, _segments(found))),
        "worst.csv": lines_of(map(harmless_row, _worst(found))),
    }
    with (folder / UNRATED).open("rb") as file:
        rows = file_digest(file, "sha256").hexdigest()
    manifest = {
        "format": found.format,
        "version": released(),
        "old": asdict(found.old),
        "new": asdict(found.new),
        "book": f"{found.book}, sha256 {found.book_sha256}",
        **asdict(made),
        "files": {**{name: sha256(content) for name, content in data.items()}, UNRATED: rows},
    }
    files = {
        **data,
        "report.html": impact_page(found, made.language).encode(),
        MANIFEST: f"{json_text(manifest)}\n".encode(),
    }
    for name, content in files.items():
        write_whole(ready(folder) / name, content)
    return tuple(folder / name for name in (UNRATED, *files))


def _segments(found: Impact) -> Iterator[tuple[object, ...]]:
    yield ("variable", "level", *LEVELS)
    for segment in found.segments:
        for level in segment.levels:
            yield (segment.variable, level.level, *(getattr(level, name) for name in LEVELS))


def _worst(found: Impact) -> Iterator[tuple[object, ...]]:
    """Give the worst each way, one a row, with what was kept and what was given of each."""
    ways = (("up", found.rises), ("down", found.falls))
    cases = [(way, case) for way, group in ways for case in group]
    kept = list(dict.fromkeys(name for _, case in cases for name in case.kept))
    given = list(dict.fromkeys(name for _, case in cases for name in case.given))
    yield ("way", *CASES, *kept, *given)
    for way, case in cases:
        yield (
            way,
            *(getattr(case, name) for name in CASES),
            *(case.kept.get(name, "") for name in kept),
            *(case.given.get(name, "") for name in given),
        )
