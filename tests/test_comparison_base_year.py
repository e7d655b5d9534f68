"""The base year is recalculated by its policy: what is significant moves it, what the standards exclude never does, the bridge adds up."""

import itertools
import json
import math
import shutil
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.comparison.base_year import base_year_of
from carbonledger.comparison.base_year_bridge import Significance
from carbonledger.comparison.base_year_findings import base_year_findings
from carbonledger.comparison.base_year_policy import BaseYearEvent, BaseYearPolicy, Recalculation
from carbonledger.comparison.emission_series import CalculatedYear, History
from carbonledger.comparison.history import read_history
from carbonledger.core.errors import BookError
from carbonledger.core.language import Label
from carbonledger.core.periods import Period
from tests.support import PROJECT

EXAMPLE = PROJECT / "examples" / "base-year"
ROWS = (
    ("2020", "", "1", "", "as_reported", "4000"),
    ("2020", "", "2", "location_based", "as_reported", "6000"),
    ("2020", "b", "1", "", "as_reported", "150"),
    ("2020", "b", "2", "location_based", "as_reported", "250"),
)
ACQUISITION = {
    "kind": "acquisition",
    "date": "2022-07-01",
    "scope_1_tco2e": 150.0,
    "scope_2_location_based_tco2e": 250.0,
}
METHOD = {"kind": "method", "date": "2023-01-01", "scope_1_tco2e": -150.0}
ERROR = {"kind": "error", "date": "2023-05-01", "scope_2_location_based_tco2e": 90.0}
# Calculated by hand: of 10 000 t, acquisition +400, method -150 and error +90 are 640 t absolute and 340 t net.
WORKED = (ACQUISITION, METHOD, ERROR)
EFFECTS = st.lists(st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3)), min_size=1, max_size=6)


def event_of(**fields):
    """An event with its source."""
    return BaseYearEvent(**{"source": "constructed: test", **fields})


def base_of(*events, rows=ROWS, year=2020, reporting=2024, companies=(), now=None, recalculations=(), **policy):
    """A base year of 10 000 t CO2e with some events and a threshold of 5 %."""
    names = ("year", "entity", "scope", "method", "kind", "emissions")
    entries, findings = (
        ([], [])
        if not rows
        else read_history([{**dict(zip(names, row, strict=True)), "source": "constructed: test"} for row in rows])
    )
    assert findings == []
    made = tuple(event if isinstance(event, BaseYearEvent) else event_of(**event) for event in events)
    stated = {"year": year, "significance_threshold": 5.0, "recalculation": tuple(recalculations), **policy}
    history = History(entries, (now,) if now else (), (year,))
    return base_year_of(BaseYearPolicy(event=made, **stated), history, Period.of_year(reporting), companies=companies)


def keys(base):
    """The keys of the findings."""
    return [finding.says.key for finding in base_year_findings(base)]


def test_the_worked_example():
    """Base 10 000: 640 t absolute are 6.4 % and reach 5 %, 340 t net are 3.4 % and do not; both are shown whichever decides."""
    worked = {"base": 10000, "acq": 400, "method": -150, "err": 90, "cum_abs": 640, "cum_net": 340}
    for accumulation, reached in (("absolute", True), ("net", False)):
        base = base_of(*WORKED, accumulation=accumulation)
        test = base.test
        assert (test.base_tco2e, test.absolute_tco2e, test.net_tco2e) == (
            worked["base"],
            worked["cum_abs"],
            worked["cum_net"],
        )
        assert (test.percent(test.absolute_tco2e), test.percent(test.net_tco2e)) == (6.4, 3.4)
        assert test.reached is reached
        assert base.bridges[0].restated_tco2e == (10340 if reached else 10000)


def test_the_bridge_of_each_scope():
    """Base as reported and all items give the restated base, for each scope and for both together."""
    base = base_of(*WORKED)
    restated = {item.label.en: item.restated_tco2e for item in base.bridges}
    assert restated == {"scope 1+2, location-based": 10340, "scope 1": 4000, "scope 2, location-based": 6340}
    assert [item.recalc_id for item in base.recalculations] == ["2024"]
    made = base.recalculations[0]
    assert (made.before_tco2e, made.after_tco2e, made.threshold_percent, made.made) == (10000, 10340, 5.0, False)


