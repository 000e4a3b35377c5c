"""A group accident cover: members, each hit by accidents of its own, under terms of the policy."""

from pathlib import Path

from tests.rating.tiny_shelf import FRAME
from tests.shelf_files import write_files

PRODUCT = f"""product: works
title: {{zh: 团体意外, en: Group accident}}
{FRAME}
contract: {{term: 1, pay: 1, renewal: none}}
insured:
  trade: {{type: choice, of: [office, building]}}
items:
  member:
    title: {{zh: 成员, en: Member}}
    many: yes
    insured: {{age: {{type: age, min: 16, max: 65}}}}
    offers: {{sum_insured: {{type: money, min: 1000, max: 500000}}}}
processes: {{accident: group_accident@^1, illness: group_illness@^1}}
covers:
  - {{use: health/injury@^1, as: injury, items: [member]}}
  - {{use: health/treatment@^1, as: treatment, items: [member]}}
pools:
  aggregate:
    title: {{zh: 保单年度限额, en: Limit of the policy}}
    over: [injury]
    adjust: [{{limit: 60000, per: policy_year}}]
"""

BASES = """
pricing:
  loading: 35%
  risk:
    accident:
      injury:
        kind: poisson
        mean: frequency
      degree: {kind: beta, mean: 20%, cv: 1.1}
    illness:
      treatment: {kind: negative_binomial, mean: 0.3, variance_over_mean: 1.5}
      bill: {kind: lognormal, mean: 4000, cv: 1.2}
best_estimate: {inherits: pricing}
"""

PROCESSES = {
    "group_accident": """
process: group_accident
version: 1.0.0
title: {zh: 意外, en: Accidents}
kind: collective
drawn: policy
events: {injury: {title: {zh: 伤残, en: Injury}, each: item}}
marks: {degree: {type: ratio}}
""",
    "group_illness": """
process: group_illness
version: 1.0.0
title: {zh: 疾病, en: Illness}
kind: collective
drawn: policy
events: {treatment: {title: {zh: 治疗, en: Treatment}, each: item}}
marks: {bill: {type: money}}
""",
}

MODULES = {
    "injury": """
module: health/injury
version: 1.0.0
title: {zh: 意外伤残, en: Injury}
kind: lump_sum
pays:
  event: accident.injury
  amount: degree * sum_insured
  adjust: [{limit: sum_insured * 80%, per: event}]
""",
    "treatment": """
module: health/treatment
version: 1.0.0
title: {zh: 医疗, en: Treatment}
kind: indemnity
pays:
  event: illness.treatment
  amount: bill
  adjust:
    - {deductible: 500, per: event}
    - {limit: 8000, per: policy_year, each: item}
""",
}

FREQUENCY = """# title: Accidents
# source: the test
# status: illustrative
# columns: {trade: {key: exact}, age: {key: band, type: age}, frequency: {type: number}}
trade,age_from,age_below,frequency
office,16,40,0.05
office,40,66,0.08
building,16,40,0.2
building,40,66,0.3
"""

RATING = """
- {name: each, kind: compute, level: item, is: sum_insured / 1000 * 5 + 300}
- {name: premium, kind: total, of: each, by: sum}
- {name: payable, kind: round, of: premium, to: 0.01, mode: half_up}
"""

PORTFOLIO = """
policies: 40
seed: 5
mix:
  trade: {office: 60%, building: 40%}
  member:
    number: {kind: triangular, low: 2, mode: 5, high: 12}
    age: {kind: triangular, low: 14, mode: 30, high: 66}
    sum_insured: {10000: 50%, 50000: 50%}
"""

QUOTES = """
- name: three builders
  date: 2026-01-01
  given:
    trade: building
    items:
      member:
        - {age: 30, sum_insured: 50000}
        - {age: 45, sum_insured: 20000}
        - {age: 30, sum_insured: 50000}
  expect: {payable: "1500"}
  source: by hand, 120 x 5 + 3 x 300
- name: one clerk
  date: 2026-01-01
  given: {trade: office, items: {member: [{age: 61, sum_insured: 300000}]}}
  expect: {payable: "1800"}
  source: by hand, 300 x 5 + 300
- name: an office of four
  date: 2026-01-01
  given:
    trade: office
    items:
      member:
        - {age: 20, sum_insured: 10000}
        - {age: 30, sum_insured: 10000}
        - {age: 50, sum_insured: 10000}
        - {age: 60, sum_insured: 50000}
  expect: {payable: "1600"}
  source: by hand, 80 x 5 + 4 x 300
"""

