"""Candidates: the choices of a term with the contribution of each, calculated as for an inventory.

A choice is a handful of published rows. They are pinned without the region, year and variant that they were published for, so that only
these rows apply: the result is what a preparer using them would have calculated.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import product

from carbonledger.activity_data.entries import Entries
from carbonledger.core.activities import GRID_ELECTRICITY
from carbonledger.core.errors import BookError, CarbonLedgerError, MissingBridgeError, UnitError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.rounding import decimal_of
from carbonledger.core.units import conversion_factor
from carbonledger.estimates.value_chain import grid_losses
from carbonledger.factors.editions import read_edition
from carbonledger.factors.factor import COLUMNS, OPTIONAL_COLUMNS, Edition, Factor, latest_day
from carbonledger.factors.gwp import read_gwp
from carbonledger.factors.matching import Match
from carbonledger.factors.pinned import PinnedFactors, load_factors
from carbonledger.inventory.coefficients import Key, PlanRow, factor_sets_of
from carbonledger.inventory.plan import build_plan
from carbonledger.reconstruction.spaces import ChoiceRule, SpaceTerm
from carbonledger.scope2.avoided_emissions import AvoidedMethod, avoided_emissions

__all__ = ["Choice", "TermChoices", "choices_of"]

# CO2 has the potential 1 in every set; a choice that needs another potential must name its set.
_ANY_SET = "ipcc-ar5@2013"
_SINGLE = {"operating_margin": "baseline_om", "build_margin": "baseline_bm", "fossil_average": "fossil_average"}
_Rates = Iterator[tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of factors and treatment for one term, with its contribution in t CO2e.

    Parameters
    ----------
    labels : tuple of str
        Factors and editions behind it; several if they give the same amount, so that no total can tell them apart.
    treatment, plausibility : str
        As declared; of several the most plausible.
    rate : Decimal
        Its factor, t CO2e per unit of the term; negative if it is subtracted.
    tco2e : Decimal
        Its contribution to the total, t CO2e.
    """

    labels: tuple[str, ...]
    treatment: str
    plausibility: str
    rate: Decimal
    tco2e: Decimal

    @property
    def label(self) -> str:
        """The first of its labels."""
        return self.labels[0]


@dataclass(frozen=True, slots=True)
class TermChoices:
    """A term with its amount and choices.

    Parameters
    ----------
    term : SpaceTerm
        As declared.
    amount : Decimal
        Of its entries, in `unit`.
    unit : str
        The term's.
    choices : tuple of Choice
        As declared; choices of equal amount and treatment are one.
    """

    term: SpaceTerm
    amount: Decimal
    unit: str
    choices: tuple[Choice, ...]


def choices_of(term: SpaceTerm, entries: Entries, known_by: date) -> TermChoices:
    """Every choice of a term, with its contribution.

    Parameters
    ----------
    term : SpaceTerm
        As declared.
    entries : Entries
        The activity data.
    known_by : date
        Later editions are left out; those of unknown date are kept and said to be.

    Returns
    -------
    TermChoices

    Raises
    ------
    BookError
        If the entries have nothing for the term, their units differ in kind, or no row of a rule fits.
    """
    amount, unit, year = _amount_of_term(term, entries)
    found: dict[tuple[Decimal, str], Choice] = {}
    for rule in term.rules:
        for label, rate in _rates(_RuleBasis(term, rule, unit, year, known_by)):
            signed = -rate if rule.subtract else rate
            choice = Choice((label,), rule.treatment, rule.plausibility, signed, amount * signed)
            known = found.setdefault((choice.tco2e, rule.treatment), choice)
            if label not in known.labels:
                found[choice.tco2e, rule.treatment] = replace(known, labels=(*known.labels, label))
    if not found:
        raise BookError(Message.of("SEARCH_SPACE.too_late", term=term.name, known_by=str(known_by)))
    return TermChoices(term, amount, unit, tuple(found.values()))


