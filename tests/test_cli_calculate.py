"""``carbonledger calculate`` sums files of readings and writes their lines, whole, once, and again only where something changed."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from carbonledger.cli.main import app
from carbonledger.core.errors import EntriesError
from carbonledger.factors.pinned import load_factors
from carbonledger.readings.bulk import calculate_readings
from carbonledger.readings.entries import Said

GRID, AR5 = "cn-mee-grid-enterprise@2022", "ipcc-ar5@2013"
STATED = {"activity": "electricity.grid", "region": "CN", "unit": "kWh"}


@pytest.fixture
def meters(tmp_path, monkeypatch):
    """Two files of hours in January and February 2022, 2 MWh each, the second with an empty column of sites."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "meters"
    folder.mkdir()
    for month, days in ((1, 31), (2, 28)):
        start = pd.date_range(f"2022-{month:02}-01", periods=days * 24, freq="h")
        frame = pd.DataFrame({"source": "m", "start": start, "amount": 2000.0})
        (frame if month == 1 else frame.assign(site="")).to_parquet(folder / f"{month}.parquet")
    return folder


def calculated(out=None, **options):
    said = Said("meters", {**STATED, **options}, "1 hour")
    return calculate_readings(["meters/*.parquet"], load_factors(GRID), said, gwp=AR5, out=out)


def invoke(*arguments):
    stated = [part for field, text in STATED.items() for part in ("--stated", f"{field}={text}")]
    fixed = ["--factors", GRID, "--gwp", AR5, "--step", "1 hour", *stated]
    return CliRunner().invoke(app, ["calculate", "meters/*.parquet", *fixed, *arguments])


@pytest.mark.usefixtures("meters")
def test_the_cube():
    """2 MWh in 59 days of 24 hours at 0.5703 t/MWh (MEE, for 2022), by month; both languages say the same figure."""
    data = json.loads(invoke("--by", "month,source", "--json").stdout)
    expected = [2 * 24 * days * 0.5703 for days in (31, 28)]
    assert [row["emissions_tco2e"] for row in data["rows"]] == pytest.approx(expected, rel=1e-12)
    assert (data["readings"], data["complete"], data["lines"]) == (59 * 24, True, None)
    for lang, word in (("en", "readings"), ("zh", "条读数")):
        done = invoke("--lang", lang)
        assert done.exit_code == 0
        assert f"{sum(expected):,.4f}" in done.stdout
        assert word in done.stdout


@pytest.mark.usefixtures("meters")
def test_the_lines(tmp_path):
    """Each row with its emissions, a file for each file; their sum is the inventory."""
    result = calculated(tmp_path / "lines")
    assert (result.written.written, result.written.kept, result.written.rows) == (2, 0, 59 * 24)
    lines = pd.concat([pd.read_parquet(path) for path in sorted((tmp_path / "lines").glob("*.parquet"))])
    total = result.inventory.total_location_based().magnitude
    assert lines["emissions_tco2e"].sum() == pytest.approx(total, rel=1e-12)
    assert lines["energy_gj"].sum() == pytest.approx(result.inventory.total_energy().magnitude, rel=1e-12)
    assert set(lines["scope"]) == {2}
    assert lines["start"].min() == pd.Timestamp("2022-01-01")
    assert sorted(path.name for path in (tmp_path / "lines").iterdir()) == [
        "1.parquet",
        "2.parquet",
        "carbonledger-lines.json",
    ]


@pytest.mark.usefixtures("meters")
def test_progress(tmp_path):
    """Whoever watches is told how much is done, which only grows, up to the last file; a pipe gets no bar."""
    told = []
    said = Said("meters", STATED, "1 hour")
    calculate_readings(
        ["meters/*.parquet"],
        load_factors(GRID),
        said,
        gwp=AR5,
        out=tmp_path / "lines",
        watch=lambda done, whole: told.append((done, whole)),
    )
    of_files = [done for done, whole in told if whole == 200]
    assert of_files == sorted(of_files)
    assert {0, 100} <= set(of_files)
    assert all(0 <= done <= whole for done, whole in told)
    assert invoke("--out", str(tmp_path / "lines")).stderr == ""


@pytest.mark.usefixtures("meters")
def test_lines_of_csv(tmp_path):
    """A file of CSV has its lines in a file of Parquet beside those of others, with the same emissions."""
    frame = pd.read_parquet("meters/1.parquet").assign(source="csv")
    frame.to_csv("meters/1.csv", index=False)
    result = calculate_readings(
        ["meters"], load_factors(GRID), Said("meters", STATED, "1 hour"), gwp=AR5, out=tmp_path / "lines"
    )
    names = sorted(path.name for path in (tmp_path / "lines").glob("*.parquet"))
    assert names == ["1.csv.parquet", "1.parquet", "2.parquet"]
    lines = pd.read_parquet(tmp_path / "lines" / "1.csv.parquet")
    assert lines["emissions_tco2e"].sum() == pytest.approx(31 * 24 * 2 * 0.5703, rel=1e-12)
    assert (result.written.rows, result.written.written) == ((59 + 31) * 24, 3)


