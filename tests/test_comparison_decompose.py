"""Index decomposition: published figures, the standard's worked example, laws, limits of zeros, and what is refused."""

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.core.errors import EntriesError

DATA = Path(__file__).parent / "data"
# Standards, section 8.3: two years of grid power, natural gas and own photovoltaics.
WORKED = {
    "output": [1000.0, 1120.0],
    "energy": [[3600.0, 2000.0, 0.0], [3240.0, 2200.0, 720.0]],
    "emissions": [[536.6, 112.2, 0.0], [477.54, 123.42, 0.0]],
}
KAYA = {
    "activity": "output",
    "intensity": "sum(energy) / output",
    "structure": "energy / sum(energy)",
    "factor": "emissions / energy",
}
# R package LMDIR, tests/testthat/test_lmdi.R (Heun, github.com/MatthewHeun/LMDIR): two categories, three factors, 1971 to 1974.
LMDIR = np.array(
    [
        [[1, 10, 2], [4, 5, 3]],
        [[4, 5, 3], [5, 6, 4]],
        [[8, 2, 4], [5, 7, 5]],
        [[10, 1, 5], [6, 8, 6]],
    ],
    dtype=float,
)
NAMES = ["factor 1", "factor 2", "factor 3"]
METHODS = ("lmdi-i", "lmdi-ii")
FORMS = ("additive", "multiplicative")

amounts = st.floats(1e-3, 1e3)


