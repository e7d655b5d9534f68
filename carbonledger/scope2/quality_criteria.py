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

from carbonledger.core.findings import Finding, Severity, old_finding
from carbonledger.core.periods import Period
from carbonledger.scope2.instruments import Instrument

__all__ = ["QualityCriteria", "check_instruments", "open_criteria", "technology_class"]

_SEVERITY: Mapping[str, Severity] = {"CERTIFICATE_TWICE": "error", "INSTRUMENT_CRITERIA_OPEN": "note"}
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
    instruments: Iterable[Instrument], rules: QualityCriteria
) -> tuple[list[Instrument], list[Finding]]:
    """The instruments that may be claimed for a reporting year, and why the others may not.

    Parameters
    ----------
    instruments : iterable of Instrument
        As read, those sold and those claimed for other years among them: they may not be claimed again.
    rules : QualityCriteria
        What they are held to.

    Returns
    -------
    tuple of (list of Instrument, list of Finding)
        A refused instrument's MWh drop to the next level of the hierarchy.
    """
    records = list(instruments)
    elsewhere = [item for item in records if item.use == "sold" or item.claimed_year not in {0, rules.year}]
    usable: list[Instrument] = []
    findings: list[Finding] = []
    for item in records:
        if item in elsewhere:
            continue
        faults = list(_faults(item, [*elsewhere, *usable], rules))
        if not faults:
            usable.append(item)
            faults = list(_doubts(item, rules))
        findings += [
            old_finding(
                rule,
                _SEVERITY.get(rule, "warning"),
                message,
                remedy,
                file=item.file,
                row=item.row,
            )
            for rule, message, remedy in faults
        ]
    return usable, findings


def _doubts(item: Instrument, rules: QualityCriteria) -> Iterator[tuple[str, str, str]]:
    """What an instrument that may be claimed leaves open."""
    if not technology_class(item.technology):
        message = f"its technology {item.technology!r} is not known, so that it counts as no renewable energy."
        yield "INSTRUMENT_TECHNOLOGY", message, "Name it, for instance wind, solar, hydro, biomass or nuclear."
    if rules.own_generation and item.kind == "certificate" and not (item.origin or item.plant):
        message = "it does not say whether it is of the reporter's own generation, whose attributes count already."
        yield "INSTRUMENT_ORIGIN", message, "Put bought, own_use or own_export into origin, or name the plant."
    unanswered = open_criteria(item, rules)
    if unanswered:
        message = f"nobody answers the quality criteria {', '.join(map(str, unanswered))} for it; it counts as if they were met."
        yield (
            "INSTRUMENT_CRITERIA_OPEN",
            message,
            "Answer them in criterion_1 to criterion_8: yes or no, and the evidence.",
        )
    unknown = item.kind != "certificate" or rules.months_for(item.market) is None
    if unknown and item.generated is not None and item.generated.end <= rules.period.start:
        message = f"it was generated in {item.generated}, before the reporting year (quality criterion 4)."
        remedy = (
            "Claim generation of the year, or state in [scope_2] validity_months how long the market lets it be used."
        )
        yield "INSTRUMENT_VINTAGE", message, remedy


def open_criteria(item: Instrument, rules: QualityCriteria) -> list[int]:
    """The quality criteria of an instrument that neither the reporter answers nor the record itself shows.

    Parameters
    ----------
    item : Instrument
        One that may be claimed.
    rules : QualityCriteria
        What it was held to.

    Returns
    -------
    list of int
        Of 1 to 5, and 6 for a supplier's rate. A retirement shows the third, a validity that holds the fourth.
    """
    asked = {1, 2, 3, 4, 5} | ({6} if item.kind == "supplier_rate" else set())
    shown = {entry.number for entry in item.criteria}
    shown |= {3} if item.retired_on else set()
    shown |= {4} if item.generated and rules.months_for(item.market) else set()
    return sorted(asked - shown)


