"""Why emissions changed, on the page of a report: the effects between two years, and by source."""

from __future__ import annotations

from collections.abc import Iterator

from carbonledger.comparison.year_effects import YearEffects
from carbonledger.core.language import Lang, word
from carbonledger.pages.tables import PageTable, Row, numbers, texts
from carbonledger.reporting.console import number
from carbonledger.reporting.decompose_text import effect_notes, moved_sources, signed, source_cells
from carbonledger.reporting.report import Report
from carbonledger.reporting.wording import finding_text

__all__ = ["effect_lines", "effect_tables", "effects_title"]

_DECIMALS = 2
_LONGEST = 20


def effects_title(step: YearEffects, lang: Lang) -> str:
    """The heading of the section."""
    return word("effects_title", lang, previous=str(step.years[0]), current=str(step.years[1]))


def effect_lines(report: Report, step: YearEffects, lang: Lang) -> tuple[str, ...]:
    """What is to be said of the effects, or why there are none."""
    notes = effect_notes(step, report.entity_names[lang], lang) if step.possible else ()
    return (*notes, *(finding_text(finding, lang) for finding in step.findings))


def effect_tables(report: Report, step: YearEffects, lang: Lang) -> tuple[PageTable, ...]:
    """The effects as the picture shows them, and the sources that moved most with what each effect made of them.

    Parameters
    ----------
    report : Report
        Of a book.
    step : YearEffects
        Of its change.
    lang : {"en", "zh"}
        The language of the words.

    Returns
    -------
    tuple of PageTable
        None where the change could not be decomposed.
    """
    if not step.possible:
        return ()
    co2e = word("page_co2e", lang)
    percent = word("effects_percent", lang, year=str(step.years[0]))
    columns = (*texts(word("effect", lang)), *numbers((word("page_emissions", lang), co2e), (percent, "%")))
    whole = PageTable(word("effects_table", lang), columns, tuple(_effect_rows(step, lang)))
    names = report.entity_names[lang]
    years = ((str(year), co2e) for year in step.years)
    effects = ((word(f"effect_short_{name}", lang), co2e) for name in step.shown)
    heads = (*texts(word("entity", lang), word("carrier", lang)), *numbers(*years, *effects))
    moved = moved_sources(step)
    rows = [
        Row((*source_cells(item, names, lang), *(signed(item.effects[name]) for name in step.shown)))
        for item in moved[:_LONGEST]
    ]
    more = word("effects_more", lang, count=f"{len(moved) - _LONGEST:,}")
    notes = (more,) if len(moved) > _LONGEST else ()
    return whole, PageTable(word("effects_by_source", lang), heads, tuple(rows), notes)


def _effect_rows(step: YearEffects, lang: Lang) -> Iterator[Row]:
    """Both years, and the effects between them."""

    def share(value: float) -> str:
        return number(value / step.before * 100 if step.before else None, _DECIMALS)

    yield Row((str(step.years[0]), number(step.before, _DECIMALS), share(step.before)), "subtotal")
    for name in step.shown:
        value = step.effects[name]
        yield Row((word(f"effect_{name}", lang), signed(value), share(value)))
    yield Row((str(step.years[1]), number(step.after, _DECIMALS), share(step.after)), "subtotal")
    yield Row((word("decompose_change", lang), signed(step.change), share(step.change)), "total")
