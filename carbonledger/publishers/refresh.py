"""From a publisher's workbook to the rows of an edition: every row enters or is left out for a stated reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from carbonledger.factors.factor import COLUMNS, OPTIONAL_COLUMNS, Edition, Factor
from carbonledger.factors.gwp import read_gwp
from carbonledger.publishers.flat_file import PublishedRow
from carbonledger.publishers.join import Join, Joined, join_of
from carbonledger.publishers.layout import Layout, SheetFacts

__all__ = ["EditionRow", "LeftOut", "Refreshed", "refresh"]

_NOT_A_NUMBER = "text instead of a number"
_EMPTY = "empty"
_UNKNOWN_LABEL = "a label that the layout does not know"
_DIGITS = Context(prec=15)
# Totals and biogenic CO2 are not divided by a GWP, nor is energy.
_UNDIVIDED = frozenset({"CO2e", "CO2", "CO2 biogenic", ""})
_WORDS = (("%", " percent "), (">", " over "), ("<", " under "))


@dataclass(frozen=True, slots=True)
class EditionRow:
    """A row of the new edition.

    Parameters
    ----------
    cells : mapping of str to str
        By column of the format.
    joined : Joined
        What other years say of it.
    """

    cells: Mapping[str, str]
    joined: Joined

    @property
    def printed(self) -> Decimal:
        """The figure as printed."""
        return Decimal(self.cells.get("published_value") or self.cells["value"])

    @property
    def name(self) -> str:
        """What the publisher calls it, and in which unit."""
        return f"{self.cells.get('publisher_path') or self.cells['factor_id']} {self.cells['unit']}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row of the publisher that is not in the edition, and why; `label` is the one that is not known."""

    published: PublishedRow
    reason: str
    label: str = ""


@dataclass(frozen=True)
class Refreshed:
    """A publisher's file as the rows of an edition.

    Parameters
    ----------
    version : str
        Of the edition.
    previous : Edition
        Last year's.
    columns : tuple of str
        The columns of the edition.
    last_place : Decimal
        One unit of the decimal place to which most figures are rounded; 0 if nobody knows.
    rows_in : int
        Rows of the file.
    rows : tuple of EditionRow
        Rows of the edition, in the order of the file.
    left_out : tuple of LeftOut
        The rest of the file.
    """

    version: str
    previous: Edition
    columns: tuple[str, ...]
    last_place: Decimal
    rows_in: int
    rows: tuple[EditionRow, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def reasons(self) -> dict[str, int]:
        """How many rows are left out by reason, the most frequent first."""
        counts: dict[str, int] = {}
        for item in self.left_out:
            counts[item.reason] = counts.get(item.reason, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: -item[1]))

    @property
    def gone(self) -> list[Factor]:
        """Last year's figures that the new file has no longer."""
        kept = {row.joined.same.reference for row in self.rows if row.joined.same is not None}
        return [item for item in self.previous.factors() if item.reference not in kept]

    @property
    def new(self) -> list[EditionRow]:
        """Rows that no other year has."""
        return [row for row in self.rows if row.joined.same is None]

    @property
    def renamed(self) -> list[EditionRow]:
        """Rows whose path has other words than in the year that they are joined to."""
        return [
            row
            for row in self.rows
            if row.joined.same is not None and row.joined.same.publisher_path != row.cells.get("publisher_path", "")
        ]


def refresh(
    rows: Sequence[PublishedRow],
    layout: Layout,
    version: str,
    neighbours: Sequence[Edition],
    *,
    confidence: str = "high",
) -> Refreshed:
    """The rows of an edition from those of a publisher's file.

    Parameters
    ----------
    rows : sequence of PublishedRow
        As read from the file.
    layout : Layout
        Of the file.
    version : str
        Of the edition; begins with the year.
    neighbours : sequence of Edition
        Editions of other years, one at least and the nearest first: they say what a row means, and which factor id it keeps.
    confidence : str
        ``high`` or ``medium``.

    Returns
    -------
    Refreshed
        Nothing is written.
    """
    maker = _Maker(layout, version, join_of(layout, neighbours), confidence)
    made = [maker.row(row) for row in rows]
    has_ids = any(row.publisher_id for row in rows)
    return Refreshed(
        version=version,
        previous=neighbours[0],
        columns=(*COLUMNS, *(name for name in OPTIONAL_COLUMNS if has_ids or name != "publisher_id")),
        last_place=Decimal(layout.last_place),
        rows_in=len(rows),
        rows=tuple(row for row in made if isinstance(row, EditionRow)),
        left_out=tuple(row for row in made if isinstance(row, LeftOut)),
    )


