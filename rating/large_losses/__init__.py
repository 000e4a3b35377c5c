"""The load for large losses: what experience capped at a threshold lacks."""

from rating.large_losses.load import Load, load_of
from rating.large_losses.specification import LargeLossSpec, read_amounts

__all__ = ["LargeLossSpec", "Load", "load_of", "read_amounts"]
