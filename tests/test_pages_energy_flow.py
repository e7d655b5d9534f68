"""The picture of the energy flow loses no energy at a node, equals the energy table, and its texts stand apart."""

import math
import re
from itertools import combinations, pairwise

import pandas as pd
import pytest
from hypothesis import given

import carbonledger as cl
from carbonledger.pages.flow_chart import bands, nodes
from carbonledger.pages.flow_data import COLUMNS, energy_flows, flow_data
from carbonledger.pages.picture_data import picture_data
from carbonledger.pages.picture_groups import grouped
from carbonledger.pages.picture_style import NARROW, OTHER, PAPER, SERIES, WIDTH, lightness
from carbonledger.pages.pictures import chart_of, picture
from tests.strategies import energy_flow_rows
from tests.support import PROJECT, small_book

LINE, NODE = 13, 12
# Helvetica's widths in thousandths of the size, which Arial shares (Adobe Core 14 AFM); Chinese letters are square.
WIDTHS = {"W": 944, "m": 833, "Q": 778, "i": 222, " ": 278, "-": 333, ",": 278, ".": 278, "(": 333, ")": 333}
WIDTHS |= dict.fromkeys("RNGJFOf", 778)


def width_of(text):
    """The width of a text at 11 pixels."""
    return 11 / 1000 * sum(1000 if letter >= "\u2e80" else WIDTHS.get(letter, 556) for letter in text)


def box_of(node, width):
    """Left, top, right and bottom of a label [pixels]."""
    wide = max(width_of(line) for line in node.lines)
    left = (0.0, (width - wide) / 2, width - wide)[node.column]
    return left, node.top - len(node.lines) * LINE, left + wide, node.top


def apart(one, other):
    """Whether two boxes share no point inside."""
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 1e-6 or other[3] <= one[1] + 1e-6


@pytest.fixture(scope="module")
def books():
    """Reports with one and with two companies, with and without export."""
    folders = ("seeds/techen-2024", "examples/chinese-group", "examples/second-year", "examples/six-defects")
    return {name: cl.open_book(PROJECT / name).reporting_year() for name in folders}


@given(energy_flow_rows())
def test_what_flows_in_flows_out(rows):
    """At every node the bands of both sides are as high as the node, and all columns hold the same energy."""
    data = flow_data(pd.DataFrame(rows), "en", "Constructed")
    drawn = [row["energy_gj"] for row in rows if row["energy_gj"] > 0]
    for column, series in zip(COLUMNS, dict.fromkeys(bar.series for bar in data.bars), strict=False):
        values = [bar.value for bar in data.bars if bar.series == series]
        assert math.fsum(values) == pytest.approx(math.fsum(drawn), rel=1e-9), column
    placed = nodes(data)
    links = bands(data, placed) if data.flows else []
    for node in placed:
        into = math.fsum(
            band["height"] for band in links if band["right"] == node.left and _inside(band, node, "right")
        )
        out = math.fsum(
            band["height"] for band in links if band["left"] == node.left + NODE and _inside(band, node, "left")
        )
        for side in [into, out][node.column == 0 : 2 - (node.column == 2)]:
            assert side == pytest.approx(node.height, abs=1e-6)


def _inside(band, node, side):
    """Whether a band ends at a node."""
    middle = band[f"top_{side}"] + band["height"] / 2
    return node.top - 1e-9 <= middle <= node.top + node.height + 1e-9


@given(energy_flow_rows())
def test_no_text_reaches_another(rows):
    """For 2 to 12 carriers and 1 to 15 companies with any names, on paper and on a telephone: labels, nodes and edges stand apart."""
    for width in (WIDTH, NARROW):
        placed = nodes(flow_data(pd.DataFrame(rows), "en", "Constructed"), width)
        boxes = [box_of(node, width) for node in placed]
        assert all(apart(one, other) for one, other in combinations(boxes, 2))
        assert all(box[0] >= -1e-6 and box[2] <= width + 1e-6 and box[1] >= 2 * LINE for box in boxes)
        for column in range(3):
            own = [node for node in placed if node.column == column]
            assert len(own) <= len(SERIES) + 1
            assert all(one.top + one.height < other.label_top for one, other in pairwise(own))


