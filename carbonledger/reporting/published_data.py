"""What became of printed figures, in words and as plain data: the page, the text and the JSON are drawn from this."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, word
from carbonledger.core.printed_number import Outcome
from carbonledger.core.rounding import Interval
from carbonledger.published.network import ConstraintNetwork, Contradiction
from carbonledger.published.relations import figures_in
from carbonledger.published.verdicts import Verdict
from carbonledger.reporting.console import amount_text, number
from carbonledger.reporting.report import Report

__all__ = [
    "UnknownFigure",
    "all_verdicts",
    "clash_sentence",
    "computed_text",
    "difference_text",
    "figure_text",
    "holds_text",
    "netted_text",
    "reading_lines",
    "reconciliation_data",
    "unheld_text",
    "unit_text",
    "unknown_figures",
]

# An interval shows one more place than the figure beside it, an unrounded number two.
_INTERVAL_PLACES, _NUMBER_PLACES = 1, 2


@dataclass(frozen=True, slots=True)
class UnknownFigure:
    """What is known of a figure that is not printed, under one assumption.

    Parameters
    ----------
    name, label, unit : str
        Its name in the case, what it is called, and its unit in words.
    assumption : str
        In words.
    interval : str
        Where it lies.
    by : str
        The titles of the relations that say so.
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

    def said(found: re.Match[str]) -> str:
        try:
            return word(f"unit {found.group()}", lang)
        except KeyError:
            return found.group()

    text = re.sub(r"10\^\d|[^\W\d]\w*", said, unit)
    return re.sub(r"(?<=[万亿]) ", "", text)


