"""Footprints of suppliers as factors: per one unit, by the columns that ISO 14067 keeps apart, with what speaks against their use.

References
----------
ISO 14067:2018, 6.4.9: fossil and biogenic emissions and removals, land use change and aircraft are stated apart.
WBCSD PACT, Technical Specifications 2.3.0 and 3.0.3: validity is 3 years from the end of the reference period where it is not stated; a
deprecated footprint is not to be used; the boundary is cradle to gate.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal
from functools import cached_property
from typing import Any

from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.findings import Finding
from carbonledger.core.periods import Period
from carbonledger.core.units import canonical_unit, conversion_factor, dimension_of, is_convertible
from carbonledger.factors.factor import Edition
from carbonledger.factors.own_words import basis_named
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.factors.stated_factors import stated_edition
from carbonledger.products.pact_document import PactFootprint, pact_rows
from carbonledger.products.pact_versions import decimal_text

__all__ = ["SupplierFootprint", "Suppliers", "suppliers_of"]

EDITION = "supplier-footprints@pact"
_DIGITS = Context(prec=15)
_YEARS_VALID = 3
_CLOSE = Decimal("0.01")
_ZERO = Decimal(0)
# By version of the specification, the fields of each column and the footprint that they should add up to.
_COLUMNS: Mapping[int, Mapping[str, tuple[str, ...]]] = {
    2: {
        "fossil": ("pCfExcludingBiogenic",),
        "biogenic": ("landManagementGhgEmissions", "otherBiogenicGhgEmissions"),
        "land_use_change": ("dLucGhgEmissions",),
        "removals": (),
        "biogenic_uptake": ("biogenicCarbonWithdrawal",),
        "aircraft": ("aircraftGhgEmissions",),
    },
    3: {
        "fossil": ("fossilGhgEmissions", "landManagementFossilGhgEmissions"),
        "biogenic": ("landManagementBiogenicCO2Emissions", "biogenicNonCO2Emissions"),
        "land_use_change": ("landUseChangeGhgEmissions",),
        "removals": (
            "landManagementBiogenicCO2Removals",
            "technologicalCO2Removals",
            "ccsTechnologicalCO2Capture",
        ),
        "biogenic_uptake": ("biogenicCO2Uptake",),
        "aircraft": ("aircraftGhgEmissions",),
    },
}
_IN_FOOTPRINT = ("fossil", "biogenic", "land_use_change", "removals")


@dataclass(frozen=True)
class SupplierFootprint:
    """A supplier's footprint per one unit of what is bought.

    Parameters
    ----------
    source : PactFootprint
        The document.

    Notes
    -----
    What the parts leave of the stated footprint stands in the column ``unassigned``, so that the footprint counts as it is stated.
    """

    source: PactFootprint

    @property
    def name(self) -> str:
        """Product and company."""
        return f"{self.source.text('productNameCompany')} ({self.source.text('companyName')})"

    @property
    def names(self) -> tuple[str, ...]:
        """By what rows may name it: file, id, product ids and product name."""
        ids = self.source.document.get("productIds")
        listed = [item for item in ids if isinstance(item, str)] if isinstance(ids, list) else []
        own = [self.source.file, self.source.text("id"), *listed, self.source.text("productNameCompany")]
        return tuple(dict.fromkeys(name for name in own if name))

    @property
    def pact_unit(self) -> str:
        """The unit in the words of PACT."""
        pcf = self.source.pcf
        return str(pcf.get("declaredUnitOfMeasurement", pcf.get("declaredUnit", "")))

    @property
    def unit(self) -> str:
        """The same by the registry of units; empty if it has none."""
        return next((row["unit"] for row in pact_rows("pact_units") if row["pact"] == self.pact_unit), "")

    @property
    def amount(self) -> Decimal:
        """Of how many units the values of the document are."""
        return (
            (self.source.decimal("declaredUnitAmount") or Decimal(1))
            if self.source.version == max(_COLUMNS)
            else Decimal(1)
        )

    @property
    def mass_kg(self) -> Decimal | None:
        """Mass of one unit, kg; None if it is not stated."""
        if self.unit == "kg":
            return Decimal(1)
        mass = self.source.decimal("productMassPerDeclaredUnit")
        return _DIGITS.divide(mass, self.amount) if mass else None

    @cached_property
    def columns(self) -> Mapping[str, Decimal]:
        """Kg CO2e per one unit by column; those that are 0 are left out."""
        fields = _COLUMNS[self.source.version]
        sums = {
            name: sum((self.source.decimal(field) or _ZERO for field in listed), _ZERO)
            for name, listed in fields.items()
        }
        sums["unassigned"] = self._stated(sums) - sum((sums[name] for name in _IN_FOOTPRINT), _ZERO)
        return {name: _DIGITS.divide(value, self.amount) for name, value in sums.items() if value}

    @property
    def priced_columns(self) -> Mapping[str, Decimal]:
        """The columns, or a fossil one of 0 where the footprint is 0: then it is known, and not missing."""
        return self.columns or {"fossil": _ZERO}

    def _stated(self, sums: Mapping[str, Decimal]) -> Decimal:
        """The footprint as it is stated; version 2 states the fossil part alone, to which its other parts are added."""
        stated = self.source.decimal("pcfExcludingBiogenicUptake")
        return sum((sums[name] for name in _IN_FOOTPRINT), _ZERO) if stated is None else stated

    @property
    def reports(self) -> tuple[str, ...]:
        """The assessment reports of the IPCC whose potentials it uses."""
        pcf = self.source.pcf
        listed = pcf.get("ipccCharacterizationFactors") or pcf.get("ipccCharacterizationFactorsSources")
        single = pcf.get("characterizationFactors")
        found = listed if isinstance(listed, list) else [single]
        return tuple(str(item) for item in found if item)

    @property
    def valid(self) -> tuple[datetime | None, datetime | None]:
        """From when to when it is valid, as stated or by the rule of the specification."""
        first, last = self.source.moment("validityPeriodStart"), self.source.moment("validityPeriodEnd")
        end = self.source.moment("referencePeriodEnd")
        if last is None and end is not None:
            year = end.year + _YEARS_VALID
            last = end.replace(year=year, day=28) if (end.month, end.day) == (2, 29) else end.replace(year=year)
        return first, last

    def doubts(self, period: Period, gwp: str, as_of: date | None = None) -> Iterator[Finding]:
        """What speaks against its use, with its file: errors first.

        Parameters
        ----------
        period : Period
            The reference period of what it goes into.
        gwp : str
            The edition of the potentials of the calculation.
        as_of : date, optional
            What was made later is not used.
        """
        values: dict[str, Any] = {"footprint": self.name}
        begin, end = (datetime.combine(day, time(), UTC) for day in (period.start, period.end))
        first, last = self.valid
        if self.source.text("status") == "Deprecated":
            yield self._at("SUPPLIER_FOOTPRINT.deprecated", **values)
        if last is not None and last < begin:
            yield self._at(
                "SUPPLIER_FOOTPRINT.expired", **values, last=last.date().isoformat(), period=str(period.start)
            )
        if first is not None and first >= end:
            yield self._at(
                "SUPPLIER_FOOTPRINT.not_yet", **values, first=first.date().isoformat(), period=str(period.last_day)
            )
        if self._is_below_zero():
            yield self._at("SUPPLIER_FOOTPRINT.negative", **values, stated=decimal_text(self._whole))
        created = self.source.moment("created")
        if as_of is not None and (created is None or created.date() > as_of):
            yield self._at(
                "SUPPLIER_FOOTPRINT.later", **values, created=self.source.text("created")[:10], as_of=str(as_of)
            )
        yield from self._valid_in_part(period)
        yield from self._warnings(gwp)

    @property
    def _whole(self) -> Decimal:
        """The footprint without the uptake of biomass, kg CO2e per one unit."""
        return sum((self.columns.get(name, _ZERO) for name in (*_IN_FOOTPRINT, "unassigned")), _ZERO)

    def _is_below_zero(self) -> bool:
        """Whether the footprint is negative although it states no removals that would make it so."""
        return self._whole < min(_ZERO, self.columns.get("removals", _ZERO))

    def _valid_in_part(self, period: Period) -> Iterator[Finding]:
        """That the validity begins or ends within the reference period: purchases of the other months need another footprint."""
        first, last = self.valid
        begin, end = (datetime.combine(day, time(), UTC) for day in (period.start, period.end))
        days = {"first": first.date().isoformat() if first else "", "last": last.date().isoformat() if last else ""}
        if last is not None and begin <= last < end - timedelta(days=1):
            yield self._at("SUPPLIER_FOOTPRINT.ends_within", footprint=self.name, last=days["last"])
        if first is not None and begin < first < end:
            yield self._at("SUPPLIER_FOOTPRINT.begins_within", footprint=self.name, first=days["first"])

    def _warnings(self, gwp: str) -> Iterator[Finding]:
        """Other potentials than those of the calculation, and parts that are not the whole."""
        values: dict[str, Any] = {"footprint": self.name}
        basis = basis_named(gwp)
        if not self.reports:
            yield self._at("SUPPLIER_FOOTPRINT.no_gwp", **values, used=basis or gwp)
        elif set(self.reports) != {basis}:
            yield self._at("SUPPLIER_FOOTPRINT.gwp", **values, given=self.reports, used=basis or gwp)
        rest, whole = (
            self.columns.get("unassigned", _ZERO),
            sum(self.columns.get(name, _ZERO) for name in _IN_FOOTPRINT),
        )
        if abs(rest) > _CLOSE * abs(whole + rest):
            stated = f"{decimal_text(whole + rest)}"
            yield self._at("SUPPLIER_FOOTPRINT.parts", **values, stated=stated, parts=decimal_text(Decimal(whole)))

    def _at(self, key: str, **values: Any) -> Finding:
        """A finding at its file."""
        return Finding.of(key, **values).at(file=self.source.file)

    def amount_in_units(self, amount: float, unit: str, mass_kg: float | None) -> float | None:
        """An amount that is bought in the unit of the footprint; None if nothing leads from the one to the other.

        Parameters
        ----------
        amount, unit : float, str
            What is bought.
        mass_kg : float or None
            Mass of one unit that is bought, kg.
        """
        try:
            bought = canonical_unit(unit)
        except CarbonLedgerError:
            return None
        if not self.unit:
            return None
        if is_convertible(bought, self.unit):
            return amount * conversion_factor(bought, self.unit)
        if dimension_of(bought) == "mass" and self.mass_kg:
            return amount * conversion_factor(bought, "kg") / float(self.mass_kg)
        if dimension_of(self.unit) == "mass" and mass_kg:
            return amount * mass_kg * conversion_factor("kg", self.unit)
        return None


@dataclass(frozen=True)
class Suppliers:
    """The footprints of suppliers that can be read.

    Parameters
    ----------
    footprints : tuple of SupplierFootprint
        In the order of their files.
    findings : tuple of Finding
        What is wrong with their files.
    """

    footprints: tuple[SupplierFootprint, ...] = ()
    findings: tuple[Finding, ...] = ()

    def named(self, name: str) -> list[SupplierFootprint]:
        """Those that a row may mean."""
        return [item for item in self.footprints if name in item.names]

    @cached_property
    def edition(self) -> Edition | None:
        """Their columns as factors, kg CO2e per unit; None if there are none.

        A factor has no sign: removals and uptake are stated as what is taken up, and counted against the rest by their column.
        """
        rows = [
            _factor_row(number, item, column, value)
            for number, item in enumerate(self.footprints)
            for column, value in item.priced_columns.items()
            if item.unit
        ]
        if not rows:
            return None
        name, _, version = EDITION.partition("@")
        return replace(stated_edition(rows), name=name, version=version)

    @cached_property
    def references(self) -> Mapping[tuple[str, str], str]:
        """By file and id of a footprint with its column, the factor that an entry names."""
        if self.edition is None:
            return {}
        found = {factor.variant: factor.reference for factor in self.edition.factors()}
        return {
            (f"{number}", column): found[variant]
            for number, item in enumerate(self.footprints)
            for column in item.priced_columns
            if (variant := _variant(number, item, column)) in found
        }

    def reference(self, footprint: SupplierFootprint, column: str) -> str:
        """The factor of a column."""
        return self.references[f"{self.footprints.index(footprint)}", column]

    def pinned_with(self, factors: PinnedFactors) -> PinnedFactors:
        """Some pins with these factors beside them; a book's own pins are left as they are."""
        if self.edition is None:
            return factors
        # What was made later than the day that is asked for is refused where it is used, see `doubts`.
        known = {"date_published": factors.as_of.isoformat()} if factors.as_of else {}
        edition = replace(self.edition, metadata={**self.edition.metadata, **known})
        return replace(factors, roles={**factors.roles, "emissions": (*factors.in_role("emissions"), edition)})


