"""Two small products, written into a folder by the tests that read them.

`lamp` has items (a shade is optional) and every kind of step but `technical`; `life` has a rate
table that is built by hand.
"""

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from product_factory.assemble import assemble
from product_factory.assembled import AssembledProduct
from product_factory.language import Language
from product_factory.shelf import open_shelf
from rating.steps import STEPS
from tests.shelf_files import write_files

ANY: TypeAdapter[Any] = TypeAdapter(Any)
LANGUAGE = Language({"rating": STEPS, "portfolio": ANY, "gates": ANY}, {"poisson": (("mean",),)})

FRAME = """
version: 1.0.0
line: property
sold_to: individual
channel: internet
jurisdiction: CN
currency: CNY
effective: 2026-01-01
for_sale: no
"""

LAMP = f"""product: lamp
title: {{zh: 灯, en: Lamp}}
{FRAME}
contract: {{term: 1, pay: 1, renewal: none}}
insured:
  city: {{type: choice, of: cities.city}}
  age: {{type: age, min: 18, max: 60}}
  kept: {{type: yes_no}}
offers:
  deductible: {{type: money, of: [500, 1000]}}
items:
  body:
    title: {{zh: 灯身, en: Body}}
    insured: {{value: {{type: money, min: 100}}}}
    offers: {{sum_insured: {{type: money, min: 100, max: 5000, step: 50}}}}
  shade:
    title: {{zh: 灯罩, en: Shade}}
    optional: yes
    insured: {{value: {{type: money, min: 10}}}}
    offers: {{sum_insured: {{type: money, min: 10, max: 500}}}}
accepts:
  - {{name: not_over, each: item, require: sum_insured <= value, says: {{zh: 超, en: Too much}}}}
  - name: young_in_xian
    when: {{city: xian}}
    require: age <= 50
    says: {{zh: 老, en: Too old}}
processes: {{fire: fire@^1}}
covers:
  - {{use: property/fire@^1, as: fire, items: [body, shade]}}
"""

LAMP_RATING = """
- {name: zone, kind: lookup, table: cities.zone}
- {name: age_factor, kind: lookup, table: age_factor}
- {name: rate, kind: lookup, level: item, table: rate}
- {name: item_premium, kind: compute, level: item, is: sum_insured / 1000 * rate}
- {name: before, kind: total, of: item_premium, by: sum}
- {name: parts, kind: total, of: item_premium, by: count}
- name: factored
  kind: compute
  is:
    - {when: {deductible: 1000}, is: before * age_factor * 90%}
    - {otherwise: before * age_factor}
- {name: premium, kind: compute, is: "max(5, factored / (1 - pricing.loading))"}
- {name: payable, kind: round, of: premium, to: 0.01, mode: half_up}
- name: dear
  kind: refer
  level: item
  when: {sum_insured: {above: 4000}}
  says: {zh: 贵, en: Dear}
- {name: coast, kind: decline, when: {zone: coast, kept: no}, says: {zh: 海, en: On the coast}}
"""

BASES = """
pricing:
  loading: 35%
  risk:
    fire: {occurrence: {kind: poisson, mean: 0.01}, damage: 0.5}
"""

FIRE = """
process: fire
version: 1.0.0
title: {zh: 火灾, en: Fire}
kind: collective
drawn: policy
events: {occurrence: {title: {zh: 火灾, en: Fire}}}
marks: {damage: {type: ratio, each: item}}
"""

FIRE_COVER = """
module: property/fire
version: 1.0.0
title: {zh: 火灾, en: Fire}
kind: indemnity
pays: {event: fire.occurrence, amount: value * damage}
"""

CITIES = """# title: Cities
# source: the test
# status: illustrative
# columns: {city: {key: exact}, zone: {}, tier: {type: integer}}
city,zone,tier
xiamen,coast,2
xian,inland,1
"""

AGE_FACTOR = """# title: Factor by age
# source: the test
# status: illustrative
# columns: {age: {key: band, type: age}, factor: {type: number}}
age_from,age_below,factor
18,30,0.8
30,50,1.0
50,,1.37
"""

RATE = """# title: Rate per mille
# source: the test
# status: illustrative
# sparse: no shade is lit on the coast
# columns: {zone: {key: exact}, item: {key: exact}, rate: {type: number}}
zone,item,rate
inland,body,3.17
inland,shade,11.3
coast,body,7.9
"""

