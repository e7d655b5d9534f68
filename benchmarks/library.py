"""The factor library: pinning and resolving, searching, and how well searches answer."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import pandas as pd

from benchmarks.timing import best_processor_seconds, interleaved_seconds, line, median_seconds, process_seconds

PROJECT = Path(__file__).resolve().parent.parent
QUESTIONS = Path(__file__).with_name("search_questions.csv")


def pinning():
    """Reading one edition of 7,000 rows and resolving 1,000 keys, against pandas reading its CSV."""
    import carbonledger as cl

    path = PROJECT / "emission_factors" / "uk-desnz" / "2025" / "factors.csv"
    activities = [name for name in cl.activities.taxonomy() if name.startswith(("travel.", "freight.", "waste."))]
    queries = [
        cl.factors.Query("emissions", activities[number % len(activities)], "emission_factor", "GB", 2025)
        for number in range(1000)
    ]

    def ours():
        cl.factors.read_edition.cache_clear()
        factors = cl.load_factors("uk-desnz@2025")
        return [cl.find_factors(factors, query).matches for query in queries]

    content = path.read_bytes()
    yield line(
        "pin an edition of 7,000 rows and resolve 1,000 keys / pandas.read_csv of it",
        best_processor_seconds(ours),
        best_processor_seconds(lambda: pd.read_csv(io.BytesIO(content))),
        2,
    )


def reading():
    """Showing an edition in a new process, against bare imports of pandas and pint."""
    rival = ("-c", "import pandas, pint")
    show = "from carbonledger.cli.main import main; main()"
    for name, arguments in {
        "carbonledger factors show cn-ndrc-fuels-a@2013": ("-c", show, "factors", "show", "cn-ndrc-fuels-a@2013"),
        "carbonledger factors show uk-desnz@2025, 7,029 rows": ("-c", show, "factors", "show", "uk-desnz@2025"),
    }.items():
        yield line(f"{name} / import pandas, pint", *interleaved_seconds(arguments, rival), 0.7)


def searching():
    """A search over all editions, warm and in a new process."""
    import carbonledger as cl

    cl.search_factors("gasoline")
    warm = max(
        median_seconds(lambda text=text: cl.search_factors(text))
        for text in ("short haul economy flight", "华北 电网", "desel")
    )
    print(f"{'ok  ' if warm <= 0.1 else 'MISS'} search over all editions, warm: {warm * 1000:.1f} ms (goal 100)")
    empty = process_seconds("-c", "pass")
    cold = process_seconds("-c", "import carbonledger as c; c.search_factors('short haul economy flight')") - empty
    print(f"{'ok  ' if cold <= 1 else 'MISS'} search over all editions, cold process: {cold:.2f} s (goal 1)")
    yield from (warm <= 0.1, cold <= 1)


def right(hit, question):
    """Whether a hit is the factor that the question asks for."""
    factor = hit.factor
    return (
        factor.edition.startswith(question["edition"])
        and (factor.activity == question["activity"] or factor.activity.split(".", 1)[-1] == question["activity"])
        and factor.parameter == question["parameter"]
        and factor.region == question["factor_region"]
        and question["variant"] in ("", factor.variant)
    )


def quality(show_misses=True):
    """How often the right factor is the first hit, and among the first three."""
    import carbonledger as cl

    with QUESTIONS.open(encoding="utf-8", newline="") as stream:
        questions = list(csv.DictReader(stream))
    first = third = 0
    for question in questions:
        year = int(question["year"]) if question["year"] else None
        hits = cl.search_factors(question["question"], region=question["region"], year=year, limit=3)
        found = [right(hit, question) for hit in hits]
        first += found[:1] == [True]
        third += any(found)
        if show_misses and found[:1] != [True]:
            got = (
                f"{hits[0].factor.edition} {hits[0].factor.activity} {hits[0].factor.parameter}" if hits else "nothing"
            )
            print(f"     {'second or third' if any(found) else 'not found'}: {question['question']!r} gave {got}")
    top1, top3 = first / len(questions) * 100, third / len(questions) * 100
    print(f"{'ok  ' if top1 >= 90 else 'MISS'} search top-1 {top1:.1f} % of {len(questions)} questions (goal 90)")
    print(f"{'ok  ' if top3 >= 98 else 'MISS'} search top-3 {top3:.1f} % (goal 98)")
    yield from (top1 >= 90, top3 >= 98)


def wheel_size(folder="build/wheel"):
    """The size of the wheel, in MB."""
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, str(PROJECT)],
        check=True,
        capture_output=True,
    )
    size = max(path.stat().st_size for path in Path(folder).glob("carbonledger-*.whl")) / 1e6
    print(f"{'ok  ' if size < 10 else 'MISS'} wheel {size:.1f} MB (goal under 10)")
    yield size < 10


ALL = (pinning, reading, searching, quality, wheel_size)
