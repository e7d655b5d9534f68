"""A full disk, an interrupt, a damaged or changing file: said with the file, nothing half written, and a second run goes on."""

import json
import os
import resource
import signal
import subprocess
import tempfile
import threading
import time

import numpy as np
import pandas as pd
import pytest

from carbonledger.core.errors import EntriesError
from carbonledger.factors.pinned import load_factors
from carbonledger.readings.bulk import calculate_readings
from carbonledger.readings.engine import engine
from carbonledger.readings.entries import Said, read_readings
from carbonledger.readings.whole_files import with_files
from tests.support import PROGRAM

STATED = {"activity": "electricity.grid", "unit": "kWh", "region": "CN"}
GRID, AR5 = "cn-mee-grid-enterprise@2022", "ipcc-ar5@2013"
FIXED = ["--factors", GRID, "--gwp", AR5, "--step", "1 hour", "--json"]
HOURS = 24 * 365


def months(folder, suffix="parquet", rows=200_000, files=3):
    """Some files of many meters, whose amounts do not repeat so that they take room."""
    random = np.random.default_rng(1)
    for number in range(files):
        meters = [f"{number}-{meter}" for meter in range(-(-rows // HOURS))]
        start = np.tile(pd.date_range("2022-01-01", periods=HOURS, freq="h").to_numpy(), len(meters))[:rows]
        source = np.repeat(meters, HOURS)[:rows]
        frame = pd.DataFrame({"source": source, "start": start, "amount": random.random(rows)})
        path = folder / f"{number}.{suffix}"
        frame.to_parquet(path) if suffix == "parquet" else frame.to_csv(path, index=False)


def started(folder, *arguments, **options):
    """The program at work in a folder."""
    stated = [part for field, text in STATED.items() for part in ("--stated", f"{field}={text}")]
    command = [str(PROGRAM), "calculate", *arguments, *FIXED, *stated]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def calculated(folder, out):
    """The same in this process."""
    said = Said("meters", STATED, "1 hour")
    return calculate_readings([str(folder / "*.parquet")], load_factors(GRID), said, gwp=AR5, out=out)


def limited(size):
    """A limit to the size of each file that a process writes, as a disk that takes no more."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def content(folder):
    """What is in the files of lines, in any order of rows."""
    frames = {path.name: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
    return {name: frame.sort_values(["source", "start"], ignore_index=True) for name, frame in frames.items()}


def test_a_disk_that_is_full_while_lines_are_written(tmp_path):
    """The run ends with the file and the reason; no part is left, and a second run with room goes on from the files that fitted."""
    months(tmp_path, rows=60_000)
    pd.read_parquet(tmp_path / "0.parquet").head(1000).to_parquet(tmp_path / "0.parquet")
    run = started(tmp_path, "*.parquet", "--out", "lines", preexec_fn=limited(300_000))
    _, said = run.communicate()
    assert run.returncode == 2
    assert "1.parquet" in said
    lines = tmp_path / "lines"
    assert sorted(path.name for path in lines.iterdir()) == ["0.parquet", "carbonledger-lines.json"]
    again = calculated(tmp_path, lines).written
    assert (again.kept, again.written, again.rows) == (1, 2, 121_000)


def test_a_temporary_folder_that_is_full(tmp_path):
    """What does not fit beside the readings is a finding that names the place, and no figure is printed."""
    months(tmp_path, "csv", rows=60_000)
    run = started(tmp_path, "*.csv", preexec_fn=limited(500_000))
    (finding,) = json.loads(run.communicate()[0])
    assert (run.returncode, finding["rule"]) == (1, "READINGS")
    assert tempfile.gettempdir() in finding["message"]


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_while_lines_are_written(tmp_path):
    """An interrupt ends the run at once with whole files only; a second run gives what an undisturbed one gives."""
    months(tmp_path, files=8)
    run = started(tmp_path, "*.parquet", "--out", "lines")
    lines = tmp_path / "lines"
    while not (lines / "carbonledger-lines.json").exists():
        assert run.poll() is None
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)
    run.communicate()
    assert run.returncode == 130
    assert not [path for path in lines.iterdir() if path.name.endswith(".part")]
    assert len(list(lines.glob("*.parquet"))) < 8
    again, whole = calculated(tmp_path, lines), calculated(tmp_path, tmp_path / "whole")
    assert again.written.kept > 0
    totals = [each.inventory.total_location_based().magnitude for each in (again, whole)]
    assert totals[0] == pytest.approx(totals[1], rel=1e-12)
    for name, frame in content(tmp_path / "whole").items():
        pd.testing.assert_frame_equal(content(lines)[name], frame, check_exact=True)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_the_query():
    """An interrupt does not wait for the end of a long query of the engine."""
    begun = time.monotonic()

    def interrupt():
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt), engine() as connection:
        connection.sql("SELECT 1").query(
            "one", "SELECT sum(a.range * b.range % 7) FROM range(9000000) a, range(9000000) b"
        ).df()
    assert time.monotonic() - begun < 60


def test_no_temporary_folder(tmp_path, monkeypatch):
    """A temporary folder that cannot be written is named, with the variable that sets another one."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(EntriesError, match="TMPDIR") as caught, engine():
        pass
    assert "nowhere" in str(caught.value)


def quarter_hours(path, source="m", rows=3000):
    start = pd.date_range("2022-01-01", periods=rows, freq="15min")
    pd.DataFrame({"source": source, "start": start, "amount": 1.0}).to_parquet(path)


def test_a_file_that_is_damaged_inside(tmp_path):
    """A file whose beginning and end are sound and whose middle is not is left out with its rows; the others are summed."""
    for number in range(3):
        quarter_hours(tmp_path / f"{number}.parquet", f"m{number}")
    damaged = tmp_path / "1.parquet"
    middle = damaged.stat().st_size // 3
    with damaged.open("r+b") as file:
        file.seek(middle)
        file.write(b"\xff" * middle)
    entries = read_readings("*.parquet", folder=tmp_path, stated=STATED, step="15 minutes")
    assert [(item.says.key, item.file) for item in entries.findings] == [("READINGS.file_damaged", "1.parquet")]
    assert entries.frame["amount"].sum() == 6000
    tally = entries.tallies[0]
    assert (tally.rows, tally.refused, tally.adds_up) == (9000, 3000, True)


@pytest.mark.parametrize("change", ["shrink", "replace", "remove"])
def test_a_file_that_changes_while_it_is_read(tmp_path, change):
    """Nothing is calculated from a file of which one part is that of yesterday and another part that of today."""
    path = tmp_path / "a.parquet"
    quarter_hours(path)

    def work(files):
        if change == "shrink":
            os.truncate(path, 3000)
        elif change == "replace":
            quarter_hours(tmp_path / "b.parquet", rows=2000)
            (tmp_path / "b.parquet").replace(path)
        else:
            path.unlink()
        return files.relation.query("readings", "SELECT sum(amount) FROM readings").fetchall()

    with pytest.raises(EntriesError) as caught, engine() as connection:
        with_files(connection, [path], tmp_path, work)
    assert [(item.says.key, item.file) for item in caught.value.findings] == [("READINGS.file_changed", "a.parquet")]


def test_memory_that_does_not_suffice(tmp_path):
    """Too little memory is said as such."""
    quarter_hours(tmp_path / "a.parquet", rows=100_000)
    with pytest.raises(EntriesError, match="memory"):
        read_readings(tmp_path, stated=STATED, step="15 minutes", memory="1MB")
