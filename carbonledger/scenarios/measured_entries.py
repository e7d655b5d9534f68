"""The entries of a year with a measure in them: less of what it saves, more of what it adds, held to the baseline of the book."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonledger.core.activities import EXPORTED_ELECTRICITY
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, bracketed
from carbonledger.core.periods import Period
from carbonledger.core.units import conversion_factor, dimension_of, is_convertible
from carbonledger.inventory.coefficients import Key, PlanRow
from carbonledger.inventory.inventory import Inventory
from carbonledger.scenarios.measures import Measure

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Entered", "Ground", "entered", "with_rows"]

_LEFT_OVER = 1e-12
_PLACE = ["entity", "site", "region", "year"]


@dataclass(frozen=True)
class Ground:
    """What a measure is held to.

    Parameters
    ----------
    inventory : Inventory
        Of the year, for the calorific values of its entries.
    period : Period
        The reporting year.
    region : str
        Of the company, for what no entry places.
    """

    inventory: Inventory
    period: Period
    region: str

    def gj(self, record: Mapping[Any, Any]) -> float:
        """GJ per unit of an entry; not a number without a calorific value."""
        key = Key(
            record["activity"],
            record["unit"],
            record["region"],
            int(record["year"]),
            record["factor"],
            int(record["scope_3_category"]),
        )
        row = self._rows().get(key)
        return math.nan if row is None or row.energy_gj is None else row.energy_gj

    def _rows(self) -> Mapping[Key, PlanRow]:
        """Every combination of the year."""
        rows: Mapping[Key, PlanRow] = self.inventory.remembered(
            "rows_by_key", lambda: {row.key: row for part in self.inventory.energy_parts for row in part.plan.rows}
        )
        return rows


@dataclass(frozen=True)
class Entered:
    """Entries without and with a measure.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Of the year; `before` has what an override constructs of the baseline.
    baseline : float
        How much of the reduced activity the book has, in the unit of the measure.
    constructed : float
        How much of it an override constructed.
    missing : tuple of Finding
        What the book lacks; then the measure is not in `after`.
    """

    before: pd.DataFrame
    after: pd.DataFrame
    baseline: float = 0.0
    constructed: float = 0.0
    missing: tuple[Finding, ...] = ()


def entered(before: pd.DataFrame, after: pd.DataFrame, measure: Measure, ground: Ground) -> Entered:
    """A measure in the entries of a year.

    Parameters
    ----------
    before, after : pandas.DataFrame
        Without it; they differ where other measures stand in `after` already.
    measure : Measure
        What is planned.
    ground : Ground
        What it is held to.

    Returns
    -------
    Entered
        Each entry of the reduced activity less by the same share of it; added amounts where it is reduced, in proportion.
    """
    less, unit = measure.less
    carried = _carried(after, measure, ground, unit)
    if isinstance(carried, Finding):
        return Entered(before, after, missing=(carried,))
    baseline = math.fsum(carried)
    lacking = less - baseline if less > baseline * (1 + _LEFT_OVER) else 0.0
    if lacking and not measure.override.strip():
        return Entered(before, after, baseline, missing=(_not_carried(measure, baseline),))
    if lacking:
        before, after = (
            with_rows(frame, [_row(measure, ground, None, measure.reduced, lacking, unit)]) for frame in (before, after)
        )
        carried = [*carried, lacking]
    if less:
        after = _reduced(after, measure, min(1.0, less / math.fsum(carried)))
    return Entered(before, with_rows(after, _added(after, measure, ground, carried)), baseline, lacking)


def _concerned(frame: pd.DataFrame, measure: Measure) -> pd.Series[bool]:
    """The entries of the reduced activity where the measure is."""
    chosen = frame["activity"] == measure.reduced
    for name in ("entity", "site"):
        wanted = getattr(measure, name)
        chosen &= (frame[name] == wanted) | (not wanted)
    return chosen


def _carried(frame: pd.DataFrame, measure: Measure, ground: Ground, unit: str) -> list[float] | Finding:
    """How much each entry of the reduced activity is, in the unit of the measure; a finding if one cannot be told in it."""
    records = frame[_concerned(frame, measure)].to_dict("records")
    if all(is_convertible(record["unit"], unit) for record in records):
        return [record["amount"] * conversion_factor(record["unit"], unit) for record in records]
    per = [ground.gj(record) for record in records]
    if dimension_of(unit) != "energy" or any(map(math.isnan, per)):
        units = tuple(sorted({record["unit"] for record in records}))
        values = {"measure": measure.label, "activity": measure.reduced, "unit": unit, "units": units}
        return Finding.of("MEASURE_BASELINE.no_bridge", **values).at(file="book.toml")
    return [record["amount"] * gj * conversion_factor("GJ", unit) for record, gj in zip(records, per, strict=True)]


def _not_carried(measure: Measure, baseline: float) -> Finding:
    """The finding for a measure that saves what the book does not have."""
    less, unit = measure.less
    where = " / ".join(part for part in (measure.entity, measure.site) if part)
    place = Label(bracketed(where, "en"), bracketed(where, "zh")) if where else ""
    values = {"measure": measure.label, "activity": measure.reduced, "where": place}
    if not baseline:
        return Finding.of("MEASURE_BASELINE.no_entries", **values).at(file="book.toml")
    amounts = {"less": less, "baseline": baseline, "unit": unit}
    return Finding.of("MEASURE_BASELINE.too_large", **values, **amounts).at(file="book.toml")


def _reduced(frame: pd.DataFrame, measure: Measure, share: float) -> pd.DataFrame:
    """The entries of the reduced activity, each less by a share of it."""
    chosen = _concerned(frame, measure)
    return frame.assign(amount=frame["amount"].where(~chosen, frame["amount"] * (1 - share)))


def _added(frame: pd.DataFrame, measure: Measure, ground: Ground, carried: Sequence[float]) -> list[dict[str, Any]]:
    """The rows of what there is more of, and of exports: in each place in proportion to what is reduced there."""
    wanted = [*measure.more(), (EXPORTED_ELECTRICITY, *measure.exported)]
    return [
        _row(measure, ground, place, activity, amount * share, unit)
        for place, share in _places(frame, measure, carried)
        for activity, amount, unit in wanted
        if amount
    ]


def _places(
    frame: pd.DataFrame, measure: Measure, carried: Sequence[float]
) -> Iterator[tuple[Mapping[str, Any] | None, float]]:
    """Where the reduced activity is, with the share of each place; one place that no entry tells if there is none."""
    whole = math.fsum(carried)
    some = frame[_concerned(frame, measure)].assign(share=carried)
    if not whole:
        yield None, 1.0
        return
    for _, rows in some.groupby(_PLACE, sort=False):
        share = math.fsum(rows["share"]) / whole
        if share:
            first = {str(name): value for name, value in rows.iloc[0].items()}
            yield {**first, "start": rows["start"].min(), "end": rows["end"].max()}, share


def _row(
    measure: Measure, ground: Ground, place: Mapping[str, Any] | None, activity: str, amount: float, unit: str
) -> dict[str, Any]:
    """An entry of a measure."""
    period = {"start": ground.period.start, "end": ground.period.end, "year": ground.period.start.year}
    where = {"entity": measure.entity, "site": measure.site, "region": ground.region, **period}
    if place is not None:
        where = {name: place[name] for name in where}
    return {
        **where,
        "activity": activity,
        "amount": amount,
        "unit": unit,
        "source": measure.label.en or measure.label.zh,
    }


def with_rows(frame: pd.DataFrame, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """A frame of entries with more entries, of the same columns and dtypes."""
    import pandas as pd

    if not rows:
        return frame
    blank = {name: 0 if dtype.kind in "if" else "" for name, dtype in frame.dtypes.items()}
    more = pd.DataFrame([{**blank, **row} for row in rows], columns=frame.columns).astype(frame.dtypes.to_dict())
    return pd.concat([frame, more], ignore_index=True)
