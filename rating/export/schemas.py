"""JSON Schemas of the files of an export, one a file (draft 2020-12)."""

from typing import Any, get_args

from product_factory.contract import OPERATIONS
from product_factory.contract import PERIODS as BALANCE_PERIODS
from product_factory.due import PERIODS
from product_factory.expressions.operations import ROUNDING, TOTALS
from product_factory.promise import TIMES
from product_factory.table_axis import KEYS
from rating.claims.settlement import After, Outcome, Status
from rating.export.expressions import SIGNS, Json
from rating.export.terms import PARTS
from rating.quote import Outcome as Decided
from rating.steps import BINDERS
from rating.steps.step import LEVELS

TEXT: Json = {"type": "string"}
NAME: Json = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_.]*$"}
DECIMAL: Json = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
DAY: Json = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
SHA256: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
NUMBER: Json = {"type": "number"}
WHOLE: Json = {"type": "integer"}
TRUTH: Json = {"type": "boolean"}
EXPRESSION: Json = {"$ref": "#/$defs/expression"}
FORMAT = "covercast-export"


def keys(**properties: Json) -> Json:
    """Give an object that has exactly these keys."""
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def some(optional: Json, /, **properties: Json) -> Json:
    """Give an object that has these keys, and may have further ones."""
    found = keys(**properties)
    return found | {"properties": {**properties, **optional}}


def listed(of: Json) -> Json:
    """Give a list."""
    return {"type": "array", "items": of}


def named(of: Json) -> Json:
    """Give an object of any keys."""
    return {"type": "object", "additionalProperties": of}


def maybe(of: Json) -> Json:
    """Give a value that may be null."""
    return {"anyOf": [of, {"type": "null"}]}


def words(*known: str) -> Json:
    """Give one of some words."""
    return {"enum": list(known)}


def _operation(name: Json, **more: Json) -> Json:
    return keys(op=name, args=listed(EXPRESSION), **more)


def _tree() -> Json:
    key = some({"places": named(NUMBER)}, **{"is": EXPRESSION})
    of = words("policy", "item", "event", "event_item", "contract", "line")
    return {
        "anyOf": [
            some({"means": TEXT}, number=maybe(NUMBER)),
            keys(read=TEXT, of=of),
            keys(step=TEXT),
            _operation(words(*SIGNS.values())),
            _operation({"const": "total"}, by=words(*TOTALS)),
            _operation({"const": "round"}, mode=words(*ROUNDING), to=DECIMAL),
            _operation({"const": "place"}, starts=listed(NUMBER)),
            _operation({"const": "pick"}, values=listed(maybe(NUMBER))),
            keys(op={"const": "table"}, table=TEXT, column=TEXT, keys=named(key)),
        ]
    }


