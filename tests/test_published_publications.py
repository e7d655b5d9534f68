"""Whole publications: slips that are named, relations left alone, own years, rounded amounts, relations that cannot be evaluated."""

import json

import pytest

import carbonledger as cl
from benchmarks.publications import SLIPS, accusations, named, publication
from carbonledger.published.judgement import evaluable, judged
from carbonledger.published.network import propagate
from tests.support import figures_with_units
from tests.support import named_relation as relation


@pytest.mark.parametrize("kind", SLIPS)
def test_a_planted_slip_is_named(kind):
    """In each publication that has a place for it, on every relation that it breaks; no relation without the figure is accused."""
    found = named(kind, range(100, 106))
    assert found["planted"] >= 2
    assert found["named"] == found["planted"]
    assert found["accused"] == 0


def test_consistent_publications_are_not_accused():
    """Of two years and more, in several units, rounded half up, to even, or truncated without a word."""
    found = accusations(range(12))
    assert found["relations"] > 100
    assert found["accused"] == 0
    assert {len(publication(seed).figures) > 90 for seed in range(12)} == {True, False}


def verdicts(figures, *relations):
    """The verdicts of some relations, by id."""
    known = evaluable(figures, relations)
    return {item.relation.relation_id: item for item in judged(known, relations, lambda: propagate(figures, relations))}


def test_one_line_of_a_table_is_not_rounded_coarser_by_itself():
    """12.30 beside lines of two places is not a 12.3; where all lines end in zeros it is."""
    lines = {"a": ("12.30", "GJ"), "b": ("45.67", "GJ"), "c": ("3.21", "GJ")}
    mwh = {"a.mwh": ("3.4278", "MWh"), "total": ("61.18", "GJ")}
    relations = (
        relation("table", "sum", total="total", parts=["a", "b", "c"]),
        relation("a", "unit_conversion", result="a", source="a.mwh"),
    )
    assert verdicts(figures_with_units(**lines, **mwh), *relations)["a"].outcome == "does not follow"
    coarse = {"a": ("12.30", "GJ"), "b": ("45.70", "GJ"), "c": ("3.20", "GJ"), "total": ("61.20", "GJ")}
    found = verdicts(figures_with_units(**{**lines, **mwh, **coarse}), *relations)["a"]
    assert found.outcome == "agrees if rounded coarser"


def test_one_line_of_a_rounded_table_is_not_truncated():
    """12.33 of 12.3399 follows if it was truncated, but not beside a line that was rounded up."""
    texts = {
        "a": ("12.33", "GJ"),
        "a.mwh": ("3.42775", "MWh"),
        "b": ("4.56", "GJ"),
        "b.mwh": ("1.26555", "MWh"),
        "t": ("16.89", "GJ"),
    }
    table = relation("t", "sum", total="t", parts=["a", "b"])
    lines = [relation(name, "unit_conversion", result=name, source=f"{name}.mwh") for name in "ab"]
    figures = figures_with_units(**texts)
    assert verdicts(figures, table, lines[0])["a"].outcome == "agrees if truncated"
    found = verdicts(figures, table, *lines)
    assert (found["a"].outcome, found["b"].outcome) == ("does not follow", "agrees")


CUT = {"mwh": ("41033", "MWh"), "gj": ("147721.81", "GJ"), "half": ("20516", "MWh"), "half.gj": ("73860.9", "GJ")}


def test_a_publication_that_was_truncated_throughout_is_read_so():
    """41,033.84 MWh cut to 41033 are 147,721.81 GJ; no relation holds for rounded figures alone, and one that does ends the reading."""
    names = ("mwh", "gj"), ("half", "half.gj")
    pairs = [relation(result, "unit_conversion", result=result, source=source) for source, result in names]
    found = verdicts(figures_with_units(**CUT), *pairs)
    assert {item.outcome for item in found.values()} == {"agrees if truncated"}
    rounded = {"mwh": ("41034", "MWh"), "half": ("20517", "MWh"), "third": ("1.0", "MWh"), "third.gj": ("3.4", "GJ")}
    cut = relation("third", "unit_conversion", result="third.gj", source="third")
    found = verdicts(figures_with_units(**{**CUT, **rounded}), *pairs, cut)
    assert [item.outcome for item in found.values()] == ["agrees", "agrees", "agrees"]
    only = {"mwh": ("41033", "MWh"), "half": ("20517", "MWh"), "third": ("10", "MWh"), "third.gj": ("34.5", "GJ")}
    found = verdicts(figures_with_units(**{**CUT, **only}), *pairs, cut)
    assert [item.outcome for item in found.values()] == ["does not follow", "agrees", "agrees"]
    assert not propagate(figures_with_units(**CUT), pairs).clashes


