"""Numbers that look random and follow from a seed and a name: the same on every machine."""

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
PER_DIGEST = 8


def draws(seed: int, name: str, count: int) -> Floats:
    """Give so many numbers of [0, 1), of 53 bits each."""
    blocks = -(-count // PER_DIGEST)
    text = b"".join(blake2b(f"{seed} {name} {n}".encode()).digest() for n in range(blocks))
    words = np.frombuffer(text, dtype="<u8")[:count]
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53


class Draws:
    """One number after another under a name."""

    def __init__(self, seed: int, name: str) -> None:
        self.seed, self.name = seed, name
        self._left: list[float] = []
        self._block = 0

    def one(self) -> float:
        """Give the next number of [0, 1)."""
        if not self._left:
            name = f"{self.name} {self._block}"
            self._left = draws(self.seed, name, 64).tolist()[::-1]
            self._block += 1
        return self._left.pop()

    def below(self, count: int) -> int:
        """Give one of 0 … count - 1."""
        return int(self.one() * count)
