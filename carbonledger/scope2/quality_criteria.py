"""What keeps an instrument from being claimed.

References
----------
GHG Protocol Scope 2 Guidance (2015), table 7.1: quality criteria 1 to 8, as far as a record can show them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.periods import Period
from carbonledger.scope2.instruments import Instrument

__all__ = ["QualityCriteria", "check_instruments", "open_criteria", "technology_class"]

# A Chinese green certificate is issued per 1,000 kWh.
_ONE_MWH_EACH, _WHOLE = "CN", 0.5


@dataclass(frozen=True, slots=True)
class QualityCriteria:
    """What instruments are held to.

    Parameters
    ----------
    period : Period
        The reporting year.
    validity_months : mapping of str to int
        By market, how many months after its generation month a certificate may be retired, where the book decides otherwise than
        ``validity.csv``.
    retired_by : date or None
        The last day on which an instrument may be retired for the year.
    names : frozenset of str
        What the reporter and its companies are called; empty if the beneficiary is not checked.
    own_generation : bool
        Whether the reporter generates electricity itself, so that a certificate may be its own.
    """

    period: Period
    validity_months: Mapping[str, int] = field(default_factory=dict)
    retired_by: date | None = None
    names: frozenset[str] = frozenset()
    own_generation: bool = False

    @property
    def year(self) -> int:
        """The calendar year in which the reporting year begins."""
        return self.period.start.year

    def months_for(self, market: str) -> int | None:
        """How long a market's certificates are valid; None if that is not known."""
        return self.validity_months.get(market, _validity().get(market))


@cache
def _validity() -> Mapping[str, int]:
    """How long certificates are valid by the rules of their market, in months."""
    text = resources.files("carbonledger.scope2").joinpath("validity.csv").read_text(encoding="utf-8")
    return {row["market"]: int(row["months"]) for row in csv.DictReader(text.splitlines())}


