"""Values of a contract (`values:` of a product or of a module that it uses): what may be declared.

A kind names what is computed; `rating` holds one file a kind, in `rating/reserves/`,
`rating/values/` and `rating/unearned/`, and a test demands each. A module declares the values that
its terms decide, such as a free look of so many days; a product those that its bases decide.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from product_factory.errors import BadValue, both
from product_factory.expressions.tree import Expression
from product_factory.strict import Dotted, Strict, Value, Word, word_of
from product_factory.types import Type

Family = Literal["reserve", "value", "unearned"]
KEYS = {
    "share": Type("ratio"),
    "cost": Type("money"),
    "days": Type("days"),
    "fee": Type("money"),
    "from_year": Type("years"),
    "yearly_cap": Type("ratio"),
    "least_left": Type("money"),
    "since": Type("years"),
}
"""What a value may state beside its kind and basis, with the types."""


@dataclass(frozen=True)
class ValueKind:
    """A kind of value.

    family  reserve: of a contract of many years, at the end of each policy year, on a basis; value:
            what its cash value or premium is worth to the policyholder; unearned: the share of a
            premium that is for the time to come
    needs   the keys that it must state;  may: those that it may
    """

    family: Family
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


RESERVE = ValueKind("reserve", ("basis",), ("share",))
UNEARNED = ValueKind("unearned", (), ("share",))
VALUE_KINDS = {
    "modified_reserve": RESERVE,
    "net_level": RESERVE,
    "gross_premium": RESERVE,
    "full_preliminary_term": RESERVE,
    "zillmer": ValueKind("reserve", ("basis", "cost"), ("share",)),
    "retrospective": RESERVE,
    "statutory": RESERVE,
    "paid_up": ValueKind("value", ("basis",), ("share",)),
    "extended_term": ValueKind("value", ("basis",), ("share",)),
    "partial_surrender": ValueKind("value", ("from_year", "yearly_cap", "least_left")),
    "policy_loan": ValueKind("value", ("share",)),
    "in_state": ValueKind("value", ("basis", "while", "since")),
    "free_look": ValueKind("value", ("days",), ("fee",)),
    "unearned_days": UNEARNED,
    "unearned_months": UNEARNED,
    "unearned_half_months": UNEARNED,
}


class ValueOf(Strict):
    """A value of the contract, such as the cash value: how it is computed and on which basis.

    basis  a basis of the product;  share: of it that is paid, 100% where nothing is said
    cost   what Zillmer's method spreads over the premiums;  days, fee: of a free look
    from_year, yearly_cap, least_left  when and how far the sum insured may be reduced
    during, since  a state that one may enter, and how long one has been in it
    """

    kind: Annotated[str, word_of(VALUE_KINDS)]
    basis: Word | None = None
    share: Value | None = None
    cost: Value | None = None
    days: Value | None = None
    fee: Value | None = None
    from_year: Value | None = None
    yearly_cap: Value | None = None
    least_left: Value | None = None
    during: Dotted | None = Field(None, alias="while")
    since: Value | None = None

    @model_validator(mode="after")
    def _keys_of_the_kind(self) -> "ValueOf":
        kind = VALUE_KINDS[self.kind]
        given = [key for key in ("basis", *KEYS) if getattr(self, key) is not None]
        given += ["while"] * (self.during is not None)
        missing = [key for key in kind.needs if key not in given]
        if missing:
            message = f"expected the key{'s' * (len(missing) > 1)} {both(missing)}"
            raise BadValue(f"{message}, as kind {self.kind} says")
        odd = [key for key in given if key not in (*kind.needs, *kind.may)]
        if odd:
            message = f"a value of kind {self.kind} has no {both(odd)}"
            raise BadValue(message)
        return self

    @property
    def family(self) -> Family:
        """The family of its kind."""
        return VALUE_KINDS[self.kind].family

    @property
    def stated(self) -> Iterator[tuple[str, Expression, Type]]:
        """Give what it states beside kind and basis: key, value, type."""
        for key, wanted in KEYS.items():
            value = getattr(self, key)
            if value is not None:
                yield key, value, wanted
