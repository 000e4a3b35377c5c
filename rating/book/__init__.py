"""Books: many risks rated in blocks, from and to files or in memory."""

from rating.book.evaluate import Rated, evaluate
from rating.book.machine import Machine, prepare
from rating.book.rate import rate_book
from rating.book.result import BookResult
from rating.book.source import By, by_of, open_source
from rating.book.work import machine_of, steps_and

__all__ = [
    "BookResult",
    "By",
    "Machine",
    "Rated",
    "by_of",
    "evaluate",
    "machine_of",
    "open_source",
    "prepare",
    "rate_book",
    "steps_and",
]
