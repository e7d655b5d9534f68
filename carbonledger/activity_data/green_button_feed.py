"""A Green Button file as records: usage points, readings and their types, and the intervals, each with the links between them.

The file is read as a stream and only these parts of it are kept; entities, which can make a small file swell, are refused.

References
----------
NAESB REQ.21, Energy Services Provider Interface (ESPI); RFC 4287, The Atom Syndication Format.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from xml.parsers import expat  # entities are refused below, and nothing is fetched

__all__ = ["Feed", "FeedEntry", "NotGreenButton", "read_feed"]

_ATOM, _ESPI = "http://www.w3.org/2005/Atom", "http://naesb.org/espi"
_KINDS = frozenset({"UsagePoint", "MeterReading", "ReadingType", "IntervalBlock", "LocalTimeParameters"})
_SUMMARIES = frozenset({"UsageSummary", "ElectricPowerUsageSummary"})
_TIME = frozenset({"LocalTimeParameters", "TimeConfiguration"})
_DEEPEST, _LONGEST_TEXT = 60, 4_000
# Before the year 2200, and less than two years.
_LATEST, _LONGEST = 7_258_118_400, 2 * 366 * 86_400


class NotGreenButton(Exception):  # noqa: N818 - a state of the input, turned into a finding at once
    """The file is no Green Button file; the argument is the case of the finding, and its place or reason."""


@dataclass(slots=True)
class FeedEntry:
    """One record of a feed.

    Parameters
    ----------
    kind : str
        The name of its content, such as ``UsagePoint``.
    title : str
        As the utility gave it.
    own, up : str
        The path of the record, and of the collection that it is in; empty if the file states none.
    related : set of str
        The paths of what belongs to it.
    fields : dict of str to str
        Its simple elements.
    starts, durations, values : array
        Of its intervals: seconds since 1970 in UTC, seconds, and the number as stated; not a number where there is none.
    first : int
        The number of its first interval, counted through the file from 1; 0 if it has none.
    """

    kind: str = ""
    title: str = ""
    own: str = ""
    up: str = ""
    related: set[str] = field(default_factory=set)
    fields: dict[str, str] = field(default_factory=dict)
    starts: array[int] = field(default_factory=lambda: array("q"))
    durations: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))
    first: int = 0


@dataclass(slots=True)
class Feed:
    """The records of a file.

    Parameters
    ----------
    entries : list of FeedEntry
        In the order of the file.
    summaries : int
        Summaries of bills, which repeat the intervals and are not read.
    """

    entries: list[FeedEntry] = field(default_factory=list)
    summaries: int = 0

    def of_kind(self, kind: str) -> list[FeedEntry]:
        """The records of a kind."""
        return [entry for entry in self.entries if entry.kind == kind]


def read_feed(content: bytes) -> Feed:
    """The records of a Green Button file.

    Parameters
    ----------
    content : bytes
        The file.

    Raises
    ------
    NotGreenButton
        If it is no XML, declares entities, or has no record of the standard.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    reader = _Reader(parser)
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise NotGreenButton("broken", f"{expat.ErrorString(error.code)}, line {error.lineno}") from error
    except (ValueError, LookupError) as error:
        raise NotGreenButton("broken", str(error)[:80]) from error
    if not reader.feed.entries and not reader.feed.summaries:
        raise NotGreenButton("other", reader.root)
    return reader.feed


class _Reader:
    """Turns the events of the parser into records."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.feed, self.root = Feed(), ""
        self._entry = FeedEntry()
        self._depth, self._text, self._intervals = 0, "", 0
        self._reading: dict[str, str] | None = None
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = self._entity

    def _entity(self, *declared: object) -> int:
        """Refuse entities: they can make a file swell, or fetch another one."""
        raise NotGreenButton("entities", str(declared[0])[:40])

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        namespace, _, name = tag.rpartition(" ")
        self._depth += 1
        self._text = ""
        self.root = self.root or name
        if self._depth > _DEEPEST:
            raise NotGreenButton("broken", f"elements {_DEEPEST} deep")
        if name == "entry":
            self._entry = FeedEntry()
        elif name == "link" and namespace != _ESPI:
            self._link(attributes.get("rel", ""), _path(attributes.get("href", "")))
        elif namespace in {_ESPI, _ATOM, ""}:
            self._record(name)

    def _record(self, name: str) -> None:
        """A record of the standard begins, or an interval in one."""
        if name in _SUMMARIES:
            self.feed.summaries += 1
            self._entry.kind = name
        elif name in _KINDS or name in _TIME:
            if self._entry.kind:
                # Several records without an entry of their own; an entry may hold several blocks.
                before = self._entry
                self._entry = FeedEntry(own=before.own, up=before.up, related=before.related, title=before.title)
            self._entry.kind = "LocalTimeParameters" if name in _TIME else name
            self.feed.entries.append(self._entry)
        elif name == "IntervalReading":
            self._reading = {}

    def _link(self, relation: str, path: str) -> None:
        """A link of the current record."""
        if relation == "self":
            self._entry.own = path
        elif relation == "up":
            self._entry.up = path
        elif relation == "related":
            self._entry.related.add(path)

    def _characters(self, text: str) -> None:
        """Text within an element."""
        if len(self._text) < _LONGEST_TEXT:
            self._text += text

    def _end(self, tag: str) -> None:
        """An element ends."""
        name, text = tag.rpartition(" ")[2], self._text.strip()
        self._depth -= 1
        self._text = ""
        if name == "IntervalReading":
            self._keep_interval()
        elif self._reading is not None:
            self._reading.setdefault(name, text)
        elif name == "title":
            self._entry.title = " ".join(text.split())[:80]
        elif text and self._entry.kind not in {"", "IntervalBlock", *_SUMMARIES}:
            self._entry.fields.setdefault(name, text)
        elif name == "entry":
            self._entry = FeedEntry()

    def _keep_interval(self) -> None:
        """Keep an interval in the current block; a duration of -1 marks one that states no time."""
        reading, self._reading = self._reading or {}, None
        start, duration = (_whole(reading.get(name, "")) for name in ("start", "duration"))
        self._intervals += 1
        self._entry.first = self._entry.first or self._intervals
        is_timed = start is not None and 0 < start < _LATEST and duration is not None and 0 < duration < _LONGEST
        self._entry.starts.append(start or 0 if is_timed else 0)
        self._entry.durations.append(duration or -1 if is_timed else -1)
        self._entry.values.append(_number(reading.get("value", "")))


def _path(address: str) -> str:
    """The path of an address; some utilities write the host in one place only, or quotation marks around it."""
    try:
        return urlsplit(address.strip().strip('"')).path.rstrip("/")
    except ValueError:
        return ""


def _whole(text: str) -> int | None:
    """A whole number of seconds that a clock may show; None if it is none."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 12 else None


def _number(text: str) -> float:
    """The number of an interval; not a number if it is none."""
    plain = text.removeprefix("-").replace(".", "", 1)
    return float(text) if plain.isascii() and plain.isdigit() and len(plain) < 18 else float("nan")
