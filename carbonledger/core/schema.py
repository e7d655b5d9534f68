"""Columns of the entries frame and of the lines frame: name, dtype, unit and meaning, read from ``schema.csv``.

The lines frame has the columns of the entries that were calculated and those of `LINE_SCHEMA` after them.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources

__all__ = ["ENTRY_SCHEMA", "LINE_SCHEMA", "Column", "gas_column", "line_columns"]

_OF_EACH_GAS = "each gas"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a frame.

    Parameters
    ----------
    name : str
        Of the column.
    dtype : str
        ``str``, ``int64``, ``float64`` or ``date``.
    unit : str
        Of its numbers; empty for text and counts.
    meaning_en, meaning_zh : str
        What a cell holds, in English and Chinese.
    is_identity : bool
        Whether two entries that differ here are different entries.
    presence : str
        ``always``; ``each gas`` for the pattern of the columns of gases; ``consolidated`` after a consolidation only.
    """

    name: str
    dtype: str
    unit: str
    meaning_en: str
    meaning_zh: str
    is_identity: bool
    presence: str

    @property
    def pandas_dtype(self) -> str:
        """The dtype in a pandas frame, where dates are objects."""
        return "object" if self.dtype == "date" else self.dtype


def _columns_of(frame: str) -> tuple[Column, ...]:
    """The columns of a frame, in their order."""
    text = resources.files("carbonledger.core").joinpath("schema.csv").read_text(encoding="utf-8")
    return tuple(
        Column(
            name=row["name"],
            dtype=row["dtype"],
            unit=row["unit"],
            meaning_en=row["meaning_en"],
            meaning_zh=row["meaning_zh"],
            is_identity=row["identity"] == "yes",
            presence=row["presence"],
        )
        for row in csv.DictReader(text.splitlines())
        if row["frame"] == frame
    )


ENTRY_SCHEMA = _columns_of("entries")
LINE_SCHEMA = _columns_of("lines")


def gas_column(gas: str) -> str:
    """The name of the column that holds the tonnes of a gas.

    Examples
    --------
    >>> gas_column("CO2"), gas_column("HFC-134a")
    ('co2_t', 'hfc_134a_t')
    """
    return gas.lower().replace("-", "_").replace(" ", "_") + "_t"


def line_columns(gases: Sequence[str], *, is_consolidated: bool = False) -> tuple[Column, ...]:
    """The columns that a calculation adds to those of the entries, in their order.

    Parameters
    ----------
    gases : sequence of str
        The gases of the plan.
    is_consolidated : bool
        Whether the lines were multiplied by shares of a consolidation.

    Returns
    -------
    tuple of Column

    Examples
    --------
    >>> [column.name for column in line_columns(["CO2", "CH4"])][3:7]
    ['energy_gj', 'co2_t', 'ch4_t', 'emissions_tco2e']
    """
    columns: list[Column] = []
    for column in LINE_SCHEMA:
        if column.presence == _OF_EACH_GAS:
            columns += [replace(column, name=gas_column(gas)) for gas in gases]
        elif column.presence == "always" or is_consolidated:
            columns.append(column)
    return tuple(columns)
