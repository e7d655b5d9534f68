"""Findings as a list that shows itself as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

from carbonledger.core.findings import Finding, Severity
from carbonledger.core.language import Lang, counted, word
from carbonledger.core.record_html import record_html, table_html

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Findings"]

_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
_SHOWN = 100


class Findings(list[Finding]):
    """Findings in order: a list like any other, and a table in a notebook.

    Examples
    --------
    >>> found = Findings([Finding.of("COVERAGE.overlap", source="plant / meter 1", count=13).at(file="entries.csv", row=7)])
    >>> found
    Findings(0 errors, 1 warning, 0 notes)
    >>> found.to_frame()[["severity", "rule", "file", "row"]].to_dict("records")
    [{'severity': 'warning', 'rule': 'COVERAGE', 'file': 'entries.csv', 'row': 7}]
    """

    def __repr__(self) -> str:
        counts = Counter(finding.severity for finding in self)
        return f"Findings({', '.join(counted(counts[severity], severity) for severity in _SEVERITIES)})"

    @overload
    def __getitem__(self, at: SupportsIndex) -> Finding: ...

    @overload
    def __getitem__(self, at: slice) -> Findings: ...

    def __getitem__(self, at: SupportsIndex | slice) -> Finding | Findings:
        return Findings(super().__getitem__(at)) if isinstance(at, slice) else super().__getitem__(at)

    def to_frame(self, lang: Lang = "en") -> pd.DataFrame:
        """The findings as a table.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the texts.

        Returns
        -------
        pandas.DataFrame
            One row for each: ``severity``, ``rule``, ``title``, ``message``, ``remedy``, ``file``, ``sheet``, ``row`` (missing if none),
            ``column``, ``value``, ``lines`` (of the inventory), ``tonnes_at_stake`` [t CO2e, not a number if it cannot be said].
        """
        import pandas as pd

        rows = [finding.to_dict(lang) for finding in self]
        columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in _COLUMNS}
        frame = pd.DataFrame(columns, columns=list(_COLUMNS), dtype=object)
        return frame.astype({"row": "Int64", "tonnes_at_stake": "float64"})

    def to_html(self, lang: Lang = "en") -> str:
        """The findings as a table for a notebook, the first hundred of them.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the texts.

        Returns
        -------
        str
            HTML without scripts, everything that was not written here escaped.
        """
        counts = Counter(finding.severity for finding in self)
        title = word("status_findings", lang, **{f"{name}s": f"{counts[name]:,}" for name in _SEVERITIES})
        headings = [word(f"notebook_{name}", lang) for name in ("severity", "place", "message", "remedy", "rule")]
        rows = [_cells(finding, lang) for finding in self[:_SHOWN]]
        rest = [word("notebook_shown", lang, shown=f"{_SHOWN:,}", count=f"{len(self):,}")] * (len(self) > _SHOWN)
        return record_html(lang, title, rest, table_html(headings, rows) if rows else "")

    def _repr_html_(self) -> str:
        return self.to_html()


_COLUMNS = (
    *("severity", "rule", "title", "message", "remedy", "file", "sheet", "row", "column", "value", "lines"),
    "tonnes_at_stake",
)


def _cells(finding: Finding, lang: Lang) -> Sequence[str]:
    """A finding as a row of the table."""
    severity = word(f"severity_{finding.severity}", lang)
    return (severity, finding.place_in(lang), finding.says.text(lang), finding.remedy_in(lang), finding.rule)
