"""The GRI content index: each disclosure with how far the book fills it, where it stands, and what a printed index claims of it.

A printed index says where a disclosure stands in the report; the datapoints say whether the figures of the book carry it.

References
----------
GRI 1: Foundation 2021, requirement 7 (the content index) and requirement 6 (reasons for omission).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Literal

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang
from carbonledger.core.plain_data import plain_data
from carbonledger.disclosure.answers import Answer, Disclosure
from carbonledger.disclosure.figures import NOTHING
from carbonledger.disclosure.gri_claims import Claim

__all__ = ["GriIndex", "IndexRow", "gri_index", "known_disclosures"]

IndexStatus = Literal[
    "filled", "partly", "data_missing", "needs_words", "not_applicable", "words", "outside", "withdrawn"
]
Verdict = Literal[
    "", "carried", "partly", "not_carried", "words", "outside", "withdrawn", "no_place", "omitted", "omitted_but_carried",
    "not_claimed",
]  # fmt: skip
Carried = Literal["", "carried", "partly", "not_carried"]
_BY_HAND = "data"
_CODE = re.compile(r"\d+-\d+")
_CARRYING: Mapping[str, Verdict] = {"carried": "carried", "partly": "partly", "not_carried": "not_carried"}


@dataclass(frozen=True, slots=True)
class KnownDisclosure:
    """A disclosure of a GRI Standard.

    Parameters
    ----------
    number : str
        Such as ``302-1``.
    framework : str
        Whose datapoints answer it; empty if it is answered in words alone.
    first_year, last_year : int or None
        The reporting years to which it applies.
    files : tuple of str
        What of a book it rests on.
    section : str
        Of a report of the library; empty for none.
    title, note : Label
        Its name in the library's words, and what to know of it.
    """

    number: str
    framework: str
    first_year: int | None
    last_year: int | None
    files: tuple[str, ...]
    section: str
    title: Label
    note: Label

    def applies(self, year: int) -> bool:
        """Whether it belongs to a report of a year."""
        return (self.first_year or year) <= year <= (self.last_year or year)


@cache
def known_disclosures() -> tuple[KnownDisclosure, ...]:
    """The disclosures of the GRI Standards that the index knows, in its order.

    Examples
    --------
    >>> next(item.title.en for item in known_disclosures() if item.number == "305-1")
    'Direct (scope 1) GHG emissions'
    """
    text = resources.files("carbonledger.disclosure").joinpath("gri_disclosures.csv").read_text(encoding="utf-8")
    return tuple(
        KnownDisclosure(
            row["disclosure"],
            row["framework"],
            int(row["first_year"]) if row["first_year"] else None,
            int(row["last_year"]) if row["last_year"] else None,
            tuple(row["files"].split()),
            row["section"],
            Label(row["title_en"], row["title_zh"]),
            Label(row["note_en"], row["note_zh"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A line of the index.

    Parameters
    ----------
    number : str
        Such as ``302-1``.
    title : Label
        Of the disclosure, or as the printed index has it.
    status : str
        ``filled``, ``partly``, ``data_missing``, ``needs_words``, ``not_applicable``; ``words`` if no figure is asked for; ``outside``
        if the library has no datapoints of it; ``withdrawn`` if it does not apply to the year.
    counts : mapping of str to int
        Its datapoints by their status.
    open : tuple of str
        The codes that are not answered: data missing, or words.
    carried : {"", "carried", "partly", "not_carried"}
        Whether figures of the book answer what it asks in figures; empty if it asks for none.
    files : tuple of str
        What of the book it rests on.
    section : str
        Of a report of the library.
    note : Label
        What to know of it.
    claim : Claim or None
        What the printed index says.
    verdict : str
        Of the claim against the figures; empty without a printed index.
    """

    number: str
    title: Label
    status: IndexStatus
    counts: Mapping[str, int]
    open: tuple[str, ...] = ()
    carried: Carried = ""
    files: tuple[str, ...] = ()
    section: str = ""
    note: Label = NOTHING
    claim: Claim | None = None
    verdict: Verdict = ""

    def to_dict(self, lang: Lang) -> dict[str, Any]:
        """The line as plain data."""
        claim = self.claim
        return {
            "disclosure": self.number,
            "title": self.title.text(lang),
            "status": self.status,
            "datapoints": dict(self.counts),
            "open": list(self.open),
            "figures": self.carried,
            "files": list(self.files),
            "section": self.section,
            "note": self.note.text(lang),
            "claimed": claim is not None,
            "topic": claim.topic if claim else "",
            "printed_place": claim.place if claim else "",
            "omission": claim.omission if claim else "",
            "explanation": claim.explanation if claim else "",
            "verdict": self.verdict,
        }