@given(EFFECTS)
def test_the_bridge_adds_up(effects):
    """As reported + the sum of the items = restated, whatever the effects, and the parts sum to the whole."""
    base = base_of(*({"kind": "error", "date": "2023-01-01", "scope_1_tco2e": value} for value in effects))
    whole, *_ = base.bridges
    assert whole.restated_tco2e == math.fsum([whole.as_reported_tco2e, *(value for _, value in whole.items)])
    parts = [item.restated_tco2e for item in base.bridges[1:]]
    assert math.fsum(parts) == pytest.approx(whole.restated_tco2e, abs=1e-6)
    assert base.test.absolute_tco2e >= abs(base.test.net_tco2e)


@given(EFFECTS, st.sampled_from(["absolute", "net"]), st.randoms(use_true_random=False), st.floats(0.1, 100))
def test_the_order_of_events_does_not_matter(effects, accumulation, mixer, threshold):
    """The cumulative test gives the same sums and the same answer in any order."""
    mixed = list(effects)
    mixer.shuffle(mixed)
    first, second = (Significance(10_000.0, tuple(some), threshold, accumulation) for some in (effects, mixed))
    assert first.to_dict() == second.to_dict()


@given(EFFECTS, st.sampled_from(["absolute", "net"]))
def test_an_event_of_nothing_changes_nothing(effects, accumulation):
    """One more event of 0 t moves neither test nor base year."""
    stated = [{"kind": "error", "date": "2023-01-01", "scope_1_tco2e": value} for value in effects]
    nothing = {"kind": "method", "date": "2023-02-01", "scope_1_tco2e": 0.0}
    first, second = base_of(*stated, accumulation=accumulation), base_of(*stated, nothing, accumulation=accumulation)
    assert first.test.reached == second.test.reached
    assert first.test.absolute_tco2e == second.test.absolute_tco2e
    assert [item.restated_tco2e for item in first.bridges] == [item.restated_tco2e for item in second.bridges]


@pytest.mark.parametrize(("effect", "reached"), [(500.0, True), (499.99, False), (-500.0, True)])
def test_the_threshold_itself_is_significant(effect, reached):
    """5 % of 10 000 is reached at 500 t exactly, and not below."""
    assert base_of({**METHOD, "scope_1_tco2e": effect}).test.reached is reached


def test_a_single_event_decides_under_net_accumulation():
    """Two large changes of opposite sign do not hide each other: each is significant by itself."""
    up, down = ({**METHOD, "scope_1_tco2e": value} for value in (900.0, -900.0))
    test = base_of(up, down, accumulation="net").test
    assert (test.net_tco2e, test.largest_tco2e, test.reached) == (0, 900, True)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"kind": "organic_growth"}, "never"),
        ({"kind": "opening", "scope_1_tco2e": 5000.0}, "never"),
        ({"kind": "closing", "scope_1_tco2e": -3000.0}, "never"),
        ({"kind": "new_factor_reflecting_reality", "scope_2_location_based_tco2e": -2000.0}, "never_real"),
        ({"kind": "outsourcing", "scope_1_tco2e": -900.0, "reported_elsewhere": True}, "still_reported"),
        ({**ACQUISITION, "scope_1_tco2e": 900.0, "existed_from": "2021-03-01"}, "not_in_base_year"),
        ({**METHOD, "scope_1_tco2e": 900.0, "date": "2019-12-31"}, "before"),
        ({**METHOD, "scope_1_tco2e": 900.0, "date": "2025-01-01"}, "after"),
    ],
)
def test_what_never_recalculates(event, reason):
    """Growth, plants, factors of a changed world, moves between scopes, younger facilities: no part of test or bridge, with the reason."""
    base = base_of({"date": "2023-03-01", **event})
    (verdict,) = base.verdicts
    assert (verdict.standing, verdict.reason) == ("never", reason)
    assert "chapter 5" in verdict.to_dict()["clause"]
    assert base.test.reached is False
    assert base.bridges[0].items == ()


