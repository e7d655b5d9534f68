"""The editions that price what a company uses, where and when it does: what the library carries, ranked by rules and not by names.

Every series of editions is asked alone, as for an entry, in the units that are usual at the place. Of those that answer the one comes
first that is of the nearest region, then of the nearest year, then one that needs no further word, that tells the gases apart, that
carries its whole document, that prices most of what is used there, whose figures are surest, and that was published last; the name
decides nothing unless all else is equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.errors import CarbonLedgerError, MissingFactorError, UnitError
from carbonledger.core.regions import enclosing_regions, main_subregion_of
from carbonledger.factors.activity_list import usual_units
from carbonledger.factors.editions import catalogue
from carbonledger.factors.factor import Edition, Factor
from carbonledger.factors.fitting import is_carried
from carbonledger.factors.gwp import GwpSet
from carbonledger.factors.partial_editions import partial_statement
from carbonledger.factors.pinned import OF_EMISSIONS, PinnedFactors
from carbonledger.inventory.coefficients import Key, PlanRow
from carbonledger.inventory.plan import build_plan
from carbonledger.inventory.why import editions_by_series

__all__ = [
    "Answer",
    "Asked",
    "SeriesAnswer",
    "Way",
    "answer_of",
    "answers",
    "doubt_of",
    "main_factor",
    "rank",
    "units_of",
]

_MOST_WORDS = 3
_BASES = ("gross", "net")
_DOUBTS = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """What needs a factor: an activity at a place in a calendar year."""

    activity: str
    region: str
    year: int


@dataclass(frozen=True, slots=True)
class Way:
    """One way to enter an amount so that pinned editions price it.

    Parameters
    ----------
    row : PlanRow
        The coefficients; of several words, those of the first.
    words : tuple of str
        What an entry may write into its factor column, one of which it must; empty if it need write nothing.
    """

    row: PlanRow
    words: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """The unit, as people of the place write it."""
        return self.row.key.unit


@dataclass(frozen=True, slots=True)
class Answer:
    """How some pinned editions price an activity.

    Parameters
    ----------
    ways : tuple of Way
        By unit, in the order of `units_of`; at least one.
    """

    ways: tuple[Way, ...]

    @property
    def way(self) -> Way:
        """The first way that needs no word in the factor column, else the first."""
        return next((way for way in self.ways if not way.words), self.ways[0])

    @property
    def row(self) -> PlanRow:
        """The plan of that way."""
        return self.way.row

    @property
    def words(self) -> tuple[str, ...]:
        """The words of that way."""
        return self.way.words

    @property
    def editions(self) -> tuple[str, ...]:
        """The editions behind the emissions of every way, GWP sets apart."""
        gases = (gas for way in self.ways for gas in way.row.gases)
        steps = [step.factor for gas in gases for step in gas.steps if step.factor]
        return tuple(dict.fromkeys(factor.edition for factor in steps))


def main_factor(row: PlanRow) -> Factor | None:
    """The figure that the emissions of a plan row rest on: an emission factor or a carbon content; None if there is none."""
    factors = (step.factor for gas in row.gases for step in gas.steps if step.factor)
    return next((factor for factor in factors if factor.parameter in OF_EMISSIONS), None)


@cache
def units_of(activity: str, country: str) -> tuple[str, ...]:
    """The units in which an activity is usually entered in a country, the first of each dimension first.

    Examples
    --------
    >>> units_of("fuel.diesel", "US")[:3]
    ('lb', 'US_gallon', 'kWh')
    """
    by_dimension = [usual_units(dimension, country) for dimension in taxonomy()[activity].dimensions]
    units = [unit for same_place in zip_longest(*by_dimension) for unit in same_place if unit and unit != "any"]
    return tuple(dict.fromkeys(units)) or ("kg",)


def answer_of(asked: Asked, factors: PinnedFactors, gwp: GwpSet, named: str = "") -> Answer | CarbonLedgerError:
    """How pinned editions price what is asked, or why they do not.

    Parameters
    ----------
    asked : Asked
        The activity, place and year.
    factors : PinnedFactors
        What may be used.
    gwp : GwpSet
        The set of the inventory.
    named : str
        What every entry writes into its factor column, such as the edition.

    Returns
    -------
    Answer or CarbonLedgerError
        In every usual unit in which it can be entered; the problem that says most if there is none.
    """
    ways: list[Way] = []
    problems: list[CarbonLedgerError] = []
    for unit in units_of(asked.activity, asked.region.partition("-")[0]):
        found = _planned(asked, unit, named, factors, gwp)
        if isinstance(found, PlanRow):
            ways.append(Way(found, (named,) if named else ()))
            continue
        rows = dict(_named(asked, unit, found, factors, gwp, named))
        ways += [Way(next(iter(rows.values())), tuple(rows))] if rows else []
        problems.append(found)
    if ways:
        return Answer(tuple(ways))
    # Why a figure that is there cannot be used says more than that there is none, or than what is wrong with a unit.
    telling = (item for item in problems if not isinstance(item, MissingFactorError | UnitError))
    return next(telling, problems[0])


def _planned(asked: Asked, unit: str, words: str, factors: PinnedFactors, gwp: GwpSet) -> PlanRow | CarbonLedgerError:
    """The plan of an entry, or what stands against it."""
    plan = build_plan([Key(asked.activity, unit, asked.region, asked.year, words)], factors, gwp)
    return plan.rows[0] if plan.rows else next(item.error for item in plan.problems if item.fatal)


def _choices(error: CarbonLedgerError) -> tuple[str, ...]:
    """The words, one of which would settle an ambiguity; none if no word would."""
    if error.says is None:
        return ()
    if error.says.rule.name == "HEATING_VALUE_UNKNOWN":
        return _BASES
    return tuple(map(str, dict(error.says.values)["choices"])) if error.says.key == "UNRESOLVED_FACTOR.several" else ()


def _named(
    asked: Asked, unit: str, error: CarbonLedgerError, factors: PinnedFactors, gwp: GwpSet, before: str = ""
) -> Iterator[tuple[str, PlanRow]]:
    """The words that settle an ambiguity, each with the plan that it gives."""
    for choice in _choices(error):
        words = f"{before} {choice}".strip()
        found = _planned(asked, unit, words, factors, gwp)
        if isinstance(found, PlanRow):
            yield words, found
        elif len(words.split()) < _MOST_WORDS:
            yield from _named(asked, unit, found, factors, gwp, words)


@dataclass(frozen=True, slots=True)
class SeriesAnswer:
    """What one series alone answers for all years asked.

    Parameters
    ----------
    series : str
        The name that its editions share.
    by_year : mapping of int to Answer
        Its answers; a year that it cannot price is missing.
    """

    series: str
    by_year: Mapping[int, Answer]


def answers(
    activity: str, region: str, years: Sequence[int], gwp: GwpSet
) -> tuple[list[SeriesAnswer], CarbonLedgerError | None]:
    """The series that price an activity at a place, by name, and why a figure that is there cannot be used.

    Parameters
    ----------
    activity, region : str
        A name of the taxonomy, and a code of `carbonledger.core.regions`.
    years : sequence of int
        The calendar years of the reporting year.
    gwp : GwpSet
        The set of the inventory.

    Returns
    -------
    tuple of (list of SeriesAnswer, CarbonLedgerError or None)
    """
    found: list[SeriesAnswer] = []
    problems: list[CarbonLedgerError] = []
    for series, factors in _alone().items():
        if not _may_have(factors, activity, region):
            continue
        results = {year: answer_of(Asked(activity, region, year), factors, gwp) for year in years}
        by_year = {year: item for year, item in results.items() if isinstance(item, Answer) and main_factor(item.row)}
        problems += [item for item in results.values() if isinstance(item, CarbonLedgerError)]
        if by_year:
            found.append(SeriesAnswer(series, by_year))
    telling = [item for item in problems if not isinstance(item, MissingFactorError | UnitError)]
    return found, next(iter(telling), None)


@cache
def _alone() -> Mapping[str, PinnedFactors]:
    """Each series of emission factors pinned alone, in the roles that its publisher meant it for."""
    found: dict[str, PinnedFactors] = {}
    for name, editions in editions_by_series(catalogue(), None).items():
        roles: dict[str, tuple[Edition, ...]] = {}
        for edition in editions:
            roles.update({role: (*roles.get(role, ()), edition) for role in edition.roles})
        if "emissions" in roles:
            found[name] = PinnedFactors(roles)
    return found


def _may_have(factors: PinnedFactors, activity: str, region: str) -> bool:
    """Whether a series has figures for the place or around it, and any for the emissions of the activity or of one it is a kind of."""
    around = enclosing_regions(region).keys()
    if not any(edition.regions & around for edition in factors.editions):
        return False
    return any(is_carried(factors, "emissions", activity, parameter) for parameter in OF_EMISSIONS)


def rank(item: SeriesAnswer, region: str, years: Sequence[int], served: int, doubts: int) -> tuple[object, ...]:
    """How well a series fits; smaller is better.

    Parameters
    ----------
    item : SeriesAnswer
        What it answers.
    region : str
        The place.
    years : sequence of int
        The calendar years that are asked for.
    served, doubts : int
        How many of the uses at the place it prices, and the sum of their `doubt_of`: one table of a publisher for all of them, since
        two are not to be mixed.

    Returns
    -------
    tuple
    """
    around, main = enclosing_regions(region), main_subregion_of(region)
    rows = [(year, answer.row) for year, answer in item.by_year.items()]
    factors = [(year, factor) for year, row in rows if (factor := main_factor(row))]
    # A grid that holds nearly all of a state is as near as the state.
    far = max(0 if factor.region == main else around.get(factor.region, len(around)) for _, factor in factors)
    lag = max(year - (factor.data_year or year) for year, factor in factors)
    by_gas = any(gas.gas != "CO2e" for _, row in rows for gas in row.gases)
    named = any(answer.words for answer in item.by_year.values())
    partial = any(partial_statement(factor.edition) for _, factor in factors)
    published = max(catalogue()[factor.edition].date_published for _, factor in factors)
    newest = tuple(-ord(letter) for letter in published) or (0,)
    return len(years) - len(rows), far, lag, named, not by_gas, partial, -served, doubts, newest, item.series


def doubt_of(item: SeriesAnswer) -> int:
    """How unsure the least sure figure of an answer is: 0 of high confidence, 1 of medium, 2 of low."""
    gases = (gas for answer in item.by_year.values() for gas in answer.row.gases)
    figures = (step.factor for gas in gases for step in gas.steps if step.factor)
    return max(_DOUBTS.get(figure.confidence, len(_DOUBTS)) for figure in figures)
