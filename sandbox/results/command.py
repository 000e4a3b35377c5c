"""The command that makes a run or a study again, as its manifest has it.

It is made of the manifest alone, so that it is the same wherever, and by whatever words, the run
was asked for: no path of a machine, no threads, no folder for results. What was read from files
that are kept beside the results is named by these files: it is to be run in that folder, where the
book stands too, if there is one.
"""

import shlex
from collections.abc import Iterable, Mapping

from sandbox.results.manifest import Manifest, StudyManifest

GENERATED = "generated:"
VERBS: Mapping[str, str] = {"adequacy": "adequacy", "backtest": "backtest"}
"""Study → its verb, where that is not `stress`."""
BESIDE = {"history": "history.csv", "claims": "claims.csv"}
"""Option of `backtest` → what its file is called beside the results."""
DEPENDENCE, BUSINESS = "dependence.yaml", "business.yaml"
JOINS = "+"


def command_of(manifest: Manifest, files: Iterable[str]) -> list[str]:
    """Give the words; files: the names of the data files beside the manifest."""
    names = frozenset(files)
    if isinstance(manifest, StudyManifest):
        return _study(manifest, names)
    given = BUSINESS if BUSINESS in names else manifest.product
    study: Mapping[str, str] | None = getattr(manifest, "options", None)
    if study is not None:
        work = f"--years {manifest.years} --seed {manifest.seed}".split()
        words = ["covercast", "stress", given, *work, *_on(manifest)]
        return [*words, *_scenarios(study["scenarios"], names)]
    years = manifest.years
    if manifest.horizon is not None and manifest.kind == "annual":
        years *= manifest.horizon
    words = ["covercast", "simulate", given, *_book(manifest), "--years", f"{years}"]
    words += ["--seed", f"{manifest.seed}", "--basis", manifest.basis]
    if manifest.scenario:
        words += ["--scenario", _scenario(manifest.scenario, names)]
    if manifest.dependence:
        words += ["--dependence", DEPENDENCE]
    words += _on(manifest)
    for name in manifest.by:
        words += ["--by", ",".join(name)]
    if manifest.horizon is not None:
        words += ["--horizon", f"{manifest.horizon}"]
    for option, texts in (("--measure", manifest.measures), ("--allocate", manifest.allocate)):
        for text in texts:
            words += [option, _yaml(text)]
    words += ["--sizes", manifest.sizes] if manifest.sizes else []
    return [*words, *(["--sampling", manifest.sampling] if manifest.sampling != "plain" else [])]


def command_line(manifest: Manifest, files: Iterable[str]) -> str:
    """Give the command as a shell takes it."""
    return shlex.join(command_of(manifest, files))


def _study(manifest: StudyManifest, names: frozenset[str]) -> list[str]:
    kind, options = manifest.study, dict(manifest.options)
    words = ["covercast", VERBS.get(kind, "stress"), manifest.product]
    if kind == "backtest":
        words.append(BESIDE["history"])
        del options["history"]
    words += [*_book(manifest), "--years", f"{manifest.years}", "--seed", f"{manifest.seed}"]
    words += _on(manifest)
    if kind == "sobol":
        words += ["--sobol", options.pop("points")]
    elif kind == "tornado":
        words.append("--tornado")
    elif kind == "scenarios":
        words += _scenarios(options.pop("scenarios"), names)
    for name, value in options.items():
        words += [f"--{name}", BESIDE.get(name, value)]
    for name, text in manifest.asked.items():
        words += [f"--{name}", _yaml(text)]
    return words


def _scenarios(said: str, names: frozenset[str]) -> list[str]:
    """Give the options of a stress test; said: its scenarios, apart by commas."""
    words: list[str] = []
    for name in filter(None, said.split(", ")):
        words += ["--scenario", _scenario(name, names)]
    return words + (["--dependence", DEPENDENCE] if DEPENDENCE in names else [])


def _book(manifest: Manifest) -> list[str]:
    """Give the name of the book, nothing where policies were generated."""
    if manifest.portfolio.startswith(GENERATED):
        return []
    name = manifest.portfolio.rpartition(", sha256 ")[0]
    return [name] if name else []


def _on(manifest: Manifest) -> list[str]:
    return ["--on", manifest.on] if manifest.on else []


def _scenario(name: str, names: frozenset[str]) -> str:
    """Give a scenario as it is asked for: those of the user by the files that are kept of them."""
    kept = ((part, f"scenario_{part}.yaml") for part in name.split(JOINS))
    return JOINS.join(file if file in names else part for part, file in kept)


def _yaml(text: str) -> str:
    """Give YAML as an option takes it; what was in a file has more than one line."""
    inline = text.lstrip().startswith(("{", "[")) or "\n" in text
    return text if inline else f"{text}\n"


__all__ = ["command_line", "command_of"]
