"""The page of a monitored book: one file that loads nothing and runs no script; an open browser shows it anew by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, listed, word
from carbonledger.monitoring.alarms import source_label
from carbonledger.monitoring.overview import Overview
from carbonledger.pages.templates import page_word, render
from carbonledger.pages.watch_pictures import days_picture, months_picture
from carbonledger.pages.watch_tables import days_table, months_table, overview_cards, site_table, sources_table
from carbonledger.reporting.wording import finding_text

__all__ = ["watch_page"]


def watch_page(
    overview: Overview | None, lang: Lang, *, every: int = 0, problems: Sequence[Finding] = (), name: str = ""
) -> str:
    """The page of a monitored book.

    Parameters
    ----------
    overview : Overview or None
        The last one that could be drawn up; None if none could.
    lang : {"en", "zh"}
        The language of the page.
    every : int
        After how many seconds a browser loads it again; 0 if it does not.
    problems : sequence of Finding
        What kept the last round from reading the book.
    name : str
        What the page is called where there is no overview.

    Returns
    -------
    str
        HTML that loads nothing.

    Raises
    ------
    BookError
        If a package of the extra ``report`` is not installed.
    """
    company = overview.name[lang] if overview else name
    return render(
        "watch.html.j2",
        lang=lang,
        word=page_word(lang),
        company=company,
        every=every,
        problems=[finding_text(finding, lang) for finding in problems],
        body=None if overview is None else _body(overview, lang, every, stale=bool(problems)),
    )


def _body(overview: Overview, lang: Lang, every: int, *, stale: bool) -> dict[str, Any]:
    """Everything that is said of an overview."""
    pictures = {"days": days_picture(overview, lang)}
    pictures |= {name: months_picture(overview, name, lang) for name in ("energy_gj", "emissions_tco2e")}
    return {
        "state": "incomplete" if not overview.completeness.complete else "doubt" if overview.alarms else "complete",
        "lines": _state(overview, lang, every, stale=stale),
        "sources": [_source_line(item, overview, lang) for item in overview.sources],
        "statement": overview.completeness.lines(lang),
        "cards": overview_cards(overview, lang),
        "alarms": [finding_text(finding, lang) for finding in overview.alarms],
        "tests": _tests(overview, lang),
        "pictures": pictures,
        "days": days_table(overview, lang) if overview.days else None,
        "months": months_table(overview, lang) if overview.months else None,
        "sites": [site_table(overview, name, lang) for name in ("energy_gj", "emissions_tco2e")],
        "sources_table": sources_table(overview, lang) if overview.sources else None,
    }


def _state(overview: Overview, lang: Lang, every: int, *, stale: bool) -> list[str]:
    """When the page was drawn up, and which sources are silent."""
    time = f"{overview.at:%Y-%m-%d %H:%M:%S}"
    lines = [word("watch_stale" if stale else "watch_at", lang, time=time)]
    if every:
        lines.append(word("watch_every", lang, seconds=str(every)))
    if not overview.sources:
        return [*lines, word("watch_no_readings", lang)]
    silent = [source_label(item.names).text(lang) for item in overview.sources if item.is_silent(overview.at)]
    lines.append(word("watch_silent", lang, names=listed(silent, lang)) if silent else word("watch_none_silent", lang))
    return [*lines, word("watch_alarm_count", lang, count=str(len(overview.alarms)))]


def _source_line(item: Any, overview: Overview, lang: Lang) -> dict[str, Any]:
    """Up to which moment there are readings of a source."""
    name, last = source_label(item.names).text(lang), f"{item.last:%Y-%m-%d %H:%M}"
    return {"text": word("watch_last", lang, source=name, last=last), "silent": item.is_silent(overview.at)}


def _tests(overview: Overview, lang: Lang) -> str:
    """What the alarms test, with their limits."""
    chosen = overview.settings
    values = {
        "days": chosen.alarm_days, "weeks": chosen.weeks, "least": chosen.least_weeks, "first": chosen.night_from,
        "last": chosen.night_to, "percent": f"{chosen.least_change_percent:g}", "deviations": f"{chosen.deviations:g}",
    }  # fmt: skip
    return word("watch_alarm_rule", lang, **{name: str(value) for name, value in values.items()})
