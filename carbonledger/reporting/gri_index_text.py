"""The GRI content index as text: what the printed index claims, and what the figures of the book carry."""

from __future__ import annotations

from rich.console import Console

from carbonledger.core.language import Lang, headed, word
from carbonledger.disclosure.gri_index import GriIndex, IndexRow
from carbonledger.reporting.console import plain_text, section_title, text_table
from carbonledger.reporting.text import print_findings

__all__ = ["print_gri_index"]

_LONGEST_OPEN = 4
_OUTSIDE = "outside"
_COUNTED = ("carried", "partly", "not_carried", "words", "outside", "withdrawn", "no_place", "not_claimed")


def print_gri_index(index: GriIndex, console: Console, lang: Lang) -> None:
    """Print the index, with what is missing at its head.

    Parameters
    ----------
    index : GriIndex
        Of a year.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    section_title(console, f"{word('gri_index_title', lang)} · {index.company.text(lang)} · {index.year}")
    for line in index.statement.statement_lines(lang):
        console.print(plain_text(line, style="bold red" if index.exit_code else ""))
    console.print(plain_text(_counts(index, lang) if index.has_claims else word("gri_index_no_claims", lang)))
    keys = ["disclosure", "name", "status", "open", "place"]
    keys += ["printed", "verdict"] if index.has_claims else []
    table = text_table([word(f"gri_index_{key}", lang) for key in keys])
    for row in (item for item in index.rows if item.status != _OUTSIDE):
        cells = _cells(row, lang)
        table.add_row(*(cells if index.has_claims else cells[:-2]))
    console.print(table)
    outside = ", ".join(
        dict.fromkeys(row.number for row in index.rows if row.status == _OUTSIDE and row.verdict == _OUTSIDE)
    )
    if outside:
        console.print(plain_text(word("gri_index_outside", lang, numbers=outside)))
    unplaced = ", ".join(row.number for row in index.rows if row.verdict == "no_place")
    if unplaced:
        console.print(plain_text(word("gri_index_unplaced", lang, numbers=unplaced)))
    for note in dict.fromkeys(headed(row.number, row.note.text(lang), lang) for row in index.rows if row.note.en):
        console.print(plain_text(note))
    console.print(plain_text(word("gri_index_note", lang)))
    if index.findings:
        print_findings(index.findings, console, lang)


def _counts(index: GriIndex, lang: Lang) -> str:
    """How many lines have each verdict."""
    found = index.verdicts
    counts = {name: str(found[name]) for name in _COUNTED}
    claimed = sum(row.claim is not None for row in index.rows)
    omitted = found["omitted"] + found["omitted_but_carried"]
    return word("gri_index_counts", lang, claimed=str(claimed), omitted=str(omitted), **counts)


def _cells(row: IndexRow, lang: Lang) -> list[str]:
    """A line as cells."""
    shown = row.open[:_LONGEST_OPEN]
    more = f" +{len(row.open) - len(shown)}" if len(row.open) > len(shown) else ""
    section = word(f"gri_section_{row.section}", lang) if row.section and row.files else ""
    return [
        row.number,
        row.title.text(lang),
        word(f"gri_status_{row.status}", lang),
        ", ".join(shown) + more,
        " / ".join(part for part in (", ".join(row.files), section) if part),
        _printed(row, lang),
        word(f"gri_verdict_{row.verdict}", lang) if row.verdict else "",
    ]


def _printed(row: IndexRow, lang: Lang) -> str:
    """What the printed index says of a line: its place, or why it is omitted."""
    claim = row.claim
    if claim is None:
        return ""
    if claim.omission:
        return headed(word(f"gri_omission_{claim.omission}", lang), claim.explanation, lang)
    place = claim.place or "—"
    return headed(claim.topic, place, lang) if claim.topic else place