def computed_text(report: Report, verdict: Verdict) -> str:
    """What the data or other figures give, with as many places as the printed figures beside it need.

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
    beside = [item for item in names if report.published[item].figure.text == verdict.printed] or names
    return _numbers(value, report, beside)


def _numbers(value: Interval | Decimal, report: Report, beside: Iterable[str]) -> str:
    """A number or interval with the places of the figures beside it."""
    figures = [report.published[name].figure for name in beside]
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


def holds_text(verdict: Verdict, lang: Lang) -> str:
    """A verdict, and the slip that would explain it."""
    if not verdict.slip:
        return word(verdict.outcome, lang)
    try:
        slip = word(f"slip {verdict.slip}", lang)
    except KeyError:
        slip = verdict.slip
    return f"{word(verdict.outcome, lang)} ({word('slip', lang, slip=slip)})"


def unheld_text(report: Report, lang: Lang) -> str:
    """What to say where no printed figure is held to anything.

    Parameters
    ----------
    report : Report
        Without verdicts.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    str
    """
    return word("summary_unheld", lang, figures=str(len(report.published)))


def difference_text(finding: Finding, lang: Lang) -> str:
    """A printed figure that the entries do not give, as a sentence.

    Parameters
    ----------
    finding : Finding
        Of the rule PUBLISHED_DIFFERS.
    lang : {"en", "zh"}
        In which language; the message with its numbers stays English.

    Returns
    -------
    str
    """
    return finding.says.text(lang)


def netted_text(report: Report, lang: Lang) -> str:
    """At which factor own generation would have been subtracted; empty if nothing hints at it."""
    netted = report.netted
    if netted is None:
        return ""
    margin = word("combined_margin", lang)
    near = "; ".join(f"{name} {value.normalize():f}" for name, value in netted.near[:3])
    limits = {"low": number(netted.implied.low, 4), "high": number(netted.implied.high, 4)}
    values = {"own": amount_text(float(netted.own_mwh)), "near": near.replace("combined margin", margin)}
    return word("netted_page", lang, **values, **limits)


def clash_sentence(report: Report, clash: Contradiction, lang: Lang) -> str:
    """What is wrong in a contradiction, in one sentence."""
    verdicts = {item.relation.relation_id: item for item in report.verdicts}
    found = [verdicts[name] for name in clash.relations if name in verdicts]
    first = found[0] if found else None
    if first is None or len(clash.relations) > 1 or first.outcome is not Outcome.DOES_NOT_FOLLOW:
        return word("clash_together", lang, titles="; ".join(item.relation.title(lang) for item in found))
    unit = unit_text(first.unit, lang)
    own = unit and unit not in first.printed
    values = {
        "title": first.relation.title(lang),
        "printed": f"{first.printed} {unit}" if own else first.printed,
        "computed": f"{computed_text(report, first)} {unit}".strip(),
        "figures": ", ".join(report.published[name].figure.text for name in clash.figures if name in report.published),
    }
    return word(
        {"shares_sum": "clash_shares", "same": "clash_same"}.get(first.relation.kind, "clash_result"), lang, **values
    )


def figure_text(report: Report, name: str, lang: Lang) -> str:
    """A published figure as it is called and printed; an unknown as it is called."""
    unknown = report.network.unknowns.get(name) if report.network else None
    return unknown.label(lang) if unknown else report.figure_label(name, lang)


def unknown_figures(report: Report, lang: Lang) -> list[UnknownFigure]:
    """What is known of the figures that are not printed, each assumption named."""
    network = report.network
    if network is None:
        return []
    titles = {item.relation.relation_id: item.relation for item in report.verdicts}
    found = []
    for name, ways in network.alternatives.items():
        unknown, by = network.unknowns[name], network.tightened[name].relations
        beside = [item for key in by if key in titles for item in figures_in(titles[key]) if item in report.published]
        words = "; ".join(titles[key].title(lang) for key in by if key in titles)
        for way, interval in ways.items():
            numbers = _numbers(interval, report, beside)
            place = (unit_text(unknown.unit, lang), word(f"assumption_{way}", lang), numbers, words)
            found.append(UnknownFigure(name.removeprefix("?"), unknown.label(lang), *place))
    return found


def reading_lines(report: Report, lang: Lang) -> list[str]:
    """Which figures were read otherwise than plainly rounded, by reading."""
    network = report.network
    ways: dict[str, list[str]] = {}
    for item in network.rounding_variants if network else ():
        ways.setdefault(item.how, []).append(figure_text(report, item.figure, lang))
    lines = [word(f"reading_{how}", lang, figures="; ".join(names)) for how, names in ways.items()]
    return [*lines, word("set_free", lang)] if network and any(item.result for item in network.clashes) else lines


def reconciliation_data(report: Report, lang: Lang) -> dict[str, Any]:
    """What became of printed figures, as plain data for JSON.

    Parameters
    ----------
    report : Report
        Of a book with published figures.
    lang : {"en", "zh"}
        The language of labels and sentences.

    Returns
    -------
    dict
        ``summary``, ``rebuilt``, ``relations``, ``network``, ``avoided_netted``, ``reconstructions``. A limit that is not finite is null.
    """
    data = report.to_dict(lang)
    verdicts = [item.outcome for item in all_verdicts(report)]
    clashes = report.network.clashes if report.network else ()
    summary = {
        "checks": len(verdicts),
        "verdicts": {holds: verdicts.count(holds) for holds in dict.fromkeys(verdicts)},
        "clashes": [clash_sentence(report, clash, lang) for clash in clashes],
    }
    names = ("rebuilt", "relations", "avoided_netted", "reconstructions")
    network = _network_data(report.network, data["network"], lang) if report.network else None
    plain: dict[str, Any] = _finite({"summary": summary, "network": network} | {name: data[name] for name in names})
    return plain


def _network_data(network: ConstraintNetwork, plain: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """The network with labels of its unknowns and what follows under each assumption."""
    unknowns = [
        {
            "unknown": name.removeprefix("?"),
            "label": network.unknowns[name].label(lang),
            "unit": network.unknowns[name].unit,
            "intervals": {way: [float(item.low), float(item.high)] for way, item in ways.items()},
            "by": list(network.tightened[name].relations),
        }
        for name, ways in network.alternatives.items()
    ]
    return {**plain, "unknowns": unknowns}


def _finite(value: Any) -> Any:
    """Plain data without numbers that JSON does not have."""
    if isinstance(value, Mapping):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
