"""Programmes of a product that need its losses risk by risk, and those that do not fit it."""

from dataclasses import replace

import numpy as np
import pytest

from product_factory.errors import BadInput, BadValue
from rating.engines.collective.annual import annual_model
from sandbox.execution import Execution
from sandbox.kernels import reinsurance as kernels
from sandbox.protection import protection
from sandbox.reinsurance import Programme, years
from sandbox.reinsurance_file import REINSURANCE
from sandbox.run import simulate
from sandbox.simulate import annual_task, losses
from sandbox.simulate.annual import AnnualShock, simulate_annual
from tests.sandbox.shipped import product, small, written

YEARS, SEED = 400, 5
PROGRAMME = """covers: [fire, typhoon]
premium_share: 60%
sum_insured: sum_insured
contracts:
  - {kind: surplus, name: surplus, line: 1000000, lines: 2, commission: 30%}
  - {kind: excess_of_loss, name: storm, attachment: 100000, limit: 4000000, premium: 50000,
     reinstatements: [100%], pro_rata: amount_and_time}
"""


def home(programme=PROGRAMME):
    made = product("home")
    return replace(made, files={**made.files, "reinsurance": written(REINSURANCE, programme)})


def run(programme=PROGRAMME, **change):
    made = home(programme)
    portfolio = replace(small("home"), product=made)
    return simulate(made, portfolio, **{"years": YEARS, "seed": SEED, **change})


@pytest.fixture(scope="module")
def whole():
    return run()


def test_more_losses_than_the_machine_holds_are_told_long_before_it_is_full(monkeypatch, whole):
    settle, counted = Programme.settle, []

    def counting(self, gross, *others):
        counted.append(len(gross.year))
        return settle(self, gross, *others)

    monkeypatch.setattr(Programme, "settle", counting)
    assert run().settlement.net.tobytes() == whole.settlement.net.tobytes()
    seen = counted[0]
    allowed = 1 << 40
    monkeypatch.setattr(losses, "PEAK", allowed / seen)
    enough = Execution(memory=allowed)
    run(execution=enough)
    assert counted == [seen, seen]
    done = []
    half = Execution(memory=allowed / 2, block=20, progress=done.append)
    with pytest.raises(
        BadValue, match=r"expected at most [\d,]+ losses, .* in 400 years; simulate"
    ):
        run(execution=half)
    assert sum(done) < YEARS


def test_losses_risk_by_risk_are_what_the_covers_pay_and_the_same_for_any_blocks(monkeypatch):
    made = small("home")
    model = annual_model(made.product, made.product.bases["best_estimate"], made.cells)
    covers = ("fire", "typhoon")

    def losses_of(**how):
        return simulate_annual(model, made.premiums, YEARS, SEED, protects=covers, **how)

    base = losses_of()
    found = base.losses
    columns = [base.table.columns.index(name) for name in covers]
    paid = np.bincount(found.year, found.amount, YEARS)
    assert np.allclose(paid, base.table.paid[:, columns].sum(axis=1), rtol=1e-9)
    order = np.lexsort((found.event, found.time, found.year))
    assert (order == np.arange(len(order))).all()
    assert (found.policies <= made.cells.policies[found.cell]).all()
    assert found.policies.max() > 1  # a storm meets the policies of a cell all at once
    monkeypatch.setattr(annual_task, "ROOM", 3)  # too small for every block
    for how in (Execution.on(2, 77), Execution.on(1, 1)):
        again = losses_of(execution=how).losses
        for name, column in found._asdict().items():
            assert getattr(again, name).tobytes() == column.tobytes()


def test_room_that_another_thread_makes_meanwhile_loses_nothing():
    made = small("home")
    model = annual_model(made.product, made.product.bases["best_estimate"], made.cells)
    alone = np.zeros((0, made.cells.size), dtype=np.int64)
    fire = annual_task.annual_task(
        model, made.premiums, SEED, AnnualShock(), alone, 0, ["fire"], {}
    )

    class Enlarged(list):
        """Room of three for who asks first, and enough for all who ask later."""

        def __getitem__(self, place):
            found = super().__getitem__(place)
            self[place] = 1_000_000
            return found

    whole, meanwhile = (
        replace(fire, room=room).block(0, YEARS) for room in ([9_999], Enlarged([3]))
    )
    assert meanwhile["amount"].tobytes() == whole["amount"].tobytes()
    assert len(whole["amount"]) > 3


