"""The base year as tables in words of either language: years, test of significance, events, bridge, recalculations.

The terminal, the page and the Word document show the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from carbonledger.comparison.base_year import BaseYear
from carbonledger.comparison.emission_series import EmissionSeries, SeriesYear
from carbonledger.core.language import Label, Lang, bracketed, headed, word
from carbonledger.reporting.console import number
from carbonledger.reporting.report import Report

__all__ = ["HistoryTable", "base_year_notes", "history_tables"]

_DECIMALS = 2
_NONE = "–"


@dataclass(frozen=True, slots=True)
class HistoryTable:
    """A table of earlier years or of the base year.

    Parameters
    ----------
    title : str
        What it shows.
    headings : tuple of (str, str)
        With their units; empty for texts.
    numbers : frozenset of int
        Which columns are numbers.
    rows : tuple of (tuple of str, bool)
        The cells, and whether it is a sum.
    """

    title: str
    headings: tuple[tuple[str, str], ...]
    numbers: frozenset[int]
    rows: tuple[tuple[tuple[str, ...], bool], ...]


def history_tables(report: Report, lang: Lang) -> Iterator[HistoryTable]:
    """The tables of a report that has earlier years.

    Parameters
    ----------
    report : Report
        Of a book.
    lang : {"en", "zh"}
        In which language.

    Yields
    ------
    HistoryTable
        Emissions over the years by series; of a base year its test, events, bridge and recalculations. Nothing without earlier years.
    """
    base = report.base_year
    for series in report.emissions_by_year:
        yield _series_table(series, base, lang)
    if base is None:
        return
    yield _test_table(base, lang)
    if base.verdicts:
        yield _event_table(base, lang)
    if base.bridges:
        yield _bridge_table(base, lang)
    if base.recalculations:
        yield _recalculation_table(base, lang)


def base_year_notes(base: BaseYear, lang: Lang) -> list[str]:
    """What the policy says, in sentences: year and reason, threshold, accumulation, deals within a year."""
    policy = base.policy
    reason = policy.rationale.text(lang)
    threshold = _NONE if policy.significance_threshold is None else f"{policy.significance_threshold:g} %"
    lines = [headed(word("base_year", lang), str(base.year) + (f" · {reason}" if reason else ""), lang)]
    lines += [headed(word("base_year_threshold", lang), threshold, lang)]
    lines += [word(f"base_year_{policy.accumulation}", lang), word(f"base_year_{policy.structural_changes}", lang)]
    return [*lines, word("base_year_compared", lang)] if any(item.items for item in base.bridges) else lines


def _columns(
    lang: Lang, *names: str, numbers: tuple[int, ...] = ()
) -> tuple[tuple[tuple[str, str], ...], frozenset[int]]:
    """Headings by their labels; those of numbers are in t CO2e."""
    unit = word("page_co2e", lang)
    heads = tuple((word(f"base_year_{name}", lang), unit if at in numbers else "") for at, name in enumerate(names))
    return heads, frozenset(numbers)


def _series_table(series: EmissionSeries, base: BaseYear | None, lang: Lang) -> HistoryTable:
    """One series: as reported and as restated, and the change from the base year."""
    heads, numbers = _columns(lang, "year", "as_reported", "restated", "change", "source", numbers=(1, 2, 3))
    heads = (*heads[:3], (heads[3][0], "%"), heads[4])
    rows = []
    for item in series.years:
        change = _change(item, series, base)
        sources = [text for text in (item.source.text(lang), item.restated_source.text(lang)) if text]
        source = word("base_year_gap", lang) if item.is_gap else " · ".join(dict.fromkeys(sources))
        year = str(item.year) + (bracketed(word("base_year", lang), lang) if base and item.year == base.year else "")
        cells = (number(item.as_reported_tco2e, _DECIMALS), number(item.restated_tco2e, _DECIMALS))
        rows.append(((year, *cells, number(change, _DECIMALS), source), bool(base and item.year == base.year)))
    title = f"{word('base_year_series', lang)} · {series.label.text(lang)}"
    return HistoryTable(title, heads, numbers, tuple(rows))


def _change(item: SeriesYear, series: EmissionSeries, base: BaseYear | None) -> float | None:
    """A year against the base year, %; none of an earlier year that was not restated while the base year was: their boundaries differ."""
    first = series.of(base.year) if base else None
    if base is None or first is None or not first.stands_tco2e or item.stands_tco2e is None:
        return None
    is_earlier = item.year != base.ground.reporting.start.year
    if first.restated_tco2e is not None and item.restated_tco2e is None and is_earlier:
        return None
    return (item.stands_tco2e - first.stands_tco2e) * 100 / first.stands_tco2e


def _test_table(base: BaseYear, lang: Lang) -> HistoryTable:
    """The test of significance: single, absolute and net."""
    test = base.test
    heads, numbers = _columns(lang, "test_of", "tonnes", "share", "decides", numbers=(1, 2))
    heads = (*heads[:2], (heads[2][0], "%"), heads[3])
    rows = [((word("base_year_stands", lang), number(test.base_tco2e, _DECIMALS), "", ""), False)]
    for name, value, decides in (
        ("single", test.largest_tco2e, True),
        ("cumulative_absolute", test.absolute_tco2e, test.accumulation == "absolute"),
        ("cumulative_net", test.net_tco2e, test.accumulation == "net"),
    ):
        cells = (number(value, _DECIMALS), number(test.percent(value), _DECIMALS))
        rows.append(((word(f"base_year_{name}", lang), *cells, word("base_year_yes", lang) if decides else ""), False))
    outcome = {True: "reached", False: "not_reached", None: "undecided"}[test.reached]
    limit = _NONE if test.threshold_percent is None else number(test.threshold_percent, _DECIMALS)
    rows.append(((word("base_year_threshold", lang), "", limit, word(f"base_year_{outcome}", lang)), True))
    title = f"{word('base_year_test', lang)} · {base.label.text(lang)}"
    return HistoryTable(title, heads, numbers, tuple(rows))


def _event_table(base: BaseYear, lang: Lang) -> HistoryTable:
    """The events with the verdict of the standards."""
    names = ("date", "event", "kind", "effect", "verdict", "clause", "source")
    heads, numbers = _columns(lang, *names, numbers=(3,))
    rows = []
    for item in base.verdicts:
        data = item.to_dict(lang)
        texts = (data["date"], data["event"], data["kind_name"])
        cells = (*texts, number(data["effect_tco2e"], _DECIMALS), data["reason"], data["clause"], data["source"])
        rows.append((cells, False))
    return HistoryTable(f"{word('base_year_events', lang)} · {base.label.text(lang)}", heads, numbers, tuple(rows))


def _bridge_table(base: BaseYear, lang: Lang) -> HistoryTable:
    """From the figure first reported to the restated one, a column for each scope and method."""
    unit, bridges = word("page_co2e", lang), base.bridges
    heads = ((word("base_year_item", lang), ""), *((item.label.text(lang), unit) for item in bridges))
    first = tuple(number(item.as_reported_tco2e, _DECIMALS) for item in bridges)
    rows = [((word("base_year_as_reported", lang), *first), True)]
    for at, (verdict, _) in enumerate(bridges[0].items):
        moved = tuple(number(item.items[at][1], _DECIMALS) for item in bridges)
        rows.append(((f"{verdict.event.date.isoformat()} {verdict.event.label.text(lang)}", *moved), False))
    last = tuple(number(item.restated_tco2e, _DECIMALS) for item in bridges)
    rows.append(((word("base_year_restated", lang), *last), True))
    return HistoryTable(word("base_year_bridge", lang), heads, frozenset(range(1, len(heads))), tuple(rows))


def _recalculation_table(base: BaseYear, lang: Lang) -> HistoryTable:
    """The recalculations that were made, and the one that is called for."""
    names = ("recalc_id", "date", "reason", "deals", "before", "after", "limit", "state")
    heads, numbers = _columns(lang, *names, numbers=(4, 5, 6))
    heads = (*heads[:6], (heads[6][0], "%"), heads[7])
    rows = []
    for item in base.recalculations:
        state = word("base_year_made" if item.made else "base_year_called_for", lang)
        texts = (
            item.recalc_id,
            item.date.isoformat(),
            item.reason.text(lang),
            Label.of(f"deals_{item.method}").text(lang),
        )
        values = (item.before_tco2e, item.after_tco2e, item.threshold_percent)
        rows.append(((*texts, *(number(value, _DECIMALS) for value in values), state), False))
    return HistoryTable(word("base_year_recalculations", lang), heads, numbers, tuple(rows))