@pytest.mark.usefixtures("meters")
def test_units_of_the_rows(tmp_path):
    """An amount whose unit is read as a multiple is multiplied in its lines too."""
    result = calculated(tmp_path / "lines", unit="万kWh")
    lines = pd.concat([pd.read_parquet(path) for path in sorted((tmp_path / "lines").glob("*.parquet"))])
    assert lines["emissions_tco2e"].sum() == pytest.approx(59 * 24 * 20_000 * 0.5703, rel=1e-12)
    assert result.inventory.total_location_based().magnitude == pytest.approx(lines["emissions_tco2e"].sum(), rel=1e-12)


def test_a_second_run_goes_on(meters, tmp_path):
    """Files of the same readings and plan are kept; those of a changed file, of a lost file or of another plan are written."""
    out = tmp_path / "lines"
    calculated(out)
    assert calculated(out).written.kept == 2
    (out / "1.parquet").unlink()
    (out / ".2.parquet.part").write_bytes(b"left by a run that was killed")
    assert calculated(out).written.kept == 1
    frame = pd.read_parquet(meters / "2.parquet")
    frame.assign(amount=1000.0).to_parquet(meters / "2.parquet")
    assert calculated(out).written.kept == 1
    assert pd.read_parquet(out / "2.parquet")["amount"].sum() == 28 * 24 * 1000.0
    assert calculated(out, region="CN-SD").written.kept == 0
    (out / "carbonledger-lines.json").write_text("[", encoding="utf-8")
    assert calculated(out, region="CN-SD").written.written == 2


@pytest.mark.usefixtures("meters")
def test_nothing_half_written(tmp_path, monkeypatch):
    """An interrupt in the second file leaves the first one whole, no part of the second, and a run that goes on."""
    from carbonledger.readings import lines

    whole, out = lines.write_whole, tmp_path / "lines"

    def interrupted(path, text):
        whole(path, text)
        raise KeyboardInterrupt

    monkeypatch.setattr(lines, "write_whole", interrupted)
    with pytest.raises(KeyboardInterrupt):
        calculated(out)
    assert sorted(path.name for path in out.iterdir()) == ["1.parquet", "carbonledger-lines.json"]
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert (calculated(out).written.kept, len(list(out.glob("*.parquet")))) == (1, 2)


@pytest.mark.usefixtures("meters")
def test_a_place_that_cannot_be_written(tmp_path):
    """A file in the place of the folder ends the run with its name; no line is there."""
    (tmp_path / "lines").write_text("", encoding="utf-8")
    with pytest.raises(OSError, match="lines"):
        calculated(tmp_path / "lines")


def test_lines_that_would_not_sum(meters, tmp_path):
    """Readings that repeat others, and the folder of the readings themselves, are refused before anything is written."""
    with pytest.raises(EntriesError, match="the readings themselves"):
        calculated(meters)
    frame = pd.read_parquet(meters / "1.parquet")
    frame.assign(note="again").to_parquet(meters / "3.parquet")
    with pytest.raises(EntriesError, match="repeat others"):
        calculated(tmp_path / "lines")
    assert not (tmp_path / "lines").exists()


def test_a_key_without_a_factor(meters):
    """What no edition has a factor for is left out with a finding at the first reading, and the exit code says so."""
    frame = pd.read_parquet(meters / "1.parquet").rename(columns={"amount": "amount (kWh)"})
    for path in meters.iterdir():
        path.unlink()
    steam = frame.assign(activity="heat.purchased", source="n", region="CN")
    frame = pd.concat([frame.assign(activity="electricity.grid", region="CN"), steam])
    frame.to_parquet(meters / "1.parquet")
    arguments = ["calculate", "meters", "--factors", GRID, "--gwp", AR5, "--step", "1 hour", "--json"]
    done = CliRunner().invoke(app, arguments)
    data = json.loads(done.stdout)
    assert (done.exit_code, data["is_part"]) == (1, True)
    assert [(item["file"], item["row"]) for item in data["findings"] if item["severity"] == "error"] == [
        ("meters/1.parquet", 745)
    ]


@pytest.mark.parametrize("option", ["colour=red", "unit"])
@pytest.mark.usefixtures("meters")
def test_what_cannot_be_stated(option):
    """A field that readings do not have is misuse."""
    assert invoke("--stated", option).exit_code == 2
