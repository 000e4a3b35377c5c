"""Reinsurance: one contract kind, one file; a programme applies them in inuring order."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from sandbox.reinsurance.excess_of_loss import ExcessOfLoss
from sandbox.reinsurance.net import net_table
from sandbox.reinsurance.occurrences import Occurrences
from sandbox.reinsurance.programme import Contract, Programme, Settlement, Stage
from sandbox.reinsurance.quota_share import QuotaShare

ContractKind: TypeAlias = type[QuotaShare | ExcessOfLoss]

CONTRACTS: Mapping[str, ContractKind] = MappingProxyType(
    {"excess_of_loss": ExcessOfLoss, "quota_share": QuotaShare}
)
"""Every kind of contract by the word that stands after `kind:`."""

__all__ = [
    "CONTRACTS",
    "Contract",
    "ContractKind",
    "ExcessOfLoss",
    "Occurrences",
    "Programme",
    "QuotaShare",
    "Settlement",
    "Stage",
    "net_table",
]
