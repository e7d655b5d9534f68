"""One calculation, three outputs: GHG Protocol, ISO 14064-1, and the NDRC guidelines for Chinese enterprises.

Each standard draws its own line around the same activity data. Profiles are separate outputs and never mixed; what one counts otherwise
than the GHG Protocol is said line by line, and the differences sum to the difference of the totals.

References
----------
GHG Protocol Corporate Standard (2004), chapters 4 and 9. ISO 14064-1:2018, 5.2.4 and annexes B and E: exported electricity is not deducted.
NDRC guidelines for accounting greenhouse gas emissions of enterprises, 2013-2015: combustion CO2, process, and *net* purchased
electricity and heat, so that exported power is deducted; GB/T 32150-2015.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from carbonledger.core.activities import activities_where, carrier_of, purchase_of, taxonomy
from carbonledger.core.errors import BookError, CarbonLedgerError
from carbonledger.core.findings import Finding, Message
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.inventory import Inventory
from carbonledger.inventory.plan import build_plan

__all__ = ["PROFILES", "Difference", "Profile", "ProfileName", "ndrc_place", "profile", "profile_findings"]

ProfileName = Literal["ghgp", "iso14064", "cn_ndrc"]
PROFILES: tuple[ProfileName, ...] = ("ghgp", "iso14064", "cn_ndrc")

# What the NDRC guidelines deduct, and at the rate of which purchase.
_EXPORTS = {name: purchase_of(carrier_of(name)) for name in activities_where(is_export=True)}


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that a profile counts otherwise than the GHG Protocol.

    Parameters
    ----------
    what : str
        The activity, and the gas if only that differs.
    tco2e : float
        What it adds to the profile's total, t CO2e; negative if it is left out or deducted.
    reason : str
        The rule, as a key of the labels.
    """

    what: str
    tco2e: float
    reason: str


@dataclass(frozen=True)
class Profile:
    """The inventory in the words of one standard.

    Parameters
    ----------
    name : str
        ``ghgp``, ``iso14064`` or ``cn_ndrc``.
    rows : tuple of (str, float)
        Each line of the output and its t CO2e; the names are keys of the labels.
    differences : tuple of Difference
        What it counts otherwise than ``ghgp``.
    problems : tuple of str
        Exports that could not be priced, so that the total is incomplete.
    """

    name: ProfileName
    rows: tuple[tuple[str, float], ...]
    differences: tuple[Difference, ...] = ()
    problems: tuple[Message | str, ...] = ()

    @property
    def total_location_based_tco2e(self) -> float:
        """The sum of the rows, scope 2 location-based, t CO2e."""
        return math.fsum(value for _, value in self.rows)


def profile(inventory: Inventory[Any], name: ProfileName) -> Profile:
    """The inventory as one standard counts it.

    Parameters
    ----------
    inventory : Inventory
        Gross, scope 2 location-based.
    name : {"ghgp", "iso14064", "cn_ndrc"}
        ``ghgp``: scopes. ``iso14064``: categories 1 to 6. ``cn_ndrc``: combustion, process, net electricity, net heat.

    Returns
    -------
    Profile

    Raises
    ------
    BookError
        If there is no such profile.
    """
    return inventory.remembered(f"profile {name}", lambda: _calculated(inventory, name))


def _calculated(inventory: Inventory[Any], name: ProfileName) -> Profile:
    """The rows of a standard."""
    if name == "ghgp":
        scopes = inventory.in_pandas.by("scope")
        rows = zip(scopes["scope"], scopes["emissions_tco2e"], strict=True)
        return Profile(name, tuple((str(label), float(value)) for label, value in rows if label != "no scope"))
    if name == "iso14064":
        return Profile(name, _iso_rows(inventory))
    if name == "cn_ndrc":
        return _ndrc(inventory)
    raise BookError(f"no profile {name!r}; there are {', '.join(PROFILES)}.")


def _iso_rows(inventory: Inventory) -> tuple[tuple[str, float], ...]:
    """The six categories."""
    sums = dict.fromkeys(range(1, 7), 0.0)
    for plan_id, emissions, _ in inventory.plan_totals():
        category = inventory.plan.rows[plan_id].category
        if category:
            sums[category] += emissions
    _without_value(sums, (row.category for row in _unpriced(inventory)))
    return tuple((f"iso_category_{number}", value) for number, value in sums.items())


