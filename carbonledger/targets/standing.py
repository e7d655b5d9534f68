"""One target in a reporting year: its base, its path, where the company stands on it, where it is heading, and what is planned."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang
from carbonledger.core.plain_data import plain_data
from carbonledger.targets.judgement import Judgement, cannot_be_judged, judge
from carbonledger.targets.neutrality import ClaimCase, ClaimTest, judge_neutrality
from carbonledger.targets.paths import ReductionPath
from carbonledger.targets.peak import PeakStatement, judge_peak
from carbonledger.targets.projection import Trend, business_as_usual, trend_of
from carbonledger.targets.target import Target
from carbonledger.targets.wedges import PlannedMeasure, Start, Wedges, wedges_of
from carbonledger.targets.words import said

__all__ = ["AbsoluteOutcome", "TargetCase", "TargetStanding"]

_NETTED = ("credits", "avoided_emissions")
_BINARY_REST = 1e-9


@dataclass(frozen=True)
class TargetCase:
    """What a target is judged by.

    Parameters
    ----------
    target : Target
        As it is stated.
    year : int
        The reporting year.
    emissions : mapping of int to float
        By year, t CO2e of the target's scopes by its method, restated where it was restated; only years that are known.
    sources : mapping of int to Label
        Where each comes from.
    other_method : collection of int
        Years that are known by the other method of scope 2 alone.
    denominators : mapping of int to float
        Of an intensity, by year.
    denominator_unit : str
        In which they are.
    removals_tco2e : float or None
        Removals on record, of the reporting year.
    measures : sequence of PlannedMeasure
        What is planned.
    unpriced : sequence of Label
        Measures whose effect is not known.
    grid_tco2e : float or None
        Scope 2 of electricity of the grid in the reporting year, as far as it follows the grid's factor; None if it is not known.
    faults : sequence of Finding
        What is wrong with the statement, see `target_faults`.
    broken : sequence of str
        The rules of errors in the years, which then cannot be relied upon.
    """

    target: Target
    year: int
    emissions: Mapping[int, float]
    sources: Mapping[int, Label] = field(default_factory=dict)
    other_method: Collection[int] = ()
    denominators: Mapping[int, float] = field(default_factory=dict)
    denominator_unit: str = ""
    removals_tco2e: float | None = None
    measures: Sequence[PlannedMeasure] = ()
    unpriced: Sequence[Label] = ()
    grid_tco2e: float | None = None
    faults: Sequence[Finding] = ()
    broken: Sequence[str] = ()

    @property
    def values(self) -> Mapping[int, float]:
        """By year, in the unit of the target: t CO2e, of an intensity per unit of the denominator."""
        if self.target.kind != "intensity":
            return self.emissions
        return {
            year: value / self.denominators[year] for year, value in self.emissions.items() if year in self.denominators
        }

    @property
    def unit(self) -> str:
        """Of the values."""
        return self.unit_in("en")

    def unit_in(self, lang: Lang) -> str:
        """The same as a text of a language writes it."""
        tonnes = Label.of("emissions").text(lang)
        return f"{tonnes}/{self.denominator_unit}" if self.target.kind == "intensity" else tonnes


@dataclass(frozen=True, slots=True)
class AbsoluteOutcome:
    """What became of the emissions themselves while an intensity was followed, t CO2e.

    Parameters
    ----------
    base_tco2e, now_tco2e : float or None
        Of the base year and of the reporting year.
    """

    base_tco2e: float | None
    now_tco2e: float | None

    @property
    def change_percent(self) -> float | None:
        """The change in per cent of the base."""
        if not self.base_tco2e or self.now_tco2e is None:
            return None
        return 100.0 * (self.now_tco2e - self.base_tco2e) / self.base_tco2e


@dataclass(frozen=True)
class TargetStanding:
    """A target with everything that is said of it.

    Parameters
    ----------
    case : TargetCase
        What it is judged by.
    """

    case: TargetCase

    def __repr__(self) -> str:
        return (
            f"TargetStanding({self.target.id}: {self.judgement.status.replace('_', ' ')}, {self.judgement.reason.en})"
        )

    @property
    def target(self) -> Target:
        """As it is stated."""
        return self.case.target

    @property
    def in_series(self) -> float | None:
        """The value of the base year in the years of the book."""
        return None if self.target.base_year is None else self.case.values.get(self.target.base_year)

    @property
    def base(self) -> float | None:
        """The value of the base year, in the unit of the target: that of the book's years, else as it is stated."""
        return self.target.base_value if self.in_series is None else self.in_series

    @property
    def base_source(self) -> Label:
        """Where it comes from."""
        if self.base is None:
            return Label("", "")
        if self.in_series is None:
            return said("base_stated", source=self.target.source)
        return self.case.sources.get(self.target.base_year or 0, Label("", ""))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the target, or keeps it from being judged."""
        broken = self.case.broken
        if broken:
            names = tuple(dict.fromkeys(broken))
            history = Finding.of("TARGET_BASE.history", target=self.target.id, count=len(broken), rules=names)
            return (*self.case.faults, history)
        return (*self.case.faults, *self._base_findings())

    def _base_findings(self) -> Sequence[Finding]:
        """A base that is not known, is known by another method, or is not the one that is stated."""
        target, year = self.target, self.target.base_year
        if year is None or any(item.rule == "TARGET_FORM" for item in self.case.faults):
            return ()
        if self.base is None:
            if year in self.case.other_method:
                return (Finding.of("TARGET_METHOD.base", target=target.id, year=year),)
            return (Finding.of("TARGET_BASE.no_data", target=target.id, year=year),)
        if self._rises is not None:
            return (self._rises,)
        stated, found = target.base_value, self.in_series
        if stated is None or found is None or abs(stated - found) <= _half_unit(stated) * (1 + _BINARY_REST):
            return ()
        return (Finding.of("TARGET_BASE.differs", target=target.id, year=year, stated=stated, found=found),)

    @property
    def _rises(self) -> Finding | None:
        """That the target is no reduction of its base, or cannot be reached by its path."""
        target = self.target
        path = target.path_from(self.base) if self.base is not None and target.has_path else None
        if path is None:
            return None
        if path.target > path.base * (1 + _BINARY_REST):
            return Finding.of("TARGET_FORM.rises", target=target.id, value=path.target, base=path.base)
        if path.shape == "compound" and min(value for _, value in path.points) <= 0:
            return Finding.of("TARGET_FORM.compound_to_zero", target=target.id)
        return None

    @property
    def _blocking(self) -> Finding | None:
        """The finding that keeps the target from being judged."""
        grave = (item for item in self.findings if item.severity == "error" or item.rule == "TARGET_BOUNDARY")
        return next((item for item in grave if item.rule != "TARGET_NETTED"), None)

    @cached_property
    def path(self) -> ReductionPath | None:
        """From the base to the target; None without a base, or if no value is promised."""
        sound = not any(item.rule == "TARGET_FORM" for item in self.findings)
        return self.target.path_from(self.base) if sound and self.base is not None and self.target.has_path else None

    @cached_property
    def _judged(self) -> tuple[Judgement, PeakStatement | None, tuple[ClaimTest, ...]]:
        """The verdict, and the statements behind that of a peak or a neutrality."""
        target, case = self.target, self.case
        if target.kind == "neutrality":
            judgement, tests = judge_neutrality(target.target_year, self._claim)
            return self._unless_blocked(judgement), None, tests
        if target.kind == "peak_year":
            judgement, peak = judge_peak(target.target_year, case.values, case.year)
            return self._unless_blocked(judgement), peak, ()
        if self.path is None:
            return self._unless_blocked(cannot_be_judged(said("no_path"))), None, ()
        return self._unless_blocked(judge(self.path, case.values, case.year, target.tolerance_percent)), None, ()

    def _unless_blocked(self, judgement: Judgement) -> Judgement:
        """A verdict, unless a finding keeps the target from being judged."""
        finding = self._blocking
        if finding is None:
            return judgement
        return cannot_be_judged(Label(finding.says.text("en"), finding.says.text("zh")))

    @property
    def _claim(self) -> ClaimCase:
        """What a claim of net zero is tested by."""
        case = self.case
        netted = tuple(said(name) for name in _NETTED if name in self.target.counts)
        return ClaimCase(case.year, case.emissions.get(case.year), self.base, case.removals_tco2e, netted)

    @property
    def judgement(self) -> Judgement:
        """Where the company stands."""
        return self._judged[0]

    @property
    def peak(self) -> PeakStatement | None:
        """Of a promise to peak, when emissions did so far."""
        return self._judged[1]

    @property
    def claim(self) -> tuple[ClaimTest, ...]:
        """Of a promise of net zero, what a claim of today would show."""
        return self._judged[2]

    @property
    def absolute(self) -> AbsoluteOutcome | None:
        """Of an intensity, what became of the emissions themselves."""
        if self.target.kind != "intensity":
            return None
        emissions = self.case.emissions
        return AbsoluteOutcome(emissions.get(self.target.base_year or 0), emissions.get(self.case.year))

    @cached_property
    def trend(self) -> Trend | None:
        """The straight trend of the years from the base year on; None of fewer than three."""
        first = self.target.base_year or min(self.case.values, default=0)
        return trend_of({year: value for year, value in self.case.values.items() if first <= year <= self.case.year})

    @cached_property
    def usual(self) -> Mapping[int, float]:
        """By year, business as usual under the stated growth; empty if none is stated, or the reporting year is not known."""
        now, assumed = self.case.values.get(self.case.year), self.target.outlook
        if now is None or assumed is None or self.target.kind == "intensity":
            return {}
        years = range(self.case.year, self.target.target_year + 1)
        return {year: business_as_usual(now, year - self.case.year, assumed.growth_percent) for year in years}

    @cached_property
    def wedges(self) -> Wedges | None:
        """What is planned against what is needed; None of an intensity, without a verdict, or from the target year on."""
        now, case = self.case.emissions.get(self.case.year), self.case
        if self.path is None or now is None or self.judgement.now is None or self.target.kind == "intensity":
            return None
        start = Start(case.year, now, case.grid_tco2e or 0.0)
        return wedges_of(start, self.path, case.measures, self.target.outlook)

    def rows(self) -> list[dict[str, Any]]:
        """By year, from the first known year to the target: path, actual, trend with its band, in the unit of the target."""
        known = [*self.case.values, *([self.target.base_year] if self.target.base_year else [])]
        marks = {item.year for item in self.target.milestones}
        rows = []
        for year in range(min(known, default=self.case.year), max(self.target.target_year, self.case.year) + 1):
            low, high = self._band(year)
            rows.append(
                {
                    "year": year,
                    "path": self.path.at(year) if self.path else None,
                    "actual": self.case.values.get(year),
                    "trend": self.trend.at(year) if self.trend and year > self.case.year else None,
                    "trend_low": low,
                    "trend_high": high,
                    "business_as_usual": self.usual.get(year),
                    "milestone": year in marks,
                }
            )
        return rows

    def _band(self, year: int) -> tuple[float | None, float | None]:
        """The band of the trend in a year to come."""
        return self.trend.band(year) if self.trend and year > self.case.year else (None, None)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Everything as plain data.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.

        Returns
        -------
        dict
            Values in `unit`; what is not known is null.
        """
        found, absolute = self.judgement, self.absolute
        data = {
            **self.target.to_dict(lang),
            "unit": self.case.unit,
            "reporting_year": self.case.year,
            "base_value": self.base,
            "base_source": self.base_source.text(lang),
            "target_value": self.path.target if self.path else self.target.target_value,
            "status": found.status,
            "reason": found.reason.text(lang),
            "judged_year": found.year,
            "now": found.now,
            "required_now": found.required,
            "gap": found.gap,
            "progress": found.progress,
            "required_pace": self._pace(),
            "absolute_outcome": absolute
            and {
                "base_tco2e": absolute.base_tco2e,
                "now_tco2e": absolute.now_tco2e,
                "change_percent": absolute.change_percent,
            },
            "peak": self.peak.to_dict(lang) if self.peak else None,
            "claim": [test.to_dict(lang) for test in self.claim],
            "years": self.rows(),
            "trend": self.trend.to_dict() if self.trend else None,
            "planned": self.wedges.to_dict(lang) if self.wedges else None,
            "unpriced_measures": [item.text(lang) for item in self.case.unpriced],
            "findings": [finding.to_dict(lang) for finding in self.findings],
        }
        plain: dict[str, Any] = plain_data(data)
        return plain

    def _pace(self) -> dict[str, Any] | None:
        """What is needed every year, as plain data."""
        pace = self.judgement.pace
        if pace is None:
            return None
        return {
            "years": pace.years,
            "per_year": pace.per_year,
            "percent_of_base_per_year": pace.percent_of_base,
            "compound_percent_per_year": pace.compound_percent,
        }


def _half_unit(value: float) -> float:
    """Half a unit of the last digit of a value as it is written; of a whole number, one half."""
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    return float(Decimal(5).scaleb(min(int(exponent), 0) - 1))
