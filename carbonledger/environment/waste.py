"""The register of waste: hazardous and general waste by composition and route, on site and off site, with its transfer manifests.

References
----------
GRI 306: Waste 2020, 306-3 (generated, by composition), 306-4 (diverted from disposal: preparation for reuse, recycling, other recovery),
306-5 (directed to disposal: incineration with and without energy recovery, landfill, other), each hazardous and not, on site and off site.
Law of the People's Republic of China on the Prevention and Control of Environmental Pollution by Solid Waste (2020), article 82: a transfer
manifest goes with every transfer of hazardous waste, to a disposer with a licence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from carbonledger.core.exact_conversion import exact_factor
from carbonledger.core.findings import Finding
from carbonledger.core.periods import Period
from carbonledger.core.units import dimension_of
from carbonledger.disclosure.figures import Figure, answered, missing, not_applicable, says
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
from carbonledger.environment.vocabulary import Word, find_word, words_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WasteRegister", "WasteRow", "read_waste", "waste_register"]

_COLUMNS = Columns(
    ("category", "amount", "unit", "period"),
    (
        "composition",
        "code",
        "route",
        "place",
        "certificate",
        "disposer",
        "licence",
        "entity",
        "site",
        "evidence",
        "note",
    ),
    ("amount",),
)
_SHARE = re.compile(r"(?P<route>.+?)\s*(?P<percent>\d+(?:\.\d+)?)\s*[%％]")
_T = "t"
_WHOLE = Fraction(100)


@dataclass(frozen=True, slots=True)
class WasteRow:
    """A row of the register, or its share that takes one route.

    Parameters
    ----------
    category : {"hazardous", "general"}
        Of waste.
    composition, code : str
        What it is, and its code in the national list.
    route, group : str
        How it is recovered or disposed of, and whether GRI 306 counts that as ``diverted`` or ``directed``; empty if that is not stated.
    onsite : {"", "onsite", "offsite"}
        Where.
    amount_t : Fraction
        Weight, t.
    text : str
        The amount as the register states it, with its unit.
    period : Period
        When.
    certificate, disposer, licence : str
        The transfer manifest, who takes it, and by which licence.
    entity, site, evidence, note : str
        Where, and what shows it.
    place : Place
        Where the row stands.
    """

    category: str
    composition: str
    code: str
    route: str
    group: str
    onsite: str
    amount_t: Fraction
    text: str
    period: Period
    certificate: str
    disposer: str
    licence: str
    entity: str
    site: str
    evidence: str
    note: str
    place: Place


@dataclass(frozen=True, slots=True)
class WasteRegister:
    """Waste of a year.

    Parameters
    ----------
    rows : tuple of WasteRow
        What could be read.
    findings : tuple of Finding
        What is wrong with the others, and doubts.
    """

    rows: tuple[WasteRow, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_part(self) -> bool:
        """Whether rows are known that are not counted, so that no sum is a total."""
        return leaves_rows_out(self.findings)

    def total(self, chosen: Callable[[WasteRow], bool] = lambda _: True) -> Figure:
        """The weight of all or some rows [t]; missing with what is known of it where rows could not be read."""
        parts = [row.amount_t for row in self.rows if chosen(row)]
        value = float(sum(parts, Fraction(0)))
        if self.is_part:
            return missing(says("environment_part"), _T, value if parts else None)
        if not self.rows:
            return missing(says("environment_no_rows", what=words_of("register")["waste"].label), _T)
        return answered(value, _T) if parts else not_applicable(says("environment_none"), _T)

    def of_category(self, category: str) -> Figure:
        """The weight of hazardous or general waste [t]."""
        return self.total(lambda row: row.category == category)

    def routed(self, chosen: Callable[[WasteRow], bool], category: str = "") -> Figure:
        """The weight of rows by their route [t]; missing while a row states no route, which may be any.

        Parameters
        ----------
        chosen : callable
            Which routes.
        category : str, optional
            Hazardous or general; both by default.
        """

        def of_category(row: WasteRow) -> bool:
            return category in {"", row.category}

        whole = self.total(lambda row: of_category(row) and chosen(row))
        without = [row for row in self.rows if of_category(row) and not row.route]
        if not without or whole.status == "data_missing":
            return whole
        reason = says("environment_not_stated", count=len(without), column=words_of("heading")["route"].label)
        return missing(reason, _T, whole.value if isinstance(whole.value, float) else None)

    def by_route(self, category: str = "", *, route: str = "", group: str = "") -> Figure:
        """The weight of one route, or of all that are ``diverted`` or ``directed`` [t], see `routed`."""
        return self.routed(lambda row: route in {"", row.route} and group in {"", row.group}, category)

    def placed(self, group: str, place: str) -> Figure:
        """The weight that is diverted from or directed to disposal on site or off site [t]; missing while a row states no place.

        Parameters
        ----------
        group : {"diverted", "directed"}
            Which.
        place : {"onsite", "offsite"}
            Where.
        """
        whole = self.routed(lambda row: (row.group, row.onsite) == (group, place))
        without = [row for row in self.rows if not row.onsite]
        if not without or whole.status == "data_missing":
            return whole
        reason = says("environment_not_stated", count=len(without), column=words_of("heading")["place"].label)
        return missing(reason, _T, whole.value if isinstance(whole.value, float) else None)

    @property
    def hazardous_handed_over_percent(self) -> Figure:
        """The share of hazardous waste that a named disposer took [%]: what reports call the rate of safe disposal."""
        whole = self.of_category("hazardous")
        if whole.status != "filled" or not whole.number:
            return missing(whole.reason, "%") if whole.status == "data_missing" else not_applicable(whole.reason, "%")
        taken = self.total(lambda row: row.category == "hazardous" and bool(row.disposer))
        return answered(taken.number / whole.number * float(_WHOLE), "%")

    def to_frame(self) -> pd.DataFrame:
        """The rows as a table: weights in t."""
        import pandas as pd

        own = ("category", "composition", "code", "route", "group", "onsite", "amount_t", "period", "certificate")
        columns = (*own, "disposer", "licence", "entity", "site", "evidence", "note")
        data = [
            {
                **{name: getattr(row, name) for name in columns},
                "amount_t": float(row.amount_t),
                "period": str(row.period),
                "file": row.place.file,
                "row": row.place.row,
            }
            for row in self.rows
        ]
        return pd.DataFrame(data, columns=[*columns, "file", "row"])


def read_waste(path: Path, read_as: ReadAs) -> WasteRegister:
    """The register of waste of a file, see `waste_register`."""
    rows, findings = read_rows(path, _COLUMNS, read_as.country, read_as.decimal, read_as.name_of(path))
    return waste_register(rows, findings, read_as)


def waste_register(rows: Sequence[RegisterRow], findings: Sequence[Finding], read_as: ReadAs) -> WasteRegister:
    """The register of waste of some rows.

    Parameters
    ----------
    rows : sequence of RegisterRow
        ``category`` (hazardous, general), ``composition``, ``route`` (one, or several with their shares such as ``recycling 60 %; landfill
        40 %``), ``place`` (onsite, offsite), ``amount``, ``unit`` of mass, ``period``, ``certificate``, ``disposer``.
    findings : sequence of Finding
        Of reading them.
    read_as : ReadAs
        The year.

    Returns
    -------
    WasteRegister
    """
    found = list(findings)
    kept: list[WasteRow] = []
    firsts: list[WasteRow] = []
    for _, parts in counted_rows(rows, lambda row: list(_waste_rows(row, read_as, found)), found):
        kept += parts
        firsts += parts[:1]
    found += overlaps(
        firsts,
        lambda row: (
            row.category,
            row.composition,
            row.code,
            row.route,
            row.certificate,
            row.disposer,
            row.entity,
            row.site,
        ),
    )
    found += [finding for row in firsts for finding in _doubts(row)]
    return WasteRegister(tuple(kept), tuple(found))


def _waste_rows(row: RegisterRow, read_as: ReadAs, findings: list[Finding]) -> Iterator[WasteRow]:
    """A row as records, one for each route; none if it is of another year."""
    if not read_as.has(row, findings):
        return
    category = row.key("category", "category")
    routes = _routes(row)
    unit = row.needed_unit(read_as.region)
    if dimension_of(unit) != "mass":
        raise refused("no_weight", unit=row.text("unit"))
    onsite = row.key("place", "place", default="")
    amount = row.exact("amount", exact_factor(unit, _T))
    entity = read_as.entity(row, findings)
    for route, percent in routes:
        yield WasteRow(
            category,
            row.text("composition"),
            row.text("code"),
            route.key if route else "",
            route.group if route else "",
            onsite,
            amount * percent / _WHOLE,
            f"{row.text('amount')} {row.text('unit')}",
            row.period,
            row.text("certificate"),
            row.text("disposer"),
            row.text("licence"),
            entity,
            row.text("site"),
            row.text("evidence"),
            row.text("note"),
            row.place,
        )


def _routes(row: RegisterRow) -> list[tuple[Word | None, Fraction]]:
    """The routes of a row, each with its share in per cent."""
    text = row.text("route")
    if not re.search("[%％]", text):
        return [(row.word("route", "route", default=""), _WHOLE)]
    routes: list[tuple[Word | None, Fraction]] = []
    for part in re.split("[;；,，、]", text):
        found = _SHARE.fullmatch(part.strip())
        route = find_word("route", found["route"]) if found else None
        if found is None or route is None:
            known = tuple(item.label for item in words_of("route").values())
            raise refused("unknown_word", column=words_of("heading")["route"].label, text=part.strip(), known=known)
        routes.append((route, Fraction(found["percent"])))
    total = sum((share for _, share in routes), Fraction(0))
    if total != _WHOLE:
        raise refused("shares", text=text, total=float(total))
    return routes


def _doubts(row: WasteRow) -> Iterator[Finding]:
    """What a row of hazardous waste lacks, and a route that nobody states."""
    what = row.composition or row.code or row.category
    if row.category == "hazardous" and row.onsite != "onsite":
        if not row.certificate:
            yield row.place.place(Finding.of("WASTE_CERTIFICATE", what=what, amount=row.text))
        if not row.disposer:
            yield row.place.place(Finding.of("WASTE_CERTIFICATE.disposer", what=what, amount=row.text))
    if not row.route:
        yield row.place.place(Finding.of("WASTE_ROUTE", what=what, amount=row.text))
