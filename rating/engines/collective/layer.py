"""What a chain of lines keeps of one mark: layers of it, one above the other, and where they begin.

A line that takes from the middle, a corridor, leaves a layer below it and one above. All have one
scale, so that what is kept is ever a sum of layers of one severity.
"""

import math
from dataclasses import dataclass, replace

from rating.severities import Size

Piece = tuple[float, float]
"""A layer beyond the first: its start and its height, in currency."""


@dataclass(frozen=True)
class Layer:
    """What is kept of a mark x: min(max(scale x - start, 0), height), nothing for x below `least`.

    scale    currency for each unit of the mark;  start, height: in currency
    further  layers that begin higher, each where the one before ends or above, added to the first
    """

    scale: float
    start: float = 0.0
    height: float = math.inf
    least: float = 0.0
    further: tuple[Piece, ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All layers, from the lowest on."""
        return ((self.start, self.height), *self.further)

    @property
    def most(self) -> float:
        """The most that is kept."""
        return self.height + sum(height for _, height in self.further)

    def kept(self, x: float) -> float:
        """Give what is kept of x."""
        if x < self.least:
            return 0.0
        comes = self.scale * x
        return sum(min(max(comes - start, 0.0), height) for start, height in self.pieces)

    def share(self, value: float) -> "Layer":
        """Keep a share."""
        pieces = tuple((start * value, height * value) for start, height in self.pieces)
        return self._of(pieces, self.scale * value)

    def average(self, value: float) -> "Layer":
        """Keep the share of an under-insured loss."""
        return self.share(value) if value < 1.0 else self

    def deductible(self, value: float) -> "Layer":
        """Keep what goes beyond."""
        return self._of(_beyond(self.pieces, max(value, 0.0)))

    def limit(self, value: float) -> "Layer":
        """Keep no more than the value."""
        return self._of(_within(self.pieces, value))

    def corridor(self, value: float, above: float) -> "Layer":
        """Keep what comes below `above`, and what goes beyond a further value."""
        low, high = borne(value, above)
        below = _within(self.pieces, low)
        beyond = _beyond(self.pieces, high)
        kept = [piece for piece in (*below, *beyond) if piece[1] > 0.0]
        return self._of(tuple(kept or below[:1]))

    def franchise(self, value: float) -> "Layer":
        """Keep all of what reaches the value, nothing of what does not."""
        if value > self.most:
            return replace(self, height=0.0, further=())
        if value <= 0.0 or self.scale <= 0.0:
            return self
        left = value
        for start, height in self.pieces:
            if left <= height:
                return replace(self, least=max(self.least, (start + left) / self.scale))
            left -= height
        return replace(self, least=max(self.least, (start + height) / self.scale))

    def of_larger(self, factor: float) -> "Layer":
        """Give what is kept of a mark that is so many times x; factor: 0 or more."""
        if factor <= 0.0:
            return replace(self, scale=0.0, least=0.0)
        return replace(self, scale=self.scale * factor, least=self.least / factor)

    def expected(self, severity: Size) -> float:
        """Give the mean of what is kept."""
        return sum(self._mean(severity, start, height) for start, height in self.pieces)

    def _mean(self, severity: Size, start: float, height: float) -> float:
        """Give the mean of what one layer keeps."""
        if self.scale <= 0.0 or height <= 0.0:
            return 0.0
        low, high = start / self.scale, height / self.scale
        if not math.isfinite(max(low, self.least)):
            return 0.0  # what begins beyond every number is never reached
        if self.least <= low:
            return self.scale * severity.expected_layer(low, high)
        at_once = min(max(self.scale * self.least - start, 0.0), height)
        at_least = at_once * _reaches(severity, self.least)
        rest = max(0.0, low + high - self.least)
        return at_least + self.scale * severity.expected_layer(self.least, rest)

    def _of(self, pieces: tuple[Piece, ...], scale: float | None = None) -> "Layer":
        (start, height), *further = pieces
        scale = self.scale if scale is None else scale
        return Layer(scale, start, height, self.least, tuple(further))


def borne(value: float, above: float) -> tuple[float, float]:
    """Give what a corridor takes, from where to where; nothing where its value is below 0."""
    low = max(above, 0.0)
    return low, max(low, above + value)


def _beyond(pieces: tuple[Piece, ...], value: float) -> tuple[Piece, ...]:
    """Take a value from below."""
    left = value
    for place, (start, height) in enumerate(pieces):
        if left < height or place == len(pieces) - 1:
            return ((start + left, max(0.0, height - left)), *pieces[place + 1 :])
        left -= height
    return pieces


def _within(pieces: tuple[Piece, ...], value: float) -> tuple[Piece, ...]:
    """Keep a value from below."""
    found: list[Piece] = []
    left = value
    for start, height in pieces:
        found.append((start, min(height, left)))
        left -= height
        if left <= 0.0:
            break
    return tuple(found)


def _reaches(severity: Size, x: float) -> float:
    """P(X >= x): only a total loss of 1 is a single point."""
    before = math.nextafter(x, 0.0) if x == 1.0 else x
    return severity.survival(before)