def _faults(item: Instrument, taken: list[Instrument], rules: QualityCriteria) -> Iterator[tuple[str, str, str]]:
    """What keeps an instrument from being claimed."""
    if item.failed:
        which = ", ".join(
            f"{entry.number}" + (f" ({entry.evidence})" if entry.evidence else "")
            for entry in item.criteria
            if not entry.met
        )
        yield (
            "INSTRUMENT_CRITERIA",
            f"it fails the quality criteria {which} (Scope 2 Guidance, table 7.1).",
            "Claim only instruments that meet all of them.",
        )
    if item.credit:
        message = (
            f"the same MWh also gave carbon credits that were sold ({item.credit}): its attributes went with them."
        )
        yield "INSTRUMENT_AND_CREDIT", message, "Claim electricity whose attributes nobody else has."
    if rules.names and item.beneficiary and item.beneficiary not in rules.names:
        message = f"it was retired for {item.beneficiary!r}, which is none of the reporter's companies."
        yield "INSTRUMENT_BENEFICIARY", message, "Correct the beneficiary, or list the company in book.toml."
    if item.generated is not None and item.generated.start >= rules.period.end:
        message = f"it was generated in {item.generated}, after the reporting year {rules.period}."
        yield "INSTRUMENT_PERIOD", message, "Claim it in its own year."
    twin = next((other for other in taken if item.shares_certificates(other)), None)
    if twin is not None:
        how = "sold" if twin.use == "sold" else f"claimed for {twin.claimed_year or rules.year}"
        message = (
            f"certificates {item.first_id} to {item.last_id} of {item.registry} overlap those of row {twin.row}, {how}."
        )
        yield "CERTIFICATE_TWICE", message, "Claim each certificate once."
    if item.kind == "certificate":
        yield from _certificate_faults(item, rules)


def _certificate_faults(item: Instrument, rules: QualityCriteria) -> Iterator[tuple[str, str, str]]:
    """What keeps a certificate from being claimed: not tradable, not numbered, not dated, not retired, or not in time."""
    if (not item.tradable or item.origin == "own_use") and not item.credit:
        message = "it belongs to own generation used on site, which counts 0 already, and cannot cover purchases."
        remedy = "Keep it with the own generation, or mark it as sold in the column use."
        yield "CERTIFICATE_NOT_TRADABLE", message, remedy
    count = item.last_id - item.first_id + 1
    if not item.first_id:
        message = "it has no certificate numbers, so that nobody can tell whether it is claimed twice."
        yield "CERTIFICATE_WITHOUT_NUMBERS", message, "Enter first_id and last_id from the registry's statement."
    elif item.market == _ONE_MWH_EACH and abs(count - item.mwh) > _WHOLE:
        message = f"certificates {item.first_id} to {item.last_id} are {count}, at 1 MWh each, but {item.mwh:g} MWh are stated."
        yield "CERTIFICATE_COUNT", message, "Correct the range or the MWh."
    if item.generated is None:
        message = "it has no month of generation, so that its age is not known (quality criterion 4)."
        yield "CERTIFICATE_WITHOUT_MONTH", message, "Enter generation_month from the registry's statement."
    if item.retired_on is None:
        yield "CERTIFICATE_NOT_RETIRED", "it is not retired.", "Retire it for the reporter, or leave it out."
    else:
        yield from _date_faults(item, item.retired_on, rules)


def _date_faults(item: Instrument, retired_on: date, rules: QualityCriteria) -> Iterator[tuple[str, str, str]]:
    """What the dates of a certificate say against it."""
    before = [
        what
        for what, day in (
            ("issued", item.issued_on),
            ("generated", item.generated.start if item.generated else None),
        )
        if day is not None and retired_on < day
    ]
    if before:
        message = f"it was retired on {retired_on}, before it was {' or '.join(before)}."
        yield "CERTIFICATE_DATES", message, "Correct the dates from the registry's statement."
    if rules.retired_by is not None and retired_on > rules.retired_by:
        message = f"retired on {retired_on}, after {rules.retired_by}, the last day for {rules.year}."
        yield (
            "CERTIFICATE_TOO_LATE",
            message,
            "Claim it for a later year, or state another day in [scope_2] retired_by.",
        )
    months = rules.months_for(item.market)
    if item.generated is not None and months is not None:
        latest = _months_after(item.generated, months)
        if retired_on >= latest:
            message = f"retired on {retired_on}, but a certificate of {item.generated} is valid until before {latest}."
            yield "CERTIFICATE_EXPIRED", message, "Claim a certificate that was valid when it was retired."


def _months_after(generated: Period, months: int) -> date:
    """The first day on which a certificate is no longer valid."""
    count = generated.end.year * 12 + generated.end.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
