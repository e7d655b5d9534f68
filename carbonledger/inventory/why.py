"""The whole decision about an activity, series by series: what `calculate` would use if a book pinned a series, and why nothing else.

Each series of editions is pinned alone and its plan is built as for an entry, so that what is printed here and what an inventory does
cannot differ. Editions that another one corrects are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from carbonledger.core.activities import taxonomy
from carbonledger.core.errors import AmbiguousFactorError, CarbonLedgerError, MissingFactorError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.regions import canonical_region, enclosing_regions
from carbonledger.factors.activity_list import usual_units
from carbonledger.factors.editions import CatalogueRow, catalogue, editions_about, is_corrected, read_edition
from carbonledger.factors.factor import Edition, latest_day
from carbonledger.factors.gwp import GwpSet, read_gwp
from carbonledger.factors.matching import Decision, Match, Query, find_factors
from carbonledger.factors.pinned import OF_EMISSIONS, PinnedFactors
from carbonledger.factors.refusals import Refusal
from carbonledger.inventory.coefficients import Key, PlanRow
from carbonledger.inventory.plan import build_plan

__all__ = ["Method", "SeriesDecision", "editions_by_series", "gwp_sets", "why"]

Method = Literal["", "factor", "carbon_content", "gwp", "none", "reported"]
_FACTOR, _CARBON = "emission_factor", "carbon_content"


@dataclass(frozen=True, slots=True)
class SeriesDecision:
    """What one series of editions answers.

    Parameters
    ----------
    series : str
        The name that its editions share; empty where no edition is needed.
    decision : Decision or None
        The factors that a calculation uses, and the candidates refused; None if the series contradicts itself, or none is asked.
    remark : str or Label or Message
        Why there is no factor, or what goes with it.
    method : str
        How the emissions come about: ``factor`` (amount x emission factor), ``carbon_content`` (amount x calorific value x carbon content
        x oxidation), ``gwp`` (mass x potential), ``none`` (no emissions by the standards), ``reported`` (the amount is the emissions);
        empty if nothing is calculated.
    unit : str
        The unit of the amount for which this holds.
    refusals : tuple of Refusal
        The candidates that a calculation does not use, the nearest first.
    """

    series: str
    decision: Decision | None
    remark: str | Label | Message = ""
    method: Method = ""
    unit: str = ""
    refusals: tuple[Refusal, ...] = ()

    @property
    def matches(self) -> tuple[Match, ...]:
        """The factors that a calculation uses, in the order of its steps."""
        return self.decision.matches if self.decision else ()


def why(
    activity: str,
    region: str,
    year: int,
    *,
    unit: str = "",
    parameter: str = _FACTOR,
    gwp: str = "",
    as_of: date | None = None,
    folder: Path | None = None,
) -> list[SeriesDecision]:
    """Which factors each series would give to an entry, and why not others.

    Parameters
    ----------
    activity : str
        A name of the taxonomy.
    region : str
        Where it took place: any text of `carbonledger.core.regions.canonical_region`.
    year : int
        When.
    unit : str, optional
        In which unit its amount is measured; by default the first usual one that the series can serve.
    parameter : str
        Which property: the emissions with everything that goes into them, or another, such as ``calorific_value``, alone.
    gwp : str, optional
        The GWP set of the inventory; by default the basis of the series, and for gases that escape every set.
    as_of : date, optional
        What had been published by this day.
    folder : Path, optional
        A factor folder of your own.

    Returns
    -------
    list of SeriesDecision
        One for each series that has the activity, those that answer first, then the nearest. Series never stand for each other: the book
        chooses one.

    Raises
    ------
    RegionError
        If the region cannot be read.

    Examples
    --------
    >>> [(item.series, item.matches[0].factor.value_text) for item in why("electricity.grid", "CN-SD", 2025) if item.matches]
    [('cn-mee-nbs-grid', '0.6191'), ('cn-mee-grid-enterprise', '0.5703')]
    """
    question = _Question(activity, canonical_region(region) if region else "", year, unit, gwp, as_of, folder)
    known = taxonomy().get(activity)
    if parameter != _FACTOR or known is None:
        found = [question.property_of(*item, parameter) for item in question.series()]
    elif known.emissions == "none":
        return [SeriesDecision("", None, method="none")]
    elif known.emissions == "reported":
        return [SeriesDecision("", None, method="reported")]
    else:
        escapes = known.kind in {"refrigerant", "process"}
        found = [*(question.potentials() if escapes else ()), *(question.priced(*item) for item in question.series())]
    return sorted(filter(None, found), key=question.nearness)


@dataclass(frozen=True)
class _Question:
    """What is asked of every series."""

    activity: str
    region: str
    year: int
    unit: str
    gwp: str
    as_of: date | None
    folder: Path | None

    def query(self, role: str, parameter: str) -> Query:
        """What is asked of a role."""
        return Query(role, self.activity, parameter, self.region, self.year)

    def series(self) -> Iterator[tuple[str, PinnedFactors]]:
        """Every series that can be pinned, alone."""
        for name, editions in editions_by_series(catalogue(self.folder), self.folder).items():
            yield name, self.pinned(editions)

    def pinned(self, editions: Sequence[Edition]) -> PinnedFactors:
        """Editions in the roles that their publishers meant them for, and under ``any``."""
        roles: dict[str, tuple[Edition, ...]] = {"any": tuple(editions)}
        for edition in editions:
            roles.update({role: (*roles.get(role, ()), edition) for role in edition.roles})
        return PinnedFactors(roles, self.as_of)

    def property_of(self, series: str, factors: PinnedFactors, parameter: str) -> SeriesDecision | None:
        """What a series says of one property; None if it has nothing to say."""
        try:
            decision = find_factors(factors, self.query("any", parameter))
        except AmbiguousFactorError as error:
            return SeriesDecision(series, None, error.says or str(error))
        refusals = decision.refusals
        return SeriesDecision(series, decision, refusals=refusals) if decision.matches or refusals else None

    def priced(self, series: str, factors: PinnedFactors) -> SeriesDecision | None:
        """What a calculation does with a series alone; None if it has no figure for the activity, or is not for emissions."""
        try:
            found = [find_factors(factors, self.query("emissions", parameter)) for parameter in (_FACTOR, _CARBON)]
        except AmbiguousFactorError as error:
            return SeriesDecision(series, None, error.says or str(error))
        if not any(decision.matches or decision.refusals for decision in found):
            return None
        decision = next((item for item in found if item.matches), found[0] if found[0].refusals else found[1])
        row, problem = self.plan_row(factors, _gwp_of(factors, self.gwp, self.folder))
        if row is None:
            told = "" if isinstance(problem, MissingFactorError) else problem.says or str(problem)
            return SeriesDecision(series, decision._replace(matches=()), told, refusals=decision.refusals)
        used = _used(row)
        method: Method = "carbon_content" if any(match.factor.parameter == _CARBON for match in used) else "factor"
        if not any(match.factor.parameter in OF_EMISSIONS for match in used):
            # A gas that escapes is priced by its mass and potential, whatever figure the publisher gives for it.
            remark = Label.of("why_named_only") if decision.matches else ""
            return SeriesDecision(series, decision._replace(matches=()), remark, refusals=decision.refusals)
        chosen = decision._replace(matches=used)
        return SeriesDecision(series, chosen, "", method, row.unit, chosen.refusals)

    def plan_row(self, factors: PinnedFactors, gwp: GwpSet) -> tuple[PlanRow | None, CarbonLedgerError]:
        """The plan of an entry in the first unit that works, and what is wrong with the first one that does not."""
        problems: list[CarbonLedgerError] = []
        for unit in self.units():
            plan = build_plan([Key(self.activity, unit, self.region, self.year)], factors, gwp)
            if plan.rows:
                return plan.rows[0], MissingFactorError()
            problems += [problem.error for problem in plan.problems if problem.fatal]
        # A factor that is there but cannot be reached says more than none.
        telling = [error for error in problems if not isinstance(error, MissingFactorError)]
        return None, (telling or problems)[0]

    def units(self) -> Iterable[str]:
        """The unit asked for, or the usual ones of the place, first one of each dimension."""
        if self.unit:
            return (self.unit,)
        country = self.region.partition("-")[0]
        by_dimension = [usual_units(dimension, country) for dimension in taxonomy()[self.activity].dimensions]
        return [units[0] for units in by_dimension if units[0] != "any"] or ["kg"]

    def potentials(self) -> Iterator[SeriesDecision]:
        """What each GWP set gives for a gas that escapes."""
        names = [self.gwp] if self.gwp else gwp_sets(self.folder)
        nothing = PinnedFactors({}, self.as_of)
        for name in names:
            row, problem = self.plan_row(nothing, read_gwp(name))
            if row is None:
                yield SeriesDecision(name, None, problem.says or str(problem))
            else:
                potentials = tuple(Match(gas.gwp, ("exact",)) for gas in row.gases if gas.gwp)
                query = self.query("gwp", "gwp")
                yield SeriesDecision(name, Decision(query, (*_used(row), *potentials), nothing), "", "gwp", row.unit)

    def nearness(self, item: SeriesDecision) -> tuple[object, ...]:
        """Series that answer before those that do not, the nearest region before the nearest year."""
        if item.matches:
            around = enclosing_regions(self.region) if self.region else {}
            factor = item.matches[-1].factor
            return 0, around.get(factor.region, 0), self.year - (factor.data_year or self.year), item.series
        near = [refusal.nearness[1:] for refusal in item.refusals if refusal.is_near]
        return 1, not near, *(near[0] if near else (0, 0)), item.series


def _used(row: PlanRow) -> tuple[Match, ...]:
    """Every factor behind the gases of a plan row once, with how it was found."""
    steps = [step for gas in row.gases for step in gas.steps if step.factor]
    found = {step.factor: Match(step.factor, tuple(step.kind.split(", "))) for step in steps if step.factor}
    return tuple(found.values())


def editions_by_series(rows: Mapping[str, CatalogueRow], folder: Path | None) -> dict[str, list[Edition]]:
    """The editions that are not withdrawn, by the name they share; a corrected edition stands for the one it corrects."""
    series: dict[str, list[Edition]] = {}
    for name, row in rows.items():
        if row.status != "withdrawn" and not is_corrected(name, folder):
            series.setdefault(name.split("@")[0], []).append(read_edition(name, folder))
    return series


def gwp_sets(folder: Path | None) -> list[str]:
    """The GWP sets that may be used, the newest last."""
    rows = [catalogue(folder)[name] for name in editions_about("", "gwp", folder)]
    dated = [(latest_day(row.date_published) or date.min, row.edition) for row in rows if row.status == "current"]
    return [name for _, name in sorted(dated) if _is_set(name)]


def _is_set(name: str) -> bool:
    """Whether an edition is a whole GWP set."""
    try:
        return bool(read_gwp(name).of("CH4"))
    except CarbonLedgerError:
        return False


def _gwp_of(factors: PinnedFactors, name: str, folder: Path | None) -> GwpSet:
    """The GWP set asked for, else the one on which the newest edition rests, else the newest."""
    if name:
        return read_gwp(name)
    sets = gwp_sets(folder)
    basis = str(factors.editions[-1].metadata.get("gwp_basis") or "").casefold()
    return read_gwp(next((item for item in sets if basis and f"-{basis}@" in item), sets[-1]))
