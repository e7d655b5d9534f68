"""Figures that are not printed: what is known of them beforehand, and what several relations say together."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.published.network import propagate
from carbonledger.published.relations import Unknown, read_relations, read_unknowns
from tests.support import figures_of, figures_with_units
from tests.support import named_relation as relation


def two_grids(rounding="exact"):
    """36.31 GWh from two grids, and the tonnes of both together."""
    figures = figures_with_units(
        bought=("36.31", "GWh", rounding),
        tonnes=("19,785.585", "t CO2", rounding),
        north=("0.509", "t CO2/MWh", rounding),
        south=("0.5703", "t CO2/MWh", rounding),
    )
    relations = [
        relation("amounts", "sum", total="bought", parts=["?north", "?south"]),
        relation("tonnes", "sum", total="tonnes", parts=["?t.north", "?t.south"]),
        relation("north", "unit_conversion", result="?t.north", source="?north", factor="north"),
        relation("south", "unit_conversion", result="?t.south", source="?south", factor="south"),
    ]
    return figures, relations


def test_two_amounts_follow_from_their_sum_and_a_weighted_sum():
    """36.31 GWh at 0.509 and 0.5703 t/MWh are 19,785.585 t: 15.041 GWh and 21.269 GWh, each in the unit of its sum."""
    found = propagate(*two_grids())
    north, south = (found.tightened[name].interval for name in ("?north", "?south"))
    exact = (Decimal(36310) * Decimal("0.5703") - Decimal("19785.585")) / Decimal("0.0613") / 1000
    assert abs(north.middle - exact) < Decimal("1e-20")
    assert north.width < Decimal("1e-20")
    assert abs(north.middle + south.middle - Decimal("36.31")) < Decimal("1e-20")
    assert found.unknowns["?t.north"].unit == "t CO2"
    assert set(found.tightened["?north"].relations) == {"amounts", "tonnes", "north", "south"}


def test_rounding_of_what_is_printed_widens_the_solution():
    """With the sum rounded to 10 MWh and the factors to their last place the split is known to some 0.1 GWh, and holds the exact one."""
    wide = propagate(*two_grids("half_up")).tightened["?north"].interval
    exact = propagate(*two_grids()).tightened["?north"].interval
    assert wide.low < exact.low < exact.high < wide.high
    assert wide.width < 3


def test_fewer_equations_than_unknowns_say_nothing():
    """Two amounts of which only the sum is printed stay open, unless they are known to lie above 0."""
    figures, relations = two_grids()
    assert "?north" not in propagate(figures, relations[:1]).tightened
    above = {name: Unknown(name, at_least=Decimal(0)) for name in ("?north", "?south")}
    found = propagate(figures, relations[:1], unknowns=above).tightened["?north"].interval
    assert (found.low, found.high) == (Decimal(0), Decimal("36.31"))


def test_a_limit_that_cannot_be_kept_is_a_contradiction():
    """Parts of 3.0 of which one is 5.0: the other would be below 0."""
    figures = figures_of(total="3.0", one="5.0")
    relations = [relation("sum", "sum", total="total", parts=["one", "?other"])]
    assert propagate(figures, relations).clashes == ()
    (clash,) = propagate(figures, relations, unknowns={"?other": Unknown("?other", at_least=Decimal(0))}).clashes
    assert clash.relations == ("sum",)


@given(
    st.lists(st.integers(-50, 50), min_size=3, max_size=3),
    st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=3, max_size=4),
    st.integers(0, 2),
)
def test_the_truth_is_in_every_solution(truth, rows, places):
    """Whatever weighted sums of three numbers are printed, rounded to some places, the numbers lie in what is said of them."""
    assume(all(any(row) for row in rows))
    texts, relations = {}, []
    for at, row in enumerate(rows):
        total = sum(Fraction(weight * value, 7) for weight, value in zip(row, truth, strict=True))
        texts[f"s{at}"] = format(
            cl.round_figure(Decimal(total.numerator) / total.denominator, str(Decimal(1).scaleb(-places))), "f"
        )
        parts = [f"?x{place}.{at}" for place, weight in enumerate(row) if weight]
        texts |= {f"w{place}.{at}": str(weight) for place, weight in enumerate(row) if weight}
        relations.append(relation(f"sum{at}", "sum", total=f"s{at}", parts=parts))
        relations += [
            relation(
                f"w{place}.{at}",
                "ratio",
                result=f"w{place}.{at}",
                numerator=f"?x{place}.{at}",
                denominator=f"?x{place}",
            )
            for place, weight in enumerate(row)
            if weight
        ]
    figures = figures_with_units(
        **{name: (text, "", "half_up" if name.startswith("s") else "exact") for name, text in texts.items()}
    )
    found = propagate(figures, relations)
    assert found.clashes == ()
    for place, value in enumerate(truth):
        if f"?x{place}" in found.tightened:
            interval, exact = found.tightened[f"?x{place}"].interval, Fraction(value, 7)
            assert (
                Fraction(interval.low) - Fraction(1, 10**12) <= exact <= Fraction(interval.high) + Fraction(1, 10**12)
            )


def test_one_language_and_no_place_are_enough(tmp_path):
    """A figure needs its id, text and unit; a relation its members; an unknown its id. What has no label is called by its name."""
    table, file = tmp_path / "published.csv", tmp_path / "relations.toml"
    table.write_text("figure_id,text,unit,label_en\na,1.0,t,Waste\nb,2.0,t,\n", encoding="utf-8")
    file.write_text(
        '[[relation]]\nid = "r"\nkind = "sum"\ntitle_zh = "合计"\ntotal = "b"\nparts = ["a", "?c"]\n'
        '[[unknown]]\nid = "c"\nat_least = 0\nat_most = "1.2"\n',
        encoding="utf-8",
    )
    figures = cl.published.read_figures(table)
    assert [figures[name].label.text(lang) for name in "ab" for lang in ("en", "zh")] == ["Waste", "Waste", "b", "b"]
    (found,), unknowns = read_relations(file), read_unknowns(file)
    assert found.title.text("en") == "合计"
    assert str(unknowns["?c"].interval) == "[0, 1.2]"
    assert propagate(figures, [found], unknowns=unknowns).tightened["?c"].interval.high <= Decimal("1.2")
