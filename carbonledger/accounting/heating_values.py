"""Which heating value the energy of a fuel is on, and the net value of what is known gross."""

from __future__ import annotations

from carbonledger.accounting.coefficients import PlanRow
from carbonledger.accounting.inventory import Inventory
from carbonledger.factors.factor import Factor

__all__ = ["heating_value_of", "net_energy"]


def heating_value_of(row: PlanRow) -> str:
    """The heating value that a plan row's energy is on.

    Parameters
    ----------
    row : PlanRow
        Of a fuel.

    Returns
    -------
    str
        ``net``, ``gross``, or empty if neither the entry nor the factors say.
    """
    if row.energy_steps:
        found = {step.factor.heating_value for step in row.energy_steps if step.factor} - {""}
        return found.pop() if len(found) == 1 else ""
    stated = {"net", "gross"} & set(row.key.factor.split())
    found = stated or ({factor.heating_value for factor in _emission_factors(row)} - {""})
    return found.pop() if len(found) == 1 else ""


def net_energy(row: PlanRow, inventory: Inventory) -> tuple[float | None, str]:
    """GJ per unit of a fuel on net heating value, if its publisher lets it be converted.

    The energy of a fuel times its emission factor is the same on either basis, so that net is gross x factor per gross GJ / factor per
    net GJ of one publication; or the net calorific value stands beside the gross one.

    Parameters
    ----------
    row : PlanRow
        Of a fuel.
    inventory : Inventory
        With the editions.

    Returns
    -------
    tuple of (float or None, str)
        The energy, and the heating value that it is on now.
    """
    basis = heating_value_of(row)
    if basis != "gross" or row.energy_gj is None:
        return row.energy_gj, basis
    calorific = [step.factor for step in row.energy_steps if step.factor and step.factor.heating_value == "gross"]
    for factor in calorific or _emission_factors(row):
        twin = _on_net(factor, inventory)
        if twin is not None and factor.value and twin.value:
            ratio = twin.value / factor.value if calorific else factor.value / twin.value
            return row.energy_gj * ratio, "net"
    return row.energy_gj, basis


def _emission_factors(row: PlanRow) -> list[Factor]:
    """The emission factors of a row."""
    return [step.factor for gas in row.gases for step in gas.steps if step.factor and step.name == "emission_factor"]


def _on_net(factor: Factor, inventory: Inventory) -> Factor | None:
    """The same figure of the same publication on net heating value."""
    listed = inventory.editions[factor.edition].factors(factor.activity, factor.parameter)
    return next(
        (
            item
            for item in listed
            if item.heating_value == "net"
            and (item.gas, item.unit, item.region, item.data_year, item.variant, item.publisher_path)
            == (factor.gas, factor.unit, factor.region, factor.data_year, factor.variant, factor.publisher_path)
        ),
        None,
    )