@st.composite
def tables(draw, zeros=False):
    """Effects of two or three periods, one to four categories and two to four effects; with zeros if asked."""
    shape = draw(st.tuples(st.integers(2, 3), st.integers(1, 4), st.integers(2, 4)))
    cell = st.one_of(st.just(0.0), amounts) if zeros else amounts
    cells = draw(st.lists(cell, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    return np.array(cells).reshape(shape)


def names_of(table):
    """Names for the last axis."""
    return [f"x{at}" for at in range(table.shape[-1])]


def effects_of(table, **options):
    """The effects by step, one row each."""
    names = names_of(table)
    return cl.decompose(table, effects=names, **options).effects[names].to_numpy()


def rule_of(error):
    """The keys of what a refusal says."""
    return {finding.says.key.partition(".")[2] for finding in error.value.findings}


def test_worked_example():
    """The four effects of the worked example, and their weights' contributions by carrier."""
    found = cl.decompose(WORKED, effects=KAYA, total="emissions")
    row = found.effects.iloc[0]
    wanted = {"activity": 70.7417075366129, "intensity": -11.247459926534118, "structure": -101.63895253072444}
    assert row[list(wanted)].to_dict() == pytest.approx(wanted | {}, abs=1e-9)
    assert row["factor"] == pytest.approx(-5.695295079354376, abs=1e-9)
    assert row["change"] == pytest.approx(-47.84)
    assert abs(found.residual) < 1e-9 * 648.8
    grid = found.contributions.iloc[0]
    assert grid["activity"] == pytest.approx(57.40055287973252)
    assert grid["intensity"] == pytest.approx(-9.12630526965374)
    assert found.contributions["status"].tolist() == ["continuing", "continuing", "absent"]


def test_worked_example_of_a_new_carrier():
    """A carrier that appears takes the analytical limit: its change is structure, and no small number is chosen."""
    data = {
        "output": [1.0, 1.0],
        "energy": [[1000.0, 0.0], [1000.0, 300.0]],
        "emissions": [[10.0, 0.0], [10.0, 3.0]],
    }
    row = cl.decompose(data, effects=KAYA, total="emissions").effects.iloc[0]
    # The line itself, 3.0, goes to structure; the other line's share falls as the sum rises.
    weight = 10.0
    assert row["intensity"] == pytest.approx(weight * np.log(1.3))
    assert row["structure"] == pytest.approx(3.0 - weight * np.log(1.3))
    assert row["factor"] == 0.0


def test_published_by_lmdir():
    """Additive and multiplicative effects of the R package LMDIR, year by year and cumulated."""
    additive = cl.decompose(LMDIR, effects=NAMES)
    wanted = [
        [69.79006598, -9.455125793, 39.66505981],
        [42.96021467, -34.31902656, 50.3588119],
        [54.01064234, -9.021284671, 54.01064234],
    ]
    assert additive.effects[NAMES].to_numpy() == pytest.approx(np.array(wanted), abs=1e-7)
    assert additive.effects["change"].tolist() == pytest.approx([100, 59, 99])
    assert additive.cumulative["change"].tolist() == pytest.approx([100, 159, 258])
    assert additive.cumulative[NAMES].to_numpy() == pytest.approx(np.cumsum(wanted, axis=0), abs=1e-7)
    ratios = [
        [1.761117821, 0.926191306, 1.379410116],
        [1.229284572, 0.847970248, 1.273773912],
        [1.208140223, 0.968911503, 1.208140223],
    ]
    multiplicative = cl.decompose(LMDIR, effects=NAMES, form="multiplicative")
    assert multiplicative.effects[NAMES].to_numpy() == pytest.approx(np.array(ratios), abs=1e-8)
    assert multiplicative.cumulative[NAMES].to_numpy() == pytest.approx(np.cumprod(ratios, axis=0), abs=1e-8)


def test_limits_published_by_lmdir():
    """A factor of 0 in one year takes the whole change of its category (Ang, Zhang & Choi 1998, table 2, cases 1 to 4)."""
    table = LMDIR[:2].copy()
    table[0, 0, 0] = 0.0
    found = cl.decompose(table, effects=NAMES).contributions
    assert found.loc[0, NAMES].tolist() == [60.0, 0.0, 0.0]
    assert found.loc[1, NAMES].tolist() == pytest.approx([19.31568569, 15.78206435, 24.90224996], abs=1e-7)
    table = LMDIR[:2].copy()
    table[1, 1, 2] = 0.0
    found = cl.decompose(table, effects=NAMES).contributions
    assert found.loc[0, NAMES].tolist() == pytest.approx([50.47438029, -25.23719014, 14.76280986], abs=1e-7)
    assert found.loc[1, NAMES].tolist() == [0.0, 0.0, -60.0]


def test_published_by_the_department_of_energy():
    """The indices of US electricity generation by LMDI-II, chained 1990 to 2005, as the Department of Energy published them.

    Energy Intensity Indicators of the Department of Energy, calculated at the Pacific Northwest National Laboratory: table
    "Electricity Generation Total", in github.com/NREL/EnergyIntensityIndicators, tests/pnnl_csvs/electricity.
    """
    table = pd.read_csv(DATA / "doe-electricity-intensity.csv")
    found = cl.decompose(
        table,
        period="year",
        by="sector",
        total="energy_tbtu",
        effects={
            "activity": "sum(generation_million_kwh)",
            "structure": "generation_million_kwh / sum(generation_million_kwh)",
            "intensity": "energy_tbtu / generation_million_kwh",
        },
        method="lmdi-ii",
        form="multiplicative",
    )
    published = table.drop_duplicates("year").iloc[1:]
    assert found.cumulative["activity"].to_numpy() == pytest.approx(published["published_activity_index"], abs=2e-9)
    assert found.cumulative["structure"].to_numpy() == pytest.approx(published["published_structure_index"], abs=2e-9)


@given(tables(zeros=True))
def test_effects_give_the_change(table):
    """Additive LMDI-I: the effects sum to the change to 1e-9 of the total, zeros or not."""
    found = cl.decompose(table, effects=names_of(table))
    for row in found.effects.to_dict("records"):
        size = max(row["before"], row["after"])
        assert abs(sum(row[name] for name in names_of(table)) - (row["after"] - row["before"])) <= 1e-9 * size


@pytest.mark.parametrize("method", METHODS)
@given(table=tables())
def test_effects_give_the_change_by_every_method(method, table):
    """Both methods, in both forms, leave no rest, over any number of chained periods and against a fixed one."""
    names = names_of(table)
    for base in (None, 0):
        for frame in (
            cl.decompose(table, effects=names, method=method, base=base).effects,
            cl.decompose(table, effects=names, method=method, base=base).cumulative,
        ):
            sums = frame[names].sum(axis=1)
            assert np.abs(sums - frame["change"]).max() <= 1e-9 * frame[["before", "after"]].to_numpy().max()
        frame = cl.decompose(table, effects=names, method=method, form="multiplicative", base=base).cumulative
        assert frame[names].prod(axis=1).to_numpy() == pytest.approx(frame["change"].to_numpy(), rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
@given(table=tables())
def test_backwards(method, table):
    """Two periods exchanged: differences change their sign, ratios are inverted."""
    pair = table[:2]
    there, back = effects_of(pair, method=method), effects_of(pair[::-1], method=method)
    size = pair.prod(axis=-1).sum(axis=-1).max()
    assert np.abs(there + back).max() <= 1e-9 * size
    options = {"method": method, "form": "multiplicative"}
    assert effects_of(pair, **options) * effects_of(pair[::-1], **options) == pytest.approx(1.0)


@given(tables(zeros=True))
def test_backwards_with_zeros(table):
    """The limit of a category that appears is that of one that ends, with the other sign."""
    there, back = effects_of(table[:2]), effects_of(table[:2][::-1])
    assert np.abs(there + back).max() <= 1e-9 * max(table[:2].prod(axis=-1).sum(axis=-1).max(), 1e-300)


@given(tables(), tables())
def test_aggregation(one, other):
    """Additive LMDI-I of two groups sums to that of both together."""
    effects = min(one.shape[-1], other.shape[-1])
    one, other = one[:2, :, :effects], other[:2, :, :effects]
    together = effects_of(np.concatenate([one, other], axis=1))
    size = sum(table.prod(axis=-1).sum(axis=-1).max() for table in (one, other))
    assert np.abs(together - effects_of(one) - effects_of(other)).max() <= 1e-9 * size


@given(tables(), st.data())
def test_an_effect_that_does_not_change_is_zero(table, data):
    """Exactly 0, or exactly 1."""
    at = data.draw(st.integers(0, table.shape[-1] - 1))
    table[:, :, at] = table[0, :, at]
    assert (effects_of(table)[:, at] == 0).all()
    assert (effects_of(table, form="multiplicative", method="lmdi-ii")[:, at] == 1).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("zeros", [((0, 0, 1),), ((0, 0, 1), (0, 0, 2)), ((1, 0, 0),)])
def test_the_limit_of_small_numbers(method, zeros):
    """A zero is what ever smaller numbers lead to: the distance shrinks with the logarithm, which no small number can wait for."""
    exact = LMDIR[:2].copy()
    for at in zeros:
        exact[at] = 0.0
    limit, gaps = effects_of(exact, method=method), []
    for small in (1e-10, 1e-20, 1e-40, 1e-80):
        table = exact.copy()
        table[exact == 0] = small
        gaps.append(np.abs(effects_of(table, method=method) - limit).max())
    ratios = np.array(gaps[1:]) / np.array(gaps[:-1])
    assert (ratios < 0.6).all()
    assert (ratios > 0.4).all()


def test_levels():
    """Group, company and carrier: the shares of each level are effects, and their sums within a level are exact."""
    rows = [
        (2023, "A", "grid", 100.0, 60.0),
        (2023, "A", "gas", 50.0, 3.0),
        (2023, "B", "grid", 30.0, 18.0),
        (2024, "A", "grid", 80.0, 44.0),
        (2024, "A", "gas", 60.0, 3.6),
        (2024, "C", "grid", 40.0, 22.0),
    ]
    frame = pd.DataFrame(rows, columns=["year", "entity", "carrier", "energy", "emissions"])
    effects = {
        "energy": "sum(energy)",
        "companies": "sum(energy, entity) / sum(energy)",
        "carriers": "energy / sum(energy, entity)",
        "factor": "emissions / energy",
    }
    found = cl.decompose(frame, period="year", by=["entity", "carrier"], total="emissions", effects=effects)
    row = found.effects.iloc[0]
    assert row["change"] == pytest.approx(-11.4)
    assert sum(row[name] for name in effects) == pytest.approx(-11.4)
    parts = found.contributions.set_index("entity")
    # A company that ended and one that began act by their share alone.
    assert parts.loc["B", ["energy", "companies", "carriers", "factor"]].tolist() == [0, -18.0, 0, 0]
    assert parts.loc["C", ["energy", "companies", "carriers", "factor"]].tolist() == [0, 22.0, 0, 0]
    assert parts.loc["B", "status"] == "ended"


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, pl.LazyFrame])
def test_the_callers_frames(kind):
    """Polars gives Polars, pandas gives pandas, with the same figures."""
    rows = {"period": [1, 1, 2, 2], "part": ["a", "b", "a", "b"], "x": [1.0, 2.0, 3.0, 4.0], "y": [5.0, 6.0, 7.0, 8.0]}
    found = cl.decompose(kind(rows), effects=["x", "y"], by="part")
    wanted = pl.DataFrame if kind is pl.LazyFrame else kind
    assert isinstance(found.effects, wanted)
    assert isinstance(found.contributions, wanted)
    assert found.total_effect("x") + found.total_effect("y") == pytest.approx(36.0)


def test_rounded_figures_show_their_rest():
    """Figures that are rounded need a tolerance, and what it leaves is shown as the residual."""
    frame = pd.DataFrame({"period": [1, 2], "a": [2.0, 3.0], "b": [3.33, 3.33], "total": [6.7, 10.0]})
    with pytest.raises(EntriesError) as error:
        cl.decompose(frame, effects=["a", "b"], total="total")
    assert rule_of(error) == {"product"}
    found = cl.decompose(frame, effects=["a", "b"], total="total", tolerance=0.01)
    assert found.residual == pytest.approx(3.3 - 3.33)


REFUSED = {
    "product": ({"a": [1.0, 2.0], "b": [1.0, 2.0], "t": [1.0, 5.0]}, {"total": "t"}),
    "negative": ({"a": [1.0, -2.0], "b": [1.0, 2.0]}, {}),
    "missing": ({"a": [1.0, np.nan], "b": [1.0, 2.0]}, {}),
    "infinite": ({"a": [1.0, np.inf], "b": [1.0, 2.0]}, {}),
    "one_period": ({"a": [1.0], "b": [1.0]}, {}),
    "shape": ({"a": [1.0, 2.0], "b": [1.0, 2.0, 3.0]}, {}),
    "base": ({"a": [1.0, 2.0], "b": [1.0, 2.0]}, {"base": 7}),
    "choice": ({"a": [1.0, 2.0], "b": [1.0, 2.0]}, {"method": "laspeyres"}),
    "column": ({"a": [1.0, 2.0], "b": [1.0, 2.0]}, {"total": "c"}),
    "effect": ({"a": [1.0, 2.0], "b": [1.0, 2.0]}, {"effects": ["a", "c / b"]}),
    "reserved": ({"a": [1.0, 2.0], "b": [1.0, 2.0]}, {"effects": {"change": "a", "b": "b"}}),
    "names": ({"a": [1.0, 2.0], "b": [1.0, 2.0]}, {"effects": ["a", "a"]}),
    "divided": ({"a": [1.0, 2.0], "b": [0.0, 2.0]}, {"effects": ["b", "a / b"], "total": "a"}),
    "zero_total": ({"a": [0.0, 2.0], "b": [1.0, 2.0]}, {"form": "multiplicative"}),
    "nothing_common": ({"a": [[0.0, 1.0], [1.0, 0.0]], "b": [1.0, 2.0]}, {"method": "lmdi-ii"}),
    "size": ({"a": [1e-200, 2.0], "b": [1e-200, 2.0]}, {}),
    "text": ({"a": [1.0, "x"], "b": [1.0, 2.0]}, {}),
    "one_period of an empty table": (pd.DataFrame({"period": [], "a": [], "b": []}), {"effects": ["a", "b"]}),
    "missing without a zero": ({"e": [0.0, 2.0], "c": [0.0, 3.0]}, {"effects": {"f": "c / e"}}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    """What cannot be decomposed is refused with the rows and a way out; nothing is interpolated."""
    data, options = REFUSED[case]
    with pytest.raises(EntriesError) as error:
        cl.decompose(data, **{"effects": list(data)[:2], **options})
    assert case.partition(" ")[0] in rule_of(error)
    assert all(finding.remedy_in("zh") for finding in error.value.findings)


def test_refused_rows_of_a_frame_are_named():
    """Rows that stand twice, lack a period, hold a text, or are absent where they cannot be told are named."""
    good = pd.DataFrame({"period": [1, 1, 2, 2], "c": ["a", "b", "a", "b"], "x": [1.0, 2, 3, 4], "y": [1.0, 2, 3, 4]})
    for broken, case in (
        (pd.concat([good, good.iloc[:1]]), "twice"),
        (good.assign(period=[1, None, 2, 2]), "no_period"),
        (good.assign(x=["1", "two", "3", "4"]), "text"),
        (good.iloc[:3].assign(x=[1.0, 2.0, 3.0]), "absent"),
    ):
        with pytest.raises(EntriesError) as error:
            cl.decompose(broken, effects=["x", "y"], by="c") if case != "absent" else cl.decompose(
                pd.concat([broken, good.iloc[3:].assign(c="d")]), effects=["x", "y"], by="c"
            )
        assert case in rule_of(error), case
    with pytest.raises(EntriesError, match=r"1 / a"):
        cl.decompose(pd.concat([good, good.iloc[:1]]), effects=["x", "y"], by="c")


def test_plain_data_and_notebook():
    """Plain data holds every step unrounded, with labels in both languages; a notebook shows the same."""
    found = cl.decompose(WORKED, effects=KAYA, total="emissions")
    data = json.loads(json.dumps(found.to_dict("zh"), ensure_ascii=False))
    assert data["labels"]["residual"] == "余项"
    assert data["effects"][0]["structure"] == pytest.approx(-101.63895253072444)
    assert "因素分解" in found.to_html("zh")
    assert "−101.64" in found.to_html().replace("-", "−")
    assert "residual 0)" in repr(found)


def test_the_data_of_the_department_of_energy_are_whole():
    """Sixteen years and three sectors, each row with its published indices."""
    with (DATA / "doe-electricity-intensity.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 16 * 3