BILINGUAL = keys(zh=TEXT, en=TEXT)
HEAD: dict[str, Json] = {
    "format": {"const": FORMAT},
    "format_version": TEXT,
    "product": TEXT,
    "version": TEXT,
}
VARIABLE = keys(
    name=TEXT,
    title=maybe(BILINGUAL),
    role=words("insured", "offered"),
    type=TEXT,
    unit=maybe(TEXT),
    choices=maybe(listed(TEXT)),
    min=maybe(NUMBER),
    max=maybe(NUMBER),
    step=maybe(NUMBER),
)
STEP_KINDS = [word for step in BINDERS for word in get_args(step.model_fields["kind"].annotation)]
STEP = some(
    {
        "is": EXPRESSION,
        "choices": listed(TEXT),
        "when": EXPRESSION,
        "says": BILINGUAL,
        "cover": TEXT,
        "engine": TEXT,
        "basis": TEXT,
        "gives": TEXT,
        "per": maybe(NUMBER),
        "table": TEXT,
        "decimals": WHOLE,
    },
    name=TEXT,
    kind=words(*STEP_KINDS),
    level=words(*LEVELS),
    how=TEXT,
    reads=listed(TEXT),
)
PLAN = {
    "variables": listed(VARIABLE),
    "items": listed(
        some(
            {"many": TRUTH, "least": WHOLE},
            name=TEXT,
            title=BILINGUAL,
            optional=TRUTH,
            variables=listed(VARIABLE),
        )
    ),
    "accepts": listed(keys(name=TEXT, refuses=EXPRESSION, says=BILINGUAL)),
    "steps": listed(STEP),
    "premium": keys(step=TEXT, decimals=maybe(WHOLE)),
    "premiums_a_year": {"anyOf": [keys(always=WHOLE), keys(by=TEXT, of=named(WHOLE))]},
}
COLUMN = keys(name=TEXT, type=TEXT, unit=maybe(TEXT), choices=maybe(listed(TEXT)))
KEY = keys(
    name=TEXT,
    key=words(*KEYS),
    type=TEXT,
    unit=maybe(TEXT),
    choices=maybe(listed(TEXT)),
)
TABLES = {
    "tables": named(
        keys(
            file=TEXT,
            sha256=SHA256,
            rows=WHOLE,
            title=TEXT,
            source=TEXT,
            status=TEXT,
            made_from=keys(file=TEXT, sha256=SHA256),
            engine=maybe(TEXT),
            keys=listed(KEY),
            values=listed(COLUMN),
        )
    ),
    "values": named(
        keys(
            file=TEXT,
            sha256=SHA256,
            rows=WHOLE,
            title=TEXT,
            unit=TEXT,
            note=TEXT,
            columns=listed(TEXT),
        )
    ),
}
PARAMETERS = {
    "parameters": listed(
        keys(
            name=TEXT,
            title=BILINGUAL,
            type=TEXT,
            unit=maybe(TEXT),
            by=maybe(TEXT),
            value={"anyOf": [NUMBER, listed(listed(NUMBER))]},
            since=DAY,
            reference=TEXT,
            source=TEXT,
            read_by=listed(TEXT),
        )
    )
}
MOMENT = maybe({"anyOf": [keys(**{key: EXPRESSION}) for key in TIMES]})
ANSWER = keys(
    name=NAME,
    kind=words("exclusion", "cover"),
    title=BILINGUAL,
    module=TEXT,
    events=listed(NAME),
    items=listed(NAME),
    once=maybe(keys(mark=NAME, places=listed(WHOLE))),
    **{part: maybe(EXPRESSION) for part in PARTS},
    lines=listed(
        some(
            {"above": EXPRESSION},
            operation=words(*OPERATIONS),
            when=maybe(EXPRESSION),
            value=EXPRESSION,
        )
    ),
    then=keys(
        ends=maybe(words("cover", "contract")),
        waives=maybe(words("premium")),
        effects=listed(
            keys(
                does=words("reduces", "restores"),
                target={"anyOf": [WHOLE, {"const": "sum_insured"}]},
                after_days=WHOLE,
            )
        ),
    ),
)
DUE = keys(
    name=NAME,
    title=BILINGUAL,
    follows=words("contract", "stay"),
    **{
        "while": NAME,
        "where": maybe(EXPRESSION),
        "amount": EXPRESSION,
        "once": MOMENT,
        "every": maybe({"anyOf": [words(*PERIODS), EXPRESSION]}),
        "at": words("start", "end"),
        "from": MOMENT,
        "until": MOMENT,
        "guaranteed": maybe(EXPRESSION),
        "guarantee_paid_at": listed(NAME),
        "after": maybe(EXPRESSION),
        "relapse": maybe(EXPRESSION),
        "for": maybe(EXPRESSION),
        "waives": maybe(words("premium")),
    },
)
PROCESS = keys(
    title=BILINGUAL,
    kind=TEXT,
    states=named(BILINGUAL),
    first_state=maybe(TEXT),
    from_the_start=TRUTH,
    events=named(
        some(
            {"each": words("item")},
            title=BILINGUAL,
            ends=maybe(words("life")),
            to=maybe(TEXT),
            **{"from": listed(TEXT)},
        )
    ),
    marks=listed(
        keys(
            name=NAME,
            type=TEXT,
            unit=maybe(TEXT),
            choices=maybe(listed(TEXT)),
            each=maybe(words("item")),
            **{"is": maybe(EXPRESSION)},
        )
    ),
)
TERMS = {
    "contract": keys(term=maybe(EXPRESSION), pay=maybe(EXPRESSION), pay_while=maybe(TEXT)),
    "processes": named(PROCESS),
    "one_a_date": listed(listed(NAME)),
    "answers": listed(ANSWER),
    "stages": listed(
        keys(
            operation=words(*OPERATIONS),
            per=words(*BALANCE_PERIODS),
            each=maybe(words("item")),
            pool=maybe(TEXT),
            lines=listed(keys(of=NAME, line=WHOLE)),
        )
    ),
    "pools": named(maybe(BILINGUAL)),
    "due": listed(DUE),
    "terms": listed(keys(name=TEXT, value=TEXT, type=TEXT, how=TEXT, source=TEXT)),
}
ITEMS = named({"anyOf": [named(TEXT), listed(named(TEXT))]})
GIVEN = named({"anyOf": [TEXT, ITEMS]})
PRICED = {
    "decided_by": listed(TEXT),
    "premium": DECIMAL,
    "premiums_a_year": WHOLE,
    "steps": named({"anyOf": [TEXT, named(TEXT)]}),
    "refused_by": TEXT,
    "not_offered": listed(TEXT),
    "no_rate": TEXT,
}
PRICE_CASES = {
    "cases": listed(
        some(
            PRICED,
            id=WHOLE,
            why=TEXT,
            given=GIVEN,
            outcome=words(*get_args(Decided), "refused", "not_offered", "no_rate"),
        )
    )
}
LINE = keys(
    line=WHOLE,
    operation=words(*OPERATIONS),
    applies=TRUTH,
    value=maybe(DECIMAL),
    came=DECIMAL,
    kept=DECIMAL,
    left=maybe(DECIMAL),
)
SETTLED = some(
    {"item": NAME},
    date=DAY,
    event=NAME,
    due=TRUTH,
    status=words(*get_args(Status)),
    policy_year=WHOLE,
    answers=listed(
        keys(
            name=NAME,
            item=maybe(NAME),
            outcome=words(*get_args(Outcome)),
            gross=maybe(DECIMAL),
            lines=listed(LINE),
            amount=maybe(DECIMAL),
        )
    ),
)
CLAIM_CASES = {
    "cases": listed(
        keys(
            id=WHOLE,
            why=TEXT,
            policy=named({"anyOf": [TEXT, named(TEXT), ITEMS]}),
            events=listed(
                some(
                    {"item": NAME},
                    date=DAY,
                    event=NAME,
                    marks=named({"anyOf": [TEXT, named(TEXT)]}),
                )
            ),
            settled=listed(SETTLED),
            end=maybe(DAY),
            ended=maybe(DAY),
            after=words(*get_args(After)),
            waived=maybe(DAY),
            premiums_paid=maybe(DECIMAL),
            total=DECIMAL,
        )
    )
}
SHOWN = keys(kinds=named(keys(shown=WHOLE, of=WHOLE)), missing=listed(TEXT))
MANIFEST = {
    "title": BILINGUAL,
    "line": TEXT,
    "currency": TEXT,
    "jurisdiction": TEXT,
    "effective": DAY,
    "on": DAY,
    "for_sale": TRUTH,
    "digest": SHA256,
    "inputs": SHA256,
    "cases": keys(seed=WHOLE, prices=WHOLE, claims=WHOLE, shown=keys(prices=SHOWN, claims=SHOWN)),
    "files": listed(keys(file=TEXT, bytes=WHOLE, sha256=SHA256, schema=maybe(TEXT))),
}
FILES: dict[str, dict[str, Json]] = {
    "plan": PLAN,
    "tables": TABLES,
    "parameters": PARAMETERS,
    "terms": TERMS,
    "price_cases": PRICE_CASES,
    "claim_cases": CLAIM_CASES,
    "manifest": MANIFEST,
}


def schema(name: str) -> Json:
    """Give the schema of a file by its name without folder and ending."""
    found: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{FORMAT} {name}",
        **keys(**HEAD, **FILES[name]),
    }
    if name in ("plan", "terms"):
        found["$defs"] = {"expression": _tree()}
    return found
