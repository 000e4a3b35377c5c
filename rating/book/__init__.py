"""Books: many risks rated in blocks, from and to files or in memory."""

from rating.book.evaluate import Rated, evaluate
from rating.book.machine import Machine, prepare
from rating.book.rate import BookResult, machine_of, rate_book

__all__ = ["BookResult", "Machine", "Rated", "evaluate", "machine_of", "prepare", "rate_book"]
