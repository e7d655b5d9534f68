"""Activity data of scope 3 that no meter shows: commuting, use and waste of what was sold, losses of the grid, shares in others.

Each function gives an amount of an activity that has a factor of its own, and the formula in words.

References
----------
GHG Protocol, Technical Guidance for Calculating Scope 3 Emissions (2013), by category.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Formed", "commuting", "end_of_life", "grid_losses", "investment", "use_of_sold_products"]


class Formed(NamedTuple):
    """An amount formed from other figures.

    Parameters
    ----------
    amount : float
        In the unit of the figure it was formed from.
    derivation : str
        The formula with its numbers.
    """

    amount: float
    derivation: str


def commuting(people: float, days: float, distance: float, unit: str, share: float = 1.0) -> Formed:
    """Distance commuted (category 7): people x days x distance a day x share of the mode.

    Parameters
    ----------
    people, days : float
        Employees, and days on which each travelled.
    distance : float
        To work and back, each day.
    unit : str
        Of the distance: km of a vehicle or of a passenger, as the factor wants it.
    share : float
        The part of these journeys made in this way, 0 to 1.

    Returns
    -------
    Formed
        In `unit`.

    Examples
    --------
    >>> commuting(50, 220, 24, "km", 0.6)
    Formed(amount=158400.0, derivation='50 people x 220 days x 24 km x 60 %')
    """
    amount = people * days * distance * share
    return Formed(amount, f"{people:g} people x {days:g} days x {distance:g} {unit} x {share * 100:g} %")


def use_of_sold_products(sold: float, uses: float, per_use: float, unit: str) -> Formed:
    """Energy, fuel or gas of products over their life (category 11): units sold x uses over the life x amount per use.

    Parameters
    ----------
    sold, uses : float
        Products sold in the year; uses of each over its whole expected life.
    per_use : float
        Energy or fuel used, or refrigerant lost, each time.
    unit : str
        Its unit.

    Returns
    -------
    Formed
        In `unit`, whole in the year of sale.
    """
    return Formed(sold * uses * per_use, f"{sold:g} units x {uses:g} uses x {per_use:g} {unit} a use")


def end_of_life(mass: float, unit: str, share: float) -> Formed:
    """Waste of what was sold (category 12): mass sold x share that is treated in this way.

    Parameters
    ----------
    mass : float
        Of products and packaging sold in the year.
    unit : str
        Its unit.
    share : float
        0 to 1.

    Returns
    -------
    Formed
        In `unit`.
    """
    return Formed(mass * share, f"{mass:g} {unit} sold x {share * 100:g} %")


def grid_losses(used: float, unit: str, loss: float) -> Formed:
    """Electricity lost on the way (category 3): used x loss / (1 - loss), for a factor of generation.

    Parameters
    ----------
    used : float
        Electricity consumed.
    unit : str
        Its unit.
    loss : float
        The part of what is generated that is lost, 0 to below 1.

    Returns
    -------
    Formed
        In `unit`.

    Examples
    --------
    >>> round(grid_losses(1000, "MWh", 0.05).amount, 3)
    52.632
    """
    return Formed(used * loss / (1 - loss), f"{used:g} {unit} used x {loss:g} / (1 - {loss:g})")


def investment(emissions: float, unit: str, share: float) -> Formed:
    """Emissions of an investee (category 15): its scopes 1 and 2 x share of its equity.

    Parameters
    ----------
    emissions : float
        As the investee states them.
    unit : str
        Such as t CO2e.
    share : float
        0 to 1.

    Returns
    -------
    Formed
        In `unit`.
    """
    return Formed(emissions * share, f"{emissions:g} {unit} of the investee x {share * 100:g} %")
