"""A small shelf with what no product of the installed one has: every kind of step, key and line.

`cargo` insures goods in the hold and on deck. Its claims are worked by hand, to the cent.
"""

PROCESS = """\
process: voyage
version: 1.0.0
title: {zh: 航程, en: Voyage}
kind: collective
drawn: policy
events:
  damage: {title: {zh: 损坏, en: damage}}
  theft:  {title: {zh: 盗抢, en: theft}}
marks:
  cause: {type: choice, of: [sea, wilful]}
  night: {type: yes_no}
  share: {type: ratio, each: item}
  loss:  {type: money, each: item, is: share * value}
  bill:  {type: money}
"""
DAMAGE = """\
module: cargo/damage
version: 1.0.0
title: {zh: 货物损坏, en: Damage}
kind: indemnity
terms:
  franchise: {type: ratio, default: 3%}
  excess:    {type: money, default: 1000}
  most:      {type: money, default: 60000}
  cap:       {type: money, default: sum_insured}
pays:
  event: voyage.damage
  amount: loss
  adjust:
    - {franchise: sum_insured * franchise, per: event, each: item}
    - {average: sum_insured / value}
    - {deductible: excess, per: contract}
    - {limit: most, per: claim, each: item}
    - {limit: cap, per: policy_year, each: item}
"""
THEFT = """\
module: cargo/theft
version: 1.0.0
title: {zh: 货物盗抢, en: Theft}
kind: indemnity
terms:
  gap:   {type: days, default: 10 days}
  times: {type: integer, default: 2}
  cap:   {type: money, default: sum_insured}
pays:
  event: voyage.theft
  where: {night: yes}
  gap: gap
  times: times
  amount: min(loss, sum_insured)
  adjust:
    - {share: 80%}
    - {limit: cap, per: policy_year, each: item}
  then: {reduces: sum_insured, restores: {shared: 30 days}}
"""
COSTS = """\
module: cargo/costs
version: 1.0.0
title: {zh: 施救费用, en: Costs of rescue}
kind: indemnity
terms:
  fixed: {type: money, default: 100}
  cap:   {type: money, default: 5000}
pays:
  event: [voyage.damage, voyage.theft]
  amount: bill
  adjust:
    - {deductible: fixed, per: claim}
    - {limit: cap, per: event}
"""
WILFUL = """\
module: cargo/wilful
version: 1.0.0
title: {zh: 故意, en: Wilful}
kind: exclusion
excludes:
  - {name: wilful, event: [voyage.damage, voyage.theft], where: {cause: wilful}, amount: 0}
"""
PRODUCT = """\
product: cargo
version: 1.0.0
title: {zh: 货物运输保险, en: Cargo}
line: property
sold_to: individual
channel: agent
jurisdiction: CN
currency: CNY
effective: 2026-03-01
for_sale: no
contract: {term: 3, pay: 3, renewal: none}
insured:
  miles:  {type: integer, min: 10, max: 9000}
  age:    {type: age, min: 0, max: 40}
  strong: {type: yes_no}
items:
  hold:
    title: {zh: 舱内, en: In the hold}
    insured: {value: {type: money, min: 1000}}
    offers:  {sum_insured: {type: money, min: 1000, max: 500000, step: 500}}
  deck:
    title: {zh: 舱面, en: On deck}
    optional: yes
    insured: {value: {type: money, min: 1000}}
    offers:  {sum_insured: {type: money, min: 1000, max: 50000, step: 500}}
offers:
  class: {type: choice, of: [first, second]}
accepts:
  - {name: not_over, each: item, require: sum_insured <= value * 1.2, says: {zh: 超额, en: Too much}}
  - {name: old_ship, when: {strong: no}, require: age <= 30, says: {zh: 船龄, en: The ship is too old}}
processes: {voyage: voyage@^1}
covers:
  - {use: cargo/damage@^1, as: damage, items: [hold, deck]}
  - {use: cargo/theft@^1, as: theft, items: [hold, deck]}
  - {use: cargo/costs@^1, as: costs}
exclusions:
  - {use: cargo/wilful@^1, as: never}
pools:
  shared: {title: {zh: 每项货物, en: Each of the goods}, joins: [damage.cap, theft.cap]}
  ship:
    title: {zh: 全船, en: The ship}
    over: [damage, theft, costs]
    adjust:
      - {limit: 100000, per: contract}
"""
RATING = """\
- {name: zone, kind: lookup, table: zones.zone}
- {name: by_miles, kind: lookup, table: miles}
- {name: by_age, kind: lookup, table: ages}
- {name: by_band, kind: lookup, table: bands}
- {name: rate, kind: lookup, level: item, table: rates}
- {name: growth, kind: compute, is: "(1 + 1.75%) ^ (age / 10)"}
- {name: of_item, kind: compute, level: item, is: "sum_insured * rate * by_miles * by_age * growth / 1000"}
- {name: down, kind: round, of: of_item, to: 0.05, mode: down}
- {name: total, kind: total, of: down, by: sum}
- {name: dearest, kind: total, of: down, by: max}
- {name: pieces, kind: total, of: down, by: count}
- name: loaded
  kind: compute
  is:
    - {when: {class: first, pieces: {at_least: 2}}, is: "(total + dearest * 5%) * by_band / (1 - pricing.loading)"}
    - {when: {zone: north}, is: "total * by_band / (1 - pricing.loading) * 110%"}
    - {otherwise: "min(total * 2, max(20, total * by_band / (1 - pricing.loading)))"}
- {name: up, kind: round, of: loaded, to: 0.001, mode: up}
- {name: even, kind: round, of: up, to: 0.5, mode: half_even}
- {name: payable, kind: round, of: even, to: 10, mode: half_up}
- {name: far, kind: refer, when: {miles: {above: 5000}}, says: {zh: 远洋, en: Far}}
- {name: dear_deck, kind: refer, level: item, when: {item: deck, sum_insured: {above: 40000}}, says: {zh: 舱面, en: Much on deck}}
- {name: weak, kind: decline, when: {strong: no, zone: north}, says: {zh: 北方, en: Too weak for the north}}
"""
TABLES = {
    "zones": """\
# title: Zones
# source: the tests
# status: illustrative
# columns: {miles: {key: step, type: integer}, zone: {}}
miles,zone
0,home
1000,north
4000,south
""",
    "miles": """\
# title: By miles
# source: the tests
# status: illustrative
# columns: {miles: {key: linear, type: integer}, age: {key: linear, type: age}, factor: {type: number}}
miles,age,factor
0,0,0.5
0,40,0.7
700,0,1
700,40,1.5
9000,0,3
9000,40,4
""",
    "ages": """\
# title: By age of the ship
# source: the tests
# status: illustrative
# columns: {age: {key: log_linear, type: age}, strong: {key: exact, type: yes_no}, factor: {type: number}}
age,strong,factor
0,yes,0.8
0,no,1
40,yes,2
40,no,3
""",
    "bands": """\
# title: By band of miles
# source: the tests
# status: illustrative
# columns: {miles: {key: band, type: integer}, factor: {type: number}}
miles_from,miles_below,factor
0,500,1
500,5001,1.3
5001,,1.1
""",
    "rates": """\
# title: Rates of goods
# source: the tests
# status: illustrative
# columns: {item: {key: exact}, class: {key: exact}, rate: {type: number}}
item,class,rate
hold,first,1.5
hold,second,1.25
deck,first,4
deck,second,3.3
""",
}
BASES = """\
pricing:
  loading: 35%
  risk:
    voyage:
      damage: {kind: poisson, mean: 1}
      theft:  {kind: poisson, mean: 0.1}
      cause:  {sea: 100%}
      night:  50%
      share:  10%
      bill:   {kind: lognormal, mean: 300, cv: 1}
"""
POLICY = """\
  policy:
    start: 2026-03-01
    miles: 700
    age: 20
    strong: yes
    class: first
    items: {hold: {value: 200000, sum_insured: 150000}, deck: {value: 50000, sum_insured: 40000}}
    premium: 500
"""
CLAIMS = f"""\
- name: franchise, average, one deductible for the contract, limits of a claim and of the ship
{POLICY}
  events:
    - {{date: 2026-04-01, event: voyage.damage, marks: {{cause: sea, loss: {{hold: 4499.99, deck: 1200}}, bill: 5200}}}}
    - {{date: 2026-06-01, event: voyage.damage, marks: {{cause: sea, loss: {{hold: 100000}}, bill: 0}}}}
    - {{date: 2026-06-02, event: voyage.damage, marks: {{cause: wilful, loss: {{hold: 100000}}, bill: 50}}}}
    - {{date: 2027-03-01, event: voyage.damage, marks: {{cause: sea, loss: {{hold: 80000, deck: 30000}}, bill: 900}}}}
  expect:
    - {{date: 2026-04-01, cover: damage, item: hold, amount: "0.00"}}
    - {{date: 2026-04-01, cover: damage, item: deck, amount: "0.00"}}
    - {{date: 2026-04-01, cover: costs, amount: "5000.00"}}
    - {{date: 2026-06-01, cover: damage, item: hold, amount: "60000.00"}}
    - {{date: 2026-06-01, cover: costs, amount: "0.00"}}
    - {{date: 2026-06-02, exclusion: never.wilful, amount: "0.00"}}
    - {{date: 2027-03-01, cover: damage, item: hold, amount: "24764.15"}}
    - {{date: 2027-03-01, cover: damage, item: deck, amount: "9905.66"}}
    - {{date: 2027-03-01, cover: costs, amount: "330.19"}}
  after: in_force
  working: |
    April: the franchise of the hold is 3% × 150,000 = 4,500, and 4,499.99 does not reach it: nothing.
    On deck 1,200 reach 3% × 40,000 = 1,200: all of it, less average 40,000 / 50,000: 960; all
    within the 1,000, of which 40 are left. Costs 5,200 - 100 = 5,100, at most 5,000 an event.
    June: 100,000 × 150,000 / 200,000 = 75,000, less 40: 74,960, at most 60,000 a claim. The ship has
    paid 65,000; 35,000 of its 100,000 are left.
    March 2027, another policy year: hold 80,000 × 75% = 60,000, deck 30,000 × 80% = 24,000; the 1,000
    are used up; at most 60,000 each; caps of 150,000 and 40,000. Costs 800. Together 84,800 meet the
    35,000 of the ship in proportion: 60,000 × 35,000 / 84,800 = 24,764.1509, 24,000 likewise
    9,905.6604, 800 likewise 330.1887.
- name: gap, number of thefts, a sum insured that is reduced, a balance restored after 30 days
  policy:
    start: 2026-03-01
    miles: 700
    age: 20
    strong: yes
    class: first
    items: {{hold: {{value: 60000, sum_insured: 60000}}}}
  events:
    - {{date: 2026-05-01, event: voyage.theft, marks: {{cause: sea, night: yes, loss: {{hold: 50000}}, bill: 100}}}}
    - {{date: 2026-05-08, event: voyage.theft, marks: {{cause: sea, night: yes, loss: {{hold: 5000}}, bill: 150}}}}
    - {{date: 2026-05-12, event: voyage.theft, marks: {{cause: sea, night: no, loss: {{hold: 5000}}, bill: 0}}}}
    - {{date: 2026-05-20, event: voyage.damage, marks: {{cause: sea, share: {{hold: 20%}}, bill: 0}}}}
    - {{date: 2026-05-31, event: voyage.damage, marks: {{cause: sea, share: {{hold: 20%}}, bill: 0}}}}
    - {{date: 2026-06-10, event: voyage.theft, marks: {{cause: sea, night: yes, loss: {{hold: 30000}}, bill: 0}}}}
    - {{date: 2026-07-10, event: voyage.theft, marks: {{cause: sea, night: yes, loss: {{hold: 30000}}, bill: 0}}}}
  expect:
    - {{date: 2026-05-01, cover: theft, item: hold, amount: "40000.00"}}
    - {{date: 2026-05-01, cover: costs, amount: "0.00"}}
    - {{date: 2026-05-08, cover: costs, amount: "50.00"}}
    - {{date: 2026-05-20, cover: damage, item: hold, amount: "0.00"}}
    - {{date: 2026-05-31, cover: damage, item: hold, amount: "4000.00"}}
    - {{date: 2026-06-10, cover: theft, item: hold, amount: "16000.00"}}
  after: in_force
  working: |
    1 May: 50,000 × 80% = 40,000; the sum insured is 20,000 from now on, and 40,000 of the balance that
    damage and theft share are used up. 8 May is day 7 of the gap of 10: no theft, but costs 150 - 100.
    12 May: not at night. 20 May: 20% × 60,000 = 12,000, above 3% × 20,000; × 20,000 / 60,000 = 4,000;
    less 1,000; of the balance of 20,000 nothing is left. 31 May is 30 days after the theft: the
    balance is whole: 4,000, the 1,000 being used up. 10 June: the smaller of 30,000 and 20,000, × 80% =
    16,000, and 20,000 - 4,000 = 16,000 are left. That was the second theft: the third is no claim.
"""
FILES = {
    "processes/voyage.yaml": PROCESS,
    "modules/cargo/damage.yaml": DAMAGE,
    "modules/cargo/theft.yaml": THEFT,
    "modules/cargo/costs.yaml": COSTS,
    "modules/cargo/wilful.yaml": WILFUL,
    "cargo/product.yaml": PRODUCT,
    "cargo/rating.yaml": RATING,
    "cargo/bases.yaml": BASES,
    "cargo/claims.yaml": CLAIMS,
    **{f"cargo/tables/{name}.csv": text for name, text in TABLES.items()},
}
