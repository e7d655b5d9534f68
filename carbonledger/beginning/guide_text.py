"""The ``README.md`` of a new book: the next steps, how to enter what is used, and which factor prices it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from carbonledger.beginning.answers import BookAnswers
from carbonledger.beginning.pins import Pins, Proposal
from carbonledger.beginning.proposals import Answer, units_of
from carbonledger.beginning.reasons import activity_words, place_words, reason_of
from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.language import Lang, listed, printable, word

__all__ = ["ENTRY_FIELDS", "guide_text", "headings"]

# The columns of the file of entries.
ENTRY_FIELDS = (
    *("entity", "site", "source", "activity", "amount", "unit", "year", "month"),
    *("factor", "data_type", "evidence", "note"),
)
# The steps of a year, and the command of each, to be run in the folder of the book.
_COMMANDS = {
    "template": "template . template.xlsx",
    "status": "status .",
    "check": "check .",
    "report": "report .",
    "files": "report . --html report.html --xlsx report.xlsx --docx report.docx",
    "close": "close .",
    "new_year": "new-year . ../NEXT",
}


def headings(lang: Lang) -> list[str]:
    """The headings of the file of entries."""
    return [word(f"heading_{name}", lang) for name in ENTRY_FIELDS]


def guide_text(answers: BookAnswers, pins: Pins, settings: str, entries: str) -> str:
    """The text of ``README.md``.

    Parameters
    ----------
    answers : BookAnswers
        What is known of the company.
    pins : Pins
        The editions.
    settings, entries : str
        The names of the files.

    Returns
    -------
    str
    """
    lang = answers.lang
    title = word("readme_title", lang, name=printable(answers.name.strip()), year=str(answers.year))
    lines = [f"# {title}", "", f"## {word('readme_steps', lang)}", ""]
    lines += [*_steps(lang, settings, entries), "", f"## {word('readme_how', lang)}", ""]
    lines += [*_table(_how(pins, answers.region, lang)), "", word("readme_meter_note", lang), ""]
    lines += [f"{word('readme_row', lang)}:" if lang == "en" else f"{word('readme_row', lang)}：", ""]
    lines += [*_table(_example(answers, pins)), "", f"## {word('readme_factors', lang)}", ""]
    lines += list(_table(_factors(pins, lang)))
    if any(pins.unpriced()):
        lines += ["", word("new_missing_remedy", lang)]
    return "\n".join(lines) + "\n"


def _steps(lang: Lang, settings: str, entries: str) -> Iterator[str]:
    """The steps, each with its command."""
    yield f"1. {word('readme_step_enter', lang, file=f'`{entries}`')}"
    yield f"2. {word('readme_step_settings', lang, file=f'`{settings}`')}"
    option = " --lang zh" if lang == "zh" else ""
    for number, (name, command) in enumerate(_COMMANDS.items(), start=3):
        yield f"{number}. {word(f'readme_step_{name}', lang)} `carbonledger {command}{option}`"


def _how(pins: Pins, home: str, lang: Lang) -> Iterator[list[str]]:
    """What to write for each use, in which units, with which word for the factor."""
    yield [
        word("heading_activity", lang),
        word("readme_place", lang),
        word("readme_units", lang),
        word("readme_words", lang),
    ]
    for item in pins.proposals:
        name, place = activity_words(item.activity, home, lang), place_words(item.region, lang)
        for units, words in _ways(item):
            told = word("readme_any_word", lang, words=listed(words, lang)) if len(words) > 1 else listed(words, lang)
            yield [name, place, listed(units, lang), told]


def _ways(item: Proposal) -> list[tuple[list[str], tuple[str, ...]]]:
    """The units that share the words that an entry must write; of what nothing prices, the usual units."""
    if not item.by_year:
        return [(list(units_of(item.activity, item.region.partition("-")[0])), ())]
    found: dict[tuple[str, ...], list[str]] = {}
    answers = tuple(item.by_year.values())
    for way in answers[0].ways:
        words = [_words_for(answer, way.unit) for answer in answers]
        if None not in words:
            shared = tuple(name for name in words[0] or () if all(name in (other or ()) for other in words))
            found.setdefault(shared, []).append(way.unit)
    return [(units, words) for words, units in found.items()]


def _words_for(answer: Answer, unit: str) -> tuple[str, ...] | None:
    """The words of an answer for a unit; None if it has none in that unit."""
    return next((way.words for way in answer.ways if way.unit == unit), None)


def _example(answers: BookAnswers, pins: Pins) -> Iterator[list[str]]:
    """The headings, and a row as it is filled in."""
    yield headings(answers.lang)
    item, place = pins.proposals[0], answers.places[0]
    units, words = _ways(item)[0]
    filled = {
        "entity": place.entity,
        "site": place.site,
        "activity": activity_words(item.activity, answers.region, answers.lang),
        "amount": "12345.6",
        "unit": units[0],
        "year": str(answers.year),
        "month": str(answers.first_month),
        "factor": words[0] if words else "",
        "data_type": word("data_actual", answers.lang),
    }
    yield [filled.get(name, "") for name in ENTRY_FIELDS]


def _factors(pins: Pins, lang: Lang) -> Iterator[list[str]]:
    """Which factor prices a use, and why."""
    yield [word("heading_activity", lang), word("readme_place", lang), word("readme_basis", lang)]
    for item in pins.proposals:
        yield [
            taxonomy()[item.activity].label(lang),
            place_words(item.region, lang),
            reason_of(item, pins.years, lang),
        ]


def _table(rows: Iterable[list[str]]) -> Iterator[str]:
    """Rows as a table of Markdown."""
    for number, row in enumerate(rows):
        cells = [printable(cell).replace("|", "\\|") for cell in row]
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"|{'---|' * len(row)}"