@cache
def _classes() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Words that tell what a technology is, fossil last, so that landfill gas is no fossil gas."""
    text = resources.files("carbonledger.scope2").joinpath("technologies.csv").read_text(encoding="utf-8")
    return tuple((row["class"], tuple(row["words"].split(";"))) for row in csv.DictReader(text.splitlines()))


def technology_class(technology: str) -> str:
    """Whether a technology is renewable.

    Parameters
    ----------
    technology : str
        As the instrument states it.

    Returns
    -------
    str
        ``renewable``, ``nuclear``, ``fossil``, or empty if it cannot be told.

    Examples
    --------
    >>> technology_class("Onshore wind"), technology_class("核电"), technology_class("mix")
    ('renewable', 'nuclear', '')
    """
    plain = technology.casefold()
    return next((name for name, words in _classes() if any(word in plain for word in words)), "")


def check_instruments(
    instruments: Iterable[Instrument], criteria: QualityCriteria
) -> tuple[list[Instrument], list[Finding]]:
    """The instruments that may be claimed for a reporting year, and why the others may not.

    Parameters
    ----------
    instruments : iterable of Instrument
        As read, those sold and those claimed for other years among them: they may not be claimed again.
    criteria : QualityCriteria
        What they are held to.

    Returns
    -------
    tuple of (list of Instrument, list of Finding)
        A refused instrument's MWh drop to the next level of the hierarchy.
    """
    records = list(instruments)
    elsewhere = [item for item in records if item.use == "sold" or item.claimed_year not in {0, criteria.year}]
    usable: list[Instrument] = []
    findings: list[Finding] = []
    for item in records:
        if item in elsewhere:
            continue
        faults = list(_refusals(item, [*elsewhere, *usable], criteria))
        if not faults:
            usable.append(item)
            faults = list(_doubts(item, criteria))
        findings += [finding.at(file=item.file, row=item.row) for finding in faults]
    return usable, findings


def _doubts(item: Instrument, criteria: QualityCriteria) -> Iterator[Finding]:
    """Doubts about an instrument that may be claimed."""
    if not technology_class(item.technology):
        yield Finding.of("INSTRUMENT_TECHNOLOGY", technology=item.technology)
    if criteria.own_generation and item.kind == "certificate" and not (item.origin or item.plant):
        yield Finding.of("INSTRUMENT_ORIGIN")
    unanswered = open_criteria(item, criteria)
    if unanswered:
        yield Finding.of("INSTRUMENT_CRITERIA_OPEN", criteria=tuple(unanswered))
    undated = item.kind != "certificate" or criteria.months_for(item.market) is None
    if undated and item.generated is not None and item.generated.end <= criteria.period.start:
        yield Finding.of("INSTRUMENT_VINTAGE", generated=str(item.generated))


def open_criteria(item: Instrument, criteria: QualityCriteria) -> list[int]:
    """The quality criteria of an instrument that neither the reporter answers nor the record itself shows.

    Parameters
    ----------
    item : Instrument
        One that may be claimed.
    criteria : QualityCriteria
        What it was held to.

    Returns
    -------
    list of int
        Of 1 to 5, and 6 for a supplier's rate. A retirement shows the third, a validity that holds the fourth.
    """
    asked = {1, 2, 3, 4, 5} | ({6} if item.kind == "supplier_rate" else set())
    shown = {entry.number for entry in item.criteria}
    shown |= {3} if item.retired_on else set()
    shown |= {4} if item.generated and criteria.months_for(item.market) else set()
    return sorted(asked - shown)


def _refusals(item: Instrument, taken: list[Instrument], criteria: QualityCriteria) -> Iterator[Finding]:
    """The reasons for which an instrument may not be claimed."""
    if item.failed:
        failed = [entry for entry in item.criteria if not entry.met]
        listed = (f"{entry.number}" + (f" ({entry.evidence})" if entry.evidence else "") for entry in failed)
        yield Finding.of("INSTRUMENT_CRITERIA", criteria=tuple(listed))
    if item.credit:
        yield Finding.of("INSTRUMENT_AND_CREDIT", credit=item.credit)
    if criteria.names and item.beneficiary and item.beneficiary not in criteria.names:
        yield Finding.of("INSTRUMENT_BENEFICIARY", beneficiary=item.beneficiary)
    if item.generated is not None and item.generated.start >= criteria.period.end:
        yield Finding.of("INSTRUMENT_PERIOD", generated=str(item.generated), year=str(criteria.period))
    twin = next((other for other in taken if item.shares_certificates(other)), None)
    if twin is not None:
        yield _used_twice(item, twin, criteria)
    if item.kind == "certificate":
        yield from _certificate_refusals(item, criteria)


def _used_twice(item: Instrument, twin: Instrument, criteria: QualityCriteria) -> Finding:
    """Certificates that another record sells or claims too."""
    numbers = {"first_id": item.first_id, "last_id": item.last_id, "registry": item.registry, "other_row": twin.row}
    if twin.use == "sold":
        return Finding.of("CERTIFICATE_TWICE.sold", **numbers)
    return Finding.of("CERTIFICATE_TWICE.claimed", **numbers, year=twin.claimed_year or criteria.year)


def _certificate_refusals(item: Instrument, criteria: QualityCriteria) -> Iterator[Finding]:
    """Certificates that are not tradable, not numbered, not dated, not retired, or not in time."""
    if (not item.tradable or item.origin == "own_use") and not item.credit:
        yield Finding.of("CERTIFICATE_NOT_TRADABLE")
    count = item.last_id - item.first_id + 1
    if not item.first_id:
        yield Finding.of("CERTIFICATE_WITHOUT_NUMBERS")
    elif item.market == _ONE_MWH_EACH and abs(count - item.mwh) > _WHOLE:
        numbers = {"first_id": item.first_id, "last_id": item.last_id, "count": count}
        yield Finding.of("CERTIFICATE_COUNT", **numbers, mwh=item.mwh)
    if item.generated is None:
        yield Finding.of("CERTIFICATE_WITHOUT_MONTH")
    if item.retired_on is None:
        yield Finding.of("CERTIFICATE_NOT_RETIRED")
    else:
        yield from _date_refusals(item, item.retired_on, criteria)


def _date_refusals(item: Instrument, retired_on: date, criteria: QualityCriteria) -> Iterator[Finding]:
    """Dates of a certificate that contradict each other, its validity, or the last day of retirement."""
    days = {"issued": item.issued_on, "generated": item.generated.start if item.generated else None}
    later = tuple(Label.of(event) for event, day in days.items() if day is not None and retired_on < day)
    if later:
        yield Finding.of("CERTIFICATE_DATES", retired_on=str(retired_on), events=later)
    if criteria.retired_by is not None and retired_on > criteria.retired_by:
        last_day = str(criteria.retired_by)
        yield Finding.of("CERTIFICATE_TOO_LATE", retired_on=str(retired_on), last_day=last_day, year=criteria.year)
    months = criteria.months_for(item.market)
    if item.generated is not None and months is not None:
        expires = _months_after(item.generated, months)
        if retired_on >= expires:
            days_text = {"retired_on": str(retired_on), "generated": str(item.generated), "expires": str(expires)}
            yield Finding.of("CERTIFICATE_EXPIRED", **days_text)


def _months_after(generated: Period, months: int) -> date:
    """The first day on which a certificate is no longer valid."""
    count = generated.end.year * 12 + generated.end.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
