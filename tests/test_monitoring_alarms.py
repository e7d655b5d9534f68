"""Alarms say what is silent or unusual with its value and the usual one, and leave alone what is as usual."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.monitoring.usual import usual_of
from tests.monitored_books import hourly, monitored_book
from tests.support import PROJECT

WEEKS = 10
HOURS = WEEKS * 7 * 24
END = datetime(2025, 3, 3) + timedelta(hours=HOURS)


def alarms(folder, *frames, at=END, settings=""):
    """The alarms of a book, as rule and English text."""
    found = cl.open_book(monitored_book(folder, *frames, settings=settings)).overview(at).alarms
    return [(finding.says.key, finding.text("en")) for finding in found]


def plant(seed=3):
    """Ten weeks of a plant that works on weekdays, with noise of 4 % [kWh an hour]."""
    rng = np.random.default_rng(seed)
    hour = np.arange(HOURS) % 24
    works = (np.arange(HOURS) // 24 % 7 < 5) & (hour >= 7) & (hour < 19)
    return (20 + 90 * works) * rng.normal(1, 0.04, HOURS)


def test_a_plant_as_usual_gives_no_alarm(tmp_path):
    """Noise of 4 per cent over ten weeks of weekdays and weekends is nothing unusual."""
    for seed in range(5):
        assert alarms(tmp_path, hourly(plant(seed))) == []


def test_the_modified_z_score():
    """0.6745 (x - median) / MAD, as Iglewicz and Hoaglin define it (NIST/SEMATECH e-Handbook, 1.3.5.17)."""
    usual = usual_of([1.0, 2.0, 3.0, 4.0, 5.0])
    assert (usual.median, usual.deviation) == (3.0, 1.0)
    assert usual.score(10.0) == pytest.approx(0.6745 * 7)


@given(st.lists(st.floats(1, 1e6), min_size=5, max_size=20), st.floats(1e7, 1e12))
def test_one_wild_value_moves_the_usual_one_within_the_others(values, wild):
    """However wild one value is, the median stays among the others."""
    assert min(values) <= usual_of([*values, wild]).median <= max(values)


@given(st.lists(st.floats(1, 1e6), min_size=4, max_size=12), st.floats(1, 1e6), st.floats(0.001, 1000))
def test_the_unit_decides_no_alarm(values, value, factor):
    """The same readings in another unit are as usual or unusual alike."""
    usual, scaled = usual_of(values), usual_of([item * factor for item in values])
    far = abs(abs(usual.score(value)) - 3.5) > 1e-6 and abs(abs(value - usual.median) - 0.3 * usual.median) > 1e-6
    assume(far and usual.deviation > 1e-6 * usual.median)
    assert usual.is_unusual(value, 3.5, 30) == scaled.is_unusual(value * factor, 3.5, 30)


def test_a_silent_meter(tmp_path):
    """Eight times its step without a reading is silence; the finding names the last reading and the limit."""
    assert alarms(tmp_path, hourly(plant()), at=END + timedelta(hours=8)) == []
    ((key, text),) = alarms(tmp_path, hourly(plant()), at=END + timedelta(hours=9))
    assert key == "MONITORED_SILENT"
    assert "hall / main" in text
    assert "2025-05-12 00:00, 9.0 h ago" in text
    stated = '[[watch.limit]]\nsource = "main"\nsilent_hours = 100\n'
    assert alarms(tmp_path, at=END + timedelta(hours=9), settings=stated) == []


def test_an_unusual_band_of_a_day(tmp_path):
    """Twice the usual use of a forenoon is found, with the day, the hours and the usual amount."""
    kwh = plant()
    kwh[HOURS - 24 * 4 + 6 : HOURS - 24 * 4 + 12] *= 2
    ((key, text),) = alarms(tmp_path, hourly(kwh))
    assert key == "MONITORED_UNUSUAL"
    assert "on 2025-05-08 from 06:00 to 12:00" in text


def test_days_are_compared_where_readings_are_of_days(tmp_path):
    """Readings of whole days are tested by the day."""
    kwh = [100.0 + number % 3 for number in range(WEEKS * 7)]
    kwh[-2] = 10.0
    frame = hourly(kwh)
    frame["start"] = frame["start"].iloc[0] + np.arange(len(frame)) * timedelta(days=1)
    folder = monitored_book(tmp_path, frame)
    text = (folder / "book.toml").read_text(encoding="utf-8").replace("1 hour", "1 day")
    (folder / "book.toml").write_text(text, encoding="utf-8")
    found = cl.open_book(folder).overview(END).alarms
    assert [finding.says.key for finding in found] == ["MONITORED_UNUSUAL"]
    assert "from 00:00 to 24:00" in found[0].text("en")


def test_few_weeks_say_nothing_of_what_is_usual(tmp_path):
    """With fewer weeks than the setting asks for, nothing is called unusual."""
    kwh = plant()[: 24 * 20]
    kwh[-24:] *= 5
    keys = {key for key, _ in alarms(tmp_path, hourly(kwh), at=datetime(2025, 3, 23))}
    assert "MONITORED_UNUSUAL" not in keys


def test_a_high_night(tmp_path):
    """A machine that runs all night raises the least hour; a stated limit comes in the place of the usual one."""
    kwh = plant()
    kwh[HOURS - 24 * 2 - 2 : HOURS - 24 * 2 + 6] += 40
    found = dict(alarms(tmp_path, hourly(kwh)))
    assert "in the night to 2025-05-10" in found["MONITORED_NIGHT"]
    stated = '[[watch.limit]]\nsource = "main"\nnight_limit = 30\n'
    assert "above the limit of 30" in dict(alarms(tmp_path, settings=stated))["MONITORED_NIGHT.limit"]
    generous = stated.replace("30", "300")
    assert not [key for key, _ in alarms(tmp_path, settings=generous) if key.startswith("MONITORED_NIGHT")]


def sun(day_without=None, peak=10.0):
    """Ten weeks of own generation [kWh an hour]."""
    hour = np.arange(HOURS) % 24
    kwh = peak * np.clip(np.sin((hour - 6) / 12 * np.pi), 0, None)
    if day_without is not None:
        kwh[HOURS - 24 * day_without : HOURS - 24 * day_without + 24] = 0
    return kwh


def test_own_generation_stands_still_while_others_work(tmp_path):
    """One roof without generation is found by the other; two without are the weather; one alone is said to be alone."""
    roofs = [hourly(sun(2), activity="electricity.solar", source="a")]
    ((key, text),) = alarms(tmp_path / "alone", *roofs)
    assert key == "MONITORED_GENERATION.alone"
    other = hourly(sun(), activity="electricity.solar", source="b")
    ((key, text),) = alarms(tmp_path / "others", *roofs, other)
    assert key == "MONITORED_GENERATION.others"
    assert "hall / a: 0 kWh on 2025-05-10" in text
    assert "hall / b" in text
    dark = hourly(sun(2), activity="electricity.solar", source="b")
    assert alarms(tmp_path / "dark", *roofs, dark) == []


def test_gaps_overlaps_and_repeats_are_alarms(tmp_path):
    """What the readings lack is among the alarms."""
    frame = hourly(plant())
    keys = {key for key, _ in alarms(tmp_path, frame.drop(index=[500, 501]))}
    assert keys == {"READINGS_GAP"}


def test_the_planted_defects_of_the_example():
    """Six alarms of six planted things, each once, in both languages."""
    found = cl.open_book(PROJECT / "examples" / "monitoring").overview(datetime(2025, 6, 15, 18, 30)).alarms
    assert [finding.says.key for finding in found] == [
        "MONITORED_SILENT",
        "MONITORED_UNUSUAL",
        "MONITORED_UNUSUAL",
        "MONITORED_NIGHT",
        "MONITORED_GENERATION.others",
        "READINGS_GAP",
    ]
    assert all(finding.text("zh") != finding.text("en") for finding in found)
