"""One stable 64-bit hash of text, for names and cell contents."""

from hashlib import blake2b


def hash64(text: str) -> int:
    """Return the first 64 bits of BLAKE2b (RFC 7693) of the UTF-8 text, most significant first.

    The number is the same in every process and on every machine, unlike ``hash``.
    """
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
