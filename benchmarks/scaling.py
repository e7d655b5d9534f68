"""Cost against rows and against keys, with fitted exponents: ``python -m benchmarks.scaling [FOLDER]``.

Each case is a process of its own, in which ours and what is written by hand take turns; peak memory is that of a process that does
nothing else. Prints a table in Markdown and writes ``scaling.svg`` to the folder.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

from benchmarks.bulk import ENGINES, KEYS, quiet, written
from benchmarks.on_spark import with_spark
from benchmarks.timing import REPEATS, median_pair, median_seconds

ROWS = [10**n for n in range(5, int(os.environ.get("BENCHMARK_DECADES", "8")) + 1)]
MANY_KEYS = [10**n for n in range(1, 6)]
# Rows of the files whose keys grow; and what pandas is not asked to hold, nor Spark on one machine to repeat.
KEYED_ROWS, TOO_MANY = 1_000_000, 100_000_000
CASES = {**{name: case for name, (case, _) in ENGINES.items()}, "Spark": with_spark}
MEMORY = "2GB"
COLUMNS = "activity, unit, region, year, entity, site, start, amount"


def scan(path):
    """Decoding and touching every value that the inventory needs, once, on DuckDB: what no program that reads the file can be below."""
    connection = quiet(MEMORY)
    texts = ", ".join(f"sum(length({name}))" for name in ("activity", "unit", "region", "entity", "site"))
    query = f"SELECT {texts}, sum(year), max(start), sum(amount) FROM '{path}'"
    return lambda: connection.execute(query).fetchall()


def one(engine, path, what):
    """A case in this process: the times of both, or one run of one of them."""
    ours, by_hand = CASES[engine](path, MEMORY)
    if what == "times":
        times = median_pair(ours, by_hand, REPEATS)
        return {"ours": times[0], "rival": times[1], "scan": median_seconds(scan(path), REPEATS)}
    {"ours": ours, "rival": by_hand}[what]()
    # Not ru_maxrss, which a process has from its parent.
    peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
    return {f"{what}_gb": int(peak) / 1e6}


def measured(engine, path, rows, keys):
    """A row of the table, from a process for the times and one each for the memory."""
    record = {"engine": engine, "rows": rows, "keys": keys}
    # Spark keeps its memory in another process.
    for what in ("times",) if engine == "Spark" else ("times", "ours", "rival"):
        arguments = [sys.executable, "-m", "benchmarks.scaling", "one", engine, str(path), what]
        text = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
        record |= json.loads(text.splitlines()[-1])
    print(json.dumps(record), file=sys.stderr, flush=True)
    return record


def cases():
    """Every case, the files one after another."""
    sizes = [(rows, KEYS) for rows in ROWS] + [(KEYED_ROWS, keys) for keys in MANY_KEYS]
    with tempfile.TemporaryDirectory() as folder:
        for rows, keys in sizes:
            path = written(folder, rows, keys)
            for engine in CASES if keys == KEYS else ["DuckDB"]:
                if engine in ("DuckDB", "Polars") or rows < TOO_MANY:
                    yield measured(engine, path, rows, keys)
            path.unlink()


def exponent(table, column):
    """The power of the rows, or of the keys, with which seconds grow over the larger half of the cases."""
    found = table.sort_values(column).tail(3)
    return float(np.polyfit(np.log(found[column]), np.log(found["ours"]), 1)[0])


def markdown(table):
    """The table as Markdown."""
    lines = ["| engine | rows | keys | ours, s | by hand, s | ratio | one scan, s | ours, GB | by hand, GB |"]
    lines.append("|---" * 9 + "|")
    for row in table.itertuples():
        memory = " | " if row.engine == "Spark" else f"{row.ours_gb:.2f} | {row.rival_gb:.2f}"
        numbers = f"{row.ours:.3f} | {row.rival:.3f} | {row.ours / row.rival:.2f} | {row.scan:.3f} | {memory}"
        lines.append(f"| {row.engine} | {row.rows:,} | {row.keys:,} | {numbers} |")
    return "\n".join(lines)


def panel(table, column, title):
    """Seconds against rows or keys, both logarithmic: ours as lines, by hand dashed."""
    long = table.melt([column, "engine"], ["ours", "rival"], "who", "seconds")
    long["who"] = long["who"].map({"ours": "carbonledger", "rival": "by hand"})
    axis = alt.Axis(format="~s", tickCount=6)
    return (
        alt.Chart(long, title=title, width=300, height=240)
        .mark_line(point=True)
        .encode(
            x=alt.X(f"{column}:Q", scale=alt.Scale(type="log"), axis=axis, title=column),
            y=alt.Y("seconds:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~g"), title="seconds"),
            color=alt.Color("engine:N", scale=alt.Scale(range=["#0072B2", "#D55E00", "#00825E", "#767676"])),
            strokeDash=alt.StrokeDash(
                "who:N", sort=["carbonledger", "by hand"], title=None, legend=alt.Legend(symbolType="stroke")
            ),
        )
    )


def machine():
    """What it was measured on."""
    found = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("duckdb", "polars", "pandas", "pyspark", "pyarrow", "narwhals")
    )
    return f"{date.today()}: {len(found)} cores ({found[0]}), {memory:.0f} GiB, Python {platform.python_version()}, {versions}."


def main(folder):
    """Measure, print and draw."""
    start = time.perf_counter()
    table = pd.DataFrame(cases())
    by_rows, by_keys = table[table["keys"] == KEYS], table[table["rows"] == KEYED_ROWS]
    by_keys = by_keys[by_keys["engine"] == "DuckDB"]
    print(machine(), "\n", markdown(table), "", sep="\n")
    for engine, own in by_rows.groupby("engine", sort=False):
        print(f"{engine}: seconds grow with rows^{exponent(own, 'rows'):.2f}")
    print(f"DuckDB: seconds grow with keys^{exponent(by_keys, 'keys'):.2f}; {time.perf_counter() - start:.0f} s in all")
    picture = panel(by_rows, "rows", f"{KEYS:,} keys") | panel(by_keys, "keys", f"{KEYED_ROWS:,} rows, DuckDB")
    picture.save(Path(folder) / "scaling.svg")


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(one(sys.argv[2], Path(sys.argv[3]), sys.argv[4])))
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else ".")
