"""Green Button files: intervals summed by the local month of the meter, every one accounted for, and nothing netted."""

import tomllib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.activity_data.entry_columns import Conventions
from carbonledger.activity_data.reading_explanation import explain_reading
from carbonledger.activity_data.rejects import rejected_tables
from carbonledger.activity_data.table_proposals import proposed_section
from carbonledger.activity_data.tally import summed
from carbonledger.core.errors import EntriesError
from tests.support import run

ESPI = "http://naesb.org/espi"
PACIFIC = {"tzOffset": -28800, "dstOffset": 3600, "dstStartRule": "360E2000", "dstEndRule": "B40E2000"}
POWER = {"accumulationBehaviour": 4, "commodity": 1, "flowDirection": 1, "powerOfTenMultiplier": -3, "uom": 72}
GAS = {**POWER, "commodity": 7, "uom": 169}
NEW_YEAR = int(datetime(2024, 1, 1, 8, tzinfo=UTC).timestamp())


def elements(fields):
    """Simple elements."""
    return "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())


def entry(content, own="", related=(), title=""):
    """An Atom entry with its links."""
    links = f'<link rel="self" href="{own}"/>' if own else ""
    links += "".join(f'<link rel="related" href="{path}"/>' for path in related)
    return f"<entry>{links}<title>{title}</title><content>{content}</content></entry>"


def record(kind, fields, inside=""):
    """A record of the standard."""
    return f'<{kind} xmlns="{ESPI}">{elements(fields)}{inside}</{kind}>'


def reading(at, kind, intervals):
    """A reading of a usage point with its type, and its intervals in one block."""
    times = "".join(
        f"<IntervalReading><timePeriod><duration>{duration}</duration><start>{start}</start></timePeriod>"
        f"<value>{value}</value></IntervalReading>"
        for start, duration, value in intervals
    )
    return (
        entry(record("MeterReading", {}), at, [f"{at}/type", f"{at}/IntervalBlock"])
        + entry(record("ReadingType", kind), f"{at}/type")
        + entry(record("IntervalBlock", {}, times), f"{at}/IntervalBlock/1")
    )


def feed(*parts, time=PACIFIC):
    """A Green Button file."""
    stated = entry(record("LocalTimeParameters", time)) if time else ""
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{stated}{"".join(parts)}</feed>'


def point(number, title, service, *readings):
    """A usage point with its readings."""
    at = f"/UsagePoint/{number}"
    kind = record("UsagePoint", {}, f"<ServiceCategory><kind>{service}</kind></ServiceCategory>")
    own = entry(kind, at, [f"{at}/MeterReading"], title)
    return own + "".join(reading(f"{at}/MeterReading/{n}", *item) for n, item in enumerate(readings))


def hours(count, value=1_000_000, first=NEW_YEAR):
    """Hourly intervals."""
    return [(first + 3600 * at, 3600, value) for at in range(count)]


def read(tmp_path, text, **settings):
    """What is read of a file in California."""
    path = tmp_path / "usage.xml"
    path.write_text(text, encoding="utf-8")
    return cl.read_entries(path, region="US-CA", **settings)


def keys(entries, severity="error"):
    """The findings of a severity."""
    return [item.says.key for item in entries.findings if item.severity == severity]


def test_hours_are_summed_by_local_month(tmp_path):
    """A year of 1 kWh an hour is 744 kWh in January; March has an hour less and November one more by the local clock."""
    entries = read(tmp_path, feed(point(1, "Office", 0, (POWER, hours(366 * 24)))))
    amounts = dict(zip(entries.frame["start"].astype(str), entries.frame["amount"], strict=True))
    assert (amounts["2024-01-01"], amounts["2024-02-01"]) == (744, 696)
    assert (amounts["2024-03-01"], amounts["2024-11-01"], amounts["2024-12-01"]) == (743, 721, 744)
    assert set(entries.frame["unit"]) == {"kWh"}
    assert set(entries.frame["activity"]) == {"electricity.grid"}
    assert str(entries.frame["end"].iloc[-1]) == "2025-01-01"
    assert entries.complete


def test_what_flows_to_the_grid_is_never_netted(tmp_path):
    """The reverse flow of a meter is exported electricity of its own."""
    text = feed(point(1, "Office", 0, (POWER, hours(24)), ({**POWER, "flowDirection": 19}, hours(24, 250_000))))
    entries = read(tmp_path, text)
    assert dict(zip(entries.frame["activity"], entries.frame["amount"], strict=True)) == {
        "electricity.grid": 24,
        "electricity.exported": 6,
    }


