"""Frames in and out: headings as the reader takes them, years from dates, views in the caller's kind."""

import datetime as dt

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import carbonledger as cl

AR5 = "ipcc-ar5@2013"
CHINESE = pd.DataFrame(
    {
        "公司": ["甲", "乙", "乙"],
        "能源种类": ["外购电力", "汽油", "R22"],
        "用量": [12.5, 4.36, 2.0],
        "单位": ["万度", "吨", "kg"],
        "地区": ["CN", "CN", "CN"],
        "开始日期": pd.to_datetime(["2022-01-01", "2022-02-01", "2022-03-01"]),
        "结束日期": pd.to_datetime(["2022-01-31", "2022-02-28", "2022-03-31"]),
    }
)
# 125 MWh at 0.5703 t/MWh; gasoline as in tests/test_inventory_engines.py; R22 is none of the seven gases.
EXPECTED = 125 * 0.5703 + 4.36 * 3.0425472
POWER = pd.DataFrame({"activity": ["electricity.grid"], "amount": [1000.0], "unit": ["MWh"], "region": ["CN"]})
KINDS = ("pandas", "polars", "polars lazy", "pyarrow", "duckdb")


def of_kind(name, frame):
    """A frame as a kind, and the kind of the views of its inventory."""
    if name == "pandas":
        return frame, pd.DataFrame
    if name.startswith("polars"):
        own = pl.from_pandas(frame)
        return (own.lazy() if "lazy" in name else own), pl.DataFrame
    table = pa.Table.from_pandas(frame, preserve_index=False)
    if name == "pyarrow":
        return table, pa.Table
    connection = duckdb.connect()
    connection.register("rows", table)
    return connection.sql("SELECT * FROM rows"), pd.DataFrame


def calculated(frame, factors):
    """The inventory of a frame."""
    return cl.calculate(frame, factors, gwp=AR5)


def texts(view):
    """The rows of a view of any kind as texts, sorted: numbers to ten digits, moments as days, what is missing as a dash."""
    return sorted([[text(cell) for cell in row] for row in nw.from_native(view, eager_only=True).rows()])


def text(cell):
    """A cell as text, the same over engines."""
    if pd.isna(cell):
        return "-"
    if isinstance(cell, dt.date):
        return f"{cell:%Y-%m-%d}"
    return f"{cell:.10g}" if isinstance(cell, float | int) else str(cell)


@pytest.mark.parametrize("name", KINDS)
def test_headings_of_the_reader(name, factors):
    """Chinese headings are read on the caller's engine: lines of its kind, the total of the reader, the year of the dates."""
    frame, _ = of_kind(name, CHINESE)
    inventory = calculated(frame, factors)
    assert type(inventory.lines) is type(frame)
    assert inventory.total_location_based().magnitude == pytest.approx(EXPECTED, rel=1e-12)
    read = cl.calculate(cl.read_entries(CHINESE), factors, gwp=AR5)
    assert texts(inventory.by("entity")) == texts(read.by("entity"))
    assert texts(inventory.by("year")) == texts(read.by("year"))
    assert texts(inventory.energy_table("zh")) == texts(read.energy_table("zh"))


@pytest.mark.parametrize("name", KINDS)
def test_views_in_the_callers_kind(name, factors):
    """Every view is of the kind of the frame and says what the pandas view says; a text that is missing is null, days stay days."""
    rows = CHINESE.assign(公司=["甲", None, None])
    frame, kind = of_kind(name, rows)
    inventory, reference = calculated(frame, factors), calculated(rows, factors)
    for of in (
        lambda item: item.by("scope"),
        lambda item: item.by("entity"),
        lambda item: item.by("gas_group"),
        lambda item: item.view("month", "gas"),
        lambda item: item.view("scope", "start"),
        lambda item: item.view("year"),
        lambda item: item.energy_table("zh"),
        lambda item: item.other_gases(),
    ):
        view, same, expected = of(inventory), of(inventory.in_pandas), of(reference)
        assert type(view) is kind
        assert type(same) is pd.DataFrame
        assert same.attrs["completeness"] == inventory.completeness.to_dict()
        assert nw.from_native(view, eager_only=True).columns == list(same.columns) == list(expected.columns)
        assert texts(view) == texts(same) == texts(expected)


@pytest.mark.parametrize("name", KINDS)
def test_comparisons_in_the_callers_kind(name, factors):
    """A comparison is of the kind of the current year's frame, whatever the year before is of."""
    frame, kind = of_kind(name, CHINESE)
    before, now = calculated(CHINESE.assign(用量=[10.0, 4.36, 2.0]), factors), calculated(frame, factors)
    table = cl.compare(before, now, "scope")
    assert type(table) is kind
    assert texts(table) == texts(cl.compare(before, calculated(CHINESE, factors), "scope"))
    assert cl.compare(before, now.in_pandas).attrs["completeness_previous"] == before.completeness.to_dict()


def test_dtypes_of_polars_views(factors):
    """Axes have the dtype of the lines, labels are texts and measures numbers, in a view without rows too."""
    power = pl.from_pandas(POWER.assign(year=2022))
    inventory = calculated(power, factors)
    assert inventory.by("year").schema["year"] == power.schema["year"]
    assert inventory.view("scope", "year").schema == {
        "scope": pl.String,
        "year": pl.Int64,
        "emissions_tco2e": pl.Float64,
    }
    assert inventory.other_gases().schema == {
        "gas": pl.String,
        "tonnes": pl.Float64,
        "gwp": pl.Float64,
        "outside_total_tco2e": pl.Float64,
    }


