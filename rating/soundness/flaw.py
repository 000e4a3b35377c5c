"""What is wrong with a tariff, in both languages."""

from dataclasses import dataclass

from product_factory.errors import At


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong.

    name     of the step, the line of `accepts` or the choice that it is about
    sure     whether it does harm for certain; else it is worth a look
    sources  where the values stand that it is about
    """

    name: str
    sure: bool
    zh: str
    en: str
    at: At
    sources: tuple[At, ...] = ()
