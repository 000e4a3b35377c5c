"""Everything that can go wrong for a reason that a user can mend.

    CovercastError                 exit 2 unless a verb says otherwise
    ├── BadInput                   one or more located problems in files or books
    ├── BadValue                   a value outside of its domain, place not known here
    ├── Refused                    a risk outside of what the product accepts
    └── Stale                      a built table that no longer fits its inputs

`cli.main` is the one place that turns these into lines and an exit code.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from product_factory.visible import shown

FEW = 12
"""How many words a line holds."""
LONGEST = 1000
"""How many characters of a problem are told; what is longer is a slip, or meant to flood."""


@dataclass(frozen=True, order=True)
class At:
    """A place in a file: 1-based line and column; line 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Give file:line:column, as editors and compilers write it."""
        file = shown(self.file)
        return f"{file}:{self.line}:{self.column}" if self.line else file


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, where: `at: path: text`, the path being that of the key inside the file."""

    at: At
    path: str
    text: str

    def __post_init__(self) -> None:
        """Cut what is too long to be read, and show what a terminal would obey."""
        text = shown(self.text)
        if len(text) > LONGEST:
            text = f"{text[:LONGEST]}… ({len(text)} characters)"
        object.__setattr__(self, "text", text)

    def __str__(self) -> str:
        """Give the whole line that a user reads."""
        return ": ".join(part for part in (str(self.at), self.path, self.text) if part)


class CovercastError(Exception):
    """The root; never raised itself."""


class BadInput(CovercastError):
    """Located problems, in order of place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems sorted by place, each once."""
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    @classmethod
    def one(cls, at: At, path: str, text: str) -> "BadInput":
        """Make the error that holds a single problem."""
        return cls([Problem(at, path, text)])


class BadValue(CovercastError, ValueError):
    """A value outside of its domain, raised where its place is not known; callers add the place."""


class Refused(CovercastError):
    """A risk that `accepts` keeps outside: nothing is built, quoted, simulated or worded for it."""

    def __init__(self, name: str, says: str) -> None:
        """Keep the name of the line of `accepts` and what it says to the customer."""
        self.name = name
        self.says = says
        super().__init__(f"refused by '{name}': {says}")


class Stale(CovercastError):
    """A built table whose recorded inputs are no longer those of the product."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Give "; did you mean 'x'?" for the nearest known word, or nothing when none is near."""
    close = difflib.get_close_matches(word, sorted(set(known)), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""


def one_of(words: Iterable[str]) -> str:
    """List words as `either` does, or count them where a line would not hold them."""
    listed = tuple(words)
    return either(listed) if len(listed) <= FEW else f"one of {len(listed)} choices"


def both(words: Iterable[str]) -> str:
    """List words for a message: "'a', 'b' and 'c'"."""
    listed = [f"'{word}'" for word in words]
    if len(listed) < 2:  # noqa: PLR2004 - two words are the first that need an "and"
        return "".join(listed)
    return ", ".join(listed[:-1]) + " and " + listed[-1]


def either(words: Iterable[str]) -> str:
    """List words for a message: "a, b or c"."""
    listed = [str(word) for word in words]
    if len(listed) < 2:  # noqa: PLR2004 - two words are the first that need an "or"
        return "".join(listed)
    return ", ".join(listed[:-1]) + " or " + listed[-1]
