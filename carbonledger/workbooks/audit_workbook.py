"""The audit workbook: a report as sheets with live formulas, from the headline figures down to the published values.

Each line is an amount times coefficient cells; each coefficient is published values times a conversion; each table is a sum over the
lines. A cell with a formula also has the library's figure, for programs that do not calculate.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from carbonledger.core.errors import BookError
from carbonledger.core.files import write_whole
from carbonledger.core.findings import Message
from carbonledger.core.language import Label, Lang
from carbonledger.reporting.report import Report
from carbonledger.workbooks.account_sheets import finding_sheet, method_sheet, source_sheet, standing_sheet
from carbonledger.workbooks.base_year_sheet import base_year_sheet
from carbonledger.workbooks.change_sheet import change_sheet
from carbonledger.workbooks.coefficient_sheet import coefficient_sheet
from carbonledger.workbooks.drawing import workbook_bytes
from carbonledger.workbooks.effect_sheet import effect_sheet
from carbonledger.workbooks.emission_sheets import emission_sheet, month_sheet
from carbonledger.workbooks.energy_sheet import energy_sheet
from carbonledger.workbooks.environment_sheet import environment_sheet
from carbonledger.workbooks.factor_sheet import factor_sheet
from carbonledger.workbooks.line_sheet import line_sheet
from carbonledger.workbooks.register_sheet import register_sheet
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.scope2_sheet import scope2_sheet
from carbonledger.workbooks.sheets import SheetContent
from carbonledger.workbooks.styles import CREATED
from carbonledger.workbooks.summary_sheet import summary_sheet
from carbonledger.workbooks.target_sheet import target_sheet
from carbonledger.workbooks.uncertainty_sheet import uncertainty_sheet

__all__ = ["FORMAT", "AuditWorkbook", "audit_workbook", "write_audit_workbook"]

# Of the sheets and names; a change that an edited copy of the former one could not be compared with raises it.
FORMAT = "1"
_SUFFIX = ".xlsx"
# The kind of document, in its properties.
CATEGORY = "carbonledger report"
_LONGEST_PROPERTIES = 100_000


@dataclass(frozen=True)
class AuditWorkbook:
    """A report as sheets.

    Parameters
    ----------
    sheets : tuple of SheetContent
        In the order of their tabs.
    identity : dict of str to str
        What tells it from the workbook of another book, year, language or state of the data.
    title, company : str
        For the properties of the document.
    lang : {"en", "zh"}
        Of all texts.
    """

    sheets: tuple[SheetContent, ...]
    identity: dict[str, str]
    title: str
    company: str
    lang: Lang

    def __repr__(self) -> str:
        return f"AuditWorkbook({self.title!r}, {len(self.sheets)} sheets)"

    def to_bytes(self) -> bytes:
        """The file; the same bytes for the same report.

        Raises
        ------
        BookError
            If XlsxWriter is not installed.
        """
        properties: dict[str, str] = {
            "title": self.title,
            "subject": self.identity["fingerprint"],
            "author": self.company,
        }
        properties["category"] = CATEGORY
        return workbook_bytes(self.sheets, properties, self.lang)


def audit_workbook(report: Report, lang: Lang = "en") -> AuditWorkbook:
    """A report as sheets with live formulas.

    Parameters
    ----------
    report : Report
        A reporting year.
    lang : {"en", "zh"}
        The language of all texts.

    Returns
    -------
    AuditWorkbook

    Examples
    --------
    >>> import carbonledger as cl
    >>> audit_workbook(cl.report("seeds/techen-2024"), "zh").sheets[1].name
    '能源'
    """
    words = ReportInLanguage(report, lang)
    factors = factor_sheet(words)
    coefficients = coefficient_sheet(words, factors)
    lines = line_sheet(words, coefficients)
    tables = [energy_sheet(words, lines), emission_sheet(words, lines), month_sheet(words, lines)]
    between = (
        scope2_sheet(words),
        change_sheet(words, lines),
        effect_sheet(words),
        base_year_sheet(words),
        target_sheet(words),
        uncertainty_sheet(words),
        register_sheet(words),
        environment_sheet(words),
    )
    tables += [sheet for sheet in between if sheet]
    tables += [lines.content, coefficients.content, factors.content, source_sheet(words)]
    accounts = [finding_sheet(words), standing_sheet(words)]
    identity = _identity(report, lang, [*tables, *accounts])
    others = [*tables, method_sheet(words, identity), *accounts]
    title = f"{words.company} · {words.year} · {words.word('title')}"
    return AuditWorkbook((summary_sheet(words, others), *others), identity, title, words.company, lang)


def write_audit_workbook(report: Report, path: str | Path, lang: Lang = "en", *, replace: bool = False) -> Path:
    """Write a report as a workbook, whole or not at all.

    Parameters
    ----------
    report : Report
        A reporting year.
    path : str or Path
        Ends in ``.xlsx``; a workbook of a report that nobody has edited is replaced.
    lang : {"en", "zh"}
        The language of all texts.
    replace : bool
        Whether any other file that is there is replaced too.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    BookError
        If the name has another ending, another file is there, XlsxWriter is not installed, or the file cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() != _SUFFIX:
        raise BookError(Message.of("WORKBOOK_FILE.suffix", file=str(target), suffix=target.suffix))
    if target.is_file() and not target.is_symlink() and not (replace or _is_as_written(target)):
        raise BookError(Message.of("WORKBOOK_FILE.exists", file=str(target)))
    write_whole(target, audit_workbook(report, lang).to_bytes())
    return target


def _is_as_written(path: Path) -> bool:
    """Whether a file is a workbook of a report that no program has saved since; every program sets the day of its last change."""
    try:
        with ZipFile(path) as archive, archive.open("docProps/core.xml") as stream:
            properties = stream.read(_LONGEST_PROPERTIES).decode("utf-8")
    except (OSError, KeyError, BadZipFile, UnicodeDecodeError, NotImplementedError, RuntimeError):
        # Damaged, encrypted or compressed otherwise: somebody else's file, which is not written over.
        return False
    modified = f"{CREATED.isoformat()}Z</dcterms:modified>"
    return modified in properties and f"<cp:category>{CATEGORY}</cp:category>" in properties


def _identity(report: Report, lang: Lang, sheets: list[SheetContent]) -> dict[str, str]:
    """What tells a workbook from another."""
    company = report.settings["company"]
    digest = hashlib.sha256()
    for sheet in sheets:
        digest.update(repr((sheet.key, sheet.rows)).encode("utf-8", "backslashreplace"))
    return {
        "format": FORMAT,
        "program": f"carbonledger {version('carbonledger')}",
        "book": Label(company["name_en"], company["name_zh"]).text(lang),
        "year": str(company["reporting_year"]),
        "language": lang,
        "fingerprint": digest.hexdigest(),
    }
