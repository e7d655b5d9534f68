"""A measured result against its limit: which limit applies, and what a register says of it that does not fit.

A row names the standard and the class. The limit is that of the class; one that the row states besides must be the same. A standard that
the library does not carry (a permit, a local standard) needs the limit in the row.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.rounding import decimal_of
from carbonledger.environment.limits import Limit, Verdict, compared, known_limits, stated_limit
from carbonledger.environment.register_rows import RegisterRow
from carbonledger.environment.vocabulary import word_label

__all__ = ["NOISE", "Subject", "judge", "limit_of"]

NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Subject:
    """What was measured, as a limit knows it.

    Parameters
    ----------
    pollutant : str
        A key of the words, or ``noise``.
    unit : str
        Of the result; empty for levels and pH.
    what : Label
        As findings name it.
    day_or_night : str
        Of noise.
    """

    pollutant: str
    unit: str
    what: Label
    day_or_night: str = ""

    @property
    def scale(self) -> str:
        """What classes are called: zones of noise are classes, limits of water are grades."""
        return "class" if self.pollutant == NOISE else "grade"

    def text(self, number: str, unit: str = "") -> str:
        """A number with its unit; levels have dB(A), and pH none."""
        return f"{number} {unit or ('dB(A)' if self.pollutant == NOISE else '')}".strip()


def limit_of(row: RegisterRow, subject: Subject, findings: list[Finding]) -> Limit | None:
    """The limit of a row; None, with a finding, where none is known or two contradict each other.

    Parameters
    ----------
    row : RegisterRow
        With ``standard``, ``class`` and perhaps ``limit``, in the unit of the result.
    subject : Subject
        What was measured.
    findings : list of Finding
        Where findings go.
    """
    standard, category = row.text("standard"), row.key("class", "class", default="")
    stated = row.optional_number("limit")
    rows = known_limits(standard, subject.pollutant, subject.day_or_night) if standard else []
    if not rows:
        if stated is not None:
            return stated_limit(stated, subject.unit, standard, row.text("class"), subject.pollutant)
        key = "LIMIT_UNKNOWN" if standard else "LIMIT_UNKNOWN.not_stated"
        values = {"what": subject.what, **({"standard": standard} if standard else {})}
        findings.append(row.place.place(Finding.of(key, **values)))
        return None
    found = next((item for item in rows if item.category == category), None)
    if found is None:
        known = tuple(word_label(subject.scale, item.category) for item in rows)
        findings.append(
            row.place.place(Finding.of("LIMIT_UNKNOWN.no_class", what=subject.what, standard=standard, known=known))
        )
        return None
    return found if stated is None else _agreed(row, found, rows, (stated, subject), findings)


def _agreed(
    row: RegisterRow, found: Limit, rows: list[Limit], said: tuple[Decimal, Subject], findings: list[Finding]
) -> Limit | None:
    """The limit of the class if the row states the same number; None, with a finding, if it states another."""
    stated, subject = said
    value = found.in_unit(Fraction(stated), subject.unit)
    if found.upper is not None and value == Fraction(found.upper):
        return found
    own = {"what": subject.what, "stated": float(stated), "standard": found.standard, "limit": found.text}
    own["category"] = word_label(subject.scale, found.category)
    other = next((item for item in rows if item.upper is not None and value == Fraction(item.upper)), None)
    if other is not None:
        label = word_label(subject.scale, other.category)
        findings.append(row.place.place(Finding.of("LIMIT_OF_ANOTHER_CLASS", **own, other=label)))
    else:
        findings.append(row.place.place(Finding.of("LIMIT_OF_ANOTHER_CLASS.none", **own)))
    return None


def judge(
    row: RegisterRow,
    value: Fraction,
    limit: Limit | None,
    subject: Subject,
    findings: list[Finding],
    *,
    below: bool = False,
) -> Verdict:
    """Whether a result keeps its limit; one that does not is a finding.

    Parameters
    ----------
    row : RegisterRow
        Where it stands.
    value : Fraction
        The result in the unit of `subject`, or the limit of detection.
    limit : Limit or None
        None if there is nothing to compare with.
    subject : Subject
        What was measured.
    findings : list of Finding
        Where findings go.
    below : bool
        Whether the result is below `value`.
    """
    if limit is None:
        return "not_compared"
    verdict = compared(limit.in_unit(value, subject.unit), limit, is_below=below)
    value_text = subject.text(f"{decimal_of(float(value)).normalize():f}", subject.unit)
    values = {"what": subject.what, "value": value_text, "limit": subject.text(limit.text, limit.unit)}
    if verdict == "exceeds":
        standard = limit.standard or Label("the register", "本台账")
        findings.append(row.place.place(Finding.of("LIMIT_EXCEEDED", **values, standard=standard)))
    elif verdict == "not_compared":
        findings.append(row.place.place(Finding.of("LIMIT_DETECTION", **values)))
    return verdict
