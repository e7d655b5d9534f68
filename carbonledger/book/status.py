"""The status of a reporting year: what it has, what it lacks, and what to do next, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from carbonledger.activity_data.coverage import SOURCE_COLUMNS, coverage_matrix
from carbonledger.book.closing_log import read_log
from carbonledger.book.folder import SETTINGS
from carbonledger.book.lock_check import check_lock
from carbonledger.book.lock_record import LOCK
from carbonledger.book.year import ReportingYear
from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.errors import CarbonLedgerError, EntriesError
from carbonledger.core.files import as_argument
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang, headed, listed, word
from carbonledger.inventory.completeness import CompletenessStatement, completeness_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BookStatus", "LockState", "NextStep", "coverage_of", "status_of"]

LockState = Literal["none", "holds", "changed"]
# In this order they are worked off: what cannot be read, what cannot be priced, other errors.
_READING, _FACTORS, _ERRORS = "read", "factor", "error"
_OF_FACTORS = frozenset({"MISSING_FACTOR", "UNRESOLVED_FACTOR", "MISSING_BRIDGE", "HEATING_VALUE_UNKNOWN"})
# What the matrix shows already.
_OF_COVERAGE = frozenset({"MISSING_MONTHS", "SOURCE_WITHOUT_ENTRIES", "NO_ENTRIES", "NOTHING_TO_CALCULATE"})
_PLACES = {"SITE_WITHOUT_ENTRIES": ("company", "site"), "ENTITY_WITHOUT_ENTRIES": ("company",)}


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to do.

    Parameters
    ----------
    kind : str
        ``read``, ``enter``, ``months``, ``gap``, ``factor``, ``error``, ``estimate``, ``warning``, ``report``, ``close``,
        ``next_year`` or ``changed``:
        the step in words is ``step_<kind>`` of the labels.
    about : Label
        What it is about; empty for the book as a whole.
    count : int
        How many things it is about.
    file : str
        The file to open; empty if none is.
    command : str
        The command to run; empty if none is.
    """

    kind: str
    about: Label
    count: int = 1
    file: str = ""
    command: str = ""

    def text(self, lang: Lang) -> str:
        """The step in words."""
        return word(f"step_{self.kind}", lang, about=self.about.text(lang), count=str(self.count), file=self.file)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The step as plain data."""
        return {
            "kind": self.kind,
            "text": self.text(lang),
            "count": self.count,
            "file": self.file,
            "command": self.command,
        }


@dataclass(frozen=True, eq=False)
class BookStatus:
    """What a reporting year has, what it lacks, and what to do next.

    Parameters
    ----------
    name : Label
        Of the company.
    year, first_month : int
        The reporting year.
    coverage : pandas.DataFrame
        As `carbonledger.activity_data.coverage.coverage_matrix`, with the expected sources.
    findings : tuple of Finding
        Every finding of the year.
    completeness : CompletenessStatement
        What they mean for the figures.
    lock : {"none", "holds", "changed"}
        Whether the book is locked, and whether what the lock holds still comes out.
    closed : bool
        Whether the year is closed, and was not opened again.
    folder : Path
        Of the book.
    entries : tuple of str
        The files of entries.
    entity_names : mapping
        By language, what to print for each company.
    """

    name: Label
    year: int
    first_month: int
    coverage: pd.DataFrame
    findings: tuple[Finding, ...]
    completeness: CompletenessStatement
    lock: LockState
    closed: bool
    folder: Path
    entries: tuple[str, ...]
    entity_names: Mapping[str, Mapping[str, str]]

    def __repr__(self) -> str:
        state = "complete" if self.complete else "INCOMPLETE"
        return f"BookStatus({self.year}, {state}, {len(self.coverage)} sources, {len(self.steps)} steps, lock: {self.lock})"

    @property
    def months(self) -> tuple[str, ...]:
        """The months of the year, as the matrix names them."""
        return tuple(name for name in self.coverage.columns if name not in SOURCE_COLUMNS)

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        """The matrix as records."""
        rows = self.coverage.to_dict("records")
        return [{str(name): value for name, value in row.items()} for row in rows]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing, refused or in doubt by an error."""
        return self.completeness.complete and not self.completeness.exit_code and not self.months_with("missing")

    @property
    def exit_code(self) -> int:
        """0 if nothing is missing, else 1."""
        return 0 if self.complete else 1

    @property
    def severities(self) -> Mapping[str, int]:
        """How many findings there are of each severity."""
        found = Counter(finding.severity for finding in self.findings)
        return {name: found[name] for name in ("error", "warning", "note")}

    def months_with(self, kind: str) -> int:
        """In how many months of sources the data are of a kind, such as ``missing`` or ``estimated``."""
        return sum(row[month] == kind for row in self._rows for month in self.months)

    @cached_property
    def steps(self) -> tuple[NextStep, ...]:
        """What to do next, in order; with nothing left, the report and the closing, or the next year of a closed one."""
        steps = [*self._of_findings(_READING), *self._of_coverage(), *self._gaps(), *self._of_findings(_FACTORS)]
        steps += self._of_findings(_ERRORS)
        return (*steps, *self._doubts(), *self._end(bool(steps)))

    def _of_coverage(self) -> Iterator[NextStep]:
        """Sources without an entry, and those that lack months."""
        file = self._path(self.entries[0] if self.entries else SETTINGS)
        for row in self._rows:
            lacking = [month for month in self.months if row[month] == "missing"]
            if not lacking:
                continue
            source = Label(self.label_of(row, "en"), self.label_of(row, "zh"))
            if len(lacking) == len(self.months):
                yield NextStep("enter", source, len(lacking), file)
            else:
                spans = (headed(source.text(lang), listed(lacking, lang), lang) for lang in ("en", "zh"))
                yield NextStep("months", Label(*spans), len(lacking), file)

    def _gaps(self) -> Iterator[NextStep]:
        """What else is known to be missing: sites and companies of which no source is expected, energy, categories."""
        silent = {(row["entity"], row["site"]) for row in self._rows if self._is_silent(row)}
        silent |= {(entity, "") for entity, _ in silent}
        for finding in self.completeness.gaps:
            values = dict(finding.says.values)
            place = tuple(str(values[name]) for name in _PLACES.get(finding.rule, ()))
            if finding.rule not in _OF_COVERAGE and (*place, "")[:2] not in silent:
                yield NextStep("gap", self._words_of(finding), 1, self._path(finding.file), self._command("check"))

    def _is_silent(self, row: Mapping[str, Any]) -> bool:
        """Whether a source has no entry in any month."""
        return all(row[month] in {"missing", "closed"} for month in self.months)

    @staticmethod
    def _words_of(finding: Finding) -> Label:
        """A finding's place, message and remedy, without its rule."""
        return Label(*(finding.text(lang).removesuffix(f" [{finding.rule}]") for lang in ("en", "zh")))

    def _of_findings(self, kind: str) -> Iterator[NextStep]:
        """Errors of a kind, those of one file and rule as one step."""
        found: dict[tuple[str, str], list[Finding]] = {}
        for finding in self.findings:
            if finding.severity == "error" and _kind_of(finding) == kind:
                found.setdefault((finding.rule, finding.file), []).append(finding)
        for (_, file), alike in list(found.items()):
            yield NextStep(kind, self._words_of(alike[0]), len(alike), self._path(file), self._command("check"))

    def _doubts(self) -> Iterator[NextStep]:
        """Estimates to be replaced, and warnings to be looked at."""
        estimated = self.months_with("estimated") + self.months_with("filled")
        if estimated:
            yield NextStep("estimate", Label("", ""), estimated, self._path(self.entries[0] if self.entries else ""))
        shown = [item for item in self.findings if item.severity == "warning" and item.effect != "gap"]
        if shown:
            yield NextStep("warning", Label("", ""), len(shown), "", self._command("check"))

    def _end(self, something_left: bool) -> Iterator[NextStep]:
        """What remains when nothing is missing: the report, and the closing; after it, the next year."""
        if self.lock == "changed":
            yield NextStep("changed", Label("", ""), 1, "", self._command("report") + " --locked")
        if something_left:
            return
        if self.closed and self.lock == "holds":
            following = as_argument(str(_next_folder(self.folder, self.year)))
            yield NextStep("next_year", Label("", ""), 1, "", f"{self._command('new-year')} {following}")
            return
        yield NextStep("report", Label("", ""), 1, "", self._command("report"))
        if self.complete:
            yield NextStep("close", Label("", ""), 1, "", self._command("close"))

    def _command(self, name: str) -> str:
        """A command about this book."""
        return f"carbonledger {name} {as_argument(str(self.folder))}"

    def _path(self, name: str) -> str:
        """A file of the book, to be opened from where the command was run."""
        return str(self.folder / name) if name else ""

    def label_of(self, row: Mapping[str, Any], lang: Lang) -> str:
        """A source of the matrix in words: company, site, meter and activity."""
        name = self.entity_names[lang].get(row["entity"], row["entity"])
        parts = (name, row["site"], row["source"], taxonomy()[row["activity"]].label(lang))
        return " / ".join(part for part in parts if part)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The status as plain data.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.

        Returns
        -------
        dict
            The completeness statement, ``coverage`` as records, ``steps``, ``findings``, ``lock`` and ``exit_code``.
        """
        return {
            "company": self.name.text(lang),
            "reporting_year": self.year,
            "first_month": self.first_month,
            **self.completeness.to_dict(lang),
            "complete": self.complete,
            "months": list(self.months),
            "coverage": [{"label": self.label_of(row, lang), **row} for row in self._rows],
            "months_missing": self.months_with("missing"),
            "months_estimated": self.months_with("estimated"),
            "months_filled": self.months_with("filled"),
            "severities": dict(self.severities),
            "lock": self.lock,
            "closed": self.closed,
            "steps": [step.to_dict(lang) for step in self.steps],
            "findings": [finding.to_dict(lang) for finding in self.findings],
            "exit_code": self.exit_code,
        }


def _next_folder(folder: Path, year: int) -> Path:
    """A folder for the next year's book beside this one: with the next year in its name."""
    name, following = folder.resolve().name, str(year + 1)
    renamed = name.replace(str(year), following) if str(year) in name else f"{name}-{following}"
    return folder.parent / renamed if folder.name else Path("..") / renamed