@dataclass(frozen=True, slots=True)
class _Maker:
    """What makes rows of one year."""

    layout: Layout
    version: str
    join: Join
    confidence: str

    @property
    def year(self) -> int:
        """The year of the figures."""
        return int(self.version[:4])

    def row(self, row: PublishedRow) -> EditionRow | LeftOut:
        """A row of the edition, or why there is none."""
        if not row.value:
            return LeftOut(row, _NOT_A_NUMBER if row.text else _EMPTY)
        decided = self.layout.decision(self.year, row.path, row.unit, row.value)
        if decided is not None and decided.leave_out:
            return LeftOut(row, decided.leave_out)
        sheet, unknown = self._known(row)
        if sheet is None or unknown:
            return LeftOut(row, _UNKNOWN_LABEL, unknown)
        return self._made(row, sheet, "" if decided is None else decided.note)

    def _known(self, row: PublishedRow) -> tuple[SheetFacts | None, str]:
        """The facts of a row's sheet, and the label that is not known."""
        sheet = self.layout.sheet_facts(row.sheet, self.year)
        if sheet is None:
            return None, row.sheet
        if row.unit.lower() not in self.layout.units:
            return sheet, row.unit or "(no unit)"
        if row.scope not in self.layout.scopes:
            return sheet, row.scope or "(no scope)"
        if sheet.parameter == self.layout.energy_parameter:
            return sheet, ""
        gas = self.layout.gases.get(row.gas.lower(), (None,))[0]
        is_known = gas is not None and (gas in _UNDIVIDED or sheet.gas or sheet.gwp_basis in self.layout.gwp)
        return sheet, "" if is_known else f"{row.gas or '(no gas)'} ({row.sheet})"

    def _made(self, row: PublishedRow, sheet: SheetFacts, note: str) -> EditionRow:
        """A row whose labels are all known."""
        measured, value = self._measured(row, sheet)
        joined = self.join.of(row.publisher_id, row.path, {"parameter": sheet.parameter, **measured})
        meaning = joined.meaning
        place = row.publisher_id or f"row {row.number}"
        cells = {
            **measured,
            **value,
            "factor_id": self._factor_id(row, measured["gas"], joined.same),
            "activity": "" if meaning is None else meaning.activity,
            "variant": "" if meaning is None else meaning.variant,
            "region": self.layout.region if meaning is None else meaning.region,
            "parameter": sheet.parameter,
            "boundary": sheet.boundary,
            "data_year": str(self.year),
            "scope": self.layout.scopes[row.scope],
            "source_locator": f"{self.layout.locator}, {place}",
            "confidence": self.confidence,
            "note": note,
            "gwp_basis": sheet.gwp_basis,
            "publisher_path": row.path,
            "publisher_id": row.publisher_id,
        }
        return EditionRow(cells, joined)

    def _measured(self, row: PublishedRow, sheet: SheetFacts) -> tuple[dict[str, str], dict[str, str]]:
        """Gas, unit and heating value; and the value, per gas as a mass of the gas."""
        denominator, of_unit = self.layout.units[row.unit.lower()]
        unknown = ("", "kWh", "") if sheet.parameter == self.layout.energy_parameter else ("", "", "")
        gas, numerator, of_gas = self.layout.gases.get(row.gas.lower(), unknown)
        if sheet.parameter == self.layout.energy_parameter and gas:
            gas, numerator = "", "kWh"
        gas = sheet.gas or gas
        measured = {"gas": gas, "unit": f"{numerator}/{denominator}", "heating_value": of_unit or of_gas}
        if gas in _UNDIVIDED:
            return measured, {"value": row.value}
        potential = read_gwp(self.layout.gwp[sheet.gwp_basis]).of(gas).value_text
        published = {"published_value": row.value, "published_unit": f"kg CO2e/{denominator}"}
        return measured, {"value": _divided(row.value, potential), **published}

    def _factor_id(self, row: PublishedRow, gas: str, same: Factor | None) -> str:
        """The publisher's id, else that of the same figure in another year, else the words of the path."""
        if row.publisher_id:
            return f"row-{row.publisher_id}"
        if same is not None and not same.publisher_id and not self.layout.has_stray_level(same.publisher_path):
            return same.factor_id
        return "-".join(_words(part) for part in (row.path, row.unit, gas or "energy"))


def _divided(value: str, by: str) -> str:
    """A quotient with 15 significant digits, written without an exponent; 0 stays 0."""
    quotient = _DIGITS.divide(Decimal(value), Decimal(by))
    return "0" if quotient == 0 else format(Decimal(f"{quotient:.14e}"), "f")


def _words(text: str) -> str:
    """A text as words of an id."""
    for sign, word in _WORDS:
        text = text.replace(sign, word)
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
