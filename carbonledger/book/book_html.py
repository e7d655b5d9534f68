"""A book and its reconciliation as a notebook shows them; no file is read for it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from carbonledger.book.settings import BookSettings
from carbonledger.core.language import Lang, listed, word
from carbonledger.core.printed_number import Outcome
from carbonledger.core.record_html import figure_text, record_html, table_html
from carbonledger.core.rounding import Interval
from carbonledger.published.recalculation import RebuiltFigure
from carbonledger.published.verdicts import Verdict
from carbonledger.reporting.published_data import outcome_text, unit_text

__all__ = ["book_html", "verdicts_html"]


def book_html(folder: str, settings: BookSettings, lang: Lang) -> str:
    """What a book states: company, year, files of entries, editions and GWP set.

    Parameters
    ----------
    folder : str
        Where it lies.
    settings : BookSettings
        Its content.
    lang : {"en", "zh"}
        The language of the words.

    Returns
    -------
    str
        HTML.
    """
    company, factors = settings.company, settings.factors
    stated = {
        "company": company.name_in(lang),
        "year": str(company.reporting_year),
        "compare_year": str(company.compare_year or ""),
        "entries": listed(settings.files.entries, lang),
        "emissions": listed(factors.emissions, lang),
        "gwp": factors.gwp,
    }
    rows = [(word(f"notebook_{name}", lang), text) for name, text in stated.items() if text]
    headings = [word(f"notebook_{name}", lang) for name in ("setting", "value")]
    return record_html(lang, word("notebook_book", lang, folder=folder), [], table_html(headings, rows))


def verdicts_html(
    title: str, said: Iterable[str], rebuilt: Iterable[RebuiltFigure], verdicts: Iterable[Verdict], lang: Lang
) -> str:
    """The printed figures that do not simply follow, each with what follows.

    Parameters
    ----------
    title : str
        How many figures and relations there are.
    said : iterable of str
        The statement of completeness; nothing where no inventory is behind the figures.
    rebuilt : iterable of RebuiltFigure
        Printed figures against the engine's own results.
    verdicts : iterable of Verdict
        Relations among printed figures.
    lang : {"en", "zh"}
        The language of the words.

    Returns
    -------
    str
        HTML.
    """
    named = [(item.figure.label.text(lang), item.verdict) for item in rebuilt]
    named += [(item.relation.title.text(lang), item) for item in verdicts]
    rows = [
        (name, _printed(item), _computed(item.computed), unit_text(item.unit, lang), outcome_text(item, lang))
        for name, item in named
        if not item.outcome.agrees
    ]
    headings = [word(f"notebook_{name}", lang) for name in ("figure", "printed", "calculated", "unit", "outcome")]
    said = [*said, *([] if rows else [word("notebook_all_follow", lang)])]
    return record_html(lang, title, said, *([table_html(headings, rows, numbers={1, 2})] if rows else []))


def _printed(verdict: Verdict) -> str:
    """The figure as printed; a dash for one that is not printed and follows from others."""
    return figure_text(None) if verdict.outcome is Outcome.IMPLIES else verdict.printed


def _computed(value: Interval | Decimal | None) -> str:
    """A calculated number, or the interval in which it lies."""
    if isinstance(value, Interval):
        return " – ".join(dict.fromkeys(figure_text(float(end)) for end in (value.low, value.high)))
    return figure_text(None if value is None else float(value))
