"""Whether printed figures follow from their data and from each other.

A printed figure is an interval, and a relation among figures holds if some choice of unrounded numbers satisfies
it. Where one member is unknown, the relation says in which interval it lies.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from carbonledger.analysis.figures import PublishedFigure
from carbonledger.analysis.slips import other_base, slip_of
from carbonledger.errors import BookError, DimensionError
from carbonledger.rounding import Agreement, Figure, Interval, agreement, decimal_of, implied_previous
from carbonledger.units import conversion_factor

__all__ = ["Relation", "Verdict", "check_rebuilt", "check_relation", "read_relations"]

Holds = Literal["agrees", "agrees if truncated", "agrees if rounded coarser", "does not follow", "implies"]


@dataclass(frozen=True, slots=True)
class Relation:
    """Something that should hold among published figures.

    Parameters
    ----------
    relation_id, kind : str
        Its name, and one of the kinds of `check_relation` or ``rebuild``.
    title_zh, title_en : str
        What should hold.
    members : mapping
        The figures by the part they play; a name that begins with ``?`` is an unknown.
    """

    relation_id: str
    kind: str
    title_zh: str
    title_en: str
    members: Mapping[str, Any]

    def title(self, lang: str) -> str:
        """The title in ``zh`` or ``en``."""
        return self.title_zh if lang == "zh" else self.title_en


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a relation says of the printed figures.

    Parameters
    ----------
    relation : Relation
        What was checked.
    holds : str
        ``agrees``, ``agrees if truncated``, ``agrees if rounded coarser`` (to one place less than printed), ``does not follow``,
        ``implies`` (an unknown).
    printed : str
        The figure as printed, or the unknown's name.
    computed : str
        What the other figures or the engine give.
    unit : str
        Of both.
    distance : Decimal
        How far apart the two are beyond all rounding; 0 if they agree.
    slip : str
        The known slip that would lead to the printed figure, e.g. ``x 1000`` or ``per cent of the other year``; empty if none would.
    """

    relation: Relation
    holds: Holds
    printed: str
    computed: Interval | Decimal | None
    unit: str
    distance: Decimal = Decimal(0)
    slip: str = ""