@dataclass(frozen=True)
class GriIndex:
    """The content index of a reporting year.

    Parameters
    ----------
    company : Label
        Whose it is.
    year : str
        The reporting year.
    rows : tuple of IndexRow
        In the order of the printed index, then what it does not claim.
    has_claims : bool
        Whether the book has a printed index.
    statement : Disclosure
        With the statement of completeness, which is the same for all.
    findings : tuple of Finding
        What is wrong with the printed index.
    """

    company: Label
    year: str
    rows: tuple[IndexRow, ...]
    has_claims: bool
    statement: Disclosure
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        return f"GriIndex({self.year}, {len(self.rows)} disclosures, {self.verdicts['carried']} claimed and carried)"

    @property
    def verdicts(self) -> Counter[str]:
        """How many lines have each verdict."""
        return Counter(row.verdict for row in self.rows)

    @property
    def statuses(self) -> Counter[str]:
        """How many lines have each status."""
        return Counter(row.status for row in self.rows)

    @property
    def exit_code(self) -> int:
        """1 if data are missing from the inventory or in doubt, or the printed index cannot be read; else 0."""
        return int(bool(self.statement.exit_code) or any(item.severity == "error" for item in self.findings))

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data, the statement of completeness first.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of titles and notes.
        """
        data = {
            **self.statement.statement.to_dict(lang),
            "complete": self.statement.complete,
            "exit_code": self.exit_code,
            "statement": self.statement.statement_lines(lang),
            "company": self.company.text(lang),
            "year": self.year,
            "printed_index": self.has_claims,
            "statuses": dict(self.statuses),
            "verdicts": {name: count for name, count in self.verdicts.items() if name},
            "disclosures": [row.to_dict(lang) for row in self.rows],
            "findings": [item.to_dict(lang) for item in self.findings],
        }
        plain: dict[str, Any] = plain_data(data)
        return plain


def gri_index(
    answered: Callable[[str], Disclosure],
    year: int,
    files_of: Callable[[str], Sequence[str]],
    claims: tuple[Sequence[Claim], Sequence[Finding]] | None = None,
) -> GriIndex:
    """The content index of a year.

    Parameters
    ----------
    answered : callable
        Gives a framework answered from the year.
    year : int
        Which disclosures apply: those of 2016 until reports of 2026, GRI 102 and 103 from 2027.
    files_of : callable
        What of the book is behind a name of ``gri_disclosures.csv``, such as ``entries``.
    claims : tuple of (sequence of Claim, sequence of Finding), optional
        What a printed index says, and what is wrong with it.

    Returns
    -------
    GriIndex
    """
    known = {item.number: item for item in known_disclosures()}
    current = [item for item in known.values() if item.applies(year)]
    frameworks = {name: answered(name) for name in dict.fromkeys(item.framework for item in current if item.framework)}
    points = _by_disclosure(frameworks.values())
    printed, findings = claims if claims is not None else ((), ())
    rows = []
    for claim in printed:
        found = known.get(claim.number)
        row = _row_of(claim, found, points, year, files_of)
        rows.append(row)
    claimed = {claim.number for claim in printed}
    rows += [
        _judged(_row(item, points, files_of), None, has_claims=claims is not None)
        for item in current
        if item.number not in claimed
    ]
    first = next(iter(frameworks.values()))
    return GriIndex(first.company, first.year, tuple(rows), claims is not None, first, tuple(findings))


def _by_disclosure(disclosures: Iterable[Disclosure]) -> dict[str, list[Answer]]:
    """The answers of datapoints with a code by the number of their disclosure."""
    found: dict[str, list[Answer]] = {}
    for disclosure in disclosures:
        for item in disclosure:
            number = _CODE.match(item.datapoint.code)
            if number:
                found.setdefault(number[0], []).append(item)
    return found


def _row_of(
    claim: Claim,
    known: KnownDisclosure | None,
    points: Mapping[str, list[Answer]],
    year: int,
    files_of: Callable[[str], Sequence[str]],
) -> IndexRow:
    """The line of a claim."""
    if known is None:
        row = IndexRow(claim.number, claim.label, "outside", {})
    elif not known.applies(year):
        row = IndexRow(claim.number, known.title, "withdrawn", {}, note=known.note)
    else:
        row = _row(known, points, files_of)
    return _judged(row, claim, has_claims=True)


def _row(
    known: KnownDisclosure, points: Mapping[str, list[Answer]], files_of: Callable[[str], Sequence[str]]
) -> IndexRow:
    """How far the book fills a disclosure."""
    answers = points.get(known.number, [])
    counts = Counter[str](item.figure.status for item in answers)
    status, carried = _status(counts), _carried(answers)
    if answers and carried == "not_carried" and status == "partly":
        status = "data_missing"
    open_codes = (item.datapoint.code for item in answers if item.figure.status in {"data_missing", "needs_words"})
    files = tuple(dict.fromkeys(name for key in known.files for name in files_of(key)))
    return IndexRow(
        known.number,
        known.title,
        status if answers else "words",
        counts,
        tuple(dict.fromkeys(open_codes)),
        carried,
        files,
        known.section,
        known.note,
    )


def _status(counts: Mapping[str, int]) -> IndexStatus:
    """The status of a disclosure from those of its datapoints."""
    filled, words = counts.get("filled", 0), counts.get("needs_words", 0)
    lacking = counts.get("data_missing", 0)
    if filled:
        return "partly" if words or lacking else "filled"
    if lacking:
        return "data_missing"
    return "needs_words" if words else "not_applicable"


def _carried(answers: Sequence[Answer]) -> Carried:
    """Whether what is asked in figures is answered by figures; what the library has no activity for counts only if all is of that kind."""
    figures = [item for item in answers if item.datapoint.unit]
    own = [item for item in figures if item.datapoint.view != _BY_HAND] or figures
    asked = Counter[str](item.figure.status for item in own)
    if not asked:
        return ""
    if not asked["filled"]:
        return "not_carried" if asked["data_missing"] or asked["needs_words"] else ""
    return "partly" if asked["data_missing"] or asked["needs_words"] else "carried"


def _judged(row: IndexRow, claim: Claim | None, *, has_claims: bool) -> IndexRow:
    """A line with what the printed index says and the verdict."""
    return replace(row, claim=claim, verdict=_verdict(row, claim) if has_claims else "")


def _verdict(row: IndexRow, claim: Claim | None) -> Verdict:
    """What a claim is worth by the figures of the book."""
    has_figures = row.carried in {"carried", "partly"}
    if claim is None:
        return "not_claimed" if has_figures else ""
    if row.status == "withdrawn":
        return "withdrawn"
    if claim.omission:
        return "omitted_but_carried" if has_figures else "omitted"
    if not claim.place:
        return "no_place"
    if row.status == "outside":
        return "outside"
    return _CARRYING.get(row.carried, "words")
