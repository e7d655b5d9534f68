"""How well and how fast searches answer: ``python -m benchmarks.searching``.

The questions (``search_questions.csv``) were written, with the answers that would serve, before any search was asked. A third of them,
by a hash of the question, is kept out of tuning; words that were reported as failing are never in it. ``--misses`` prints the questions of
the other part that are not answered first.
"""

import csv
import sys
from collections import Counter
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path

from benchmarks.timing import interleaved_seconds, line, median_seconds, process_seconds

QUESTIONS = Path(__file__).with_name("search_questions.csv")
PARTS = ("tuning", "kept")
TOP_1, TOP_3 = 92, 98
COMMAND = ("-c", "import sys; from carbonledger.cli.main import main; sys.exit(main())", "factors")


def questions(part=None):
    """The questions of one part, or all."""
    with QUESTIONS.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if part in (None, row["part"])]


def may_be_kept(question):
    """Whether the hash of a question puts it into the third that is kept out of tuning."""
    return int(sha256(question.encode()).hexdigest(), 16) % 3 == 0


def right(hit, question):
    """Whether a hit serves the question: each column that is not empty lists patterns, of which one must fit."""
    factor = hit.factor
    told = {
        "activity": {factor.activity, getattr(hit, "activity", factor.activity)},
        "parameter": {factor.parameter},
        "factor_region": {factor.region},
        "variant": {factor.variant},
        "gas": {factor.gas},
        "path": {factor.publisher_path},
    }
    fits = all(
        any(fnmatchcase(text, pattern) for text in texts for pattern in question[column].split(";"))
        for column, texts in told.items()
        if question[column]
    )
    return fits and fnmatchcase(factor.edition, question["edition"] + "*")


def answered(question):
    """The place of the first hit that serves, counted from 1, with the first hit; 0 if none of three does."""
    import carbonledger as cl

    year = int(question["year"]) if question["year"] else None
    hits = cl.search_factors(question["question"], region=question["region"], year=year, limit=3)
    place = next((number for number, hit in enumerate(hits, start=1) if right(hit, question)), 0)
    return place, hits[0] if hits else None


def shares(part):
    """By kind, and for all together under the empty kind: questions, answered first, answered among three."""
    counts = {"asked": Counter(), "first": Counter(), "third": Counter()}
    for question in questions(part):
        place, _ = answered(question)
        for kind in (question["kind"], ""):
            counts["asked"][kind] += 1
            counts["first"][kind] += place == 1
            counts["third"][kind] += place > 0
    return {kind: tuple(counts[name][kind] for name in counts) for kind in sorted(counts["asked"])}


def quality():
    """How often a right factor is the first hit, and among the first three, by kind and part."""
    for part in PARTS:
        found = shares(part)
        asked, first, third = found.pop("")
        for kind, (number, one, three) in found.items():
            print(
                f"     {part:<7} {kind:<13} {number:>4} questions  top-1 {one / number:4.0%}  top-3 {three / number:4.0%}"
            )
        goal = part == "kept"
        for name, count, wanted in (("top-1", first, TOP_1), ("top-3", third, TOP_3)):
            met = count / asked * 100 >= wanted
            sign = ("ok  " if met else "MISS") if goal else "    "
            print(f"{sign} search {name} {count / asked * 100:.1f} % of {asked} questions, {part} (goal {wanted})")
            if goal:
                yield met


def misses(part="tuning"):
    """The questions whose first hit does not serve, with that hit."""
    for question in questions(part):
        place, hit = answered(question)
        if place != 1:
            factor = hit and hit.factor
            got = (
                f"{factor.edition} {factor.activity or factor.publisher_path} {factor.parameter} {factor.region} {factor.variant}"
                if factor
                else "nothing"
            )
            print(
                f"{place or '-'} [{question['kind']}] {question['question']!r} {question['region']} {question['year']}: {got}"
            )


def speed():
    """A search over all editions, warm and in a new process, and one edition shown."""
    import carbonledger as cl

    cl.search_factors("gasoline")
    warm = max(
        median_seconds(lambda text=text: cl.search_factors(text))
        for text in ("short haul economy flight", "华北 电网", "desel")
    )
    print(f"{'ok  ' if warm <= 0.1 else 'MISS'} search over all editions, warm: {warm * 1000:.1f} ms (goal 100)")
    cold = process_seconds(*COMMAND, "search", "diesel")
    print(f"{'ok  ' if cold <= 1 else 'MISS'} factors search, cold process: {cold:.2f} s (goal 1)")
    yield from (warm <= 0.1, cold <= 1)
    shown = (*COMMAND, "show", "uk-desnz@2025", "--activity", "fuel.diesel")
    yield line("factors show / import pandas, pint", *interleaved_seconds(shown, ("-c", "import pandas, pint")), 0.7)


ALL = (speed, quality)

if __name__ == "__main__":
    if "--misses" in sys.argv:
        misses()
    else:
        for benchmark in ALL:
            list(benchmark())