@pytest.mark.parametrize("kind", ["divestment", "outsourcing"])
def test_what_leaves_is_taken_away(kind):
    """A company sold, or an activity handed over that is reported nowhere else, lowers the base year."""
    base = base_of({"kind": kind, "date": "2023-01-01", "scope_1_tco2e": -600.0, "reported_elsewhere": False})
    assert base.bridges[0].restated_tco2e == 9400


def test_the_effect_from_rows_of_earlier_years():
    """An acquired company brings its own emissions of the base year, by the method of the test."""
    event = BaseYearEvent(kind="acquisition", date="2022-07-01", entity="b", from_history=True)
    base = base_of(event, {**METHOD, "scope_1_tco2e": 100.0})
    assert base.test.absolute_tco2e == 500
    assert base.bridges[0].restated_tco2e == 10_500
    sold = BaseYearEvent(kind="divestment", date="2022-07-01", entity="b", from_history=True)
    assert base_of(sold).test.net_tco2e == -400


def test_pro_rata_and_all_year():
    """A deal of 1 July: all-year takes 12 months, pro-rata 184 of 366 days and the rest next year; both are tested whole."""
    deal = {**ACQUISITION, "date": "2024-07-01", "scope_1_tco2e": 750.0}
    whole, part = (base_of(deal, structural_changes=option) for option in ("all_year", "pro_rata"))
    later = base_of(deal, structural_changes="pro_rata", reporting=2025)
    assert whole.bridges[0].restated_tco2e == later.bridges[0].restated_tco2e == 11_000
    assert part.bridges[0].restated_tco2e == pytest.approx(10_000 + 1000 * 184 / 366)
    assert part.test.absolute_tco2e == 1000
    method = {**METHOD, "date": "2024-07-01", "scope_1_tco2e": 600.0}
    assert base_of(method, structural_changes="pro_rata").bridges[0].restated_tco2e == 10_600


def test_a_recalculation_that_was_made():
    """Its events are in the base year already; only what came after is tested, against the base year as it stands since."""
    made = Recalculation(id="2022", date=date(2023, 3, 1), reason_en="Sale", reason_zh="出售")
    sale = {"kind": "divestment", "date": "2022-01-01", "scope_1_tco2e": -2000.0, "recalculation": "2022"}
    rows = (*ROWS, ("2020", "", "1", "", "restated", "2000"))
    base = base_of(sale, {**METHOD, "scope_1_tco2e": -400.0}, rows=rows, recalculations=(made,))
    assert base.test.base_tco2e == 8000
    assert base.test.reached is True
    assert [(item.before_tco2e, item.after_tco2e, item.made) for item in base.recalculations] == [
        (10_000, 8000, True),
        (8000, 7600, False),
    ]
    done = base_of(sale, {**METHOD, "scope_1_tco2e": -100.0}, rows=rows, recalculations=(made,))
    assert keys(done) == []
    wrong = (*ROWS, ("2020", "", "1", "", "restated", "2500"))
    assert keys(base_of(sale, rows=wrong, recalculations=(made,))) == ["BASE_YEAR.bridge"]


def test_a_restated_row_that_no_event_explains():
    """With or without a threshold: the rows say otherwise than the figure first reported and the events."""
    rows = (*ROWS, ("2020", "", "1", "", "restated", "2500"))
    for threshold in (5.0, None):
        assert keys(base_of(rows=rows, significance_threshold=threshold)) == ["BASE_YEAR.bridge"]
    assert keys(base_of(*WORKED, rows=rows)) == ["YOY_BASIS.base_year", "BASE_YEAR.bridge"]


