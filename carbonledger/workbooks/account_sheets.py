"""The sheets that account for the figures: standing, findings, method and policies, editions and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.core.language import bracketed, in_language, translated
from carbonledger.reporting.policies import policy_rows
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent

__all__ = ["finding_sheet", "method_sheet", "source_sheet", "standing_sheet"]

_EDITION = (
    ("edition", 28),
    ("title", 40),
    ("publisher", 30),
    ("document", 48),
    ("published", 12),
    ("edition_status", 12),
    ("licence", 26),
    ("partial", 40),
    ("attribution", 36),
    ("sha256", 30),
)
_FINDING = (
    ("severity", 10),
    ("rule", 26),
    ("what_is_wrong", 70),
    ("remedy", 50),
    ("file", 22),
    ("sheet_read", 14),
    ("row", 8),
    ("tonnes_at_stake", 16),
    ("line_numbers", 18),
    ("suppressed", 34),
)


def source_sheet(words: ReportInLanguage) -> SheetContent:
    """The editions behind the figures, with publisher, document, licence and checksum, and the files that were read."""
    content = words.sheet("sources", [width for _, width in _EDITION])
    content.head = content.heading(words.word(f"workbook_{name}") for name, _ in _EDITION)
    content.frozen_columns = 1
    for row in words.report.editions(words.lang):
        texts = [row["edition"], row["title"], row["publisher"], row["document"], row["date_published"]]
        texts += [
            words.word(f"edition_{row['status']}"),
            row["licence"],
            row["partial"],
            row["attribution"],
            row["sha256"],
        ]
        content.add(Cell(text, "wrapped") for text in texts)
    content.add()
    content.add([Cell(words.word("workbook_reading"), "subtitle")])
    content.add([Cell(words.report.reading.text(words.lang), "note")])
    return content


def finding_sheet(words: ReportInLanguage) -> SheetContent:
    """Every finding with its place, what to do, and the tonnes at stake."""
    return _findings(words, "findings", [("", words.report.findings)])


def standing_sheet(words: ReportInLanguage) -> SheetContent:
    """Whether the totals are complete and beyond doubt: what is left out, what is missing, what is in doubt."""
    standing = words.report.completeness
    groups = (
        ("left_out", standing.left_out),
        ("gaps", standing.gaps),
        ("doubts", standing.doubts),
        ("printed", standing.printed),
    )
    content = _findings(words, "standing", groups)
    content.add()
    doubt = Cell(standing.tonnes_in_doubt, "tonnes")
    content.add([Cell(words.word("workbook_tonnes_in_doubt"), "wrapped"), *[None] * 6, doubt])
    return content


def _findings(words: ReportInLanguage, key: str, groups: Iterable[tuple[str, Iterable[Finding]]]) -> SheetContent:
    """Findings, each group below its name."""
    content = words.sheet(key, [width for _, width in _FINDING])
    content.head = content.heading(words.word(f"workbook_{name}") for name, _ in _FINDING)
    for name, findings in groups:
        if name:
            content.add([Cell(words.word(f"workbook_{name}"), "subtitle")])
        listed = list(findings)
        for finding in listed:
            content.add(_finding(words, finding))
        if not listed:
            content.add([Cell(words.word("workbook_no_findings"), "note")])
    return content


def _finding(words: ReportInLanguage, finding: Finding) -> list[Cell | None]:
    """One finding."""
    stake = finding.tonnes_at_stake
    return [
        Cell(words.word(f"severity_{finding.severity}")),
        Cell(finding.rule, "wrapped"),
        Cell(finding.says.text(words.lang), "wrapped"),
        Cell(finding.remedy_in(words.lang), "wrapped"),
        Cell(finding.file, "wrapped"),
        Cell(finding.sheet, "wrapped"),
        Cell(finding.row, "whole"),
        Cell(stake, "tonnes") if stake is not None else None,
        Cell(words.listed(map(str, finding.lines)), "wrapped"),
        Cell(finding.suppressed, "wrapped"),
    ]


def method_sheet(words: ReportInLanguage, identity: Mapping[str, Any]) -> SheetContent:
    """How it was counted: the boundary, the GWP set, the policies of the book, and what the workbook is.

    Parameters
    ----------
    words : ReportInLanguage
        The report.
    identity : mapping of str to object
        What tells this workbook from that of another book or version; each gets the name ``workbook_<key>``.

    Returns
    -------
    SheetContent
    """
    report, lang = words.report, words.lang
    content = words.sheet("method", (44, 44, 70))
    boundary = report.settings["boundary"]
    statement = boundary.get("statement_zh" if lang == "zh" else "statement_en") or ""
    approach = boundary.get("approach")
    facts = [
        ("boundary", statement or words.word("not_stated")),
        ("approach", words.word(approach) if approach else words.word("not_stated")),
        ("gwp_set", report.inventory.gwp.edition),
        ("rounding_note", words.word("workbook_unrounded")),
        ("how_to", words.word("workbook_how_to_text")),
    ]
    for name, text in facts:
        content.add([Cell(words.word(f"workbook_{name}"), "wrapped"), Cell(text, "wrapped")])
    content.add()
    content.add([Cell(words.word("policies_title"), "subtitle")])
    content.heading(words.word(key) for key in ("question", "chosen", "reason"))
    for row in policy_rows(report.settings, lang, report.stated):
        default = "" if row["stated"] else bracketed(words.word("by_default"), lang)
        chosen = translated(str(in_language(row["chosen"], lang)), lang) + default
        content.add([Cell(row["question"], "wrapped"), Cell(chosen, "wrapped"), Cell(row["reason"], "wrapped")])
    content.add()
    content.add([Cell(words.word("workbook_identity"), "subtitle")])
    for key, value in identity.items():
        at = content.add([Cell(words.word(f"workbook_identity_{key}"), "wrapped"), Cell(value, "wrapped")])
        content.define(f"workbook_{key}", at, 1)
    return content
