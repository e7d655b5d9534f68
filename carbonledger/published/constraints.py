"""Constraints: relations among figures in a form that narrows the interval of each member.

Every kind is one of two forms over affine terms ``t = scale * x + offset`` of figures: a sum that is a constant, or a product that is a
product. Each member is solved for, so that what is known of the others narrows it. Units are converted in the scale, exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import partial
from itertools import accumulate
from typing import Literal

from carbonledger.core.exact_conversion import times
from carbonledger.core.rounding import Interval
from carbonledger.published.measures import Measures
from carbonledger.published.relations import Relation, unknowns_in

__all__ = ["Constraint", "Known", "LinearTerm", "constraints_of"]

Known = Callable[[str], Interval | None]
Ends = tuple[Decimal, Decimal]
_ZERO, _HUNDRED = Decimal(0), Decimal(100)
# More digits than any figure has, so that what a chain of operations loses is far behind them.
_PRECISION = 40


@dataclass(frozen=True, slots=True)
class LinearTerm:
    """A figure in a constraint, as ``scale * x + offset``, in the unit of the constraint.

    Parameters
    ----------
    figure : str
        Its id; that of an unknown begins with ``?``.
    scale : Fraction
        Sign and conversion of units.
    offset : Decimal
        What is added.
    """

    figure: str
    scale: Fraction = Fraction(1)
    offset: Decimal = Decimal(0)

    def of(self, value: Interval) -> Interval:
        """The term where the figure lies in an interval."""
        return times(value, self.scale) + Interval(self.offset, self.offset)

    def ends_of(self, value: Interval | None) -> Ends | None:
        """The ends of the term where the figure lies in an interval; None if nothing is known of it."""
        if value is None:
            return None
        low, high = _scaled((value.low, value.high), self.scale.numerator, self.scale.denominator)
        return (low + self.offset, high + self.offset) if self.offset else (low, high)

    def figure_ends(self, term: Ends) -> Ends:
        """The ends of the figure where the term has some."""
        low, high = (term[0] - self.offset, term[1] - self.offset) if self.offset else term
        return _scaled((low, high), self.scale.denominator, self.scale.numerator)


def _scaled(ends: Ends, above: int, below: int) -> Ends:
    """Ends times an exact fraction."""
    low, high = ends
    if below < 0:
        above, below = -above, -below
    if above != 1:
        low, high = (low * above, high * above) if above > 0 else (high * above, low * above)
    return (low / below, high / below) if below != 1 else (low, high)


@dataclass(frozen=True, slots=True, eq=False)
class Constraint:
    """A relation in solvable form.

    Parameters
    ----------
    relation : Relation
        What it comes from.
    form : {"sum", "product"}
        ``sum``: all terms add up to `constant`. ``product``: the first times `constant` is the product of the others.
    terms : tuple of LinearTerm
        Its members.
    constant : Decimal
        See `form`.
    result : str
        The figure that was computed from the others when the report was made; empty if none stands out.
    """

    relation: Relation
    form: Literal["sum", "product"]
    terms: tuple[LinearTerm, ...]
    constant: Decimal
    result: str = ""

    @property
    def repeats(self) -> bool:
        """Whether applying it twice may narrow more than once: a product, or a sum in which a figure occurs twice."""
        return self.form == "product" or len({term.figure for term in self.terms}) < len(self.terms)

    def solved(self, name: str, known: Known) -> Interval | None:
        """The interval of one member that the other members imply.

        Parameters
        ----------
        name : str
            The member.
        known : callable
            From a figure's id to its interval, None if nothing is known of it.

        Returns
        -------
        Interval or None
            All values that it may have; None if one of the others is unknown.

        Raises
        ------
        ArithmeticError
            If it would be divided by an interval that holds 0, or open-ended figures leave nothing to say.
        """
        at = next(place for place, term in enumerate(self.terms) if term.figure == name)
        ends = [None if place == at else term.ends_of(known(term.figure)) for place, term in enumerate(self.terms)]
        if any(value is None for place, value in enumerate(ends) if place != at):
            return None
        with localcontext() as context:
            context.prec = _PRECISION
            rest = self._rest_of_sum(ends)(at) if self.form == "sum" else self._rest_of_product(ends, at)
            return Interval(*self.terms[at].figure_ends(rest))

    def narrowed(self, known: Known) -> Iterator[tuple[str, Interval]]:
        """The interval of each member that the others imply, where they imply one.

        Parameters
        ----------
        known : callable
            As for `solved`.

        Yields
        ------
        tuple of (str, Interval)
            A member and the interval that holds all its possible values.
        """
        for name, low, high in self.narrowed_ends(known):
            yield name, Interval(low, high)

    def narrowed_ends(self, known: Known) -> Iterator[tuple[str, Decimal, Decimal]]:
        """The same as `narrowed`, as ends: each member with the least and the greatest value that the others imply."""
        ends = [term.ends_of(known(term.figure)) for term in self.terms]
        missing = [at for at, value in enumerate(ends) if value is None]
        if len(missing) > 1:
            return
        rest = self._rest_of_sum(ends) if self.form == "sum" else partial(self._rest_of_product, ends)
        for at in missing or range(len(ends)):
            try:
                low, high = self.terms[at].figure_ends(rest(at))
            except ArithmeticError:
                # A divisor that may be 0, or an open-ended figure, says nothing.
                continue
            yield self.terms[at].figure, low, high

    def _rest_of_sum(self, ends: Sequence[Ends | None]) -> Callable[[int], Ends]:
        """A function from a place to the ends that the other terms of a sum leave for it."""
        before = list(accumulate(ends, _rest_after, initial=(self.constant, self.constant)))
        behind = list(accumulate(reversed(ends), _rest_after, initial=(_ZERO, _ZERO)))

        def rest(at: int) -> Ends:
            one, other = before[at], behind[len(ends) - 1 - at]
            return one[0] + other[0], one[1] + other[1]

        return rest

    def _rest_of_product(self, ends: Sequence[Ends | None], at: int) -> Ends:
        """The term that is missing in ``first x constant = second x third``."""
        one, other = (value for place, value in enumerate(ends) if place != at)
        if one is None or other is None:
            raise ArithmeticError("Two terms of a product are unknown.")
        constant = self.constant
        if at == 0:
            return _quotient(_product(one, other), (constant, constant))
        return _quotient((one[0] * constant, one[1] * constant), other)


def _rest_after(rest: Ends, value: Ends | None) -> Ends:
    """The rest after subtracting a term; an unknown term is not subtracted, because only its own rest is asked for."""
    return rest if value is None else (rest[0] - value[1], rest[1] - value[0])


def _product(one: Ends, other: Ends) -> Ends:
    """The ends of a product."""
    if one[0] >= 0 and other[0] >= 0:
        return one[0] * other[0], one[1] * other[1]
    products = [a * b for a in one for b in other]
    return min(products), max(products)


def _quotient(one: Ends, other: Ends) -> Ends:
    """The ends of a quotient; a divisor that may be 0 has none."""
    if other[0] <= 0 <= other[1]:
        raise ZeroDivisionError("The divisor may be 0.")
    quotients = [a / b for a in one for b in other]
    return min(quotients), max(quotients)


def constraints_of(relation: Relation, measures: Measures) -> list[Constraint]:
    """A relation as constraints.

    Parameters
    ----------
    relation : Relation
        Of any kind but ``rebuild``, which is held against the engine.
    measures : Measures
        What its members are measured in.

    Returns
    -------
    list of Constraint
        One, or for ``same`` one per further figure.

    Raises
    ------
    BookError
        If the relation names a figure that does not exist, or one whose unit does not fit.
    """
    maker = _FORMS.get(relation.kind)
    return maker(relation, measures) if maker else []


def _terms_in_one_unit(
    relation: Relation, measures: Measures, names: Sequence[str], signs: Sequence[int]
) -> list[LinearTerm]:
    """Members as terms in one unit: that of the first member which has one."""
    factors = measures.alike(relation, names)
    return [LinearTerm(name, factor * sign) for name, factor, sign in zip(names, factors, signs, strict=True)]


def _to_percent(relation: Relation, name: str, measures: Measures) -> Fraction:
    """The factor that converts a member to per cent."""
    return measures.factor(relation, name, "percent") if measures.unit(relation, name) else Fraction(1)


def _sum(relation: Relation, measures: Measures) -> list[Constraint]:
    """Total less parts is 0."""
    total, parts = relation.members["total"], relation.members["parts"]
    terms = _terms_in_one_unit(relation, measures, [total, *parts], [1, *[-1] * len(parts)])
    return [Constraint(relation, "sum", tuple(terms), Decimal(0), total)]


def _difference(relation: Relation, measures: Measures) -> list[Constraint]:
    """Result less minuend plus subtrahend is 0."""
    names = [relation.members[part] for part in ("result", "minuend", "subtrahend")]
    terms = _terms_in_one_unit(relation, measures, names, (1, -1, 1))
    return [Constraint(relation, "sum", tuple(terms), Decimal(0), names[0])]


def _percent_change(relation: Relation, measures: Measures) -> list[Constraint]:
    """Current x 100 = previous x (100 + change); where the sign is ambiguous, the one that comes nearest to the printed change.

    Notes
    -----
    The change is (current - previous) / abs(previous); of a negative base some take previous itself, so that nothing but figures which
    are all printed can be held to it.
    """
    own, unsure, negative = _sign_of_change(relation, measures)
    if unknowns_in(relation):
        return [] if negative else [_changed(relation, measures, own)]
    signs = (own, -own) if unsure or negative else (own,)
    return [
        min(
            (_changed(relation, measures, sign) for sign in signs),
            key=lambda item: _distance_from_printed(item, measures),
        )
    ]


def _changed(relation: Relation, measures: Measures, sign: int) -> Constraint:
    """Current x 100 = previous x (100 + sign x change)."""
    change, current, previous = (relation.members[part] for part in ("change", "current", "previous"))
    third = LinearTerm(change, sign * _to_percent(relation, change, measures), _HUNDRED)
    terms = (*_terms_in_one_unit(relation, measures, [current, previous], (1, 1)), third)
    return Constraint(relation, "product", terms, _HUNDRED, change)


def _sign_of_change(relation: Relation, measures: Measures) -> tuple[int, bool, bool]:
    """The sign of a printed change, whether a decrease has a minus sign of its own, and whether the base is negative."""
    change, previous = (measures.figures.get(relation.members[part]) for part in ("change", "previous"))
    falls = relation.members.get("direction") == "decrease"
    bears = falls and change is not None and change.figure.value < 0
    negative = previous is not None and previous.figure.interval.high < 0
    return -1 if falls and not bears else 1, bears, negative


def _distance_from_printed(constraint: Constraint, measures: Measures) -> Decimal:
    """The distance of the printed result from the interval of the other figures; infinite if there is none."""
    printed = measures.figures[constraint.result].figure.interval
    try:
        computed = constraint.solved(constraint.result, lambda name: measures.figures[name].figure.interval)
    except ArithmeticError:
        computed = None
    if computed is None:
        return Decimal("Infinity")
    return max(computed.low - printed.high, printed.low - computed.high, Decimal(0))


def _ratio(relation: Relation, measures: Measures) -> list[Constraint]:
    """Numerator = result x denominator."""
    numerator, result, denominator = (relation.members[part] for part in ("numerator", "result", "denominator"))
    factor = measures.quotient(relation, numerator, denominator, result)
    terms = (LinearTerm(numerator, factor), LinearTerm(result), LinearTerm(denominator))
    return [Constraint(relation, "product", terms, Decimal(1), result)]


def _share(relation: Relation, measures: Measures) -> list[Constraint]:
    """Part x 100 = share x whole."""
    part, result, whole = (relation.members[name] for name in ("part", "result", "whole"))
    of_whole, of_part = measures.alike(relation, [whole, part])
    terms = (
        LinearTerm(part, of_part),
        LinearTerm(result, _to_percent(relation, result, measures)),
        LinearTerm(whole, of_whole),
    )
    return [Constraint(relation, "product", terms, _HUNDRED, result)]


def _shares_sum(relation: Relation, measures: Measures) -> list[Constraint]:
    """The shares add up to 100 %."""
    terms = tuple(LinearTerm(name, _to_percent(relation, name, measures)) for name in relation.members["parts"])
    return [Constraint(relation, "sum", terms, _HUNDRED)]


def _same(relation: Relation, measures: Measures) -> list[Constraint]:
    """First less each other is 0."""
    first, *others = relation.members["figures"]
    head, *factors = measures.alike(relation, [first, *others])
    return [
        Constraint(relation, "sum", (LinearTerm(first, head), LinearTerm(name, -factor)), Decimal(0))
        for name, factor in zip(others, factors, strict=True)
    ]


def _count(relation: Relation, measures: Measures) -> list[Constraint]:
    """The printed count is the number of items."""
    name = relation.members["count"]
    measures.unit(relation, name)
    return [Constraint(relation, "sum", (LinearTerm(name),), Decimal(len(relation.members["items"])), name)]


def _unit_conversion(relation: Relation, measures: Measures) -> list[Constraint]:
    """Result = source, each in its unit; or result = source x factor."""
    result, source = relation.members["result"], relation.members["source"]
    if "factor" not in relation.members:
        terms = (
            LinearTerm(result),
            LinearTerm(source, -measures.factor(relation, source, measures.unit(relation, result))),
        )
        return [Constraint(relation, "sum", terms, Decimal(0), result)]
    factor = relation.members["factor"]
    scale = measures.product(relation, source, factor, result)
    return [
        Constraint(
            relation, "product", (LinearTerm(result), LinearTerm(source, scale), LinearTerm(factor)), Decimal(1), result
        )
    ]


def _steady(relation: Relation, measures: Measures) -> list[Constraint]:
    """None: factors of several years are alike, not equal. Its figures and units are looked at all the same."""
    for part in ("numerators", "denominators"):
        measures.alike(relation, relation.members[part])
    return []


_FORMS: Mapping[str, Callable[[Relation, Measures], list[Constraint]]] = {
    "sum": _sum,
    "difference": _difference,
    "percent_change": _percent_change,
    "ratio": _ratio,
    "share": _share,
    "shares_sum": _shares_sum,
    "same": _same,
    "count": _count,
    "unit_conversion": _unit_conversion,
    "steady": _steady,
}
