"""Credibility of groups: what each one's own experience counts for (Bühlmann, Bühlmann-Straub)."""

from rating.credibility.groups import Groups, credibility
from rating.credibility.specification import CredibilitySpec, read_groups

__all__ = ["CredibilitySpec", "Groups", "credibility", "read_groups"]
