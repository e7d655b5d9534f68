"""The words of reports, in Chinese and English."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from carbonledger.core.errors import Finding
from carbonledger.reporting.console import number

__all__ = ["Lang", "finding_text", "rule_titles", "translated", "word"]


Lang = Literal["en", "zh"]


@cache
def _words() -> dict[str, dict[str, str]]:
    """Every word by key and language."""
    text = resources.files("carbonledger.reporting").joinpath("labels.csv").read_text(encoding="utf-8")
    return {row["key"]: row for row in csv.DictReader(text.splitlines())}


def word(key: str, lang: Lang, **values: str) -> str:
    """A word or sentence in a language.

    Parameters
    ----------
    key : str
        Its name in ``labels.csv``.
    lang : {"en", "zh"}
        The language.
    **values : str
        What stands in its braces.

    Returns
    -------
    str
    """
    return _words()[key][lang].format(**values)


def translated(text: str, lang: Lang) -> str:
    """A text made of known words, such as ``own generation, attributes sold: residual mix``; unknown parts stay.

    Parameters
    ----------
    text : str
        Parts divided by colons, commas or spaces.
    lang : {"en", "zh"}
        The language.

    Returns
    -------
    str
    """
    if text in _words():
        return word(text, lang)
    for divider, joint in ((": ", "："), (", ", "，"), (" ", " ")):
        head, found, rest = text.partition(divider)
        if found:
            between = joint if lang == "zh" else divider
            return f"{translated(head, lang)}{between}{translated(rest, lang)}"
    return text


_LISTED = 6


@cache
def rule_titles() -> Mapping[str, Mapping[str, str]]:
    """What each rule is called in Chinese, and the way out."""
    text = resources.files("carbonledger.reporting").joinpath("rules.csv").read_text(encoding="utf-8")
    return {row["rule"]: row for row in csv.DictReader(text.splitlines())}


def finding_text(finding: Finding, lang: Lang) -> str:
    """A finding as text.

    Parameters
    ----------
    finding : Finding
        Of a book or file.
    lang : {"en", "zh"}
        In Chinese the rule's title and way out come first; the message keeps its numbers and stands in English below.

    Returns
    -------
    str
    """
    severity = word(f"severity_{finding.severity}", lang)
    row = rule_titles().get(finding.rule)
    if lang != "zh" or row is None:
        return f"{severity}: {finding}{_stake(finding, lang)}"
    parts = [
        finding.file,
        f"工作表 {finding.sheet}" if finding.sheet else "",
        f"第 {finding.row} 行" if finding.row is not None else "",
        f"“{finding.column}”列" if finding.column else "",
    ]
    place = "，".join(part for part in parts if part)
    head = f"{severity}：{place}{'：' if place else ''}{row['title_zh']}。"
    way_out = f"{row['way_out_zh']}。" if row["way_out_zh"] else ""
    return f"{head}{way_out} [{finding.rule}]{_stake(finding, lang)}\n    {finding.message}"


def _stake(finding: Finding, lang: Lang) -> str:
    """The lines that a doubt is about, and the tonnes that it concerns."""
    if not finding.tonnes_at_stake:
        return ""
    if not finding.lines:
        return f" {word('stake_total', lang, tonnes=number(finding.tonnes_at_stake, 2))}"
    listed = ", ".join(str(line) for line in finding.lines[:_LISTED]) + (" ..." if len(finding.lines) > _LISTED else "")
    return f" {word('stake', lang, lines=listed, tonnes=number(finding.tonnes_at_stake, 2))}"
