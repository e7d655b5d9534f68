"""What stands behind the figures on the page of a report: coverage, printed figures, findings, sources, method, policies, lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Label, Lang, bracketed, headed, in_language, listed, translated, word
from carbonledger.core.periods import Period
from carbonledger.core.printed_number import Outcome
from carbonledger.factors.partial_editions import edition_label
from carbonledger.inventory.explanation import Source
from carbonledger.pages.derivations import (
    Ledger,
    counted_lines,
    formula_text,
    line_cells,
    source_text,
    without_binary_rest,
)
from carbonledger.pages.tables import PageTable, Row, numbers, texts
from carbonledger.reporting.alike import gathered
from carbonledger.reporting.console import amount_text, number
from carbonledger.reporting.inventory_text import data_quality_line
from carbonledger.reporting.policies import policy_rows
from carbonledger.reporting.published_data import computed_text, outcome_text, unit_text
from carbonledger.reporting.report import Report

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Coverage",
    "EditionText",
    "FindingText",
    "KindOfLines",
    "coverage",
    "edition_texts",
    "finding_texts",
    "kinds_of_lines",
    "method_lines",
    "policy_table",
    "profile_table",
    "published_table",
]

# What a page lists before it says how many more there are: sources, findings, lines of one kind, lines in all.
_SOURCES, _FINDINGS, _LINES_OF_KIND, _LINES = 80, 60, 25, 400


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which months each source covers.

    Parameters
    ----------
    months : tuple of str
        The headings.
    rows : tuple of (str, tuple of str)
        Each source with a word for every month: ``actual``, ``estimated``, ``filled``, ``missing`` or ``closed``.
    more : int
        How many sources are not listed; those with a missing month are listed first.
    """

    months: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    more: int


def coverage(report: Report, matrix: pd.DataFrame, lang: Lang) -> Coverage:
    """The coverage of the year, sources with missing months first.

    Parameters
    ----------
    report : Report
        Of a book.
    matrix : pandas.DataFrame
        See `carbonledger.activity_data.coverage.coverage_matrix`.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    Coverage
    """
    months = tuple(str(name) for name in matrix.columns[4:])
    rows = []
    for row in matrix.to_dict("records"):
        names = report.entity_names[lang].get(row["entity"], row["entity"]), row["site"], row["source"]
        known = taxonomy().get(row["activity"])
        activity = known.label(lang) if known else row["activity"]
        rows.append(
            (" · ".join(str(name) for name in (*names, activity) if name), tuple(row[month] for month in months))
        )
    rows.sort(key=lambda row: "missing" not in row[1])
    return Coverage(months, tuple(rows[:_SOURCES]), max(0, len(rows) - _SOURCES))


def published_table(report: Report, lang: Lang) -> PageTable | None:
    """Printed figures beside what the data give; None if none was printed."""
    if not report.rebuilt:
        return None
    columns = [*texts(word("figure", lang)), *numbers((word("printed", lang), ""), (word("rebuilt", lang), ""))]
    columns += texts(word("unit", lang), word("verdict", lang))
    rows = []
    for item in report.rebuilt:
        verdict = item.verdict
        cells = (
            item.figure.label.text(lang),
            verdict.printed,
            computed_text(report, verdict),
            unit_text(verdict.unit, lang),
        )
        level = "bad" if verdict.outcome is Outcome.DOES_NOT_FOLLOW else "row"
        rows.append(Row((*cells, outcome_text(verdict, lang)), level))
    return PageTable(word("printed_title", lang), tuple(columns), tuple(rows))


