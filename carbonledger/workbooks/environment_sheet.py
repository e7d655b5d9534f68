"""The sheet of water, waste, air and noise: the rows of the registers, and their sums and energy means as live formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from carbonledger.disclosure.figures import Figure
from carbonledger.environment.measured import Measured
from carbonledger.environment.noise import Level
from carbonledger.environment.registers import Environment
from carbonledger.environment.row_data import period_text
from carbonledger.environment.vocabulary import word_label
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent, column_letters

__all__ = ["environment_sheet"]

_WIDTHS = (30, 26, 22, 16, 12, 22, 16, 18, 26)
_AMOUNT, _LEVEL = 3, 3


def environment_sheet(words: ReportInLanguage) -> SheetContent | None:
    """The registers beside the inventory.

    Parameters
    ----------
    words : ReportInLanguage
        The report.

    Returns
    -------
    SheetContent or None
        None if the book keeps none.
    """
    own = words.report.environment
    if own is None:
        return None
    content = words.sheet("environment", _WIDTHS, note=True)
    _add_water(words, content, own)
    _add_waste(words, content, own)
    _add_measured(words, content, own)
    _add_noise(words, content, own)
    return content


def _headings(words: ReportInLanguage, content: SheetContent, title: str, *keys: str) -> int:
    """The title and headings of a register; the row that its first record will have."""
    content.add()
    content.add([Cell(words.word(f"environment_{title}"), "subtitle")])
    content.heading(words.word(f"environment_{key}") for key in keys)
    return content.next_row


def _label(words: ReportInLanguage, name: str, key: str) -> Cell:
    """A word of the registers; empty for none."""
    return Cell(word_label(name, key).text(words.lang) if key else "")


def _span(column: int, first: int, last: int) -> str:
    """The cells of a column between two rows."""
    letters = column_letters(column)
    return f"${letters}${first + 1}:${letters}${last + 1}"


def _sum(words: ReportInLanguage, label: str, figure: Figure, unit: str, formula: str) -> list[Cell | None]:
    """A sum with its formula; a sum over a part of the rows is missing."""
    value = figure.value if isinstance(figure.value, float) else float("nan")
    return [
        Cell(label, "wrapped"),
        None,
        None,
        words.figure(value, "amount", formula if value == value else ""),
        Cell(unit),
    ]


def _add_water(words: ReportInLanguage, content: SheetContent, own: Environment) -> None:
    """Water: rows, withdrawal, discharge and consumption."""
    if own.water is None:
        return
    first = _headings(words, content, "sources", "flow", "source", "when", "value", "unit", "site")
    for row in own.water.rows:
        names = "destination" if row.flow == "discharge" else "water_source"
        cells = [_label(words, "flow", row.flow), _label(words, names, row.source), Cell(period_text(row.period))]
        content.add([*cells, Cell(float(row.amount_m3), "amount"), Cell("m3"), Cell(row.site)])
    last = max(first, content.next_row - 1)
    for flow in ("withdrawal", "discharge"):
        label = word_label("flow", flow).text(words.lang)
        figure = own.water.total("withdrawal" if flow == "withdrawal" else "discharge")
        formula = f"SUMIF({_span(0, first, last)},{words.quoted(label)},{_span(_AMOUNT, first, last)})"
        content.add(_sum(words, words.word(f"environment_water_{flow}"), figure, "m3", formula))
    at = content.next_row
    formula = f"{column_letters(_AMOUNT)}{at - 1}-{column_letters(_AMOUNT)}{at}"
    content.add(_sum(words, words.word("environment_water_consumption"), own.water.consumption, "m3", formula))


def _add_waste(words: ReportInLanguage, content: SheetContent, own: Environment) -> None:
    """Waste: rows, hazardous and general waste, and their total."""
    if own.waste is None:
        return
    first = _headings(
        words, content, "routes", "category", "route", "when", "value", "unit", "composition", "certificate"
    )
    for row in own.waste.rows:
        route = _label(words, "route", row.route) if row.route else Cell(words.word("environment_no_route"))
        cells = [_label(words, "category", row.category), route, Cell(period_text(row.period))]
        content.add(
            [*cells, Cell(float(row.amount_t), "amount"), Cell("t"), Cell(row.composition), Cell(row.certificate)]
        )
    last = max(first, content.next_row - 1)
    for category in ("hazardous", "general"):
        label = word_label("category", category).text(words.lang)
        formula = f"SUMIF({_span(0, first, last)},{words.quoted(label)},{_span(_AMOUNT, first, last)})"
        content.add(
            _sum(words, words.word(f"environment_waste_{category}"), own.waste.of_category(category), "t", formula)
        )
    formula = f"SUM({_span(_AMOUNT, first, last)})"
    content.add(_sum(words, words.word("environment_waste"), own.waste.total(), "t", formula))


def _limit_cells(words: ReportInLanguage, row: Measured | Level) -> Iterable[Cell]:
    """The limit, its standard, and the comparison."""
    limit = row.limit
    yield Cell(limit.text if limit else "–")
    yield Cell(limit.standard if limit else "")
    yield Cell(words.word(f"environment_{row.verdict}"), "warning" if row.verdict == "exceeds" else "plain")


def _add_measured(words: ReportInLanguage, content: SheetContent, own: Environment) -> None:
    """Concentrations against their limits; a result below detection is a text and no number."""
    keys = ("point", "pollutant", "when", "result", "unit", "limit", "standard", "compared")
    rows: Sequence[tuple[str, Measured]] = [
        *(("air_pollutant", row) for row in (own.air.results if own.air else ())),
        *(("water_pollutant", row) for row in (own.wastewater.results if own.wastewater else ())),
    ]
    if not rows:
        return
    _headings(words, content, "measurements", *keys)
    for names, row in rows:
        value = Cell(f"< {row.detection:g}") if row.value is None else Cell(row.value, "amount")
        cells = [
            Cell(row.point),
            _label(words, names, row.pollutant),
            Cell(period_text(row.period)),
            value,
            Cell(row.unit),
        ]
        content.add([*cells, *_limit_cells(words, row)])


def _add_noise(words: ReportInLanguage, content: SheetContent, own: Environment) -> None:
    """Levels against the class of the zone, with their energy mean by day and by night."""
    if own.noise is None:
        return
    first = _headings(
        words, content, "noise", "point", "part_of_day", "when", "level", "unit", "limit", "standard", "compared"
    )
    for row in own.noise.rows:
        cells = [Cell(row.point), _label(words, "day_or_night", row.day_or_night), Cell(row.time)]
        content.add([*cells, Cell(row.level_dba, "amount"), Cell("dB(A)"), *_limit_cells(words, row)])
    last = max(first, content.next_row - 1)
    for part, value in own.noise.means.items():
        if value is not None:
            label = word_label("day_or_night", part).text(words.lang)
            is_part = f"({_span(1, first, last)}={words.quoted(label)})"
            formula = f"10*LOG10(SUMPRODUCT({is_part}*10^({_span(_LEVEL, first, last)}/10))/SUMPRODUCT({is_part}*1))"
            name = words.word("environment_mean_of", part=label)
            content.add([Cell(name, "wrapped"), None, None, words.figure(value, "amount", formula), Cell("dB(A)")])
