"""The sheet of why emissions changed: effects by source, and their sums between the totals of the two years."""

from __future__ import annotations

from carbonledger.comparison.year_effects import SourceEffects, YearEffects
from carbonledger.reporting.decompose_text import effect_notes, moved_sources
from carbonledger.workbooks.fit import add_fit
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent, a1, column_letters

__all__ = ["effect_sheet"]

_LABELS = 2


def effect_sheet(words: ReportInLanguage) -> SheetContent | None:
    """The effects as sums over the sources, the sources with what each effect made of them.

    Parameters
    ----------
    words : ReportInLanguage
        The report.

    Returns
    -------
    SheetContent or None
        None if the book compares with no year, or the change cannot be decomposed.
    """
    step = words.report.change_effects
    if step is None or not step.possible:
        return None
    content = words.sheet("effects", [26, 30, *[16] * (len(step.shown) + 4)], note=True)
    for note in effect_notes(step, words.report.entity_names[words.lang], words.lang):
        content.add([Cell(note, "note")])
    content.add()
    sources = moved_sources(step)
    # The sums stand above the sources: a heading, both years, the change, the effects, the residual, a gap and a heading.
    first = content.next_row + len(step.shown) + 7
    _add_sums(words, content, step, first, first + max(len(sources), 1) - 1)
    _add_sources(words, content, step, sources)
    add_fit(words, content)
    return content


def _add_sums(words: ReportInLanguage, content: SheetContent, step: YearEffects, first: int, last: int) -> None:
    """From the earlier year over the effects to the later one, and what the effects leave."""

    def whole(column: int) -> str:
        letters = column_letters(column)
        return f"SUM({letters}{first + 1}:{letters}{last + 1})"

    top = content.heading([words.word("effect"), words.word("emissions")]) + 1
    rows = [(str(step.years[0]), step.before, whole(_LABELS), True)]
    rows += [
        (words.word(f"effect_{name}"), step.effects[name], whole(_LABELS + 3 + at), False)
        for at, name in enumerate(step.shown)
    ]
    rows.append((str(step.years[1]), step.after, whole(_LABELS + 1), True))
    for label, value, formula, is_total in rows:
        name = Cell(label, "label_total") if is_total else Cell(label)
        content.add([name, words.figure(value, "tonnes_total" if is_total else "tonnes", formula)])
    end = content.next_row - 1
    change = f"{a1(end, 1)}-{a1(top, 1)}"
    content.add(
        [Cell(words.word("decompose_change"), "label_total"), words.figure(step.change, "tonnes_total", change)]
    )
    rest = f"ROUND({a1(end + 1, 1)}-SUM({a1(top + 1, 1)}:{a1(end - 1, 1)}),6)"
    content.add([Cell(words.word("decompose_residual")), words.figure(step.residual, "tonnes", rest)])
    content.add()


def _add_sources(
    words: ReportInLanguage, content: SheetContent, step: YearEffects, sources: list[SourceEffects]
) -> None:
    """One row a source."""
    heads = [words.word(key) for key in ("entity", "carrier")] + [str(year) for year in step.years]
    content.heading([*heads, words.word("decompose_change"), *(words.word(f"effect_{name}") for name in step.shown)])
    for item in sources:
        at = content.next_row
        name = words.entity(item.category.entity) or words.word("effects_whole_company")
        cells = [Cell(name, "wrapped"), Cell(words.activity(item.category.activity), "wrapped")]
        cells += [words.figure(value) for value in (item.before, item.after)]
        change = f"{a1(at, _LABELS + 1)}-{a1(at, _LABELS)}"
        cells.append(words.figure(item.after - item.before, "tonnes", change))
        cells += [words.figure(item.effects[name]) for name in step.shown]
        content.add(cells)
    if not sources:
        content.add()
