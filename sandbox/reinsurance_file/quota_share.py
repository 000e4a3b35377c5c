"""Quota share; see `reinsurance/quota_share.py`."""

from typing import Literal

from sandbox.reinsurance_file.base import Ceded, ProportionalLine


class QuotaShareLine(ProportionalLine):
    """`{kind: quota_share, name: quota, cession: 30%}`."""

    kind: Literal["quota_share"]
    cession: Ceded