def test_an_event_before_the_base_year_is_in_no_recalculation():
    """A base year that was moved forward holds what happened before it, whatever recalculation of the former one held it."""
    made = Recalculation(id="2019", date=date(2020, 3, 1))
    base = base_of({**METHOD, "date": "2019-06-01", "recalculation": "2019"}, recalculations=(made,))
    assert keys(base) == ["BASE_YEAR_EVENT.before"]
    assert base.bridges[0].restated_tco2e == 10_000


def test_a_recalculation_that_is_due():
    """It is a warning until a row shows the recalculated base year."""
    assert keys(base_of(*WORKED)) == ["YOY_BASIS.base_year"]
    rows = (*ROWS, ("2020", "", "2", "location_based", "restated", "6340"))
    assert keys(base_of(*WORKED, rows=rows)) == []


@pytest.mark.parametrize(
    ("event", "rule"),
    [
        ({**METHOD, "date": "2019-12-31"}, "BASE_YEAR_EVENT.before"),
        ({**METHOD, "date": "2025-01-01"}, "BASE_YEAR_EVENT.after"),
        ({**METHOD, "entity": "x"}, "BASE_YEAR_EVENT.entity"),
        ({**METHOD, "source": ""}, "BASE_YEAR_EVENT.no_source"),
        ({"kind": "method", "date": "2023-01-01"}, "BASE_YEAR_EVENT.no_effect"),
        ({**METHOD, "scope_2_market_based_tco2e": 5.0}, "BASE_YEAR_EVENT.no_effect"),
        (
            {"kind": "acquisition", "date": "2023-01-01", "entity": "a", "from_history": True},
            "BASE_YEAR_EVENT.no_effect",
        ),
        ({"kind": "divestment", "date": "2023-01-01", "scope_1_tco2e": 600.0}, "BASE_YEAR_EVENT.sign"),
        ({"kind": "outsourcing", "date": "2023-01-01", "scope_1_tco2e": -600.0}, "BASE_YEAR_EVENT.not_said"),
    ],
)
def test_what_is_said_of_an_event(event, rule):
    """A date out of range, an unknown company, an effect without source, amount or the right sign; none of them is guessed."""
    base = base_of(event, companies=("a", "b"))
    assert keys(base) == [rule]
    if base.verdicts[0].standing == "unknown":
        assert base.test.reached is None


def test_what_is_not_known_may_still_be_enough():
    """Known events that reach the threshold decide under absolute accumulation; under net an unknown one may undo them."""
    unknown = {"kind": "method", "date": "2023-01-01"}
    assert base_of(*WORKED, unknown).test.reached is True
    small = [{**METHOD, "scope_1_tco2e": value} for value in (300.0, 300.0)]
    assert base_of(*small, unknown, accumulation="net").test.reached is None


def test_a_base_year_that_lacks_something():
    """No data, none by this method, no threshold, a year ahead, nothing to divide by: findings, and no figure is made up."""
    assert keys(base_of(rows=())) == ["BASE_YEAR.no_data"]
    assert keys(base_of(scope_2_method="market_based")) == ["BASE_YEAR.no_data"]
    assert keys(base_of(year=2030, rows=())) == ["BASE_YEAR.later"]
    undecided = base_of(METHOD, significance_threshold=None)
    assert (keys(undecided), undecided.test.reached) == (["BASE_YEAR.no_threshold"], None)
    zero = base_of({**METHOD, "scope_1_tco2e": 1.0}, rows=(("2020", "", "1", "", "as_reported", "0"),), scopes=(1,))
    assert (keys(zero), zero.test.reached, zero.test.percent(1.0)) == (["BASE_YEAR.zero"], None, None)


def test_another_basis_than_now():
    """Another GWP set or consolidation approach than that of the reporting year is said."""
    rows = [{"year": 2020, "scope": 1, "kind": "as_reported", "emissions": 5, "source": "a"}]
    rows = [{**rows[0], "gwp": "ipcc-ar4@2007", "approach": "equity share"}]
    now = CalculatedYear(2024, {(1, ""): 4.0}, Label("now", "now"), "ipcc-ar5@2013", "operational_control")
    history = History(read_history(rows)[0], (now,), (2020,))
    base = base_year_of(BaseYearPolicy(year=2020, scopes=(1,)), history, Period.of_year(2024))
    assert keys(base) == ["BASE_YEAR_BASIS.gwp", "BASE_YEAR_BASIS.approach"]


