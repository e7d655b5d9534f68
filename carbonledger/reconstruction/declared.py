"""Declared reconstructions: combinations of factors that may explain a printed total.

A reconstruction is a combination of published factors and treatments, declared in a data file and calculated by
the same engine as the inventory. That its result prints as the published total makes it plausible; many other
combinations may do so too, and none is ever called an identification.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from carbonledger.activity_data.entries import Entries
from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.printed_number import Figure, Outcome, agreement
from carbonledger.core.rounding import decimal_of, round_figure
from carbonledger.core.toml_file import read_toml
from carbonledger.factors.pinned import load_factors
from carbonledger.inventory.calculate import calculate
from carbonledger.scope2.avoided_emissions import AvoidedMethod, avoided_emissions, energy_of

__all__ = [
    "Reconstruction",
    "ReconstructionResult",
    "ReconstructionTerm",
    "TermResult",
    "read_reconstructions",
    "reconstruct",
]

_EXACT_DECIMALS = 4


class ReconstructionTerm(BaseModel):
    """One addend of a reconstruction.

    Parameters
    ----------
    activity : str
        The entries it takes.
    treatment : {"emissions", "subtract_avoided"}
        Emissions are added; avoided emissions are subtracted, which no standard allows.
    emissions, avoided : tuple of str
        Editions by role.
    method, region :
        Of the baseline, for avoided emissions.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    activity: str
    treatment: Literal["emissions", "subtract_avoided"]
    emissions: tuple[str, ...] = ()
    avoided: tuple[str, ...] = ()
    method: AvoidedMethod = "combined_margin"
    region: str = ""


class Reconstruction(BaseModel):
    """A combination of factors and treatments that a case declares.

    Parameters
    ----------
    id : str
        Its name in the case.
    figure : str
        The published figure it may explain.
    title_zh, title_en : str
        What it supposes.
    departs_zh, departs_en : str
        In what it departs from the standards.
    odds_zh, odds_en : str
        How many combinations were searched, and how many hits chance would give.
    gwp : str
        The GWP set.
    terms : tuple of ReconstructionTerm
        Summed unrounded.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    id: str
    figure: str
    title_zh: str
    title_en: str
    departs_zh: str
    departs_en: str
    gwp: str
    odds_zh: str = ""
    odds_en: str = ""
    terms: tuple[ReconstructionTerm, ...] = Field(alias="term", min_length=1)

    @property
    def title(self) -> Label:
        """The factors and treatments that are supposed."""
        return Label(self.title_en, self.title_zh)

    @property
    def departs(self) -> Label:
        """In what it departs from the standards."""
        return Label(self.departs_en, self.departs_zh)

    @property
    def odds(self) -> Label:
        """How many combinations an earlier search tried, and how many hits chance would give."""
        return Label(self.odds_en, self.odds_zh)


@dataclass(frozen=True, slots=True)
class TermResult:
    """A term with its signed result.

    Parameters
    ----------
    term : ReconstructionTerm
        What was calculated.
    tco2e : float
        t CO2e, negative if subtracted.
    factors : tuple of str
        Full names of the factors used.
    """

    term: ReconstructionTerm
    tco2e: float
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReconstructionResult:
    """The calculated total of a reconstruction, t CO2e, compared with the printed figure.

    Parameters
    ----------
    reconstruction : Reconstruction
        What was supposed.
    terms : tuple of TermResult
        In the order of the file.
    total : Decimal
        Their unrounded sum, t CO2e.
    prints_as : Decimal
        The sum at the printed decimals.
    prints_as_termwise : Decimal
        The sum of the terms, each rounded to the printed decimals first.
    agrees : bool
        Whether the unrounded sum lies in the printed interval.
    """

    reconstruction: Reconstruction
    terms: tuple[TermResult, ...]
    total: Decimal
    prints_as: Decimal
    prints_as_termwise: Decimal
    agrees: bool

    @property
    def total_text(self) -> str:
        """The sum with four decimals."""
        return str(round_figure(self.total, Decimal(1).scaleb(-_EXACT_DECIMALS)))


def read_reconstructions(path: Path) -> list[Reconstruction]:
    """The reconstructions that a case declares.

    Parameters
    ----------
    path : Path
        TOML with ``[[reconstruction]]`` and ``[[reconstruction.term]]`` tables.

    Returns
    -------
    list of Reconstruction

    Raises
    ------
    BookError
        Naming the field that cannot be used.
    """
    try:
        tables: Sequence[Mapping[str, Any]] = read_toml(path).tables.get("reconstruction", [])
        return [Reconstruction.model_validate(table) for table in tables]
    except ValidationError as error:
        raise BookError(f"{path.name}: {error}") from error


def reconstruct(reconstruction: Reconstruction, entries: Entries, figure: Figure) -> ReconstructionResult:
    """A declared combination, calculated.

    Parameters
    ----------
    reconstruction : Reconstruction
        What to suppose.
    entries : Entries
        The activity data of the year.
    figure : Figure
        The printed total, in t CO2e.

    Returns
    -------
    ReconstructionResult
    """
    terms = tuple(_term(term, entries, reconstruction.gwp) for term in reconstruction.terms)
    total = sum((decimal_of(term.tco2e) for term in terms), Decimal(0))
    termwise = sum((round_figure(term.tco2e, figure.step) for term in terms), Decimal(0))
    return ReconstructionResult(
        reconstruction,
        terms,
        total,
        round_figure(total, figure.step),
        termwise,
        agreement(total, figure) is Outcome.AGREES,
    )


def _term(term: ReconstructionTerm, entries: Entries, gwp: str) -> TermResult:
    """One term by the engine."""
    chosen = Entries(entries.frame[entries.frame["activity"] == term.activity].reset_index(drop=True))
    if not len(chosen):
        raise BookError(Message.of("SEARCH_SPACE.no_activity", activity=term.activity))
    factors = load_factors(roles={"emissions": term.emissions, "avoided": term.avoided})
    inventory = calculate(chosen, factors, gwp=gwp)
    if term.treatment == "emissions":
        names = {factor.reference for row in inventory.plan.rows for factor in row.factors}
        return TermResult(term, float(inventory.total_location_based().magnitude), tuple(sorted(names)))
    energy = energy_of(inventory, term.activity)
    year = int(chosen.frame["year"].max())
    avoided = avoided_emissions(
        energy, factors, activity=term.activity, region=term.region, year=year, method=term.method
    )
    used = tuple(sorted(step.factor.reference for step in avoided.steps if step.factor))
    return TermResult(term, -avoided.avoided_tco2, used)
