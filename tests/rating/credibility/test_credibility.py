"""Credibility of groups: Hachemeister's data, the textbook written slowly, the verb."""

import csv

import numpy as np
import pytest

from product_factory.tables import read_table
from rating.credibility import credibility
from rating.credibility.specification import Periods
from tests.the_command import inside

HACHEMEISTER = {
    "1": (
        [1738, 1642, 1794, 2051, 2079, 2234, 2032, 2035, 2115, 2262, 2267, 2517],
        [7861, 9251, 8706, 8575, 7917, 8263, 9456, 8003, 7365, 7832, 7849, 9077],
    ),
    "2": (
        [1364, 1408, 1597, 1444, 1342, 1675, 1470, 1448, 1464, 1831, 1612, 1471],
        [1622, 1742, 1523, 1515, 1622, 1602, 1964, 1515, 1527, 1748, 1654, 1861],
    ),
    "3": (
        [1759, 1685, 1479, 1763, 1674, 2103, 1502, 1622, 1828, 2155, 2233, 2059],
        [1147, 1357, 1329, 1204, 998, 1077, 1277, 1218, 896, 1003, 1108, 1121],
    ),
    "4": (
        [1223, 1146, 1010, 1257, 1426, 1532, 1953, 1123, 1343, 1243, 1762, 1306],
        [407, 396, 348, 341, 315, 328, 352, 331, 287, 384, 321, 342],
    ),
    "5": (
        [1456, 1499, 1609, 1741, 1482, 1572, 1606, 1735, 1607, 1573, 1613, 1690],
        [2902, 3172, 3046, 3068, 2693, 2910, 3275, 2697, 2663, 3017, 3242, 3425],
    ),
}
"""Private passenger bodily injury, five states, July 1970 to June 1973: average claims and their

numbers. Hachemeister, "Credibility for regression models with application to trend", in Kahn (ed.),
Credibility: Theory and Applications (1975), as section 2 of the credibility vignette of R's actuar
prints them. The variance within, published to nine digits, knows every one of these figures.
"""
SPEC = """\
fit: states
kind: credibility
title: {zh: 各州, en: States}
source: Hachemeister 1975
group: state
key: state
ratio: average
weight: claims
decimals: 2
"""


def periods(groups=HACHEMEISTER, *, weighted=True):
    names = [name for name, (ratios, _) in groups.items() for _ in ratios]
    ratio = np.array([r for ratios, _ in groups.values() for r in ratios], dtype=float)
    weight = np.array([w for _, weights in groups.values() for w in weights], dtype=float)
    return Periods.of(names, ratio, weight if weighted else None)


def test_hachemeisters_states_come_out_as_published():
    """The figures of the credibility vignette of R's actuar (Dutang, Goulet, Milhaud, Pigeon)."""
    found = credibility(periods())
    assert [round(x) for x in found.own] == [2061, 1511, 1806, 1353, 1600]
    assert found.weight.tolist() == [100155, 19895, 13735, 4152, 36110]
    assert [round(z, 4) for z in found.credibility] == [0.9847, 0.9276, 0.8985, 0.7279, 0.9588]
    assert [round(x) for x in found.premium] == [2055, 1524, 1793, 1443, 1603]
    assert round(found.collective) == 1684
    assert round(found.between) == 89639
    assert round(found.within) == 139120026


@pytest.mark.parametrize("column", [0, 1], ids=["average", "claims"])
def test_a_slip_in_any_figure_would_be_seen(column):
    """So that the data are those of the source: the published variance within leaves no room."""
    for name, rows in HACHEMEISTER.items():
        for place in range(12):
            slipped = [list(row) for row in rows]
            slipped[column][place] += 1
            found = credibility(periods({**HACHEMEISTER, name: slipped}))
            weights = found.weight.tolist() != [100155, 19895, 13735, 4152, 36110]
            assert weights or round(found.within) != 139120026


def test_the_structure_is_that_of_the_textbook_written_slowly():
    """Bühlmann: equal weights, where between is the variance of the means less within / periods."""
    found = credibility(periods(weighted=False))
    rows = np.array([ratios for ratios, _ in HACHEMEISTER.values()], dtype=float)
    within = np.mean([row.var(ddof=1) for row in rows])
    between = rows.mean(axis=1).var(ddof=1) - within / 12
    assert found.within == pytest.approx(within, rel=1e-12)
    assert found.between == pytest.approx(between, rel=1e-12)
    assert found.credibility == pytest.approx(np.full(5, 12 / (12 + within / between)))
    assert found.collective == pytest.approx(rows.mean(), rel=1e-12)
    # equal weights: the premiums balance what was paid
    assert found.premium.mean() == pytest.approx(rows.mean(), rel=1e-12)


