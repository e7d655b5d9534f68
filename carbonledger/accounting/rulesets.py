"""Which rules of scope 2 apply, by name, so that a revision can stand beside today's.

References
----------
GHG Protocol Scope 2 Guidance (2015), in force; its revision is under way and not published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carbonledger.errors import BookError

__all__ = ["RULESETS", "Ruleset", "ruleset"]


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The rules that differ between editions of the guidance.

    Parameters
    ----------
    name, source : str
        Its id and document.
    levels : mapping of str to int
        The rank of each kind of instrument in the market-based hierarchy, 1 first.
    residual_level, average_level : int
        The ranks of the residual mix and of the grid average.
    attributes_follow_certificate : bool
        Whether own or direct-line electricity whose certificates were sold counts at the residual mix.
    """

    name: str
    source: str
    levels: Mapping[str, int]
    residual_level: int
    average_level: int
    attributes_follow_certificate: bool


RULESETS: Mapping[str, Ruleset] = {
    "ghgp_s2_2015": Ruleset(
        "ghgp_s2_2015",
        "GHG Protocol Scope 2 Guidance (2015), table 6.3",
        {"certificate": 1, "contract": 2, "supplier_rate": 3},
        4,
        5,
        attributes_follow_certificate=True,
    ),
}


def ruleset(name: str) -> Ruleset:
    """The rules of a name.

    Parameters
    ----------
    name : str
        E.g. ``ghgp_s2_2015``.

    Returns
    -------
    Ruleset

    Raises
    ------
    BookError
        If there is no such ruleset.
    """
    try:
        return RULESETS[name]
    except KeyError:
        raise BookError(f"no scope 2 ruleset {name!r}; there are: {', '.join(RULESETS)}.") from None