def read_relations(path: Path) -> list[Relation]:
    """The relations of a case.

    Parameters
    ----------
    path : Path
        TOML with ``[[relation]]`` tables.

    Returns
    -------
    list of Relation

    Raises
    ------
    BookError
        If the file is no TOML, or a relation's kind is unknown.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("relation", [])
    except tomllib.TOMLDecodeError as error:
        raise BookError(f"{path.name}: {error}") from error
    relations = []
    for table in tables:
        rest = {name: value for name, value in table.items() if name not in {"id", "kind", "title_zh", "title_en"}}
        if table.get("kind") not in {*_KINDS, "rebuild"}:
            raise BookError(f"{path.name}: {table.get('id')}: unknown kind {table.get('kind')!r}.")
        relations.append(Relation(table["id"], table["kind"], table["title_zh"], table["title_en"], rest))
    return relations


def check_rebuilt(relation: Relation, figure: PublishedFigure, rebuilt: float, unit: str) -> Verdict:
    """A printed figure against the engine's own result.

    Parameters
    ----------
    relation : Relation
        Of kind ``rebuild``.
    figure : PublishedFigure
        The printed figure.
    rebuilt : float
        The engine's unrounded result, in `unit`.
    unit : str
        Converted to the figure's unit.

    Returns
    -------
    Verdict
    """
    value = decimal_of(rebuilt * conversion_factor(unit, figure.unit or unit))
    holds: Agreement = agreement(value, figure.figure)
    distance = figure.figure.interval.distance(value)
    slip = slip_of(figure.figure, value) if holds == "does not follow" else ""
    return Verdict(relation, holds, figure.figure.text, value, figure.unit, distance, slip)


def check_relation(relation: Relation, figures: Mapping[str, PublishedFigure]) -> Verdict:
    """A relation among printed figures.

    Parameters
    ----------
    relation : Relation
        ``sum`` (``total``, ``parts``), ``difference`` (``result``, ``minuend``, ``subtrahend``), ``percent_change``
        (``change``, ``current``, ``previous``, ``direction``), ``ratio`` (``result``, ``numerator``, ``denominator``), ``share``
        (``result``, ``part``, ``whole``, in per cent), ``shares_sum`` (``parts``, which sum to 100 %), ``same`` (``figures``).
    figures : mapping of str to PublishedFigure
        By id.

    Returns
    -------
    Verdict
    """
    return _KINDS[relation.kind](relation, _Intervals(relation, figures))


class _Intervals:
    """The members of a relation as intervals in one unit."""

    def __init__(self, relation: Relation, figures: Mapping[str, PublishedFigure]) -> None:
        self.relation = relation
        self.figures = figures

    def figure(self, name: str) -> PublishedFigure:
        """A published figure by id."""
        try:
            return self.figures[name]
        except KeyError:
            raise BookError(f"relation {self.relation.relation_id}: no published figure {name!r}.") from None

    def unknown(self, part: str) -> bool:
        """Whether a part of the relation is unknown."""
        return str(self.relation.members[part]).startswith("?")

    def named(self, part: str) -> PublishedFigure:
        """The figure that plays a part."""
        return self.figure(str(self.relation.members[part]))

    def of(self, part: str, unit: str = "") -> Interval:
        """The interval of a part, in a unit if one is given."""
        return self.interval(str(self.relation.members[part]), unit)

    def interval(self, name: str, unit: str = "") -> Interval:
        """The interval of a figure, in a unit if one is given."""
        figure = self.figure(name)
        interval = figure.figure.interval
        if not unit or not figure.unit or unit == figure.unit:
            return interval
        try:
            return interval.scaled(decimal_of(conversion_factor(figure.unit, unit)))
        except DimensionError as error:
            raise BookError(f"relation {self.relation.relation_id}: {error}") from error


def _compare(relation: Relation, printed: PublishedFigure, computed: Interval) -> Verdict:
    """A printed figure against the interval that the others give."""
    holds: Holds = "agrees" if printed.figure.interval.overlaps(computed) else "does not follow"
    if holds == "does not follow" and replace(printed.figure, rounding="truncate").interval.overlaps(computed):
        return Verdict(relation, "agrees if truncated", printed.figure.text, computed, printed.unit)
    if holds == "does not follow" and _coarser(printed.figure).overlaps(computed):
        return Verdict(relation, "agrees if rounded coarser", printed.figure.text, computed, printed.unit)
    gap = max(printed.figure.interval.low - computed.high, computed.low - printed.figure.interval.high, Decimal(0))
    slip = slip_of(printed.figure, computed) if holds == "does not follow" else ""
    return Verdict(relation, holds, printed.figure.text, computed, printed.unit, gap, slip)


def _coarser(figure: Figure) -> Interval:
    """What a figure stands for if its last digit, a zero, is only for show; else its own interval."""
    step = figure.step * 10
    return replace(figure, step=step).interval if figure.step < 1 and figure.value % step == 0 else figure.interval


def _implied(relation: Relation, name: str, computed: Interval, unit: str) -> Verdict:
    """What a relation says of its unknown."""
    return Verdict(relation, "implies", name.removeprefix("?"), computed, unit)


def _sum(relation: Relation, values: _Intervals) -> Verdict:
    """The parts sum to the total."""
    total = values.named("total")
    parts = [values.interval(name, total.unit) for name in relation.members["parts"]]
    return _compare(relation, total, _added(parts))


def _added(parts: list[Interval]) -> Interval:
    """The sum of some intervals."""
    result = parts[0]
    for part in parts[1:]:
        result = result + part
    return result


def _difference(relation: Relation, values: _Intervals) -> Verdict:
    """The minuend less the subtrahend is the result."""
    members = relation.members
    if values.unknown("minuend"):
        unit = values.named("result").unit
        return _implied(relation, members["minuend"], values.of("result", unit) + values.of("subtrahend", unit), unit)
    if values.unknown("subtrahend"):
        unit = values.named("minuend").unit
        return _implied(relation, members["subtrahend"], values.of("minuend", unit) - values.of("result", unit), unit)
    result = values.named("result")
    return _compare(relation, result, values.of("minuend", result.unit) - values.of("subtrahend", result.unit))


def _percent_change(relation: Relation, values: _Intervals) -> Verdict:
    """The current value is the previous one changed by a percentage."""
    change, falls = values.of("change"), relation.members.get("direction") == "decrease"
    if falls:
        change = Interval(-change.high, -change.low, change.high_closed, change.low_closed)
    current = values.named("current")
    if values.unknown("previous"):
        implied = implied_previous(current.figure.interval, change)
        return _implied(relation, relation.members["previous"], implied, current.unit)
    hundred = Interval(Decimal(100), Decimal(100))
    now, before = values.of("current"), values.of("previous", current.unit)
    growth = now / before * hundred - hundred
    verdict = _compare(relation, values.named("change"), growth.scaled(Decimal(-1)) if falls else growth)
    if verdict.holds == "does not follow" and other_base(values.named("change").figure, now, before, falls=falls):
        return replace(verdict, slip="per cent of the other year")
    return verdict


def _ratio(relation: Relation, values: _Intervals) -> Verdict:
    """The numerator over the denominator is the result."""
    return _compare(relation, values.named("result"), values.of("numerator") / values.of("denominator"))


def _share(relation: Relation, values: _Intervals) -> Verdict:
    """The part is a percentage of the whole."""
    whole = values.named("whole")
    share = (values.of("part", whole.unit) / values.of("whole")).scaled(Decimal(100))
    return _compare(relation, values.named("result"), share)


def _shares_sum(relation: Relation, values: _Intervals) -> Verdict:
    """Percentages of one whole sum to 100 %."""
    total = _added([values.interval(name) for name in relation.members["parts"]])
    hundred = Decimal(100)
    printed = sum((values.figure(name).figure.value for name in relation.members["parts"]), Decimal(0))
    holds: Holds = "agrees" if hundred in total else "does not follow"
    return Verdict(relation, holds, f"{printed} %", total, "percent", total.distance(hundred))


def _same(relation: Relation, values: _Intervals) -> Verdict:
    """The same figure printed in several places."""
    first, *others = relation.members["figures"]
    figure = values.figure(first)
    verdicts = [_compare(relation, figure, values.interval(name, figure.unit)) for name in others]
    return max(verdicts, key=lambda verdict: (verdict.holds == "does not follow", verdict.distance))


_KINDS: Mapping[str, Callable[[Relation, _Intervals], Verdict]] = {
    "sum": _sum,
    "difference": _difference,
    "percent_change": _percent_change,
    "ratio": _ratio,
    "share": _share,
    "shares_sum": _shares_sum,
    "same": _same,
}
