"""What has to be known to begin a book, and how it may be written; nothing that moves a figure is assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from carbonledger.activity_data.expected_sources import ExpectedSource
from carbonledger.beginning.uses import Use, read_uses, words_in
from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.activity_words import canonical_activity
from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label, Lang
from carbonledger.core.regions import canonical_region
from carbonledger.inventory.why import gwp_sets
from carbonledger.scope2.own_generation import Attributes

__all__ = [
    "ATTRIBUTES",
    "METHODS",
    "BookAnswers",
    "Place",
    "chosen_editions",
    "generates",
    "read_choice",
    "read_gwp_name",
    "read_place",
    "whole_number",
]

METHODS = ("location", "both")
ATTRIBUTES: tuple[str, ...] = get_args(Attributes)
YEARS = (1900, 2200)
MONTHS = (1, 12)
# The last equals sign divides: a name may have one, a region has none.
_SITE = re.compile(r"(?:(?P<entity>[^/／]*)[/／])?(?P<site>.+)[=＝](?P<region>[^=＝:：]*)(?:[:：](?P<uses>.*))?")


@dataclass(frozen=True, slots=True)
class Place:
    """A site of a company.

    Parameters
    ----------
    entity, site : str
        Their names; either may be empty.
    region : str
        The code of the region.
    uses : tuple of Use
        What is used there; empty for what is used everywhere.
    """

    entity: str
    site: str
    region: str
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class BookAnswers:
    """What has to be known to begin a book.

    Parameters
    ----------
    name : str
        Of the company.
    region : str
        Where it is, by its code.
    year, first_month : int
        The reporting year, and the month in which it begins.
    uses : tuple of Use
        What is used.
    gwp : str
        The GWP set.
    scope_2 : {"location", "both"}
        The methods of scope 2.
    entities : tuple of str
        The companies of the group; empty for one company.
    sites : tuple of Place
        Their sites; empty for one place.
    own_attributes : str
        What became of the certificates of own generation; empty where none is asked.
    editions : mapping of str to str
        The series or edition that is wanted for an activity.
    lang : {"en", "zh"}
        In which language the book is written.

    Raises
    ------
    BookError
        If the name is empty, a site is named twice, or something is not stated that nothing may be assumed of.
    """

    name: str
    region: str
    year: int
    uses: tuple[Use, ...]
    gwp: str
    scope_2: str
    first_month: int = 1
    entities: tuple[str, ...] = ()
    sites: tuple[Place, ...] = ()
    own_attributes: str = ""
    editions: Mapping[str, str] = field(default_factory=dict)
    lang: Lang = "en"

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise BookError(Message.of("NEW_BOOK.no_name"))
        if not self.activities():
            raise BookError(Message.of("NEW_BOOK.no_use"))
        seen = [(place.entity, place.site) for place in self.sites]
        twice = next((key for at, key in enumerate(seen) if key in seen[:at]), None)
        if twice is not None:
            raise BookError(Message.of("NEW_BOOK.site_twice", site="/".join(filter(None, twice))))
        if self.scope_2 == "both" and generates(self.all_uses) and not self.own_attributes:
            raise BookError(not_stated("own_attributes", ATTRIBUTES))

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years of the reporting year, whose factors apply."""
        return (self.year,) if self.first_month == 1 else (self.year, self.year + 1)

    @property
    def companies(self) -> tuple[str, ...]:
        """The companies of the group, those that only a site names too."""
        return tuple(dict.fromkeys([*self.entities, *(place.entity for place in self.sites if place.entity)]))

    @property
    def all_uses(self) -> tuple[Use, ...]:
        """What is used anywhere, each once."""
        return tuple(dict.fromkeys([*self.uses, *(use for place in self.sites for use in place.uses)]))

    @property
    def places(self) -> tuple[Place, ...]:
        """Where something is used: the sites, and the companies that have none; else the one place."""
        with_sites = {place.entity for place in self.sites}
        others = tuple(Place(name, "", self.region) for name in self.companies if name not in with_sites)
        return (*self.sites, *others) or (Place("", "", self.region),)

    def activities(self) -> list[tuple[str, str]]:
        """Every activity with the code of the place where it is used."""
        found = [
            (name, place.region) for place in self.places for use in self._uses_at(place) for name in use.activities
        ]
        return list(dict.fromkeys(found))

    def sources(self) -> list[ExpectedSource]:
        """The sources of which the book expects data, each once."""
        found = [
            ExpectedSource(name, place.entity, place.site, use.source.text(self.lang))
            for place in self.places
            for use in self._uses_at(place)
            for name in use.activities
        ]
        return list(dict.fromkeys(found))

    def _uses_at(self, place: Place) -> tuple[Use, ...]:
        """What is used at a place."""
        return place.uses or self.uses


