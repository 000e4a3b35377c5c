"""A product for groups: `crew` has members, of whom several stand in one policy, and one boat."""

from pathlib import Path

from tests.rating.tiny_shelf import BASES, FRAME
from tests.shelf_files import write_files

CREW = f"""product: crew
title: {{zh: 船员, en: Crew}}
{FRAME}
contract: {{term: 1, pay: 1, renewal: none}}
insured:
  trade: {{type: choice, of: [fishing, ferry]}}
items:
  boat:
    title: {{zh: 船, en: Boat}}
    optional: yes
    insured: {{value: {{type: money, min: 100}}, metal: {{type: yes_no}}}}
  member:
    title: {{zh: 船员, en: Member}}
    many: yes
    insured: {{value: {{type: money, min: 10, max: 900}}, age: {{type: age, min: 18, max: 65}}}}
accepts:
  - name: adults_at_sea
    each: item
    when: {{item: member, trade: fishing}}
    require: age >= 20
    says: {{zh: 幼, en: Too young}}
processes: {{fire: fire@^1}}
covers:
  - {{use: property/fire@^1, as: fire, items: [boat, member]}}
"""

CREW_RATING = """
- {name: rate, kind: lookup, level: item, table: crew_rate}
- {name: item_premium, kind: compute, level: item, is: value / 7 * rate}
- {name: rounded, kind: round, of: item_premium, to: 0.01, mode: half_up}
- name: person
  kind: compute
  level: item
  is:
    - {when: {item: member}, is: 1}
    - {otherwise: 0}
- {name: members, kind: total, of: person, by: sum}
- {name: rows, kind: total, of: person, by: count}
- {name: before, kind: total, of: rounded, by: sum}
- {name: dearest, kind: total, of: rounded, by: max}
- {name: group_discount, kind: lookup, table: group_discount}
- {name: premium, kind: compute, is: "max(5, (before - dearest / 3) * group_discount)"}
- {name: payable, kind: round, of: premium, to: 0.01, mode: half_up}
- {name: many, kind: refer, when: {rows: {above: 6}}, says: {zh: 多, en: Many}}
- {name: old, kind: decline, level: item, when: {age: {above: 63}}, says: {zh: 老, en: Old}}
"""

CREW_RATE = """# title: Rate
# source: the test
# status: illustrative
# sparse: there is no iron ferry
# columns: {trade: {key: exact}, item: {key: exact}, rate: {type: number}}
trade,item,rate
fishing,boat,0.017
fishing,member,0.131
ferry,member,0.0377
"""

GROUP_DISCOUNT = """# title: Discount by size
# source: the test
# status: illustrative
# columns: {members: {key: band, type: integer}, factor: {type: number}}
members_from,members_below,factor
1,3,1
3,5,0.95
5,,0.9
"""


CREW_QUOTES = """- name: a crew of three
  date: 2026-01-01
  given:
    trade: ferry
    items: {member: [{value: 700, age: 30}, {value: 70, age: 40}, {value: 490, age: 50}]}
  expect: {members: "3", before: "6.79", dearest: "3.77", premium: "5.256667", payable: "5.26"}
  source: by hand, 3.77 + 0.38 + 2.64 = 6.79; less 3.77 / 3 = 5.533333; x 0.95 = 5.256667
"""


def write_crew(root: Path) -> None:
    """Write the product into a shelf."""
    files = {
        "product.yaml": CREW,
        "bases.yaml": BASES,
        "rating.yaml": CREW_RATING,
        "tables/crew_rate.csv": CREW_RATE,
        "tables/group_discount.csv": GROUP_DISCOUNT,
    }
    write_files(root / "crew", files)
