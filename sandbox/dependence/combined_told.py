"""Products together, told to a person or a program."""

from collections.abc import Iterator, Mapping

from product_factory.json_text import json_text
from sandbox.dependence.combine import Combined, joint_parquet
from sandbox.dependence.told import diversification_lines, diversification_told
from sandbox.measures import Mean, Sample
from sandbox.measures.told import doubts, mark, within
from sandbox.results.plots import Language
from sandbox.results.plots.diversification import diversification_png

WORDS: Mapping[str, Mapping[str, str]] = {
    "head": {
        "zh": "{products} 个产品，{years:,} 年",
        "en": "{products} products, {years:,} years",
    },
    "mean": {"zh": "均值", "en": "mean"},
    "seed": {"zh": "种子 {seed}", "en": "seed {seed}"},
    "scenario": {"zh": "，情景 {name}", "en": ", scenario {name}"},
    "reordered": {"zh": "由 {name} 重新排序：{lines}", "en": "reordered by {name}: {lines}"},
}


def combined_told(done: Combined) -> dict[str, object]:
    """Give products together as plain values."""
    return {
        "years": len(done.total),
        "runs": {
            name: {
                "product_hash": run.recorded.product_hash,
                "sha256": run.sha256,
                "seed": run.recorded.seed,
                "scenario": run.recorded.scenario,
                "mean": Mean().measure(Sample(run.paid)).value,
            }
            for name, run in done.runs.items()
        },
        "dependence": "" if done.file is None else done.file.says.dependence,
        "dependence_hash": "" if done.file is None else done.file.digest,
        "reordered": {name: list(lines) for name, lines in done.orders.items()},
        "diversification": diversification_told(done.found),
    }


def joint_files(done: Combined, language: Language) -> dict[str, bytes]:
    """Give the years, the figures and the picture by name."""
    names = " + ".join(done.runs)
    seeds = ", ".join(dict.fromkeys(str(run.recorded.seed) for run in done.runs.values()))
    run = "" if done.file is None else done.file.says.dependence, len(done.total), seeds
    title = {"zh": names, "en": names}
    return {
        "joint.parquet": joint_parquet(done),
        "joint.json": f"{json_text(combined_told(done))}\n".encode(),
        "joint.png": diversification_png(done.found, done.currency, run, language, title),
    }


def combined_lines(done: Combined, language: Language = "en") -> Iterator[str]:
    """Tell products together, within 80 columns."""
    says = {key: texts[language] for key, texts in WORDS.items()}
    yield says["head"].format(products=len(done.runs), years=len(done.total))
    means = {name: Mean().measure(Sample(run.paid)) for name, run in done.runs.items()}
    for name, mean in means.items():
        error = f"{within(mean.error, 4, language)}{mark(mean)}"
        yield f"  {name:<33} {says['mean']} {mean.value:>18,.4f} {error}"
        recorded = done.runs[name].recorded
        scenario = says["scenario"].format(name=recorded.scenario) if recorded.scenario else ""
        yield f"    {says['seed'].format(seed=recorded.seed)}{scenario}"
    yield from doubts((mean.why for mean in means.values()), language)
    for name, lines in done.orders.items():
        yield says["reordered"].format(name=name, lines=", ".join(lines))
    yield from diversification_lines(done.found, language)
