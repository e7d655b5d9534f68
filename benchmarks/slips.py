"""Recall per kind of slip, and false alarms per rule, through the whole path from files to findings: ``python -m benchmarks.slips``."""

from __future__ import annotations

import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from benchmarks.slip_books import Book, Checked, checked
from benchmarks.slip_corpora import clean
from benchmarks.slip_defects import SLIPS, Kind, Planted
from benchmarks.slip_exchanges import EXCHANGES
from benchmarks.slip_years import YEARS
from carbonledger.core.findings import Finding

__all__ = ["ALL", "KINDS", "alarms", "recall"]

KINDS: dict[str, Kind] = {**SLIPS, **YEARS, **EXCHANGES}
VARIANTS = int(os.environ.get("CARBONLEDGER_VARIANTS", "100"))
RECALL, ALARMS = 0.95, 0.01
# A list of more rows than this points at no row, and at no source.
_FEW, _POINTS = 3, 30
_Sign = tuple[str, str, frozenset[tuple[object, ...]]]


@dataclass
class Recall:
    """How often a kind was planted and named, and by what."""

    tried: int = 0
    missed: list[int] = field(default_factory=list)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """The share that was named."""
        return 1 - len(self.missed) / self.tried if self.tried else 0.0


def recall(kind: Kind, variants: int = VARIANTS, start: int = 0) -> Recall:
    """A kind planted in so many books."""
    result, seed = Recall(), start
    while result.tried < variants and seed < start + 40 * variants:
        seed += 1
        planted = kind.plant(random.Random(seed), clean(seed))  # noqa: S311 - no secret
        if planted is None:
            continue
        result.tried += 1
        named = Counter(_naming(planted, doubt=kind.doubt))
        result.rules.update(named.keys())
        if not named:
            result.missed.append(seed)
    return result


def _naming(planted: Planted, *, doubt: bool) -> Iterator[tuple[str, str]]:
    """Rules that name the planted rows, each with its severity; a finding that stood before the defect does not count."""
    said, before = checked(planted.book), _of_host(planted.host)
    old = {_sign(finding, places, _bills_at(before)) for finding, places in before.findings}
    wanted = {said.rows[bill] for bill in planted.bills}
    at = _bills_at(said)
    together: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for finding, places in said.findings:
        grave = finding.severity in {"error", "warning"} or doubt
        if not grave or _sign(finding, places, at) in old:
            continue
        if any(text in finding.message for text in planted.texts) or _points(planted, wanted, places):
            yield finding.says.key, finding.severity
        elif wanted & places and len(places) <= _FEW:
            together[finding.rule] |= places & wanted
            if together[finding.rule] == wanted:
                yield finding.says.key, finding.severity


@cache
def _of_host(book: Book) -> Checked:
    """What is said of a book before the defect: the same book hosts many kinds."""
    return checked(book)


def _points(planted: Planted, wanted: set[tuple[str, int]], places: frozenset[tuple[str, int]]) -> bool:
    """Whether a finding points at the planted rows, and not at so many others that it points at nothing."""
    most = max(_POINTS if planted.any_of else _FEW, 2 * len(wanted))
    return bool(wanted & places) and len(places) <= most and (planted.any_of or wanted <= places)


def _bills_at(said: Checked) -> dict[tuple[str, int], tuple[object, ...]]:
    """What stands at each place, so that a finding is known again where rows have moved."""
    return {place: (bill.source, bill.activity, bill.start, place[0]) for bill, place in said.rows.items()}


def _sign(finding: Finding, places: frozenset[tuple[str, int]], at: dict[tuple[str, int], tuple[object, ...]]) -> _Sign:
    """By what a finding is known again."""
    shown = frozenset(at[place] for place in places if place in at)
    return (finding.says.key, finding.severity, shown)


def alarms(books: int, start: int = 0) -> tuple[dict[tuple[str, str], list[int]], dict[tuple[str, str], str]]:
    """By rule and severity, the seeds of the clean books on which it spoke, and an example of what it said."""
    seeds: dict[tuple[str, str], list[int]] = defaultdict(list)
    examples: dict[tuple[str, str], str] = {}
    for seed in range(start + 1, start + books + 1):
        spoken = {}
        for finding, _ in checked(clean(seed)).findings:
            spoken.setdefault((finding.says.key, finding.severity), str(finding))
        for key, text in spoken.items():
            seeds[key].append(seed)
            examples.setdefault(key, text)
    return seeds, examples


def false_alarms() -> list[bool]:
    """Print which rules speak on clean books."""
    seeds, examples = alarms(2 * VARIANTS)
    met = []
    print(f"slips: rules that speak on {2 * VARIANTS} clean books (errors and warnings; goal under {ALARMS:.0%} each)")
    for key, spoken in sorted(seeds.items(), key=lambda item: (item[0][1] == "note", -len(item[1]))):
        share = len(spoken) / (2 * VARIANTS)
        word = "note" if key[1] == "note" else "ok  " if share < ALARMS else "MISS"
        met += [] if word == "note" else [share < ALARMS]
        print(f"  {word} {share:5.1%} {key[0]} ({key[1]}), seeds {spoken[:4]}\n         {examples[key][:240]}")
    return met or [True]


def recalls(names: list[str] | None = None) -> list[bool]:
    """Print recall per kind, and the rules that named it."""
    met = []
    print(f"slips: recall on {VARIANTS} books with one planted defect (goal {RECALL:.0%})")
    for name in names or KINDS:
        found = recall(KINDS[name])
        met.append(found.share >= RECALL)
        rules = ", ".join(f"{key} {severity} {count}" for (key, severity), count in found.rules.most_common(3))
        shown = f"; missed seeds {found.missed[:4]}" if found.missed else ""
        print(
            f"  {'ok  ' if met[-1] else 'MISS'} {found.share:6.1%} of {found.tried:3} {name} | {rules or '-'}{shown}",
            flush=True,
        )
    return met


ALL = (false_alarms, recalls)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        recalls([name for name in KINDS if any(word in name for word in sys.argv[1:])])
    else:
        for benchmark in ALL:
            benchmark()
