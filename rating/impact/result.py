"""What a change does to a book, as plain values: amounts in money, shares as ratios.

These classes are `impact.json`, and `docs/impact.schema.json` is their schema.
"""

from dataclasses import dataclass

from pydantic import ConfigDict, TypeAdapter, with_config

STRICT = ConfigDict(extra="forbid")
FORMAT = "covercast impact 1"


@with_config(STRICT)
@dataclass(frozen=True)
class Product:
    """One side. digest: of all its values."""

    product: str
    version: str
    on: str
    digest: str


@with_config(STRICT)
@dataclass(frozen=True)
class Rows:
    """What became of the rows: rows = both + only_old + only_new + neither.

    A row counts for a side where it has a premium there, referred and declined ones among them.
    """

    rows: int
    both: int
    only_old: int
    only_new: int
    neither: int


@with_config(STRICT)
@dataclass(frozen=True)
class Premium:
    """What falls due in a year.

    old, new    of the rows that have a premium on both sides;  change: new - old
    lost        of rows that only the old side rates;  gained: that only the new one does
    ratio       change / old, null where that is 0
    mean_ratio  mean over the policies of the relative change of each, without those from 0
    """

    old: float
    new: float
    change: float
    ratio: float | None
    mean_ratio: float | None
    lost: float
    gained: float


@with_config(STRICT)
@dataclass(frozen=True)
class Band:
    """Policies by relative change: above `above` up to `upto` for a rise, the mirror for a fall.

    above, upto  both 0 for no change at all; null for no end, both null for a rise from 0
    old, new     premium
    """

    label: str
    above: float | None
    upto: float | None
    policies: int
    old: float
    new: float


@with_config(STRICT)
@dataclass(frozen=True)
class Level:
    """A level or band of a variable. up, down: how many policies pay more, and less."""

    level: str
    policies: int
    up: int
    down: int
    old: float
    new: float
    change: float
    ratio: float | None


@with_config(STRICT)
@dataclass(frozen=True)
class Segment:
    """A one-way table: every policy that both rate stands in one of its levels."""

    variable: str
    levels: tuple[Level, ...]


@with_config(STRICT)
@dataclass(frozen=True)
class Flip:
    """Rows whose outcome differs: accept, refer, decline, refused or rejected.

    old_reason, new_reason  the steps or the line that decided; of a rejected row its column
    old, new     premium on either side
    row          the first such row;  says, says_zh: what is wrong with it, where it is rejected
    """

    old_outcome: str
    new_outcome: str
    old_reason: str
    new_reason: str
    rows: int
    old: float
    new: float
    row: int
    says: str
    says_zh: str


@with_config(STRICT)
@dataclass(frozen=True)
class Step:
    """A change, applied after those before it.

    parts     what it changes; several where one cannot be applied alone, which `needs` says
    changes   the values that differ, `path: old → new`
    policies  whose premium it moves;  amount: by how much in sum
    flips     rows whose outcome it changes
    ratio     amount / premium before all changes
    waiting   rows without a premium after it: they keep the one before, until they have one again
    """

    parts: tuple[str, ...]
    needs: str
    changes: tuple[str, ...]
    policies: int
    flips: int
    amount: float
    ratio: float | None
    waiting: int


@with_config(STRICT)
@dataclass(frozen=True)
class Capping:
    """Renewals held within a rise of `cap` and a fall of `floor`, to the unit below.

    renewals     rows that both rate and neither declines;  old, new: their premium
    capped       how many may not rise so far;  given_up: by how much less they pay
    floored      how many may not fall so far;  kept: by how much more they pay
    charged      what is charged;  = new - given_up + kept
    off_balance  what all new premiums are multiplied by before capping, so that capped they bring
                 in what the uncapped would: 1, or the least such factor in steps of a millionth;
                 null where none up to 5 does
    balanced     what that brings in, or the most that the caps allow
    """

    cap: float | None
    floor: float | None
    renewals: int
    old: float
    new: float
    capped: int
    given_up: float
    floored: int
    kept: float
    charged: float
    off_balance: float | None
    balanced: float


@with_config(STRICT)
@dataclass(frozen=True)
class Pair:
    """A step of both worksheets: values as written, nothing where a side has no such step.

    old_from, new_from  formula and sources;  parts: whether the values differ
    """

    step: str
    item: str
    old: str
    new: str
    old_from: str
    new_from: str
    parts: bool


@with_config(STRICT)
@dataclass(frozen=True)
class Case:
    """A policy with both its worksheets; the last values are its premiums.

    old, new      what falls due;  ratio: of what falls due in a year, null for a rise from 0
    kept          columns that were kept, and id and policy where the book has them
    parted        the first step whose values differ
    """

    row: int
    kept: dict[str, str]
    given: dict[str, str]
    old: float
    new: float
    change: float
    ratio: float | None
    old_outcome: str
    new_outcome: str
    parted: str
    worksheet: tuple[Pair, ...]


@with_config(STRICT)
@dataclass(frozen=True)
class Impact:
    """All of it.

    unit     to which sums are exact;  rounded: whether both tariffs round to it
    idle     parts that differ and change nothing of the tariff
    outside  how many values differ that are no part of a tariff
    built_from  values that differ and reach a premium by rate tables alone, where such moved
    """

    format: str
    old: Product
    new: Product
    book: str
    book_sha256: str
    currency: str
    unit: str
    rounded: bool
    rows: Rows
    premium: Premium
    bands: tuple[Band, ...]
    steps: tuple[Step, ...]
    idle: tuple[str, ...]
    outside: int
    built_from: tuple[str, ...]
    segments: tuple[Segment, ...]
    flips: tuple[Flip, ...]
    capping: Capping | None
    rises: tuple[Case, ...]
    falls: tuple[Case, ...]

    @property
    def still(self) -> bool:
        """Whether every row is rated by both, with the same premium and outcome."""
        moved = sum(band.policies for band in self.bands if (band.above, band.upto) != (0.0, 0.0))
        return self.rows.both == self.rows.rows and not moved and not self.flips


ADAPTER: TypeAdapter[Impact] = TypeAdapter(Impact)
