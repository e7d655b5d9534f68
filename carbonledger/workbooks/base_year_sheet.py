"""The sheet of the base year: earlier years, the test of significance, and the bridge, whose sums are formulas."""

from __future__ import annotations

from carbonledger.comparison.base_year import BaseYear
from carbonledger.comparison.base_year_bridge import Significance
from carbonledger.comparison.emission_series import EmissionSeries
from carbonledger.workbooks.fit import add_fit
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent, a1, column_letters

__all__ = ["base_year_sheet"]

_WIDTHS = (44, *[20] * 7)


def base_year_sheet(words: ReportInLanguage) -> SheetContent | None:
    """Earlier years and the base year with its recalculation.

    Parameters
    ----------
    words : ReportInLanguage
        The report.

    Returns
    -------
    SheetContent or None
        None if the book has neither earlier years nor a base year.
    """
    report = words.report
    if report.base_year is None and not report.emissions_by_year:
        return None
    content = words.sheet("base_year", _WIDTHS, note=True)
    for series in report.emissions_by_year:
        _add_series(words, content, series)
    if report.base_year is not None:
        _add_test(words, content, report.base_year)
        _add_events(words, content, report.base_year)
        _add_bridge(words, content, report.base_year)
    add_fit(words, content)
    return content


def _headings(words: ReportInLanguage, content: SheetContent, title: str, *names: str) -> None:
    """The title and the headings of a table."""
    content.add()
    content.add([Cell(title, "subtitle")])
    content.heading(words.word(f"base_year_{name}") for name in names)


def _add_series(words: ReportInLanguage, content: SheetContent, series: EmissionSeries) -> None:
    """One series as it was reported and restated."""
    title = f"{words.word('base_year_series')} · {series.label.text(words.lang)}"
    _headings(words, content, title, "year", "as_reported", "restated", "source")
    for item in series.years:
        sources = [text for text in (item.source.text(words.lang), item.restated_source.text(words.lang)) if text]
        source = words.word("base_year_gap") if item.is_gap else " · ".join(dict.fromkeys(sources))
        restated = None if item.restated_tco2e is None and not item.is_gap else words.figure(item.restated_tco2e)
        content.add([Cell(item.year, "whole"), words.figure(item.as_reported_tco2e), restated, Cell(source, "wrapped")])


def _add_test(words: ReportInLanguage, content: SheetContent, base: BaseYear) -> None:
    """The test of significance; shares are formulas over the base year above them."""
    test: Significance = base.test
    title = f"{words.word('base_year_test')} · {base.label.text(words.lang)}"
    _headings(words, content, title, "test_of", "tonnes", "share", "decides")
    at = content.add([Cell(words.word("base_year_stands"), "wrapped"), words.figure(test.base_tco2e)])
    for name, value, decides in (
        ("single", test.largest_tco2e, True),
        ("cumulative_absolute", test.absolute_tco2e, test.accumulation == "absolute"),
        ("cumulative_net", test.net_tco2e, test.accumulation == "net"),
    ):
        row = content.next_row
        share = f"IF(N({a1(at, 1)})<>0,{a1(row, 1)}/{a1(at, 1)}*100,{words.quoted(words.missing)})"
        cells = [Cell(words.word(f"base_year_{name}"), "wrapped"), words.figure(value)]
        decision = Cell(words.word("base_year_yes") if decides else "")
        content.add([*cells, words.figure(test.percent(value), "percent", share), decision])
    outcome = {True: "reached", False: "not_reached", None: "undecided"}[test.reached]
    limit = words.figure(test.threshold_percent, "percent_total")
    texts = [Cell(words.word("base_year_threshold"), "label_total"), Cell("", "label_total")]
    content.add([*texts, limit, Cell(words.word(f"base_year_{outcome}"), "label_total")])


def _add_events(words: ReportInLanguage, content: SheetContent, base: BaseYear) -> None:
    """The events with the verdict of the standards."""
    if not base.verdicts:
        return
    title = f"{words.word('base_year_events')} · {base.label.text(words.lang)}"
    _headings(words, content, title, "event", "date", "kind", "effect", "verdict", "clause", "source")
    for item in base.verdicts:
        data = item.to_dict(words.lang)
        texts = [Cell(data[name], "wrapped") for name in ("event", "date", "kind_name")]
        last = [Cell(data[name], "wrapped") for name in ("reason", "clause", "source")]
        no_cause = item.standing == "never" and data["effect_tco2e"] is None
        content.add([*texts, None if no_cause else words.figure(data["effect_tco2e"]), *last])


def _add_bridge(words: ReportInLanguage, content: SheetContent, base: BaseYear) -> None:
    """The bridge; the restated base year is the sum of what stands above it."""
    bridges = base.bridges
    if not bridges:
        return
    content.add()
    content.add([Cell(words.word("base_year_bridge"), "subtitle")])
    content.heading([words.word("base_year_item"), *(item.label.text(words.lang) for item in bridges)])
    first = content.add(
        [
            Cell(words.word("base_year_as_reported"), "label_total"),
            *(words.figure(item.as_reported_tco2e, "tonnes_total") for item in bridges),
        ]
    )
    for at, (verdict, _) in enumerate(bridges[0].items):
        label = Cell(f"{verdict.event.date.isoformat()} {verdict.event.label.text(words.lang)}", "wrapped")
        content.add([label, *(words.figure(item.items[at][1]) for item in bridges)])
    last = content.next_row - 1
    sums = []
    for column, item in enumerate(bridges, start=1):
        letters = column_letters(column)
        formula = words.sum_of([f"{letters}{first + 1}:{letters}{last + 1}"], may_miss=True)
        sums.append(words.figure(item.restated_tco2e, "tonnes_total", formula))
    content.add([Cell(words.word("base_year_restated"), "label_total"), *sums])