def test_missing_is_never_zero_in_polars(factors):
    """Energy of an entry without emissions has emissions that are not a number, so that no sum of the view hides it."""
    rows = POWER.assign(year=2022)
    rows = pd.concat([rows, rows.assign(activity="heat.purchased", region="US", unit="GJ")])
    inventory = cl.calculate(pl.from_pandas(rows), factors, gwp=AR5, missing="report")
    view = inventory.by("activity")
    heat = view.filter(pl.col("activity") == "heat.purchased")
    assert heat["energy_gj"].item() == 1000
    assert heat["emissions_tco2e"].is_nan().item()
    assert inventory.completeness.is_part
    assert "INCOMPLETE" in inventory._repr_html_()


def test_the_heading_says_the_unit(factors):
    """An amount with its unit in brackets needs no column of units."""
    rows = pd.DataFrame({"能源种类": ["电"], "用量(万kWh)": [100.0], "年份": [2022], "地区": ["CN"]})
    for name in KINDS:
        total = calculated(of_kind(name, rows)[0], factors).total_location_based().magnitude
        assert total == pytest.approx(1000 * 0.5703)


def test_own_columns_stay(factors):
    """A column of the library's name is that column; another of the same meaning is the caller's own, and an axis."""
    rows = POWER.assign(year=2022, type="roof", fuel="none", building="A", property="B")
    inventory = calculated(rows, factors)
    assert inventory.by("type")["type"].tolist() == ["roof"]
    assert inventory.view("building", "property", "fuel")["emissions_tco2e"].tolist() == pytest.approx([570.3])


def test_a_renamed_axis_is_proposed(factors):
    """Who asks for the heading that was renamed is told its name."""
    inventory = calculated(CHINESE, factors)
    with pytest.raises(cl.errors.UnknownAxisError, match="Did you mean entity"):
        inventory.by("公司")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"year": [2022], "倍率": [40]}, "倍率.*multiplier"),
        ({"year": [2022], "multiplier": [40]}, "multiplier.*read_entries"),
        ({"year": [2022], "热值基准": ["gross"]}, "heating_value"),
        ({"year": [2022], "替代": ["A1"]}, "supersedes"),
        ({"年份": [2022], "年度": [2022]}, "both mean year"),
        ({"年份": [2022], "amount": None, "unit": ["MWh"], "用量(kWh)": [1.0]}, "states kWh.*column of units"),
        ({"start": ["2022-01-01"]}, "no column year.*start"),
        ({"开始日期": pd.to_datetime(["2022-01-01"]), "结束日期": ["2022-01-31"]}, "no column year.*end"),
        ({"月份": ["2022-03"]}, "no column year.*月份"),
        ({"期间": ["2022年3月"]}, "no column year.*期间"),
        ({"start": pd.to_datetime(["2022-12-01"]), "end": pd.to_datetime(["2023-01-31"])}, "1 row.*begin in one year"),
        ({"start": pd.to_datetime(["2022-12-01"]), "end": pd.to_datetime(["2023-01-01"])}, "1 row.*begin in one year"),
    ],
)
def test_what_must_be_read_first(columns, words, factors):
    """What a frame cannot be calculated with as it stands is refused with the way to the reader, never taken for something else."""
    dropped = [name for name, cells in columns.items() if cells is None]
    rows = POWER.drop(columns=dropped).assign(**{name: cells for name, cells in columns.items() if cells is not None})
    for name in KINDS:
        with pytest.raises(cl.errors.EntriesError, match=words):
            calculated(of_kind(name, rows)[0], factors)


def test_days_that_are_missing(factors):
    """A row without days states no year: it finds no factor, and is not counted under another row's year."""
    rows = pd.concat([POWER, POWER], ignore_index=True).assign(start=pd.to_datetime(["2022-01-01", None]))
    for name in KINDS:
        with pytest.raises(cl.errors.MissingFactorError, match="states no year"):
            calculated(of_kind(name, rows)[0], factors)


def test_python_dates(factors):
    """Days as Python has them, in a column of objects, give the year too."""
    days = {"start": [dt.date(2022, 1, 1)], "end": [dt.date(2022, 12, 31)]}
    assert calculated(POWER.assign(**days), factors).by("year")["year"].tolist() == [2022]


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_rows_that_others_supersede_are_not_counted_twice(kind):
    """A corrected bill beside its correction is refused in a bare frame; read first, the correction stands alone."""
    rows = {
        "activity": ["electricity.grid"] * 2,
        "amount": [1000.0, 900.0],
        "unit": ["MWh"] * 2,
        "year": [2022] * 2,
        "region": ["CN"] * 2,
        "entry_id": ["a", "b"],
        "supersedes": ["", "a"],
    }
    frame = nw.from_dict(rows, backend=kind).to_native()
    pins = cl.load_factors("cn-mee-grid-enterprise@2022")
    with pytest.raises(cl.errors.EntriesError, match="superseded by other rows"):
        cl.calculate(frame, pins, gwp="ipcc-ar5@2013")
    read = cl.read_entries(pd.DataFrame(rows))
    for entries in (read, read.frame):
        total = cl.calculate(entries, pins, gwp="ipcc-ar5@2013").total_location_based().magnitude
        assert total == pytest.approx(900 * 0.5703)
