"""Reinsurance: one contract kind, one file; a programme applies them in inuring order."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from sandbox.reinsurance.excess_of_loss import ExcessOfLoss
from sandbox.reinsurance.exposure import NO_EXPOSURE, Exposure
from sandbox.reinsurance.facultative import Facultative
from sandbox.reinsurance.net import net_table
from sandbox.reinsurance.occurrences import Occurrences
from sandbox.reinsurance.programme import Contract, Programme, Stage
from sandbox.reinsurance.quota_share import QuotaShare
from sandbox.reinsurance.settlement import Settlement
from sandbox.reinsurance.stop_loss import StopLoss
from sandbox.reinsurance.surplus import Surplus

ContractKind: TypeAlias = type[QuotaShare | Surplus | Facultative | ExcessOfLoss | StopLoss]

CONTRACTS: Mapping[str, ContractKind] = MappingProxyType(
    {
        "excess_of_loss": ExcessOfLoss,
        "facultative": Facultative,
        "quota_share": QuotaShare,
        "stop_loss": StopLoss,
        "surplus": Surplus,
    }
)
"""Every kind of contract by the word that stands after `kind:`."""

__all__ = [
    "CONTRACTS",
    "NO_EXPOSURE",
    "Contract",
    "ContractKind",
    "ExcessOfLoss",
    "Exposure",
    "Facultative",
    "Occurrences",
    "Programme",
    "QuotaShare",
    "Settlement",
    "Stage",
    "StopLoss",
    "Surplus",
    "net_table",
]