def _kind_of(finding: Finding) -> str:
    """Which step an error belongs to; empty if the matrix says it already."""
    if finding.rule in _OF_COVERAGE:
        return ""
    if finding.rule in _OF_FACTORS:
        return _FACTORS
    return _READING if finding.effect == "excluded" and finding.row is not None else _ERRORS


def coverage_of(year: ReportingYear) -> pd.DataFrame:
    """Which months each source of a reporting year covers, the expected ones without an entry last."""
    places = {(site.entity, site.id): site for site in year.sites}
    book = year.book
    return coverage_matrix(book.entries, year.year, year.first_month, places, book.settings.sources)


def status_of(year: ReportingYear) -> BookStatus:
    """The status of a reporting year.

    Parameters
    ----------
    year : ReportingYear
        Of a book.

    Returns
    -------
    BookStatus

    Raises
    ------
    EntriesError
        If a file cannot be read as entries at all.
    """
    company, files = year.book.settings.company, year.book.settings.files
    return BookStatus(
        name=Label(company.name_en.strip(), company.name_zh.strip()),
        year=year.year,
        first_month=year.first_month,
        coverage=coverage_of(year),
        findings=year.findings,
        completeness=_completeness(year),
        lock=_lock_state(year),
        closed=_is_closed(year),
        folder=year.book.folder,
        entries=tuple(files.entries),
        entity_names=year.entity_names,
    )


def _completeness(year: ReportingYear) -> CompletenessStatement:
    """What the findings mean, also where nothing can be calculated."""
    try:
        return year.completeness
    except EntriesError:
        return completeness_of(year.findings)


def _lock_state(year: ReportingYear) -> LockState:
    """Whether there is a lock, and whether it holds."""
    if not (year.book.folder / LOCK).exists():
        return "none"
    try:
        check_lock(year)
    except CarbonLedgerError:
        return "changed"
    return "holds"


def _is_closed(year: ReportingYear) -> bool:
    """Whether the last act of the log about the year closed it; a log that cannot be read closes nothing, and the report says so."""
    try:
        last = read_log(year.book.folder).last(year.year)
    except CarbonLedgerError:
        return False
    return last is not None and last.act == "closed"