THREE = """
    start: 2026-03-01
    trade: building
    items:
      member:
        - {age: 30, sum_insured: 50000}
        - {age: 45, sum_insured: 20000}
        - {age: 30, sum_insured: 50000}
"""

CLAIMS = f"""
- name: the limit of the policy is used up by all of its members
  policy: {THREE}
  events:
    - {{date: 2026-04-01, event: accident.injury, item: member.1, marks: {{degree: 100%}}}}
    - {{date: 2026-05-01, event: accident.injury, item: member.2, marks: {{degree: 50%}}}}
    - {{date: 2026-06-01, event: accident.injury, item: member.3, marks: {{degree: 30%}}}}
    - {{date: 2026-06-02, event: accident.injury, item: member.2, marks: {{degree: 100%}}}}
  expect:
    - {{date: 2026-04-01, cover: injury, item: member.1, amount: "40000.00"}}
    - {{date: 2026-05-01, cover: injury, item: member.2, amount: "10000.00"}}
    - {{date: 2026-06-01, cover: injury, item: member.3, amount: "10000.00"}}
    - {{date: 2026-06-02, cover: injury, item: member.2, amount: "0.00"}}
  after: in_force
  working: 80% of 50000 is 40000; half of 20000; of 15000 the 10000 left of 60000; nothing is left
- name: the limit of a year is one of each member
  policy: {THREE}
  events:
    - {{date: 2026-04-01, event: illness.treatment, item: member.1, marks: {{bill: 6500}}}}
    - {{date: 2026-04-02, event: illness.treatment, item: member.2, marks: {{bill: 6500}}}}
    - {{date: 2026-07-01, event: illness.treatment, item: member.1, marks: {{bill: 4500}}}}
    - {{date: 2026-07-01, event: illness.treatment, item: member.2, marks: {{bill: 9000}}}}
  expect:
    - {{date: 2026-04-01, cover: treatment, item: member.1, amount: "6000.00"}}
    - {{date: 2026-04-02, cover: treatment, item: member.2, amount: "6000.00"}}
    - {{date: 2026-07-01, cover: treatment, item: member.1, amount: "2000.00"}}
    - {{date: 2026-07-01, cover: treatment, item: member.2, amount: "2000.00"}}
  after: in_force
  working: each bill less 500, and of 8000 a member has 2000 left after 6000
- name: members of one day share what is left of the policy in proportion
  policy: {THREE}
  events:
    - {{date: 2026-04-01, event: accident.injury, item: member.3, marks: {{degree: 90%}}}}
    - {{date: 2026-04-01, event: accident.injury, item: member.2, marks: {{degree: 100%}}}}
    - {{date: 2026-04-01, event: accident.injury, item: member.1, marks: {{degree: 48%}}}}
  expect:
    - {{date: 2026-04-01, cover: injury, item: member.3, amount: "30000.00"}}
    - {{date: 2026-04-01, cover: injury, item: member.2, amount: "12000.00"}}
    - {{date: 2026-04-01, cover: injury, item: member.1, amount: "18000.00"}}
  after: in_force
  working: 40000, 16000 and 24000 are 80000; of 60000 each has three quarters
"""


def write_group(root: Path, **changed: str) -> Path:
    """Write the product into a shelf; changed: path → its text instead, with / as __."""
    files = {
        "works/product.yaml": PRODUCT,
        "works/bases.yaml": BASES,
        "works/rating.yaml": RATING,
        "works/portfolio.yaml": PORTFOLIO,
        "works/quotes.yaml": QUOTES,
        "works/claims.yaml": CLAIMS,
        "works/tables/frequency.csv": FREQUENCY,
        **{f"processes/{name}.yaml": text for name, text in PROCESSES.items()},
        **{f"modules/health/{name}.yaml": text for name, text in MODULES.items()},
    }
    return write_files(root, files | changed)
