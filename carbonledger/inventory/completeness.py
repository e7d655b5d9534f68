"""What the findings mean for the figures: whether something is missing from them, and whether something is in doubt.

Every output states it in the same words, and every command ends with the same exit code.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, listed, word

__all__ = ["CompletenessStatement", "EntryCounts", "completeness_of"]


@dataclass(frozen=True, slots=True)
class EntryCounts:
    """How many rows and entries are behind the figures.

    Parameters
    ----------
    entries : int
        Entries that were to be calculated.
    without_emissions : int
        Of these, entries whose emissions could not be calculated.
    rows_refused : int
        Rows of files that a finding keeps from being entries, of whichever year.
    """

    entries: int = 0
    without_emissions: int = 0
    rows_refused: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class CompletenessStatement:
    """What the findings mean for the figures.

    Parameters
    ----------
    left_out : tuple of Finding
        Errors that keep entries, or what belongs to them, out of the figures.
    gaps : tuple of Finding
        What is missing although no entry was refused: months, companies, energy, categories.
    doubts : tuple of Finding
        Errors that the sixteen checks found in what was counted.
    printed : tuple of Finding
        Errors about figures that somebody printed; the inventory holds without them.
    counts : EntryCounts or None
        The rows and entries behind the figures; None where nobody counted them, as of a lazy frame.
    is_part : bool
        Whether entries are known that the figures leave out, so that no sum of them is a total.
    energy_alone : bool
        Whether no emission factors are pinned, so that only the energy is stated.
    environment : tuple of Finding
        Errors in the registers of water, waste, air, wastewater and noise; the inventory holds without them.
    """

    left_out: tuple[Finding, ...]
    gaps: tuple[Finding, ...]
    doubts: tuple[Finding, ...]
    printed: tuple[Finding, ...] = ()
    counts: EntryCounts | None = None
    is_part: bool = False
    energy_alone: bool = False
    environment: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        missing, doubts = len(self.left_out) + len(self.gaps), len(self.doubts)
        return f"CompletenessStatement({missing} missing, {doubts} in doubt, {len(self.printed)} printed in doubt)"

    @property
    def complete(self) -> bool:
        """Whether nothing is known to be missing."""
        return not (self.left_out or self.gaps)

    @property
    def has_total(self) -> bool:
        """Whether the emissions are of every entry, so that their sum is a total."""
        return not (self.is_part or self.energy_alone)

    @property
    def sum_label(self) -> str:
        """What a sum of everything calculated is called: a total, or the sum of a part (a key of the labels)."""
        return "sum_of_part" if self.is_part else "total"

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Everything to act on: what is left out, missing by an error, in doubt, wrong as printed, or wrong in a register."""
        gaps = (finding for finding in self.gaps if finding.severity == "error")
        return (*self.left_out, *gaps, *self.doubts, *self.printed, *self.environment)

    @property
    def exit_code(self) -> int:
        """How a command ends that shows these figures: 1 if something is left out or in doubt by an error, else 0."""
        return 1 if self.errors else 0

    @property
    def tonnes_in_doubt(self) -> float:
        """The largest amount at stake of any doubt, t CO2e; several may concern the same lines."""
        return max((abs(finding.tonnes_at_stake or 0.0) for finding in self.doubts), default=0.0)

    def lines(self, lang: Lang) -> list[str]:
        """The statement in words: what is missing and what is in doubt, or that nothing is; then what was printed and is in doubt.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.

        Returns
        -------
        list of str
            Never empty.
        """
        missing = (*self.left_out, *self.gaps)
        lines = []
        if missing:
            lines.append(word("incomplete", lang, rows=self._rows(lang), **_named(missing, lang)))
        if self.doubts:
            lines.append(word("in_doubt", lang, tonnes=f"{self.tonnes_in_doubt:,.2f}", **_named(self.doubts, lang)))
        if not lines:
            lines.append(word("complete", lang))
        if self.printed:
            lines.append(word("printed_in_doubt", lang, **_named(self.printed, lang)))
        if self.environment:
            lines.append(word("environment_in_doubt", lang, **_named(self.environment, lang)))
        return [word("energy_alone", lang), *lines] if self.energy_alone else lines

    def _rows(self, lang: Lang) -> str:
        """How many rows and entries are missing, as the beginning of a sentence; empty if none is, or nobody counted."""
        if self.counts is None:
            return ""
        # Energy alone is asked for: then no emissions are missing.
        without = 0 if self.energy_alone else self.counts.without_emissions
        refused, entries = self.counts.rows_refused, f"{self.counts.entries:,}"
        parts = [word("entries_without_emissions", lang, count=f"{without:,}", entries=entries)] * (without > 0)
        parts += [word("rows_not_read", lang, count=f"{refused:,}")] * (refused > 0)
        return word("rows_missing", lang, parts=listed(parts, lang)) if parts else ""

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The statement as plain data.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.

        Returns
        -------
        dict
            ``complete``, ``is_part``, ``energy_alone``, the rules behind ``missing``, ``in_doubt``, ``printed_in_doubt`` and
            ``environment_in_doubt``, ``tonnes_in_doubt`` [t CO2e], ``entries``, ``entries_without_emissions`` and ``rows_refused``
            (null where nobody counted), ``exit_code`` and ``statement``, the words.
        """
        counts = self.counts
        return {
            "complete": self.complete,
            "is_part": self.is_part,
            "energy_alone": self.energy_alone,
            "missing": _rules((*self.left_out, *self.gaps)),
            "in_doubt": _rules(self.doubts),
            "tonnes_in_doubt": self.tonnes_in_doubt,
            "printed_in_doubt": _rules(self.printed),
            "environment_in_doubt": _rules(self.environment),
            "entries": counts.entries if counts else None,
            "entries_without_emissions": counts.without_emissions if counts else None,
            "rows_refused": counts.rows_refused if counts else None,
            "exit_code": self.exit_code,
            "statement": self.lines(lang),
        }


def _rules(findings: Iterable[Finding]) -> list[str]:
    """The rules of some findings, each once."""
    return sorted({finding.rule for finding in findings})


def _named(findings: tuple[Finding, ...], lang: Lang) -> dict[str, str]:
    """How many findings, and of which rules."""
    return {"count": str(len(findings)), "rules": listed(_rules(findings), lang)}


def completeness_of(
    findings: Iterable[Finding], counts: EntryCounts | None = None, *, beside: Collection[str] = ()
) -> CompletenessStatement:
    """Sort findings by what they mean for the figures.

    Parameters
    ----------
    findings : iterable of Finding
        Of a book, suppressed ones among them as notes.
    counts : EntryCounts, optional
        The rows and entries behind the figures.
    beside : collection of str
        Files whose rows stand in no total, such as registers of credits.

    Returns
    -------
    CompletenessStatement
    """
    names = ("excluded", "gap", "doubt", "about_published", "environment")
    sorts: dict[str, list[Finding]] = {name: [] for name in names}
    energy_alone = False
    for finding in findings:
        energy_alone |= finding.rule == "ENERGY_ALONE"
        effect, error = finding.effect, finding.severity == "error"
        if effect in sorts and (error or (effect == "gap" and finding.severity != "note")):
            sorts[effect].append(finding)
    left_out, gaps, doubts, printed, environment = map(tuple, sorts.values())
    is_part = any(finding.file not in beside for finding in left_out)
    return CompletenessStatement(left_out, gaps, doubts, printed, counts, is_part, energy_alone, environment)
