"""The factor library: pinning and resolving, and the size of the wheel."""

import io
import subprocess
import sys
from pathlib import Path

import pandas as pd

from benchmarks.timing import best_processor_seconds, interleaved_seconds, line

PROJECT = Path(__file__).resolve().parent.parent


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


ALL = (pinning, reading, wheel_size)
