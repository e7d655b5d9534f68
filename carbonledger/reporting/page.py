"""The reconciliation as a page, and as one page for a board: self-contained HTML that prints on A4."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from carbonledger.analysis.reconciliation import Verdict
from carbonledger.errors import BookError
from carbonledger.reporting.drawing import amount_text, number
from carbonledger.reporting.labels import Lang, word
from carbonledger.reporting.pictures import interval_picture
from carbonledger.reporting.report import Report
from carbonledger.rounding import Interval

if TYPE_CHECKING:
    from jinja2 import Environment

    from carbonledger.analysis.searching import SpaceResult

__all__ = ["board_summary", "reconciliation_page"]


def reconciliation_page(report: Report, lang: Lang, search: SpaceResult | None = None) -> str:
    """Every printed figure with what became of it, contradictions first, each with its intervals drawn.

    Parameters
    ----------
    report : Report
        Of a book with published figures.
    lang : {"en", "zh"}
        In which language.
    search : SpaceResult or None
        What a declared space gave for the printed total.

    Returns
    -------
    str
        HTML that loads nothing.

    Raises
    ------
    BookError
        If Jinja2 is not installed.
    """
    bad = [item for item in report.verdicts if item.holds == "does not follow"]
    good = [item for item in report.verdicts if item.holds not in {"does not follow", "implies"}]
    rebuilt = [
        _row(item.verdict, item.figure.label(lang), lang, item.figure.figure.interval) for item in report.rebuilt
    ]
    sections = [
        (word("printed_title", lang), rebuilt),
        (word("bad_relations", lang), [_relation(report, item, lang) for item in bad]),
        (word("good_relations", lang), [_relation(report, item, lang) for item in good]),
    ]
    return _render(
        "reconciliation.html.j2",
        report,
        lang,
        "reconciliation_page",
        verdict=_total_lines(report, lang),
        sections=sections,
        clashes=_clashes(report, lang),
        follows=_follows(report, lang),
        readings=f"{word('readings', lang)}: {'; '.join(report.network.assumptions)}" if report.network else "",
        reconstructions=list(_reconstructions(report, lang)),
        search=_search_lines(search, lang),
    )


def board_summary(report: Report, lang: Lang, search: SpaceResult | None = None) -> str:
    """One page: what was printed, what follows from the data, what may explain the gap and how sure that is, what to do.

    Parameters
    ----------
    report : Report
        Of a book with published figures.
    lang : {"en", "zh"}
        In which language.
    search : SpaceResult or None
        What a declared space gave for the printed total.

    Returns
    -------
    str
        HTML that loads nothing.

    Raises
    ------
    BookError
        If Jinja2 is not installed.
    """
    total, gross = report.printed_total, float(report.inventory.total_location_based().magnitude)
    numbers = []
    if total is not None:
        printed = float(total.figure.figure.value)
        gap = f"{number(printed - gross, 2)} t ({number((printed / gross - 1) * 100, 2)} %)" if gross else "–"
        numbers = [
            (word("summary_printed", lang), f"{total.verdict.printed} t CO2e"),
            (word("summary_gross", lang), f"{number(gross, 2)} t CO2e"),
            (word("summary_gap", lang), gap),
        ]
    verdicts = [
        *(item.verdict for item in report.rebuilt),
        *(item for item in report.verdicts if item.holds != "implies"),
    ]
    clashes = _clashes(report, lang)
    follows = total is None or total.verdict.holds != "does not follow"
    steps = ["step_factors", "step_gross"] * (not follows) + ["step_clashes"] * bool(clashes)
    lines = _total_lines(report, lang)[:1] + [word("summary_hypothesis", lang)] * (report.netted is not None)
    agree = sum(item.holds.startswith("agrees") for item in verdicts)
    values = {"agree": str(agree), "all": str(len(verdicts)), "clash": str(len(clashes))}
    return _render(
        "summary.html.j2",
        report,
        lang,
        "summary_page",
        numbers=numbers,
        verdict=[*lines, *_search_lines(search, lang)],
        counts=word("summary_counts", lang, **values),
        clashes=clashes,
        steps=[word(step, lang) for step in steps or ["step_none"]],
    )


def _render(template: str, report: Report, lang: Lang, title: str, **values: Any) -> str:
    """A template filled; every value is escaped."""
    company = report.settings["company"]
    heading = {"company": company[f"name_{lang}"], "year": company["reporting_year"], "title": title, "lang": lang}
    page = _environment().get_template(template).render(word=partial(_word, lang), **heading, **values)
    return page.strip() + "\n"


def _word(lang: Lang, key: str) -> str:
    """A label in the language of the page."""
    return word(key, lang)


def _environment() -> Environment:
    """Jinja2 with the templates that lie beside this module."""
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        raise BookError("pages need Jinja2. Install it: pip install 'carbonledger[report]'.") from error
    loader = PackageLoader("carbonledger.reporting", ".")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _row(verdict: Verdict, label: str, lang: Lang, printed: Interval | None) -> dict[str, Any]:
    """A figure with its picture."""
    slip = f" ({word('slip', lang, slip=verdict.slip)})" if verdict.slip else ""
    return {
        "label": label,
        "printed": verdict.printed,
        "computed": _computed(verdict),
        "unit": verdict.unit,
        "verdict": f"{word(verdict.holds, lang)}{slip}",
        "bad": verdict.holds == "does not follow",
        "picture": interval_picture(printed, verdict.computed) if printed else None,
    }


def _relation(report: Report, verdict: Verdict, lang: Lang) -> dict[str, Any]:
    """A relation with the picture of the figure that its verdict is about."""
    members = verdict.relation.members
    name = str(
        members.get("result") or members.get("total") or members.get("change") or (members.get("figures") or [""])[0]
    )
    figure = report.published.get(name)
    return _row(verdict, verdict.relation.title(lang), lang, figure.figure.interval if figure else None)


def _computed(verdict: Verdict) -> str:
    """What the data or other figures give."""
    value = verdict.computed
    if not isinstance(value, Interval):
        return number(value, 4)
    low, high = number(value.low, 3), number(value.high, 3)
    return low if low == high else f"{low} – {high}"


def _total_lines(report: Report, lang: Lang) -> list[str]:
    """What became of the printed total."""
    total = report.printed_total
    if total is None:
        return []
    key = "printed_verdict" if total.verdict.holds == "does not follow" else "printed_agrees"
    gross = number(float(report.inventory.total_location_based().magnitude), 4)
    lines = [word(key, lang, printed=total.verdict.printed, gross=gross, distance=number(total.verdict.distance, 3))]
    if report.netted is not None:
        near = "; ".join(f"{name} {value.normalize():f}" for name, value in report.netted.near[:3])
        limits = {"low": number(report.netted.implied.low, 4), "high": number(report.netted.implied.high, 4)}
        lines.append(word("netted_text", lang, own=amount_text(float(report.netted.own_mwh)), near=near, **limits))
    return lines


def _clashes(report: Report, lang: Lang) -> list[dict[str, list[str]]]:
    """The contradictions with the figures as they are called and printed."""
    if report.network is None:
        return []
    titles = {item.relation.relation_id: item.relation.title(lang) for item in report.verdicts}
    return [
        {
            "figures": [report.figure_label(name, lang) for name in clash.figures],
            "relations": [titles.get(name, name) for name in clash.relations],
        }
        for clash in report.network.clashes
    ]


def _follows(report: Report, lang: Lang) -> list[str]:
    """What is known of the unknowns."""
    found = report.network.tightened.values() if report.network else ()
    return [
        word(
            "follows",
            lang,
            name=item.figure.removeprefix("?"),
            interval=f"[{number(item.interval.low, 3)}, {number(item.interval.high, 3)}]",
            relations=", ".join(item.relations),
        )
        for item in found
        if item.printed is None
    ]


def _reconstructions(report: Report, lang: Lang) -> Iterable[dict[str, Any]]:
    """Declared reconstructions with their odds."""
    for item in report.reconstructions:
        declared = item.reconstruction
        lines = [word("reconstruction_sum", lang, total=item.total_text, prints=str(item.prints_as))]
        lines.append(f"{word('departs', lang)}: {declared.departs_zh if lang == 'zh' else declared.departs_en}")
        lines.append(f"{word('odds', lang)}: {declared.odds_zh if lang == 'zh' else declared.odds_en}")
        lines.append(word("plausible" if item.agrees else "misses", lang))
        yield {"title": declared.title_zh if lang == "zh" else declared.title_en, "lines": lines}


def _search_lines(search: SpaceResult | None, lang: Lang) -> list[str]:
    """How many combinations hit, and how many would by chance."""
    if search is None:
        return []
    values = {"tried": f"{search.tried:,}", "hits": f"{search.count:,}"}
    values |= {"expected": f"{search.expected:,.3g}", "deviation": f"{search.deviation:,.2g}"}
    return [word("search_text", lang, **values), word("plausible" if search.count else "search_none", lang)]
