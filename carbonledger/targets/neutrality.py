"""What a claim of net zero has to show, one test after the other.

References
----------
Tests: gross emissions of every scope that is claimed are shown; the reduction of the base is at least the ``net-zero-reduction`` of
``benchmarks.csv``; what remains is met by removals that are listed; credits and avoided emissions are set against nothing (ISO
14064-1:2018, 3.5 and annex; Science Based Targets initiative, Corporate Net-Zero Standard of version 1.x).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from carbonledger.core.language import Label, Lang
from carbonledger.targets.benchmarks import benchmarks
from carbonledger.targets.judgement import Judgement, cannot_be_judged
from carbonledger.targets.words import said

__all__ = ["ClaimCase", "ClaimTest", "claim_tests", "judge_neutrality"]


@dataclass(frozen=True, slots=True)
class ClaimTest:
    """One test of a claim.

    Parameters
    ----------
    name : {"gross", "reduction", "removals", "netting"}
        Which.
    passed : bool or None
        None if the data are missing.
    reason : Label
        Why.
    """

    name: str
    passed: bool | None
    reason: Label

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data."""
        return {"name": self.name, "passed": self.passed, "reason": self.reason.text(lang)}


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """What a claim is tested by; amounts in t CO2e.

    Parameters
    ----------
    year : int
        Of the emissions and removals.
    gross_tco2e : float or None
        The gross emissions of every scope that is claimed; None if one is not known.
    base_tco2e : float or None
        Those of the base year.
    removals_tco2e : float or None
        Removals on record; None if there are none.
    netted : sequence of Label
        What the claim sets against emissions although it may not.
    """

    year: int
    gross_tco2e: float | None
    base_tco2e: float | None
    removals_tco2e: float | None
    netted: Sequence[Label] = ()


def claim_tests(case: ClaimCase) -> tuple[ClaimTest, ...]:
    """The tests of a claim of net zero.

    Parameters
    ----------
    case : ClaimCase
        What is known.

    Returns
    -------
    tuple of ClaimTest

    Examples
    --------
    >>> [test.passed for test in claim_tests(ClaimCase(2050, 90.0, 1000.0, 90.0))]
    [True, True, True, True]
    >>> [test.passed for test in claim_tests(ClaimCase(2024, 2497.33, None, None))]
    [True, None, False, True]
    """
    return _gross(case), _reduction(case), _removals(case), _netting(case)


def _gross(case: ClaimCase) -> ClaimTest:
    """Gross emissions are shown."""
    if case.gross_tco2e is None:
        return ClaimTest("gross", None, said("claim_no_gross", year=case.year))
    return ClaimTest("gross", True, said("claim_gross", year=case.year, gross=f"{case.gross_tco2e:,.2f}"))


def _reduction(case: ClaimCase) -> ClaimTest:
    """Enough is reduced."""
    least = benchmarks()["net-zero-reduction"]
    if not case.base_tco2e or case.gross_tco2e is None:
        return ClaimTest("reduction", None, said("claim_no_base", least=f"{least.value:g}"))
    percent = 100.0 * (case.base_tco2e - case.gross_tco2e) / case.base_tco2e
    reason = said(
        "claim_reduction", percent=f"{percent:,.2f}", least=f"{least.value:g}", confidence=said(least.confidence)
    )
    return ClaimTest(
        "reduction", case.gross_tco2e * 100.0 <= case.base_tco2e * (100.0 - least.value) * (1 + 1e-12), reason
    )


def _removals(case: ClaimCase) -> ClaimTest:
    """What remains is met by removals."""
    if case.removals_tco2e is None:
        return ClaimTest("removals", False, said("claim_no_removals"))
    if case.gross_tco2e is None:
        return ClaimTest("removals", None, said("claim_no_gross", year=case.year))
    amounts = {"removals": f"{case.removals_tco2e:,.2f}", "gross": f"{case.gross_tco2e:,.2f}"}
    return ClaimTest("removals", case.removals_tco2e >= case.gross_tco2e, said("claim_removals", **amounts))


def _netting(case: ClaimCase) -> ClaimTest:
    """Nothing is set against emissions that may not be."""
    if not case.netted:
        return ClaimTest("netting", True, said("claim_nothing_netted"))
    names = Label(", ".join(item.en for item in case.netted), "、".join(item.zh for item in case.netted))
    return ClaimTest("netting", False, said("claim_netted", netted=names))


def judge_neutrality(target_year: int, case: ClaimCase) -> tuple[Judgement, tuple[ClaimTest, ...]]:
    """Whether a promise of net zero by a year is kept.

    Parameters
    ----------
    target_year : int
        By when.
    case : ClaimCase
        Of the reporting year.

    Returns
    -------
    tuple of (Judgement, tuple of ClaimTest)
        Before the target year it cannot be judged, and the tests say what a claim of today would lack; from then on it is the
        reporting year that is judged.
    """
    tests = claim_tests(case)
    unknown = [test for test in tests if test.passed is None]
    failed = [test for test in tests if test.passed is False]
    if case.year < target_year:
        lacking = [test.reason for test in (*unknown, *failed)]
        reasons = Label(
            "; ".join(item.en.rstrip(".") for item in lacking), "；".join(item.zh.rstrip("。") for item in lacking)
        )
        return cannot_be_judged(said("claim_early", year=case.year, target=target_year, reasons=reasons)), tests
    if failed:
        return Judgement("missed", failed[0].reason, case.year, case.gross_tco2e), tests
    if unknown:
        return cannot_be_judged(unknown[0].reason), tests
    return Judgement("reached", said("claim_whole", year=case.year), case.year, case.gross_tco2e), tests
