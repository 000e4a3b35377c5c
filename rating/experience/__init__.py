"""Rates from experience: lives observed → exposure and events → graduated rates and errors."""

from pathlib import Path

from product_factory.errors import BadInput
from product_factory.nodes import Node
from product_factory.tables import read_table
from rating.experience.records import read_records
from rating.experience.result import Result, investigate
from rating.experience.study import read_study

__all__ = ["Result", "fit_study", "investigate", "read_records", "read_study"]


def fit_study(study: Path | Node, data: Path, standard: Path | None = None) -> Result:
    """Read a study and its data, and investigate. Raises BadInput for whatever is wrong with them.

    study     its file, or what that says
    standard  the standard table, where the study blends with one; its file's name is the one named
    """
    stated = read_study(study)
    if stated.standard is not None and standard is None:
        text = f"expected the table '{stated.standard.table}'; name its file with --standard"
        raise BadInput.one(stated.standard.at, "standard", text)
    table = None
    if stated.standard is not None and standard is not None:
        if standard.stem != stated.standard.table or not standard.is_file():
            text = f"expected the file {stated.standard.table}.csv, got {standard}"
            raise BadInput.one(stated.standard.at, "standard.table", text)
        table = read_table(standard.read_text("utf-8"), standard.stem, standard.as_posix())
    return investigate(stated, read_records(stated, data), table)