def test_meters_of_one_title_are_told_apart_and_gas_is_read_in_its_unit(tmp_path):
    """15 daily intervals of 1.5 therms are 22.5 therms of the second meter."""
    days = [(NEW_YEAR + 86_400 * at, 86_400, 1500) for at in range(15)]
    entries = read(tmp_path, feed(point(1, "1 Main St", 0, (POWER, hours(2))), point(2, "1 Main St", 1, (GAS, days))))
    assert entries.frame["source"].tolist() == ["1 Main St 1", "1 Main St 2"]
    gas = entries.frame.iloc[1]
    assert (gas["activity"], gas["amount"], gas["unit"]) == ("fuel.natural_gas", 22.5, "US_therm")
    assert (str(gas["start"]), str(gas["end"])) == ("2024-01-01", "2024-01-16")


def test_bills_keep_their_periods(tmp_path):
    """An interval longer than a day is an entry with its own days; the end of daylight saving time moves none."""
    november = int(datetime(2024, 11, 1, 7, tzinfo=UTC).timestamp())
    bills = [(november, 30 * 86_400, 55), (november + 30 * 86_400 + 3600, 31 * 86_400, 44)]
    kind = {**POWER, "commodity": 7, "uom": 119, "powerOfTenMultiplier": 2}
    entries = read(tmp_path, feed(point(1, "", 1, (kind, bills))))
    assert entries.frame["amount"].tolist() == [5500, 4400]
    assert set(entries.frame["unit"]) == {"ft3"}
    assert entries.frame["start"].astype(str).tolist() == ["2024-11-01", "2024-12-01"]
    assert entries.frame["end"].astype(str).tolist() == ["2024-12-01", "2025-01-01"]


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ({**POWER, "uom": 38}, "GREEN_BUTTON.rate"),
        ({**POWER, "uom": 71}, "GREEN_BUTTON.unit"),
        ({**POWER, "uom": 250}, "GREEN_BUTTON.unit"),
        ({**POWER, "flowDirection": 4}, "GREEN_BUTTON.flow"),
        ({**POWER, "flowDirection": 15}, "GREEN_BUTTON.flow"),
        ({**POWER, "accumulationBehaviour": 1}, "GREEN_BUTTON.accumulation"),
        ({**POWER, "dataQualifier": 8}, "GREEN_BUTTON.qualifier"),
        ({**POWER, "powerOfTenMultiplier": "kilo"}, "GREEN_BUTTON.multiplier"),
        ({**POWER, "commodity": 99}, "GREEN_BUTTON.commodity"),
        ({**GAS, "flowDirection": 19}, "GREEN_BUTTON.reverse"),
    ],
)
def test_what_is_no_amount_is_refused(tmp_path, kind, key):
    """Power, running registers, netted flows and unknown codes give no figure, and every interval is counted as refused."""
    entries = read(tmp_path, feed(point(1, "Meter", 9, (kind, hours(24)))))
    assert len(entries) == 0
    assert keys(entries) == [key]
    assert summed(entries.tallies).refused == 24


def test_negative_intervals_are_refused(tmp_path):
    """A negative interval is a netted export."""
    entries = read(tmp_path, feed(point(1, "", 0, (POWER, [*hours(2), (NEW_YEAR + 7200, 3600, -5)]))))
    assert (len(entries), keys(entries)) == (0, ["GREEN_BUTTON.negative"])


def test_gaps_and_overlaps_are_named(tmp_path):
    """Missing hours are a warning with their number; a month with overlapping intervals is not read, the next one is."""
    february = NEW_YEAR + 31 * 86_400
    overlapping = [*hours(10), (NEW_YEAR + 1800, 3600, 1)]
    entries = read(tmp_path, feed(point(1, "", 0, (POWER, [*overlapping, *hours(5, first=february)]))))
    assert keys(entries) == ["GREEN_BUTTON.overlap"]
    assert entries.frame["amount"].tolist() == [5]
    gap = next(item for item in entries.findings if item.says.key == "GREEN_BUTTON_GAP")
    assert "734 h" in str(gap)


