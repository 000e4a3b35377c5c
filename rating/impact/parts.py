"""An assembled product in the parts that a tariff reads, and one mixed of the parts of two."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from product_factory.assembled import AssembledBasis, AssembledProduct, AssembledVariable, Cover
from product_factory.effective.entry import ORDER

T = TypeVar("T")
GROUPS = ("covers", "exclusions", "provisions", "riders")
BY_NAME = ("tables", "built", "parameters", "processes")
RATES = ("interest", "loading")
"""What a tariff may read of a basis; the rest of it reaches a premium by a built table."""


def parts(product: AssembledProduct) -> list[str]:
    """Name the parts as paths of `effective` begin."""
    made = product.product
    found = [f"rating.{step.name}" for step in product.files["rating"]]
    found += [f"accepts.{line.name}" for line in made.accepts]
    for family in BY_NAME:
        found += [f"{family}.{name}" for name in getattr(product, family)]
    found += [f"parameters.{name}" for name in product.absent]
    found += [f"bases.{name}.{key}" for name in product.bases for key in RATES]
    for group in GROUPS:
        for alias, cover in getattr(product, group).items():
            found.append(f"{group}.{alias}")
            found += [f"{group}.{alias}.terms.{term}" for term in cover.terms]
    found += [_declared(variable) for variable in product.variables.values()]
    for item, group_of in product.items.items():
        found.append(f"items.{item}")
        found += [f"items.{item}.{_declared(variable)}" for variable in group_of.values()]
    found += [f"values.{name}" for name in made.values]
    return [*found, f"rating{ORDER}", f"accepts{ORDER}", "contract"]


def _declared(variable: AssembledVariable) -> str:
    return f"{'offers' if variable.chosen else 'insured'}.{variable.name}"


def part_of(path: str, old: Collection[str], new: Collection[str]) -> str | None:
    """Give the part that a value belongs to, the whole cover or item where one side has none."""
    known = [part for part in (*old, *new) if _within(path, part)]
    for part in sorted(known, key=len, reverse=True):
        head = ".".join(part.split(".")[:2])
        whole = part.split(".")[0] in (*GROUPS, "items")
        if whole and (head in old) != (head in new):
            return head
        return part
    return None


def _within(path: str, part: str) -> bool:
    return path == part or (path.startswith(part) and path[len(part)] in ".[")


def mixed(old: AssembledProduct, new: AssembledProduct, taken: Collection[str]) -> AssembledProduct:
    """Give the old product with some of its parts as the new one has them."""
    return _Mixture(old, new, taken).product()


class _Mixture:
    def __init__(
        self, old: AssembledProduct, new: AssembledProduct, taken: Collection[str]
    ) -> None:
        self.old = old
        self.new = new
        self.taken = frozenset(taken)

    def product(self) -> AssembledProduct:
        old, new = self.old, self.new
        groups: dict[str, Any] = {
            family: self.mapping(family, getattr(old, family), getattr(new, family))
            for family in BY_NAME
        }
        groups |= {
            group: self.covers(group, getattr(old, group), getattr(new, group)) for group in GROUPS
        }
        wholes = self.mapping("items", old.product.items, new.product.items)
        made = old.product.model_copy(
            update={
                "accepts": self.listed("accepts", old.product.accepts, new.product.accepts),
                "items": wholes,
                "values": self.mapping("values", old.product.values, new.product.values),
                "contract": (new if "contract" in self.taken else old).product.contract,
            }
        )
        rating = self.listed("rating", old.files["rating"], new.files["rating"])
        return replace(
            old,
            product=made,
            files={**old.files, "rating": rating},
            absent=self.mapping("parameters", old.absent, new.absent),
            bases=self.bases(),
            variables=self.variables("", old.variables, new.variables),
            items={item: self.item(item) for item in wholes},
            **groups,
        )

    def mapping(self, path: str, old: Mapping[str, T], new: Mapping[str, T]) -> dict[str, T]:
        """Give what each name stands for, from the side that it is taken from."""
        sides = {name: new if f"{path}.{name}" in self.taken else old for name in {*old, *new}}
        return {name: sides[name][name] for name in _merged(old, new) if name in sides[name]}

    def listed(self, path: str, old: Sequence[Any], new: Sequence[Any]) -> tuple[Any, ...]:
        """Give named entries in order: that of the old side, or of the new where it is taken."""
        before, after = ({one.name: one for one in side} for side in (old, new))
        found = self.mapping(path, before, after)
        first, second = (after, before) if f"{path}{ORDER}" in self.taken else (before, after)
        return tuple(found[name] for name in _merged(second, first) if name in found)

    def covers(
        self, group: str, old: Mapping[str, Cover], new: Mapping[str, Cover]
    ) -> dict[str, Cover]:
        found = self.mapping(group, old, new)
        for alias in old.keys() & new.keys():
            terms = self.mapping(f"{group}.{alias}.terms", old[alias].terms, new[alias].terms)
            found[alias] = replace(found[alias], terms=terms)
        return found

    def bases(self) -> dict[str, AssembledBasis]:
        old, new = self.old.bases, self.new.bases
        found = {**new, **old}  # a basis that nobody had before is read by nobody before
        for name in old.keys() & new.keys():
            rates = {
                key: getattr((new if f"bases.{name}.{key}" in self.taken else old)[name], key)
                for key in RATES
            }
            found[name] = replace(old[name], **rates)
        return found

    def variables(
        self,
        path: str,
        old: Mapping[str, AssembledVariable],
        new: Mapping[str, AssembledVariable],
    ) -> dict[str, AssembledVariable]:
        """Give variables by name; one may be a fact on one side and a choice on the other."""
        before, after = (
            {f"{path}{_declared(variable)}": variable for variable in side.values()}
            for side in (old, new)
        )
        kept = {n: v for n, v in before.items() if n not in self.taken}
        kept |= {n: v for n, v in after.items() if n in self.taken}
        return {kept[name].name: kept[name] for name in _merged(before, after) if name in kept}

    def item(self, item: str) -> Mapping[str, AssembledVariable]:
        old, new = self.old.items, self.new.items
        if item not in old or item not in new:
            return (old if item in old else new)[item]
        return self.variables(f"items.{item}.", old[item], new[item])


def _merged(old: Iterable[str], new: Iterable[str]) -> list[str]:
    """Order names as the new side has them, those of the old alone behind what they followed."""
    order, known = list(new), set(new)
    before = ""
    for name in old:
        if name not in known:
            order.insert(order.index(before) + 1 if before else 0, name)
            known.add(name)
        before = name
    return order
