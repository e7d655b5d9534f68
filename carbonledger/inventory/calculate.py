"""From entries and pinned factors to the inventory: the one place where a calculation is run."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, overload

import narwhals as nw

from carbonledger.activity_data.entries import Entries
from carbonledger.activity_data.tally import summed
from carbonledger.core.errors import CarbonLedgerError, EntriesError, IncompleteInventoryWarning
from carbonledger.core.findings import Finding, Message
from carbonledger.factors.gwp import GwpSet, read_gwp
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.inventory.coefficients import Key, Plan, Problem
from carbonledger.inventory.completeness import EntryCounts
from carbonledger.inventory.frame_headings import with_entry_columns
from carbonledger.inventory.invariants import check_plan
from carbonledger.inventory.inventory import Inventory
from carbonledger.inventory.lines import NOTHING, Frame, check_columns, refuse_reserved
from carbonledger.inventory.plan import build_plan
from carbonledger.inventory.planned_rows import PlannedRows, check_amounts, held_frame
from carbonledger.inventory.remarks import asked_once, remark_findings
from carbonledger.inventory.row_keys import row_keys
from carbonledger.inventory.row_sums import row_count
from carbonledger.inventory.scope3_categories import scope_3_findings
from carbonledger.inventory.summed_rows import summed_rows

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from narwhals.typing import IntoFrame

__all__ = ["calculate"]


@overload
def calculate(
    entries: Entries | pd.DataFrame,
    factors: PinnedFactors,
    *,
    gwp: str | GwpSet,
    missing: Literal["raise", "report"] = "raise",
) -> Inventory[pd.DataFrame]: ...


@overload
def calculate(
    entries: pl.DataFrame | pl.LazyFrame,
    factors: PinnedFactors,
    *,
    gwp: str | GwpSet,
    missing: Literal["raise", "report"] = "raise",
) -> Inventory[pl.DataFrame]: ...


@overload
def calculate(
    entries: IntoFrame,
    factors: PinnedFactors,
    *,
    gwp: str | GwpSet,
    missing: Literal["raise", "report"] = "raise",
) -> Inventory[Any]: ...


def calculate(
    entries: Entries | IntoFrame,
    factors: PinnedFactors,
    *,
    gwp: str | GwpSet,
    missing: Literal["raise", "report"] = "raise",
) -> Inventory[Any]:
    """The inventory of some entries.

    Parameters
    ----------
    entries : Entries or frame
        From `read_entries`; or a pandas, Polars, PyArrow, DuckDB or PySpark frame with ``activity``, ``unit``, ``amount``
        and, as far as they are known, ``region``, ``year`` and ``factor``. Its headings may be any that `read_entries` takes, English or
        Chinese, with the unit in brackets behind the amount; they get the library's names. Without a year, it is that of ``start`` and
        ``end`` (the last day). Cells are taken as they stand: texts that hold numbers or dates, readings and multipliers are for
        `read_entries`.
    factors : PinnedFactors
        From `load_factors`.
    gwp : str or GwpSet
        The GWP set by name, e.g. ``ipcc-ar5@2013``. There is no default.
    missing : {"raise", "report"}
        What to do if the pinned editions cannot serve an entry: raise, or leave it out with a finding.

    Returns
    -------
    Inventory
        Its lines and views in the kind of the frame, see `Inventory`.

    Raises
    ------
    FactorError, UnitError, UnknownActivityError
        Of the first combination that cannot be resolved, the others listed with it; only if `missing` is ``raise``.
    EntriesError
        If a frame has unusable amounts or lacks a column, or nothing can be calculated.

    Warns
    -----
    IncompleteInventoryWarning
        If defective rows were left out when the entries were read.
    """
    findings = list(entries.findings) if isinstance(entries, Entries) else []
    frame, headings = _frame_of(entries)
    findings += headings
    check_columns(frame)
    frame = held_frame(frame)
    rows = frame.to_native() if frame.implementation.is_pandas() else summed_rows(frame)
    check_amounts(rows)
    potentials = read_gwp(gwp) if isinstance(gwp, str) else gwp
    keys = row_keys(rows)
    plan = build_plan(keys.keys, factors, potentials)
    check_plan(plan)
    problems = asked_once(_problems(plan, factors))
    fatal = [problem for problem in problems if problem.fatal]
    if fatal and missing == "raise":
        raise _joined(fatal)
    refuse_reserved(frame, plan)
    planned = PlannedRows(frame, rows, keys, plan)
    doubts = [*scope_3_findings(plan.rows), *remark_findings(plan.rows, potentials, _lines(planned))]
    places = _places(entries, {problem.key for problem in problems} | {key for key, _ in doubts})
    findings += [_problem_finding(problem, places.get(problem.key)) for problem in problems]
    findings += [_placed(finding, places.get(key)) for key, finding in doubts]
    findings += [Finding.of("ENERGY_ALONE")] * (len(problems) < len(plan.problems) and not _prices(factors, plan))
    left_out = [finding for finding in findings if finding.severity == "error"]
    if not (plan.rows or plan.unpriced):
        raise EntriesError([*findings, NOTHING] if left_out else [NOTHING])
    if left_out and missing == "raise":
        message = f"{len(left_out)} finding(s) left entries out of this inventory; see its findings."
        warnings.warn(message, IncompleteInventoryWarning, stacklevel=2)
    refused = summed(entries.tallies).refused if isinstance(entries, Entries) else 0
    count = row_count(rows)
    counts = EntryCounts(count, count - planned.summable.count, refused)
    unpriced = _unpriced(planned, factors, potentials, counts)
    return Inventory(planned, plan, factors, potentials, tuple(findings), counts, unpriced)


def _frame_of(entries: Entries | IntoFrame) -> tuple[Frame, list[Finding]]:
    """The entries under the library's names, and what is to be said of the headings of a frame."""
    return (
        (nw.from_native(entries.frame), [])
        if isinstance(entries, Entries)
        else with_entry_columns(nw.from_native(entries))
    )


