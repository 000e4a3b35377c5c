"""Exports: a product as plain data for a policy system, with cases that it must reproduce."""

from rating.export.export import CASES, Exported, export

__all__ = ["CASES", "Exported", "export"]
