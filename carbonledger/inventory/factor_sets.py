"""Which published figures belong together.

What one edition publishes for one activity, region and year is one thing, however its rows are written: a gas per MWh goes with a gas
per kWh, a row that leaves its heating value or boundary open with those that state it. Only a variant, a boundary, a heating value or
another dimension makes another set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from carbonledger.core.errors import AmbiguousFactorError
from carbonledger.core.findings import Message
from carbonledger.core.units import dimension_of
from carbonledger.factors.factor import Factor
from carbonledger.factors.matching import Match
from carbonledger.inventory.coefficients import ROUNDING_OF_PUBLISHERS
from carbonledger.inventory.measure import denominator_of, factor_measure

__all__ = ["FactorFamily", "FactorSet", "SetName", "difference", "factor_families", "rows_of", "set_name"]


_WHOLE = "CO2e"
# The gases of a combustion.
_COMPLETE = frozenset({"CO2", "CH4", "N2O"})


class SetName(NamedTuple):
    """What tells a set from its rivals.

    Parameters
    ----------
    per : str
        The dimension of the denominators, e.g. ``energy``.
    heating_value : str
        ``gross`` or ``net``; empty if none is stated.
    boundary, variant : str
        As the edition names them.
    """

    per: str
    heating_value: str
    boundary: str
    variant: str


class FactorSet(NamedTuple):
    """Figures per one dimension, on one heating value.

    Parameters
    ----------
    name : SetName
        What tells it from its rivals.
    members : tuple of Match
        Every gas, perhaps several times in units of other spelling.
    gases : frozenset of str
        What it has figures for.
    """

    name: SetName
    members: tuple[Match, ...]
    gases: frozenset[str]


class FactorFamily(NamedTuple):
    """The sets of one variant and boundary.

    Parameters
    ----------
    sets : tuple of FactorSet
        One per dimension and heating value.
    gases : frozenset of str
        What it has figures for.
    """

    sets: tuple[FactorSet, ...]
    gases: frozenset[str]

    @property
    def members(self) -> tuple[Match, ...]:
        """Every figure once."""
        if len(self.sets) == 1:
            return self.sets[0].members
        return tuple(dict.fromkeys(match for item in self.sets for match in item.members))

    @property
    def whole(self) -> list[FactorSet]:
        """The sets that alone are the whole: all gases of the family, or its CO2e."""
        return [item for item in self.sets if not self.left_out(item.gases)]

    def left_out(self, counted: frozenset[str]) -> frozenset[str]:
        """What some gases leave out: the others, and the CO2e where they are not surely all that it consists of."""
        if _WHOLE in counted:
            return frozenset()
        may_be_less = _WHOLE in self.gases and not counted >= _COMPLETE
        return self.gases - counted - {_WHOLE} | ({_WHOLE} if may_be_less else set())

    @property
    def mixtures(self) -> list[tuple[FactorSet, ...]]:
        """The sets that are the whole only together: gases per litre and gases per GJ, of one heating value."""
        bases = _stated(item.name.heating_value for item in self.sets)
        return [tuple(item for item in self.sets if item.name.heating_value in {basis, ""}) for basis in bases]


def factor_families(matches: Sequence[Match], basis_of: Callable[[Factor], str]) -> list[FactorFamily]:
    """Matches by what belongs together.

    Parameters
    ----------
    matches : sequence of Match
        Of one activity, region and year.
    basis_of : callable
        The heating value that a figure rests on.

    Returns
    -------
    list of FactorFamily
        Those that have all gases, if any has; a family of fewer would count too little.
    """
    by_variant: dict[str, list[Match]] = {}
    for match in matches:
        by_variant.setdefault(match.factor.variant, []).append(match)
    families = _families(by_variant, basis_of)
    gases = frozenset(match.factor.gas for match in matches)
    whole = [family for family in families if _is_whole(family.gases, gases)]
    if not whole:
        whole = [family for family in _families(_completed(by_variant), basis_of) if _is_whole(family.gases, gases)]
    return whole or families


def _families(by_variant: Mapping[str, Sequence[Match]], basis_of: Callable[[Factor], str]) -> list[FactorFamily]:
    """The families of each variant and boundary."""
    found = []
    for variant, rows in by_variant.items():
        for boundary in _stated(match.factor.boundary for match in rows):
            inside = [match for match in rows if match.factor.boundary in {boundary, ""}]
            sets = tuple(_sets(inside, boundary, variant, basis_of))
            found.append(FactorFamily(sets, frozenset().union(*(item.gases for item in sets))))
    return found


def _sets(rows: Sequence[Match], boundary: str, variant: str, basis_of: Callable[[Factor], str]) -> Iterable[FactorSet]:
    """The sets of a family: one per dimension, of energy one per heating value."""
    by_dimension: dict[str, list[Match]] = {}
    for match in rows:
        by_dimension.setdefault(dimension_of(denominator_of(match.factor.unit)), []).append(match)
    for dimension, alike in by_dimension.items():
        said = [basis_of(match.factor) for match in alike]
        for basis in _stated(said):
            members = tuple(match for match, own in zip(alike, said, strict=True) if own in (basis, ""))
            gases = frozenset(match.factor.gas for match in members)
            yield FactorSet(SetName(dimension, basis, boundary, variant), members, gases)


def _completed(by_variant: Mapping[str, Sequence[Match]]) -> dict[str, list[Match]]:
    """The variants, each with the publisher's plain figures of gases that it lacks."""
    plain = by_variant.get("", ())
    completed = {}
    for variant, rows in by_variant.items():
        gases = {match.factor.gas for match in rows}
        completed[variant] = [*rows, *(match for match in plain if match.factor.gas not in gases)]
    return completed


