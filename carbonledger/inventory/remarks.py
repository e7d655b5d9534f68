"""What is said of the factors of a plan: each cause once, with the lines it concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from carbonledger.core.activity_taxonomy import activity_label
from carbonledger.core.errors import AmbiguousFactorError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label
from carbonledger.factors.gwp import GwpSet
from carbonledger.inventory.coefficients import Key, PlanRow, Problem, Remark
from carbonledger.inventory.gas_split import gwp_basis_of
from carbonledger.inventory.heating_values import basis_label

__all__ = ["asked_once", "remark_findings"]

_Noted = list[tuple[PlanRow, Remark]]


def asked_once(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The problems, with one question for all bills that do not say gross or net.

    Parameters
    ----------
    problems : sequence of Problem
        Of a plan.

    Returns
    -------
    tuple of Problem
        The question stands at the first combination that raised it.
    """
    asked = [item for item in problems if item.error.says and item.error.says.key == "HEATING_VALUE_UNKNOWN"]
    if len(asked) < 2:
        return tuple(problems)
    values: dict[str, dict[object, None]] = {}
    for item in asked:
        for name, parts in item.error.says.values if item.error.says else ():
            values.setdefault(name, {}).update(dict.fromkeys(parts))
    message = Message.of("HEATING_VALUE_UNKNOWN", **{name: tuple(parts) for name, parts in values.items()})
    one = replace(asked[0], error=AmbiguousFactorError(message))
    return tuple(one if item is asked[0] else item for item in problems if item is asked[0] or item not in asked)


def remark_findings(rows: Sequence[PlanRow], gwp: GwpSet, lines: Mapping[Key, int]) -> Iterator[tuple[Key, Finding]]:
    """The remarks of a plan as findings.

    Parameters
    ----------
    rows : sequence of PlanRow
        The coefficients.
    gwp : GwpSet
        Of the inventory.
    lines : mapping of Key to int
        How many lines each combination has.

    Yields
    ------
    tuple of (Key, Finding)
        The first combination concerned, and what is to be said.
    """
    causes: dict[tuple[str, ...], _Noted] = {}
    for row in rows:
        for remark in row.remarks:
            causes.setdefault(_cause(row, remark), []).append((row, remark))
    for noted in causes.values():
        row, remark = noted[0]
        yield row.key, _SAYINGS[remark.case](noted, gwp, _counted(noted, lines))


def _cause(row: PlanRow, remark: Remark) -> tuple[str, ...]:
    """What makes two remarks one: the edition and its basis; else the figure too."""
    if remark.case == "recalculated":
        return remark.case, remark.factor.edition, remark.text
    if remark.case == "own_unused":
        return remark.case, remark.factor.edition, row.activity
    return remark.case, remark.factor.reference, remark.text


def _counted(noted: _Noted, lines: Mapping[Key, int]) -> Label:
    """How many lines are concerned, in words."""
    count = sum(lines.get(row.key, 0) for row, _ in noted)
    return Label(f"{count} line{'' if count == 1 else 's'}", f"{count} 行")


def _activities(noted: _Noted) -> tuple[Label, ...]:
    """The activities concerned, each once."""
    return tuple(activity_label(name) for name in dict.fromkeys(row.activity for row, _ in noted))


def _recalculated(noted: _Noted, gwp: GwpSet, lines: Label) -> Finding:
    """A publisher's CO2e on another GWP set."""
    remark = noted[0][1]
    own = gwp_basis_of(gwp) or gwp.edition
    bases = {"edition": remark.factor.edition, "basis": remark.text, "inventory_basis": own}
    return Finding.of("FACTOR_CHOICE.recalculated", lines=lines, activities=_activities(noted), **bases)


def _left_aside(noted: _Noted, _: GwpSet, lines: Label) -> Finding:
    """Gases that are not the whole split."""
    remark = noted[0][1]
    said = {
        "factor": f"{remark.factor}",
        "gases": tuple(remark.text.split(", ")),
        "share": remark.share,
        "lines": lines,
    }
    return Finding.of("FACTOR_CHOICE.split_left_aside", **said)


def _unsaid(noted: _Noted, _: GwpSet, lines: Label) -> Finding:
    """A figure that states no heating value, used for bills that do."""
    remark = noted[0][1]
    said = {"factor": f"{remark.factor}", "stated": basis_label(remark.text), "lines": lines}
    return Finding.of("FACTOR_CHOICE.heating_value_unsaid", activities=_activities(noted), **said)


def _own_unused(noted: _Noted, _: GwpSet, __: Label) -> Finding:
    """A factor of one's own beside the one used."""
    row, remark = noted[0]
    place = ", ".join(str(part) for part in (remark.factor.region, remark.factor.data_year) if part)
    used = row.emission_factors[0].reference if row.emission_factors else next((f.reference for f in row.factors), "")
    key = row.key.label
    none = Label("none", "无")
    return Finding.of("OWN_FACTOR_UNUSED", key=key, factor=f"{remark.factor}", where=place, used=used or none)


_SAYINGS = {
    "recalculated": _recalculated,
    "split_left_aside": _left_aside,
    "heating_value_unsaid": _unsaid,
    "own_unused": _own_unused,
}
