"""The columns of a table of readings under the names of entries, as expressions of DuckDB."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from carbonledger.activity_data.entry_headings import entry_table, is_electricity, is_electricity_amount
from carbonledger.core.duckdb_text import literal, quoted
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.readings.reading_headings import fields_of
from carbonledger.tables.column import Column
from carbonledger.tables.headings import heading_and_bracket
from carbonledger.tables.table import Table

__all__ = [
    "FILE",
    "ROW",
    "TEXTS",
    "ReadingColumns",
    "file_of",
    "is_number",
    "kind_of",
    "placed",
    "reading_columns",
    "row_of",
]

# The columns that say where a row stands: the number of its file, and of the row within it, both from 0.
FILE, ROW = "carbonledger_file", "carbonledger_row"

# Fields that tell summed rows apart, besides the month.
TEXTS = (
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
_TAKEN = (*TEXTS, "amount", "start", "end")
# Fields of entries that a sum has no place for, and that change no amount.
_BESIDE = ("entry_id", "evidence", "month", "note", "period", "rounding", "uncertainty", "year")
# No file has as many rows.
_ROWS_OF_FILE = 1 << 40
# What tells one series of readings from another, whatever is said of its unit or quality.
_SERIES = ("entity", "site", "source", "activity", "scope_3_category")
_DAY, _MOMENT, _ZONED = "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"
_STEP = re.compile(r"[1-9]\d{0,5} (?:second|minute|hour|day|week|month)s?")
_DAY_US = 86_400_000_000
_LENGTHS_US = MappingProxyType(
    {"second": 1_000_000, "minute": 60_000_000, "hour": 3_600_000_000, "day": _DAY_US, "week": 7 * _DAY_US}
)


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
        How long a reading is, where no column says when it ends, such as ``15 minutes``; empty if one does.
    zone : str
        Whose days and months are meant by moments that are stated with a time zone, such as ``Asia/Shanghai``.
    unread : tuple of str
        Headings that mean nothing to entries.
    """

    headings: Mapping[str, str]
    types: Mapping[str, str]
    stated: Mapping[str, str] = field(default_factory=dict)
    step: str = ""
    zone: str = ""
    unread: tuple[str, ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """An expression for each text that tells summed rows apart, as it is written."""
        both = {**self.written_texts, **self.same_texts}
        return {name: both[name] for name in TEXTS if name in both}

    @property
    def written_texts(self) -> dict[str, str]:
        """Of these, an expression for each that stands in a column."""
        return {name: f"CAST({quoted(self.headings[name])} AS VARCHAR)" for name in TEXTS if name in self.headings}

    @property
    def same_texts(self) -> dict[str, str]:
        """Of these, a literal for each that is the same for all rows."""
        return {name: literal(text) for name, text in self.stated.items() if name not in self.headings}

    @property
    def series(self) -> tuple[str, ...]:
        """The texts that tell one series of readings from another; none where no column says which meter a reading is of."""
        return tuple(name for name in _SERIES if name in self.texts) if "source" in self.texts else ()

    @property
    def is_placed(self) -> bool:
        """Whether it is known in which row of which file a reading stands."""
        return {FILE, ROW} <= set(self.unread)

    @property
    def place(self) -> str:
        """An expression for where a row stands, as `placed` takes it apart; null where it stands in no file."""
        if not self.is_placed:
            return "CAST(NULL AS BIGINT)"
        return f"CAST({quoted(FILE)} AS BIGINT) * {_ROWS_OF_FILE} + {quoted(ROW)}"

    @property
    def amount(self) -> str:
        """The amount in double precision."""
        return f"CAST({quoted(self.headings['amount'])} AS DOUBLE)"

    @property
    def start(self) -> str:
        """The moment at which a reading begins; in universal time if it is stated with a time zone."""
        return self._moment("start")

    @property
    def stop(self) -> str:
        """The moment at which it ends: the day after a last day, the moment that is stated, or a step after its beginning."""
        if "end" in self.headings:
            moment = self._moment("end")
            return f"({moment} + INTERVAL '1 day')" if self.types[self.headings["end"]] == _DAY else moment
        length = self._length
        if self.zone and any(unit in length for unit in ("day", "week", "month")):
            # A day of a place may have 23 or 25 hours.
            later = f"{self.local(self.start)} + INTERVAL '{length}'"
            return f"timezone('UTC', timezone({literal(self.zone)}, {later}))"
        return f"({self.start} + INTERVAL '{length}')"

    @property
    def begins(self) -> str:
        """The moment at which a reading begins, in microseconds since 1970; null for one that is infinite."""
        return f"epoch_us({quoted(self.headings['start'])})"

    @property
    def ends(self) -> str:
        """The moment at which it ends, in microseconds since 1970."""
        if "end" in self.headings:
            moment = f"epoch_us({quoted(self.headings['end'])})"
            return f"({moment} + {_DAY_US})" if self.types[self.headings["end"]] == _DAY else moment
        return f"epoch_us({self.stop})" if self.length_us is None else f"({self.begins} + {self.length_us})"

    @property
    def length_us(self) -> int | None:
        """How long every reading is, in microseconds; None where that differs."""
        if "end" in self.headings:
            return None
        count, unit = self._length.split(" ")
        by_clock = unit.removesuffix("s") not in _LENGTHS_US or (self.zone and unit.startswith(("day", "week")))
        return None if by_clock else int(count) * _LENGTHS_US[unit.removesuffix("s")]

    def local(self, moment: str) -> str:
        """A moment by the clock of the zone; as it is if moments are stated without one."""
        return f"timezone({literal(self.zone)}, timezone('UTC', {moment}))" if self.zone else moment

    @property
    def _length(self) -> str:
        """How long a reading is where no column says when it ends: a step, a day, or nothing at all."""
        return self.step or ("1 day" if self.types[self.headings["start"]] == _DAY else "0 seconds")

    def _moment(self, name: str) -> str:
        """The moment that a column states."""
        heading = self.headings[name]
        if self.types[heading] == _ZONED:
            return f"timezone('UTC', {quoted(heading)})"
        return f"CAST({quoted(heading)} AS TIMESTAMP)"


def reading_columns(
    types: Mapping[str, str], stated: Mapping[str, str] | None = None, step: str = "", zone: str = ""
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
    zone : str
        Whose days and months are meant where moments are stated with a time zone.

    Returns
    -------
    ReadingColumns

    Raises
    ------
    EntriesError
        If two headings mean the same, a needed one is missing, or a column holds something else than it must.
    """
    found: dict[str, list[str]] = {}
    for heading, name in fields_of(types).items():
        # An amount of electricity is that of nothing else.
        is_other = (
            name == "amount"
            and is_electricity_amount(heading)
            and not is_electricity((stated or {}).get("activity", ""))
        )
        found.setdefault("" if is_other else name, []).append(heading)
    findings = [
        Finding.of("DOUBLE_HEADING", first=headings[0], second=headings[1], field=name)
        for name, headings in found.items()
        if name in _TAKEN and len(headings) > 1
    ]
    headings = {name: names[0] for name, names in found.items() if name in _TAKEN}
    unit, of_unit = _unit_of(headings["amount"]) if "amount" in headings else ("", [])
    findings += [*of_unit, *_to_be_read(found)]
    texts = {**({"unit": unit} if unit else {}), **(stated or {})}
    findings += [
        Finding.of("READINGS.stated_twice", column=headings[name], field=name, text=text)
        for name, text in texts.items()
        if name in headings
    ]
    if unit and (stated or {}).get("unit", unit) != unit:
        findings.append(
            Finding.of("READINGS.stated_twice", column=headings["amount"], field="unit", text=texts["unit"])
        )
    findings += _missing({*headings, *texts}, list(types))
    findings += [*_unfit(headings, types), *_unclear(headings, types, step, zone)]
    if findings:
        raise EntriesError(findings)
    unread = tuple(heading for heading in types if heading not in headings.values())
    is_zoned = _ZONED in {types[headings[name]] for name in ("start", "end") if name in headings}
    return ReadingColumns(headings, types, texts, step, zone if is_zoned else "", unread)


def _unit_of(heading: str) -> tuple[str, list[Finding]]:
    """The unit that the heading of the amounts states, empty if it states none; and why what it states is none."""
    named = f"amount ({heading_and_bracket(heading)[1]})" if is_electricity_amount(heading) else heading
    table = entry_table(Table("", "", (named,), (Column([]),), ()))
    faults = [item for item in table.findings if item.severity == "error" and item.rule != "MISSING_COLUMN"]
    return table.units.get("amount", ""), faults


def _to_be_read(found: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """A finding for each column that changes what an amount means and that sums cannot follow, such as a multiplier."""
    for name, headings in found.items():
        if name and name not in {*_TAKEN, *_BESIDE}:
            yield Finding.of("READINGS.needs_reading", column=headings[0], field=name)


def _missing(known: Collection[str], columns: Sequence[str]) -> list[Finding]:
    """The finding for columns that readings cannot do without."""
    missing = tuple(name for name in ("activity", "unit", "amount", "start") if name not in known)
    return (
        [
            Finding.of(
                "MISSING_COLUMN.frame",
                missing=missing,
                columns=tuple(name for name in columns if name not in {FILE, ROW}),
            )
        ]
        if missing
        else []
    )


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


def _unclear(headings: Mapping[str, str], types: Mapping[str, str], step: str, zone: str) -> Iterator[Finding]:
    """What keeps moments from being understood: a length that is none, a zone that is missing, or one on one side only."""
    moments = {name: types[headings[name]] for name in ("start", "end") if name in headings}
    if step and not _STEP.fullmatch(step):
        yield Finding.of("READINGS.step", text=step)
    if step and "end" in moments:
        yield Finding.of("READINGS.stated_twice", column=headings["end"], field="step", text=step)
    zoned = [name for name, kind in moments.items() if kind == _ZONED]
    if zoned and not zone:
        yield Finding.of("READINGS.no_zone", column=headings[zoned[0]])
    if zoned and len(zoned) < len(moments):
        yield Finding.of("READINGS.zone_of_one", first=headings["start"], second=headings["end"])


def placed(place: int | None) -> tuple[int, int] | None:
    """The number of the file and of the row, both from 0, of a `ReadingColumns.place`."""
    return None if place is None else divmod(place, _ROWS_OF_FILE)


def file_of(place: str) -> str:
    """The number of the file of an expression for a place."""
    return f"CAST({place} // {_ROWS_OF_FILE} AS BIGINT)"


def row_of(place: str) -> str:
    """The number of the row of an expression for a place."""
    return f"CAST({place} % {_ROWS_OF_FILE} AS BIGINT)"


def kind_of(kind: str) -> str:
    """What a type of DuckDB is to a column of readings: a number, a day, a moment, a moment with a time zone, or else its own name."""
    if is_number(kind):
        return "number"
    return _MOMENT if kind.startswith(_MOMENT) and kind != _ZONED else kind


def is_number(kind: str) -> bool:
    """Whether a type of DuckDB is one of numbers."""
    return kind.startswith(("DECIMAL", "DOUBLE", "FLOAT", "REAL")) or kind.removeprefix("U") in {
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "HUGEINT",
    }
