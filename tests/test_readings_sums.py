"""Sums of readings are those of a plain computation, whatever the order and the files; every row and fault is accounted for."""

import math
import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

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


def hours(count, source="m", **columns):
    """Hours of 1 kWh from the first of March."""
    start = [datetime(2024, 3, 1) + timedelta(hours=at) for at in range(count)]
    return {"source": [source] * count, "start": start, "amount": [1.0] * count, **columns}


def faults_of(folder, table, **options):
    pq.write_table(pa.table(table), folder / "readings.parquet")
    entries = read_readings(folder / "readings.parquet", stated=STATED, step="1 hour", **options)
    return entries, [finding.says.key for finding in entries.findings]


@pytest.mark.parametrize(
    ("order", "faults"),
    [
        ([0, 1, 2, 2, 2, 3], ["READINGS_REPEATED"]),
        ([0, 1, 3, 3, 4], ["READINGS_REPEATED", "READINGS_GAP"]),
        ([3, 1, 0, 2], []),
        ([0, 1, 1, 2, 2, 3], ["READINGS_REPEATED"]),
    ],
)
def test_neither_an_odd_number_of_repeats_nor_as_many_gaps_hides_a_fault(tmp_path, order, faults):
    """A reading said three times cancels like one, a gap beside a repeat leaves the length: each alone would pass, both do not."""
    table = hours(5)
    assert faults_of(tmp_path, {name: [cells[at] for at in order] for name, cells in table.items()})[1] == faults


def test_what_is_no_number_is_found_behind_statistics(tmp_path):
    """The statistics of a file do not know a NaN, so that a filter on them lets it pass; it is refused and in no sum."""
    entries, faults = faults_of(tmp_path, {**hours(4), "amount": [1.0, math.nan, 2.0, 4.0]})
    assert faults == ["READINGS.not_finite", "READINGS_GAP"]
    assert entries.frame["amount"].tolist() == [7.0]


@pytest.mark.parametrize(
    "name", ["carbonledger_mixed", "carbonledger_place", "carbonledger_combination", "first", "sums", "chain"]
)
def test_columns_may_have_any_name(tmp_path, name):
    """A column of the files that is called as something within the query changes nothing."""
    entries, faults = faults_of(tmp_path, {**hours(5), name: [7] * 5})
    assert (entries.frame["amount"].tolist(), faults) == ([5.0], [])


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "UTC"])
@pytest.mark.parametrize("first", [datetime(2024, 3, 30, 20), datetime(2024, 10, 26, 20), datetime(1971, 12, 31)])
def test_months_are_those_of_the_clock(tmp_path, zone, first):
    """Each reading is in the month that the clock of the zone shows, also where it is put forward or back, half an hour too."""
    start = [(first + timedelta(minutes=15 * at)).replace(tzinfo=UTC) for at in range(4 * 24 * 9)]
    table = {
        "source": ["m"] * len(start),
        "start": pa.array(start, pa.timestamp("us", "UTC")),
        "amount": [1.0] * len(start),
    }
    pq.write_table(pa.table(table), tmp_path / "readings.parquet")
    entries = read_readings(tmp_path / "readings.parquet", stated=STATED, step="15 minutes", zone=zone)
    expected = Counter(moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m") for moment in start)
    found = {str(day)[:7]: amount for day, amount in zip(entries.frame["start"], entries.frame["amount"], strict=True)}
    assert found == expected
    assert not entries.findings


def test_the_faults_of_many_sources_are_told_together(tmp_path):
    """Twenty sources are named, those with the most first; the others are counted, so that no fault is left out."""
    parts = [hours(4 + 2 * number, f"m{number:02}") for number in range(30)]
    table = {name: [cell for part in parts for cell in part[name][::2]] for name in parts[0]}
    findings = faults_of(tmp_path, table)[0].findings
    values = [dict(finding.says.values) for finding in findings]
    assert [finding.says.key for finding in findings] == ["READINGS_GAP"] * 20 + ["READINGS_GAP.others"]
    assert (values[0]["source"], values[0]["count"]) == ("m29", 30)
    assert (values[20]["sources"], values[20]["first_source"]) == (10, "m09")
    assert sum(value["count"] for value in values) == sum(1 + number for number in range(30))


def test_the_defects_of_many_files_are_told_together(tmp_path):
    """Twenty files are named of each kind of defect; the others are counted, the first of them by file and row."""
    for number in range(30):
        table = {**hours(3, f"m{number}"), "amount": [1.0, 1.0, -1.0]}
        pq.write_table(pa.table(table), tmp_path / f"{number:02}.parquet")
    entries = read_readings("*.parquet", folder=tmp_path, stated=STATED, step="1 hour")
    findings = [finding for finding in entries.findings if finding.rule == "READINGS"]
    last = findings[-1]
    assert (len(findings), last.says.key, last.file, last.row) == (21, "READINGS.more_files", "20.parquet", 3)
    assert sum(dict(finding.says.values)["rows"] for finding in findings) == 30
    assert entries.tallies[0].refused == 30