def generates(uses: Iterable[Use]) -> bool:
    """Whether some of the uses are electricity of one's own, whose certificates may have been sold."""
    return any(taxonomy()[name].is_own_use for use in uses for name in use.activities)


def not_stated(question: str, choices: Sequence[object]) -> Message:
    """What is said of a question that nobody answered: its option, and the choices."""
    flag = f"--{question.replace('_', '-')}"
    return Message.of("NEW_BOOK.not_stated", what=Label.of(f"ask_{question}"), flag=flag, choices=tuple(choices))


def read_choice(text: str, flag: str, choices: Sequence[str]) -> str:
    """One of some words, however its case; or the number of its place among them.

    Raises
    ------
    BookError
        Naming the choices.
    """
    plain = text.strip().casefold()
    numbered = {str(number): choice for number, choice in enumerate(choices, start=1)}
    found = numbered.get(plain) or next((choice for choice in choices if choice.casefold() == plain), "")
    if not found:
        raise BookError(Message.of("NEW_BOOK.choice", given=text, flag=flag, choices=tuple(choices)))
    return found


def read_gwp_name(text: str) -> str:
    """A GWP set by its id, by the name of its report such as ``AR5``, or by its number among all sets.

    Raises
    ------
    BookError
        Naming the sets.

    Examples
    --------
    >>> read_gwp_name("AR6")
    'ipcc-ar6@2021'
    """
    sets = gwp_sets(None)
    plain = text.strip().casefold()
    by_report = [name for name in sets if name.partition("@")[0].removeprefix("ipcc-") == plain.removeprefix("ipcc-")]
    return by_report[0] if by_report else read_choice(text, "--gwp", sets)


def whole_number(text: str | int, flag: str, bounds: tuple[int, int]) -> int:
    """A whole number within bounds.

    Raises
    ------
    BookError
        If it is none.
    """
    first, last = bounds
    plain = str(text).strip()
    number = int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < len("10000") else -1
    if isinstance(text, bool) or not first <= number <= last:
        raise BookError(Message.of("NEW_BOOK.number", given=str(text), flag=flag, first=first, last=last))
    return number


def read_place(text: str, home: str = "") -> Place:
    """A site as ``COMPANY/SITE=REGION``, the company left out if there is one only, perhaps with what is used there behind a colon.

    Parameters
    ----------
    text : str
        As in ``North/Jinan=Shandong: power, gas``.
    home : str
        The region of the company, where a name of a region means several.

    Raises
    ------
    BookError
        If it is written otherwise.
    RegionError, UnknownActivityError
        If its region or what is used there cannot be read.

    Examples
    --------
    >>> place = read_place("北方厂/济南=山东：电、天然气")
    >>> place.entity, place.site, place.region, [use.name for use in place.uses]
    ('北方厂', '济南', 'CN-SD', ['power', 'gas'])
    """
    found = _SITE.fullmatch(text.strip())
    if found is None or not found["site"].strip():
        raise BookError(Message.of("NEW_BOOK.site", text=text))
    region = canonical_region(found["region"], home=home)
    uses = read_uses(words_in(found["uses"] or ""), region.partition("-")[0])
    return Place((found["entity"] or "").strip(), found["site"].strip(), region, uses)


def chosen_editions(texts: Iterable[str], country: str = "") -> dict[str, str]:
    """The edition that is wanted for each activity, from texts such as ``electricity.grid=cn-mee-grid-enterprise``.

    Raises
    ------
    BookError
        If a text is written otherwise.
    UnknownActivityError
        If its activity cannot be read.
    """
    found: dict[str, str] = {}
    for text in texts:
        activity, equals, edition = text.partition("=")
        if not equals or not edition.strip():
            raise BookError(Message.of("NEW_BOOK.edition_form", text=text))
        found[canonical_activity(activity.strip(), country)] = edition.strip()
    return found