def _amount_of_term(term: SpaceTerm, entries: Entries) -> tuple[Decimal, str, int]:
    """The amount of a term's entries in its unit, and their year."""
    frame = entries.frame[entries.frame["activity"] == term.activity]
    for name, wanted in (("entity", term.entity), ("site", term.site)):
        frame = frame[frame[name] == wanted] if wanted else frame
    if frame.empty:
        whose = " ".join(part for part in (term.entity, term.site) if part) or Label("anyone", "任何公司")
        values = {"activity": term.activity, "whose": whose}
        raise BookError(Message.of("SEARCH_SPACE.no_entries", term=term.name, **values))
    unit = term.unit or str(frame["unit"].iloc[0])
    try:
        amounts = [
            decimal_of(float(value)) * decimal_of(conversion_factor(str(of), unit))
            for value, of in zip(frame["amount"], frame["unit"], strict=True)
        ]
    except UnitError as error:
        problem = error.says or str(error)
        raise BookError(Message.of("SEARCH_SPACE.mixed_units", term=term.name, problem=problem)) from error
    return sum(amounts, Decimal(0)), unit, int(frame["year"].max())


@dataclass(frozen=True, slots=True)
class _RuleBasis:
    """A rule with its term, unit, year and the date by which editions must have been known."""

    term: SpaceTerm
    rule: ChoiceRule
    unit: str
    year: int
    known_by: date

    @property
    def activity(self) -> str:
        """Whose factors price the term."""
        return self.rule.activity or self.term.activity

    def known(self, names: Sequence[str]) -> list[Edition]:
        """The editions that could have been known."""
        editions = [read_edition(name) for name in names]
        return [item for item in editions if (latest_day(item.date_published) or self.known_by) <= self.known_by]

    def properties(self, edition: Edition) -> list[tuple[Factor, ...]]:
        """Calorific values to combine with factors of an edition, one at a time; all its own if the rule names none."""
        if not self.rule.calorific:
            return [tuple(self.of(edition, "calorific_value") + self.of(edition, "density"))]
        return [
            (value, *self.of(source, "density"))
            for source in self.known(self.rule.calorific)
            for value in self.of(source, "calorific_value")
        ]

    def of(self, edition: Edition, parameter: str) -> list[Factor]:
        """Rows of an edition about the activity."""
        return list(edition.factors(self.activity, parameter))

    def sets(self) -> tuple[str, ...]:
        """The GWP sets to calculate with."""
        return tuple(edition.id for edition in self.known(self.rule.gwp)) if self.rule.gwp else (_ANY_SET,)

    def rate(self, label: str, rows: Sequence[Factor], gwp: str) -> Decimal:
        """The emissions of one unit of the term with only these rows, t CO2e."""
        row = _plan_row(tuple(rows), self.activity, self.unit, gwp)
        needed = sorted({gas.gas for gas in row.gases if gas.gwp is not None and gas.gas != "CO2"})
        if needed and not self.rule.gwp:
            raise BookError(Message.of("SEARCH_SPACE.no_gwp", term=self.term.name, label=label, gases=tuple(needed)))
        return decimal_of(row.emissions_tco2e)

    def tried(self, candidates: Iterator[tuple[str, Sequence[Factor], str]]) -> _Rates:
        """The rates of the candidates that can be converted to the unit of the term."""
        failure: CarbonLedgerError | None = None
        none = True
        for label, rows, gwp in candidates:
            try:
                yield label, self.rate(label, rows, gwp)
                none = False
            except MissingBridgeError as error:
                failure = failure or error
        if none and failure is not None:
            values = {"term": self.term.name, "treatment": self.rule.treatment}
            raise BookError(
                Message.of("SEARCH_SPACE.not_bridged", **values, problem=failure.says or str(failure))
            ) from failure


