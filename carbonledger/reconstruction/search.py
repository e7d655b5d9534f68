"""The search of a declared space for combinations that give a printed figure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import numpy as np

from carbonledger.activity_data.entries import Entries
from carbonledger.core.errors import BookError, FigureError
from carbonledger.core.files import write_whole
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.printed_number import Figure
from carbonledger.core.rounding import Interval, round_figure
from carbonledger.published.figures import PublishedFigure
from carbonledger.reconstruction.candidates import Choice, TermChoices, choices_of
from carbonledger.reconstruction.chance import cells_around, chance_of
from carbonledger.reconstruction.combinations import Combinations, limits_of, to_units
from carbonledger.reconstruction.counts import Counting, Counts
from carbonledger.reconstruction.identifiability import identified_by, indistinguishable_among
from carbonledger.reconstruction.result import PLAUSIBILITY, MatchingCombination, NamedResult, OfRounding, SpaceResult
from carbonledger.reconstruction.spaces import Space, check_names, read_spaces

__all__ = ["MatchingCombination", "Search", "SpaceResult", "prepare_search", "search_space"]

LISTED = 10_000
Watch = Callable[[int, int], None]


def prepare_search(
    path: Path, space_id: str, figures: Mapping[str, PublishedFigure], entries: Entries, limit: int = LISTED
) -> Search:
    """The search of a declared space for the figure that it names.

    Parameters
    ----------
    path : Path
        The file of spaces.
    space_id : str
        A space in it.
    figures : mapping of str to PublishedFigure
        The published figures by id.
    entries : Entries
        The activity data of the year.
    limit : int
        How many hits to list; all are counted.

    Returns
    -------
    Search

    Raises
    ------
    BookError
        If there is no such space or figure, or the figure is no total of emissions.
    """
    spaces = read_spaces(path) if path.is_file() else {}
    space = spaces.get(space_id)
    if space is None:
        raise BookError(Message.of("SEARCH_SPACE.no_space", space=space_id, known=tuple(spaces) or Label("none", "无")))
    published = figures.get(space.figure)
    if published is None:
        raise BookError(Message.of("SEARCH_SPACE.no_figure", file=path.name, space=space.id, figure=space.figure))
    return Search(space, entries, published.figure_in("t CO2e"), limit)


def search_space(space: Space, entries: Entries, figure: Figure, limit: int = LISTED) -> SpaceResult:
    """Every combination of a declared space that gives a printed figure.

    Parameters
    ----------
    space : Space
        As declared, before the search.
    entries : Entries
        The activity data of the year.
    figure : Figure
        The printed figure, in t CO2e.
    limit : int
        How many hits to list, the best-ranked first; all are counted.

    Returns
    -------
    SpaceResult
        A hit is plausible, never an identification.
    """
    search = Search(space, entries, figure, limit)
    search.run()
    return search.result()


class Search:
    """A search that can be watched, interrupted and resumed.

    Parameters
    ----------
    space : Space
        As declared, before the search.
    entries : Entries
        The activity data of the year.
    figure : Figure
        The printed figure, in t CO2e.
    limit : int
        How many hits to list; all are counted.

    Raises
    ------
    BookError
        If the figure is a mere limit such as "over 2480", or a name in the space stands in no row of its editions.
    """

    def __init__(self, space: Space, entries: Entries, figure: Figure, limit: int = LISTED) -> None:
        self.space = space
        self.figure = figure
        try:
            first, beyond = limits_of(self.figure.interval)
        except FigureError as error:
            values = {"figure": figure.text, "problem": error.says or str(error)}
            raise BookError(Message.of("SEARCH_SPACE.open_figure", space=space.id, **values)) from error
        check_names(space)
        self.terms = [choices_of(term, entries, space.known_by) for term in space.terms]
        spaces = [self._combinations(rounding) for rounding in space.roundings]
        reaches = [combinations.reach for combinations in spaces]
        self.cells = cells_around(first, beyond, (min(low for low, _ in reaches), max(high for _, high in reaches)))
        self.countings = [Counting(item, first, beyond, self.cells, limit) for item in spaces]
        self.tallies = [counting.begin() for counting in self.countings]
        self.limit = limit
        self.named = [
            (item, [_choice_named(item.id, term, item.choices[term.term.name]) for term in self.terms])
            for item in space.named
        ]

    def _combinations(self, rounding: str) -> Combinations:
        """All sums under a rounding."""
        values = [
            [to_units(self._rounded_contribution(choice, rounding)) for choice in term.choices] for term in self.terms
        ]
        levels = [[PLAUSIBILITY[choice.plausibility] for choice in term.choices] for term in self.terms]
        return Combinations(values, levels)

    def _rounded_contribution(self, choice: Choice, rounding: str) -> Decimal:
        """A contribution as it enters the sum."""
        return choice.tco2e if rounding == "unrounded" else round_figure(choice.tco2e, self.figure.step)

    @property
    def size(self) -> int:
        """How many half-sums there are to go through."""
        return sum(counting.combinations.left_size for counting in self.countings)

    @property
    def done(self) -> int:
        """How many of them have been gone through."""
        return sum(tally.done for tally in self.tallies)

    def run(self, watch: Watch | None = None) -> None:
        """Count the remaining combinations; counts are kept if this is interrupted.

        Parameters
        ----------
        watch : callable, optional
            Told after each block how much is done, and of how much.
        """
        for at, counting in enumerate(self.countings):
            for tally in counting.steps(self.tallies[at]):
                self.tallies[at] = tally
                if watch is not None:
                    watch(self.done, self.size)

    def save(self, path: Path) -> None:
        """Write what has been counted to a file, whole or not at all."""
        state = {"search": self._fingerprint(), "tallies": [tally.to_dict() for tally in self.tallies]}
        write_whole(path, json.dumps(state))

    def resume(self, path: Path) -> None:
        """Take over what another run has counted.

        Raises
        ------
        BookError
            If the file is unreadable, or is of another space, figure, limit or other entries.
        """
        try:
            state = json.loads(path.read_text(encoding="utf-8"))
            same = state["search"] == self._fingerprint()
            tallies = [Counts.from_dict(item) for item in state["tallies"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BookError(Message.of("SEARCH_SPACE.no_state", file=str(path), problem=str(error))) from error
        if not same:
            raise BookError(Message.of("SEARCH_SPACE.other_search", file=str(path)))
        self.tallies = tallies

    def _fingerprint(self) -> str:
        """A hash of everything that decides the result."""
        values = [
            [np.concatenate(item.combinations.terms + item.combinations.levels).tolist(), item.first, item.beyond]
            for item in self.countings
        ]
        sizes = [len(term.choices) for term in self.terms]
        return sha256(json.dumps([self.space.id, sizes, self.limit, values]).encode()).hexdigest()

    def result(self) -> SpaceResult:
        """The result so far.

        Returns
        -------
        SpaceResult
            Partial if the search was interrupted.
        """
        ranks: Counter[tuple[int, int]] = Counter()
        for tally in self.tallies:
            ranks.update(tally.ranks)
        ranks = Counter({rank: count for rank, count in ranks.items() if count})
        counts = [np.sum(found, axis=0) for found in zip(*(tally.choices for tally in self.tallies), strict=True)]
        hits = tuple(sorted(self._kept_hits(), key=lambda hit: hit.rank)[: self.limit])
        return SpaceResult(
            self.space,
            tuple(len(term.choices) for term in self.terms),
            tuple(self._of_roundings()),
            chance_of(np.sum([tally.cells for tally in self.tallies], axis=0), self.cells),
            sum(item.tried for item in self._of_roundings()),
            sum(counting.combinations.tried for counting in self.countings),
            hits,
            ranks,
            _shares_of_treatments(self.terms, counts, ranks.total()),
            _hits_left_by_term(self.terms, counts, ranks.total()),
            tuple(self._named_results()),
            tuple(identified_by(self.terms, hits[0].choices, self._interval_of_sum(hits[0]))) if hits else (),
            indistinguishable_among(self.terms, counts),
        )

    def _of_roundings(self) -> Iterator[OfRounding]:
        """The counts by rounding."""
        for rounding, counting, tally in zip(self.space.roundings, self.countings, self.tallies, strict=True):
            tried = tally.done * counting.combinations.right_size
            yield OfRounding(rounding, tried, tally.count, chance_of(tally.cells, self.cells))

    def _kept_hits(self) -> Iterator[MatchingCombination]:
        """The kept hits of every rounding."""
        for rounding, counting, tally in zip(self.space.roundings, self.countings, self.tallies, strict=True):
            for _, left, right in tally.kept:
                numbers = counting.combinations.choices(left, right)
                yield _combination(rounding, [term.choices[at] for term, at in zip(self.terms, numbers, strict=True)])

    def _interval_of_sum(self, hit: MatchingCombination) -> Interval:
        """Where the unrounded sum lies if the printed figure came about by the rounding of a hit."""
        interval = self.figure.interval
        if hit.rounding == "unrounded":
            return interval
        slack = self.figure.step / 2 * len(hit.choices)
        return Interval(interval.low - slack, interval.high + slack)

    def _named_results(self) -> Iterator[NamedResult]:
        """The combinations that are looked up by name, under every rounding."""
        for named, chosen in self.named:
            for rounding, counting in zip(self.space.roundings, self.countings, strict=True):
                total = sum(to_units(self._rounded_contribution(choice, rounding)) for choice in chosen)
                yield NamedResult(named, _combination(rounding, chosen), counting.first <= total < counting.beyond)


def _choice_named(name: str, term: TermChoices, words: str) -> Choice:
    """The choice of a term whose label has some words."""
    wanted = set(words.split())
    found = [choice for choice in term.choices if any(wanted <= _label_words(label) for label in choice.labels)]
    if len(found) != 1:
        raise BookError(f"named combination {name}: {len(found)} choices of {term.term.name} are called {words!r}.")
    return found[0]


def _label_words(label: str) -> set[str]:
    """The words of a label; an edition and a factor id are words too."""
    return set(re.split(r"[\s:()]+", label)) | set(label.split())


def _combination(rounding: str, choices: Sequence[Choice]) -> MatchingCombination:
    """A combination as a hit."""
    return MatchingCombination(rounding, tuple(choices), sum((choice.tco2e for choice in choices), Decimal(0)))


def _shares_of_treatments(
    terms: Sequence[TermChoices], counts: Sequence[np.ndarray], whole: int
) -> tuple[tuple[str, str, float], ...]:
    """How often each treatment occurs among all hits, most frequent first."""
    found: Counter[tuple[str, str]] = Counter()
    for term, hits in zip(terms, counts, strict=True):
        for choice, number in zip(term.choices, hits, strict=True):
            found[term.term.name, choice.treatment] += int(number)
    return tuple((name, what, number / whole) for (name, what), number in found.most_common() if number)


def _hits_left_by_term(
    terms: Sequence[TermChoices], counts: Sequence[np.ndarray], whole: int
) -> tuple[tuple[str, float], ...]:
    """For each term the mean number of hits that share the choice of a hit, fewest first."""
    left = [
        (term.term.name, sum(int(number) ** 2 for number in hits) / whole if whole else 0.0)
        for term, hits in zip(terms, counts, strict=True)
    ]
    return tuple(sorted(left, key=lambda item: item[1]))
