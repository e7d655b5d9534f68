"""The questions of ``carbonledger init`` at a terminal: each is asked again until its answer can be read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from carbonledger.core.errors import BookError, CarbonLedgerError
from carbonledger.core.language import Lang, headed, listed, printable, word

if TYPE_CHECKING:
    from carbonledger.beginning.pins import Pins
    from carbonledger.beginning.questions import Given

__all__ = ["interview", "proposal_lines"]


def interview(given: Given, lang: Lang) -> Given:
    """Ask for everything that was not stated.

    Parameters
    ----------
    given : Given
        What the command line states.
    lang : {"en", "zh"}
        In which language it is asked.

    Returns
    -------
    Given
        With every answer, as it was written.

    Raises
    ------
    BookError
        If the input ends before the last answer, naming the questions that are open.
    """
    _say(word("interview_head", lang))
    for ask in (_name, _region, _year, _first_month, _sites, _uses, _gwp, _scope_2, _own_attributes, _editions):
        given = ask(given, lang)
    return given


def _say(text: str) -> None:
    """A line at the terminal."""
    sys.stdout.write(f"{printable(text)}\n")


def _asked(question: str, given: Given, default: str = "") -> str:
    """One line of input; the default if it is empty.

    Raises
    ------
    BookError
        If there is no more input.
    """
    from carbonledger.beginning.questions import open_questions
    from carbonledger.core.findings import Message

    sys.stdout.write(printable(f"{question}{f' [{default}]' if default else ''}: "))
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        _say("")
        missing = list(open_questions(given)) or [Message.of("NEW_BOOK.ended")]
        error = BookError(missing[0])
        error.others = tuple(BookError(message) for message in missing[1:])
        raise error
    return line.strip() or default


def _until_read(question: str, given: Given, lang: Lang, read: Callable[[str], Any], default: str = "") -> str:
    """Ask until an answer can be read; what is wrong with one that cannot is said."""
    while True:
        text = _asked(question, given, default)
        try:
            read(text)
        except CarbonLedgerError as error:
            _say(f"  {error.text_in(lang)}")
        else:
            return text


def _name(given: Given, lang: Lang) -> Given:
    """The name of the company."""
    text = given.name.strip()
    while not text:
        text = _asked(word("interview_name", lang), given)
    return replace(given, name=text)


def _region(given: Given, lang: Lang) -> Given:
    """Where it is."""
    from carbonledger.core.regions import canonical_region

    if given.region.strip():
        canonical_region(given.region)
        return given
    return replace(given, region=_until_read(word("interview_region", lang), given, lang, canonical_region))


def _year(given: Given, lang: Lang) -> Given:
    """The reporting year."""
    from carbonledger.beginning.answers import YEARS, whole_number

    def read(text: str) -> int:
        return whole_number(text, "--year", YEARS)

    if given.year:
        read(given.year)
        return given
    return replace(given, year=_until_read(word("interview_year", lang), given, lang, read))


def _first_month(given: Given, lang: Lang) -> Given:
    """The month in which the reporting year begins."""
    from carbonledger.beginning.answers import MONTHS, whole_number

    def read(text: str) -> int:
        return whole_number(text, "--first-month", MONTHS)

    if given.first_month:
        read(given.first_month)
        return given
    return replace(given, first_month=_until_read(word("interview_first_month", lang), given, lang, read, "1"))


def _sites(given: Given, lang: Lang) -> Given:
    """The sites, until an empty line."""
    from carbonledger.beginning.answers import read_place

    if given.site:
        for text in given.site:
            read_place(text, given.region)
        return given
    _say(word("interview_sites", lang))

    def read(text: str) -> object:
        return read_place(text, given.region) if text else None

    found: list[str] = []
    while text := _until_read(f"  {len(found) + 1}", given, lang, read):
        found.append(text)
    return replace(given, site=tuple(found))


def _uses(given: Given, lang: Lang) -> Given:
    """What is used: from the menu, or by name."""
    from carbonledger.beginning.uses import menu, read_uses
    from carbonledger.core.regions import canonical_region

    country = canonical_region(given.region).partition("-")[0]
    if given.use or given.sites_say_uses:
        read_uses(given.use, country)
        return given
    for number, use in enumerate(menu().values(), start=1):
        _say(f"  {number:>2}  {use.label.text(lang)}")
    _say(f"      {word('interview_other', lang)}")
    text = ""
    while not text:
        text = _until_read(word("interview_use", lang), given, lang, lambda line: read_uses([line], country))
    return replace(given, use=(text,))


def _gwp(given: Given, lang: Lang) -> Given:
    """The GWP set; what the fitting editions rest on is said beside it."""
    from carbonledger.beginning.answers import read_gwp_name
    from carbonledger.factors.editions import read_edition
    from carbonledger.inventory.why import gwp_sets

    if given.gwp:
        read_gwp_name(given.gwp)
        return given
    sets = gwp_sets(None)
    for number, name in enumerate(sets, start=1):
        _say(f"  {number}  {headed(name, read_edition(name).title, lang)}")
    bases = _bases(given)
    if bases:
        _say(f"     {word('interview_gwp_basis', lang, bases=listed(bases, lang))}")
    return replace(given, gwp=_until_read(word("interview_gwp", lang), given, lang, read_gwp_name))


def _bases(given: Given) -> list[str]:
    """The GWP bases of the editions that would be proposed, each with its edition."""
    from carbonledger.beginning.new_book import pins_for
    from carbonledger.beginning.questions import read_answers
    from carbonledger.factors.editions import read_edition
    from carbonledger.inventory.why import gwp_sets

    # Which editions fit does not hang on the set, so that any serves to find them.
    some = replace(given, gwp=gwp_sets(None)[-1], scope_2="location", edition=())
    editions = map(read_edition, pins_for(read_answers(some)).emissions)
    return [f"{item.id}: {item.metadata['gwp_basis']}" for item in editions if item.metadata.get("gwp_basis")]


def _choice(given: Given, lang: Lang, field: str, choices: tuple[str, ...], labels: str) -> Given:
    """One of some words."""
    from carbonledger.beginning.answers import read_choice

    flag = f"--{field.replace('_', '-')}"
    if getattr(given, field):
        read_choice(getattr(given, field), flag, choices)
        return given
    for number, name in enumerate(choices, start=1):
        _say(f"  {number}  {headed(name, word(f'{labels}_{name}', lang), lang)}")

    def read(text: str) -> str:
        return read_choice(text, flag, choices)

    answer = _until_read(word(f"interview_{field}", lang), given, lang, read)
    return replace(given, **{field: answer})


def _scope_2(given: Given, lang: Lang) -> Given:
    """The methods of scope 2."""
    from carbonledger.beginning.answers import METHODS

    return _choice(given, lang, "scope_2", METHODS, "begin_method")


def _own_attributes(given: Given, lang: Lang) -> Given:
    """What became of the certificates of own generation; asked only if it moves a figure."""
    from carbonledger.beginning.answers import ATTRIBUTES, METHODS, generates, read_choice
    from carbonledger.beginning.questions import read_answers

    some = read_answers(replace(given, own_attributes=given.own_attributes or ATTRIBUTES[0], edition=()))
    if read_choice(given.scope_2, "--scope-2", METHODS) != "both" or not generates(some.all_uses):
        return given
    return _choice(given, lang, "own_attributes", ATTRIBUTES, "begin_attr")


def _editions(given: Given, lang: Lang) -> Given:
    """The editions that are proposed, until they are accepted."""
    from carbonledger.beginning.new_book import pins_for
    from carbonledger.beginning.questions import read_answers

    while True:
        pins = pins_for(read_answers(given, lang))
        _say(word("interview_proposed", lang))
        for line in proposal_lines(pins, lang):
            _say(line)
        if not any(item.others for item in pins.proposals):
            return given
        text = _asked(word("interview_editions", lang), given)
        if not text:
            return given
        wanted = replace(given, edition=(*given.edition, text))
        try:
            pins_for(read_answers(wanted, lang))
        except CarbonLedgerError as error:
            _say(f"  {error.text_in(lang)}")
        else:
            given = wanted


def proposal_lines(pins: Pins, lang: Lang) -> Iterator[str]:
    """What prices each use, and why, a line each."""
    from carbonledger.beginning.reasons import heading_of, reason_of

    for item in pins.proposals:
        yield f"  - {headed(heading_of(item, lang), reason_of(item, pins.years, lang), lang)}"