def test_premiums_by_weight_add_up_to_what_was_paid():
    """Theorem 4.5 of Bühlmann and Gisler: the homogeneous premium balances any experience."""
    found = credibility(periods())
    paid = float((found.weight * found.own).sum())
    assert float((found.weight * found.premium).sum()) == pytest.approx(paid, rel=1e-12)


def test_the_error_is_the_one_that_is_seen():
    """2,000 portfolios drawn from a known structure: squared errors of the premium on average."""
    random = np.random.default_rng(6)
    weight = np.array([[4.0] * 6, [15.0] * 6, [60.0] * 6])
    squares, stated = np.zeros(3), np.zeros(3)
    for _ in range(2000):
        true = random.normal(10.0, 1.0, 3)
        ratio = true[:, None] + random.normal(0.0, 9.0, (3, 6)) / np.sqrt(weight)
        total = weight.sum(axis=1)
        share = total / (total + 81.0)
        own = (weight * ratio).sum(axis=1) / total
        collective = (share * own).sum() / share.sum()
        squares += (share * own + (1.0 - share) * collective - true) ** 2 / 2000
        rest = 1.0 - share
        stated = rest * (1.0 + rest / share.sum())
    assert squares == pytest.approx(stated, rel=0.12)


def test_groups_that_do_not_differ_pay_the_same():
    alike = {"a": ([1.0, 3.0], [1.0, 1.0]), "b": ([3.0, 1.0], [2.0, 2.0])}
    found = credibility(periods(alike))
    assert found.between == 0.0
    assert found.premium.tolist() == [2.0, 2.0]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "states.yaml").write_text(SPEC, encoding="utf-8")
    rows = [
        [name, ratio, weight]
        for name, (ratios, weights) in HACHEMEISTER.items()
        for ratio, weight in zip(ratios, weights, strict=True)
    ]
    write(tmp_path, rows)
    return tmp_path, rows


def write(folder, rows):
    with (folder / "states.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["state", "average", "claims"], *rows])


def fit(folder):
    return inside("fit", "states.yaml", "--data", "states.csv", "-o", "out", cwd=folder)


def test_the_verb_writes_a_table_and_steps(folder):
    where, rows = folder
    write(where, [*rows, ["6", 1500, 0]])
    run = fit(where)
    assert run.returncode == 1, run.stderr
    assert "States: 5 groups, 60 of 61 periods" in run.stdout
    assert "row 61: claims: expected a weight above 0, got 0" in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 80
    table = read_table(
        (where / "out/states.csv").read_text(encoding="utf-8"), "states", "states.csv"
    )
    assert table.cells["premium"].ravel().round().tolist() == [2055, 1524, 1793, 1443, 1603]
    steps = (where / "out/rating.yaml").read_text(encoding="utf-8")
    assert "own_weight / (own_weight + 1552.00806" in steps
    assert "(1 - credibility) * 1683.71" in steps


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("ratio: average", "ratio: averag", "states.csv has no column 'averag'; did you mean"),
        ("ratio: average", "amount: average\nratio: average", "expected one of 'ratio' and 'am"),
        ("weight: claims\n", "", None),
        ("decimals: 2", "decimals: 20", "expected at most 8 decimals, got 20"),
        ("ratio: average\nweight: claims\n", "amount: average\n", "'amount' is divided by its"),
    ],
)
def test_a_bad_file_is_told_with_its_place(folder, old, new, says):
    where, _ = folder
    assert old in SPEC
    (where / "states.yaml").write_text(SPEC.replace(old, new), encoding="utf-8")
    run = fit(where)
    assert run.returncode == (0 if says is None else 2)
    if says is not None:
        assert run.stderr.startswith("states.yaml:")
        assert says in run.stderr


def test_one_group_alone_is_refused(folder):
    where, rows = folder
    write(where, rows[:12])
    run = fit(where)
    assert run.returncode == 2
    assert "expected two groups or more" in run.stderr
