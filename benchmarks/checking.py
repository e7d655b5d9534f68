"""The time of all checks as ratios, on real bills and on made-up ones, and a book of 100,000 bills with 2,000 defects."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.large_books import BY_SOURCE, large, with_defects
from benchmarks.reading import PER_UNIT
from benchmarks.slip_books import Bill, Book, Checked, checked, written
from benchmarks.timing import REPEATS, interleaved_seconds, line, median_seconds

__all__ = ["ALL"]

ROWS, FEW, MANY, DEFECTS = 100_000, 12_000, 1_000_000, 2_000
_RIVAL = ("-c", "import pandas, pint; pint.UnitRegistry()")
# Seconds after which a run is not repeated, and after which ten times as many entries are not tried.
_LONG, _TOO_LONG = 10.0, 90.0
# A finding about more rows than this points at none of them.
_POINTS = 1_000
_PER_KWH = {"kWh": 1.0, "MWh": 1e3, "万千瓦时": 1e4, "Nm3": 1.0, "t": 1.0}
_KEYS = {"外购电力": "electricity.grid", "天然气": "fuel.natural_gas", "柴油": "fuel.diesel"}
_SORTS = {"real bills": False, "made-up amounts": True}


def in_python() -> Iterator[bool]:
    """Read, calculate and run all checks, against a library that multiplies amounts with factors that are given."""
    import carbonledger as cl

    if not importlib.util.find_spec("esgcalc"):
        print(f"     all checks of {ROWS:,} entries / esgcalc: esgcalc is not installed")
    for sort, made_up in _SORTS.items():
        book = large(ROWS, made_up=made_up)
        with tempfile.TemporaryDirectory() as folder:
            written(book, Path(folder))
            ours = _patient_seconds(lambda folder=folder: cl.open_book(folder).reporting_year().findings)
        name = f"read, calculate and check {ROWS:,} entries, {sort}"
        if importlib.util.find_spec("esgcalc"):
            yield line(f"{name} / esgcalc", ours, median_seconds(_esgcalc(book)), 1.0)
        else:
            print(f"     {name}: {ours:.2f} s")


def _esgcalc(book: Book):
    """The same amounts by esgcalc, which asks for a factor in every row."""
    from esgcalc.environment import emissions_from_activity

    given = [
        {
            "activity_id": str(at),
            "quantity": float(bill.amount) * _PER_KWH[bill.unit],
            "activity_unit": unit,
            "factor": PER_UNIT[_KEYS[bill.activity]],
            "factor_activity_unit": unit,
            "factor_emission_unit": "kgCO2e",
            "factor_source": "example",
        }
        for at, bill in enumerate(book.bills)
        for unit in ({"外购电力": "kWh", "天然气": "m3", "柴油": "t"}[bill.activity],)
    ]
    return lambda: emissions_from_activity(given)


def processes() -> Iterator[bool]:
    """`check` and `report` of a book as whole processes, against two bare imports."""
    for sort, made_up in _SORTS.items():
        with tempfile.TemporaryDirectory() as folder:
            written(large(FEW, made_up=made_up), Path(folder))
            for command in ("check", "report"):
                ours, rival = interleaved_seconds(("-c", _command(command), folder), _RIVAL)
                yield line(
                    f"carbonledger {command} of {FEW:,} entries, {sort} / import pandas, pint; UnitRegistry()",
                    ours,
                    rival,
                    3,
                )


def _command(command: str) -> str:
    """A script that runs the command line; the exit code of a book with findings is no failure."""
    return (
        f"import sys; sys.argv[1:1] = [{command!r}]\n"
        "from carbonledger.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit as done:\n    sys.exit(0 if done.code in (None, 0, 1) else 2)"
    )


def _patient_seconds(work: Callable[[], object]) -> float:
    """The median of five runs; one run is enough of what takes long."""
    first = median_seconds(work, repeats=1)
    return first if first > _LONG else median_seconds(work, REPEATS)


def a_million() -> Iterator[bool]:
    """`check` of ten times as many entries, with the peak memory, and what is printed within the first seconds."""
    for sort, made_up in _SORTS.items():
        with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as many:
            written(large(ROWS, made_up=made_up), Path(few))
            base, _ = _measured(few)
            if base > _TOO_LONG:
                print(f"MISS check {ROWS:,} entries, {sort}: {base:.0f} s; ten times as many were not tried")
                yield False
                continue
            written(large(MANY, made_up=made_up), Path(many))
            ours, gigabytes = _measured(many)
        yield line(f"check {MANY:,} entries / {ROWS:,} entries, {sort} (one run each)", ours, base, 12)
        print(
            f"{'ok  ' if gigabytes < 3 else 'MISS'} check {MANY:,} entries, {sort}: {gigabytes:.2f} GB at most (goal 3)"
        )
        yield gigabytes < 3


def _measured(folder: str) -> tuple[float, float]:
    """Seconds and gigabytes of one `check`."""
    script = (
        "import resource, subprocess, sys; done = subprocess.run([sys.executable, '-c', sys.argv[1], sys.argv[2]], capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(done.returncode)"
    )
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script, _command("check"), folder], check=True, capture_output=True, text=True
    )
    return time.perf_counter() - start, int(done.stdout) / 1e6


def many_defects() -> Iterator[bool]:
    """A book with 2,000 defects: how long its check takes, how much it prints, and whether each defect is among the rows."""
    clean = large(ROWS)
    before = time.perf_counter()
    quiet = checked(clean)
    between = time.perf_counter()
    book, wrong = with_defects(clean, DEFECTS)
    start = time.perf_counter()
    said = checked(book)
    seconds = time.perf_counter() - start
    missed = _missed(said, wrong)
    spoken = Counter((finding.says.key, finding.severity) for finding, _ in quiet.findings)
    print(
        f"     {len(book.bills):,} entries with {DEFECTS:,} defects: {seconds:.1f} s, clean {between - before:.1f} s, files included"
    )
    for key, count in spoken.most_common(5):
        print(f"     the clean book of {ROWS:,}: {key[0]} ({key[1]}) {count} time(s)")
    good = sum(missed.values()) <= 0.05 * DEFECTS
    print(
        f"{'ok  ' if good else 'MISS'} {DEFECTS - sum(missed.values())} of {DEFECTS} among the rows of a finding; missed: {dict(missed)}"
    )
    rules = Counter(finding.says.key for finding, _ in said.findings)
    print(f"     {len(said.findings)} findings: {dict(rules.most_common(8))}")
    with tempfile.TemporaryDirectory() as folder:
        written(book, Path(folder))
        done = subprocess.run(
            [sys.executable, "-c", _command("check"), folder], check=True, capture_output=True, text=True
        )
    printed = len(re.findall(r"\n", done.stdout))
    screen = printed <= 60
    print(f"{'ok  ' if screen else 'MISS'} check prints {printed} lines (goal 60)")
    yield from (good, screen)


def _missed(said: Checked, wrong: dict[Bill, str]) -> Counter[str]:
    """By kind, the wrong bills that are among the rows of no finding."""
    grave = [places for finding, places in said.findings if finding.severity in {"error", "warning"}]
    pointed = {place for places in grave if len(places) <= _POINTS for place in places}
    rows: dict[tuple[str, ...], set[tuple[str, int]]] = {}
    for bill, place in said.rows.items():
        rows.setdefault(bill.stream, set()).add(place)
    return Counter(
        name
        for bill, name in wrong.items()
        if not (rows[bill.stream] if name in BY_SOURCE else {said.rows[bill]}) & pointed
    )


ALL = (in_python, processes, a_million, many_defects)


if __name__ == "__main__":
    for benchmark in ALL:
        if not sys.argv[1:] or benchmark.__name__ in sys.argv[1:]:
            for _ in benchmark():
                sys.stdout.flush()
