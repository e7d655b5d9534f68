"""Everything of a reporting year that a disclosure draws on, and which of its figures the findings make incomplete."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from carbonledger.activity_data.registers import RegisterEntry
from carbonledger.core.activities import known_activity, taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, in_language, listed
from carbonledger.core.periods import Period
from carbonledger.disclosure.figures import Figure, answered, missing, not_applicable, says
from carbonledger.disclosure.intensity import Driver
from carbonledger.disclosure.scope3_relevance import RelevanceStatement
from carbonledger.disclosure.stated_base_year import StatedBaseYear
from carbonledger.disclosure.stated_target import TargetStatement
from carbonledger.disclosure.stated_uncertainty import PartUncertainty
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.completeness import CompletenessStatement
from carbonledger.inventory.inventory import Inventory
from carbonledger.scope2.market_based import MarketBased

__all__ = ["DisclosureCase", "Measure", "left_out_reason"]

Measure = Literal["energy", "emissions", "instruments", "registers"]

# What a finding prints of the entry it is about; each holds the name of the entry's own activity.
_NAMES_THE_ENTRY = ("activity", "activities", "key", "source", "what", "problem")
# Findings of calculating, which leave an entry its energy if that is known; and others that name the entry's activity.
_OF_CALCULATION = ("HEATING_VALUE_UNKNOWN", "MISSING_BRIDGE", "MISSING_FACTOR", "UNRESOLVED_FACTOR")
_ABOUT_ENTRIES = (*_OF_CALCULATION, "MISSING_ENERGY", "MISSING_MONTHS")
_ABOUT_INSTRUMENTS = ("CERTIFICATE", "INSTRUMENT", "NO_RESIDUAL_MIX")
_DOTTED = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")


@dataclass(frozen=True)
class DisclosureCase:
    """A reporting year as a framework sees it.

    Parameters
    ----------
    inventory : Inventory
        Within the boundary, on pandas.
    period : Period
        The days of the reporting year.
    company, boundary : Label
        The company's name, and what the book says of its boundary; empty if it says nothing.
    approach : str
        The consolidation approach; empty if the book states none.
    statement : CompletenessStatement
        What is missing from the inventory, and what is in doubt.
    scope_2 : MarketBased or None
        Both methods, if the book forms both.
    drivers : sequence of Driver
        What emissions and energy are divided by.
    relevance : sequence of RelevanceStatement
        What the company says of each scope 3 category.
    registers : sequence of RegisterEntry
        Removals and credits.
    registers_file, instruments_file : str
        The files of registers and of instruments, whose rows are in no other figure.
    targets : sequence of TargetStatement
        What the company has promised, with where it stands.
    uncertainty : mapping of str to PartUncertainty
        Of the ``total`` and of each ISO category by its number; empty if the book states none.
    compared : callable
        Gives the compared year; None if there is none, or if it cannot be calculated.
    is_on_net : bool
        Whether fuels are wanted on net heating value.
    base_year : StatedBaseYear or None
        The base year; None if the book states none.
    environment : mapping of str to Figure
        The figures of registers of water, waste and air pollutants, by the names of datapoints; empty without registers.
    savings : mapping of str to Figure
        The figures of savings that were achieved, by the names of datapoints; empty without savings.
    """

    inventory: Inventory
    period: Period
    company: Label
    boundary: Label
    approach: str
    statement: CompletenessStatement
    scope_2: MarketBased | None = None
    drivers: Sequence[Driver] = ()
    relevance: Sequence[RelevanceStatement] = ()
    registers: Sequence[RegisterEntry] = ()
    registers_file: str = ""
    instruments_file: str = ""
    targets: Sequence[TargetStatement] = ()
    uncertainty: Mapping[str, PartUncertainty] = field(default_factory=dict)
    compared: Callable[[], DisclosureCase | None] = lambda: None
    is_on_net: bool = False
    base_year: StatedBaseYear | None = None
    environment: Mapping[str, Figure] = field(default_factory=dict)
    savings: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def previous(self) -> DisclosureCase | None:
        """The compared year."""
        return self.compared()

    @property
    def amounts(self) -> Mapping[int, float]:
        """The summed amount of each plan row, in the row's unit."""
        return self.inventory.remembered("disclosed amounts", self.inventory.by_plan)

    @property
    def rows(self) -> list[PlanRow]:
        """The plan rows that have lines with emissions."""
        return [row for row in self.inventory.plan.rows if row.plan_id in self.amounts]

    @property
    def energy_amounts(self) -> list[tuple[PlanRow, float]]:
        """The plan rows that have lines with their amounts, those without emissions among them."""
        return self.inventory.remembered("disclosed energy", lambda: list(self.inventory.energy_amounts()))

    def affecting(self, measures: Iterable[Measure], chosen: Callable[[str], bool]) -> tuple[Finding, ...]:
        """The findings that keep entries out of some measures of some activities, or may do so.

        Parameters
        ----------
        measures : iterable of {"energy", "emissions", "instruments", "registers"}
            What the figure is made of.
        chosen : callable
            Whether an activity belongs to it.

        Returns
        -------
        tuple of Finding
            One that does not say which activity it is about may concern any.
        """
        wanted = set(measures)
        findings = (*self.statement.left_out, *self.statement.gaps)
        affecting = tuple(item for item in findings if self._measures(item) & wanted and _may_concern(item, chosen))
        return (*affecting, *self._energy_alone(chosen)) if "emissions" in wanted else affecting

    def _energy_alone(self, chosen: Callable[[str], bool]) -> tuple[Finding, ...]:
        """That the book pins no emission factors, if it has entries of some activities that would need one."""
        carriers = self.inventory.plan.unpriced if self.statement.energy_alone else ()
        return (Finding.of("ENERGY_ALONE"),) if any(chosen(row.activity) for row in carriers) else ()

    def _measures(self, finding: Finding) -> set[Measure]:
        """What a finding keeps figures out of."""
        if finding.rule == "MISSING_ENERGY":
            return {"energy"}
        if finding.file and finding.file == self.registers_file:
            return {"registers"}
        if finding.rule.startswith(_ABOUT_INSTRUMENTS) or (finding.file and finding.file == self.instruments_file):
            return {"instruments"}
        named = _activities_in(finding)
        if finding.rule in _OF_CALCULATION and named and named.isdisjoint(self._without_energy):
            return {"emissions", "instruments"}
        return {"energy", "emissions", "instruments"}

    @cached_property
    def _without_energy(self) -> frozenset[str]:
        """The activities of entries that could not be calculated at all, so that their energy is missing too."""
        plan = self.inventory.plan
        kept = {row.key for row in plan.unpriced if row.energy_gj is not None}
        lost = {problem.key for problem in plan.problems if problem.fatal} - kept
        return frozenset(known_activity(key.activity) or key.activity for key in lost)

    def summed(self, value: float, unit: str, findings: Sequence[Finding], *, has_lines: bool) -> Figure:
        """A sum over lines, as the answer to a datapoint.

        Parameters
        ----------
        value : float
            The sum; not a number if a line has none.
        unit : str
            Of the sum.
        findings : sequence of Finding
            What keeps entries out of it, see `affecting`.
        has_lines : bool
            Whether the inventory has lines of it.

        Returns
        -------
        Figure
            Filled only if nothing of it is known to be missing.
        """
        if findings:
            return missing(left_out_reason(findings), unit, value if has_lines else None)
        if not has_lines:
            return not_applicable(says("no_entries"), unit)
        if not math.isfinite(value):
            return missing(says("no_energy"), unit, is_undetermined=True)
        return answered(float(value), unit)


def left_out_reason(findings: Sequence[Finding]) -> Label:
    """What keeps a figure from being whole, by the titles of the findings."""
    titles = list(dict.fromkeys(finding.says.rule.title for finding in findings))
    return says("left_out", titles=Label(listed(titles, "en"), listed(titles, "zh")))


def _may_concern(finding: Finding, chosen: Callable[[str], bool]) -> bool:
    """Whether a finding is about some activities; true if it does not say."""
    named = _activities_in(finding)
    return not named or any(chosen(name) for name in named)


def _activities_in(finding: Finding) -> set[str]:
    """The activities that a finding names as those of its entries; empty if it does not say for sure."""
    if finding.rule not in _ABOUT_ENTRIES:
        return set()
    texts = [str(in_language(value, "en")) for name, value in finding.says.values if name in _NAMES_THE_ENTRY]
    return {name for text in texts for name in _DOTTED.findall(text) if name in taxonomy()}
