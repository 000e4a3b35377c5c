"""Rule files → rules: read strictly, every name and unit checked before any product is judged."""

from pathlib import Path

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput, Problem, either, nearest
from product_factory.expressions.program import Builder
from product_factory.parameters import DatedValue, ParameterFile, Parameters, unite
from product_factory.rules.evaluate import bind
from product_factory.rules.rule import PHRASE_WORDS, Rule
from product_factory.rules.vocabulary import TEXTS, Vocabulary
from product_factory.shelf import Shelf
from product_factory.strict import read

FOLDER = "rules"
EVERYWHERE = "intl"


def load_rules(shelf: Shelf, jurisdiction: str) -> tuple[Rule, ...]:
    """Read the pack of a jurisdiction (`CN`, or `intl` for every one's), in order of name.

    Raises BadInput with every problem of every file, and for a jurisdiction without a pack.
    """
    return shelf.once(("rules", jurisdiction.lower()), lambda one: _pack(one, jurisdiction))


def _pack(shelf: Shelf, jurisdiction: str) -> tuple[Rule, ...]:
    root = shelf.path(FOLDER, jurisdiction.lower())
    if not root.is_dir():
        packs = sorted(path.name for path in (shelf.root / FOLDER).glob("*/"))
        text = f"no rules for '{jurisdiction}'; the shelf holds {either(packs) or 'none'}"
        raise BadInput.one(At(shelf.label(root)), "", text)
    parameters = _parameters(shelf)
    rules: list[Rule] = []
    problems: list[Problem] = []
    for path in sorted(root.glob("**/*.yaml")):
        try:
            rules.append(_rule(shelf, path, parameters))
        except BadInput as error:
            problems += error.problems
    if problems:
        raise BadInput(problems)
    return tuple(rules)


def load_packs(shelf: Shelf) -> tuple[Rule, ...]:
    """Read every pack of the shelf, the international one last. Raises BadInput."""
    folders = [path.name for path in (shelf.root / FOLDER).glob("*/")]
    ordered = sorted(folders, key=lambda name: (name == EVERYWHERE, name))
    return tuple(rule for name in ordered for rule in load_rules(shelf, name))


def rules_for(product: AssembledProduct) -> tuple[Rule, ...]:
    """Give the rules by which a product is judged. Raises BadInput as `load_for` does."""
    return load_for(product.shelf, product.product.jurisdiction)


def load_for(shelf: Shelf, jurisdiction: str) -> tuple[Rule, ...]:
    """Give the pack of a jurisdiction, then the international one.

    A jurisdiction that only international rules name has no pack of its own. Raises BadInput as
    `load_rules` does.
    """
    root = shelf.root / FOLDER
    everywhere = load_rules(shelf, EVERYWHERE) if (root / EVERYWHERE).is_dir() else ()
    named = any(jurisdiction in rule.applies.jurisdiction for rule in everywhere)
    if named and not (root / jurisdiction.lower()).is_dir():
        return everywhere
    return (*load_rules(shelf, jurisdiction), *everywhere)


def all_parameters(shelf: Shelf) -> Parameters:
    """Read every parameter of the shelf with its history. Raises BadInput."""
    files = sorted((shelf.root / "parameters").glob("*.yaml"))
    return unite(tuple(read(ParameterFile, shelf.nodes(path)) for path in files))


def _parameters(shelf: Shelf) -> dict[str, DatedValue]:
    """Give every parameter of the shelf as it first stood, for its name and type."""
    united = all_parameters(shelf)
    first = {name: entry.dated[0].since for name, entry in united.entries.items()}
    return {name: united.value(name, day) for name, day in first.items()}


def _rule(shelf: Shelf, path: Path, parameters: dict[str, DatedValue]) -> Rule:
    rule = read(Rule, shelf.nodes(path))
    name = path.relative_to(shelf.root / FOLDER).with_suffix("").as_posix()
    problems: list[Problem] = []
    if rule.rule != name:
        text = f"expected '{name}' as its path says, got '{rule.rule}'"
        problems.append(Problem(rule.place("rule"), "rule", text))
    scope = Vocabulary(rule.for_each, parameters)
    for word in rule.placeholders:
        known = (*PHRASE_WORDS, *TEXTS, *scope.names())
        if word not in known and scope.find(word) is None:
            text = f"unknown name '{{{word}}}'{nearest(word, known)}"
            problems.append(Problem(rule.place("says"), "says", text))
    for word in rule.phrase_parameters:
        if word not in parameters:
            text = f"unknown parameter '{{{word}}}'{nearest(word, parameters)}"
            problems.append(Problem(rule.place("within"), "within", text))
    if not problems:
        reads = bind(rule, Builder(), scope).reads | ({rule.within} if rule.within else set())
        reads |= set(rule.phrase_parameters)
        problems += _of_stages(rule, reads)
        problems += _in_force(rule, [parameters[name] for name in reads if name in parameters])
    if problems:
        raise BadInput(problems)
    return rule


def _of_stages(rule: Rule, reads: frozenset[str]) -> list[Problem]:
    """Hold that a rule reads facts of the definition and of the stage that it names, only."""
    found = []
    for name in sorted(reads):
        stage = name.partition(".")[0]
        if stage in ("rates", "wording", "figures") and stage != rule.facts:
            text = f"'{name}' is a fact of {stage}, and the rule is judged on {rule.facts}"
            found.append(Problem(rule.place("facts"), "facts", text))
    if rule.for_each and rule.facts != "rates":
        text = f"cells are facts of rates, and the rule is judged on {rule.facts}"
        found.append(Problem(rule.place("facts"), "facts", text))
    return found


def _in_force(rule: Rule, parameters: list[DatedValue]) -> list[Problem]:
    """Hold that every parameter has a value from the first day of the rule on."""
    return [
        Problem(
            rule.place("from"),
            "from",
            f"expected {entry.since} or later, the first day of '{entry.name}', got {rule.since}",
        )
        for entry in sorted(parameters, key=lambda entry: entry.name)
        if entry.since > rule.since
    ]
