"""The questions that a new book asks: which are open, and how their answers are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from carbonledger.beginning.answers import (
    ATTRIBUTES,
    METHODS,
    MONTHS,
    YEARS,
    BookAnswers,
    chosen_editions,
    not_stated,
    read_choice,
    read_gwp_name,
    read_place,
    whole_number,
)
from carbonledger.beginning.uses import menu, read_uses
from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label, Lang
from carbonledger.core.regions import canonical_region
from carbonledger.inventory.why import gwp_sets

__all__ = ["Given", "open_questions", "read_answers"]


@dataclass(frozen=True, slots=True)
class Given:
    """What was stated, as it was written; empty for what was not.

    Parameters
    ----------
    name, region, year, first_month, gwp, scope_2, own_attributes : str
        See `BookAnswers`.
    use : sequence of str
        What is used; a text may list several.
    entity, site : sequence of str
        Companies, and sites as `read_place` takes them.
    edition : sequence of str
        As `chosen_editions` takes them.
    """

    name: str = ""
    region: str = ""
    year: str = ""
    first_month: str = ""
    use: Sequence[str] = ()
    entity: Sequence[str] = ()
    site: Sequence[str] = ()
    gwp: str = ""
    scope_2: str = ""
    own_attributes: str = ""
    edition: Sequence[str] = ()

    @property
    def sites_say_uses(self) -> bool:
        """Whether there are sites, and each says what is used there."""
        return bool(self.site) and all(":" in text or "：" in text for text in self.site)


_CHOICES: Mapping[str, Callable[[], Sequence[object]]] = {
    "name": lambda: [Label.of("begin_name_choices")],
    "region": lambda: [Label.of("begin_region_choices")],
    "year": lambda: [f"{YEARS[0]}-{YEARS[1]}"],
    "use": lambda: [*menu(), Label.of("interview_other")],
    "gwp": lambda: gwp_sets(None),
    "scope_2": lambda: METHODS,
}


def open_questions(given: Given) -> Iterator[Message]:
    """What is said of each question that nothing may be assumed of and that is not answered: its option, and the choices.

    Parameters
    ----------
    given : Given
        What was stated.

    Yields
    ------
    Message
    """
    for question, choices in _CHOICES.items():
        stated = getattr(given, question)
        answered = bool("".join(stated).strip()) or (question == "use" and given.sites_say_uses)
        if not answered:
            yield not_stated(question, choices())


def read_answers(given: Given, lang: Lang = "en") -> BookAnswers:
    """The answers, each read.

    Parameters
    ----------
    given : Given
        What was stated.
    lang : {"en", "zh"}
        In which language the book is written.

    Returns
    -------
    BookAnswers

    Raises
    ------
    BookError
        Naming every question that is open, with its option and the choices; or an answer that cannot be read.
    RegionError, UnknownActivityError
        If a region, or what is used, cannot be read.
    """
    missing = list(open_questions(given))
    if missing:
        error = BookError(missing[0])
        error.others = tuple(BookError(message) for message in missing[1:])
        raise error
    region = canonical_region(given.region)
    country, attributes = region.partition("-")[0], given.own_attributes
    return BookAnswers(
        name=given.name,
        region=region,
        year=whole_number(given.year, "--year", YEARS),
        uses=read_uses(given.use, country),
        gwp=read_gwp_name(given.gwp),
        scope_2=read_choice(given.scope_2, "--scope-2", METHODS),
        first_month=whole_number(given.first_month or "1", "--first-month", MONTHS),
        entities=tuple(dict.fromkeys(text.strip() for text in given.entity if text.strip())),
        sites=tuple(read_place(text, region) for text in given.site),
        own_attributes=read_choice(attributes, "--own-attributes", ATTRIBUTES) if attributes else "",
        editions=chosen_editions(given.edition, country),
        lang=lang,
    )
