"""Dependence files that do not fit: each told in one line with its place."""

import pytest

from product_factory.errors import BadInput
from sandbox.dependence.bind import bind
from tests.sandbox.dependence.dependence_texts import HEAD, file, reordering, shared
from tests.sandbox.shipped import product
from tests.the_command import inside


@pytest.mark.parametrize(
    ("parts", "name", "said"),
    [
        (
            [shared(lines="[home.water_damge]")],
            "home",
            (
                "d.yaml:5:12: lines: unknown line 'home.water_damge'; did you mean "
                "'home.water_damage'?;"
                " expected a process, or an event of one, with a frequency"
            ),
        ),
        (
            [shared(lines="[hom.fire]")],
            "home",
            "d.yaml:5:12: lines: unknown product 'hom' of line 'hom.fire'; did you mean 'home'?",
        ),
        (
            [reordering(lines="[home.fire, home.theff]")],
            "home",
            (
                "d.yaml:5:12: lines: unknown line 'home.theff'; did you mean "
                "'home.theft'?; expected a "
                "cover that pays"
            ),
        ),
        (
            [reordering(lines="[home.fire, home.typhoon]")],
            "home",
            (
                "d.yaml:5:12: lines: 'home.typhoon' stays with its storms or with a "
                "programme: expected"
                " it as the first line, which is not moved"
            ),
        ),
        (
            [reordering(lines="[home.fire, million_medical]")],
            "home",
            (
                "d.yaml:5:12: lines: expected covers of home alone, or whole products; got "
                "'million_medical'"
            ),
        ),
        (
            [shared(lines="[million_medical.illness]")],
            "home",
            "d.yaml:1:1: expected a line of home, such as home.fire or home.water_damage",
        ),
        (
            [shared(lines="[term_life.mortality]")],
            "term_life",
            (
                "d.yaml:1:1: term_life is long-term: expected a product of annual "
                "contracts, whose rows"
                " are years"
            ),
        ),
    ],
)
def test_a_line_that_does_not_fit_is_told_with_its_place(parts, name, said):
    with pytest.raises(BadInput) as caught:
        bind(file(*parts), product(name))
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD, "d.yaml:1:1: expected 'shared', 'reordered' or both"),
        (
            HEAD + reordering(lines="[home.fire, home.fire]"),
            "d.yaml:4:5: reordered[0]: expected each line once, got 'home.fire' more than once",
        ),
        (
            HEAD + reordering(lines="[home.fire]"),
            "d.yaml:5:12: lines: expected two lines or more to reorder, got one",
        ),
        (
            HEAD + shared(copula="{kind: gaussian, matrix: [[1, 0.5], [0.4, 1]]}"),
            (
                "d.yaml:7:50: shared[0].copula.matrix.row 2, column 1: expected 0.5 "
                "as in row 1, column "
                "2, got 0.4"
            ),
        ),
        (
            HEAD + shared(copula="{kind: gaussian, correlation: 1}"),
            (
                "d.yaml:7:43: correlation: expected a positive definite matrix, got one whose "
                "smallest eigenvalue is 0.0000; 'repair: nearest' takes the nearest that is, "
                "0.0000 away at most"
            ),
        ),
        (
            HEAD + shared(copula="{kind: gaussian, matrix: [[1]]}"),
            "d.yaml:7:38: matrix: expected 2 rows for 2 lines, got 1",
        ),
        (
            HEAD + shared(copula="{kind: clayton, theta: -1}"),
            "d.yaml:7:36: theta: expected a theta above 0, at most 30, got -1",
        ),
        (
            HEAD + shared(copula="{kind: frank, theta: 0}"),
            "d.yaml:7:34: theta: expected a theta of -35 to 35, not 0, got 0",
        ),
        (
            HEAD + shared(copula="{kind: t, freedom: 0.5, correlation: 0.5}"),
            "d.yaml:7:32: freedom: expected 1 to 1000 degrees of freedom, got 0.5",
        ),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_place(text, said, tmp_path):
    path = tmp_path / "d.yaml"
    path.write_text(text, encoding="utf-8")
    done = inside("simulate", "home", "--years", "2", "--dependence", "d.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip() == said
