"""Doubts about entries that are sound one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from carbonledger.activity_data.amount_slips import Amounts, amount_slips
from carbonledger.activity_data.coverage import asked_of, gap_label, uncovered
from carbonledger.activity_data.entries import Entries
from carbonledger.activity_data.exchanged_amounts import exchanged_amounts
from carbonledger.activity_data.magnitudes import NEAR
from carbonledger.activity_data.row_groups import codes_of, row_blocks
from carbonledger.activity_data.sites import Site
from carbonledger.activity_data.source_bills import SourceBills, day_of
from carbonledger.core.activities import ELECTRICITY_LOAD, GRID_ELECTRICITY, GRID_LOSSES, activities_where, taxonomy
from carbonledger.core.findings import Finding, Severity
from carbonledger.core.periods import Period

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]

__all__ = ["ENTRY_CHECKS", "Asked", "check_entries"]

# A gap of a month is a bill that is missing; one of days is where two readings do not meet.
_MONTH_DAYS = 28
# Two bills share the day of the reading.
_READING_DAY = 1
# What every site uses all year. Heat and fuels may be of a season or bought once, own generation may begin in summer.
_ALL_YEAR = (GRID_ELECTRICITY, GRID_LOSSES, ELECTRICITY_LOAD)
_METERED = activities_where(is_metered=True)
_HALF = 0.5
_ENERGY = ("electricity", "heat", "fuel")
# A lorry load or a refill is dated by a day or a week, not by the months in which it is used.
_DELIVERY_DAYS = 7
# From so many entries on, what is no energy is expected month by month.
_REGULAR = 4
# February is a little less than half of January and February.
_TWICE = 1.9


@dataclass(frozen=True, slots=True)
class Asked:
    """What entries are held to.

    Parameters
    ----------
    whole : Period
        The reporting year.
    near : float
        How near the decimal logarithm of a ratio must be to 3 or 4.
    places : mapping of (company, site) to Site
        Since when and until when a site is in operation.
    """

    whole: Period
    near: float = NEAR
    places: Mapping[tuple[str, str], Site] = field(default_factory=dict)

    def of_site(self, entity: str, site: str) -> Period | None:
        """The part of the year in which a site is in operation; None if there is none."""
        return asked_of(self.whole, self.places.get((entity, site)))


def check_entries(
    entries: Entries, year: int, first_month: int = 1, *, near: float = NEAR, sites: Sequence[Site] = ()
) -> list[Finding]:
    """Every doubt about the entries of a reporting year.

    Parameters
    ----------
    entries : Entries
        As read.
    year, first_month : int
        The reporting year.
    near : float
        How near the decimal logarithm of a ratio must be to 3 or 4 for a slip of units.
    sites : sequence of Site
        The sites with their days of operation; nothing is asked of a site before it opened or after it closed.

    Returns
    -------
    list of Finding
        The findings of reading them, then those of each check in `ENTRY_CHECKS`.
    """
    asked = Asked(Period.of_year(year, first_month), near, {(item.entity, item.id): item for item in sites})
    frame = entries.of_year(year, first_month).frame
    if not len(frame):
        return [*entries.findings, _no_entries(entries, year)]
    bills = SourceBills(frame)
    return [*entries.findings, *(finding for check in ENTRY_CHECKS for finding in check(bills, asked))]


def _no_entries(entries: Entries, year: int) -> Finding:
    """The finding for a year without entries, which names the years there are."""
    years = tuple(map(str, sorted(entries.frame["year"].unique())))
    if not years:
        return Finding.of("NO_ENTRIES.none", year=str(year))
    return Finding.of("NO_ENTRIES.other_years", year=str(year), years=years)


def check_coverage(bills: SourceBills, asked: Asked) -> Iterator[Finding]:
    """Each source is covered for the whole year, or says for which days it is not."""
    doubtful = _with_gaps(bills, asked)
    if not len(doubtful):
        return
    carrier = codes_of(bills.frame, ["entity", "site", "activity"])
    carriers = {int(carrier[rows[0]]): rows for rows in row_blocks(carrier, np.isin(bills.source, doubtful))}
    for rows in row_blocks(bills.source, np.isin(bills.source, doubtful)):
        entity, site, _, activity = bills.keys[bills.source[rows[0]]]
        whole = asked.of_site(entity, site)
        gaps = uncovered(bills.periods(rows), whole) if whole else []
        if whole and gaps:
            name = bills.name(int(bills.source[rows[0]]))
            finding = Finding.of("MISSING_MONTHS", source=name, days=tuple(map(gap_label, gaps)))
            beside = carriers[int(carrier[rows[0]])]
            severity = _weight(activity, uncovered(bills.periods(beside), whole), whole)
            if severity != "error" and (
                _is_expected(activity, bills.periods(rows), gaps, whole)
                or _is_handed_over(bills, rows, beside, gaps, whole)
            ):
                severity = "note"
            yield bills.at(rows[0], finding.as_severity(severity))


def _with_gaps(bills: SourceBills, asked: Asked) -> npt.NDArray[np.int64]:
    """The sources that leave a day of the year bare, and all of sites whose days of operation are stated."""
    order = bills.by_days
    source, start, end = bills.source[order], bills.start[order], bills.end[order]
    first, last = day_of(asked.whole.start), day_of(asked.whole.end)
    begins = np.r_[True, source[1:] != source[:-1]]
    # The furthest day reached within a source: sources are laid one after the other, further apart than any year is long.
    width = max(int(end.max()), last) + 1
    reached = np.maximum.accumulate(end + source * width) - source * width
    before = np.where(begins, first, np.r_[first, reached[:-1]])
    bare = (start > np.maximum(before, first)) & (before < last)
    bare |= np.r_[begins[1:], True] & (reached < last)
    doubtful = set(map(int, np.unique(source[bare])))
    if asked.places:
        dated = {key for key, site in asked.places.items() if site.valid_from or site.valid_to}
        doubtful |= {code for code, key in enumerate(bills.keys) if key[:2] in dated}
    return np.array(sorted(doubtful), dtype=np.int64)


def _weight(activity: str, gaps: Sequence[Period], whole: Period) -> Severity:
    """How grave the gaps of all sources of a carrier are: an error if a month is bare that was meant, see decision 0007."""
    missing = sum(gap.days for gap in gaps)
    meant = activity in _ALL_YEAR or missing < whole.days * _HALF
    return "error" if meant and any(gap.days >= _MONTH_DAYS for gap in gaps) else "warning"


def _is_expected(activity: str, own: Sequence[Period], gaps: Sequence[Period], whole: Period) -> bool:
    """Whether gaps are no months that were forgotten: between deliveries or refills, or the last day of the year after a reading."""
    kind = taxonomy()[activity].kind
    if kind == "fuel" and all(period.days <= _DELIVERY_DAYS for period in own):
        return True
    if kind not in _ENERGY and len(own) < _REGULAR:
        return True
    return all(gap.days <= _READING_DAY and gap.end == whole.end for gap in gaps)


def _is_handed_over(bills: SourceBills, rows: Rows, beside: Rows, gaps: Sequence[Period], whole: Period) -> bool:
    """Whether another meter of the carrier begins on the day on which each gap does, or ends with it: one that was exchanged."""
    others = beside[bills.source[beside] != bills.source[rows[0]]]
    begins = {bills.start[others[bills.source[others] == code]].min() for code in np.unique(bills.source[others])}
    ends = {bills.end[others[bills.source[others] == code]].max() for code in np.unique(bills.source[others])}
    return all(
        (gap.start > whole.start and day_of(gap.start) in begins) or (gap.end < whole.end and day_of(gap.end) in ends)
        for gap in gaps
    )


def check_overlap(bills: SourceBills, asked: Asked) -> Iterator[Finding]:
    """No two entries of one source cover the same day; of a meter that is named, this is more than a note."""
    del asked
    kinds = codes_of(bills.frame, [bills.source, "start_time"])
    order = np.lexsort((bills.end, bills.start, kinds))
    earlier, later = order[:-1], order[1:]
    shared = (kinds[earlier] == kinds[later]) & (bills.start[later] < bills.end[earlier])
    met: set[int] = set()
    for row, other in zip(map(int, later[shared]), map(int, earlier[shared]), strict=True):
        if int(kinds[row]) in met:
            continue
        met.add(int(kinds[row]))
        source = int(bills.source[row])
        _, _, meter, activity = bills.keys[source]
        clash = bills.period(row)
        metered = bool(meter) and activity in _METERED and bills.period(other).overlap_days(clash) > _READING_DAY
        finding = Finding.of("OVERLAPPING_PERIODS", source=bills.name(source), period=str(clash))
        place = int(np.flatnonzero(kinds == kinds[row])[0])
        shorter, longer = sorted((bills.period(other), clash), key=lambda period: period.days)
        grave = metered or _holds_another(longer, shorter, activity)
        yield bills.at(place, finding.as_severity("warning" if grave else "note"))


def _holds_another(longer: Period, shorter: Period, activity: str) -> bool:
    """Whether an entry of energy lies within one of at least twice its length: a half-year beside its months, named or not."""
    inside = longer.start <= shorter.start and shorter.end <= longer.end
    return inside and longer.days >= _TWICE * shorter.days and taxonomy()[activity].kind in _ENERGY


def check_amounts(bills: SourceBills, asked: Asked) -> Iterator[Finding]:
    """No amount is far from what its source usually has, see `carbonledger.activity_data.amount_slips`."""
    amounts = Amounts.of(bills)
    yield from amount_slips(amounts, asked.near)
    yield from exchanged_amounts(amounts)


def check_reported(bills: SourceBills, asked: Asked) -> Iterator[Finding]:
    """Emissions taken over from a supplier or investee name the document they stand in."""
    del asked
    reported = bills.where("activity", activities_where(emissions="reported")) & bills.where("evidence", [""])
    for row in np.flatnonzero(reported):
        yield bills.at(int(row), Finding.of("REPORTED_WITHOUT_EVIDENCE"))


ENTRY_CHECKS: tuple[Callable[[SourceBills, Asked], Iterator[Finding]], ...] = (
    check_coverage,
    check_overlap,
    check_amounts,
    check_reported,
)
