"""Doubts about which edition prices an activity: replaced ones, rivals, and factors of a wider region.

References
----------
GHG Protocol Corporate Standard (2004), chapter 6, and Scope 2 Guidance (2015), chapter 6: factors that are
current, of the place, and disclosed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from carbonledger.audit.case import AuditCase
from carbonledger.audit.factor_year import closing_day
from carbonledger.audit.other_factors import about_rows, effect, recalculated, share_of, with_editions
from carbonledger.core.findings import Finding
from carbonledger.core.regions import enclosing_regions
from carbonledger.factors.editions import catalogue, editions_about, is_corrected, read_edition
from carbonledger.factors.factor import STATED_IN_BOOK, Edition, Factor, latest_day
from carbonledger.factors.pinned import OF_EMISSIONS
from carbonledger.inventory.coefficients import ROUNDING_OF_PUBLISHERS, PlanRow

__all__ = ["editions"]


def editions(case: AuditCase) -> Iterator[Finding]:
    """Pinned editions are the publisher's last word, no two of them price one activity differently, and each is of its region."""
    yield from _replaced(case)
    yield from _rivals(case)
    yield from _wider_regions(case)


def _replaced(case: AuditCase) -> Iterator[Finding]:
    """Editions that were published again for the same years, or corrected."""
    for edition in case.inventory.factors.in_role("emissions"):
        newer = _last_word(edition)
        rows = [row for row in case.inventory.plan.rows if _uses(row, edition.id)] if newer else []
        if newer is None or not rows:
            continue
        others = recalculated(case, rows, with_editions(case, edition.id, newer), (edition.id, newer.id))
        corrected = is_corrected(edition.id)
        said = {"edition": edition.id, "newer": newer.id, "published": newer.date_published or "?"}
        reached = [row for row in rows if row.plan_id in others]
        same = [row for row in reached if corrected or _vintages(row) == _vintages(others[row.plan_id])]
        later = _later_than_closing(case, newer, edition)
        if corrected and len(reached) < len(rows):
            yield _corrected_away(case, [row for row in rows if row.plan_id not in others], said)
        if not same or later is None:
            continue
        moved = effect(case, same, others)
        if moved.at_stake > ROUNDING_OF_PUBLISHERS * abs(moved.before):
            rule = "EDITIONS.replaced_later" if later else "EDITIONS.replaced"
            yield about_rows(case, Finding.of(rule, effect=moved.label, **said), same, moved.at_stake)
        elif corrected:
            yield about_rows(case, Finding.of("EDITIONS.corrected", **said), same)


def _corrected_away(case: AuditCase, rows: Sequence[PlanRow], said: Mapping[str, str]) -> Finding:
    """Lines for whose year the corrected edition has no factor."""
    activities = tuple(dict.fromkeys(row.activity for row in rows))
    years = tuple(sorted({row.key.year for row in rows}))
    return about_rows(case, Finding.of("EDITIONS.corrected_away", activities=activities, years=years, **said), rows)


def _last_word(edition: Edition) -> Edition | None:
    """The edition at the end of those that correct one, else of those that replace it; None if it stands."""
    corrections_only, name, seen = is_corrected(edition.id), edition.superseded_by, {edition.id}
    newer: Edition | None = None
    while name and name not in seen and name in catalogue():
        seen.add(name)
        newer = read_edition(name)
        name = newer.superseded_by if not corrections_only or is_corrected(newer.id) else ""
    return newer


def _later_than_closing(case: AuditCase, newer: Edition, edition: Edition) -> bool | None:
    """Whether a reissue was published after `as_of`; None if it is no correction and came after the inventory was closed."""
    published = latest_day(newer.date_published)
    if is_corrected(edition.id) or _years(newer):
        as_of = case.inventory.factors.as_of
        return as_of is not None and (published is None or published > as_of)
    return False if published is not None and published <= closing_day(case) else None


@cache
def _years(edition: Edition) -> frozenset[int]:
    """The years that the factors of an edition describe."""
    return frozenset(factor.data_year for factor in edition.factors() if factor.data_year)


def _uses(row: PlanRow, edition: str) -> bool:
    """Whether the gases of a row rest on an edition."""
    return any(step.factor and step.factor.edition == edition for gas in row.gases for step in gas.steps)


def _vintages(row: PlanRow) -> frozenset[int | None]:
    """The years that the emission factors of a row describe."""
    return frozenset(factor.data_year for factor in row.emission_factors)


def _rivals(case: AuditCase) -> Iterator[Finding]:
    """Editions of two series that price one activity of one region differently, where a rule of matching chose between them."""
    factors = case.inventory.factors
    by_series: dict[str, list[PlanRow]] = {}
    for row in case.inventory.plan.rows:
        series = _series(row.emission_factors[0]) if row.emission_factors and not _is_stated(row) else ""
        if series and not row.key.factor and row.activity not in factors.by_activity and _contested(case, row, series):
            by_series.setdefault(series, []).append(row)
    for series, rows in by_series.items():
        others = recalculated(case, rows, with_editions(case, series, None))
        yield from _asked(case, [row for row in rows if _differs(row, others.get(row.plan_id))], others)