def test_a_total_of_rounded_parts_is_read_so_wherever_it_stands():
    """56.6 + 56.6 t print as 57 and 57, added up to 114; 113,200 kg beside it are the unrounded sum, 112,800 kg are not."""
    table = {"a": ("57", "t"), "b": ("57", "t"), "total": ("114", "t")}
    relations = [relation("sum", "sum", total="total", parts=["a", "b"])]
    relations.append(relation("kg", "unit_conversion", result="kg", source="total"))
    for text, outcome in (("113200", "agrees as a sum of rounded parts"), ("112800", "does not follow")):
        figures = figures_with_units(**table, kg=(text, "kg"))
        found = verdicts(figures, *relations)
        assert (found["sum"].outcome, found["kg"].outcome) == ("agrees", outcome)
        assert bool(propagate(figures, relations).clashes) is (outcome == "does not follow")


def test_a_table_in_hundreds_is_read_so():
    """12,340 + 4,510 + 740 = 17,590 t in hundreds are 12,300, 4,500, 700 and 17,600; with a line in ones the table is wrong."""
    lines = {"a": ("12,300", "t"), "b": ("4,500", "t"), "c": ("700", "t"), "total": ("17,600", "t")}
    table = relation("table", "sum", total="total", parts=["a", "b", "c"])
    assert verdicts(figures_with_units(**lines), table)["table"].outcome == "agrees if rounded coarser"
    exact = {**lines, "c": ("701", "t")}
    assert verdicts(figures_with_units(**exact), table)["table"].outcome == "does not follow"


@pytest.mark.parametrize(
    ("texts", "slip"),
    [
        ({"c": "0"}, "printed as 0"),
        ({"total": "182433"}, "two digits exchanged"),
    ],
)
def test_slips_that_several_figures_could_have(texts, slip):
    """A number printed as 0 does not tell a factor; digits exchanged in one of two figures are named, with both."""
    lines = (
        {"a": "89006", "b": "39427", "total": "128433"} if "total" in texts else {"a": "341", "c": "87", "total": "428"}
    )
    figures = figures_with_units(**{name: (text, "t") for name, text in {**lines, **texts}.items()})
    parts = [name for name in lines if name != "total"]
    assert verdicts(figures, relation("sum", "sum", total="total", parts=parts))["sum"].slip == slip


def test_a_relation_that_cannot_be_evaluated_concerns_no_other():
    """One names a figure that is not printed and one adds GJ to tonnes; fifty others are judged, and the network is formed."""
    good = {f"a{at}": (f"{at}.0", "MWh") for at in range(1, 51)} | {
        f"g{at}": (f"{at * 3.6:.1f}", "GJ") for at in range(1, 51)
    }
    figures = figures_with_units(**good, waste=("1.0", "t"))
    relations = [relation(f"r{at}", "unit_conversion", result=f"g{at}", source=f"a{at}") for at in range(1, 51)]
    relations += [
        relation("gone", "sum", total="nowhere", parts=["a1"]),
        relation("units", "sum", total="g1", parts=["waste"]),
        relation("once", "same", figures=["a1", "a1"]),
    ]
    found = verdicts(figures, *relations)
    assert {found[f"r{at}"].outcome for at in range(1, 51)} == {"agrees"}
    assert {found[name].outcome for name in ("gone", "units", "once")} == {"cannot be evaluated"}
    assert "no published figure 'nowhere'" in found["gone"].problem.text("en")
    assert "没有已发布数字“nowhere”" in found["gone"].problem.text("zh")


BOOK = """
[company]
name_en = "X"
reporting_year = 2024
region = "CN-SD"
[factors]
gwp = "ipcc-ar5@2013"
emissions = ["cn-mee-grid-enterprise@2022"]
[files]
entries = ["entries.csv"]
published = "published.csv"
relations = "relations.toml"
"""