def _stated(values: Iterable[str]) -> list[str]:
    """The distinct values that say something; one that says nothing if none does."""
    return list(dict.fromkeys(value for value in values if value)) or [""]


def _is_whole(gases: frozenset[str], wanted: frozenset[str]) -> bool:
    """Whether some gases are all that are wanted: each of them, or their sum."""
    return _WHOLE in gases or wanted - {_WHOLE} <= gases


def set_name(factor: Factor) -> SetName:
    """The name of the set that a figure by itself would make."""
    return SetName(dimension_of(denominator_of(factor.unit)), factor.heating_value, factor.boundary, factor.variant)


def difference(name: SetName, first: SetName, second: SetName) -> str:
    """What tells a set from its rivals."""
    return " ".join(part for part, one, other in zip(name, first, second, strict=True) if one != other and part) or (
        " ".join(part for part in name if part)
    )


def rows_of(members: Sequence[Match], unit: str, weight: Callable[[str], float]) -> dict[str, Match]:
    """One figure per gas.

    Parameters
    ----------
    members : sequence of Match
        Of one set.
    unit : str
        That of the amount: figures in it are preferred to the same ones in another.
    weight : callable
        t CO2e per t of a gas, by which differences are judged.

    Returns
    -------
    dict of str to Match
        By gas. All from rows of one denominator if such rows have every gas.

    Raises
    ------
    AmbiguousFactorError
        If two rows give one gas differently by more than publishers round.
    """
    by_gas = {match.factor.gas: match for match in members}
    if len(by_gas) == len(members):
        return by_gas
    spelled: dict[str, dict[str, Match]] = {}
    for match in members:
        spelled.setdefault(denominator_of(match.factor.unit), {}).setdefault(match.factor.gas, match)
    order = sorted(spelled, key=lambda per: (len(spelled[per]) < len(by_gas), per != unit))
    chosen = {gas: next(spelled[per][gas] for per in order if gas in spelled[per]) for gas in by_gas}
    counted = {gas: _counted(match, weight) for gas, match in chosen.items()}
    allowed = ROUNDING_OF_PUBLISHERS * max(counted.values())
    for match in members:
        other = chosen[match.factor.gas]
        if match is not other and abs(_counted(match, weight) - counted[match.factor.gas]) > allowed:
            factors = (str(other.factor), str(match.factor))
            raise AmbiguousFactorError(Message.of("UNRESOLVED_FACTOR.gas_twice", factors=factors))
    return chosen


def _counted(match: Match, weight: Callable[[str], float]) -> float:
    """A figure in CO2e, in base units."""
    return factor_measure(match.factor).number * weight(match.factor.gas)
