"""The figures of the registers that disclosure frameworks ask for, by the names that their datapoints use.

References
----------
GRI 303: Water and Effluents 2018, 303-3 to 303-5; GRI 306: Waste 2020, 306-3 to 306-5; GRI 305: Emissions 2016, 305-7; ESRS E3-4;
HKEX Appendix C2, A1.1, A1.3, A1.4 and A2.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from carbonledger.disclosure.figures import Figure, missing, not_applicable
from carbonledger.environment.measured import MeasuredRegister
from carbonledger.environment.registers import Environment
from carbonledger.environment.vocabulary import words_of
from carbonledger.environment.waste import WasteRegister
from carbonledger.environment.water import Flow, WaterRegister

__all__ = ["disclosed_figures"]

_FLOWS: tuple[tuple[Flow, str], ...] = (("withdrawal", "water_source"), ("discharge", "destination"))
_REUSE, _THIRD_PARTY = "third_party_reuse", "third_party"
_AIR_GROUPS = ("nox", "sox", "pm", "voc", "hap", "pop", "other")
_CATEGORIES = ("hazardous", "general")


def disclosed_figures(environment: Environment | None) -> Mapping[str, Figure]:
    """Every figure that a datapoint may ask of the registers.

    Parameters
    ----------
    environment : Environment or None
        The registers of a year; None if there are none.

    Returns
    -------
    mapping of str to Figure
        Water in m3, waste in t, masses in kg. A register that the book does not keep has none.
    """
    if environment is None:
        return {}
    water, waste, air = environment.water, environment.waste, environment.air
    return {
        **(dict(_water(water)) if water else {}),
        **(dict(_waste(waste)) if waste else {}),
        **(dict(_air(air)) if air else {}),
    }


def _water(register: WaterRegister) -> Iterator[tuple[str, Figure]]:
    """Withdrawal, discharge and consumption: all, of areas with water stress, and of freshwater."""
    for flow, words in _FLOWS:
        yield flow, register.total(flow)
        yield f"{flow}.fresh", register.stated(flow, "fresh", "fresh")
        yield f"{flow}.other", register.stated(flow, "fresh", "other")
        yield f"stress.{flow}", register.stated(flow, "stress", "yes")
        for group in dict.fromkeys(word.group for word in words_of(words).values()):
            wanted = {group, _REUSE} if (flow, group) == ("discharge", _THIRD_PARTY) else {group}
            yield f"{flow}.{group}", register.of_groups(flow, wanted)
            yield f"stress.{flow}.{group}", register.stated(flow, "stress", "yes", wanted)
    yield "recycled", register.total("recycled")
    yield "consumption", register.consumption
    yield (
        "stress.consumption",
        _difference(register.stated("withdrawal", "stress", "yes"), register.stated("discharge", "stress", "yes")),
    )


def _difference(first: Figure, second: Figure) -> Figure:
    """One figure less another; missing where either is."""
    for figure in (first, second):
        if figure.status == "data_missing":
            return missing(figure.reason, first.unit)
    if first.status == second.status == "not_applicable":
        return not_applicable(first.reason, first.unit)
    return Figure("filled", first.number - second.number, first.unit)


def _waste(register: WasteRegister) -> Iterator[tuple[str, Figure]]:
    """Waste generated, diverted and directed, by category, operation and place."""
    yield "waste", register.total()
    for category in _CATEGORIES:
        yield f"waste.{category}", register.of_category(category)
    for route, word in words_of("route").items():
        for category in _CATEGORIES:
            yield f"waste.{route}.{category}", register.by_route(category, route=route)
        yield f"waste.{word.group}", register.by_route(group=word.group)
        for category in _CATEGORIES:
            yield f"waste.{word.group}.{category}", register.by_route(category, group=word.group)
        for place in ("onsite", "offsite"):
            yield f"waste.{word.group}.{place}", register.placed(word.group, place)


def _air(register: MeasuredRegister) -> Iterator[tuple[str, Figure]]:
    """Masses of air pollutants."""
    for group in _AIR_GROUPS:
        yield f"air.{group}", register.emitted(group)
