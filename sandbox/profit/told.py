"""A profit test told to a person or a program."""

from sandbox.profit.sensitivity import ProfitTable

SHOWN = 10


def profit_told(table: ProfitTable) -> dict[str, object]:
    """Give a profit test as plain values for JSON."""
    test, rates = table.base.test, table.base.interest.tolist()
    return {
        "risk_discount": table.risk_discount,
        "interest": rates[0] if len(set(rates)) == 1 else rates,
        "vector": test.vector.tolist(),
        "signature": test.signature.tolist(),
        "reserves": table.base.reserves.tolist(),
        "pols_if": table.base.flows.in_force.tolist(),
        "premiums": table.base.flows.premiums.tolist(),
        "expenses": table.base.flows.expenses.tolist(),
        "claims": table.base.flows.claims.tolist(),
        "npv": test.npv,
        "irr": test.irr.rate,
        "irr_said": test.irr.said,
        "margin": test.margin,
        "payback": test.payback,
        "strain": test.strain,
        "npv_no_lapse": table.no_lapse,
        "lapse_supported": table.lapse_supported,
        "sensitivities": [
            {
                "assumption": one.name,
                "low": one.low,
                "high": one.high,
                "npv_low": one.npv_low,
                "npv_high": one.npv_high,
            }
            for one in table.moved
        ],
    }


def profit_lines(table: ProfitTable) -> list[str]:
    """Give a profit test as lines: the first years, the figures, what moves them."""
    test, flows = table.base.test, table.base.flows
    low, high = table.base.interest.min(), table.base.interest.max()
    by_year = f"{low * 100:.4g}% to {high * 100:.4g}% by policy year"
    head = f"per policy sold; interest {f'{low * 100:g}%' if low == high else by_year}"
    names = f"{'year':>4} {'in force':>9} {'premium':>12} {'expense':>11} {'claims':>12}"
    found = [f"{head}, discounted at {table.risk_discount * 100:g}%", f"{names} {'profit':>12}"]
    for year in range(min(SHOWN, len(flows.premiums))):
        line = f"{year + 1:>4} {flows.in_force[year]:>9.4f} {flows.premiums[year]:>12,.2f}"
        line += f" {flows.expenses[year]:>11,.2f} {flows.claims[year]:>12,.2f}"
        found.append(f"{line} {test.signature[year + 1]:>12,.2f}")
    if len(flows.premiums) > SHOWN:
        found.append(f"   … {len(flows.premiums) - SHOWN} more years (--json has them all)")
    rate = test.irr.rate
    why = f" ({test.irr.said})" if rate is None else ""
    back = (
        "never" if test.payback is None else f"year {test.payback}" if test.payback else "at once"
    )
    found += [
        f"NPV {test.npv:,.2f}; margin {_share(test.margin)} of premiums",
        f"IRR {_share(rate)}{why}; payback {back}; new business strain {test.strain:,.2f}",
        "NPV with one assumption moved, the widest first:",
    ]
    for one in table.moved:
        line = f"  {one.name:<10} {one.low:>6} {one.npv_low:>14,.2f}"
        found.append(f"{line}   {one.high:>6} {one.npv_high:>14,.2f}")
    said = "lapse-supported: it loses without" if table.lapse_supported else "needs no lapse"
    return [*found, f"  no lapse   {'':>6} {table.no_lapse:>14,.2f}   {said}"]


def _share(value: float | None) -> str:
    return "none" if value is None else f"{value * 100:.2f}%"
