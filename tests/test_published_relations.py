"""Relations as a case declares them: what is refused, and what each kind says."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.core.errors import BookError, DimensionError
from carbonledger.core.exact_conversion import exact_factor
from carbonledger.published.figures import read_figures
from carbonledger.published.measures import measures_of
from carbonledger.published.network import propagate, with_alternatives
from carbonledger.published.relations import Unknown, read_relations, read_unknowns
from carbonledger.published.verdicts import check_relation
from tests.support import figures_with_units as figures
from tests.support import relation

HEAD = 'id = "r"\ntitle_zh = "甲"\ntitle_en = "A"\n'
CHANGE = HEAD + 'kind = "percent_change"\nchange = "c"\ncurrent = "a"\nprevious = "b"\n'


def declared(folder, *tables):
    """The relations of a file."""
    path = folder / "relations.toml"
    path.write_text("".join(f"[[relation]]\n{table}\n" for table in tables), encoding="utf-8")
    return read_relations(path)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (
            HEAD + 'kind = "rebuild"\nfigure = "x"\nquantity = "energy_gj"\nactivty = "fuel.gasoline"',
            "'activty'. Did you mean 'activity'",
        ),
        (CHANGE + 'direction = "fall"', "direction is 'fall'; allowed are 'increase' or 'decrease'"),
        (HEAD + 'kind = "sum"\ntotal = "x"', "the member 'parts' is missing"),
        (HEAD + 'kind = "sum"\ntotal = "x"\nparts = []', "parts: List should have at least 1 item"),
        (HEAD + 'kind = "same"\nfigures = ["x"]', "figures: List should have at least 2 items"),
        (HEAD + 'kind = "count"\ncount = "x"\nitems = ["a", "a"]', "'a' is listed twice"),
        (HEAD + 'kind = "summe"', "unknown kind 'summe'; the kinds are sum, difference"),
        ('kind = "sum"', "relation 1: the member 'id' is missing"),
        (HEAD + 'kind = "rebuild"\nfigure = "x"\nquantity = "energy"', "quantity is 'energy'; allowed are 'energy_gj'"),
    ],
)
def test_what_a_relation_does_not_have_is_refused_by_name(tmp_path, table, words):
    """File, relation, member, and what is allowed."""
    with pytest.raises(BookError) as caught:
        declared(tmp_path, table)
    assert words in str(caught.value)
    assert str(caught.value).startswith("relations.toml: relation ")


def test_every_fault_of_a_file_is_shown_at_once(tmp_path):
    """Two relations of one name, and a misspelt member."""
    with pytest.raises(
        BookError, match=r"unknown member 'sign'.*relation r is listed twice|relation r is listed twice"
    ):
        declared(tmp_path, CHANGE, CHANGE)
    with pytest.raises(BookError, match=r"'sign'.*'part' is missing"):
        declared(tmp_path, CHANGE + 'sign = "-"', HEAD + 'kind = "share"\nresult = "x"\nwhole = "y"')


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[[relations]]\n", "unknown table 'relations'"),
        ('relation = "x"', "relation is a list of tables"),
        ("[[relation]\n", "relations.toml, line 1: "),
        ('[[unknown]]\nid = "x"\nlabel_zh = "甲"\nlabel_en = "A"', "unknown x: no relation names '?x'"),
        ('[[unknown]]\nid = "x"\nlabel_zh = "甲"\nlabel_en = "A"\nunit = "kWhh"', "unknown unit 'kWhh'"),
        ('[[unknown]]\nid = "x"\nat_least = "nothing"', "at_least: 'nothing' is not a number"),
        ('[[unknown]]\nid = "x"\nat_least = 2\nat_most = "1.5"', "at_least 2 is above at_most 1.5"),
    ],
)
def test_a_file_of_relations_that_cannot_be_used(tmp_path, content, words):
    """Misspelt tables and unknowns that nothing names are refused."""
    path = tmp_path / "relations.toml"
    path.write_text(content, encoding="utf-8")
    read = read_unknowns if "[[unknown]]" in content else read_relations
    with pytest.raises(BookError, match=r"relations\.toml") as caught:
        read(path)
    assert words in str(caught.value)


def test_missing_files_are_named(tmp_path):
    """A file that book.toml names and that is not there."""
    for read in (read_relations, read_unknowns, read_figures):
        with pytest.raises(BookError, match=r"nowhere\.(toml|csv).*cannot be opened"):
            read(tmp_path / ("nowhere.csv" if read is read_figures else "nowhere.toml"))


PUBLISHED = "figure_id,label_zh,label_en,text,unit,rounding,section\ntotal,总量,Total,2480.59,t CO2e,,温室气体\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_published_figures_in_any_encoding(tmp_path, encoding):
    """What a Chinese spreadsheet saves is read."""
    path = tmp_path / "published.csv"
    path.write_bytes(PUBLISHED.encode(encoding))
    assert read_figures(path)["total"].label.text("zh") == "总量"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",unit", "", "the column 'unit' is missing"),
        ("rounding", "rouding", "unknown column 'rouding'"),
        (",,温室气体", ",half,温室气体", "row 2: unknown rounding 'half'"),
        ("温室气体\n", "温室气体,more\n", "row 2: the row has 8 cells under 7 headings"),
        ("\ntotal,", "\n,", "row 2: the figure_id is empty"),
        ("2480.59", "n.a.", "row 2: 'n.a.' is not a printed number"),
        ("t CO2e", "t CO3e", "row 2: unknown unit 't CO3e'"),
    ],
)
def test_published_figures_that_cannot_be_read(tmp_path, old, new, words):
    """File, row and what is wrong; never a traceback."""
    path = tmp_path / "published.csv"
    path.write_text(PUBLISHED.replace(old, new), encoding="utf-8")
    with pytest.raises(BookError, match=r"published\.csv") as caught:
        read_figures(path)
    assert words in str(caught.value)


def test_a_figure_in_another_unit_keeps_its_digits():
    """2480590 kg CO2e is 2480.590 t CO2e to the kilogram; a mass without its gas is refused."""
    figure = figures(total=("2480590", "kg CO2e"))["total"]
    assert figure.figure_in("t CO2e").value == Decimal("2480.59")
    assert str(figure.interval_in("t CO2e")) == "[2480.5895, 2480.5905)"
    for unit, words in (("t", "cannot be converted"), ("", "has no unit")):
        with pytest.raises(BookError, match=words):
            replace(figure, unit=unit).interval_in("t CO2e")


@given(
    st.sampled_from(["GJ", "MJ", "kWh", "10^4 kWh", "tce", "toe", "kcal", "MMBtu"]),
    st.sampled_from(["GJ", "kWh", "kgce", "MWh"]),
)
def test_conversions_are_exact_both_ways(one, other):
    """There and back is 1, without any rest."""
    assert exact_factor(one, other) * exact_factor(other, one) == 1


def test_a_conversion_that_is_no_decimal_number():
    """36 GJ are 1 x 10^4 kWh, not 1.000000000000008."""
    assert exact_factor("GJ", "10^4 kWh") == Fraction(1, 36)
    item = relation("same", figures=["a", "b"])
    verdict = check_relation(item, figures(a=("1.00", "10^4 kWh", "exact"), b=("36", "GJ", "exact")))
    assert (verdict.outcome, verdict.computed.low, verdict.computed.high) == ("agrees", 1, 1)
    with pytest.raises(DimensionError, match=r"'kWh / \(person\)' cannot be converted to 'MWh'"):
        exact_factor("kWh", "MWh", over="person")


@pytest.mark.parametrize(
    ("result", "holds"),
    [
        (("0.50", "MWh/person"), "agrees"),
        (("500", "kWh/person"), "agrees"),
        (("0.60", "MWh/person"), "does not follow"),
    ],
)
def test_a_ratio_is_compared_in_the_unit_of_its_result(result, holds):
    """5000 kWh over 10 persons."""
    case = figures(result=result, energy=("5000", "kWh"), people=("10", "person", "exact"))
    item = relation("ratio", result="result", numerator="energy", denominator="people")
    assert check_relation(item, case).outcome == holds
    assert (propagate(case, [item]).clashes == ()) == (holds == "agrees")


def test_a_ratio_whose_units_do_not_fit_is_refused():
    """kWh per person cannot be t CO2e, nor a number without unit."""
    item = relation("ratio", result="result", numerator="energy", denominator="people")
    for unit in ("t CO2e", ""):
        case = figures(result=("0.5", unit), energy=("5000", "kWh"), people=("10", "person"))
        with pytest.raises(BookError, match=r"relation ratio: 'kWh / \(person\)' cannot be converted"):
            check_relation(item, case)


def test_figures_with_and_without_unit_are_not_added():
    """A number without unit beside kWh is refused by name."""
    case = figures(total=("3", "kWh"), a=("1", "kWh"), b=("2", ""))
    with pytest.raises(BookError, match="relation sum: b has no unit, the others are in kWh"):
        check_relation(relation("sum", total="total", parts=["a", "b"]), case)


def test_an_exact_figure_has_one_reading():
    """5 is not 5.7 truncated if both are exact; 2.7 may be 2.79 truncated."""
    item = relation("same", figures=["a", "b"])
    assert check_relation(item, figures(a=("5", "", "exact"), b=("5.7", "", "exact"))).outcome == "does not follow"
    assert check_relation(item, figures(a=("2.7", ""), b=("2.79", "", "exact"))).outcome == "agrees if truncated"
    assert check_relation(item, figures(a=("2.70", ""), b=("2.79", "", "exact"))).outcome == "does not follow"


@given(st.permutations(["a", "b", "c"]))
def test_same_is_as_bad_as_its_worst_pair(order):
    """Neither the order nor a pair that agrees hides what the third says; the network says the same."""
    item = relation("same", figures=order)
    truncated = figures(a=("2.7", ""), b=("2.7", ""), c=("2.79", "", "exact"))
    assert check_relation(item, truncated).outcome == "agrees if truncated"
    assert propagate(truncated, [item]).clashes == ()
    apart = figures(a=("2.7", ""), b=("2.749", "", "exact"), c=("2.651", "", "exact"))
    assert check_relation(item, apart).outcome == "does not follow"
    assert len(propagate(apart, [item]).clashes) == 1


@given(st.lists(st.decimals(0, 10, places=2), min_size=2, max_size=4))
def test_same_and_the_network_never_differ(values):
    """A verdict that does not hold is a clash, and the reverse."""
    case = figures(**{f"x{at}": (str(value), "") for at, value in enumerate(values)})
    item = relation("same", figures=list(case))
    assert (check_relation(item, case).outcome == "does not follow") == bool(propagate(case, [item]).clashes)


KINDS_OF_THREE = {
    "sum": lambda a, b, c: {"total": a, "parts": [b, c]},
    "difference": lambda a, b, c: {"result": a, "minuend": b, "subtrahend": c},
    "ratio": lambda a, b, c: {"result": a, "numerator": b, "denominator": c},
    "share": lambda a, b, c: {"result": a, "part": b, "whole": c},
    "percent_change": lambda a, b, c: {"change": a, "current": b, "previous": c},
    "shares_sum": lambda a, b, c: {"parts": [a, b, c]},
}


@given(
    st.sampled_from(sorted(KINDS_OF_THREE)),
    st.tuples(*[st.decimals(-3, 3, places=1)] * 3),
    st.sampled_from(["half_up", "exact", "truncate"]),
)
def test_a_relation_and_the_network_never_differ(kind, values, rounding):
    """By itself, a relation clashes exactly if its verdict is that it does not follow."""
    case = figures(**{name: (str(value), "", rounding) for name, value in zip("abc", values, strict=True)})
    item = relation(kind, **KINDS_OF_THREE[kind]("a", "b", "c"))
    verdict = check_relation(item, case)
    if verdict.outcome != "cannot be divided":
        assert (verdict.outcome == "does not follow") == bool(propagate(case, [item]).clashes)


def test_zeros_for_show():
    """A computed 48.00 may be a whole number; one printed again may only if its table is in whole numbers."""
    case = figures(
        part=("369", ""), whole=("771", ""), result=("48.00", "%"), other=("47.85", "%"), rest=("52.00", "%")
    )
    share = relation("share", result="result", part="part", whole="whole")
    assert check_relation(share, case).outcome == "agrees if rounded coarser"
    same, table = relation("same", figures=["other", "result"]), relation("shares_sum", parts=["result", "rest"])
    assert {item.relations for item in propagate(case, [same]).clashes} == {("same",)}
    assert propagate(case, [same, table]).clashes == ()


UNKNOWNS = [
    (relation("sum", total="?x", parts=["a", "b"]), ("23.90", "24.10"), "t"),
    (relation("sum", total="a", parts=["?x", "b"]), ("15.90", "16.10"), "t"),
    (relation("difference", result="?x", minuend="a", subtrahend="b"), ("15.90", "16.10"), "t"),
    (relation("difference", result="b", minuend="a", subtrahend="?x"), ("15.90", "16.10"), "t"),
    (relation("percent_change", change="?x", current="b", previous="a"), ("-80.30", "-79.70"), "percent"),
    (relation("percent_change", change="p", current="?x", previous="a"), ("23.93", "24.07"), "t"),
    (relation("ratio", result="?x", numerator="a", denominator="n"), ("2.49", "2.51"), "t/person"),
    (relation("ratio", result="r", numerator="?x", denominator="n"), ("15.96", "16.04"), "t"),
    (relation("ratio", result="r", numerator="a", denominator="?x"), ("9.95", "10.05"), "person"),
    (relation("share", result="?x", part="b", whole="a"), ("19.70", "20.30"), "percent"),
    (relation("share", result="p", part="?x", whole="a"), ("3.98", "4.02"), "t"),
    (relation("share", result="p", part="b", whole="?x"), ("19.70", "20.30"), "t"),
    (relation("shares_sum", parts=["p", "?x"]), ("79.95", "80.05"), "percent"),
    (relation("same", figures=["a", "?x"]), ("19.95", "20.05"), "t"),
    (relation("same", figures=["a", "a2", "?x"]), ("19.95", "20.05"), "t"),
    (relation("count", count="?x", items=["one", "two"]), ("2", "2"), ""),
    (relation("unit_conversion", result="?x", source="n", factor="r"), ("15.96", "16.04"), "t"),
]


@pytest.mark.parametrize(("item", "limits", "unit"), UNKNOWNS, ids=lambda item: getattr(item, "kind", ""))
def test_an_unknown_is_implied_wherever_it_stands(item, limits, unit):
    """Of every kind, by the relation itself and by the network, in the unit that the others have."""
    case = figures(
        a=("20.0", "t"),
        a2=("20.0", "t"),
        b=("4.0", "t"),
        p=("20.0", "%"),
        n=("8", "person", "exact"),
        r=("2.00", "t/person"),
    )
    verdict = check_relation(item, case)
    assert verdict.outcome == "implies"
    network = propagate(case, [item])
    (by_all,) = network.verdicts(item, measures_of(case, [item]))
    for computed in (verdict.computed, by_all.computed):
        found = tuple(cl.round_figure(limit) for limit in (computed.low, computed.high))
        assert found == tuple(Decimal(limit) for limit in limits)
    assert verdict.unit == by_all.unit == network.unknowns["?x"].unit == unit


def test_two_unknowns_are_solved_by_two_relations():
    """x + y = 10.0 and x = 4.0: each relation alone says nothing of y."""
    case = figures(total=("10.0", "MWh"), same=("4000", "kWh"))
    relations = [
        replace(relation("sum", total="total", parts=["?x", "?y"]), relation_id="sum"),
        replace(relation("same", figures=["?x", "same"]), relation_id="same"),
    ]
    assert check_relation(relations[0], case).computed is None
    network = propagate(case, relations)
    verdicts = {item.printed: item for item in network.verdicts(relations[0], measures_of(case, relations))}
    assert str(verdicts["x"].computed.middle.quantize(Decimal("0.1"))) == "4.0"
    assert Decimal("5.94") < verdicts["y"].computed.low < verdicts["y"].computed.high < Decimal("6.06")


def test_an_unknown_has_one_unit_in_all_relations():
    """Declared in MWh, it is converted where the others are in kWh."""
    case = figures(a=("4000", "kWh", "exact"), b=("6", "MWh", "exact"))
    relations = [relation("same", figures=["a", "?x"]), relation("sum", total="?y", parts=["?x", "b"])]
    network = propagate(case, relations, unknowns={"?x": Unknown("?x", "甲", "X", "MWh")})
    assert network.tightened["?x"].interval.middle == 4
    assert network.tightened["?y"].interval.middle.quantize(Decimal("1e-9")) == 10
    assert (network.unknowns["?x"].label.text("zh"), network.unknowns["?y"].unit) == ("甲", "MWh")


def test_how_many_items_are_listed():
    """A printed count is the number of names that the report lists."""
    item = relation("count", count="n", items=["Meters", "Terminals", "Gas meters"])
    assert check_relation(item, figures(n=("3", "piece", "exact"))).outcome == "agrees"
    wrong = figures(n=("4", "piece", "exact"))
    assert check_relation(item, wrong).outcome == "does not follow"
    assert propagate(wrong, [item]).clashes[0].result == "n"


@pytest.mark.parametrize(
    ("result", "holds"),
    [
        ("1468.22", "agrees"),
        ("1468.21", "agrees if truncated"),
        ("146.82", "does not follow"),
        ("0.40784", "does not follow"),
    ],
)
def test_a_unit_conversion(result, holds):
    """407838.53 kWh are 1468.22 GJ."""
    case = figures(gj=(result, "GJ"), kwh=("407838.53", "kWh"))
    verdict = check_relation(relation("unit_conversion", result="gj", source="kwh"), case)
    assert verdict.outcome == holds
    assert verdict.slip == ("x 0.1" if result == "146.82" else "")


def test_a_conversion_by_a_printed_factor():
    """4.36 t of gasoline at 43.07 GJ/t are 187.79 GJ, give or take the half unit of 4.36."""
    case = figures(gj=("187.79", "GJ"), t=("4.36", "t"), factor=("43.07", "GJ/t", "exact"))
    verdict = check_relation(relation("unit_conversion", result="gj", source="t", factor="factor"), case)
    assert verdict.outcome == "agrees"
    assert Decimal("187.785") in verdict.computed
    with pytest.raises(BookError, match="cannot be converted"):
        check_relation(relation("unit_conversion", result="gj", source="t"), case)


@pytest.mark.parametrize(
    "item",
    [
        relation("ratio", result="r", numerator="a", denominator="zero"),
        relation("share", result="p", part="a", whole="zero"),
        relation("percent_change", change="p", current="a", previous="zero"),
    ],
    ids=lambda item: item.kind,
)
def test_nothing_is_divided_by_zero(item):
    """A verdict of its own, and no crash."""
    case = figures(r=("1", ""), p=("5 %", "%"), a=("0", "", "exact"), zero=("0", "", "exact"))
    verdict = check_relation(item, case)
    assert (verdict.outcome, verdict.computed) == ("cannot be divided", None)


def test_the_assumptions_of_a_missing_total():
    """2480.59, down 14.44 %: the alternatives of the standards, each with its name."""
    case = figures(now=("2480.59", "t CO2e"), fall=("14.44 %", "%"))
    item = relation("percent_change", change="fall", current="now", previous="?before", direction="decrease")
    network = with_alternatives(propagate(case, [item]), case, [item])
    found = {
        way: tuple(str(cl.round_figure(limit, "0.001")) for limit in (value.low, value.high))
        for way, value in network.alternatives["?before"].items()
    }
    assert found == {
        "unrounded": ("2899.065", "2899.416"),
        "printed": ("2899.071", "2899.410"),
        "truncated": ("2899.240", "2899.579"),
    }


def test_the_seed_names_its_unknowns():
    """Every unknown of the Techen report has a label in both languages and a unit."""
    folder = Path(__file__).parent.parent / "seeds" / "techen-2024"
    unknowns = read_unknowns(folder / "relations.toml")
    named = {
        name
        for item in read_relations(folder / "relations.toml")
        for name in item.members.values()
        if str(name).startswith("?")
    }
    assert unknowns.keys() == named
    assert all(item.label_zh and item.label_en and item.unit for item in unknowns.values())