def _rates(basis: _RuleBasis) -> list[tuple[str, Decimal]]:
    """The labels and rates of a rule; empty only if all its editions were published too late."""
    rule = basis.rule
    found = list(_RATES[rule.kind](basis))
    if not found and (not rule.editions or basis.known(rule.editions)):
        values = {"term": basis.term.name, "treatment": rule.treatment}
        raise BookError(Message.of("SEARCH_SPACE.no_fitting_row", **values, editions=rule.editions))
    return found


@lru_cache(maxsize=1 << 14)
def _plan_row(rows: tuple[Factor, ...], activity: str, unit: str, gwp: str) -> PlanRow:
    """The plan row of an activity and unit with only some rows."""
    editions = [
        _edition_of_rows(read_edition(name), [row for row in rows if row.edition == name])
        for name in dict.fromkeys(row.edition for row in rows)
    ]
    plan = build_plan([Key(activity, unit)], PinnedFactors({"emissions": tuple(editions)}), read_gwp(gwp))
    if not plan.rows:
        raise plan.problems[0].error
    return plan.rows[0]


def _edition_of_rows(edition: Edition, rows: Sequence[Factor]) -> Edition:
    """An edition reduced to some of its rows, each valid for every region, year and use."""
    header = (*COLUMNS, *OPTIONAL_COLUMNS)
    lines = []
    for row in rows:
        cells = {name: getattr(row, name) for name in header} | {"value": row.value_text, "region": "GLOBAL"}
        cells |= {"data_year": "", "variant": "", "boundary": "", "lower": "", "upper": ""}
        if row.parameter in {"residual_mix", "fossil_average"}:
            cells["parameter"] = "emission_factor"
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow([cells[name] for name in header])
        lines.append(text.getvalue())
    return replace(edition, header=header, body="\n".join(lines).encode())


def _nothing_rates(basis: _RuleBasis) -> _Rates:
    """The rate 0."""
    yield basis.rule.treatment, Decimal(0)


def _factor_rates(basis: _RuleBasis) -> _Rates:
    """Rates by emission factors, with grid losses added if the rule names loss rates."""
    for label, rate in basis.tried(_factor_candidates(basis)):
        if not basis.rule.losses:
            yield label, rate
        for loss in basis.rule.losses:
            source = _published_loss_rate(loss.factor, basis) if loss.factor else None
            share = float(source.value_text if source else loss.fraction or 0)
            lost = decimal_of(grid_losses(1.0, basis.unit, share).amount)
            name = f"{source.reference} {source.value_text}" if source else f"{loss.fraction} ({loss.source})"
            yield f"{label} + losses {name}", rate * (1 + lost)


def _published_loss_rate(reference: str, basis: _RuleBasis) -> Factor:
    """A rate of loss by edition and id."""
    name, _, factor_id = reference.partition(":")
    found = [factor for edition in basis.known([name]) for factor in edition.by_id(factor_id)]
    if not found or found[0].parameter != "loss_rate":
        values = {"factor": reference, "known_by": str(basis.known_by)}
        raise BookError(Message.of("SEARCH_SPACE.no_loss_rate", term=basis.term.name, **values))
    return found[0]


def _factor_candidates(basis: _RuleBasis) -> Iterator[tuple[str, Sequence[Factor], str]]:
    """Candidates: rows of one place, year, denominator and use, with a calorific value and a GWP set each."""
    rule = basis.rule
    for edition in basis.known(rule.editions):
        whole = [row for parameter in rule.parameters for row in basis.of(edition, parameter)]
        for rows in _row_sets([row for row in whole if rule.holds(row.region)], rule.variants):
            complete = _with_carbon(rows, whole)
            for values, gwp in product(basis.properties(edition), basis.sets()):
                yield (
                    _combination_label(complete, values if rule.calorific else (), gwp if rule.gwp else ""),
                    (*complete, *values),
                    gwp,
                )
    if not rule.editions:
        yield from ((f"{basis.activity} ({gwp})", (), gwp) for gwp in basis.sets())


