"""The columns of a table of readings under the names of entries, as expressions of DuckDB."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from carbonledger.activity_data.entry_headings import field_of_heading, unit_of_heading
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding

__all__ = ["ReadingColumns", "is_number", "literal", "quoted", "reading_columns"]

# Fields that tell summed rows apart, besides the month.
_TEXTS = (
    "entity",
    "site",
    "source",
    "activity",
    "unit",
    "region",
    "factor",
    "data_type",
    "heating_value",
    "scope_3_category",
)
_TAKEN = (*_TEXTS, "amount", "start", "end")
_DAY, _MOMENT = "DATE", "TIMESTAMP"


def quoted(name: str) -> str:
    """A name as DuckDB writes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as DuckDB writes it, whatever is in it."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class ReadingColumns:
    """Which columns hold what.

    Parameters
    ----------
    headings : mapping of str to str
        The heading of each field that the table has.
    types : mapping of str to str
        The type of each heading in DuckDB.
    stated : mapping of str to str
        Texts that are the same for all rows: of the caller, or the unit in the heading of the amounts.
    step : str
        How long a reading is, such as ``15 minutes``, where no column says when it ends; empty if one does.
    unread : tuple of str
        Headings that mean nothing to entries.
    """

    headings: Mapping[str, str]
    types: Mapping[str, str]
    stated: Mapping[str, str] = field(default_factory=dict)
    step: str = ""
    unread: tuple[str, ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """An expression for each text that tells summed rows apart, as it is written."""
        found = {name: quoted(self.headings[name]) for name in _TEXTS if name in self.headings}
        return {
            name: found.get(name) or literal(self.stated[name]) for name in _TEXTS if name in {*found, *self.stated}
        }

    @property
    def amount(self) -> str:
        """The amount in double precision."""
        return f"CAST({quoted(self.headings['amount'])} AS DOUBLE)"

    @property
    def start(self) -> str:
        """The moment at which a reading begins."""
        return f"CAST({quoted(self.headings['start'])} AS TIMESTAMP)"

    @property
    def stop(self) -> str:
        """The moment at which it ends: the day after a last day, the moment that is stated, or a step after its beginning."""
        if "end" not in self.headings:
            length = self.step or ("1 day" if self.types[self.headings["start"]] == _DAY else "0 seconds")
            return f"({self.start} + INTERVAL '{length}')"
        heading = self.headings["end"]
        moment = f"CAST({quoted(heading)} AS TIMESTAMP)"
        return f"({moment} + INTERVAL '1 day')" if self.types[heading] == _DAY else moment


def reading_columns(
    types: Mapping[str, str], stated: Mapping[str, str] | None = None, step: str = ""
) -> ReadingColumns:
    """Read the headings of a table.

    Parameters
    ----------
    types : mapping of str to str
        The type of each column in DuckDB, in order.
    stated : mapping of str to str, optional
        What is the same for all rows and stands in no column, such as ``{"activity": "electricity.grid"}``.
    step : str
        How long a reading is, where no column says when it ends.

    Returns
    -------
    ReadingColumns

    Raises
    ------
    EntriesError
        If two headings mean the same, a needed one is missing, or a column holds something else than it must.
    """
    found: dict[str, list[str]] = {}
    for heading in types:
        found.setdefault(field_of_heading(heading), []).append(heading)
    findings = [
        Finding.of("DOUBLE_HEADING", first=headings[0], second=headings[1], field=name)
        for name, headings in found.items()
        if name in _TAKEN and len(headings) > 1
    ]
    headings = {name: names[0] for name, names in found.items() if name in _TAKEN}
    unit = unit_of_heading(headings["amount"]) if "amount" in headings else ""
    texts = {**({"unit": unit} if unit else {}), **(stated or {})}
    findings += _missing({*headings, *texts}, list(types))
    findings += _unfit(headings, types)
    if findings:
        raise EntriesError(findings)
    unread = tuple(heading for heading in types if heading not in headings.values())
    return ReadingColumns(headings, types, texts, step, unread)


def _missing(known: Collection[str], columns: Sequence[str]) -> list[Finding]:
    """The finding for columns that readings cannot do without."""
    missing = tuple(name for name in ("activity", "unit", "amount", "start") if name not in known)
    return [Finding.of("MISSING_COLUMN.frame", missing=missing, columns=tuple(columns))] if missing else []


def _unfit(headings: Mapping[str, str], types: Mapping[str, str]) -> list[Finding]:
    """A finding for each column whose type cannot be calculated with."""
    found = [
        Finding.of("READINGS.no_time", column=headings[name], type=types[headings[name]])
        for name in ("start", "end")
        if name in headings and not types[headings[name]].startswith((_DAY, _MOMENT))
    ]
    if "amount" in headings and not is_number(types[headings["amount"]]):
        found.append(Finding.of("READINGS.no_number", column=headings["amount"], type=types[headings["amount"]]))
    return found


def is_number(kind: str) -> bool:
    """Whether a type of DuckDB is one of numbers."""
    return kind.startswith(("DECIMAL", "DOUBLE", "FLOAT", "REAL")) or kind.removeprefix("U") in {
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "HUGEINT",
    }
