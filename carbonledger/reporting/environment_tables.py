"""The tables of water, waste, air and noise in words, as text, page and workbook show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from carbonledger.core.language import Lang, listed, word
from carbonledger.disclosure.figures import Figure
from carbonledger.environment.measured import Measured
from carbonledger.environment.noise import Level
from carbonledger.environment.registers import QUANTITIES, Environment, quantity_label
from carbonledger.environment.row_data import period_text
from carbonledger.environment.statements import QuantityName
from carbonledger.environment.vocabulary import word_label
from carbonledger.published.recalculation import RebuiltFigure
from carbonledger.reporting.console import amount_text, number
from carbonledger.reporting.report import Report

__all__ = ["EnvironmentTable", "environment_tables"]

# Limits whose place was not seen in the issuer's material.
_UNSEEN = frozenset({"secondary", "unopened"})


@dataclass(frozen=True, slots=True)
class EnvironmentTable:
    """A table of the registers, in one language.

    Parameters
    ----------
    title : str
        What it shows.
    headings : tuple of str
        Of its columns.
    numbers : frozenset of int
        The columns that hold numbers.
    rows : tuple of tuple of str
        As printed.
    notes : tuple of str
        Sentences below it.
    flagged : frozenset of int
        The rows that exceed a limit, or miss a target.
    """

    title: str
    headings: tuple[str, ...]
    numbers: frozenset[int]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    flagged: frozenset[int] = frozenset()


def environment_tables(report: Report, lang: Lang) -> list[EnvironmentTable]:
    """The tables of the registers that a year has; none without registers.

    Parameters
    ----------
    report : Report
        The year.
    lang : {"en", "zh"}
        In which language.
    """
    own = report.environment
    if own is None:
        return []
    found = (
        _quantities(own, report, lang),
        _sources(own, lang),
        _routes(own, lang),
        _measurements(own, report, lang),
        _noise(own, report, lang),
        _changes(own, lang),
        _targets(own, lang),
    )
    return [table for table in found if table.rows or table.notes]


def _headings(lang: Lang, *keys: str) -> tuple[str, ...]:
    """Headings by their labels."""
    return tuple(word(f"environment_{key}", lang) for key in keys)


def _value(figure: Figure, lang: Lang) -> str:
    """A figure as printed; of an incomplete one, what is known of it."""
    if figure.known_part is not None:
        return word("environment_known_part", lang, part=_plain(figure.known_part))
    return _plain(figure.number) if figure.status == "filled" else "–"


def _plain(value: float | None) -> str:
    """A number with the digits that it has, up to nine."""
    return "–" if value is None else amount_text(float(f"{value:.9g}"))


def _sum(value: float, is_part: bool, lang: Lang) -> str:
    """A sum of rows, marked where rows are known that it leaves out."""
    return word("environment_known_part", lang, part=_plain(value)) if is_part else _plain(value)


def _printed(report: Report, quantity: str, **members: str) -> tuple[str, str, RebuiltFigure | None]:
    """The printed figure of a quantity of a register, and its verdict; empty if none is tied to it."""
    for item in report.rebuilt:
        own = item.verdict.relation.members
        name = str(own.get("quantity", ""))
        is_it = name == quantity or (
            name.rpartition("_")[0] == quantity and name.rpartition("_")[2] in {"m3", "t", "kg"}
        )
        if is_it and all(str(own.get(key, "")) == value for key, value in members.items()) and "change" not in own:
            return item.figure.figure.text, item.verdict.outcome, item
    return "", "", None


def _beside(report: Report, lang: Lang, quantity: str, **members: str) -> tuple[str, str]:
    """The printed figure with its unit, and the verdict in words."""
    text, outcome, item = _printed(report, quantity, **members)
    if item is None:
        return "", ""
    unit = item.figure.unit
    has_unit = not unit or unit in text or unit == "percent"
    return (text if has_unit else f"{text} {unit}"), word(outcome, lang)


def _with_printed(
    headings: tuple[str, ...], rows: list[tuple[str, ...]], lang: Lang
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """A table whose last two columns are the printed figures; without them where nothing was printed."""
    if any(row[-2] for row in rows):
        return (*headings, *_headings(lang, "printed", "verdict")), rows
    return headings, [row[:-2] for row in rows]


def _quantities(own: Environment, report: Report, lang: Lang) -> EnvironmentTable:
    """What the registers sum to, and what they do not say."""
    figures = {name: own.quantity(name) for name in QUANTITIES}
    rows: list[tuple[str, ...]] = [
        (quantity_label(name).text(lang), _value(figure, lang), figure.unit, *_beside(report, lang, name))
        for name, figure in figures.items()
        if figure.status == "filled" or figure.known_part is not None
    ]
    headings, rows = _with_printed(_headings(lang, "quantity", "value", "unit"), rows, lang)
    notes = list(_notes(own, figures, report, lang))
    return EnvironmentTable(word("environment_quantities", lang), headings, frozenset({1}), tuple(rows), tuple(notes))


def _notes(own: Environment, figures: dict[QuantityName, Figure], report: Report, lang: Lang) -> Iterator[str]:
    """What is to be said of the quantities: the density of water, waste handed over, and what is not known."""
    density = own.read_as.water_t_per_m3
    if density is not None and own.water is not None and figures["water_withdrawal"].status == "filled":
        tonnes = figures["water_withdrawal"].number * float(density)
        yield word("environment_density", lang, density=f"{float(density):g}", tonnes=_plain(tonnes))
    if own.waste is not None and (share := own.waste.hazardous_handed_over_percent).status == "filled":
        text = word("environment_handed_over", lang, percent=number(share.number, 2))
        printed = _beside(report, lang, "waste_hazardous_handed_over_percent")
        yield (
            word("environment_handed_over_printed", lang, text=text, printed=printed[0], verdict=printed[1])
            if printed[0]
            else text
        )
    open_ones = [
        quantity_label(name).text(lang)
        for name, figure in figures.items()
        if figure.status == "data_missing"
        and figure.known_part is None
        and own.keeps(name)
        and not name.startswith("air_")
    ]
    if open_ones:
        yield word("environment_not_known", lang, names=listed(open_ones, lang))


def _sources(own: Environment, lang: Lang) -> EnvironmentTable:
    """Water by source and destination."""
    rows = []
    for flow in ("withdrawal", "discharge"):
        sums: dict[str, float] = {}
        for row in own.water.rows if own.water else ():
            if row.flow == flow:
                sums[row.source] = sums.get(row.source, 0.0) + float(row.amount_m3)
        words = "water_source" if flow == "withdrawal" else "destination"
        label = word_label("flow", flow).text(lang)
        part = own.water is not None and own.water.is_part
        rows += [
            (label, word_label(words, name).text(lang), _sum(value, part, lang), "m3") for name, value in sums.items()
        ]
    headings = _headings(lang, "flow", "source", "value", "unit")
    return EnvironmentTable(word("environment_sources", lang), headings, frozenset({2}), tuple(rows))


def _routes(own: Environment, lang: Lang) -> EnvironmentTable:
    """Waste by category and route."""
    sums: dict[tuple[str, str], float] = {}
    for row in own.waste.rows if own.waste else ():
        key = row.category, row.route
        sums[key] = sums.get(key, 0.0) + float(row.amount_t)
    rows = [
        (
            word_label("category", category).text(lang),
            word_label("route", route).text(lang) if route else word("environment_no_route", lang),
            _sum(value, own.waste is not None and own.waste.is_part, lang),
            "t",
        )
        for (category, route), value in sums.items()
    ]
    headings = _headings(lang, "category", "route", "value", "unit")
    return EnvironmentTable(word("environment_routes", lang), headings, frozenset({2}), tuple(rows))


def _limit_cells(row: Measured | Level, lang: Lang) -> tuple[str, str, str]:
    """The limit, its standard with the class, and the comparison."""
    limit = row.limit
    if limit is None:
        return "–", "", word("environment_not_compared", lang)
    scale = "class" if isinstance(row, Level) else "grade"
    category = word_label(scale, limit.category).text(lang)
    standard = " ".join(part for part in (limit.standard, category) if part)
    marked = f"{limit.text}{'*' if limit.confidence in _UNSEEN else ''}"
    return marked, standard, word(f"environment_{row.verdict}", lang)


def _exceeding(rows: Sequence[Measured | Level]) -> frozenset[int]:
    """The rows that exceed their limit."""
    return frozenset(at for at, row in enumerate(rows) if row.verdict == "exceeds")


def _measurements(own: Environment, report: Report, lang: Lang) -> EnvironmentTable:
    """Concentrations against their limits."""
    rows: list[tuple[str, ...]] = []
    for row in own.measured:
        words = "water_pollutant" if own.wastewater and row in own.wastewater.rows else "air_pollutant"
        value = f"< {_plain(row.detection)}" if row.value is None else _plain(row.value)
        label = word_label(words, row.pollutant).text(lang)
        beside = _beside(report, lang, "concentration", point=row.point, pollutant=row.pollutant)
        rows.append(
            (
                row.point,
                label,
                period_text(row.period),
                f"{value} {row.unit}".strip(),
                *_limit_cells(row, lang),
                *beside,
            )
        )
    keys = _headings(lang, "point", "pollutant", "when", "result", "limit", "standard", "compared")
    headings, rows = _with_printed(keys, rows, lang)
    notes = (word("environment_limits_note", lang),) if any(row.limit for row in own.measured) else ()
    title = word("environment_measurements", lang)
    return EnvironmentTable(title, headings, frozenset({3, 4}), tuple(rows), notes, _exceeding(own.measured))


def _noise(own: Environment, report: Report, lang: Lang) -> EnvironmentTable:
    """Levels against the class of the zone, and their energy means."""
    rows: list[tuple[str, ...]] = []
    for row in own.levels:
        part = word_label("day_or_night", row.day_or_night).text(lang)
        beside = _beside(report, lang, "noise_level", point=row.point, day_or_night=row.day_or_night)
        rows.append((row.point, part, _when(row), _plain(row.level_dba), *_limit_cells(row, lang), *beside))
    keys = _headings(lang, "point", "part_of_day", "when", "level", "limit", "standard", "compared")
    headings, rows = _with_printed(keys, rows, lang)
    means = own.noise.means if own.noise else {}
    parts = [
        f"{word_label('day_or_night', name).text(lang)} {number(value, 1)} dB(A)"
        for name, value in means.items()
        if value is not None
    ]
    notes = (word("environment_mean", lang, parts=listed(parts, lang)),) if parts else ()
    title = word("environment_noise", lang)
    return EnvironmentTable(title, headings, frozenset({3, 4}), tuple(rows), notes, _exceeding(own.levels))


def _when(row: Level) -> str:
    """The day, where it is one, and the time of a level."""
    day = str(row.period.start) if row.period.days == 1 else ""
    return f"{day} {row.time}".strip() or period_text(row.period)


def _changes(own: Environment, lang: Lang) -> EnvironmentTable:
    """Quantities of this year and the year before."""
    rows = [
        (
            quantity_label(item.quantity).text(lang),
            _value(item.previous, lang),
            _value(item.current, lang),
            _value(item.change, lang),
            "–" if item.percent is None else f"{number(item.percent, 2)} %",
            item.unit,
        )
        for item in own.changes
    ]
    notes = [word("environment_previous_source", lang, source=item.source) for item in own.changes if item.source]
    headings = (*_headings(lang, "quantity", "previous", "current", "change"), word("change_percent", lang))
    headings = (*headings, word("environment_unit", lang))
    numbers = frozenset(range(1, len(headings) - 1))
    return EnvironmentTable(word("environment_changes", lang), headings, numbers, tuple(rows), tuple(notes))


def _targets(own: Environment, lang: Lang) -> EnvironmentTable:
    """Saving targets and what was saved."""
    words = {True: "met", False: "not_met", None: "met_unknown"}
    rows = []
    for item in own.target_results:
        label = item.target.label.text(lang) or quantity_label(item.target.quantity).text(lang)
        met = word(f"environment_{words[item.met]}", lang)
        rows.append((label, _plain(item.wanted), _plain(item.saved), item.unit, met))
    headings = _headings(lang, "quantity", "wanted", "saved", "unit", "compared")
    flagged = frozenset(at for at, item in enumerate(own.target_results) if item.met is False)
    return EnvironmentTable(word("environment_targets", lang), headings, frozenset({1, 2}), tuple(rows), (), flagged)
