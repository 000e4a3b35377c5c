"""The small print of a plot: what was simulated."""

from sandbox.results.manifest import Manifest
from sandbox.results.plots.canvas import Language, readable
from sandbox.sampling import PLAIN


def note(manifest: Manifest, language: Language) -> str:
    """Give rows, seed, basis, scenario, product hash and version in one line."""
    scenario = manifest.scenario or readable({"zh": "无", "en": "none"}, language)
    short = manifest.product_hash[:12]
    if manifest.sampling != PLAIN.KIND:
        scenario = f"{scenario} · {manifest.sampling}"
    rows = "个模拟年" if manifest.kind == "annual" else "次全期模拟"
    return readable(
        {
            "zh": f"{manifest.years:,} {rows} · 随机种子 {manifest.seed} · 基础 "
            f"{manifest.basis} · 情景 {scenario} · 产品 {short} · Covercast {manifest.version}",
            "en": f"{manifest.years:,} simulated "
            f"{'years' if manifest.kind == 'annual' else 'run-offs'} · seed {manifest.seed} · "
            f"basis {manifest.basis} · scenario {scenario} · product {short} · "
            f"Covercast {manifest.version}",
        },
        language,
    )
