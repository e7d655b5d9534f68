"""Whether an inventory can use the rows of an edition of one's own: the activity is measured so, and what belongs together is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from carbonledger.core.activities import Activity, ancestors, taxonomy
from carbonledger.core.errors import UnitError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.units import canonical_unit, dimension_label, dimension_of
from carbonledger.factors.own_words import SUM_OF_GASES
from carbonledger.factors.published_range import unlike_published

__all__ = ["usability"]

Cells = Mapping[str, str]
Rows = Sequence[Cells]

# Dimensions between which the density and the calorific value of a carrier lead.
_BRIDGED = ("mass", "volume", "normal_volume", "energy")
_LONGEST_WALK = 2
_PRICED = frozenset({"emission_factor", "carbon_content"})
# What must agree for gases to be one factor; a figure that says nothing of the second kind joins those that do.
# A variant must agree: an entry that names it gets its rows alone, without the plain figures of the gases that it lacks.
_SAME = ("activity", "parameter", "region", "data_year", "variant")
_SAME_IF_STATED = ("heating_value", "boundary")


def usability(rows: Rows, *, compared: bool = True) -> Iterator[tuple[int, Finding]]:
    """What keeps rows from being used, and what casts doubt on them.

    Parameters
    ----------
    rows : sequence of mapping
        The cells of an edition of one's own, without any fault of form.
    compared : bool
        Whether every figure is compared with all published ones, for which every edition is read.

    Yields
    ------
    tuple of (int, Finding)
        The row as a spreadsheet numbers it, and the finding.
    """
    for number, cells in enumerate(rows, start=2):
        activity = taxonomy().get(cells["activity"])
        if activity is not None and cells["parameter"] in _PRICED:
            for finding in (*_never_priced(activity), *_reach(cells, activity, rows), *_company(cells, activity, rows)):
                yield number, finding
        for finding in unlike_published(cells) if compared else ():
            yield number, finding


def _never_priced(activity: Activity) -> Iterator[Finding]:
    """An activity that no factor is looked for would pass the figure over."""
    if activity.emissions in {"none", "reported"}:
        label = Label(f"{activity.name} ({activity.label_en})", f"{activity.name}（{activity.label_zh}）")
        yield Finding.of(f"FACTOR_ACTIVITY.{activity.emissions}", activity=label)


def _reach(cells: Cells, activity: Activity, rows: Rows) -> Iterator[Finding]:
    """Entries of the activity can be measured in the denominator, or a property of the carrier leads there."""
    per = _denominator(cells["unit"])
    if not per or activity.measured_in(per):
        return
    ways = [dimension for dimension in activity.dimensions if dimension in _BRIDGED]
    named = {
        "activity": activity.name,
        "unit": cells["unit"],
        "measured": tuple(map(dimension_label, activity.dimensions)),
    }
    if per not in _BRIDGED or len(ways) < _LONGEST_WALK or activity.kind in {"electricity", "water"}:
        yield Finding.of("FACTOR_UNIT.reach", **named)
    elif not _connected(per, ways, _bridges(cells, rows)):
        lacking = Label("density", "密度") if per != "energy" else Label("calorific value", "热值")
        yield Finding.of("FACTOR_REACH", lacking=lacking, **named)


def _denominator(unit: str) -> str:
    """The dimension of what a factor is per; empty if that has no name."""
    denominator = canonical_unit(unit).partition("/")[2]
    try:
        return dimension_of(denominator) if denominator else ""
    except UnitError:
        return ""


def _bridges(cells: Cells, rows: Rows) -> list[frozenset[str]]:
    """The pairs of dimensions that densities and calorific values of the carrier connect in the edition."""
    names = {cells["activity"], *ancestors(cells["activity"])}
    found = []
    for row in rows:
        if row["activity"] in names and row["parameter"] in {"density", "calorific_value"}:
            numerator, _, denominator = canonical_unit(row["unit"]).partition("/")
            found.append(frozenset({dimension_of(numerator), _denominator(row["unit"]) or denominator}))
    return found


def _connected(per: str, dimensions: Sequence[str], bridges: Sequence[frozenset[str]]) -> bool:
    """Whether some of the activity's dimensions leads to another over at most two properties."""
    reached = {per}
    for _ in range(_LONGEST_WALK):
        reached |= {dimension for bridge in bridges if bridge & reached for dimension in bridge}
    return bool(reached & set(dimensions))


def _company(cells: Cells, activity: Activity, rows: Rows) -> Iterator[Finding]:
    """What a figure needs beside it: the CO2 of a fuel with its other gases, an oxidation factor with a carbon content."""
    if cells["parameter"] == "carbon_content":
        names = {activity.name, *ancestors(activity.name)}
        if not any(row["parameter"] == "oxidation_factor" and row["activity"] in names for row in rows):
            yield Finding.of("FACTOR_SET.no_oxidation", activity=activity.name)
        return
    if not activity.burns_fossil or activity.is_vehicle:
        return
    if not {row["gas"] for row in rows if _is_beside(row, cells)} & {"CO2", SUM_OF_GASES}:
        yield Finding.of("FACTOR_SET.no_carbon", activity=activity.name, gas=cells["gas"])


def _is_beside(row: Cells, other: Cells) -> bool:
    """Whether two rows may be gases of one factor."""
    return all(row.get(name, "") == other.get(name, "") for name in _SAME) and all(
        row.get(name, "") == other.get(name, "") or "" in (row.get(name, ""), other.get(name, ""))
        for name in _SAME_IF_STATED
    )