LAMP_QUOTES = """
- name: a lamp with its shade
  date: 2026-01-01
  given:
    city: xian
    age: 30
    kept: yes
    deductible: 1000
    items: {body: {value: 2000, sum_insured: 1000}, shade: {value: 200, sum_insured: 100}}
  expect: {before: "4.30", premium: "5.953846", payable: "5.95"}
  source: by hand, 3.17 + 1.13 = 4.30; x 0.9 = 3.87; / 0.65 = 5.953846
- name: too much
  date: 2026-01-01
  given:
    {city: xian, age: 30, kept: no, deductible: 500, body.value: 900, body.sum_insured: 1000}
  expect: {refused_by: not_over}
  source: 1000 > 900
- name: on the coast
  date: 2026-01-01
  given:
    {city: xiamen, age: 60, kept: no, deductible: 500, body.value: 9000, body.sum_insured: 4500}
  expect: {declined_by: coast, referred_by: dear, payable: "74.93"}
  source: by hand, 4.5 x 7.9 = 35.55; x 1.37 = 48.7035; / 0.65 = 74.928
"""

LIFE = f"""product: life
title: {{zh: 寿, en: Life}}
{FRAME}
contract: {{term: offered, pay: offered, renewal: none}}
insured:
  age: {{type: age, min: 40, max: 45}}
  sex: {{type: choice, of: [M, F]}}
offers:
  sum_insured: {{type: money, min: 1000, max: 9000, step: 1000}}
  term: {{type: years, of: [10, 20, to 60]}}
  pay: {{type: years, of: [10, 20]}}
accepts:
  - {{name: pay_within_term, require: pay <= term, says: {{zh: 交, en: Pay}}}}
  - {{name: ends_by_64, require: age + term <= 64, says: {{zh: 终, en: End}}}}
  - {{name: enough, require: sum_insured >= 2000, says: {{zh: 足, en: Enough}}}}
processes: {{fire: fire@^1}}
covers:
  - {{use: property/fire@^1, as: fire}}
"""

LIFE_RATING = """
- name: net_rate
  kind: technical
  engine: multistate
  basis: pricing
  gives: net_premium
  per: 1000
  axes: [age, term]
- {name: premium, kind: compute, is: net_rate * sum_insured / 1000}
- {name: payable, kind: round, of: premium, to: 0.1, mode: up}
"""


def write_shelf(folder: Path) -> Path:
    """Write the shelf into a folder and give its root."""
    root = folder / "products"
    files = {
        "modules/property/fire.yaml": FIRE_COVER,
        "processes/fire.yaml": FIRE,
        "tables/cities.csv": CITIES,
        "lamp/product.yaml": LAMP,
        "lamp/bases.yaml": BASES,
        "lamp/rating.yaml": LAMP_RATING,
        "lamp/quotes.yaml": LAMP_QUOTES,
        "lamp/tables/age_factor.csv": AGE_FACTOR,
        "lamp/tables/rate.csv": RATE,
        "life/product.yaml": LIFE,
        "life/bases.yaml": BASES,
        "life/rating.yaml": LIFE_RATING,
    }
    return write_files(root, files)


def product_of(root: Path, name: str) -> AssembledProduct:
    """Assemble a product of the shelf as it now stands."""
    return assemble(open_shelf(root), name, LANGUAGE)


def changed(root: Path, file: str, old: str, new: str) -> None:
    """Change a file of the shelf; the old text must be there."""
    path = root / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def write_net_rate(root: Path, inputs: str, engine: str = "multistate/1") -> None:
    """Write the built table of `life`: 0.001 x age x term, a stand-in for an engine's work."""
    folder = root / "life" / "tables" / "built"
    folder.mkdir(parents=True, exist_ok=True)
    terms = {"10": 10, "20": 20, "to 60": 25}
    rows = [f"{a},{t},{a * years / 1000}" for a in range(40, 46) for t, years in terms.items()]
    header = [
        "# title: Net rate",
        "# source: the test",
        "# status: built",
        "# columns: {age: {key: exact, type: age}, term: {key: exact}, net_rate: {type: number}}",
        f"# inputs: {inputs}",
        f"# engine: {engine}",
        "age,term,net_rate",
    ]
    (folder / "net_rate.csv").write_text("\n".join([*header, *rows]) + "\n", encoding="utf-8")