def _unpriced(planned: PlannedRows, factors: PinnedFactors, gwp: GwpSet, counts: EntryCounts) -> Inventory[Any] | None:
    """The entries of energy carriers whose emissions could not be calculated, with their energy; None if there are none."""
    plan = planned.plan
    if not plan.unpriced:
        return None
    alone = Plan(plan.unpriced, plan.problems)
    return Inventory(replace(planned, plan=alone), alone, factors, gwp, (), counts)


def _lines(planned: PlannedRows) -> Mapping[Key, int]:
    """How many lines each combination has, if its plan has remarks."""
    return planned.count_by_key() if any(row.remarks for row in planned.plan.rows) else {}


def _prices(factors: PinnedFactors, plan: Plan) -> bool:
    """Whether any edition is pinned for emissions, or any entry has some without, as the mass of a refrigerant."""
    return bool(factors.in_role("emissions")) or any(row.gases for row in plan.rows)


def _problems(plan: Plan, factors: PinnedFactors) -> tuple[Problem, ...]:
    """What could not be resolved; who pins no emission factors at all asks for energy alone, and misses none of its carriers."""
    if _prices(factors, plan):
        return plan.problems
    carriers = {row.key for row in plan.unpriced}
    return tuple(problem for problem in plan.problems if not (problem.fatal and problem.key in carriers))


def _joined(problems: Sequence[Problem]) -> CarbonLedgerError:
    """The first problem's exception with its fields, the others listed with it."""
    first = problems[0].error
    first.others = tuple(problem.error for problem in problems[1:])
    return first


def _places(entries: Entries | IntoFrame, keys: set[Key]) -> dict[Key, dict[str, Any]]:
    """For each key the place of the first entry that has it."""
    if not isinstance(entries, Entries) or not keys:
        return {}
    found: dict[Key, dict[str, Any]] = {}
    for record in entries.frame.to_dict("records"):
        words = (record["activity"], record["unit"], record["region"], int(record["year"]), record["factor"])
        key = Key(*words, int(record["scope_3_category"]))
        if key in keys:
            found.setdefault(key, {str(name): value for name, value in record.items()})
    return found


def _problem_finding(problem: Problem, place: Mapping[str, Any] | None) -> Finding:
    """A plan problem as a finding."""
    said = problem.error.says or Message.of("UNRESOLVED_FACTOR.other", problem=str(problem.error))
    message = said if problem.fatal else Message.of("MISSING_ENERGY", problem=said)
    return _placed(Finding.from_message(message), place)


def _placed(finding: Finding, place: Mapping[str, Any] | None) -> Finding:
    """A finding at the first entry that it concerns."""
    if not place:
        return finding
    return replace(finding, file=str(place["file"]), sheet=str(place["sheet"]), row=int(place["row"]))
