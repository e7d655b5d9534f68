"""Declared spaces of reconstruction: which choices, stated before the search.

A space is data. Each term of a total names the entries it stands for and the choices that somebody could have made: published
factors, calorific values, GWP sets, treatments of the photovoltaics. Values come from the editions; nothing is typed in.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from carbonledger.errors import BookError
from carbonledger.factors.editions import read_edition
from carbonledger.factors.factor import Edition, Factor, latest_day
from carbonledger.factors.gwp import read_gwp
from carbonledger.ledger.entries import Entries
from carbonledger.rounding import decimal_of
from carbonledger.units import conversion_factor

__all__ = ["Choice", "Space", "SpaceTerm", "choices_of", "read_spaces"]


class _Declared(BaseModel):
    """A part of a declared space."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ChoiceRule(_Declared):
    """Choices of one kind.

    Parameters
    ----------
    kind : {"factor", "carbon", "gases", "nothing"}
        ``factor``: amount x a factor per MWh; ``carbon``: amount x calorific value x carbon content x oxidation x 44/12; ``gases``:
        amount x calorific value x factors per energy of CO2, CH4, N2O under a GWP set; ``nothing``: 0.
    treatment : str
        What the choice does, in words; the standing of a treatment is said in the space.
    plausibility : {"textbook", "known practice", "exotic"}
        Stated before the search.
    subtract : bool
        Whether the product is subtracted.
    editions, parameters, regions : tuple of str
        Where factors are taken from; no region stands for all.
    weights : tuple of Decimal
        Of operating and build margin, for a combined margin.
    calorific, gwp, variants, mixed :
        Editions of calorific values and GWP sets, variants of CH4 and N2O factors, and whether calorific value and carbon content may
        come from different editions.
    """

    kind: Literal["factor", "carbon", "gases", "nothing"]
    treatment: str
    plausibility: Literal["textbook", "known practice", "exotic"]
    subtract: bool = False
    editions: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ("emission_factor",)
    regions: tuple[str, ...] = ()
    weights: tuple[tuple[Decimal, Decimal], ...] = ()
    calorific: tuple[str, ...] = ()
    gwp: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    mixed: bool = False


class SpaceTerm(_Declared):
    """One addend of the total.

    Parameters
    ----------
    name : str
        What it is called.
    activity, entity : str
        The entries it stands for; no entity for all.
    rules : tuple of ChoiceRule
        Its choices.
    """

    name: str
    activity: str
    entity: str = ""
    rules: tuple[ChoiceRule, ...] = Field(alias="choice", min_length=1)


