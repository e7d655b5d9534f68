"""A total of several periods decomposed into the effects whose product it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonledger.comparison.effect_terms import EffectTerm, effect_terms
from carbonledger.comparison.lmdi import Form, Method, step_contributions
from carbonledger.comparison.period_panel import Panel, checked_values, panel_of_arrays, panel_of_frame, plain_columns
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, word
from carbonledger.core.plain_data import plain_data
from carbonledger.core.record_html import figure_text, record_html, table_html
from carbonledger.inventory.frame_kinds import in_kind_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

__all__ = ["Decomposition", "decompose"]

_METHODS: tuple[Method, ...] = ("lmdi-i", "lmdi-ii")
_FORMS: tuple[Form, ...] = ("additive", "multiplicative")
# How far the product of the effects of a row may be from its total, as a fraction of it.
TOLERANCE = 1e-10
# What binary arithmetic may leave of a change, as a fraction of the total.
_LAW = 1e-9


@dataclass(frozen=True, slots=True)
class _Step:
    """One period against another.

    Parameters
    ----------
    first, last : int
        Positions of the periods.
    parts : numpy.ndarray of shape (effects, categories)
        See `carbonledger.comparison.lmdi.step_contributions`.
    """

    first: int
    last: int
    parts: Numbers


@dataclass(frozen=True, eq=False, repr=False)
class Decomposition:
    """What each effect made of the change of a total; the effects give the change without a rest.

    Parameters
    ----------
    method : {"lmdi-i", "lmdi-ii"}
        The weights.
    form : {"additive", "multiplicative"}
        Whether the effects sum to the difference, or multiply to the ratio.
    names : tuple of str
        Of the effects.
    base : object
        The period that all others are compared with; None if each is compared with the one before.
    """

    method: Method
    form: Form
    names: tuple[str, ...]
    base: Any
    _panel: Panel = field(repr=False)
    _values: Numbers = field(repr=False)
    _steps: tuple[_Step, ...] = field(repr=False)

    def __repr__(self) -> str:
        sign = "+" if self.form == "additive" else ""
        moved = ", ".join(f"{name} {self.total_effect(name):{sign}.4g}" for name in self.names)
        span = f"{self.periods[0]} to {self.periods[-1]}"
        return f"Decomposition({self.method}, {self.form}, {span}: {moved}; residual {self._rest:.1g})"

    @property
    def periods(self) -> tuple[Any, ...]:
        """The periods, in order."""
        return self._panel.periods

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        """One row a step."""
        return [self._row(step.first, step.last, step.parts.sum(axis=1)) for step in self._steps]

    def _row(self, first: int, last: int, sums: Numbers) -> dict[str, Any]:
        """A step with its totals, its effects and what they leave."""
        before, after = (float(self._values[at].sum()) for at in (first, last))
        if self.form == "additive":
            change, rest = after - before, after - before - float(sums.sum())
        else:
            change = after / before
            rest, sums = change - float(np.exp(sums.sum())), np.exp(sums)
        effects = {name: float(value) for name, value in zip(self.names, sums, strict=True)}
        ends = {"from": self.periods[first], "to": self.periods[last], "before": before, "after": after}
        return {**ends, "change": change, **effects, "residual": rest}

    @property
    def effects(self) -> Any:
        """One row a step.

        Returns
        -------
        frame of the caller's kind
            ``from``, ``to``, ``before``, ``after``, ``change``, a column for each effect in the unit of the total (additive) or as a ratio
            (multiplicative), and ``residual``, what the effects leave of the change.
        """
        return self._framed(self._rows)

    @property
    def cumulative(self) -> Any:
        """The same from the first period to each later one: of chained steps the sums, or products, of their effects."""
        return self._framed(self._cumulated)

    @cached_property
    def _cumulated(self) -> list[dict[str, Any]]:
        """One row a period after the first."""
        if self.base is not None:
            return self._rows
        sums = np.cumsum([step.parts.sum(axis=1) for step in self._steps], axis=0)
        return [self._row(0, step.last, sums[at]) for at, step in enumerate(self._steps)]

    @property
    def contributions(self) -> Any:
        """One row a step and category.

        Returns
        -------
        frame of the caller's kind
            ``from``, ``to``, the levels of the category, ``status`` (``new``, ``ended``, ``continuing``, ``absent``), ``before``,
            ``after``, and a column for each effect: over the categories they sum (additive) or multiply (multiplicative) to the effect.
        """
        import pandas as pd

        tables = [self._contributions(step) for step in self._steps]
        return self._in_kind(pd.concat(tables, ignore_index=True))

    def _contributions(self, step: _Step) -> pd.DataFrame:
        """The categories of a step."""
        before, after = self._values[step.first], self._values[step.last]
        status = np.select(
            [(before > 0) & (after > 0), after > 0, before > 0], ["continuing", "new", "ended"], default="absent"
        )
        parts = step.parts if self.form == "additive" else np.exp(step.parts)
        table = self._panel.keys.copy()
        table.insert(0, "from", self.periods[step.first])
        table.insert(1, "to", self.periods[step.last])
        values = {"status": status, "before": before, "after": after}
        return table.assign(**values, **dict(zip(self.names, parts, strict=True)))

    @property
    def residual(self) -> float:
        """What the effects leave of the change at most, over all steps: 0 but for binary arithmetic."""
        return float(max((row["residual"] for row in self._rows), key=abs))

    @property
    def _rest(self) -> float:
        """The residual; 0 where it is what binary arithmetic leaves."""
        size = max(max(abs(row["before"]), abs(row["after"])) for row in self._rows)
        return 0.0 if abs(self.residual) <= _LAW * (size if self.form == "additive" else 1.0) else self.residual

    def total_effect(self, name: str) -> float:
        """An effect from the first period to the last, in the unit of the total or as a ratio.

        Raises
        ------
        KeyError
            If there is no such effect.
        """
        return float(self._cumulated[-1][name])

    def _framed(self, rows: list[dict[str, Any]]) -> Any:
        """Rows as a frame of the caller's kind."""
        import pandas as pd

        return self._in_kind(pd.DataFrame(rows))

    def _in_kind(self, table: pd.DataFrame) -> Any:
        """A table in the caller's kind."""
        return table if self._panel.kind is None else in_kind_of(self._panel.kind, table)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data for JSON: ``method``, ``form``, ``base``, ``labels``, ``effects``, ``cumulative``, ``residual``, unrounded.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the labels.

        Returns
        -------
        dict
        """
        plain: dict[str, Any] = plain_data(
            {
                "method": self.method,
                "form": self.form,
                "base": self.base,
                "labels": dict(zip(("from", "to", "before", "after", "change", "residual"), _heads(lang), strict=True)),
                "effects": self._rows,
                "cumulative": self._cumulated,
                "residual": self.residual,
            }
        )
        return plain

    def to_html(self, lang: Lang = "en") -> str:
        """The steps as a notebook shows them, in a language."""
        names = ("from", "to", "before", "after", "change", *self.names, "residual")
        heads = [*_heads(lang)[:-1], *self.names, _heads(lang)[-1]]
        rows = [
            [str(row[name]) if name in {"from", "to"} else figure_text(row[name]) for name in names]
            for row in self._rows
        ]
        title = word("decompose_title", lang, method=self.method.upper(), form=word(f"decompose_{self.form}", lang))
        return record_html(lang, title, (), table_html(heads, rows, range(2, len(heads))))

    def _repr_html_(self) -> str:
        return self.to_html()


def _heads(lang: Lang) -> list[str]:
    """The words of the columns."""
    return [word(f"decompose_{name}", lang) for name in ("from", "to", "before", "after", "change", "residual")]


def decompose(
    data: Any,
    *,
    effects: Sequence[str] | Mapping[str, str],
    total: str | None = None,
    period: str = "period",
    by: str | Sequence[str] = (),
    method: Method = "lmdi-i",
    form: Form = "additive",
    base: Any = None,
    tolerance: float = TOLERANCE,
) -> Decomposition:
    """Index decomposition of a total by the logarithmic mean Divisia index (LMDI): exact, and the same forwards and backwards.

    Parameters
    ----------
    data : frame, mapping of str to array, or array
        A long frame of any kind, one row a period and category; or arrays by name, of shape (periods, categories) or, for what a whole
        period has, (periods,); or one array of shape (periods, categories, effects).
    effects : sequence of str, or mapping of str to str
        What multiplies to the total in every row. Each is a column, a sum ``sum(output)``, or a ratio of two of them: ``output /
        sum(output)``, ``energy / sum(energy, entity)``, where the sum is over the period, or within the levels named. A mapping gives
        them names: ``{"activity": "sum(output)", "structure": "output / sum(output)", "intensity": "energy / output"}``.
    total : str, optional
        The column that is decomposed, not below 0; by default the product of the effects.
    period : str
        The column of the periods of a frame; they are taken in their order.
    by : str or sequence of str
        The columns of a frame that name a category, from the group down: ``["entity", "carrier"]``.
    method : {"lmdi-i", "lmdi-ii"}
        The weights; LMDI-I is consistent in aggregation.
    form : {"additive", "multiplicative"}
        Whether effects sum to the difference, or multiply to the ratio.
    base : object, optional
        The period that all others are compared with; by default each is compared with the one before (chained).
    tolerance : float
        How far the product of a row may be from its total, as a fraction of it.

    Returns
    -------
    Decomposition
        ``effects`` by step, ``cumulative``, ``contributions`` by category, ``residual``.

    Raises
    ------
    EntriesError
        With a finding for each defect, naming the rows: a product that is not the total, values below 0 or missing, rows that stand
        twice, a category without a row whose effects cannot be told, a ratio with 0 below the line, an unknown column.

    Notes
    -----
    Additive LMDI-I: the effect x is the sum of L(V_i', V_i) ln(x_i' / x_i) over the categories, L the logarithmic mean. A category without
    a row in a period has 0 of the total and of all that is summed. Where a value is 0 in one of the two periods, the change goes to the
    effects that are 0 there; an effect that 0 / 0 leaves open, or that is missing beside an effect of 0, counts as unchanged.

    References
    ----------
    Ang (2005), LMDI practical guide; Ang (2015), LMDI guide; Ang & Liu (2007), zero values.

    Examples
    --------
    >>> import carbonledger as cl
    >>> data = {"output": [1000.0, 1120.0], "energy": [[3600.0, 2000.0, 0.0], [3240.0, 2200.0, 720.0]],
    ...         "emissions": [[536.6, 112.2, 0.0], [477.54, 123.42, 0.0]]}
    >>> cl.decompose(data, total="emissions", effects={
    ...     "activity": "output", "intensity": "sum(energy) / output", "structure": "energy / sum(energy)",
    ...     "factor": "emissions / energy"})
    Decomposition(lmdi-i, additive, 0 to 1: activity +70.74, intensity -11.25, structure -101.6, factor -5.695; residual 0)
    """
    _check_choices(method, form, tolerance)
    frame = plain_columns(data) if not isinstance(data, Mapping) else None
    levels = (by,) if isinstance(by, str) else tuple(by or ())
    panel, terms = _read(data, frame, effects, total, period, levels)
    pairs = _pairs(panel, base)
    values, factors = checked_values(panel, terms, total, tolerance)
    stated = panel.filled(total, summed=True) if total is not None else values
    steps = []
    for first, last in pairs:
        sides = (values[first], values[last])
        sets = ([factor[first] for factor in factors], [factor[last] for factor in factors])
        named = (panel.periods[first], panel.periods[last])
        steps.append(_Step(first, last, step_contributions(sides, sets, method, form, named)))
    return Decomposition(method, form, tuple(term.name for term in terms), base, panel, stated, tuple(steps))


def _check_choices(method: str, form: str, tolerance: object) -> None:
    """Refuse a method or form that there is none of, and a tolerance that would check nothing."""
    if not isinstance(tolerance, (int, float)) or not 0 <= tolerance < 1:
        raise EntriesError([Finding.of("DECOMPOSITION.tolerance", given=str(tolerance))])
    for given, known in ((method, _METHODS), (form, _FORMS)):
        if given not in known:
            raise EntriesError([Finding.of("DECOMPOSITION.choice", given=str(given), known=known)])


def _read(
    data: Any,
    frame: Any,
    effects: Sequence[str] | Mapping[str, str],
    total: str | None,
    period: str,
    levels: tuple[str, ...],
) -> tuple[Panel, list[EffectTerm]]:
    """The data as arrays, and the effects as terms."""
    if frame is None:
        panel = panel_of_arrays(data, list(effects))
        columns, levels = set(panel.columns), ("category",)
    else:
        columns = set(frame.columns)
        wanted = dict.fromkeys((period, *levels, *((total,) if total else ())))
        unknown = [name for name in wanted if name not in columns]
        if unknown:
            known = tuple(sorted(map(str, columns)))
            raise EntriesError([Finding.of("DECOMPOSITION.column", column=name, columns=known) for name in unknown])
        columns -= {period, *levels}
    terms, findings = effect_terms(effects, columns, levels)
    if frame is None and total is not None and total not in columns:
        findings.append(Finding.of("DECOMPOSITION.column", column=total, columns=tuple(sorted(columns))))
    if findings:
        raise EntriesError(findings)
    if frame is not None:
        needed = [*([total] if total else []), *(term.column for effect in terms for term in effect.terms)]
        panel = panel_of_frame(frame, period, levels, needed)
    return panel, terms


def _pairs(panel: Panel, base: Any) -> list[tuple[int, int]]:
    """Which period is compared with which."""
    count = len(panel.periods)
    if count < 2:
        raise EntriesError([Finding.of("DECOMPOSITION.one_period", periods=tuple(map(str, panel.periods)))])
    if base is None:
        return [(at, at + 1) for at in range(count - 1)]
    if base not in panel.periods:
        raise EntriesError([Finding.of("DECOMPOSITION.base", base=str(base), periods=tuple(map(str, panel.periods)))])
    first = panel.periods.index(base)
    return [(first, at) for at in range(count) if at != first]
