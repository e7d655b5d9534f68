"""The register of water: withdrawal by source, discharge by destination, and consumption.

Consumption is withdrawal less discharge, C = W - D, and is not known where the register has no discharge.
Water in tonnes is a volume only by a density that the book states: a tonne is not a cubic metre by itself.

References
----------
GRI 303: Water and Effluents 2018, 303-3 (withdrawal by source, by freshwater of at most 1,000 mg/L dissolved solids, in areas with water
stress), 303-4 (discharge by destination) and 303-5 (consumption = withdrawal - discharge).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from carbonledger.core.errors import RecordError
from carbonledger.core.exact_conversion import exact_factor
from carbonledger.core.findings import Finding, Message
from carbonledger.core.periods import Period
from carbonledger.core.units import dimension_of
from carbonledger.disclosure.figures import Figure, answered, missing, not_applicable, says
from carbonledger.environment.conventions import convention
from carbonledger.environment.plausibility import unlike_others
from carbonledger.environment.reading import ReadAs, overlaps
from carbonledger.environment.register_rows import (
    Columns,
    Place,
    RegisterRow,
    counted_rows,
    leaves_rows_out,
    read_rows,
    refused,
)
from carbonledger.environment.vocabulary import words_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Flow", "WaterRegister", "WaterRow", "read_water", "water_register"]

Flow = Literal["withdrawal", "discharge", "recycled"]
_COLUMNS = Columns(
    ("flow", "amount", "unit", "period"),
    ("source", "fresh", "stress", "entity", "site", "evidence", "note"),
    ("amount",),
)
_WORDS = {"withdrawal": "water_source", "discharge": "destination"}
_M3 = "m3"


@dataclass(frozen=True, slots=True)
class WaterRow:
    """A row of the register.

    Parameters
    ----------
    flow : {"withdrawal", "discharge", "recycled"}
        Which way; recycled water is in neither of the others.
    source, group : str
        Where it comes from or goes to, and what GRI 303 counts that in; empty for recycled water.
    amount_m3 : Fraction
        Volume, m3.
    text : str
        The amount as the register states it, with its unit.
    period : Period
        When.
    fresh : {"", "fresh", "other"}
        Whether it has at most 1,000 mg/L dissolved solids; empty if that is not stated.
    stress : {"", "yes", "no"}
        Whether it is of an area with water stress; empty if that is not stated.
    entity, site, evidence, note : str
        Where, and what shows it.
    place : Place
        Where the row stands.
    """

    flow: Flow
    source: str
    group: str
    amount_m3: Fraction
    text: str
    period: Period
    fresh: str
    stress: str
    entity: str
    site: str
    evidence: str
    note: str
    place: Place


@dataclass(frozen=True, slots=True)
class WaterRegister:
    """Water of a year.

    Parameters
    ----------
    rows : tuple of WaterRow
        What could be read.
    findings : tuple of Finding
        What is wrong with the others, and doubts.
    """

    rows: tuple[WaterRow, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_part(self) -> bool:
        """Whether rows are known that are not counted, so that no sum is a total."""
        return leaves_rows_out(self.findings)

    def total(self, flow: Flow, chosen: Callable[[WaterRow], bool] = lambda _: True) -> Figure:
        """The volume of a flow, or of some of its rows [m3].

        Parameters
        ----------
        flow : {"withdrawal", "discharge", "recycled"}
            Which.
        chosen : callable, optional
            Which of its rows.

        Returns
        -------
        Figure
            Missing with what is known of it where rows could not be read, or where the register has no row of the flow.
        """
        of_flow = [row for row in self.rows if row.flow == flow]
        parts = [row.amount_m3 for row in of_flow if chosen(row)]
        value = float(sum(parts, Fraction(0)))
        if self.is_part:
            return missing(says("environment_part"), _M3, value if parts else None)
        if not of_flow:
            return missing(says("environment_no_rows", what=words_of("flow")[flow].label), _M3)
        return answered(value, _M3) if parts else not_applicable(says("environment_none"), _M3)

    def by_group(self, flow: Flow) -> dict[str, Figure]:
        """The volume of each source or destination as GRI 303 groups them [m3]."""
        groups = dict.fromkeys(word.group for word in words_of(_WORDS[flow]).values())
        return {group: self.of_groups(flow, {group}) for group in groups}

    def of_groups(self, flow: Flow, groups: Collection[str]) -> Figure:
        """The volume of some sources or destinations as GRI 303 groups them [m3]."""
        return self.total(flow, lambda row: row.group in groups)

    def stated(
        self, flow: Flow, column: Literal["fresh", "stress"], value: str, groups: Collection[str] | None = None
    ) -> Figure:
        """The volume of the rows that state a word [m3], perhaps of some sources; missing if a row of the flow states none.

        Parameters
        ----------
        flow : {"withdrawal", "discharge", "recycled"}
            Which.
        column : {"fresh", "stress"}
            Where the word stands.
        value : str
            The word.
        groups : collection of str, optional
            Sources or destinations as GRI 303 groups them; all by default.
        """
        open_rows = [row for row in self.rows if row.flow == flow and not getattr(row, column)]
        whole = self.total(flow, lambda row: getattr(row, column) == value and (groups is None or row.group in groups))
        if not open_rows or whole.status == "data_missing":
            return whole
        reason = says("environment_not_stated", count=len(open_rows), column=words_of("heading")[column].label)
        return missing(reason, _M3, whole.value if isinstance(whole.value, float) else None)

    @property
    def consumption(self) -> Figure:
        """Withdrawal less discharge [m3]; missing where either is, and then no part of it is known."""
        return self.consumption_of(lambda _: True)

    def consumption_of(self, chosen: Callable[[WaterRow], bool]) -> Figure:
        """Withdrawal less discharge of some rows [m3]."""
        withdrawn, discharged = self.total("withdrawal", chosen), self.total("discharge", chosen)
        for figure in (withdrawn, discharged):
            if figure.status == "data_missing":
                return missing(figure.reason, _M3)
        return answered(withdrawn.number - discharged.number, _M3)

    def to_frame(self) -> pd.DataFrame:
        """The rows as a table: amounts in m3."""
        import pandas as pd

        columns = (
            "flow",
            "source",
            "group",
            "amount_m3",
            "period",
            "fresh",
            "stress",
            "entity",
            "site",
            "evidence",
            "note",
        )
        data = [
            {
                **{name: getattr(row, name) for name in columns},
                "amount_m3": float(row.amount_m3),
                "period": str(row.period),
                "file": row.place.file,
                "row": row.place.row,
            }
            for row in self.rows
        ]
        return pd.DataFrame(data, columns=[*columns, "file", "row"])


def read_water(path: Path, read_as: ReadAs) -> WaterRegister:
    """The register of water of a file, see `water_register`."""
    rows, findings = read_rows(path, _COLUMNS, read_as.country, read_as.decimal, read_as.name_of(path))
    return water_register(rows, findings, read_as)


def water_register(rows: Sequence[RegisterRow], findings: Sequence[Finding], read_as: ReadAs) -> WaterRegister:
    """The register of water of some rows.

    Parameters
    ----------
    rows : sequence of RegisterRow
        ``flow`` (withdrawal, discharge, recycled), ``source`` (or destination), ``amount``, ``unit``, ``period``, ``fresh``, ``stress``.
    findings : sequence of Finding
        Of reading them.
    read_as : ReadAs
        The year, and the density that the book states.

    Returns
    -------
    WaterRegister
    """
    found = list(findings)
    pairs = counted_rows(rows, lambda row: _water_row(row, read_as, found), found)
    kept = tuple(made for _, made in pairs if made is not None)
    found += overlaps(kept, lambda row: (row.flow, row.source, row.entity, row.site))
    found += unlike_others(
        kept, lambda row: (row.flow, row.source, row.entity, row.site), lambda row: row.amount_m3, _M3
    )
    register = WaterRegister(kept, tuple(found))
    balance = register.consumption.value
    if isinstance(balance, float) and balance < 0:
        withdrawn, discharged = register.total("withdrawal").number, register.total("discharge").number
        found.append(
            Finding.of("WATER_BALANCE", withdrawn=withdrawn, discharged=discharged).at(file=kept[0].place.file)
        )
    return WaterRegister(kept, tuple(found))


def _water_row(row: RegisterRow, read_as: ReadAs, findings: list[Finding]) -> WaterRow | None:
    """A row as a record; None if it is of another year."""
    if not read_as.has(row, findings):
        return None
    flow = cast("Flow", row.key("flow", "flow"))
    source = row.word("source", _WORDS[flow]) if flow in _WORDS else None
    unit = row.needed_unit(read_as.region)
    return WaterRow(
        flow,
        source.key if source else "",
        source.group if source else "",
        row.exact("amount", _to_m3(unit, row, read_as)),
        f"{row.text('amount')} {row.text('unit')}",
        row.period,
        row.key("fresh", "fresh", default=""),
        row.key("stress", "stress", default=""),
        read_as.entity(row, findings),
        row.text("site"),
        row.text("evidence"),
        row.text("note"),
        row.place,
    )


def _to_m3(unit: str, row: RegisterRow, read_as: ReadAs) -> Fraction:
    """How many m3 a unit of water is."""
    kind = dimension_of(unit)
    if kind == "volume":
        return exact_factor(unit, _M3)
    if kind != "mass":
        raise refused("no_volume", unit=row.text("unit"))
    density = read_as.water_t_per_m3
    if density is None:
        raise RecordError(Message.of("WATER_DENSITY", unit=row.text("unit")))
    lowest, highest = convention("water_density_lowest"), convention("water_density_highest")
    if not lowest <= density <= highest:
        values = {"density": float(density), "lowest": float(lowest), "highest": float(highest)}
        raise RecordError(Message.of("WATER_DENSITY.implausible", **values))
    return exact_factor(unit, "t") / density