@pytest.mark.parametrize(
    "event",
    [
        {**METHOD, "entity": "b", "from_history": True},
        {"kind": "method", "date": "2023-01-01", "entity": "b", "from_history": True},
        {"kind": "acquisition", "date": "2023-01-01", "from_history": True},
        {"kind": "takeover", "date": "2023-01-01"},
        {"kind": "method", "date": "2023-13-01"},
        {**METHOD, "scope_1_tco2e": math.inf},
        {**METHOD, "scope_1_tco2e": "5"},
        {**METHOD, "recalculation": "2019"},
    ],
)
def test_a_book_with_a_wrong_event_does_not_open(tmp_path, event):
    """A wrong setting is refused with its line, in both languages."""
    target = tmp_path / "book"
    shutil.copytree(EXAMPLE, target)
    words = {True: "true", False: "false"}
    texts = {
        name: words.get(value) or (value if isinstance(value, float) else json.dumps(value))
        for name, value in event.items()
    }
    with (target / "book.toml").open("a", encoding="utf-8") as file:
        file.write("\n[[base_year.event]]\n" + "".join(f"{name} = {text}\n" for name, text in texts.items()))
    with pytest.raises(BookError) as refused:
        cl.open_book(target)
    assert "base_year" in refused.value.text_in("en")
    assert "book.toml" in refused.value.text_in("zh")


def test_a_base_year_of_energy_alone(tmp_path):
    """A book without emission factors keeps its earlier years; its own year is a gap, and nothing breaks."""
    target = tmp_path / "book"
    shutil.copytree(EXAMPLE, target)
    text = (target / "book.toml").read_text(encoding="utf-8")
    pinned = next(line for line in text.splitlines() if line.startswith("emissions = "))
    (target / "book.toml").write_text(text.replace(pinned, "emissions = []"), encoding="utf-8")
    report = cl.report(target)
    assert report.emission_series().gaps == (2021, 2024)
    assert report.base_year.bridges[0].restated_tco2e == 10_340
    assert CliRunner().invoke(app, ["report", str(target)]).exit_code in {0, 1}


def test_the_reporting_year_is_a_gap_where_entries_are_left_out(tmp_path):
    """A sum of a part is no year of a series."""
    target = tmp_path / "book"
    shutil.copytree(EXAMPLE, target)
    text = (target / "entries.csv").read_text(encoding="utf-8").replace("8200", "many")
    (target / "entries.csv").write_text(text, encoding="utf-8")
    report = cl.report(target)
    assert report.emission_series().gaps == (2021, 2024)
    assert report.completeness.exit_code == 1


# The example, through every output.


@pytest.fixture(scope="module")
def year():
    """The example's reporting year."""
    return cl.report(EXAMPLE)


