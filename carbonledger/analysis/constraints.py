"""Relations among figures as constraints that narrow each of their members.

Every kind is one of two forms over affine terms ``t = scale * x + offset`` of figures: a sum that is a constant, or a product that is a
product. Each member is solved for, so that what is known of the others narrows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from carbonledger.analysis.figures import PublishedFigure
from carbonledger.analysis.reconciliation import Relation
from carbonledger.errors import BookError, FigureError
from carbonledger.rounding import Interval, decimal_of
from carbonledger.units import conversion_factor

__all__ = ["Constraint", "Term", "constraints_of"]

_ONE, _HUNDRED = Decimal(1), Decimal(100)


@dataclass(frozen=True, slots=True)
class Term:
    """A figure in a constraint, as ``scale * x + offset``.

    Parameters
    ----------
    figure : str
        Its id; that of an unknown begins with ``?``.
    scale, offset : Decimal
        The affine form, which carries signs and conversions of units.
    """

    figure: str
    scale: Decimal = _ONE
    offset: Decimal = Decimal(0)

    def of(self, value: Interval) -> Interval:
        """The term where the figure lies in an interval."""
        return value.scaled(self.scale) + Interval(self.offset, self.offset)

    def figure_of(self, value: Interval) -> Interval:
        """The figure where the term lies in an interval."""
        return (value - Interval(self.offset, self.offset)) / Interval(self.scale, self.scale)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A relation in solvable form.

    Parameters
    ----------
    relation : Relation
        What it comes from.
    form : {"sum", "product"}
        ``sum``: all terms add up to `constant`. ``product``: the first times `constant` is the product of the others.
    terms : tuple of Term
        Its members.
    constant : Decimal
        See `form`.
    result : str
        The figure that was computed from the others when the report was made; empty if none stands out.
    """

    relation: Relation
    form: Literal["sum", "product"]
    terms: tuple[Term, ...]
    constant: Decimal
    result: str = ""

    def narrowed(self, known: Callable[[str], Interval | None]) -> Iterator[tuple[str, Interval]]:
        """What the other members say of each member.

        Parameters
        ----------
        known : callable
            From a figure's id to its interval, None if nothing is known of it.

        Yields
        ------
        tuple of (str, Interval)
            A member and the interval that holds all its possible values; a member of whose fellows one is unknown is left out.
        """
        values = [known(term.figure) for term in self.terms]
        for at, term in enumerate(self.terms):
            others = [
                other.of(value)
                for place, (other, value) in enumerate(zip(self.terms, values, strict=True))
                if value and place != at
            ]
            if len(others) == len(self.terms) - 1:
                try:
                    solved = self._sum(others) if self.form == "sum" else self._product(at, others)
                    yield term.figure, term.figure_of(solved)
                except (FigureError, InvalidOperation):
                    # A divisor that may be 0, or an open-ended figure, says nothing.
                    continue

    def _sum(self, others: list[Interval]) -> Interval:
        """The term that is missing in a sum."""
        rest = Interval(self.constant, self.constant)
        for other in others:
            rest = rest - other
        return rest

    def _product(self, at: int, others: list[Interval]) -> Interval:
        """The term that is missing in ``first x constant = second x third``."""
        constant = Interval(self.constant, self.constant)
        if at == 0:
            return others[0] * others[1] / constant
        return others[0] * constant / others[1]


def constraints_of(relation: Relation, figures: Mapping[str, PublishedFigure]) -> list[Constraint]:
    """A relation as constraints.

    Parameters
    ----------
    relation : Relation
        Of any kind but ``rebuild``, which is held against the engine.
    figures : mapping of str to PublishedFigure
        By id.

    Returns
    -------
    list of Constraint
        One, or for ``same`` one per further figure.

    Raises
    ------
    BookError
        If the relation names a figure that does not exist.
    """
    maker = _FORMS.get(relation.kind)
    return maker(relation, figures) if maker else []


Figures = Mapping[str, PublishedFigure]


def _term(relation: Relation, name: str, figures: Figures, unit: str, sign: int = 1) -> Term:
    """A member in a unit; an unknown is in that unit already."""
    if name.startswith("?"):
        return Term(name, Decimal(sign))
    if name not in figures:
        raise BookError(f"relation {relation.relation_id}: no published figure {name!r}.")
    own = figures[name].unit
    factor = decimal_of(conversion_factor(own, unit)) if unit and own and own != unit else _ONE
    return Term(name, factor * sign)


def _unit(figures: Figures, *names: str) -> str:
    """The unit of the first of some figures that is printed."""
    return next((figures[name].unit for name in names if name in figures), "")


def _sum(relation: Relation, figures: Figures) -> list[Constraint]:
    """Total less parts is 0."""
    total, parts = relation.members["total"], relation.members["parts"]
    unit = _unit(figures, total, *parts)
    terms = (_term(relation, total, figures, unit), *(_term(relation, name, figures, unit, -1) for name in parts))
    return [Constraint(relation, "sum", terms, Decimal(0), total)]


def _difference(relation: Relation, figures: Figures) -> list[Constraint]:
    """Result less minuend plus subtrahend is 0."""
    names = [relation.members[part] for part in ("result", "minuend", "subtrahend")]
    unit = _unit(figures, *names)
    terms = tuple(_term(relation, name, figures, unit, sign) for name, sign in zip(names, (1, -1, 1), strict=True))
    return [Constraint(relation, "sum", terms, Decimal(0), names[0])]


def _percent_change(relation: Relation, figures: Figures) -> list[Constraint]:
    """Current x 100 = previous x (100 + change)."""
    change, current, previous = (relation.members[part] for part in ("change", "current", "previous"))
    unit = _unit(figures, current, previous)
    sign = Decimal(-1 if relation.members.get("direction") == "decrease" else 1)
    terms = (
        _term(relation, current, figures, unit),
        _term(relation, previous, figures, unit),
        Term(change, sign, _HUNDRED),
    )
    return [Constraint(relation, "product", terms, _HUNDRED, change)]


def _ratio(relation: Relation, figures: Figures) -> list[Constraint]:
    """Numerator = result x denominator."""
    names = [relation.members[part] for part in ("numerator", "result", "denominator")]
    return [
        Constraint(relation, "product", tuple(_term(relation, name, figures, "") for name in names), _ONE, names[1])
    ]


def _share(relation: Relation, figures: Figures) -> list[Constraint]:
    """Part x 100 = share x whole."""
    part, result, whole = (relation.members[name] for name in ("part", "result", "whole"))
    unit = _unit(figures, whole, part)
    terms = (_term(relation, part, figures, unit), Term(result), _term(relation, whole, figures, unit))
    return [Constraint(relation, "product", terms, _HUNDRED, result)]


def _shares_sum(relation: Relation, figures: Figures) -> list[Constraint]:
    """The shares add up to 100 %."""
    terms = tuple(_term(relation, name, figures, "") for name in relation.members["parts"])
    return [Constraint(relation, "sum", terms, _HUNDRED)]


def _same(relation: Relation, figures: Figures) -> list[Constraint]:
    """First less each other is 0."""
    first, *others = relation.members["figures"]
    unit = _unit(figures, first)
    head = _term(relation, first, figures, unit)
    return [
        Constraint(relation, "sum", (head, _term(relation, name, figures, unit, -1)), Decimal(0)) for name in others
    ]


_FORMS: Mapping[str, Callable[[Relation, Figures], list[Constraint]]] = {
    "sum": _sum,
    "difference": _difference,
    "percent_change": _percent_change,
    "ratio": _ratio,
    "share": _share,
    "shares_sum": _shares_sum,
    "same": _same,
}
