"""The programme of a business, put to the run-offs of long-term products.

Each product's run knows what contracts take of its lives; a contract of the year sees the policy
years of all, which are counted from the day of the run. See `sandbox/run_off_settlement.py`.
"""

from collections.abc import Mapping

import numpy as np

from product_factory.errors import BadInput, BadValue
from sandbox.business.protection import Ceded, WholeProgramme
from sandbox.loss_table import LossTable
from sandbox.reinsurance import net_table
from sandbox.run_off_settlement import RunOffs, added_up, settle_run_offs
from sandbox.simulate.ceding import Taken


def ceded_run_offs(
    whole: WholeProgramme,
    table: LossTable,
    tables: Mapping[str, LossTable],
    taken: Mapping[str, Taken],
    rates: Mapping[str, float],
) -> Ceded:
    """Settle the run-offs of all products. Raises BadInput for what no programme can settle.

    table  of all together;  tables: product → its own, both in the currency of the business
    """
    products = {}
    for name, covers in whole.covers.items():
        gross = np.zeros(table.years)
        for cover in covers:
            gross += tables[name].paid[:, tables[name].columns.index(cover)]
        products[name] = RunOffs(gross, taken[name], rates[name])
    try:
        settled = settle_run_offs(whole.programme.stages, tuple(products.values()))
    except BadValue as error:
        at = whole.file.place("contracts")
        raise BadInput.one(at, "reinsurance.contracts", str(error)) from None
    swept = whole.programme.swept
    nets = {
        name: net_table(tables[name], swept(own, tables[name].premium), whole.covers[name])
        for name, own in zip(products, settled, strict=True)
    }
    # what is swept is off the grid, and adds up exactly no more: the sum is swept for itself
    together = swept(added_up(settled), table.premium, len(settled))
    net = net_table(table, together, whole.columns)
    left = {name: nets.get(name, one).total() for name, one in tables.items()}
    return Ceded(net, together, left, nets)
