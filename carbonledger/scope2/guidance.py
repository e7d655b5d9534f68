"""Which rules of scope 2 apply, by name, so that a revision can stand beside today's.

References
----------
GHG Protocol Scope 2 Guidance (2015), in force. Its revision is under consultation; what was proposed is a draft here and can change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carbonledger.core.errors import BookError

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
    fossil_without_residual : bool
        Whether what no instrument covers counts at the fossil average where no residual mix is published, instead of the grid average.
    draft : bool
        Whether these are proposals, in force nowhere.
    """

    name: str
    source: str
    levels: Mapping[str, int]
    residual_level: int
    average_level: int
    attributes_follow_certificate: bool
    fossil_without_residual: bool = False
    draft: bool = False


RULESETS: Mapping[str, Ruleset] = {
    "ghgp_s2_2015": Ruleset(
        "ghgp_s2_2015",
        "GHG Protocol Scope 2 Guidance (2015), table 6.3",
        {"certificate": 1, "contract": 2, "supplier_rate": 3},
        4,
        5,
        attributes_follow_certificate=True,
    ),
    "ghgp_s2_draft_2025": Ruleset(
        "ghgp_s2_draft_2025",
        "GHG Protocol, public consultation on scope 2, October 2025: fossil-only fallback; matching by the hour is not checked",
        {"certificate": 1, "contract": 2, "supplier_rate": 3},
        4,
        5,
        attributes_follow_certificate=True,
        fossil_without_residual=True,
        draft=True,
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