def test_the_same_amounts_by_hour_and_by_day_are_counted_once(tmp_path):
    """Two readings of a meter that agree are counted once; two that do not are both refused."""
    days = [(NEW_YEAR + 86_400 * at, 86_400, 24_000_000) for at in range(2)]
    entries = read(tmp_path, feed(point(1, "", 0, (POWER, hours(48)), (POWER, days))))
    assert entries.frame["amount"].tolist() == [48]
    assert "GREEN_BUTTON_READ.again" in keys(entries, "note")
    half = [(start, duration, value // 2) for start, duration, value in days]
    entries = read(tmp_path, feed(point(1, "", 0, (POWER, hours(48)), (POWER, half))))
    assert (len(entries), keys(entries)) == (0, ["GREEN_BUTTON.contradicts"])


def test_tiers_of_a_tariff_are_parts_of_the_whole(tmp_path):
    """Peak and off-peak add; the reading over both is not counted again."""
    parts = [({**POWER, "tou": tier}, hours(48, 500_000)) for tier in (1, 2)]
    entries = read(tmp_path, feed(point(1, "M", 0, *parts, (POWER, [(NEW_YEAR, 2 * 86_400, 48_000_000)]))))
    assert entries.frame["amount"].sum() == 48
    assert entries.frame["source"].tolist() == ["M, tier 1", "M, tier 2"]


def test_a_file_without_local_time_or_commodity_is_read_with_warnings(tmp_path):
    """What the file does not state is said; the multiplier holds."""
    kind = {"powerOfTenMultiplier": -3, "uom": 72, "flowDirection": 1}
    block = (
        f"<IntervalReading><timePeriod><duration>3600</duration><start>{NEW_YEAR}</start></timePeriod>"
        "<value>1450000</value></IntervalReading>"
    )
    entries = read(
        tmp_path, feed(entry(record("ReadingType", kind)), entry(record("IntervalBlock", {}, block)), time={})
    )
    assert entries.frame["amount"].tolist() == [1.45]
    assert keys(entries, "warning") == ["GREEN_BUTTON_ASSUMED.no_local_time", "GREEN_BUTTON_ASSUMED.electricity"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('<!DOCTYPE a [<!ENTITY x "y">]><feed>&x;</feed>', "GREEN_BUTTON.entities"),
        ('<!DOCTYPE feed SYSTEM "file:///etc/passwd"><feed/>', "UNKNOWN_FILE_KIND.xml"),
        ("<html><body/></html>", "UNKNOWN_FILE_KIND.xml"),
        ("<feed><entry>", "GREEN_BUTTON.broken"),
        ("", "GREEN_BUTTON.broken"),
        ("<a>" * 100, "GREEN_BUTTON.broken"),
    ],
)
def test_other_xml_is_refused_by_name(tmp_path, text, key):
    """No entity is expanded, and XML of another kind is named."""
    with pytest.raises(EntriesError) as error:
        read(tmp_path, text)
    assert error.value.findings[0].says.key == key


@given(
    st.lists(
        st.tuples(
            st.integers(0, 400),
            st.sampled_from([900, 1800, 3600, 86_400, 31 * 86_400, 0]),
            st.integers(-1, 10**6) | st.just("x"),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_every_interval_is_accounted_for(tmp_path_factory, drawn):
    """Each interval is in a sum, a repetition, or refused; the sums are those of the intervals that were read."""
    intervals = [(NEW_YEAR + 86_400 * day, duration, value) for day, duration, value in drawn]
    entries = read(tmp_path_factory.mktemp("feed"), feed(point(1, "", 0, (POWER, intervals))), prorate=True)
    counts = {item.says.key: dict(item.says.values) for item in entries.findings}
    stated = counts.get("GREEN_BUTTON_READ.read", {}).get("intervals", 0)
    repeated = counts.get("GREEN_BUTTON_READ.repeated", {}).get("count", 0)
    assert all(item.adds_up for item in entries.tallies)
    assert stated + repeated + summed(entries.tallies).refused == len(drawn)
    if stated and "GREEN_BUTTON.overlap" not in counts:
        total = sum(value for _, duration, value in set(intervals) if duration and value != "x")
        assert entries.frame["amount"].sum() == pytest.approx(total / 1e6)


def test_a_section_for_a_feed(tmp_path):
    """What is proposed of a feed gives the same entries; rows cannot be stated of it, and refused intervals are no rows to mend."""
    path = tmp_path / "feed.xml"
    power = {**POWER, "uom": 38}
    path.write_text(feed(point(1, "Home", 0, (POWER, hours(48)), (power, hours(3)))), encoding="utf-8")
    first = explain_reading(path, Conventions(home="US-CA"))
    assert len(first.entries) == 1
    section = tomllib.loads(proposed_section(first.tables[0]))["table"]
    again = cl.read_entries(path, home="US-CA", tables=section)
    assert again.frame.equals(first.entries.frame)
    assert again.findings == first.entries.findings
    assert not rejected_tables(first)
    left = cl.read_entries(path, home="US-CA", tables=[{"file": "*", "skip_rows": [2]}])
    assert len(left) == 0
    assert "TABLE_SETTING.no_rows" in [item.says.key for item in left.findings]


def test_refused_intervals_are_not_said_to_be_none(tmp_path):
    """Where refused intervals cannot be listed, the command line says so with their number."""
    path = tmp_path / "feed.xml"
    path.write_text(feed(point(1, "Home", 0, ({**POWER, "uom": 38}, hours(3)))), encoding="utf-8")
    shown = run("read", path, "--region", "US-CA", "--rejects", tmp_path / "out.csv")
    assert "3 refused row(s) cannot be mended in a list" in shown.stdout
    assert not (tmp_path / "out.csv").exists()
