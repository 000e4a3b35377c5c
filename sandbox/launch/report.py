"""The verdict for a person: what was judged, what was found, what the figures are."""

from product_factory.assembled import AssembledProduct
from sandbox.heads import portfolio_line
from sandbox.launch.finding import Finding
from sandbox.launch.verdict import Launch

ORDER = ("error", "undecided", "warning", "waived")


def report(launched: Launch) -> str:
    """Write the verdict as Markdown."""
    product = launched.product
    may = "may launch" if launched.passed else "may not launch"
    version = f"`{product.name} {product.product.version}`"
    effective = f"effective {product.product.effective}, judged for {product.on}"
    lines = [
        f"# {product.title.zh} {product.title.en}: {may}",
        "",
        f"{version}, {effective}, digest `{product.digest}`.",
        "",
        *_origin(product),
        "## Findings",
        "",
        *_findings(launched.findings),
        "",
        "## What was judged",
        "",
        *(f"- {name.replace('_', ' ')}: {count}" for name, count in launched.counts.items()),
        "",
        "## Law 1: the price is the mean of the simulation",
        "",
        "| cover | basis | profile | method | expected | bound | simulated | error | years |",
        "|---|---|---|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {' + '.join(law.group)} | {law.basis} | {law.profile} | {law.method} "
        f"| {law.expected:.4f} | {law.bound:.4f} | {law.simulated:.4f} | {law.error:.4f} "
        f"| {law.years:,} |"
        for law in launched.laws
    ]
    lines += ["", "## Gates", "", "| gate | segment | value | error | limit | verdict |"]
    lines += ["|---|---|---:|---:|---|---|"]
    for gate in launched.gates:
        least = f"≥ {gate.at_least:g}" if gate.at_least is not None else ""
        most = f"≤ {gate.at_most:g}" if gate.at_most is not None else ""
        lines.append(
            f"| {gate.name} | {gate.segment} | {gate.measured.value:.6g} "
            f"| {gate.measured.error:.2g} | {least} {most} | {gate.verdict} |"
        )
    lines += ["", "## Figures", "", "| figure | value | error |", "|---|---:|---:|"]
    lines += [
        f"| {name} | {one.value:.6g} | {one.error:.2g} |"
        for name, one in launched.run.measures.items()
    ]
    lines += [
        "",
        "## Scenarios",
        "",
        "| scenario | figure | measure | side | base | after | change | error |",
    ]
    lines += ["|---|---|---|---|---:|---:|---:|---:|"]
    lines += [
        f"| {one.scenario} | {one.figure} | {one.measure.kind} | {one.side} "
        f"| {one.base.value:.6g} | {one.shocked.value:.6g} | {one.difference.value:.4g} "
        f"| {one.difference.error:.2g} |"
        for one in launched.stressed
    ]
    lines += ["", "## What the bases leave out", ""]
    lines += [f"- {basis}: {line}, because {why}" for basis, line, why in launched.left_out] or [
        "- nothing"
    ]
    lines += ["", "## Illustrative tables", ""]
    lines += [f"- {name}" for name in launched.illustrative] or ["- none"]
    return "\n".join(lines) + "\n"


def _origin(product: AssembledProduct) -> list[str]:
    """Tell the parents, the overlays in force, and what they changed."""
    composed = product.composed
    lines = [f"- extends {above.name} {above.version}" for above in composed.ancestors]
    for change in composed.changed:
        became = f"{change.before or 'nothing'} → {change.after or 'nothing'}"
        lines.append(f"- overlay {change.overlay}, {change.deed} `{change.path}`: {became}, ")
        lines[-1] += f"because {change.because}"
    return [*lines, ""] if lines else []


def summary(launched: Launch) -> list[str]:
    """Give the verdict as lines: the portfolio, findings, what was judged, and the verdict."""
    product = launched.product
    counts = ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in launched.counts.items())
    verdict = "may launch" if launched.passed else "may NOT launch"
    return [
        portfolio_line(launched.run.portfolio),
        *map(str, launched.findings),
        f"judged: {counts}",
        f"{product.title.zh} {product.name} {product.product.version}: {verdict}",
    ]


def _findings(findings: tuple[Finding, ...]) -> list[str]:
    ordered = sorted(findings, key=lambda finding: ORDER.index(finding.severity))
    return [f"- {finding}" for finding in ordered] or ["- none"]