def _row_sets(rows: Sequence[Factor], variants: Sequence[str]) -> list[list[Factor]]:
    """Rows that belong together, of the named variants if any are named."""
    groups: dict[tuple[object, ...], list[Factor]] = {}
    for row in rows:
        if not variants or row.variant in variants:
            kind = next(iter(factor_sets_of([Match(row, ())])))
            groups.setdefault((row.parameter, row.region, row.data_year, *kind), []).append(row)
    return list(groups.values())


def _with_carbon(rows: Sequence[Factor], whole: Sequence[Factor]) -> list[Factor]:
    """Rows of CH4 and N2O by use, completed by the CO2 that the publisher gives by fuel."""
    if any(row.gas in {"CO2", "CO2e"} for row in rows):
        return list(rows)
    carbon = (row for row in whole if row.gas == "CO2" and row.unit.partition("/")[2] == rows[0].unit.partition("/")[2])
    return [*(row for row in (next(carbon, None),) if row), *rows]


def _combination_label(rows: Sequence[Factor], values: Sequence[Factor], gwp: str) -> str:
    """The label of a combination of rows."""
    first = rows[0]
    whole = len(rows) == 1
    name = (
        f"{first.reference} {first.value_text}" if whole else f"{first.edition} {rows[-1].variant or rows[-1].region}"
    )
    before = f"{values[0].reference} {values[0].value_text} x " if values else ""
    return f"{before}{name} ({gwp})" if gwp else f"{before}{name}"


def _carbon_rates(basis: _RuleBasis) -> _Rates:
    """Rates of combustion by carbon content."""
    return basis.tried(_carbon_candidates(basis))


def _carbon_candidates(basis: _RuleBasis) -> Iterator[tuple[str, Sequence[Factor], str]]:
    """Candidates: a carbon content with its oxidation factor, and a calorific value."""
    for edition in basis.known(basis.rule.editions):
        pairs = product(basis.of(edition, "carbon_content"), basis.of(edition, "oxidation_factor"))
        for (content, oxidation), values in product(pairs, basis.properties(edition)):
            if values and (basis.rule.mixed or values[0].edition == edition.id):
                label = f"{values[0].reference} {values[0].value_text} x {content.reference}"
                yield label, (content, oxidation, *values), _ANY_SET


def _avoided_rates(basis: _RuleBasis) -> _Rates:
    """Rates by the baselines of grids, as for avoided emissions."""
    rule = basis.rule
    for edition, method in product(basis.known(rule.editions), rule.methods):
        rows = edition.factors(GRID_ELECTRICITY, _SINGLE.get(method, "baseline_om"))
        weights = rule.weights_of if method == "combined_margin" else ("electricity",)
        for technology, row in product(weights, rows):
            if rule.holds(row.region):
                yield _baseline_rate(basis, row, method, technology)


def _baseline_rate(basis: _RuleBasis, row: Factor, method: AvoidedMethod, technology: str) -> tuple[str, Decimal]:
    """The baseline of the region and year of a row, t CO2 per unit of the term."""
    avoided = avoided_emissions(
        conversion_factor(basis.unit, "MWh"),
        load_factors(roles={"avoided": [row.edition, *basis.rule.weights]}),
        activity=technology,
        region=row.region,
        year=row.data_year or basis.year,
        method=method,
    )
    texts = [step.value_text for step in avoided.steps]
    pairs = zip(texts[::2], texts[1::2], strict=True) if method == "combined_margin" else ()
    how = " + ".join(f"{weight} x {margin}" for weight, margin in pairs) or method.replace("_", " ")
    return f"{row.edition} {row.region} {how} = {decimal_of(avoided.factor_t_per_mwh).normalize()}", decimal_of(
        avoided.avoided_tco2
    )


_RATES: dict[str, Callable[[_RuleBasis], _Rates]] = {
    "factor": _factor_rates,
    "carbon": _carbon_rates,
    "avoided": _avoided_rates,
    "nothing": _nothing_rates,
}
