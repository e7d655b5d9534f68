"""The rows of a ``factors.csv``, split at once and read one by one.

Of seven thousand rows a calculation uses a few dozen. Reading the file only notes where rows about the same thing stand - the gases of one
activity follow each other in every publisher's table -, and a figure is read from its line when it is asked for.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate, repeat
from typing import NamedTuple

from carbonledger.core.errors import EditionError
from carbonledger.core.findings import Message

__all__ = ["EditionRows", "Places", "PlacesBySubject"]

# Row numbers by region and data year; None stands for a row of no year.
Places = Mapping[str, Mapping[int | None, Sequence[int]]]

# The first five columns: factor_id, activity, parameter, region, data_year.
_HEAD = 5
_NAMES = ("factor_id", "variant", "heating_value", "boundary")
# Rows that differ in their id alone among the first cells. Possessive quantifiers never look back: seven thousand rows take 3 ms.
_RUN = re.compile(rb"(([^,]*+)(,([^,]*+),([^,]*+),([^,]*+),([^,]*+),).*+\n(?:[^,]*+\3.*+\n)*+)")


# A line that the reader of `csv` would divide at its commas and nowhere else.
_PLAIN = re.compile(rb'[^"\r\0]{0,100000}+')


class _Runs(NamedTuple):
    """Rows in a line about the same thing.

    Parameters
    ----------
    starts : sequence of int
        The first row of each run, and at last the number of rows.
    by_subject : mapping
        By activity and parameter, in the bytes of the file: the position of each run in `starts`, its region and its data year.
    """

    starts: Sequence[int]
    by_subject: Mapping[tuple[bytes, bytes], Sequence[tuple[int, bytes, bytes]]]


class EditionRows:
    """The lines of one file by what they are about.

    Parameters
    ----------
    edition : str
        The edition's id: for messages, and because an entry may name it.
    header : sequence of str
        The columns.
    body : bytes
        The lines below the header, in UTF-8, divided by line feeds.
    """

    def __init__(self, edition: str, header: Sequence[str], body: bytes) -> None:
        self.edition = edition
        self.header = tuple(header)
        self._body = body if body.endswith(b"\n") or not body else body + b"\n"
        self._activities: dict[str, frozenset[str]] = {}
        self._words: dict[tuple[str, str], Mapping[str, frozenset[int]]] = {}

    def __len__(self) -> int:
        return self._runs.starts[-1]

    @cached_property
    def _lines(self) -> list[bytes]:
        """The lines."""
        return self._body.split(b"\n")[:-1]

    def cells(self, number: int) -> list[str]:
        """The cells of one row, counted from 0."""
        try:
            line = self._lines[number]
            text = line.decode()
            row = text.split(",") if _PLAIN.fullmatch(line) else next(csv.reader((text,)), [])
        except (UnicodeDecodeError, csv.Error):
            # A cell beyond the limit of the reader, or a quotation mark that is never closed.
            raise self._uneven(number) from None
        if len(row) != len(self.header):
            raise self._uneven(number)
        return row

    @cached_property
    def table(self) -> tuple[tuple[str, ...], ...]:
        """Every row's cells; only what needs all of them asks for this."""
        try:
            rows = tuple(tuple(row) for row in csv.reader(line.decode() for line in self._lines))
        except (UnicodeDecodeError, csv.Error):
            rows = tuple(tuple(self.cells(number)) for number in range(len(self._lines)))
        uneven = next((number for number, row in enumerate(rows) if len(row) != len(self.header)), None)
        if uneven is not None or len(rows) != len(self._lines):
            raise self._uneven(len(rows) - 1 if uneven is None else uneven)
        return rows

    def _uneven(self, number: int) -> EditionError:
        """The error of a row with too few or too many cells."""
        return EditionError(
            Message.of("EDITION_DAMAGED.cells", edition=self.edition, row=number + 2, count=len(self.header))
        )

    def no_number(self, number: int) -> EditionError:
        """The error of a row with something else where a number belongs."""
        cells = dict(zip(self.header, self.cells(number), strict=True))
        named = {name: cells.get(name, "") for name in ("value", "data_year")}
        return EditionError(Message.of("EDITION_DAMAGED.number", edition=self.edition, row=number + 2, **named))

    def placed(self, activity: str, parameter: str) -> Places:
        """The rows of an activity and a parameter by region and data year."""
        starts, by_subject = self._runs
        found: dict[str, dict[int | None, Sequence[int]]] = {}
        for at, region, year in by_subject.get((activity.encode(), parameter.encode()), ()):
            first, beyond = starts[at], starts[at + 1]
            years = found.setdefault(region.decode(), {})
            described = self._year(year, first)
            years[described] = (
                [*years[described], *range(first, beyond)] if described in years else range(first, beyond)
            )
        return found

    @cached_property
    def _runs(self) -> _Runs:
        """Rows in a line about the same thing."""
        return self._divided_at_commas() or self._read_as_csv()

    def _divided_at_commas(self) -> _Runs | None:
        """The runs of rows whose first cells need no reading; None if a quotation mark or a short row forbids that."""
        runs = _RUN.findall(self._body)
        texts, ids, heads, *columns = zip(*runs, strict=True) if runs else ((),) * 7
        cells = b"".join(heads)
        if (
            sum(map(len, texts)) != len(self._body)
            or b"\n" in cells
            or b'"' in cells + b"".join(ids)
            or not cells.isascii()
        ):
            return None
        activities, parameters, regions, years = columns
        found: dict[tuple[bytes, bytes], list[tuple[int, bytes, bytes]]] = defaultdict(list)
        placed = zip(range(len(runs)), regions, years, strict=True)
        for subject, run in zip(zip(activities, parameters, strict=True), placed, strict=True):
            found[subject].append(run)
        return _Runs([0, *accumulate(map(bytes.count, texts, repeat(b"\n")))], dict(found))

    def _read_as_csv(self) -> _Runs:
        """Each row as a run of its own."""
        found: dict[tuple[bytes, bytes], list[tuple[int, bytes, bytes]]] = {}
        for number, row in enumerate(self.table):
            activity, parameter, region, year = (cell.encode() for cell in row[1:_HEAD])
            found.setdefault((activity, parameter), []).append((number, region, year))
        return _Runs(range(len(self.table) + 1), found)

    def _year(self, text: bytes, number: int) -> int | None:
        """The data year of a row."""
        try:
            return int(text) if text else None
        except ValueError:
            raise self.no_number(number) from None

    @cached_property
    def by_subject(self) -> Mapping[tuple[str, str], Sequence[int]]:
        """Row numbers by activity and parameter."""
        starts, runs = self._runs
        return {
            (activity.decode(), parameter.decode()): [
                number for at, _, _ in found for number in range(starts[at], starts[at + 1])
            ]
            for (activity, parameter), found in runs.items()
        }

    @cached_property
    def by_id(self) -> Mapping[str, int]:
        """Row numbers by factor id."""
        ids = (line.partition(b",")[0] for line in self._lines)
        return {self.cells(number)[0] if b'"' in name else name.decode(): number for number, name in enumerate(ids)}

    @cached_property
    def regions(self) -> frozenset[str]:
        """Every region that a row is for."""
        return frozenset(region.decode() for found in self._runs.by_subject.values() for _, region, _ in found)

    def activities(self, parameter: str) -> frozenset[str]:
        """The activities that have rows of a parameter."""
        found = self._activities.get(parameter)
        if found is None:
            wanted, subjects = parameter.encode(), self._runs.by_subject
            found = self._activities[parameter] = frozenset(
                activity.decode() for activity, other in subjects if other == wanted
            )
        return found

    @cached_property
    def dated(self) -> frozenset[str]:
        """The activities that have a row with a data year."""
        runs = self._runs.by_subject.items()
        return frozenset(activity.decode() for (activity, _), found in runs if any(year for _, _, year in found))

    def words(self, activity: str, parameter: str) -> Mapping[str, frozenset[int]]:
        """The rows of an activity and a parameter by each word that an entry may name them by.

        The words are the factor id, alone and behind the edition's id, the edition, the variant, the heating value and the boundary.
        """
        key = activity, parameter
        found = self._words.get(key)
        if found is None:
            found = self._words[key] = self._worded(self.by_subject.get(key, ()))
        return found

    def _worded(self, numbers: Sequence[int]) -> Mapping[str, frozenset[int]]:
        """Some rows by the words that they answer to."""
        columns = [self.header.index(name) for name in _NAMES if name in self.header]
        found: dict[str, set[int]] = {self.edition: set(numbers)}
        for number in numbers:
            row = self.cells(number)
            for word in (f"{self.edition}:{row[0]}", *(row[at] for at in columns)):
                found.setdefault(word, set()).add(number)
        return {word: frozenset(rows) for word, rows in found.items()}


class PlacesBySubject(dict[tuple[str, str], Places]):
    """The rows of an edition by activity and parameter, then by region and data year; each is worked out when it is first asked for."""

    def __init__(self, rows: EditionRows) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, subject: tuple[str, str]) -> Places:
        found = self[subject] = self._rows.placed(*subject)
        return found
