"""Run-offs of the shelf's products under programmes of reinsurance."""

from dataclasses import replace

from sandbox.reinsurance_file import REINSURANCE
from sandbox.run import simulate
from tests.sandbox.shipped import product, small, written

SEED, RUNS = 5, 60
PROGRAMME = """covers: [death]
premium_share: 60%
sum_insured: sum_insured
contracts:
  - {kind: surplus, name: surplus, line: 400000, lines: 3, commission: 30%}
  - - {kind: quota_share, name: quota, cession: 25%, commission: 10%}
    - {kind: facultative, name: large, above: 300000, cession: 10%}
  - {kind: excess_of_loss, name: layer, attachment: 100000, limit: 120000, per: risk, rate: 3%,
     share: 80%}
  - - {kind: stop_loss, name: stop, attachment: 900%, limit: 5000%, rate: 2%, share: 90%}
"""
RISK = """covers: [COVERS]
contracts:
  - {kind: quota_share, name: r, cession: 10%, risk_premium: 110%}
"""


def under(name="term_life", programme=PROGRAMME):
    made = product(name)
    return replace(made, files={**made.files, "reinsurance": written(REINSURANCE, programme)})


def run(programme=PROGRAMME, name="term_life", **change):
    made = under(name, programme)
    portfolio = replace(small(name), product=made)
    return simulate(made, portfolio, **{"years": RUNS, "seed": SEED, **change})
