"""Findings: defects and doubts in the user's data, as values.

What a rule means stands once, in ``rules.csv``: its severity, its effect on the total, the check it belongs to, and its title, message
and remedy in English and Chinese. Code names a rule and gives the values; both languages render from the same record.
"""

from __future__ import annotations

import csv
import string
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Literal

from carbonledger.core.language import Clauses, Label, Lang, in_language, printable
from carbonledger.core.message_numbers import filled_in

__all__ = ["Effect", "Finding", "Message", "Rule", "Severity", "clauses", "first_error", "rules"]

Severity = Literal["error", "warning", "note"]
Effect = Literal["excluded", "gap", "doubt", "about_published", "environment", "note"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the catalogue: a rule, or one of the cases that it distinguishes.

    Parameters
    ----------
    key : str
        ``RULE``, or ``RULE.case``.
    severity : {"error", "warning", "note"}
        How grave it is.
    effect : {"excluded", "gap", "doubt", "about_published", "environment", "note"}
        What it means for the total: entries, or what belongs to them, are excluded; something is missing; something counted is in
        doubt; only a published figure is in doubt; nothing.
    check : str
        The check it belongs to; empty for a rule of reading or calculating.
    title, message, remedy : Label
        Its name; what is wrong and why, with the values in braces; what to do.
    example : str
        The values of an example, as JSON.
    """

    key: str
    severity: Severity
    effect: Effect
    check: str
    title: Label
    message: Label
    remedy: Label
    example: str

    @property
    def name(self) -> str:
        """The rule, without its case."""
        return self.key.partition(".")[0]

    @property
    def fields(self) -> frozenset[str]:
        """The names of the values that its texts print."""
        texts = (self.message.en, self.message.zh, self.remedy.en, self.remedy.zh)
        return frozenset(name for text in texts for name in _fields_of(text))


def _fields_of(template: str) -> Iterator[str]:
    """The names in the braces of a template."""
    for _, name, _, _ in string.Formatter().parse(template):
        if name:
            yield name


@cache
def _printed(key: str) -> frozenset[str]:
    """The names of the values that a rule's texts print."""
    return rules()[key].fields


@cache
def rules() -> Mapping[str, Rule]:
    """The catalogue of findings, by key, in the order of the file.

    Returns
    -------
    mapping of str to Rule
        A case inherits from its rule what its own row leaves empty.
    """
    text = resources.files("carbonledger.core").joinpath("rules.csv").read_text(encoding="utf-8")
    rows = {row["key"]: row for row in csv.DictReader(text.splitlines())}
    return {key: _rule(row, rows[key.partition(".")[0]]) for key, row in rows.items()}


def _rule(row: Mapping[str, str], base: Mapping[str, str]) -> Rule:
    """A rule from its row and that of the rule it is a case of."""
    full = {name: value or base[name] for name, value in row.items()}
    severity: Any = full["severity"]
    effect: Any = full["effect"]
    title, message, remedy = (Label(full[f"{name}_en"], full[f"{name}_zh"]) for name in ("title", "message", "remedy"))
    return Rule(full["key"], severity, effect, full["check"], title, message, remedy, full["example"])


@dataclass(frozen=True, slots=True)
class Message:
    """What a rule says of some values; printed in the language of the run.

    Parameters
    ----------
    key : str
        A key of the catalogue.
    values : tuple of (str, object)
        The values by name: numbers, texts, labels, messages, or tuples of them.
    """

    key: str
    values: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, key: str, /, **values: Any) -> Message:
        """A message of the catalogue with its values.

        Raises
        ------
        TypeError
            If the values are not those that the rule's texts print.
        """
        wanted = _printed(key)
        if wanted != values.keys():
            raise TypeError(f"{key} prints {sorted(wanted)}, not {sorted(values)}")
        return cls(
            key, tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in values.items())
        )

    @property
    def rule(self) -> Rule:
        """The row of the catalogue."""
        return rules()[self.key]

    def text(self, lang: Lang = "en") -> str:
        """What is wrong, and why."""
        return self._filled(self.rule.message, lang)

    def remedy(self, lang: Lang = "en") -> str:
        """What can be done about it; empty if nothing can."""
        return self._filled(self.rule.remedy, lang)

    def _filled(self, template: Label, lang: Lang) -> str:
        """A template with the values in it."""
        return printable(
            filled_in(template.text(lang), {name: in_language(value, lang) for name, value in self.values})
        )

    def full_text(self, lang: Lang = "en") -> str:
        """What is wrong, and what can be done about it."""
        remedy = self.remedy(lang)
        return f"{self.text(lang)}{'' if lang == 'zh' or not remedy else ' '}{remedy}"

    def __str__(self) -> str:
        return self.full_text()