def _unpriced(inventory: Inventory) -> tuple[PlanRow, ...]:
    """The combinations whose emissions could not be calculated."""
    return inventory.unpriced.plan.rows if inventory.unpriced else ()


def _without_value(sums: dict[Any, float], places: Iterable[Any]) -> None:
    """What holds nothing but entries without emissions has no value; it is not zero."""
    for place in places:
        if sums.get(place) == 0:
            sums[place] = math.nan


def _ndrc(inventory: Inventory) -> Profile:
    """Combustion CO2, process, net purchased electricity and heat."""
    sums = {"ndrc_combustion": 0.0, "ndrc_process": 0.0, "ndrc_net_electricity": 0.0, "ndrc_net_heat": 0.0}
    differences: list[Difference] = []
    for plan_id, emissions, _ in inventory.plan_totals():
        row = inventory.plan.rows[plan_id]
        if not emissions:
            continue
        place, reason = ndrc_place(row)
        counted = emissions * _co2_part(row) if place == "ndrc_combustion" else emissions if place else 0.0
        if place:
            sums[place] += counted
        if counted != emissions:
            what = f"{row.activity} (CH4, N2O)" if place else row.activity
            differences.append(Difference(what, counted - emissions, reason or "ndrc_co2_only"))
    _without_value(sums, (ndrc_place(row)[0] for row in _unpriced(inventory)))
    problems: list[Message | str] = []
    for activity, deducted in _deducted(inventory, problems):
        sums["ndrc_net_electricity" if activity.startswith("electricity") else "ndrc_net_heat"] -= deducted
        differences.append(Difference(activity, -deducted, "ndrc_export_deducted"))
    return Profile("cn_ndrc", tuple(sums.items()), tuple(_merged(differences)), tuple(problems))


def ndrc_place(row: PlanRow) -> tuple[str, str]:
    """The row of the guidelines' output for a plan row; else empty, and why."""
    kind = taxonomy()[row.activity].kind
    if row.scope == 3:
        return "", "ndrc_no_scope_3"
    if kind == "refrigerant":
        return "", "ndrc_no_refrigerants"
    if row.scope == 2:
        return ("ndrc_net_electricity" if kind == "electricity" else "ndrc_net_heat"), ""
    return ("ndrc_combustion" if kind in {"fuel", "vehicle", "travel"} else "ndrc_process"), ""


def _co2_part(row: PlanRow) -> float:
    """The CO2 of a plan row as a fraction of its CO2e."""
    co2 = math.fsum(item.tco2e for item in row.gases if item.gas in {"CO2", "CO2e"})
    return co2 / row.emissions_tco2e if row.emissions_tco2e else 1.0


def _deducted(inventory: Inventory, problems: list[Message | str]) -> Iterator[tuple[str, float]]:
    """Each export with what it emits at the rate of the purchase that it is set against, t CO2e."""
    amounts = inventory.by_plan()
    exported = [row for row in inventory.plan.rows if row.activity in _EXPORTS and amounts.get(row.plan_id)]
    for row in exported:
        key = row.key._replace(activity=_EXPORTS[row.activity])
        try:
            plan = build_plan([key], inventory.factors, inventory.gwp)
        except CarbonLedgerError as error:
            problems.append(error.says or str(error))
            continue
        problems += [problem.error.says or str(problem.error) for problem in plan.problems if problem.fatal]
        yield from ((row.activity, amounts[row.plan_id] * priced.emissions_tco2e) for priced in plan.rows)


def _merged(differences: list[Difference]) -> Iterator[Difference]:
    """Differences of the same thing for the same reason as one."""
    for what, reason in dict.fromkeys((item.what, item.reason) for item in differences):
        same = [item.tco2e for item in differences if (item.what, item.reason) == (what, reason)]
        yield Difference(what, math.fsum(same), reason)


def profile_findings(profiles: Iterable[Profile]) -> list[Finding]:
    """What keeps a profile from being complete.

    Parameters
    ----------
    profiles : iterable of Profile
        Of one inventory.

    Returns
    -------
    list of Finding
    """
    return [
        Finding.of("PROFILE_INCOMPLETE", profile=item.name, problem=problem)
        for item in profiles
        for problem in item.problems
    ]
