"""The comparison of printed figures with data and with each other, in words and as plain data for page, text and JSON."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, bracketed, headed, listed, word
from carbonledger.core.printed_number import Outcome
from carbonledger.core.rounding import Interval
from carbonledger.published.network import ConstraintNetwork, Contradiction
from carbonledger.published.relations import figures_in
from carbonledger.published.typical_errors import slip_text
from carbonledger.published.verdicts import Verdict
from carbonledger.reconstruction.declared import ReconstructionResult
from carbonledger.reporting.console import amount_text, number
from carbonledger.reporting.report import Report

__all__ = [
    "UnknownFigure",
    "all_verdicts",
    "clash_sentence",
    "computed_text",
    "difference_text",
    "figure_text",
    "netted_text",
    "outcome_text",
    "printed_total_text",
    "reading_lines",
    "reconciliation_data",
    "reconstruction_lines",
    "unheld_text",
    "unit_text",
    "unknown_figures",
]

# An interval shows one more place than the printed figure, an unrounded number two.
_INTERVAL_PLACES, _NUMBER_PLACES = 1, 2
_TONNES = "t CO2e"


@dataclass(frozen=True, slots=True)
class UnknownFigure:
    """The interval of a figure that is not printed, under one assumption.

    Parameters
    ----------
    name, label, unit : str
        Its name in the case, what it is called, and its unit in words.
    assumption : str
        In words.
    interval : str
        Where it lies.
    by : str
        The titles of the relations that it follows from.
    """

    name: str
    label: str
    unit: str
    assumption: str
    interval: str
    by: str


def all_verdicts(report: Report) -> list[Verdict]:
    """The verdicts on printed figures, rebuilt ones first; unknowns have none."""
    return [
        *(item.verdict for item in report.rebuilt),
        *(item for item in report.verdicts if item.outcome is not Outcome.IMPLIES),
    ]


def unit_text(unit: str, lang: Lang) -> str:
    """A unit in the words of a language; symbols stay."""

    def unit_word(found: re.Match[str]) -> str:
        try:
            return word(f"unit {found.group()}", lang)
        except KeyError:
            return found.group()

    text = re.sub(r"10\^\d|[^\W\d]\w*", unit_word, unit)
    return re.sub(r"(?<=[万亿]) ", "", text)


def computed_text(report: Report, verdict: Verdict) -> str:
    """The number or interval calculated for a printed figure, with as many places as that figure needs.

    Parameters
    ----------
    report : Report
        With the published figures.
    verdict : Verdict
        Of any of them.

    Returns
    -------
    str
        An interval as ``low – high``; thousands are separated only if they are in print.
    """
    value = verdict.computed
    if value is None:
        return "–"
    names = [name for name in figures_in(verdict.relation) if name in report.published]
    related = [item for item in names if report.published[item].figure.text == verdict.printed] or names
    return _number_text(value, report, related)


def _number_text(value: Interval | Decimal, report: Report, related: Iterable[str]) -> str:
    """A number or interval with as many places as some printed figures."""
    figures = [report.published[name].figure for name in related]
    places = max((figure.decimals for figure in figures), default=2)
    grouped = any("," in figure.text for figure in figures)
    if isinstance(value, Decimal):
        return _grouped(number(value, places + _NUMBER_PLACES), grouped=grouped)
    if not value.high.is_finite():
        return f"≥ {_grouped(number(value.low, places), grouped=grouped)}"
    ends = [_grouped(number(end, places + _INTERVAL_PLACES), grouped=grouped) for end in (value.low, value.high)]
    return _grouped(number(value.middle, places), grouped=grouped) if ends[0] == ends[1] else " – ".join(ends)


def _grouped(text: str, *, grouped: bool) -> str:
    """A number with or without separated thousands."""
    return text if grouped else text.replace(",", "")


def outcome_text(verdict: Verdict, lang: Lang) -> str:
    """An outcome, and the typical error that would explain it, or why there is none."""
    if verdict.problem:
        return headed(word(verdict.outcome, lang), verdict.problem.text(lang), lang)
    if not verdict.slip:
        return word(verdict.outcome, lang)
    slip = slip_text(verdict.slip, verdict.at_fault).text(lang)
    return f"{word(verdict.outcome, lang)}{bracketed(word('slip', lang, slip=slip), lang)}"


def unheld_text(report: Report, lang: Lang) -> str:
    """The sentence for a book whose printed figures are compared with nothing.

    Parameters
    ----------
    report : Report
        Without verdicts on printed figures.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    str
    """
    key = "summary_implied" if report.verdicts else "summary_unheld"
    return word(key, lang, figures=str(len(report.published)))


def difference_text(finding: Finding, lang: Lang) -> str:
    """A printed figure that the entries do not give, as a sentence.

    Parameters
    ----------
    finding : Finding
        Of the rule PUBLISHED_DIFFERS.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    str
    """
    return finding.says.text(lang)


def printed_total_text(report: Report, lang: Lang) -> str:
    """How the printed total compares with the gross inventory, as a sentence; empty if that cannot be said."""
    total = report.printed_total
    if total is None or not (total.verdict.outcome.agrees or total.verdict.outcome is Outcome.DOES_NOT_FOLLOW):
        return ""
    key = "printed_agrees" if total.verdict.outcome.agrees else "printed_verdict"
    tonnes = total.verdict.unit == _TONNES
    unit = word("emissions", lang) if tonnes else unit_text(total.verdict.unit, lang)
    values = {
        "printed": f"{total.verdict.printed} ×" if unit.startswith("10^") else total.verdict.printed,
        "gross": number(float(report.inventory.total_location_based().magnitude), 4),
        "distance": number(total.verdict.distance, 3),
        "unit": unit,
        "short": "t" if tonnes else unit,
    }
    return word(key, lang, **values)


def netted_text(report: Report, lang: Lang) -> str:
    """The factor at which own generation would have been subtracted, as a sentence; empty if there is none."""
    netted = report.netted
    if netted is None:
        return ""
    margin = word("combined_margin", lang)
    near = listed((f"{name} {value.normalize():f}" for name, value in netted.near[:3]), lang, semicolons=True)
    limits = {"low": number(netted.implied.low, 4), "high": number(netted.implied.high, 4)}
    values = {"own": amount_text(float(netted.own_mwh)), "near": near.replace("combined margin", margin)}
    return word("netted_page", lang, **values, **limits)


def clash_sentence(report: Report, clash: Contradiction, lang: Lang) -> str:
    """A contradiction in one sentence."""
    verdicts = {item.relation.relation_id: item for item in report.verdicts}
    found = [verdicts[name] for name in clash.relations if name in verdicts]
    first = found[0] if found else None
    if first is None or len(clash.relations) > 1 or first.outcome is not Outcome.DOES_NOT_FOLLOW:
        return word(
            "clash_together", lang, titles=listed((item.relation.title for item in found), lang, semicolons=True)
        )
    unit = unit_text(first.unit, lang)
    own = unit and unit not in first.printed
    values = {
        "title": first.relation.title.text(lang),
        "printed": f"{first.printed} {unit}" if own else first.printed,
        "computed": f"{computed_text(report, first)} {unit}".strip(),
        "figures": listed(
            (report.published[name].figure.text for name in clash.figures if name in report.published), lang
        ),
    }
    return word(
        {"shares_sum": "clash_shares", "same": "clash_same"}.get(first.relation.kind, "clash_result"), lang, **values
    )


def figure_text(report: Report, name: str, lang: Lang) -> str:
    """The label and printed text of a published figure; the label of an unknown."""
    unknown = report.network.unknowns.get(name) if report.network else None
    return unknown.label.text(lang) if unknown else report.figure_label(name, lang)


def unknown_figures(report: Report, lang: Lang) -> list[UnknownFigure]:
    """The intervals of the figures that are not printed, one for each assumption."""
    network = report.network
    if network is None:
        return []
    titles = {item.relation.relation_id: item.relation for item in report.verdicts}
    found = []
    for name, ways in network.alternatives.items():
        unknown, by = network.unknowns[name], network.tightened[name].relations
        related = [item for key in by if key in titles for item in figures_in(titles[key]) if item in report.published]
        words = listed((titles[key].title for key in by if key in titles), lang, semicolons=True)
        for way, interval in ways.items():
            numbers = _number_text(interval, report, related)
            place = (unit_text(unknown.unit, lang), word(f"assumption_{way}", lang), numbers, words)
            found.append(UnknownFigure(name.removeprefix("?"), unknown.label.text(lang), *place))
    return found


def reading_lines(report: Report, lang: Lang) -> list[str]:
    """The figures whose rounding variant is not plain rounding, one line for each variant."""
    network = report.network
    ways: dict[str, list[str]] = {}
    for item in network.rounding_variants if network else ():
        ways.setdefault(item.how, []).append(figure_text(report, item.figure, lang))
    lines = [word(f"reading_{how}", lang, figures=listed(names, lang, semicolons=True)) for how, names in ways.items()]
    return [*lines, word("set_free", lang)] if network and any(item.result for item in network.clashes) else lines


def reconstruction_lines(item: ReconstructionResult, lang: Lang, *more: str) -> list[str]:
    """The sum of a declared reconstruction, in what it departs from the standards, its odds, and whether it fits.

    Parameters
    ----------
    item : ReconstructionResult
        As calculated.
    lang : {"en", "zh"}
        In which language.
    *more : str
        Further parts of the line with the sum.

    Returns
    -------
    list of str
    """
    declared = item.reconstruction
    total = word("reconstruction_sum", lang, total=item.total_text, prints=str(item.prints_as))
    return [
        word("sentence", lang, text=listed((total, *more), lang, semicolons=True)),
        headed(word("departs", lang), declared.departs.text(lang), lang),
        headed(word("odds", lang), declared.odds.text(lang), lang),
        word("plausible" if item.agrees else "misses", lang),
    ]


def reconciliation_data(report: Report, lang: Lang) -> dict[str, Any]:
    """The comparison of printed figures as plain data for JSON.

    Parameters
    ----------
    report : Report
        Of a book with published figures.
    lang : {"en", "zh"}
        The language of labels and sentences.

    Returns
    -------
    dict
        ``completeness``, ``summary``, ``rebuilt``, ``relations``, ``network``, ``avoided_netted``, ``reconstructions``; a limit
        that is not finite is null.
    """
    data = report.published_data(lang)
    outcomes = [item.outcome for item in all_verdicts(report)]
    clashes = report.network.clashes if report.network else ()
    summary = {
        "checks": len(outcomes),
        "verdicts": {outcome: outcomes.count(outcome) for outcome in dict.fromkeys(outcomes)},
        "clashes": [clash_sentence(report, clash, lang) for clash in clashes],
    }
    names = ("rebuilt", "relations", "avoided_netted", "reconstructions")
    network = _network_data(report.network, data["network"], lang) if report.network else None
    plain: dict[str, Any] = _finite_or_null(
        {"completeness": _completeness(report, lang), "summary": summary, "network": network}
        | {name: data[name] for name in names}
    )
    return plain


def _completeness(report: Report, lang: Lang) -> dict[str, Any] | None:
    """Whether what the figures are rebuilt from is complete; None of a publication alone."""
    return report.completeness.to_dict(lang) if not report.published_alone else None


def _network_data(network: ConstraintNetwork, plain: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """The network with the labels and intervals of its unknowns under each assumption."""
    unknowns = [
        {
            "unknown": name.removeprefix("?"),
            "label": network.unknowns[name].label.text(lang),
            "unit": network.unknowns[name].unit,
            "intervals": {way: [float(item.low), float(item.high)] for way, item in ways.items()},
            "by": list(network.tightened[name].relations),
        }
        for name, ways in network.alternatives.items()
    ]
    return {**plain, "unknowns": unknowns}


def _finite_or_null(value: Any) -> Any:
    """Plain data in which numbers that are not finite are null."""
    if isinstance(value, Mapping):
        return {name: _finite_or_null(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_finite_or_null(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