@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """A defect or doubt in the user's data.

    Parameters
    ----------
    says : Message
        The rule, and the values it prints.
    severity : {"error", "warning", "note"}
        That of the rule, unless the finding was raised or suppressed.
    file, sheet : str
        Where the data came from; empty if it did not come from a file.
    row : int or None
        Row number as a spreadsheet shows it (the heading is row 1).
    column : str
        The heading as the user wrote it.
    value : str
        The offending text.
    lines : tuple of int
        The lines of the inventory concerned, counted from 1; empty if the doubt is about no line in particular.
    tonnes_at_stake : float or None
        How much of the total the doubt concerns, t CO2e; None if that cannot be said.
    suppressed : str
        The written reason for which it is in order; empty if it is not suppressed.
    rows : int
        Of how many rows it is the first, where rows are too many to be named one by one; 0 if it is about one.

    Examples
    --------
    >>> finding = Finding.of("COVERAGE.overlap", source="plant / meter 1", count=13).at(file="entries.csv", row=7)
    >>> finding
    Finding(warning, COVERAGE, entries.csv, row 7)
    >>> finding.rule, finding.severity, finding.place
    ('COVERAGE', 'warning', 'entries.csv, row 7')
    >>> finding.text("zh")
    'entries.csv，第 7 行：plant / meter 1：一年有 13 张账单，部分日期重叠。请删除重复的账单。 [COVERAGE]'
    """

    says: Message
    severity: Severity
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    lines: tuple[int, ...] = ()
    tonnes_at_stake: float | None = None
    suppressed: str = ""
    rows: int = 0

    @classmethod
    def of(cls, key: str, /, **values: Any) -> Finding:
        """A finding of the catalogue, without a place yet.

        Parameters
        ----------
        key : str
            ``RULE``, or ``RULE.case``.
        **values : object
            What its texts print: numbers, texts, `Label` for words of both languages, tuples for lists, messages.
        """
        return cls.from_message(Message.of(key, **values))

    @classmethod
    def from_message(cls, message: Message) -> Finding:
        """The finding that says a message, e.g. that of an exception."""
        return cls(message, message.rule.severity)

    def at(
        self, *, file: str = "", sheet: str = "", row: int | None = None, column: str = "", value: str = ""
    ) -> Finding:
        """The finding at a place: what is given here, over what it had."""
        return replace(
            self,
            file=file or self.file,
            sheet=sheet or self.sheet,
            row=self.row if row is None else row,
            column=column or self.column,
            value=value or self.value,
        )

    def about(self, lines: Sequence[int], tonnes: float | None) -> Finding:
        """The finding about some lines of the inventory, and the tonnes at stake."""
        return replace(self, lines=tuple(lines), tonnes_at_stake=tonnes)

    def as_severity(self, severity: Severity) -> Finding:
        """The finding at another severity than its rule's."""
        return replace(self, severity=severity)

    @property
    def rule(self) -> str:
        """Stable upper-case name of the rule, e.g. ``UNKNOWN_UNIT``."""
        return self.says.rule.name

    @property
    def effect(self) -> Effect:
        """What the rule means for the total."""
        return self.says.rule.effect

    @property
    def check(self) -> str:
        """The check that the rule belongs to; empty for reading and calculating."""
        return self.says.rule.check

    @property
    def message(self) -> str:
        """What is wrong, and why, in English."""
        return self.says.text()

    @property
    def remedy(self) -> str:
        """What the user can do about it, in English."""
        return self.remedy_in("en")

    @property
    def way_out(self) -> str:
        """The former name of `remedy`; it goes with the next release."""
        warnings.warn("Finding.way_out is now Finding.remedy.", DeprecationWarning, stacklevel=2)
        return self.remedy

    def remedy_in(self, lang: Lang) -> str:
        """What the user can do about it; of a suppressed finding, the written reason."""
        if self.suppressed:
            reason = printable(self.suppressed)
            return f"已说明：{reason}" if lang == "zh" else f"Suppressed: {reason}"
        return self.says.remedy(lang)

    @property
    def place(self) -> str:
        """File, sheet, row and column as one text."""
        return self.place_in("en")

    @property
    def place_label(self) -> Label:
        """File, sheet, row and column in both languages."""
        return Label(self.place_in("en"), self.place_in("zh"))

    def place_in(self, lang: Lang) -> str:
        """File, sheet, row and column as one text in a language."""
        zh = lang == "zh"
        parts = [
            self.file,
            (f"工作表 {self.sheet}" if zh else f"sheet {self.sheet}") if self.sheet else "",
            self._row_in(lang),
            (f"“{self.column}”列" if zh else f"column {self.column}") if self.column else "",
        ]
        return printable(("，" if zh else ", ").join(part for part in parts if part))

    def _row_in(self, lang: Lang) -> str:
        """The row, and how many more it stands for, in a language."""
        if self.row is None:
            return ""
        if lang == "zh":
            return f"第 {self.row} 行" + (f"起共 {self.rows:,} 行" if self.rows > 1 else "")
        return f"row {self.row}" + (f" and {self.rows - 1:,} more" if self.rows > 1 else "")

    def text(self, lang: Lang = "en") -> str:
        """Place, message, remedy and rule as one sentence in a language."""
        place, remedy = self.place_in(lang), self.remedy_in(lang)
        colon, space = ("：", "") if lang == "zh" else (": ", " ")
        return f"{place}{colon if place else ''}{self.says.text(lang)}{space if remedy else ''}{remedy} [{self.rule}]"

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The finding as plain data, its texts in a language."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "title": self.says.rule.title.text(lang),
            "message": self.says.text(lang),
            "remedy": self.remedy_in(lang),
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "lines": list(self.lines),
            "tonnes_at_stake": self.tonnes_at_stake,
            **({"rows": self.rows} if self.rows else {}),
        }

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"Finding({', '.join(part for part in (self.severity, self.rule, self.place) if part)})"


def clauses(said: Iterable[Message | str]) -> Clauses:
    """What several messages say as parts of one sentence: without their full stops, divided by semicolons."""
    texts = ((item, item) if isinstance(item, str) else (item.text("en"), item.text("zh")) for item in said)
    return Clauses(tuple(Label(en.rstrip("."), zh.rstrip("。.")) for en, zh in texts))


def first_error(findings: Iterable[Finding]) -> Finding | None:
    """The first finding of severity error; None if there is none."""
    return next((finding for finding in findings if finding.severity == "error"), None)