def book_of(folder, entries, published, *relations, settings=BOOK):
    """A book in a folder; relations are mappings."""
    (folder / "book.toml").write_text(settings, encoding="utf-8")
    if entries:
        (folder / "entries.csv").write_text(entries, encoding="utf-8")
    (folder / "published.csv").write_text("figure_id,year,text,unit\n" + published, encoding="utf-8")
    tables = [
        "\n".join(["[[relation]]", *(f"{name} = {json.dumps(value)}" for name, value in item.items())])
        for item in relations
    ]
    (folder / "relations.toml").write_text("\n".join(tables), encoding="utf-8")
    return cl.reconcile(folder)


ENTRIES = "activity,amount,unit,year\nelectricity.grid,1000,MWh,2024\nelectricity.grid,800,MWh,2023\n"


def rebuilds(name, figure, **members):
    """A relation of kind ``rebuild``."""
    return {"id": name, "kind": "rebuild", "figure": figure, "quantity": "emissions_tco2e", **members}


def test_each_figure_is_rebuilt_from_its_own_year(tmp_path):
    """1,000 and 800 MWh at 0.5703 t/MWh: 570.3 t in 2024, 456.24 t in 2023, 25 % more; nothing is known of 2022."""
    published = "now,2024,570.3,t CO2e\nbefore,2023,456.24,t CO2e\nearlier,2022,400,t CO2e\nchange,2024,25.0,%\nmore,2024,114.1,t CO2e\n"
    result = book_of(
        tmp_path,
        ENTRIES,
        published,
        *(rebuilds(name, name) for name in ("now", "before", "earlier")),
        rebuilds("change", "change", change="percent"),
        rebuilds("more", "more", change="amount", against=2023),
    )
    outcomes = {item.figure.figure_id: item.verdict.outcome for item in result.rebuilt}
    assert outcomes == {
        **dict.fromkeys(("now", "before", "change", "more"), "agrees"),
        "earlier": "cannot be evaluated",
    }
    (problem,) = [item.verdict.problem for item in result.rebuilt if item.verdict.problem]
    assert "no entries of 2022" in problem.text("en")
    assert not result.follows


def test_a_figure_of_the_other_year_is_named(tmp_path):
    """456.24 t printed for 2024 is the figure of 2023; carbon dioxide alone may be printed in t CO2."""
    published = "wrong,2024,456.24,t CO2e\nco2,2024,570.3,t CO2\n"
    result = book_of(tmp_path, ENTRIES, published, rebuilds("wrong", "wrong"), rebuilds("co2", "co2"))
    found = {item.figure.figure_id: item.verdict for item in result.rebuilt}
    assert (found["wrong"].outcome, found["wrong"].slip) == ("does not follow", "figure of the year before")
    assert found["co2"].outcome == "agrees"


def test_an_amount_that_is_itself_rounded_gives_an_interval(tmp_path):
    """1.0 GWh was between 0.95 and 1.05: 590 t at 0.5703 t/MWh agrees, 610 t does not, and without the statement neither would."""
    entries = "activity,amount,unit,year,rounding\nelectricity.grid,1.0,GWh,2024,{}\n"
    published = "fits,2024,590,t CO2e\nmisses,2024,610,t CO2e\n"
    relations = (rebuilds("fits", "fits"), rebuilds("misses", "misses"))
    result = book_of(tmp_path, entries.format("half_up"), published, *relations)
    assert [item.verdict.outcome for item in result.rebuilt] == ["agrees", "does not follow"]
    assert str(result.rebuilt[0].verdict.computed) == "[541.785, 598.815]"
    result = book_of(tmp_path, entries.format(""), published, *relations)
    assert [item.verdict.outcome for item in result.rebuilt] == ["does not follow"] * 2


@pytest.mark.parametrize(("rounding", "words"), [("up", "the rounding 'up' is not known"), ("half_up", "")])
def test_a_rounding_that_is_not_known_is_refused(rounding, words):
    """By name, with those that are known."""
    row = {"activity": "electricity.grid", "amount": "134", "unit": "kWh", "year": 2024, "rounding": rounding}
    entries = cl.read_entries([row])
    assert [words in str(item) for item in entries.findings] == [True] * bool(words)
    assert list(entries.frame["rounding"]) == ([] if words else ["half_up 1 of 134"])