class Space(_Declared):
    """A declared space.

    Parameters
    ----------
    id : str
        Its name.
    figure : str
        The published figure that is looked for.
    title_zh, title_en : str
        What it holds.
    known_by : date
        Editions published later could not have been used.
    roundings : tuple of {"unrounded", "termwise"}
        Whether the terms are summed unrounded, or rounded to the printed decimals first.
    terms : tuple of SpaceTerm
        The addends.
    """

    id: str
    figure: str
    title_zh: str
    title_en: str
    known_by: date
    roundings: tuple[Literal["unrounded", "termwise"], ...] = ("unrounded",)
    determined_zh: str = ""
    determined_en: str = ""
    terms: tuple[SpaceTerm, ...] = Field(alias="term", min_length=1)


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of one term.

    Parameters
    ----------
    label : str
        Factors and editions behind it.
    treatment, plausibility : str
        As declared.
    tco2e : Decimal
        Its contribution to the total, t CO2e.
    """

    label: str
    treatment: str
    plausibility: str
    tco2e: Decimal


def read_spaces(path: Path) -> dict[str, Space]:
    """The declared spaces of a case by id.

    Raises
    ------
    BookError
        Naming the field that cannot be used.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("space", [])
        return {table["id"]: Space.model_validate(table) for table in tables}
    except (OSError, KeyError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise BookError(f"{path.name}: {error}") from error


def choices_of(term: SpaceTerm, entries: Entries, known_by: date) -> list[Choice]:
    """Every choice of a term, with its contribution; choices of equal value and treatment are one.

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
    list of Choice
    """
    frame = entries.frame[entries.frame["activity"] == term.activity]
    if term.entity:
        frame = frame[frame["entity"] == term.entity]
    if frame.empty:
        raise BookError(f"term {term.name}: the entries have no {term.activity} of {term.entity or 'anyone'}.")
    found: dict[tuple[Decimal, str], Choice] = {}
    for rule in term.rules:
        unit = "MWh" if rule.kind in ("factor", "nothing") else "t"
        amount = sum(
            (
                decimal_of(float(value)) * decimal_of(conversion_factor(str(of), unit))
                for value, of in zip(frame["amount"], frame["unit"], strict=True)
            ),
            Decimal(0),
        )
        for label, rate in _RATES[rule.kind](rule, term.activity, known_by):
            value = -amount * rate if rule.subtract else amount * rate
            found.setdefault((value, rule.treatment), Choice(label, rule.treatment, rule.plausibility, value))
    return list(found.values())


def _known(names: Sequence[str], known_by: date) -> list[Edition]:
    """The editions that could have been known."""
    editions = [read_edition(name) for name in names]
    return [edition for edition in editions if (latest_day(edition.date_published) or known_by) <= known_by]


def _decimal(factor: Factor, unit: str) -> Decimal:
    """A factor in a unit, as published."""
    return Decimal(factor.value_text) * decimal_of(conversion_factor(factor.unit, unit))


def _nothing(rule: ChoiceRule, activity: str, known_by: date) -> Iterator[tuple[str, Decimal]]:
    """The term counts nothing."""
    del activity, known_by
    yield rule.treatment, Decimal(0)


def _per_mwh(rule: ChoiceRule, activity: str, known_by: date) -> Iterator[tuple[str, Decimal]]:
    """Factors per MWh, and combined margins of pairs."""
    del activity
    for edition in _known(rule.editions, known_by):
        if rule.weights:
            yield from _margins(rule, edition)
            continue
        for parameter in rule.parameters:
            for factor in edition.factors("electricity.grid", parameter):
                if not rule.regions or factor.region in rule.regions:
                    yield f"{factor.reference} {factor.value_text}", _decimal(factor, "t/MWh")


def _margins(rule: ChoiceRule, edition: Edition) -> Iterator[tuple[str, Decimal]]:
    """Combined margins: each pair of weights times the margins of each region."""
    build = {factor.region: factor for factor in edition.factors("electricity.grid", "baseline_bm")}
    for operating in edition.factors("electricity.grid", "baseline_om"):
        if operating.region in build and (not rule.regions or operating.region in rule.regions):
            for om, bm in rule.weights:
                rate = om * _decimal(operating, "t/MWh") + bm * _decimal(build[operating.region], "t/MWh")
                yield f"{edition.id} {operating.region} {om} OM + {bm} BM = {rate.normalize()}", rate


def _calorific(names: Sequence[str], activity: str, known_by: date) -> list[Factor]:
    """Calorific values per tonne."""
    factors = [factor for edition in _known(names, known_by) for factor in edition.factors(activity, "calorific_value")]
    return [factor for factor in factors if factor.unit in {"GJ/t", "kJ/kg", "TJ/kt"}]


def _carbon(rule: ChoiceRule, activity: str, known_by: date) -> Iterator[tuple[str, Decimal]]:
    """Combustion by carbon content."""
    values = _calorific(rule.calorific, activity, known_by)
    for edition in _known(rule.editions, known_by):
        for content, oxidation in product(
            edition.factors(activity, "carbon_content"), edition.factors(activity, "oxidation_factor")
        ):
            for value in values:
                if rule.mixed or value.edition == edition.id:
                    carbon = _decimal(value, "GJ/t") * _decimal(content, "t/GJ") * Decimal(oxidation.value_text)
                    yield (
                        f"{value.reference} {value.value_text} x {content.reference}",
                        carbon * Decimal(44) / Decimal(12),
                    )


def _gases(rule: ChoiceRule, activity: str, known_by: date) -> Iterator[tuple[str, Decimal]]:
    """Combustion by factors per energy of each gas, under each GWP set."""
    for edition in _known(rule.editions, known_by):
        rows = edition.factors(activity, "emission_factor")
        carbon = next((row for row in rows if row.gas == "CO2"), None)
        if carbon is None:
            continue
        for variant, name, value in product(rule.variants, rule.gwp, _calorific(rule.calorific, activity, known_by)):
            gwp = read_gwp(name)
            others = [row for row in rows if row.variant == variant and row.gas in {"CH4", "N2O"}]
            rates = [_decimal(row, "t/GJ") * Decimal(gwp.of(row.gas, "fossil").value_text) for row in others]
            if len(rates) == len(("CH4", "N2O")):
                per_gj = _decimal(carbon, "t/GJ") + sum(rates, Decimal(0))
                label = f"{value.reference} {value.value_text} x {edition.id} {variant or 'default'} ({name})"
                yield label, _decimal(value, "GJ/t") * per_gj


_RATES: dict[str, Callable[[ChoiceRule, str, date], Iterator[tuple[str, Decimal]]]] = {
    "factor": _per_mwh,
    "carbon": _carbon,
    "gases": _gases,
    "nothing": _nothing,
}
