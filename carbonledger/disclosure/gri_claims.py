"""The content index that a report printed: which disclosures it claims, and where they are said to stand.

References
----------
GRI 1: Foundation 2021, requirement 6: an omission has one of four reasons and an explanation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.tables.records import Record, folded, records_in

__all__ = ["OMISSIONS", "Claim", "read_claims"]

_NUMBER = re.compile(r"\d{1,3}-\d{1,2}")
_NO_PLACE = frozenset({"", "-", "—", "–", "——", "/", "无", "n/a"})
# The four reasons, each with what a Chinese index writes.
OMISSIONS: Mapping[str, tuple[str, ...]] = {
    "not_applicable": ("不适用", "n/a"),
    "legal_prohibitions": ("法律禁止",),
    "confidentiality_constraints": ("保密限制", "confidential"),
    "information_unavailable": ("信息不可得", "信息不完整", "信息不可得/不完整", "unavailable", "incomplete"),
}
_HEADINGS = {
    "披露项": "disclosure",
    "编号": "disclosure",
    "gri标准指标": "disclosure",
    "议题": "topic",
    "标题": "title",
    "名称": "title",
    "在报告中的位置": "place",
    "位置": "place",
    "从略": "omission",
    "从略原因": "omission",
    "说明": "explanation",
}
_OPTIONAL = ("topic", "title", "place", "omission", "explanation")


@dataclass(frozen=True, slots=True)
class Claim:
    """A line of a printed index.

    Parameters
    ----------
    number : str
        Such as ``302-1``.
    topic : str
        The material topic under which it stands, as printed; ``3-3`` has one line of each.
    title : str
        As printed.
    place : str
        The page or section that it names; empty for a dash.
    omission : str
        The reason for which it is omitted, a key of `OMISSIONS`; empty if it is not.
    explanation : str
        Of the omission.
    """

    number: str
    topic: str = ""
    title: str = ""
    place: str = ""
    omission: str = ""
    explanation: str = ""

    @property
    def label(self) -> Label:
        """Its title as printed."""
        return Label(self.title, self.title)


def read_claims(path: Path) -> tuple[list[Claim], list[Finding]]:
    """The lines of a printed index.

    Parameters
    ----------
    path : Path
        A table with ``disclosure`` and, as far as it is printed, ``topic``, ``title``, ``place``, ``omission``, ``explanation``; or with
        Chinese headings.

    Returns
    -------
    tuple of (list of Claim, list of Finding)
        A line whose number is none, or stands twice under one topic, is a finding and no claim.
    """
    try:
        records, faults = records_in(path, ("disclosure",), optional=_OPTIONAL, words=_HEADINGS)
    except EntriesError as error:
        return [], list(error.findings)
    findings, claims = list(faults), list[Claim]()
    for record in records:
        found = _claim(record, claims)
        if isinstance(found, Claim):
            claims.append(found)
        else:
            findings.append(record.place(found))
    return claims, findings


def _claim(record: Record, before: Sequence[Claim]) -> Claim | Finding:
    """One line, or what is wrong with it."""
    cells = {name: record.cells.get(name, "").strip() for name in ("disclosure", *_OPTIONAL)}
    number = cells["disclosure"].upper().removeprefix("GRI").strip()
    if not _NUMBER.fullmatch(number):
        return Finding.of("GRI_INDEX.number", given=cells["disclosure"])
    if any((item.number, item.topic) == (number, cells["topic"]) for item in before):
        return Finding.of("GRI_INDEX.twice", number=number)
    omission = _omission(cells["omission"])
    if omission is None:
        return Finding.of("GRI_INDEX.omission", number=number, given=cells["omission"], known=tuple(OMISSIONS))
    if omission and not cells["explanation"]:
        return Finding.of("GRI_INDEX.explanation", number=number)
    place = "" if cells["place"].casefold() in _NO_PLACE else cells["place"]
    return Claim(number, cells["topic"], cells["title"], place, omission, cells["explanation"])


def _omission(text: str) -> str | None:
    """The reason that a cell names; empty for none, None if it is not one of the four."""
    wanted = folded(text).replace(" ", "_")
    if wanted in _NO_PLACE - {"n/a"}:
        return ""
    return next((key for key, words in OMISSIONS.items() if wanted in {key, *map(folded, words)}), None)
