"""The text hash is the one of RFC 7693 and depends on nothing but the text."""

from hashlib import blake2b

from product_factory.numbers.hashing import hash64


def test_the_hash_of_a_known_text_never_changes():
    assert hash64("") == 0xE4A6A0577479B2B4
    assert hash64("车险") == int(blake2b("车险".encode(), digest_size=8).hexdigest(), 16)


def test_hashes_are_64_bit_numbers_that_tell_near_texts_apart():
    hashes = {hash64(f"cell {i}") for i in range(10_000)}
    assert len(hashes) == 10_000
    assert all(0 <= h < 2**64 for h in hashes)
    assert max(hashes) > 2**63