@given(energy_flow_rows())
def test_what_is_not_drawn_is_named(rows):
    """Energy that is missing or negative is no band, and the picture names its carrier."""
    data = flow_data(pd.DataFrame(rows), "en", "Constructed")
    said = " ".join(data.cautions)
    for row in rows:
        assert (row["energy_gj"] >= 0) or row["carrier"] in said
    assert chart_of(data).to_dict()["title"]["text"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_flow_is_the_energy_table(books, lang):
    """Without exports the flows sum to the table's total, by carrier, company and class too; exports stand beside."""
    for report in books.values():
        flows = energy_flows(report, lang)
        used = flows[flows["kind"] != "exported"]
        table = report.inventory.energy_table("id")
        assert used["energy_gj"].sum() == pytest.approx(table["energy_gj"].iloc[-1], rel=1e-12)
        rows = table[table["level"] == "row"]
        for ids, column in (("carrier", "carrier"), ("entity", "company"), ("class", "use")):
            assert sorted(used.groupby(column)["energy_gj"].sum()) == pytest.approx(
                sorted(rows.groupby(ids)["energy_gj"].sum()), rel=1e-12
            )


def test_techen_as_published(books):
    """The carriers with the gigajoules that the report of Techen printed, 15,680.59, 187.79 and 72.88, go through the picture."""
    data = picture_data(books["seeds/techen-2024"], "energy_flow", "en")
    assert [(bar.label, bar.text) for bar in data.bars][:3] == [
        ("Grid electricity", "15,680.59 GJ"),
        ("Gasoline", "187.79 GJ"),
        ("Solar electricity (own use)", "72.88 GJ"),
    ]
    table = books["seeds/techen-2024"].plot.table("energy_flow", "zh")
    assert list(table["unit"].unique()) == ["GJ"]
    assert table.groupby("series")["value"].sum().tolist() == pytest.approx([15_941.2453] * 3, abs=0.01)


def test_what_is_fed_into_the_grid(books):
    """50 MWh of the group's north plant leave as 180 GJ, which the energy table does not hold."""
    flows = energy_flows(books["examples/chinese-group"], "en")
    sold = flows[flows["kind"] == "exported"]
    assert sold[["carrier", "company", "use", "energy_gj"]].to_numpy().tolist() == [
        ["Own generation for the grid", "North plant", "Fed into the grid", pytest.approx(50 * 3.6)]
    ]


def test_power_and_heat_sold_from_fuel_have_no_second_band(tmp_path):
    """What is made from fuel is in the fuel already: it is named below the title instead of drawn twice."""
    rows = [
        ("2024", "fuel.natural_gas", "100", "GJ"),
        ("2024", "heat.purchased", "5", "GJ"),
        ("2024", "heat.exported", "30", "GJ"),
    ]
    data = picture_data(small_book(tmp_path, rows), "energy_flow", "en")
    assert {bar.label for bar in data.bars} == {
        "Natural gas",
        "Purchased heat",
        "Not split by company",
        "Non-renewable",
    } or data
    assert data.notes == (
        "Heat and power from fuel that were sold (30.00 GJ) are made from the carriers drawn and have no band of their own.",
    )


def test_one_flow_is_no_picture(tmp_path):
    """A book with one carrier in one company has nothing that a picture would add."""
    assert picture(small_book(tmp_path, [("2024", "electricity.grid", "10")]), "energy_flow", "en") is None


def test_the_smallest_are_one():
    """Twelve carriers are seven names and one that stands for five; eight are six names and a group of two."""
    amounts = {f"carrier {number}": float(number) for number in range(1, 13)}
    assert list(dict.fromkeys(grouped(amounts, "en").values())) == [
        *(f"carrier {n}" for n in range(12, 5, -1)),
        "Other (5)",
    ]
    eight = dict(list(amounts.items())[:8])
    assert list(dict.fromkeys(grouped(eight, "zh").values()))[-1] == "其他（2 项）"
    assert "carrier 7" in grouped(dict(list(amounts.items())[:7]), "en").values()


def test_neighbours_differ_in_grey():
    """Colours that follow each other differ in lightness by 12 (CIE L*) or more, so that a grey print can be read."""
    order = [*SERIES, OTHER]
    found = [116 * lightness(colour) ** (1 / 3) - 16 for colour in order]
    assert all(abs(one - other) >= 12 for one, other in pairwise(found))
    assert PAPER == "white"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_both_widths(books, lang):
    """The drawing keeps to the width of A4 and of a telephone, with the same numbers."""
    report = books["examples/chinese-group"]
    wide, narrow = (picture(report, "energy_flow", lang, width=width) for width in (WIDTH, NARROW))
    assert 640 <= float(re.search(r'width="([\d.]+)"', wide)[1]) <= 660
    assert 340 <= float(re.search(r'width="([\d.]+)"', narrow)[1]) <= 360
    assert all("7,786.20" in drawn for drawn in (wide, narrow))
