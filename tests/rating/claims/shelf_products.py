"""The shelf's products and claims on them, for the tests of claims."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter

from product_factory.assemble import assemble
from product_factory.assembled import AssembledProduct
from product_factory.examples import ClaimEvent
from product_factory.language import Language
from product_factory.shelf import installed, open_shelf
from rating.models import MODELS
from rating.payout import PayoutPlan, bind
from rating.steps import STEPS

ANY: TypeAdapter[Any] = TypeAdapter(Any)
# the files that claims never read are taken as they are
UNREAD = ("gates", "portfolio", "reinsurance", "scenarios", "waivers")
LANGUAGE = Language({"rating": STEPS, **dict.fromkeys(UNREAD, ANY)}, MODELS)
START = date(2026, 3, 1)
PERILS = ("fire.occurrence", "water_damage.occurrence", "theft.occurrence", "typhoon.storm")


@cache
def product(name: str) -> AssembledProduct:
    return assemble(open_shelf(installed()), name, LANGUAGE)


@cache
def plan(name: str) -> PayoutPlan:
    return bind(product(name))


@cache
def home_of_years(years: int) -> PayoutPlan:
    """Home insurance with a longer term: its balances are renewed at each anniversary."""
    one = product("home")
    frame = one.product.contract.model_copy(update={"term": str(years)})
    return bind(replace(one, product=one.product.model_copy(update={"contract": frame})))


def event(day: date | str, name: str, marks: Mapping[str, Any] | None = None) -> ClaimEvent:
    when = date.fromisoformat(day) if isinstance(day, str) else day
    return ClaimEvent.model_construct(date=when, event=name, marks=dict(marks or {}))


def home_policy(**changes: Any) -> dict[str, Any]:
    return {
        "start": START,
        "city": "xiamen",
        "construction": "brick_concrete",
        "deductible": 500,
        "items": {
            "building": {"value": 1_000_000, "sum_insured": 500_000},
            "contents": {"value": 300_000, "sum_insured": 50_000},
        },
    } | changes


def life_policy(**changes: Any) -> dict[str, Any]:
    given = {"age": 30, "sex": "M", "term": 20, "pay": 20, "sum_insured": 1_000_000}
    return {"start": START, **given, "premium": "2456.00"} | changes


@st.composite
def home_policies(draw: st.DrawFn) -> dict[str, Any]:
    """A policy on a building, mostly with contents; sums insured up to the values."""
    items = {}
    for item, most in (("building", 300), ("contents", 40)):
        if item == "building" or draw(st.integers(0, 4)):
            value = draw(st.integers(10 if item == "building" else 1, most)) * 10_000
            least = 10 if item == "building" else 1
            insured = draw(st.integers(least, value // 10_000)) * 10_000
            items[item] = {"value": value, "sum_insured": insured}
    return home_policy(deductible=draw(st.sampled_from([500, 1000])), items=items)


@st.composite
def home_events(
    draw: st.DrawFn, first: date = START, last: date = date(2027, 2, 28), most: int = 6
) -> list[ClaimEvent]:
    """Events of all perils, few enough dates that some share one; losses stated or by damage."""
    days = draw(st.lists(st.dates(first, last), min_size=1, max_size=4))
    found = []
    for _ in range(draw(st.integers(1, most))):
        items = draw(st.sampled_from([("building",), ("contents",), ("building", "contents")]))
        marks: dict[str, Any] = {
            "cause": draw(st.sampled_from(["accidental", "accidental", "wilful", "wear"]))
        }
        if draw(st.booleans()):
            marks["loss"] = {item: draw(st.integers(0, 400_000)) for item in items}
        else:
            marks["damage"] = {item: f"{draw(st.integers(0, 100))}%" for item in items}
        found.append(event(draw(st.sampled_from(days)), draw(st.sampled_from(PERILS)), marks))
    return found


def loss_of(happened: ClaimEvent, policy: Mapping[str, Any], item: str) -> float:
    """The loss of an item as the event states it, by amount or by share of the value."""
    if "loss" in happened.marks:
        return float(happened.marks["loss"].get(item, 0))
    share = happened.marks["damage"].get(item, "0%")
    return float(share[:-1]) / 100 * policy["items"][item]["value"]