def test_the_example_by_hand(year):
    """10 600 - 600 (recalculated in 2022) + 400 - 150 + 90 = 10 340, by market 10 800 - 620 + 410 - 150 + 95 = 10 535."""
    bridges = {item.label.en: item.restated_tco2e for item in year.base_year.bridges}
    assert bridges["scope 1+2, location-based"] == 10_340
    assert bridges["scope 1+2, market-based"] == 10_535
    assert year.emission_series().of(2020).as_reported_tco2e == 10_600
    assert year.emission_series().of(2020).stands_tco2e == 10_340
    assert year.emission_series().gaps == (2021,)
    assert year.emission_series((1, 2), "market_based").gaps == (2021, 2022, 2023)
    assert year.completeness.complete
    assert [finding.says.key for finding in year.history_findings] == ["YOY_BASIS.base_year"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command(lang):
    """Years, test, events, bridge and recalculations in both languages; JSON has the same; exit code 0 with a warning alone."""
    shown = CliRunner().invoke(app, ["base-year", str(EXAMPLE), "--lang", lang])
    assert shown.exit_code == 0
    for text in ("10,340.00", "10,600.00", "6.40", "3.40", "2022-1", "YOY_BASIS"):
        assert text in shown.output
    data = json.loads(CliRunner().invoke(app, ["base-year", str(EXAMPLE), "--lang", lang, "--json"]).output)
    assert data["base_year"]["test"]["absolute_percent"] == 6.4
    assert data["base_year"]["bridges"][0]["restated_tco2e"] == 10_340
    assert data["exit_code"] == 0
    assert {tuple(item["scopes"]) for item in data["emissions_by_year"]} == {(1,), (2,), (1, 2)}


def test_a_book_without_base_year():
    """The command says what to state; the report has no such section."""
    result = CliRunner().invoke(app, ["base-year", str(PROJECT / "examples" / "second-year")])
    assert result.exit_code != 0
    plain = cl.report(PROJECT / "examples" / "second-year")
    assert plain.to_dict()["base_year"] is None
    assert plain.to_dict()["emissions_by_year"] == []


def test_the_page_the_workbook_and_the_data(year, tmp_path):
    """Each output of the report has the bridge; the workbook's restated base year is a formula."""
    year.to_html(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "10,340.00" in page
    assert 'id="en-base-year"' in page
    assert 'id="zh-base-year"' in page
    assert year.to_dict()["base_year"]["recalculations"][-1]["after_tco2e"] == 10_340
    year.to_excel(tmp_path / "book.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["Base year"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "Restated"]
    assert all("SUM(" in cell for cell in rows[-1][1:6])
    values = openpyxl.load_workbook(tmp_path / "book.xlsx", data_only=True)["Base year"]
    last = [row for row in values.iter_rows(values_only=True) if row[0] == "Restated"][-1]
    assert last[1] == 10_340


@pytest.mark.parametrize(
    ("framework", "code", "expected"),
    [
        ("gri-305-1", "305-1-d", {4300.0}),
        ("gri-305-2", "305-2-d", {6040.0, 6235.0}),
        ("iso-14064-1", "9.3.1 k)", {4300.0, 6040.0, 6235.0}),
        ("esrs-e1-6", "E1-6.base_year", {4300.0, 6040.0, 6235.0}),
        ("cdp-emissions", "7.5", {4300.0, 6040.0, 6235.0}),
    ],
)
def test_disclosures_answer_their_datapoint(year, framework, code, expected):
    """What frameworks ask of the base year is filled from it, and missing in a book without one."""

    def answers(report):
        return [
            item for item in report.disclosure(framework).answers if code in {item.datapoint.code, item.datapoint.id}
        ]

    found = answers(year)
    assert {item.figure.status for item in found} == {"filled"}
    assert {item.figure.value for item in found if isinstance(item.figure.value, float)} == expected
    texts = " ".join(str(item.to_dict("en")["value"]) for item in found)
    assert "first year that was verified" in texts
    assert "from 10,000.00 to 10,340.00" in texts
    assert {item.figure.status for item in answers(cl.report(PROJECT / "examples" / "second-year"))} == {"data_missing"}


def test_a_recalculation_that_cannot_be_told_is_missing(tmp_path):
    """Without a threshold a disclosure does not say that nothing had to be recalculated."""
    target = tmp_path / "book"
    shutil.copytree(EXAMPLE, target)
    text = (target / "book.toml").read_text(encoding="utf-8").replace("significance_threshold = 5 ", "# ")
    (target / "book.toml").write_text(text, encoding="utf-8")
    report = cl.report(target)
    (answer,) = [item for item in report.disclosure("iso-14064-1").answers if item.datapoint.code == "9.3.1 l)"]
    assert answer.figure.status == "data_missing"
    assert report.completeness.exit_code == 1
    assert not report.completeness.is_part


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_nothing_depends_on_the_order_in_the_book(order):
    """Events listed in another order give the same base year."""
    assert base_of(*(WORKED[at] for at in order)).to_dict() == base_of(*WORKED).to_dict()