def test_a_total_added_from_rounded_parts_is_called_that(tmp_path):
    """Twice 100.4 MWh are 57.26 t each and 114.5 t; printed 57 and 57 make 114, which is named and not accused."""
    entries = "activity,site,amount,unit,year\nelectricity.grid,a,100.4,MWh,2024\nelectricity.grid,b,100.4,MWh,2024\n"
    published = "total,2024,114,t CO2e\na,2024,57,t CO2e\nb,2024,57,t CO2e\n"
    parts = {"id": "sum", "kind": "sum", "total": "total", "parts": ["a", "b"]}
    result = book_of(tmp_path, entries, published, parts, rebuilds("total", "total"))
    assert result.rebuilt[0].verdict.outcome == "agrees as a sum of rounded parts"
    assert result.follows


def test_a_publication_without_entries_reconciles(tmp_path):
    """Settings name the company and the two files; a clash is found, and both pages and plain data are drawn."""
    settings = BOOK.partition("[factors]")[0] + '[files]\npublished = "published.csv"\nrelations = "relations.toml"\n'
    published = "a,2024,1.0,t\nb,2024,2.0,t\nc,2024,30.0,t\n"
    total = {"id": "sum", "kind": "sum", "total": "c", "parts": ["a", "b"]}
    result = book_of(tmp_path, "", published, total, settings=settings)
    assert [(item.outcome, item.slip) for item in result.verdicts] == [("does not follow", "x 10")]
    year = cl.open_book(tmp_path).reporting_year()
    assert year.published_data("zh")["relations"][0]["slip"] == "x 10"


def test_a_jump_of_the_implied_factor_is_named():
    """0.57, 0.56 and 550 t/MWh: the third year is in kg; 0.57, 0.56 and 0.53 are steady; units may differ between years."""
    energy = {"e22": ("1000", "MWh"), "e23": ("1100", "MWh"), "e24": ("1.2", "GWh")}
    steady = relation(
        "steady", "steady", numerators=["t22", "t23", "t24"], denominators=["e22", "e23", "e24"], within_percent=30.0
    )
    tonnes = {"t22": ("570", "t CO2e"), "t23": ("616", "t CO2e")}
    for text, outcome, slip in (
        ("636", "agrees", ""),
        ("660000", "does not follow", "x 1000"),
        ("1300", "does not follow", ""),
    ):
        found = verdicts(figures_with_units(**energy, **tonnes, t24=(text, "t CO2e")), steady)["steady"]
        assert (found.outcome, found.slip) == (outcome, slip)


@pytest.mark.parametrize(
    ("printed", "slip"),
    [
        ("541.785", "credits or certificates subtracted"),
        ("570300", "x 1000"),
        ("590.05", ""),
    ],
)
def test_slips_of_a_rebuilt_total(tmp_path, printed, slip):
    """570.3 t less 28.515 t of credits; in kg; and a total that nothing explains."""
    settings = BOOK + 'registers = "registers.csv"\n'
    (tmp_path / "registers.csv").write_text(
        "kind,scheme,vintage,tco2e,evidence,note\ncredit_retired,VCS,2023,28.515,R-1,\n", encoding="utf-8"
    )
    result = book_of(tmp_path, ENTRIES, f"t,2024,{printed},t CO2e\n", rebuilds("t", "t"), settings=settings)
    assert (result.rebuilt[0].verdict.outcome, result.rebuilt[0].verdict.slip) == ("does not follow", slip)


def test_methane_printed_to_the_kilogram_agrees_with_its_co2e():
    """134 kg CH4 at 28 are 3,752 kg CO2e; 3752.8 follows from 134 kg that were rounded to the kilogram, 3792.8 does not."""
    figures = figures_with_units(
        ch4=("134", "kg CH4"),
        gwp=("28", "kg CO2e/(kg CH4)", "exact"),
        co2e=("3752.8", "kg CO2e"),
        wrong=("3792.8", "kg CO2e"),
    )
    relations = [
        relation(name, "unit_conversion", result=name, source="ch4", factor="gwp") for name in ("co2e", "wrong")
    ]
    found = verdicts(figures, *relations)
    assert [found[name].outcome for name in ("co2e", "wrong")] == ["agrees", "does not follow"]


def test_an_entry_that_covers_the_reporting_year_is_of_that_year():
    """April 2024 to March 2025 in a reporting year that begins in April; in one that begins in January it crosses two."""
    row = {"activity": "electricity.grid", "amount": 1, "unit": "MWh", "start": "2024-04-01", "end": "2025-03-31"}
    entries = cl.read_entries([row], first_month=4)
    assert len(entries.of_year(2024, 4)) == 1
    assert not entries.findings
    assert [item.rule for item in cl.read_entries([row]).findings] == ["PERIOD_CROSSES_YEARS"]
