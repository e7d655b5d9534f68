"""Gross and net: the heating value that a figure rests on.

A fuel has about 5 % (oil, coal) to 10 % (gas) more energy on its gross heating value than on its net one, so that a figure per gross GJ
meets only amounts and calorific values that are gross, and a net one only net ones. A figure that does not say meets either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from carbonledger.core.activities import Activity
from carbonledger.core.language import Label
from carbonledger.factors.factor import Edition, Factor
from carbonledger.inventory.measure import is_per_energy

__all__ = ["BASES", "basis_label", "basis_of", "conflicting", "stated_basis", "without_basis"]

BASES = ("gross", "net")
_WORDS = re.compile(r"[\s;,]+")


def basis_of(factor: Factor, activity: Activity, editions: Mapping[str, Edition]) -> str:
    """The heating value that a figure of a fuel rests on.

    Parameters
    ----------
    factor : Factor
        A calorific value; or an emission factor or carbon content, which has one only if it is per energy.
    activity : Activity
        What it is used for; only fuels have heating values.
    editions : mapping of str to Edition
        By id: what an edition says of all its figures holds where the row says nothing.

    Returns
    -------
    str
        ``gross`` or ``net``; empty if nothing is said, or there is nothing to say.
    """
    if activity.kind != "fuel" or not (factor.parameter == "calorific_value" or is_per_energy(factor.unit)):
        return ""
    edition = editions.get(factor.edition)
    stated = factor.heating_value or (str(edition.metadata.get("heating_value") or "") if edition else "")
    return stated if stated in BASES else ""


def stated_basis(words: str) -> str:
    """The heating value among the words of an entry; empty if none is there."""
    return next((word for word in _WORDS.split(words) if word in BASES), "")


def without_basis(words: str) -> str:
    """The words of an entry but for the heating value, which says how the amount was measured and names no figure."""
    return " ".join(word for word in _WORDS.split(words) if word not in BASES).strip()


def basis_label(basis: str) -> Label:
    """A heating value in words."""
    return Label.of(f"basis_{basis}")


def conflicting(bases: Iterable[str]) -> bool:
    """Whether some heating values, where they are said, differ."""
    return len({basis for basis in bases if basis}) > 1
