"""Units of the members of relations, printed or unknown, and the conversions between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from carbonledger.core.errors import BookError, UnitError
from carbonledger.core.exact_conversion import exact_factor
from carbonledger.core.findings import Message
from carbonledger.core.units import canonical_unit
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.relations import Relation, Unknown, unknowns_in

__all__ = ["Measures", "measures_of"]

# The members of each kind that are measured alike, and those in per cent.
_MEMBERS_IN_ONE_UNIT: Mapping[str, Sequence[str]] = {
    "sum": ("total", "parts"),
    "difference": ("result", "minuend", "subtrahend"),
    "percent_change": ("current", "previous"),
    "share": ("whole", "part"),
    "same": ("figures",),
    "unit_conversion": ("result", "source"),
}
# Decimal carries 28 digits, and a chain of operations loses some.
_DIGITS = 20
_MEMBER_IN_PERCENT: Mapping[str, str] = {"percent_change": "change", "share": "result", "shares_sum": "parts"}


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of a case and the units of its unknowns.

    Parameters
    ----------
    figures : mapping of str to PublishedFigure
        By id.
    unknowns : mapping of str to str
        The unit of each unknown; one that is missing is in whatever unit its relation needs.
    """

    figures: Mapping[str, PublishedFigure]
    unknowns: Mapping[str, str] = field(default_factory=dict)

    def figure(self, relation: Relation, name: str) -> PublishedFigure:
        """A published figure that a relation names."""
        if name not in self.figures:
            raise BookError(Message.of("RELATION.no_figure", relation=relation.relation_id, figure=name))
        printed = self.figures[name].figure
        digits = printed.value.adjusted() - printed.step.adjusted() + 1
        if digits > _DIGITS:
            values = {"figure": name, "digits": digits, "limit": _DIGITS}
            raise BookError(Message.of("RELATION.too_many_digits", relation=relation.relation_id, **values))
        return self.figures[name]

    def unit(self, relation: Relation, name: str) -> str:
        """The unit of a member; empty for a plain number, or an unknown of which none is known."""
        return self.unknowns.get(name, "") if name.startswith("?") else self.figure(relation, name).unit

    def free(self, name: str) -> bool:
        """Whether a member is an unknown without a unit of its own."""
        return name.startswith("?") and name not in self.unknowns

    def factor(self, relation: Relation, name: str, unit: str) -> Fraction:
        """The factor that converts a member to a unit."""
        own = self.unit(relation, name)
        return Fraction(1) if self.free(name) or own == unit else _exact_factor_of(relation, own, unit)

    def alike(self, relation: Relation, names: Sequence[str]) -> list[Fraction]:
        """The factors that convert some members to the unit of the first that has one."""
        unit = next((found for name in names if (found := self.unit(relation, name))), "")
        bare = [name for name in names if unit and not self.unit(relation, name) and not self.free(name)]
        if bare:
            raise BookError(
                Message.of("RELATION.missing_unit", relation=relation.relation_id, figure=bare[0], unit=unit)
            )
        return [self.factor(relation, name, unit) for name in names]

    def quotient(self, relation: Relation, numerator: str, denominator: str, result: str) -> Fraction:
        """The factor that converts numerator over denominator to the unit of the result."""
        if any(self.free(name) for name in (numerator, denominator, result)):
            return Fraction(1)
        above, below, unit = (self.unit(relation, name) for name in (numerator, denominator, result))
        return _exact_factor_of(relation, above, unit, over=below)

    def product(self, relation: Relation, source: str, by: str, result: str) -> Fraction:
        """The factor that converts source times a printed factor to the unit of the result."""
        if any(self.free(name) for name in (source, by, result)):
            return Fraction(1)
        first, second, unit = (self.unit(relation, name) for name in (source, by, result))
        return _exact_factor_of(relation, first, unit, by=second)


def measures_of(
    figures: Mapping[str, PublishedFigure], relations: Sequence[Relation], declared: Mapping[str, Unknown] | None = None
) -> Measures:
    """The units of all members of some relations.

    Parameters
    ----------
    figures : mapping of str to PublishedFigure
        By id.
    relations : sequence of Relation
        An unknown without a declared unit has that of the first relation which says it, a sum before a quotient.
    declared : mapping of str to Unknown, optional
        What the case says of its unknowns.

    Returns
    -------
    Measures
    """
    units = {name: item.unit for name, item in (declared or {}).items() if item.unit}
    alike = [relation for relation in relations if not _is_quotient(relation)]
    for some in (alike, relations, relations):
        for relation in some:
            measures = Measures(figures, units)
            for name in unknowns_in(relation):
                if measures.free(name) and (found := _implied_unit(relation, name, measures)) is not None:
                    units[name] = found
    return Measures(figures, units)


def _is_quotient(relation: Relation) -> bool:
    """Whether the members are measured differently, one as the quotient of the others."""
    return relation.kind == "ratio" or "factor" in relation.members


def _implied_unit(relation: Relation, name: str, measures: Measures) -> str | None:
    """The unit that a relation implies for an unknown; None if it implies none."""
    members = relation.members
    if name in _as_names(members.get(_MEMBER_IN_PERCENT.get(relation.kind, ""))):
        return "percent"
    if _is_quotient(relation):
        return _quotient_unit(relation, name, measures)
    alike = [other for part in _MEMBERS_IN_ONE_UNIT.get(relation.kind, ()) for other in _as_names(members.get(part))]
    return next((measures.unit(relation, other) for other in alike if not measures.free(other)), None)


def _quotient_unit(relation: Relation, name: str, measures: Measures) -> str | None:
    """The unit of a member of numerator = result x denominator, from the other two."""
    parts = ("numerator", "result", "denominator") if relation.kind == "ratio" else ("result", "source", "factor")
    names = [relation.members[part] for part in parts]
    if any(measures.free(other) for other in names if other != name):
        return None
    whole, first, second = (measures.unit(relation, other) for other in names)
    if name == names[0]:
        return _unit_of_product(first, second)
    return _unit_of_quotient(whole, second if name == names[1] else first)


def _unit_of_quotient(above: str, below: str) -> str:
    """The unit of a quotient."""
    head, _, tail = below.partition("/")
    if above == below:
        return ""
    if tail and head == above:
        return tail
    return canonical_unit(f"{_unit_in_brackets(above or '1')}/{_unit_in_brackets(below)}") if below else above


def _unit_of_product(first: str, second: str) -> str:
    """The unit of a product."""
    for one, other in ((first, second), (second, first)):
        if other and one.endswith(f"/{other}"):
            return one.removesuffix(f"/{other}")
    return (
        canonical_unit(f"{_unit_in_brackets(first)}*{_unit_in_brackets(second)}")
        if first and second
        else first or second
    )


def _unit_in_brackets(unit: str) -> str:
    """A unit in brackets if it has several words."""
    return f"({unit})" if set(unit) & {" ", "*", "/"} else unit


def _as_names(value: Any) -> Iterator[str]:
    """A member as a list of names."""
    yield from () if value is None else value if isinstance(value, list | tuple) else (value,)


def _exact_factor_of(relation: Relation, source: str, target: str, *, over: str = "", by: str = "") -> Fraction:
    """The exact conversion between two units of a relation."""
    try:
        return exact_factor(source, target, over=over, by=by)
    except UnitError as error:
        raise BookError(
            Message.of("RELATION.wrong_unit", relation=relation.relation_id, problem=error.says or str(error))
        ) from error