@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding of the page.

    Parameters
    ----------
    severity : str
        ``error``, ``warning`` or ``note``.
    label : str
        The severity in words.
    title : str
        The short name of its rule.
    text : str
        What, where, what to do, and what is at stake.
    """

    severity: str
    label: str
    title: str
    text: str


def finding_texts(report: Report, lang: Lang) -> tuple[list[FindingText], int]:
    """The findings, errors first, and how many more there are."""
    order = {"error": 0, "warning": 1, "note": 2}
    groups = sorted(gathered(report.findings), key=lambda group: order[group.first.severity])
    texts_ = [
        FindingText(
            group.first.severity,
            word(f"severity_{group.first.severity}", lang),
            f"{group.first.says.rule.title.text(lang)}",
            group.text(lang).removeprefix(headed(word(f"severity_{group.first.severity}", lang), "", lang)),
        )
        for group in groups
    ]
    return texts_[:_FINDINGS], max(0, len(texts_) - _FINDINGS)


@dataclass(frozen=True, slots=True)
class EditionText:
    """An edition of factors as a page lists it.

    Parameters
    ----------
    name, title, publisher, document, published, status, licence, partial, sha256 : str
        As the publisher calls it, and what may be done with it.
    """

    name: str
    title: str
    publisher: str
    document: str
    published: str
    status: str
    licence: str
    partial: str
    sha256: str


def edition_texts(report: Report, lang: Lang) -> list[EditionText]:
    """Every edition that the figures rest on, with its licence."""
    return [
        EditionText(
            edition_label(row["edition"]).text(lang),
            row["title"],
            row["publisher"],
            row["document"],
            row["date_published"] or "–",
            word(f"edition_{row['status']}", lang),
            " ".join(filter(None, (row["licence"], row["attribution"]))),
            row["partial"],
            row["sha256"][:12],
        )
        for row in report.editions(lang)
    ]


def method_lines(report: Report, lang: Lang) -> list[tuple[str, str]]:
    """How was counted: boundary, approach, GWP set, scope 2, data, each with its heading."""
    boundary = report.settings["boundary"]
    statement = Label(boundary.get("statement_en") or "", boundary.get("statement_zh") or "").text(lang)
    approach = boundary.get("approach")
    methods = "page_both_methods" if report.scope_2 is not None else "page_location_only"
    lines = [
        ("boundary", statement or word("not_stated", lang)),
        ("page_approach", word(approach or "not_stated", lang)),
        ("page_gwp_set", report.inventory.gwp.edition),
        ("page_scope_2_method", word(methods, lang)),
        ("page_data", report.reading.text(lang)),
    ]
    quality = data_quality_line(report, lang)
    lines += [("data_quality", quality.removeprefix(headed(word("data_quality", lang), "", lang)))] if quality else []
    return [(word(key, lang), text) for key, text in lines]


def profile_table(report: Report, lang: Lang) -> PageTable | None:
    """The inventory as each standard counts it; None if the book names but one."""
    if len(report.profiles) < 2:
        return None
    rows, notes = [], []
    for item in report.profiles:
        lines = [f"{word(label, lang)} {number(value, 2)}" for label, value in item.rows if value]
        total = number(item.total_location_based_tco2e, 2)
        rows.append(Row((word(item.name, lang), listed(lines, lang, semicolons=True), total)))
        for difference in item.differences:
            known = taxonomy().get(difference.what.partition(" ")[0])
            values = {"what": known.label(lang) if known else difference.what, "reason": word(difference.reason, lang)}
            text = word("differs", lang, tonnes=number(difference.tco2e, 2), **values)
            notes.append(headed(word(item.name, lang), text, lang))
        notes += [headed(word(item.name, lang), str(in_language(text, lang)), lang) for text in item.problems]
    columns = (
        *texts(word("profile", lang), word("line", lang)),
        *numbers((word(report.completeness.sum_label, lang), word("page_co2e", lang))),
    )
    return PageTable(word("profiles_title", lang), columns, tuple(rows), tuple(notes))


def policy_table(report: Report, lang: Lang) -> PageTable:
    """What the standards leave open, what the book chose, and why the default is what it is."""
    rows = []
    for row in policy_rows(report.settings, lang, report.stated):
        default = "" if row["stated"] else bracketed(word("by_default", lang), lang)
        rows.append(Row((row["question"], translated(row["chosen"], lang) + default, row["reason"])))
    columns = texts(*(word(key, lang) for key in ("question", "chosen", "reason")))
    return PageTable(word("policies_title", lang), tuple(columns), tuple(rows))


@dataclass(frozen=True, slots=True)
class KindOfLines:
    """Lines that share their formula, with the formula, the factors' sources and the lines themselves.

    Parameters
    ----------
    number : int
        Of the plan row, for links.
    title : str
        Activity, region and year.
    summary : tuple of str
        How many lines, amount with unit, t CO2e.
    formulas : tuple of str
        For the amount of all its lines.
    sources : tuple of (str, Source)
        Each factor, and where it stands.
    lines : tuple of tuple of str
        Number, place, who, period, amount, GJ, t CO2e.
    more : int
        How many lines are not listed.
    """

    number: int
    title: str
    summary: tuple[str, str, str]
    formulas: tuple[str, ...]
    sources: tuple[tuple[str, Source], ...]
    lines: tuple[tuple[str, ...], ...]
    more: int


def kinds_of_lines(report: Report, ledger: Ledger, lang: Lang) -> Iterator[KindOfLines]:
    """Every kind of lines of the inventory, those with most emissions first; lines are listed up to a number that a reader can use."""
    room = _LINES
    for kind in sorted(ledger.totals, key=lambda kind: (-abs(ledger.totals[kind]["emissions_tco2e"] or 0.0), kind)):
        total = ledger.totals[kind]
        lines = ledger.lines[ledger.lines["kind"] == kind]
        shown = lines.head(min(_LINES_OF_KIND, room))
        room -= len(shown)
        told = ledger.explained(kind, total["amount"])
        amount = f"{amount_text(without_binary_rest(total['amount']))} {ledger.row(kind).unit}"
        emissions = f"{number(total['emissions_tco2e'], 2)} {word('page_co2e', lang)}"
        yield KindOfLines(
            kind,
            ledger.title(kind, lang),
            (counted_lines(len(lines), lang), amount, emissions),
            tuple(formula_text(item, lang) for item in told.derivations) or (ledger.remark(kind, lang),),
            tuple((source_text(source, lang), source) for source in told.sources),
            tuple(
                _line(report, line, at, lang) for at, line in zip(shown.index, shown.to_dict("records"), strict=True)
            ),
            len(lines) - len(shown),
        )


def _line(report: Report, line: Mapping[Any, Any], at: int, lang: Lang) -> tuple[str, ...]:
    """One line as printed."""
    file = " / ".join(str(line[name]) for name in ("file", "sheet") if line[name])
    place = word("page_rows", lang, file=file, rows=str(int(line["row"]))) if line["row"] else file
    entity = str(line["entity"] or "")
    names: Sequence[Any] = (report.entity_names[lang].get(entity, entity), line["site"], line["source"])
    who = " · ".join(str(name) for name in names if name)
    said = " · ".join(str(line[name]) for name in ("note", "evidence") if line[name])
    return str(at + 1), place, who, _period(line), *line_cells(line), said


def _period(line: Mapping[Any, Any]) -> str:
    """The days of a line."""
    days = [getattr(day, "date", lambda day=day: day)() for day in (line["start"], line["end"])]
    return str(Period(*days))
