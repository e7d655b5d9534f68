"""A table in the columns of the format as the rows of an edition: for publishers who print a page of figures, not a workbook."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from carbonledger.factors.diff import paired_factors
from carbonledger.factors.editions import unsealed_edition
from carbonledger.factors.factor import Edition, Factor
from carbonledger.factors.own import new_edition
from carbonledger.publishers.join import Joined
from carbonledger.publishers.layout import Counterpart
from carbonledger.publishers.refresh import EditionRow, Refreshed

__all__ = ["refresh_table"]

_COUNTED = re.compile(r"row-\d+")


def refresh_table(source: Path, series: str, version: str, neighbours: Sequence[Edition]) -> Refreshed:
    """The rows of an edition from a table that has the columns of the format.

    Parameters
    ----------
    source : Path
        A CSV or workbook, as ``factors new --from`` reads it.
    series, version : str
        Of the edition.
    neighbours : sequence of Edition
        Editions of other years, the nearest first: a row without a factor id keeps that of the same figure.

    Returns
    -------
    Refreshed
        Nothing is written.

    Raises
    ------
    EditionError
        If the table cannot be read.
    """
    with TemporaryDirectory() as folder:
        new_edition(series, version=version, folder=Path(folder), source=source)
        edition = unsealed_edition(f"{series}@{version}", Path(folder))
    same = {
        new.factor_id: old for old, new in paired_factors(neighbours[0], edition) if old is not None and new is not None
    }
    rows = [_row(dict(zip(edition.header, cells, strict=True)), same) for cells in edition.rows]
    return Refreshed(
        version=version,
        previous=neighbours[0],
        columns=edition.header,
        last_place=Decimal(),
        rows_in=len(rows),
        rows=tuple(rows),
        left_out=(),
    )


def _row(cells: dict[str, str], same_by_id: dict[str, Factor]) -> EditionRow:
    """One row of the table."""
    same = same_by_id.get(cells["factor_id"])
    if same is not None and _COUNTED.fullmatch(cells["factor_id"]):
        cells = {**cells, "factor_id": same.factor_id}
    is_known = same is not None or cells["activity"]
    meaning = Counterpart(cells["activity"], cells.get("variant", ""), cells["region"]) if is_known else None
    return EditionRow(cells, Joined(same, meaning))
