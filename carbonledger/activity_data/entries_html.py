"""Entries as a notebook shows them: how many, what was found, and the first of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from carbonledger.core.activities import taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, word
from carbonledger.core.record_html import figure_text, record_html, table_html

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["entries_html"]

_SHOWN = 10
_SAID = ("entity", "site", "source", "activity", "amount", "unit", "period", "region")


def entries_html(
    frame: pd.DataFrame, years: str, findings: Sequence[Finding], refused: int, repeated: int, lang: Lang
) -> str:
    """The first entries as a table, under how many there are and what is missing.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of entries.
    years : str
        The first and the last year; empty if there is none.
    findings : sequence of Finding
        Of reading.
    refused, repeated : int
        Rows of the input that were refused, or that say again what an earlier one says.
    lang : {"en", "zh"}
        The language of the words.

    Returns
    -------
    str
        HTML.
    """
    counts = Counter(finding.severity for finding in findings)
    title = word("notebook_rows", lang, rows=f"{len(frame):,}", years=years or word("notebook_no_year", lang))
    numbers = {"errors": counts["error"], "warnings": counts["warning"], "notes": counts["note"]}
    said = [word("status_findings", lang, **{name: f"{number:,}" for name, number in numbers.items()})]
    said += [word("rows_not_read", lang, count=f"{refused:,}")] * bool(refused)
    said += [word("notebook_repeated", lang, count=f"{repeated:,}")] * bool(repeated)
    if len(frame) > _SHOWN:
        said.append(word("notebook_shown", lang, shown=str(_SHOWN), count=f"{len(frame):,}"))
    return record_html(lang, title, said, *([_table(frame, lang)] if len(frame) else []))


def _table(frame: pd.DataFrame, lang: Lang) -> str:
    """The first entries, without the columns that are empty in all of them."""
    rows = [_cells(record, lang) for record in frame.head(_SHOWN).to_dict("records")]
    names = [name for name in _SAID if any(row[name] for row in rows)]
    headings = [word(f"reading_{name}", lang) for name in names]
    return table_html(headings, [[row[name] for name in names] for row in rows], numbers={names.index("amount")})


def _cells(record: Mapping[Any, Any], lang: Lang) -> dict[str, str]:
    """An entry as printed, by column."""
    cells = {name: str(record.get(name) or "") for name in ("entity", "site", "source", "activity", "unit", "region")}
    known = taxonomy().get(cells["activity"])
    return {
        **cells,
        "activity": known.label(lang) if known else cells["activity"],
        "amount": figure_text(float(record["amount"])),
        "period": _period(record),
    }


def _period(record: Mapping[Any, Any]) -> str:
    """The first and the last day of an entry; its year if it has no days."""
    start, end = record.get("start"), record.get("end")
    if isinstance(start, date) and isinstance(end, date):
        last = end - timedelta(days=1)
        return f"{start:%Y-%m-%d} – {last:%Y-%m-%d}" if last > start else f"{start:%Y-%m-%d}"
    return str(record.get("year") or "")
