"""The figures that carry one error each, and where their limits come from: stated, published with the figure, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carbonledger.core.activities import known_activity, taxonomy
from carbonledger.core.errors import UncertaintyError
from carbonledger.core.language import Label, has_label
from carbonledger.factors.factor import Factor
from carbonledger.uncertainty.limits import EXACT, Limits
from carbonledger.uncertainty.stated import ActivityUncertainty, FactorUncertainty, UncertaintySettings

__all__ = ["Parameter", "activity_label", "factor_parameter", "nearest"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure with one error, shared by everything that is calculated with it.

    Parameters
    ----------
    key : str
        Unique: edition and id of a factor; of activity data, company, site, source and activity.
    kind : str
        ``activity``, or the parameter of the factor such as ``emission_factor``.
    label : Label
        What it is, in words.
    limits : Limits or None
        None if nobody states any.
    origin : Label
        Where the limits come from; empty if there are none.
    short : Label
        What it is without its edition, for a picture.
    """

    key: str
    kind: str
    label: Label
    limits: Limits | None
    origin: Label
    short: Label


def nearest(
    items: Sequence[ActivityUncertainty | FactorUncertainty], facts: Mapping[str, Any]
) -> ActivityUncertainty | FactorUncertainty | None:
    """The nearest of the statements that fit some facts; None if none fits."""
    fitting = [item for item in items if all(facts[name] == value for name, value in item.selectors.items())]
    return max(fitting, key=lambda item: item.rank, default=None)


def factor_parameter(factor: Factor, settings: UncertaintySettings, used: set[str]) -> Parameter:
    """A factor as a parameter: with the limits stated, else those of its edition.

    Parameters
    ----------
    factor : Factor
        Of a coefficient.
    settings : UncertaintySettings
        What is stated.
    used : set of str
        Gains the words of the statement that fits.

    Returns
    -------
    Parameter
        The GWP of CO2 is 1 by definition and has no error.
    """
    short, reference = _factor_label(factor), factor.reference
    label = Label(f"{short.en} [{reference}]", f"{short.zh}[{reference}]")
    limits, origin = _factor_limits(factor, settings, used)
    return Parameter(reference, factor.parameter, label, limits, origin, short)


def _factor_limits(factor: Factor, settings: UncertaintySettings, used: set[str]) -> tuple[Limits | None, Label]:
    """The limits of a factor, and where they come from."""
    if factor.parameter == "gwp" and factor.gas == "CO2":
        return EXACT, Label.of("uncertainty_by_definition")
    stated = nearest(settings.factor, _facts_of(factor, settings.factor))
    if stated is not None:
        used.add(stated.words)
        return stated.limits, Label(stated.reason, stated.reason)
    if factor.lower is None or factor.upper is None:
        return None, Label("", "")
    try:
        limits = Limits.between(factor.value, factor.lower, factor.upper)
    except UncertaintyError:
        # A figure outside its own limits, or of 0, has none.
        return None, Label("", "")
    published = Label.of("uncertainty_published")
    return limits, Label(f"{published.en} {factor.edition}", f"{published.zh} {factor.edition}")


def _facts_of(factor: Factor, items: Sequence[FactorUncertainty]) -> Mapping[str, Any]:
    """What statements may say of a factor; its id by whichever of its two names they use."""
    full = any(item.factor == factor.reference for item in items)
    return {
        "factor": factor.reference if full else factor.factor_id,
        "activity": known_activity(factor.activity) or factor.activity,
        "gas": factor.gas,
        "parameter": factor.parameter,
        "edition": factor.edition,
    }


def _factor_label(factor: Factor) -> Label:
    """A factor in words."""
    key = "workbook_emission_factor" if factor.parameter == "emission_factor" else f"parameter_{factor.parameter}"
    kind = Label.of(key) if has_label(key) else Label(factor.parameter, factor.parameter)
    gas = f" {factor.gas}" if factor.gas else ""
    place = ", ".join(str(part) for part in (factor.region, factor.data_year) if part)
    tail = (f" ({place})", f"（{place}）") if place else ("", "")
    if not factor.activity:
        return Label(f"{kind.en}{gas}{tail[0]}", f"{factor.gas} {kind.zh}{tail[1]}".strip())
    name = activity_label(factor.activity)
    return Label(f"{kind.en}{gas}, {name.en}{tail[0]}", f"{name.zh}{gas} {kind.zh}{tail[1]}")


def activity_label(name: str) -> Label:
    """An activity in both languages."""
    known = taxonomy().get(name)
    return Label(known.label("en"), known.label("zh")) if known else Label(name, name)
