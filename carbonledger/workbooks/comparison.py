"""An edited copy of the audit workbook against the book: each difference with its place and effect; nothing is taken over."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from carbonledger.core.errors import BookError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Lang, word
from carbonledger.reporting.report import Report
from carbonledger.workbooks.alignment import RowMap, aligned
from carbonledger.workbooks.audit_workbook import FORMAT, AuditWorkbook, audit_workbook
from carbonledger.workbooks.edited_copy import EditedCopy, Formula, read_edited_copy
from carbonledger.workbooks.formulas import canonical, moved
from carbonledger.workbooks.sheets import Cell, Place, SheetContent, a1
from carbonledger.workbooks.styles import inert

__all__ = ["DifferenceKind", "WorkbookComparison", "WorkbookDifference", "compare_workbook"]

DifferenceKind = Literal[
    "amount",
    "value",
    "formula",
    "formula_replaced",
    "value_replaced",
    "row_removed",
    "row_added",
    "sheet_removed",
    "sheet_added",
    "columns",
    "name",
]
# Programs write the last digit of a number differently.
_SAME = 1e-13
_NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class WorkbookDifference:
    """What an edited copy says differently in one place.

    Parameters
    ----------
    kind : str
        What has changed: an amount of an entry, another value, a formula, a formula that is a value now, a value that is a formula now,
        a row or sheet that is gone or new, the columns of a sheet, or what a defined name refers to.
    sheet, cell : str
        Where in the copy; of what is gone, where in the report.
    column : str
        The heading above it.
    place : Place
        The file, sheet and row of the entry, if the row has one.
    old, new : object
        What the report says, and what the copy says.
    effect_tco2e : float or None
        Of an amount, by how much the location-based total would move, t CO2e; None if that cannot be said.
    """

    kind: DifferenceKind
    sheet: str
    cell: str
    column: str = ""
    place: Place = _NOWHERE
    old: Any = None
    new: Any = None
    effect_tco2e: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        fields = ("kind", "sheet", "cell", "column", "old", "new", "effect_tco2e")
        return {name: getattr(self, name) for name in fields} | {"entry": self.place._asdict()}


@dataclass(frozen=True)
class WorkbookComparison:
    """An edited copy against the report.

    Parameters
    ----------
    file : str
        The copy.
    remarks : tuple of Finding
        What is to be known of the comparison, such as that the book has changed since the workbook was written.
    differences : tuple of WorkbookDifference
        In the order of the sheets; empty if the copy says what the report says.
    """

    file: str
    remarks: tuple[Finding, ...]
    differences: tuple[WorkbookDifference, ...]

    def __repr__(self) -> str:
        return f"WorkbookComparison({self.file}, {len(self.differences)} differences)"

    @property
    def effect_tco2e(self) -> float:
        """By how much the location-based total would move by the changed amounts whose effect can be said, t CO2e."""
        return math.fsum(item.effect_tco2e or 0.0 for item in self.differences)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "file": self.file,
            "remarks": [finding.to_dict(lang) for finding in self.remarks],
            "differences": [item.to_dict() | {"what": word(f"differs_{item.kind}", lang)} for item in self.differences],
            "effect_tco2e": self.effect_tco2e,
        }


def compare_workbook(report: Report, edited: str | Path | EditedCopy) -> WorkbookComparison:
    """What an edited copy of a report's workbook says differently.

    Parameters
    ----------
    report : Report
        The reporting year.
    edited : str or Path or EditedCopy
        The edited copy.

    Returns
    -------
    WorkbookComparison

    Raises
    ------
    EntriesError
        If the file cannot be read as a workbook.
    BookError
        If it is no workbook of this report, naming what it is of.
    """
    copy = edited if isinstance(edited, EditedCopy) else read_edited_copy(edited)
    written = _as_written(report, copy)
    remarks = []
    if copy.named("workbook_fingerprint") != written.identity["fingerprint"]:
        program = str(copy.named("workbook_program"))
        own = written.identity["program"]
        remarks.append(Finding.of("WORKBOOK_COPY.changed", program=program, own=own).at(file=copy.file))
    return WorkbookComparison(copy.file, tuple(remarks), tuple(_differences(written, copy)))


def _as_written(report: Report, copy: EditedCopy) -> AuditWorkbook:
    """The workbook that the report gives now, in the language of the copy."""
    form, lang = copy.named("workbook_format"), copy.named("workbook_language")
    if form is None or lang not in {"en", "zh"}:
        raise BookError(Message.of("WORKBOOK_COPY.other_file", file=copy.file))
    if str(form) != FORMAT:
        raise BookError(Message.of("WORKBOOK_COPY.form", file=copy.file, form=str(form), own=FORMAT))
    written = audit_workbook(report, "zh" if lang == "zh" else "en")
    theirs, ours = (
        tuple(str(value) for value in values)
        for values in ((copy.named("workbook_book"), copy.named("workbook_year")), _of(written))
    )
    if theirs != ours:
        values = {"book": theirs[0], "year": theirs[1], "own": ours[0], "own_year": ours[1]}
        raise BookError(Message.of("WORKBOOK_COPY.other_book", file=copy.file, **values))
    return written


def _of(written: AuditWorkbook) -> tuple[str, str]:
    """The company and the year of a workbook."""
    return inert(written.identity["book"]), written.identity["year"]


def _differences(written: AuditWorkbook, copy: EditedCopy) -> Iterator[WorkbookDifference]:
    """Every difference, sheet by sheet."""
    known = {content.name: content for content in written.sheets}
    yield from (WorkbookDifference("sheet_removed", name, "") for name in known if name not in copy.sheets)
    yield from (WorkbookDifference("sheet_added", name, "") for name in copy.sheets if name not in known)
    shared = [content for content in written.sheets if content.name in copy.sheets]
    maps = {content.name: aligned(content, copy.sheets[content.name]) for content in shared}
    places = {name: rows.to_edited for name, rows in maps.items() if not rows.is_same}
    for content in shared:
        yield from _Comparer(content, copy.sheets[content.name], maps[content.name], places).differences()
    for content in shared:
        yield from _names(content, copy, places)


def _names(
    content: SheetContent, copy: EditedCopy, places: Mapping[str, Mapping[int, int]]
) -> Iterator[WorkbookDifference]:
    """Defined names that are gone or refer to something else."""
    for name, target in content.names.items():
        expected, found = moved(target, content.name, places), copy.names.get(name)
        if found is None or (expected is not None and canonical(found) != canonical(expected)):
            yield WorkbookDifference("name", content.name, name, old=target, new=found)


class _Comparer:
    """One sheet against its copy."""

    def __init__(
        self,
        content: SheetContent,
        edited: Sequence[Sequence[Any]],
        rows: RowMap,
        places: Mapping[str, Mapping[int, int]],
    ) -> None:
        self.content, self.edited, self.rows, self.places = content, edited, rows, places

    def differences(self) -> Iterator[WorkbookDifference]:
        """Those of the columns, else of the rows, else of the cells."""
        name = self.content.name
        if self._columns_differ():
            yield WorkbookDifference("columns", name, a1(self.content.head, 0))
            return
        for row in self.rows.removed:
            old = self._texts(cell.value for cell in self.content.rows[row] if cell is not None)
            effect = self._effect(row, self._amount(row), 0.0)
            yield WorkbookDifference(
                "row_removed", name, a1(row, 0), place=self._place(row), old=old, effect_tco2e=effect
            )
        for row in self.rows.added:
            yield WorkbookDifference("row_added", name, a1(row, 0), new=self._texts(self.edited[row]))
        for row, there in self.rows.to_edited.items():
            yield from self._row(row, there)

    def _columns_differ(self) -> bool:
        """Whether the first headings stand in other columns than they did, so that no cell can be compared."""
        for row, there in sorted(self.rows.to_edited.items()):
            own = {at for at, cell in enumerate(self.content.rows[row]) if cell is not None and cell.style == "heading"}
            if own:
                return own != {at for at, cell in enumerate(self.edited[there]) if cell not in (None, "")}
        return False

    def _formula(self, cell: Cell) -> str:
        """The formula of a cell as it reads in the copy; empty for a value."""
        expected = moved(cell.formula, self.content.name, self.places) if cell.formula else ""
        return f"={expected}" if expected else ""

    def _row(self, row: int, there: int) -> Iterator[WorkbookDifference]:
        """The cells of a row."""
        own, theirs = self.content.rows[row], self.edited[there]
        for column in range(max(len(own), len(theirs))):
            cell = own[column] if column < len(own) else None
            found = theirs[column] if column < len(theirs) else None
            kind = self._kind(cell, found, row, column)
            if kind is None:
                continue
            old = None if cell is None else self._formula(cell) or cell.value
            effect = self._effect(row, old, found) if kind == "amount" else None
            where, heading, place = a1(there, column), self._heading(row, column), self._place(row)
            yield WorkbookDifference(kind, self.content.name, where, heading, place, old, found, effect)

    def _kind(self, cell: Cell | None, found: Any, row: int, column: int) -> DifferenceKind | None:
        """How a cell differs; None if it does not."""
        if cell is not None and cell.formula:
            if not isinstance(found, Formula):
                return "formula_replaced"
            expected = moved(cell.formula, self.content.name, self.places)
            return None if expected is None or canonical(found) == canonical(expected) else "formula"
        if cell is not None and not isinstance(found, Formula) and _is_same(cell.value, found):
            return None
        if cell is None and found in (None, ""):
            return None
        if column == self.content.amount_column and row in self.content.effects:
            return "amount"
        return "value_replaced" if isinstance(found, Formula) else "value"

    def _amount(self, row: int) -> Any:
        """The amount of a line; None if the row is none."""
        column = self.content.amount_column
        cell = self.content.rows[row][column] if column is not None and row in self.content.effects else None
        return None if cell is None else cell.value

    def _effect(self, row: int, old: Any, new: Any) -> float | None:
        """What a changed amount does to the total, t CO2e."""
        rate = self.content.effects.get(row, math.nan)
        numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (old, new))
        return (float(new) - float(old)) * rate if numbers and math.isfinite(rate) else None

    def _place(self, row: int) -> Place:
        """Where the entry of a row stands."""
        return self.content.places.get(row, _NOWHERE)

    def _heading(self, row: int, column: int) -> str:
        """The nearest heading above a cell."""
        for above in range(row - 1, -1, -1):
            cells = self.content.rows[above]
            cell = cells[column] if column < len(cells) else None
            if cell is not None and cell.style == "heading":
                return str(cell.value).replace("\n", " ")
        return ""

    def _texts(self, values: Any) -> str:
        """A row as one text."""
        return " | ".join(str(value) for value in values if value not in (None, ""))


def _is_same(own: Any, found: Any) -> bool:
    """Whether a value is still there."""
    if own is None or own == "":
        return found in (None, "")
    if isinstance(own, date):
        return bool(found == date(own.year, own.month, own.day))
    if isinstance(own, int | float):
        is_number = isinstance(found, int | float) and not isinstance(found, bool)
        return is_number and math.isclose(own, found, rel_tol=_SAME, abs_tol=0.0)
    return inert(str(own)) == (found or "")
