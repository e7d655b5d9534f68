"""The ``book.toml`` of a new book, with comments that teach in the language of the run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from carbonledger.activity_data.expected_sources import ExpectedSource
from carbonledger.beginning.answers import ATTRIBUTES, BookAnswers, generates
from carbonledger.beginning.pins import Pins
from carbonledger.beginning.reasons import heading_of, place_words, reason_of
from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.errors import RegionError
from carbonledger.core.language import Lang, headed, printable, word
from carbonledger.core.periods import Period
from carbonledger.core.regions import canonical_region, region_label
from carbonledger.factors.editions import read_edition

__all__ = ["region_text", "settings_text"]


def settings_text(answers: BookAnswers, pins: Pins, entries: str, instruments: str) -> str:
    """The text of ``book.toml``.

    Parameters
    ----------
    answers : BookAnswers
        What is known of the company.
    pins : Pins
        The editions.
    entries, instruments : str
        The names of the files; the second empty if there is none.

    Returns
    -------
    str
    """
    parts = (
        _company(answers),
        _boundary(answers.lang),
        _entities(answers),
        _sites(answers),
        _sources(answers),
        _factors(answers, pins),
        _scope_2(answers, instruments),
        _files(answers.lang, entries),
    )
    blocks = ["\n".join(part) for part in (tuple(lines) for lines in parts) if part]
    return f"# {word('new_head', answers.lang)}\n\n" + "\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    """A text of TOML, whatever it is made of."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    """A line of comment, whatever the text is made of."""
    return f"# {printable(text)}"


def _name_lines(name: str, lang: Lang) -> Iterator[str]:
    """A name in the language in which it is written."""
    chinese = lang == "zh" or any("一" <= letter <= "鿿" for letter in name)
    yield f"name_{'zh' if chinese else 'en'} = {_quoted(name)}"


def _company(answers: BookAnswers) -> Iterator[str]:
    """Whose book it is, and for which year."""
    lang, period = answers.lang, Period.of_year(answers.year, answers.first_month)
    yield "[company]"
    yield from _name_lines(answers.name.strip(), lang)
    days = word("new_year", lang, first=str(period.start), last=str(period.last_day))
    yield f"reporting_year = {answers.year}  # {days}"
    yield f"first_month = {answers.first_month}  # {word('new_first_month', lang)}"
    yield f"region = {_quoted(answers.region)}  {_comment(place_words(answers.region, lang))}"
    yield _comment(word("new_compare", lang))
    yield f"# compare_year = {answers.year - 1}"


def _boundary(lang: Lang) -> Iterator[str]:
    """What the inventory covers."""
    yield _comment(word("new_boundary", lang))
    yield "[boundary]"
    yield f"# statement_{lang} = {_quoted(word('new_boundary_example', lang))}"
    yield '# approach = "operational_control"'


def _entities(answers: BookAnswers) -> Iterator[str]:
    """The companies of the group."""
    for number, name in enumerate(answers.companies):
        yield from ([_comment(word("new_entity", answers.lang))] if number == 0 else [""])
        yield "[[entity]]"
        yield f"id = {_quoted(name)}"
        yield from _name_lines(name, answers.lang)


def _sites(answers: BookAnswers) -> Iterator[str]:
    """The sites."""
    for number, place in enumerate(answers.sites):
        yield from ([_comment(word("new_site", answers.lang))] if number == 0 else [""])
        yield "[[site]]"
        yield f"id = {_quoted(place.site)}"
        yield f"entity = {_quoted(place.entity)}"
        written = region_text(place.region, answers.region)
        yield f"region = {_quoted(written)}  {_comment(place_words(place.region, answers.lang))}"


def region_text(code: str, home: str) -> str:
    """A region as a book of another place may write it: its code, or its name where the code could mean a part of that place.

    Examples
    --------
    >>> region_text("DE", "CN"), region_text("IN", "US")
    ('DE', 'India')
    """
    label = region_label(code)
    return next((text for text in (code, label.en, label.zh) if _is_read(text, home, code)), code)


def _is_read(text: str, home: str, code: str) -> bool:
    """Whether a text is read as a region in a book of another place."""
    try:
        return canonical_region(text, home=home) == code
    except RegionError:
        return False


def _sources(answers: BookAnswers) -> Iterator[str]:
    """The sources of which data are expected."""
    for number, source in enumerate(answers.sources()):
        yield from ([_comment(word("new_source", answers.lang))] if number == 0 else [""])
        yield from _source(source, answers.lang)


def _source(source: ExpectedSource, lang: Lang) -> Iterator[str]:
    """One of them; what it does not say is any."""
    yield "[[source]]"
    yield f"activity = {_quoted(source.activity)}  {_comment(taxonomy()[source.activity].label(lang))}"
    for name in ("entity", "site", "source"):
        text = getattr(source, name)
        if text:
            yield f"{name} = {_quoted(text)}"


def _factors(answers: BookAnswers, pins: Pins) -> Iterator[str]:
    """The editions, each with its title, and why they are proposed."""
    lang = answers.lang
    yield _comment(word("new_factors", lang))
    yield "[factors]"
    yield _comment(word("new_gwp", lang))
    yield f"gwp = {_quoted(answers.gwp)}"
    yield _comment(word("new_priced", lang, year=str(answers.year)))
    for proposal in pins.proposals:
        yield _comment("  " + headed(heading_of(proposal, lang), reason_of(proposal, pins.years, lang), lang))
    used = {edition for item in pins.proposals for answer in item.by_year.values() for edition in answer.editions}
    if not used & set(pins.emissions):
        yield _comment(word("new_definitions", lang))
    yield from _editions("emissions", pins.emissions)
    for name, heading, editions in (
        ("energy", "new_energy", pins.energy),
        ("standard_coal", "new_coal", pins.standard_coal),
    ):
        if editions:
            yield _comment(word(heading, lang))
            yield from _editions(name, editions)
    if pins.by_activity:
        yield _comment(word("new_by_activity", lang))
        yield "[factors.by_activity]"
        yield from (f"{_quoted(name)} = {_quoted(series)}" for name, series in pins.by_activity.items())
    yield from _own(answers, pins)


def _editions(name: str, editions: Iterable[str]) -> Iterator[str]:
    """A list of editions, one a line."""
    yield f"{name} = ["
    for edition in editions:
        yield f"    {_quoted(edition)},  {_comment(read_edition(edition).title)}"
    yield "]"


def _own(answers: BookAnswers, pins: Pins) -> Iterator[str]:
    """An example of a factor of one's own: for what nothing prices, else for the first use."""
    unpriced = [item for item, _ in pins.unpriced()]
    example = next(iter((*unpriced, *(item for item in pins.proposals if not item.needs_none))), None)
    if example is None:
        return
    yield ""
    yield _comment(word("new_own", answers.lang))
    if unpriced:
        yield _comment(word("new_missing_remedy", answers.lang))
    yield "# [[factors.own]]"
    yield f"# activity = {_quoted(example.activity)}"
    yield '# value = "0.000 kg CO2/kWh"'
    yield f"# region = {_quoted(example.region)}"
    yield f"# year = {answers.year}"
    yield f"# source = {_quoted(word('new_own_source', answers.lang))}"


def _scope_2(answers: BookAnswers, instruments: str) -> Iterator[str]:
    """The methods of scope 2."""
    lang = answers.lang
    off = "" if answers.scope_2 == "both" else "# "
    yield _comment(word("new_scope_2_both" if not off else "new_scope_2_location", lang))
    yield f"{off}[scope_2]"
    if instruments:
        yield f"{off}instruments = {_quoted(instruments)}"
    if answers.own_attributes or (off and generates(answers.all_uses)):
        chosen = answers.own_attributes or ATTRIBUTES[0]
        meaning = word(f"begin_attr_{chosen}", lang)
        yield f"{off}own_attributes = {_quoted(chosen)}  # {meaning}"


def _files(lang: Lang, entries: str) -> Iterator[str]:
    """Where the entries stand."""
    yield _comment(word("new_files", lang))
    yield "[files]"
    yield f"entries = [{_quoted(entries)}]"
