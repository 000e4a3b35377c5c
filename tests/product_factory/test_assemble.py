"""Assembly fills terms, inherits bases, and every value knows the file and line it came from."""

import dataclasses

import pytest
from pydantic import ValidationError

from product_factory.assemble import assemble
from product_factory.errors import BadInput
from product_factory.module import Module
from product_factory.nodes import read_nodes
from product_factory.promise import reads
from product_factory.shelf import installed, open_shelf
from product_factory.states import ENDED, Transition, state_graph
from product_factory.strict import read
from tests.product_factory.shelves import FILES, altered, any_language, made

MODULE = "modules/gadget/repair.yaml"
PRODUCT = "repair/product.yaml"


def line_of(file, text):
    """The line of a file on which a text stands."""
    return next(n for n, line in enumerate(FILES[file].split("\n"), 1) if text in line)


def test_a_term_is_set_offered_or_the_default_and_knows_its_line(tmp_path):
    terms = made(tmp_path, "repair").covers["repair"].terms
    found = {name: (t.how, t.text, t.at.file, t.at.line) for name, t in terms.items()}
    product, module = f"products/{PRODUCT}", f"products/{MODULE}"
    assert found == {
        "excess": ("offered", "excess", product, line_of(PRODUCT, "excess:")),
        "share": ("set", "90%", product, line_of(PRODUCT, "share: 90%")),
        "limit": ("default", "value", module, line_of(MODULE, "limit:  {")),
        "notice": ("default", "10 days", module, line_of(MODULE, "notice:")),
    }


def test_a_pool_may_set_the_term_that_it_joins(tmp_path):
    files = altered(PRODUCT, ("{joins: [repair.limit]}", "{joins: [repair.limit], set: 5000}"))
    term = made(tmp_path, "repair", files).covers["repair"].terms["limit"]
    assert (term.how, term.text, term.at.line) == ("pooled", "5000", line_of(PRODUCT, "yearly:"))


def test_a_choice_of_an_item_may_set_a_term(tmp_path):
    offer = "offers: {cap: {type: money, of: [500, 900], sets: [repair.limit]}}"
    files = altered(
        PRODUCT,
        ("en: Phone}\n    insured", f"en: Phone}}\n    {offer}\n    insured"),
        ("optional: yes", f"optional: yes\n    {offer}"),
    )
    term = made(tmp_path, "repair", files).covers["repair"].terms["limit"]
    assert (term.how, term.text) == ("offered", "cap")


def test_two_choices_cannot_set_one_term(tmp_path):
    offer = "  other: {type: money, of: [1, 2], sets: [repair.excess]}\nitems:"
    with pytest.raises(BadInput, match=r"'repair\.excess' is set by the choice 'excess' already"):
        made(tmp_path, "repair", altered(PRODUCT, ("items:\n  phone", f"{offer}\n  phone")))


def test_a_basis_has_what_it_inherits_and_its_own_instead(tmp_path):
    files = altered(
        "repair/bases.yaml",
        (
            "  inherits: pricing\n",
            "  inherits: pricing\n  risk: {breakage: {cause: {drop: 100%}}}\n",
        ),
    )
    bases = made(tmp_path, "repair", files).bases
    own, parent = bases["best_estimate"], bases["pricing"]
    assert own.loading is parent.loading
    assert own.risk["breakage"]["damage"] is parent.risk["breakage"]["damage"]
    assert [choice for choice, _ in own.risk["breakage"]["cause"].shares] == ["drop"]
    assert [choice for choice, _ in parent.risk["breakage"]["cause"].shares] == ["drop", "wilful"]


def test_a_list_of_choices_may_stand_in_a_table(tmp_path):
    files = altered(PRODUCT, ("of: [new, used]", "of: frequency.grade"))
    kind = made(tmp_path, "repair", files).variables["grade"].type
    assert kind.of == ("new", "used")


def test_the_terms_that_move_money_are_those_that_the_promise_reads(tmp_path):
    product = made(tmp_path, "repair")
    assert reads(product, product.covers["repair"]) == {
        "repair.excess", "repair.share", "repair.limit",
    }  # fmt: skip


def test_the_states_of_a_contract_come_from_what_its_events_do(tmp_path):
    graph = state_graph(made(tmp_path, "short_life"))
    assert graph.names == ("in_force",)
    assert graph.ended == ("mortality.death", "matured")
    assert graph.transitions == (Transition(0, ENDED, "mortality.death", ("death",)),)


def test_nothing_of_an_assembled_product_can_be_changed(tmp_path):
    product = made(tmp_path, "repair")
    with pytest.raises(dataclasses.FrozenInstanceError):
        product.name = "other"
    with pytest.raises(ValidationError, match="frozen"):
        product.product.version = "2.0.0"
    with pytest.raises(ValidationError, match="frozen"):
        product.covers["repair"].module.pays.amount = None


def test_a_part_of_a_model_knows_where_its_keys_stand():
    module = read(Module, read_nodes(FILES[MODULE], MODULE))
    assert module.place("kind").line == line_of(MODULE, "kind:")
    assert str(module.pays.adjust[1].at) == f"{MODULE}:{line_of(MODULE, '{share: share}')}:7"
    assert module.pays.place("waits") == module.pays.at  # not written: the part itself


def test_all_problems_of_all_files_are_told_at_once_in_order_of_place(tmp_path):
    files = altered("repair/bases.yaml", ("30%", "(1"))
    for name, old, new in (
        (MODULE, "amount: loss", "amount: loss +"),
        ("repair/tables/frequency.csv", "0.2", "x"),
    ):
        files |= {name: FILES[name].replace(old, new)}
    with pytest.raises(BadInput) as raised:
        made(tmp_path, "repair", files)
    told = [problem.at.file for problem in raised.value.problems]
    assert told == sorted(told)
    assert len(set(told)) == 3


@pytest.mark.parametrize("name", ["term_life", "home"])
def test_every_term_of_the_installed_products_stands_where_it_says(name):
    """Provenance: the text of the value stands in the file at the line and column that it names."""
    shelf = open_shelf(installed())
    product = assemble(shelf, name, any_language())
    for cover in product.uses.values():
        for term in cover.terms.values():
            lines = (shelf.root.parent / term.at.file).read_text(encoding="utf-8").split("\n")
            written = lines[term.at.line - 1][term.at.column - 1 :]
            if term.how == "offered":  # by the choice that sets it, which has its name in the line
                assert term.text in lines[term.at.line - 1]
            else:
                assert written.removeprefix('"').startswith(term.text or written[:1])
