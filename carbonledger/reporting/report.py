"""Everything a book says about its year, as plain data.

The text, and later the page and the workbook, are drawn from this; nothing is calculated while drawing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonledger.audit.case import AuditCase
from carbonledger.audit.netted_factor import NettedFactor
from carbonledger.core.activities import activities_where
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang, in_language
from carbonledger.core.plain_data import plain_data
from carbonledger.core.units import conversion_factor, dimension_of
from carbonledger.disclosure.intensity import Intensity
from carbonledger.disclosure.primary_energy import ROLE, national_energy
from carbonledger.disclosure.standards import Profile
from carbonledger.factors.partial_editions import partial_statement
from carbonledger.inventory.completeness import CompletenessStatement, completeness_of
from carbonledger.published.network import ConstraintNetwork
from carbonledger.published.recalculation import RebuiltFigure
from carbonledger.reporting.over_time import OverTime
from carbonledger.reporting.policies import policy_rows
from carbonledger.reporting.published_records import (
    network_record,
    rebuilt_record,
    reconstruction_record,
    verdict_record,
)
from carbonledger.reporting.standing import YearStanding
from carbonledger.scenarios.measure_effect import MeasureEffect
from carbonledger.scenarios.saved import SavingsRegister
from carbonledger.scope2.avoided_emissions import AvoidedEmissions

if TYPE_CHECKING:
    import pandas as pd

    from carbonledger.reconstruction.declared import ReconstructionResult

__all__ = ["Report"]

# What a difference of sums in binary arithmetic may leave.
_LEFT_OVER = 1e-12


class Report(OverTime, AuditCase):
    """A reporting year as it is reported: figures beside what was published, in words of either language, or as plain data.

    The reporting year of a book is one; it calculates each attribute once, when it is first asked for.

    Attributes
    ----------
    settings : mapping
        The book's settings.
    stated : mapping
        The settings that the book's file states; the rest are defaults.
    entity_names : mapping
        By language, what to print for each company.
    findings : tuple of Finding
        Of reading, of calculating, and of the sixteen checks.
    avoided : AvoidedEmissions or None
        The register of avoided emissions, t CO2.
    profiles : tuple of Profile
        The inventory as each standard counts it.
    intensities : tuple of Intensity
        Per driver.
    scope_3 : mapping
        By language, the relevance matrix of scope 3.
    network : ConstraintNetwork or None
        All relations at once: narrowed figures and contradictions.
    netted : NettedFactor or None
        The factor at which avoided emissions may have been subtracted from the printed total.
    reconstructions : tuple of ReconstructionResult
        The declared reconstructions of the printed total.
    changes : mapping
        By axis, the comparison with the previous year.
    reading : Label
        What was read: files, sheets, rows, what became of them, and the amounts.
    reading_data : mapping
        The same as plain data.
    standing : YearStanding or None
        Whether the year is closed, and what is other since then.
    compared_with : Label or None
        Which state of the previous year is compared with, where that is a book of its own.
    """

    settings: Mapping[str, Any]
    stated: Mapping[str, Any]
    entity_names: Mapping[str, Mapping[str, str]]
    findings: tuple[Finding, ...]
    avoided: AvoidedEmissions | None
    profiles: tuple[Profile, ...]
    intensities: tuple[Intensity, ...]
    scope_3: Mapping[str, pd.DataFrame]
    network: ConstraintNetwork | None
    netted: NettedFactor | None
    reconstructions: tuple[ReconstructionResult, ...]
    changes: Mapping[str, pd.DataFrame]
    reading: Label
    reading_data: Mapping[str, Any]
    standing: YearStanding | None
    compared_with: Label | None

    @cached_property
    def completeness(self) -> CompletenessStatement:
        """Whether the totals are complete and beyond doubt."""
        counts = None if self.published_alone else self.inventory.counts
        return completeness_of(
            self.findings, counts, beside={self.settings["files"][name] for name in ("registers", "history")}
        )

    def head_lines(self, lang: Lang) -> list[str]:
        """What every output of the year begins with: whether it is closed, if it ever was, and whether it is complete and beyond doubt."""
        return [*(self.standing.lines(lang) if self.standing else ()), *self.completeness.lines(lang)]

    @property
    def measures(self) -> tuple[MeasureEffect, ...]:
        """What each measure that is planned would change, beside the inventory and in no total; a book may plan some."""
        return ()

    @property
    def measures_together(self) -> MeasureEffect | None:
        """What the measures with a known effect would change together; None if there are not several."""
        return None

    @property
    def savings(self) -> SavingsRegister | None:
        """The savings that were achieved, beside the inventory and in no total; None if the book states none."""
        return None

    @property
    def published_alone(self) -> bool:
        """Whether the book has published figures and no entries, so that there is no inventory."""
        files = self.settings["files"]
        return not (files["entries"] or files["estimates"] or self.settings["readings"])

    @property
    def has_entries(self) -> bool:
        """Whether there are entries, of whichever year; a publication may stand alone."""
        return self.all_entries is not None and len(self.all_entries) > 0

    @property
    def findings_about_published(self) -> tuple[Finding, ...]:
        """The findings about published figures; none where no entries could differ from them."""
        return self.findings if self.has_entries else ()

    def printed_for(self, activity: str, entity: str) -> RebuiltFigure | None:
        """The printed energy of a row of the energy table."""
        wanted = ("energy_gj", activity, entity)
        return next((item for item in self.rebuilt if (item.quantity, item.activity, item.entity) == wanted), None)

    @property
    def printed_total(self) -> RebuiltFigure | None:
        """The printed total of emissions of the reporting year, if it could be recalculated."""
        for item in self.rebuilt:
            known = item.verdict.computed is not None and item.figure.year in {None, self.year}
            known = known and item.figure.unit != "" and dimension_of(item.figure.unit) == dimension_of("t CO2e")
            if item.quantity == "emissions_tco2e" and not item.activity and known:
                return item
        return None

    def totals(self) -> dict[str, float]:
        """The gross totals, one per scope 2 method, t CO2e.

        Where entries are left out there is no total: ``total_...`` is not a number, and ``calculated_...`` has the sum of the others.
        """
        location = float(self.inventory.total_location_based().magnitude)
        totals = {"total_location_based_tco2e": location}
        if self.scope_2 is not None:
            change = self.scope_2.market_based_tco2e - self.scope_2.location_based_tco2e
            total = location + change
            totals["total_market_based_tco2e"] = 0.0 if abs(total) <= _LEFT_OVER * max(1.0, location) else total
        if not self.completeness.is_part:
            return totals
        parts = {name.replace("total_", "calculated_", 1): value for name, value in totals.items()}
        return dict.fromkeys(totals, math.nan) | parts

    def data_types(self) -> dict[str, float]:
        """The share of the emissions by how the activity data were obtained, largest first; empty without emissions."""
        table = self.inventory.by("data_type")
        total = float(table["emissions_tco2e"].sum())
        pairs = zip(table["data_type"], table["emissions_tco2e"], strict=True)
        shares = {str(name) or "not_stated": float(value) / total for name, value in pairs if total and value}
        return dict(sorted(shares.items(), key=lambda pair: -pair[1]))

    @property
    def renewable_share_with_attributes(self) -> float | None:
        """The share of energy that may be claimed as renewable: renewable fuels, and what certificates and kept attributes prove.

        None if the book keeps no market-based scope 2; a fraction of the GJ of the energy table.
        """
        if self.scope_2 is None:
            return None
        table = self.inventory.energy_table("id")
        rows = table[table["level"] == "row"]
        burnt = rows["carrier"].isin(activities_where(kind="fuel")) & (rows["class"] == "renewable")
        proven = float(rows.loc[burnt, "energy_gj"].sum()) + self.scope_2.renewable_mwh * conversion_factor("MWh", "GJ")
        total = float(table["energy_gj"].iloc[-1])
        return proven / total if total else math.nan

    def editions(self, lang: Lang) -> list[dict[str, str]]:
        """Every edition that the figures rest on; of a partial one, what it carries and what not in a language."""
        inventory = self.inventory
        used = {factor.edition for row in inventory.plan.rows for factor in row.factors}
        used |= {edition.id for edition in inventory.factors.in_role(ROLE)}
        if self.avoided is not None:
            used |= {step.factor.edition for step in self.avoided.steps if step.factor}
        rows = []
        for name in sorted(used):
            edition, partial = inventory.editions[name], partial_statement(name)
            rows.append(
                {
                    "edition": edition.id,
                    "title": edition.title,
                    "publisher": edition.publisher,
                    "document": edition.document,
                    "date_published": edition.date_published,
                    "licence": edition.licence,
                    "attribution": str(edition.metadata.get("attribution") or ""),
                    "status": edition.status,
                    "partial": partial.text(lang) if partial else "",
                    "sha256": edition.sha256,
                }
            )
        return rows

    def energy_rows(self, lang: Lang) -> list[dict[str, Any]]:
        """The energy table, each row with what the published report printed."""
        ids = self.inventory.energy_table("id")
        table = self.inventory.energy_table(lang, self.entity_names[lang])
        rows = []
        for row, names in zip(table.to_dict("records"), ids.to_dict("records"), strict=True):
            printed = self.printed_for(names["carrier"], names["entity"]) if names["level"] == "row" else None
            rows.append(
                {
                    **{str(name): value for name, value in row.items()},
                    "activity": names["carrier"],
                    "entity_id": names["entity"],
                    "printed_gj": printed.figure.figure.text if printed else None,
                    "verdict": printed.verdict.outcome if printed else None,
                }
            )
        return rows

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The report as plain data for JSON.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the labels.

        Returns
        -------
        dict
            Unrounded numbers, units in the names; a number that is missing is null.
        """
        data = {
            "company": self.settings["company"],
            "boundary": self.settings["boundary"],
            "reading": self.reading_data,
            **(self._no_inventory(lang) if self.published_alone else self._calculated(lang)),
            "environment": self.environment.to_dict(lang) if self.environment else None,
            **self._published_data(lang),
            "findings": [finding.to_dict(lang) for finding in self.findings],
        }
        plain: dict[str, Any] = plain_data(data)
        return plain

    def _no_inventory(self, lang: Lang) -> dict[str, Any]:
        """What stands in the place of the inventory where there are published figures alone."""
        errors = [item for item in self.findings if item.severity == "error"]
        return {
            "complete": None,
            "missing": [],
            "in_doubt": [],
            "printed_in_doubt": sorted({item.rule for item in errors if item.effect != "environment"}),
            "environment_in_doubt": sorted({item.rule for item in errors if item.effect == "environment"}),
            "exit_code": int(bool(errors)),
            "statement": [self.reading.text(lang)],
            "inventory": None,
            "totals": {},
        }

    def _calculated(self, lang: Lang) -> dict[str, Any]:
        """What is calculated from the entries."""
        inventory = self.inventory
        return {
            **self.completeness.to_dict(lang),
            "energy_table": self.energy_rows(lang),
            "renewable_share": inventory.renewable_share(),
            "renewable_share_with_attributes": self.renewable_share_with_attributes,
            "national_energy": national_energy(inventory).to_dict("records"),
            "inventory": {
                "scope_2_method": "location-based",
                "gwp_set": inventory.gwp.edition,
                **{key: value for key, value in self.totals().items() if key.endswith("location_based_tco2e")},
                **{
                    f"by_{axis}": inventory.by(axis).to_dict("records")
                    for axis in ("scope", "gas", "gas_group", "entity", "activity")
                },
            },
            "data_types": self.data_types(),
            "scope_2": self._market_based(lang),
            "scope_3": self.scope_3[lang].to_dict("records") if self.scope_3 else [],
            "totals": self.totals(),
            "registers": {
                "biogenic_co2_tco2": float(inventory.biogenic_co2().magnitude),
                "other_gases": inventory.other_gases().to_dict("records"),
                "avoided_emissions": self._avoided(),
                "removals_and_credits": [asdict(item) for item in self.registers],
            },
            "measures": [item.to_dict(lang) for item in self.measures],
            "measures_together": self.measures_together.to_dict(lang) if self.measures_together else None,
            "uncertainty": self.uncertainty_data(lang),
            "profiles": {
                item.name: {
                    **asdict(replace(item, problems=())),
                    "problems": [in_language(problem, lang) for problem in item.problems],
                    **self._profile_total(item),
                }
                for item in self.profiles
            },
            "intensities": [{**asdict(item), "scopes": item.scopes} for item in self.intensities],
            "changes": {axis: table.to_dict("records") for axis, table in self.changes.items()},
            "change_effects": self.change_effects.to_dict(lang, self.entity_names[lang])
            if self.change_effects
            else None,
            "like_for_like": self.comparison.like_for_like_data() if self.comparison else None,
            "policies": policy_rows(self.settings, lang, self.stated),
            "editions": self.editions(lang),
        }

    def _profile_total(self, item: Profile) -> dict[str, float | None]:
        """The total of a standard; where entries are left out, the sum of the others under another name."""
        total = item.total_location_based_tco2e
        if self.completeness.is_part:
            return {"total_location_based_tco2e": None, "calculated_location_based_tco2e": total}
        return {"total_location_based_tco2e": total}

    def published_data(self, lang: Lang = "en") -> dict[str, Any]:
        """What is said of printed figures as plain data, see `to_dict`."""
        plain: dict[str, Any] = plain_data(self._published_data(lang))
        return plain

    def _published_data(self, lang: Lang) -> dict[str, Any]:
        """What is said of printed figures."""

        def label_of(name: str) -> str:
            return self.figure_label(name, lang)

        return {
            "rebuilt": [rebuilt_record(item, lang) for item in self.rebuilt],
            "relations": [verdict_record(item, lang) for item in self.verdicts],
            "network": network_record(self.network, label_of) if self.network else None,
            "avoided_netted": asdict(self.netted) if self.netted else None,
            "reconstructions": [reconstruction_record(item, lang) for item in self.reconstructions],
        }

    def _market_based(self, lang: Lang) -> dict[str, Any] | None:
        """Scope 2 by both methods as plain data."""
        if self.scope_2 is None or self.completeness.energy_alone:
            return None
        findings = [finding.to_dict(lang) for finding in self.scope_2.findings]
        return {**asdict(replace(self.scope_2, findings=())), "findings": findings}

    def _avoided(self) -> dict[str, Any] | None:
        """The register as plain data."""
        if self.avoided is None:
            return None
        item = self.avoided
        return {
            "activity": item.activity,
            "energy_mwh": item.energy_mwh,
            "factor_tco2_per_mwh": item.factor_t_per_mwh,
            "avoided_tco2": item.avoided_tco2,
            "method": item.method,
            "region": item.region,
            "factors": [step.factor.reference for step in item.steps if step.factor],
            "part_of_a_total": False,
        }

    def figure_label(self, name: str, lang: Lang) -> str:
        """A published figure as it is called and printed; an unknown by its name."""
        figure = self.published.get(name)
        return name.removeprefix("?") if figure is None else f"{figure.label.text(lang)} {figure.figure.text}"