def test_a_programme_of_risks_settles_to_the_bit_and_prices_its_covers(whole):
    settled = whole.settlement
    assert np.array_equal(settled.net + np.add.reduce(settled.ceded, axis=1), settled.gross)
    assert (settled.ceded.sum(axis=0) > 0.0).all()
    portfolio = small("home")
    cells = portfolio.cells
    items = np.where(cells.present == 1, cells.item_columns["sum_insured"], 0.0)
    size = items.sum(axis=1)
    over = np.clip(size - 1_000_000, 0, 2_000_000) / size
    expected = 0.6 * (portfolio.premiums * cells.policies * over).sum()
    assert np.isclose(settled.premium[0], expected, atol=0.01)
    assert settled.premium[1] == 50_000
    assert np.isclose(settled.commission[0], 0.3 * expected, atol=0.01)
    assert (settled.reinstated[:, 1] <= 50_000).all()
    assert settled.reinstated[:, 1].max() > 0.0
    assert np.array_equal(whole.net.premium + settled.ceded_premium(), whole.table.premium)
    assert np.array_equal(whole.net.expenses + settled.commissions(), whole.table.expenses)


def test_recoveries_do_not_depend_on_threads_and_all_go_through_the_one_kernel(monkeypatch, whole):
    settle, taken = years.kernels.settle, []

    def spied(contracts, losses, first, last, *others):
        taken.append((first, last, contracts.kind.tolist()))
        return settle(contracts, losses, first, last, *others)

    monkeypatch.setattr(years.kernels, "settle", spied)
    again = run(threads=2)
    kinds = [kernels.LINES, kernels.EVENT]
    assert sorted(taken) == [(0, YEARS // 2, kinds), (YEARS // 2, YEARS, kinds)]
    assert again.settlement.ceded.tobytes() == whole.settlement.ceded.tobytes()
    assert again.settlement.reinstated.tobytes() == whole.settlement.reinstated.tobytes()
    assert again.net.premium.tobytes() == whole.net.premium.tobytes()
    assert again.net.paid.tobytes() == whole.net.paid.tobytes()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[fire, typhoon]", "[fire, typhon]", "1:9: covers: expected covers that pay, fire, water"),
        (
            "sum_insured: sum_insured",
            "sum_insured: sum_insurd",
            "3:14: sum_insured: expected a val",
        ),
        ("[fire, typhoon]", "[fire, common]", "got common"),
    ],
)
def test_what_the_product_does_not_have_is_told_with_its_place(old, new, says):
    assert old in PROGRAMME
    with pytest.raises(BadInput) as error:
        protection(replace(small("home"), product=home(PROGRAMME.replace(old, new))))
    assert says in str(error.value)


@pytest.mark.parametrize("parts", [("100%",), ("60%", "40%")])
def test_where_all_goes_over_nothing_is_left_to_the_bit(parts):
    lines = [f"{{kind: quota_share, name: q{n}, cession: {p}}}" for n, p in enumerate(parts)]
    text = "covers: [fire, typhoon]\npremium_share: 100%\nsum_insured: sum_insured\ncontracts:\n"
    text += "  - {kind: surplus, name: s, line: 1000000, lines: 2}\n  - - " + "\n    - ".join(lines)
    done = run(text + "\n", years=100)
    settled = done.settlement
    assert settled.gross.any()
    assert not settled.net.any()
    assert not settled.net_largest.any()
    assert not done.net.premium.any()
    total = np.zeros(100)
    for column in settled.ceded.T:
        total += column
    assert np.array_equal(total, settled.gross)
    assert np.array_equal(settled.ceded_premium(), done.table.premium)
