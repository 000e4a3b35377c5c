"""The kinds of modules: each states what a module of its kind must look like, and its laws."""

from product_factory.coverages.base import Coverage
from product_factory.coverages.exclusion import EXCLUSION
from product_factory.coverages.indemnity import INDEMNITY
from product_factory.coverages.lump_sum import LUMP_SUM
from product_factory.coverages.provision import PROVISION
from product_factory.coverages.rider import RIDER
from product_factory.coverages.scheduled import SCHEDULED

COVERAGES: dict[str, Coverage] = {
    kind.name: kind for kind in (LUMP_SUM, INDEMNITY, SCHEDULED, EXCLUSION, PROVISION, RIDER)
}
