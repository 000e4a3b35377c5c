"""Classifications of a business: of one product, or of all that know them."""

from collections.abc import Sequence

from product_factory.errors import At, BadInput, nearest
from sandbox.business.file import EVERY
from sandbox.business.members import Member
from sandbox.by_policy_year import POLICY_YEAR


def kept_of(
    by: Sequence[tuple[str, ...]], members: Sequence[Member]
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Give product → the classifications that its own run keeps.

    `city` is of all products that know it, `home.city` of one; `product` stands by itself.

    Raises BadInput for one that no product knows.
    """
    found: dict[str, list[tuple[str, ...]]] = {one.name: [] for one in members}
    for names in by:
        if names == (EVERY,):
            continue
        name, dot, rest = names[0].partition(".")
        if dot and name not in found:
            text = f"unknown product '{name}' of the classification '{names[0]}'"
            raise BadInput.one(At("--by"), "", f"{text}{nearest(name, found)}")
        own = (rest, *names[1:]) if dot else names
        wanted = [one for one in members if one.name == name or not dot]
        knowing = [one for one in wanted if set(own) <= set(one.portfolio.classes)]
        if not knowing:
            every = [each for one in wanted for each in one.portfolio.classes]
            lost = next((each for each in own if each not in every), own[0])
            text = f"no product is classified by '{', '.join(own)}'{nearest(lost, every)}"
            if POLICY_YEAR[0] in own:
                text = "policy years are told of one product; simulate that by itself"
            raise BadInput.one(At("--by"), "", text)
        for one in knowing:
            found[one.name].append(own)
    return {name: tuple(dict.fromkeys(own)) for name, own in found.items()}
