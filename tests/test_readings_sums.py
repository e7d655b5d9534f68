"""Sums of readings are those of a plain computation, whatever the order and the files; every row and fault is accounted for."""

import math
import random
from collections import Counter, defaultdict
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonledger.activity_data.tally import summed
from carbonledger.core.errors import EntriesError
from carbonledger.readings.entries import read_readings

STATED = {"activity": "electricity.grid", "unit": "kWh", "region": "CN-SD"}
SCHEMA = pa.schema(
    [("source", pa.string()), ("start", pa.timestamp("us")), ("end", pa.timestamp("us")), ("amount", pa.float64())]
)
BEFORE_MIDNIGHT = datetime(2024, 1, 31, 18)
AMOUNTS = st.floats(0, 1e6, allow_subnormal=False)
# Per slot of an hour: a reading, none, one said twice, two that differ, a defective one, or one of several slots, or of many days.
KINDS = st.sampled_from(["one"] * 6 + ["none", "twice", "clash", "bad", "wide", "bill"])
BAD = st.sampled_from([None, math.nan, -1.0, math.inf, "start", "turned"])


@st.composite
def meters(draw):
    """The rows of some meters in the hours around the end of a month, each (source, start, end, amount)."""
    rows = []
    for number in range(draw(st.integers(1, 3))):
        for slot, kind in enumerate(draw(st.lists(KINDS, min_size=1, max_size=14))):
            start = BEFORE_MIDNIGHT + timedelta(hours=slot)
            hours = {"wide": 3, "bill": 24 * 9}.get(kind, 1)
            reading = (f"meter {number}", start, start + timedelta(hours=hours), draw(AMOUNTS))
            rows += _rows_of(kind, reading, draw)
    return rows


def _rows_of(kind, reading, draw):
    source, start, stop, amount = reading
    if kind == "none":
        return []
    if kind == "twice":
        return [reading] * draw(st.integers(2, 3))
    if kind == "clash":
        return [reading, (source, start, stop, amount + 1)]
    if kind == "bad":
        what = draw(BAD)
        if what == "start":
            return [(source, None, stop, amount)]
        return [(source, stop, start, amount)] if what == "turned" else [(source, start, stop, what)]
    return [reading]


def is_sound(row):
    _, start, stop, amount = row
    return None not in {start, stop, amount} and stop > start and math.isfinite(amount) and amount >= 0


def plainly(rows):
    """The sums, the readings that repeat others, and the faults of each meter, by hand."""
    sound = [row for row in rows if is_sound(row)]
    once = sorted(set(sound))
    sums = defaultdict(list)
    for source, start, stop, amount in once:
        own = (start, stop) if stop - start > timedelta(days=7) else start.month
        sums[source, own].append(amount)
    faults, before = Counter(), {}
    for source, start, stop, _ in once:
        if source in before and start != before[source]:
            hours = (start - before[source]) / timedelta(hours=1)
            faults[source, "READINGS_GAP" if hours > 0 else "READINGS_OVERLAP"] += 1
            faults[source, "hours"] += max(hours, 0)
        before[source] = max(stop, before.get(source, stop))
    for source, *_ in (Counter(sound) - Counter(once)).elements():
        faults[source, "READINGS_REPEATED"] += 1
    return sorted(math.fsum(amounts) for amounts in sums.values()), len(sound) - len(once), faults


def written(rows, folder, order, files):
    """The rows in some order in some files."""
    shuffled = random.Random(order).sample(rows, len(rows))  # noqa: S311 - no secret
    for number in range(files):
        columns = list(zip(*shuffled[number::files], strict=True)) or [[], [], [], []]
        arrays = [pa.array(cells, field.type) for cells, field in zip(columns, SCHEMA, strict=True)]
        # A file that is byte for byte another one is not read; these are to differ.
        table = pa.table(arrays, schema=SCHEMA).append_column("note", pa.array([str(number)] * len(columns[0])))
        pq.write_table(table, folder / f"part {number}.parquet")
    return folder


@given(meters(), st.integers(0, 99), st.integers(1, 3))
def test_sums_and_faults_are_those_of_a_plain_computation(tmp_path_factory, rows, order, files):
    """Every row is in a sum, a repeat or refused; sums agree to 1e-12; each repeat, overlap and gap is told, and nothing else."""
    folder = written(rows, tmp_path_factory.mktemp("readings"), order, files)
    amounts, repeated, faults = plainly(rows)
    if not amounts:
        with pytest.raises(EntriesError):
            read_readings(folder, stated=STATED)
        return
    entries = read_readings(folder, stated=STATED)
    tally = summed(entries.tallies)
    assert tally.adds_up
    assert (tally.rows, tally.repeated) == (len(rows), repeated)
    assert tally.refused == sum(not is_sound(row) for row in rows)
    assert sorted(entries.frame["amount"]) == pytest.approx(amounts, rel=1e-12)
    told = Counter()
    for finding in entries.findings:
        values = dict(finding.says.values)
        if finding.rule.startswith("READINGS_"):
            told[values["source"], finding.rule] += values["count"]
            told[values["source"], "hours"] += values.get("hours", 0)
    assert +told == pytest.approx(+faults)


@pytest.mark.slow
@given(meters(), st.integers(0, 99))
def test_the_partition_into_files_moves_nothing(tmp_path_factory, rows, order):
    """The same rows in one file and in three, in another order, give the same entries."""
    first = written(rows, tmp_path_factory.mktemp("one"), 0, 1)
    second = written(rows, tmp_path_factory.mktemp("three"), order, 3)
    if not plainly(rows)[0]:
        return
    left, right = (read_readings(folder, stated=STATED) for folder in (first, second))
    same = ["source", "start", "end", "year", "note"]
    assert left.frame[same].equals(right.frame[same])
    assert list(left.frame["amount"]) == pytest.approx(list(right.frame["amount"]), rel=1e-12)
    chains = [[item.says for item in each.findings if item.rule.startswith("READINGS_")] for each in (left, right)]
    assert chains[0] == chains[1]