def _is_stated(row: PlanRow) -> bool:
    """Whether the book itself states the factor: who wrote it there has chosen it."""
    return any(step.factor and step.factor.edition == STATED_IN_BOOK for gas in row.gases for step in gas.steps)


def _series(factor: Factor) -> str:
    """The edition's name without its version."""
    return factor.edition.partition("@")[0]


def _contested(case: AuditCase, row: PlanRow, series: str) -> bool:
    """Whether another series has factors of the same activity."""
    wanted = (row.emission_factors[0].activity, "emission_factor")
    pinned = case.inventory.factors.in_role("emissions")
    return any(edition.name != series and wanted in edition.index for edition in pinned)


def _differs(row: PlanRow, other: PlanRow | None) -> bool:
    """Whether another series gives another figure for the same region, beyond the publishers' rounding."""
    if other is None or not other.emission_factors:
        return False
    one, two = row.emission_factors[0], other.emission_factors[0]
    if (one.activity, one.region, one.boundary) != (two.activity, two.region, two.boundary):
        return False
    return not math.isclose(row.emissions_tco2e, other.emissions_tco2e, rel_tol=ROUNDING_OF_PUBLISHERS)


def _asked(case: AuditCase, rows: Sequence[PlanRow], others: dict[int, PlanRow]) -> Iterator[Finding]:
    """One question for each activity, year and pair of editions."""
    causes: dict[tuple[str, int, str, str], list[PlanRow]] = {}
    for row in rows:
        two = others[row.plan_id].emission_factors[0]
        causes.setdefault((row.activity, row.key.year, row.emission_factors[0].edition, two.edition), []).append(row)
    for (activity, year, _, _), found in causes.items():
        one, two = found[0].emission_factors[0], others[found[0].plan_id].emission_factors[0]
        moved = effect(case, found, others)
        finding = Finding.of(
            "EDITIONS.rivals",
            activity=activity,
            region=tuple(dict.fromkeys(row.key.region for row in found)),
            year=year,
            used=_stated(one),
            other=_stated(two),
            effect=moved.label,
            series=_series(one),
            other_series=_series(two),
        )
        yield about_rows(case, finding, found, moved.at_stake)


def _stated(factor: Factor) -> str:
    """A factor and its figure."""
    return f"{factor.reference} ({factor.value_text} {factor.unit})"


def _wider_regions(case: AuditCase) -> Iterator[Finding]:
    """Factors of a region that holds the activity's, each edition once."""
    causes: dict[tuple[str, str, str], list[tuple[PlanRow, Factor]]] = {}
    for row in case.inventory.plan.rows:
        factor = _of_wider_region(row)
        if factor is not None:
            nearer = "" if row.key.factor else _nearer(factor, row.key.region, row.key.year, closing_day(case))
            causes.setdefault((factor.edition, factor.region, nearer), []).append((row, factor))
    for (_, wider, nearer), found in causes.items():
        rows = [row for row, _ in found]
        share = share_of(case, rows)
        loud = nearer and share * 100 >= case.thresholds.fallback_percent
        what = {
            "activities": tuple(dict.fromkeys(row.activity for row in rows)),
            "regions": tuple(dict.fromkeys(row.key.region for row in rows)),
            "wider": wider,
            "factor": found[0][1].reference,
            "share": share,
        }
        rule = "EDITIONS.nearer_region" if loud else "EDITIONS.wider_region"
        yield about_rows(case, Finding.of(rule, **what, **({"nearer": nearer} if loud else {})), rows)


def _of_wider_region(row: PlanRow) -> Factor | None:
    """The first emission factor or carbon content of a row that is of a wider region; None if all are of its own."""
    if _is_stated(row):
        return None
    steps = (step for gas in row.gases for step in gas.steps if "wider region" in step.kind)
    found = (step.factor for step in steps)
    return next((factor for factor in found if factor and factor.parameter in OF_EMISSIONS), None)


@cache
def _nearer(factor: Factor, region: str, year: int, closing: date) -> str:
    """The newest edition that has the activity for a nearer region, applied, and was published; empty if there is none."""
    found = []
    for name in editions_about(region.partition("-")[0]):
        edition = read_edition(name)
        published = latest_day(edition.date_published)
        if "emissions" in edition.roles and published and published <= closing and not is_corrected(name):
            years = [
                item.data_year or 0
                for item in edition.factors(factor.activity, factor.parameter)
                if _fits(edition, item, year) and _is_nearer(item.region, factor.region, region)
            ]
            found += [(max(years), edition.status == "current", name)] if years else []
    return max(found, default=(0, False, ""))[2]


def _fits(edition: Edition, factor: Factor, year: int) -> bool:
    """Whether the edition allows the factor for a year."""
    return not factor.data_year or 0 <= year - factor.data_year <= (edition.max_lag_years or 0)


def _is_nearer(region: str, other: str, here: str) -> bool:
    """Whether a region that holds a place is nearer to it than another."""
    around = enclosing_regions(here)
    return around.get(region, math.inf) < around.get(other, math.inf)
