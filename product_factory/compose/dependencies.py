"""What modules require of one another, and what they forbid.

Where both are always in force it is told at once; where one of them is optional it becomes a line
of `accepts`, so that nobody can choose what does not go together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from product_factory import versions
from product_factory.compose.made import Said, made
from product_factory.declared import Accepts
from product_factory.errors import At, Problem
from product_factory.module import Module
from product_factory.product import Product, Use
from product_factory.strict import read

KINDS = ("covers", "exclusions", "provisions", "riders")


@dataclass
class Dependencies:
    """The lines of `accepts` and the problems that dependencies give rise to."""

    product: Product
    modules: Mapping[str, Module]
    lines: list[Accepts] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def judge(self) -> None:
        """Judge every `requires` and `forbids` of every module in use."""
        for path, use in self._uses():
            module = self.modules[use.alias]
            for reference in module.requires:
                self._requires(path, use, reference, module.place("requires"))
            for reference in module.forbids:
                self._forbids(path, use, reference, module.place("forbids"))

    def _uses(self) -> Iterator[tuple[str, Use]]:
        for kind in KINDS:
            for place, use in enumerate(getattr(self.product, kind)):
                if use.alias in self.modules:
                    yield f"{kind}[{place}]", use

    def _of(self, reference: str) -> list[tuple[str, Use]]:
        name, wanted = versions.split(reference)
        return [
            (path, use)
            for path, use in self._uses()
            if versions.split(use.use)[0] == name
            and versions.satisfies(self.modules[use.alias].version, wanted)
        ]

    def _requires(self, path: str, use: Use, reference: str, at: At) -> None:
        found = self._of(reference)
        said = f"'{versions.split(use.use)[0]}' requires {reference} ({at})"
        if not found:
            text = f"{said}; use it too, or leave this one out"
            self.problems.append(Problem(use.place("use"), path, text))
        elif all(other.optional for _, other in found):
            if not use.optional:
                text = f"{said}, which is optional at {found[0][1].at}; it cannot be"
                self.problems.append(Problem(use.place("use"), path, text))
                return
            one_of = " or ".join(other.alias for _, other in found)
            self._line(f"{use.alias}_requires_{found[0][1].alias}", use, found[0][1], one_of, at)

    def _forbids(self, path: str, use: Use, reference: str, at: At) -> None:
        for _, other in self._of(reference):
            if use.optional and other.optional:
                require = f"not {other.alias}"
                self._line(f"{use.alias}_forbids_{other.alias}", use, other, require, at)
                continue
            said = f"'{versions.split(use.use)[0]}' forbids {reference} ({at})"
            text = f"{said}, which stands at {other.at}; leave one of them out"
            self.problems.append(Problem(use.place("use"), path, text))

    def _line(self, name: str, use: Use, other: Use, require: str, at: At) -> None:
        titles = [u.title or self.modules[u.alias].title for u in (use, other)]
        (one, two), goes = titles, "不能与" if require.startswith("not") else "须与"
        end = "同时选择" if goes == "不能与" else "一并选择"
        verb = "cannot be chosen with" if goes == "不能与" else "can only be chosen with"
        says: Said = {"zh": f"{one.zh}{goes}{two.zh}{end}", "en": f"{one.en} {verb} {two.en}"}
        when: Said = {use.alias: "yes"}
        node: Said = {"name": name, "when": when, "require": require, "says": says}
        self.lines.append(read(Accepts, made(at, node)))