def suppliers_of(read: Sequence[PactFootprint], findings: Sequence[Finding] = ()) -> Suppliers:
    """The footprints that may be used: those whose document has no error.

    Parameters
    ----------
    read : sequence of PactFootprint
        From `read_pact`.
    findings : sequence of Finding
        Of their files.

    Returns
    -------
    Suppliers
    """
    kept: dict[str, SupplierFootprint] = {}
    more: list[Finding] = []
    for item in read:
        if any(finding.severity == "error" for finding in item.findings):
            continue
        key = item.text("id")
        if key in kept:
            more.append(Finding.of("PACT_FILE.double", footprint=key, other=kept[key].source.file).at(file=item.file))
            continue
        own = SupplierFootprint(item)
        if not all(math.isfinite(float(value)) for value in own.columns.values()):
            more.append(Finding.of("SUPPLIER_FOOTPRINT.too_large", footprint=own.name).at(file=item.file))
            continue
        kept[key] = own
        if not kept[key].unit:
            more.append(
                Finding.of("SUPPLIER_FOOTPRINT.unit", footprint=kept[key].name, unit=kept[key].pact_unit).at(
                    file=item.file
                )
            )
    return Suppliers(tuple(kept.values()), (*findings, *more))


def _variant(number: int, item: SupplierFootprint, column: str) -> str:
    """What tells a factor from the others."""
    product = re.sub(r"[^a-z0-9]+", "-", item.source.text("productNameCompany").lower()).strip("-")
    return f"{number + 1}-{product or 'footprint'}-{column.replace('_', '-')}"


def _factor_row(number: int, item: SupplierFootprint, column: str, value: Decimal) -> dict[str, Any]:
    """A column as a factor that a book would state."""
    document = item.source
    source = (
        f"PACT product footprint {document.text('id')}, {item.name}, created {document.text('created')}, cradle to gate,"
        f" {', '.join(item.reports) or 'no GWP set'}"
    )
    return {
        "activity": "other",
        "value": decimal_text(abs(value)),
        "unit": f"kg CO2e/{item.unit}",
        "gas": "CO2e",
        "gwp_basis": basis_named(item.reports[0]) if len(item.reports) == 1 else "",
        "variant": _variant(number, item, column),
        "source": source,
        "place": document.file or document.text("id"),
    }
