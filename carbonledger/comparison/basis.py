"""Whether two years are of the same kind: their companies, the days they cover, the GWP set, the consolidation approach.

References
----------
GHG Protocol Corporate Standard (2004), chapters 3 and 5: one approach throughout, and a change of the organisation set apart from a change
of emissions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import narwhals as nw

from carbonledger.core.findings import Finding
from carbonledger.core.language import Clauses, Label, Lang, in_language, listed, word
from carbonledger.core.periods import Period
from carbonledger.core.relative_change import Convention
from carbonledger.inventory.inventory import Inventory

__all__ = ["Basis", "YearFacts", "basis_of", "companies_of", "days_covered"]

# Bills do not end on the last day of a year: two years whose days differ by less than half a month are of the same length.
_SAME_LENGTH_DAYS = 15
_SAME_SHARE = 1e-9
_LANGUAGES: tuple[Lang, Lang] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class YearFacts:
    """What is known of a year beside its inventory.

    Parameters
    ----------
    year : int or None
        The calendar year in which it begins.
    approach : str
        The consolidation approach; empty if none is stated.
    names : tuple of str
        What its company is called.
    period : Period or None
        Its days.
    """

    year: int | None = None
    approach: str = ""
    names: tuple[str, ...] = ()
    period: Period | None = None

    @property
    def label(self) -> Label | str:
        """The year as it stands in a sentence."""
        return Label("the other year", "另一年度") if self.year is None else str(self.year)


@dataclass(frozen=True, slots=True)
class Basis:
    """What two years have in common, and what not.

    Parameters
    ----------
    withheld : str
        Why no percentage between the two is right: ``other_period`` or ``other_approach``; empty if nothing keeps it back.
    findings : tuple of Finding
        What differs, with the way out.
    companies : tuple of str
        The companies that both years have.
    perimeter_moved : bool
        Whether one of the years has a company that the other lacks.
    """

    withheld: Convention | None = None
    findings: tuple[Finding, ...] = ()
    companies: tuple[str, ...] = field(default=())
    perimeter_moved: bool = False


def basis_of(
    previous: Inventory[Any],
    current: Inventory[Any],
    before: YearFacts | None = None,
    now: YearFacts | None = None,
) -> Basis:
    """Hold two years against each other.

    Parameters
    ----------
    previous, current : Inventory
        The two years.
    before, now : YearFacts, optional
        What is known beside them.

    Returns
    -------
    Basis
    """
    facts = (before or YearFacts(), now or YearFacts())
    pair = (previous, current)
    length = list(_length(pair, facts))
    shared, moved = _companies(pair)
    findings = [
        *length,
        *_approach(facts),
        *_who(facts),
        *_when(facts),
        *_gwp(pair, facts),
        *_perimeter(pair, facts),
        *_shares(pair, facts, shared),
    ]
    withheld: Convention | None = "other_period" if length else "other_approach" if _other_approach(facts) else None
    return Basis(withheld, tuple(findings), shared, moved)


def companies_of(inventory: Inventory[Any]) -> tuple[str, ...]:
    """The companies of an inventory, in order of appearance; empty if its lines name none."""
    return inventory.remembered("comparison: companies", lambda: _companies_of(inventory))


def _companies_of(inventory: Inventory[Any]) -> tuple[str, ...]:
    """The same, gone through."""
    found: dict[str, None] = {}
    for part in inventory.energy_parts:
        frame = nw.from_native(part.lines)
        if "entity" not in frame.collect_schema().names():
            return ()
        found |= dict.fromkeys(str(name or "") for name in _distinct(part.lines, ["entity"])[0])
    return tuple(found)


def days_covered(inventory: Inventory[Any]) -> int | None:
    """On how many days any entry of an inventory lies; None where its lines have no days."""
    return inventory.remembered("comparison: days", lambda: _days_covered(inventory))


def _days_covered(inventory: Inventory[Any]) -> int | None:
    """The same, gone through."""
    periods: list[tuple[date, date]] = []
    for part in inventory.energy_parts:
        if not {"start", "end"} <= set(nw.from_native(part.lines).collect_schema().names()):
            return None
        starts, ends = _distinct(part.lines, ["start", "end"])
        periods += [
            (_day(start), _day(end))
            for start, end in zip(starts, ends, strict=True)
            if start is not None and end is not None
        ]
    days, reached = 0, date.min
    for start, end in sorted(periods):
        days += max(0, (end - max(start, reached)).days)
        reached = max(reached, end)
    return days or None


def _distinct(lines: Any, columns: Sequence[str]) -> list[list[Any]]:
    """The distinct values of some columns of the lines."""
    frame = nw.from_native(lines).select(*columns)
    counted = frame.group_by(*columns).agg(nw.len().alias("rows_of_key"))
    eager = counted.collect() if isinstance(counted, nw.LazyFrame) else counted
    return [eager[name].to_list() for name in columns]


def _day(value: Any) -> date:
    """A day, also of a frame that keeps days as moments or texts."""
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    return date(value.year, value.month, value.day)


_Pair = tuple[Inventory[Any], Inventory[Any]]
_Facts = tuple[YearFacts, YearFacts]


def _length(pair: _Pair, facts: _Facts) -> Iterator[Finding]:
    """Years of which one covers fewer days than the other."""
    before, now = map(days_covered, pair)
    if before is not None and now is not None and abs(before - now) > _SAME_LENGTH_DAYS:
        yield _finding("period", facts, before=before, now=now)


def _approach(facts: _Facts) -> Iterator[Finding]:
    """Years that are consolidated by different approaches, or of which one states none."""
    before, now = (item.approach for item in facts)
    if _other_approach(facts):
        yield _finding("approach", facts, before=Label.of(before), now=Label.of(now))
    elif before != now:
        stated, unstated = facts if before else facts[::-1]
        values = {"stated": stated.label, "approach": Label.of(before or now), "unstated": unstated.label}
        yield Finding.of("COMPARE_BASIS.approach_unstated", **values)


def _other_approach(facts: _Facts) -> bool:
    """Whether both years state an approach, and not the same."""
    before, now = (item.approach for item in facts)
    return bool(before and now and before != now)


def _who(facts: _Facts) -> Iterator[Finding]:
    """Books of different companies."""
    before, now = (item.names for item in facts)
    if before and now and not {*before} & {*now}:
        yield _finding("company", facts, before=Label(before[0], before[-1]), now=Label(now[0], now[-1]))


def _when(facts: _Facts) -> Iterator[Finding]:
    """Years that do not follow on each other: the same one, or with a gap or a shared part between them."""
    before, now = (item.period for item in facts)
    if before is None or now is None:
        return
    if before == now:
        yield _finding("same_year", facts)
    elif before.end != now.start and (before.start.month != now.start.month):
        yield Finding.of("COMPARE_BASIS.months", before=str(before), now=str(now))


def _gwp(pair: _Pair, facts: _Facts) -> Iterator[Finding]:
    """Years that weigh gases by different sets."""
    before, now = (item.gwp.edition for item in pair)
    if before != now:
        yield Finding.of("COMPARE_BOOK.gwp", year=facts[0].label, before=before, now=now)


def _companies(pair: _Pair) -> tuple[tuple[str, ...], bool]:
    """The companies of both years, and whether any other is in one of them."""
    before, now = map(companies_of, pair)
    shared = tuple(name for name in before if name in now)
    return shared, len(shared) < max(len(before), len(now))


def _perimeter(pair: _Pair, facts: _Facts) -> Iterator[Finding]:
    """Companies that only one of the years has."""
    before, now = map(companies_of, pair)
    differences = (
        _only_in(facts[at], [name for name in one if name not in other])
        for at, one, other in ((0, before, now), (1, now, before))
    )
    found = tuple(item for item in differences if item)
    if found:
        yield Finding.of("COMPARE_BASIS.companies", differences=Clauses(found))


def _only_in(facts: YearFacts, names: Sequence[str]) -> Label | None:
    """The companies that one year alone has; None if there is none."""
    if not names:
        return None
    return Label(*(_only_in_words(facts, names, lang) for lang in _LANGUAGES))


def _only_in_words(facts: YearFacts, names: Sequence[str], lang: Lang) -> str:
    """The same in a language."""
    companies = listed([_named(name) for name in names], lang)
    return word("compare_only_in", lang, year=str(in_language(facts.label, lang)), companies=companies)


def _named(name: str) -> Label | str:
    """A company in a sentence."""
    return name or Label("entries without a company", "未注明公司的数据")


def _shares(pair: _Pair, facts: _Facts, shared: Sequence[str]) -> Iterator[Finding]:
    """Companies of which the two years count different shares."""
    before, now = map(_share_by_company, pair)
    for name in shared:
        if name in before and name in now and abs(before[name] - now[name]) > _SAME_SHARE:
            yield _finding("share", facts, company=_named(name), before=before[name] * 100, now=now[name] * 100)


def _share_by_company(inventory: Inventory[Any]) -> dict[str, float]:
    """The share of each company that counts, where one holds all year; empty if nothing was consolidated."""
    if "consolidation_share" not in nw.from_native(inventory.lines).collect_schema().names():
        return {}
    found: dict[str, set[float]] = {}
    for name, share in zip(*_distinct(inventory.lines, ["entity", "consolidation_share"]), strict=True):
        found.setdefault(str(name or ""), set()).add(float(share))
    return {name: max(shares) for name, shares in found.items()}


def _finding(case: str, facts: _Facts, **values: Any) -> Finding:
    """A finding about two years."""
    years = {"year": facts[0].label, "current": facts[1].label}
    return Finding.of(f"COMPARE_BASIS.{case}", **years, **values)
