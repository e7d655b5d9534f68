"""Searching declared spaces: what they hold, what hits, what would by chance, and what the total cannot tell."""

import json
import re
import shutil
from dataclasses import replace
from decimal import Decimal

import pytest
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.core.errors import BookError
from carbonledger.core.printed_number import parse_figure
from carbonledger.reconstruction.candidates import choices_of
from carbonledger.reconstruction.search import Search, prepare_search, search_space
from carbonledger.reconstruction.spaces import SpaceTerm, read_spaces
from tests.support import PROJECT, entries_of, run, space_of, term_of

TECHEN = PROJECT / "seeds" / "techen-2024"
# Section 2 of the case's facts: an earlier search, over editions that are not all carried here.
FACTS_TRIED, FACTS_HITS, FACTS_EXPECTED = 5_906_532, 75, 75


@pytest.fixture(scope="module")
def book():
    """The Techen case."""
    return cl.open_book(TECHEN)


@pytest.fixture(scope="module")
def everything(book):
    """The largest space of the case, searched."""
    return book.search("everything")


def only(activity, amount, unit, rule):
    """The contributions of a single term."""
    term = SpaceTerm.model_validate(term_of(activity, rule))
    found = choices_of(term, entries_of((activity, amount, unit)), space_of(term_of(activity, rule)).known_by)
    return [choice.tco2e for choice in found.choices]


def test_textbook_space(book):
    """Of some hundred textbook combinations one gives 2480.59 where a few hundredths would by chance; it subtracts avoided emissions."""
    result = book.search("textbook")
    assert (result.tried, result.count) == (448, 1)
    assert 0.015 < result.expected < 0.045
    assert result.deviation == pytest.approx(result.expected**0.5, rel=0.1)
    (hit,) = result.hits
    assert cl.round_figure(hit.total, "0.0001") == Decimal("2480.5912")
    assert [choice.treatment for choice in hit.choices][-1] == "avoided emissions subtracted"
    assert result.to_dict()["identification"] is False


def test_one_grid_factor_is_the_space_of_the_facts(book):
    """With one grid factor the rates agree with the facts; the number of combinations differs by the rows of the editions carried."""
    result = book.search("one-grid")
    unrounded = result.of_roundings[0]
    assert result.sizes == (88, 128, 190)
    assert (unrounded.tried, unrounded.count) == (2_140_160, 36)
    assert unrounded.chance.expected == pytest.approx(26.7, abs=0.05)
    per_million = FACTS_EXPECTED / FACTS_TRIED * 1e6
    assert unrounded.chance.expected / unrounded.tried * 1e6 == pytest.approx(per_million, rel=0.05)
    scaled = FACTS_HITS * unrounded.tried / FACTS_TRIED
    assert abs(unrounded.count - scaled) < 2 * unrounded.chance.deviation


def test_the_deviation_is_that_of_the_count(everything):
    """Counts of neighbouring cells spread three times as wide as independent draws; both roundings are one population."""
    unrounded, termwise = everything.of_roundings
    assert unrounded.chance.expected == pytest.approx(1825, abs=2)
    assert unrounded.chance.deviation == pytest.approx(126, abs=2)
    assert everything.expected == pytest.approx(unrounded.chance.expected + termwise.chance.expected)
    independent = (unrounded.chance.deviation**2 + termwise.chance.deviation**2) ** 0.5
    assert everything.deviation > 1.2 * independent
    assert abs(everything.count - everything.expected) < everything.deviation


def test_the_whole_space_hits_as_often_as_chance(everything):
    """Hundreds of millions of combinations: the hits are about as many as chance brings; all are listed as long as they are few."""
    assert everything.tried == everything.declared == 376_668_160
    assert everything.count == len(everything.hits) == 3700
    assert sum(item.count for item in everything.of_roundings) == everything.count
    assert not everything.cut
    assert [hit.rank for hit in everything.hits] == sorted(hit.rank for hit in everything.hits)


def test_named_combinations_are_shown_with_their_rank(everything, book):
    """Both combinations of the facts are hits; the first ranks with the most plausible, and says how many rank alike."""
    margin, margin_termwise, fossil, fossil_termwise = everything.named
    sums = [cl.round_figure(item.hit.total, "0.0001") for item in (margin, fossil)]
    assert sums == [Decimal("2480.5912"), Decimal("2480.5864")]
    assert (margin.agrees, margin_termwise.agrees) == (True, False)
    assert (fossil.agrees, fossil_termwise.agrees) == (True, True)
    ranks = [everything.standing(item.hit.rank) for item in (margin, fossil)]
    assert ranks[0][0] == 1
    for item, (place, ties) in zip((margin, fossil), ranks, strict=True):
        assert place == 1 + sum(hit.rank < item.hit.rank for hit in everything.hits)
        assert ties == sum(hit.rank == item.hit.rank for hit in everything.hits)
    shown = book.search("one-grid").to_dict()["named"]
    assert [(item["rank"], item["agrees"]) for item in shown] == [(1, True), (None, False), (2, True), (2, True)]


def test_foreign_grids_rank_below_the_own(everything):
    """A grid factor of another province is exotic, that of the nation or the own province textbook."""
    levels = {}
    for hit in everything.hits:
        for choice in hit.choices[:2]:
            levels.setdefault(choice.treatment, set()).add(choice.plausibility)
    assert levels["another province or grid"] == {"exotic"}
    assert levels["national or own province"] == {"textbook"}
    assert levels["own regional grid"] == {"known practice"}


def test_counts_do_not_depend_on_what_is_listed(book):
    """Ranks, shares and what would decide are of all hits, also where only a few are listed."""
    space = read_spaces(TECHEN / "spaces.toml")["one-grid"]
    entries = book.reporting_year(2024).entries
    few, all_of_them = (search_space(space, entries, parse_figure("2480.6"), limit) for limit in (5, 100_000))
    assert few.cut
    assert not all_of_them.cut
    assert (few.common, few.deciding, few.ranks) == (all_of_them.common, all_of_them.deciding, all_of_them.ranks)
    assert [hit.rank for hit in few.hits] == [hit.rank for hit in all_of_them.hits[:5]]
    for at, term in enumerate(space.terms):
        for name, what, share in all_of_them.common:
            if name == term.name:
                has = sum(hit.choices[at].treatment == what for hit in all_of_them.hits)
                assert share == pytest.approx(has / all_of_them.count)


def test_shares_of_many_hits(book):
    """The larger space at one decimal has 36,219 hits, more than are listed; its shares are those of all."""
    space = read_spaces(TECHEN / "spaces.toml")["everything"]
    result = search_space(space, book.reporting_year(2024).entries, parse_figure("2480.6"))
    shares = {(name, what): share for name, what, share in result.common}
    assert (result.count, len(result.hits), result.cut) == (36_219, 10_000, True)
    netted = sum(
        share for (name, what), share in shares.items() if name == "photovoltaics" and what.startswith("netted")
    )
    assert netted == pytest.approx(0.444, abs=0.001)


def test_what_is_determined_is_calculated(book):
    """Whatever the factors are, the printed interval fixes one sum of them; with the grid factor known, 4.36 g - 20.245 p."""
    whole, rest = book.search("textbook").determined
    assert whole.sum_text() == "4355.71853 MWh x grid + 4.36 t x gasoline - 20.245 MWh x photovoltaics"
    assert rest.sum_text() == "4.36 t x gasoline - 20.245 MWh x photovoltaics"
    assert Decimal("4.36") * Decimal("3.0425472") - Decimal("20.245") * Decimal("0.8269") in rest.interval
    assert Decimal("4.36") * Decimal("3.11434863") - Decimal("20.245") * Decimal("0.8426") in rest.interval
    assert rest.given[0][0] == "grid"


def test_choices_of_equal_amount_are_named(everything):
    """Fuel tables that give the same gasoline cannot be told apart, and every one of them is named."""
    gasoline = next(
        item for item in everything.indistinguishable if cl.round_figure(item.tco2e, "0.0001") == Decimal("12.7532")
    )
    text = " ".join(gasoline.labels)
    assert all(name in text for name in ("cn-fuel-a-gasoline-cc", "cn-fuel-b-gasoline-cc", "cn-yearbook-gasoline-ncv"))


def test_without_hits_nothing_is_determined(book):
    """No hit, no statement about what the total determines; no totals near it, none about chance."""
    space = read_spaces(TECHEN / "spaces.toml")["textbook"]
    result = search_space(space, book.reporting_year(2024).entries, parse_figure("9999.99"))
    assert (result.count, result.determined, result.indistinguishable, result.common) == (0, (), (), ())
    assert result.expected is None


def test_later_editions_could_not_have_been_used(everything):
    """A space known by June 2025 holds no factor published at the end of 2025."""
    labels = {label for hit in everything.hits for choice in hit.choices for label in choice.labels}
    assert not any("cn-mee-nbs-grid@2023" in label for label in labels)


def test_what_further_figure_would_decide(everything):
    """Each term leaves at least one hit and at most all; the first named leaves the fewest."""
    left = [hits for _, hits in everything.deciding]
    assert left == sorted(left)
    assert all(1 <= hits <= everything.count for hits in left)
    assert left[0] < everything.count / 10


def test_choices_are_what_the_inventory_calculates():
    """Gas in 10^4 Nm3, heat and a refrigerant contribute what an inventory with the same pins gives."""
    cases = [
        (
            "fuel.natural_gas",
            "2.5",
            "10^4 Nm3",
            {"kind": "carbon", "editions": ["cn-ndrc-fuels-b@2013"]},
            "cn-ndrc-fuels-b@2013",
        ),
        ("heat.purchased", "120", "GJ", {"kind": "factor", "editions": ["cn-ndrc-heat@2013"]}, "cn-ndrc-heat@2013"),
    ]
    for activity, amount, unit, rule, pin in cases:
        inventory = cl.calculate(entries_of((activity, amount, unit)), cl.load_factors(pin), gwp="ipcc-ar5@2013")
        (found,) = only(activity, amount, unit, rule)
        assert float(found) == pytest.approx(float(inventory.total_location_based().magnitude), rel=1e-12)


def test_refrigerants_take_the_gwp_sets_of_the_space():
    """R-410A under AR4 and AR5: mass times the potential of the blend (standards digest, 1.3)."""
    found = only("refrigerant.r_410a", "2", "kg", {"kind": "factor", "gwp": ["ipcc-ar4@2007", "ipcc-ar5@2013"]})
    assert found == [Decimal("4.175"), Decimal("3.847")]


def test_a_gwp_set_is_never_assumed():
    """Factors of CH4 and N2O need a set that the space names."""
    rule = {"kind": "factor", "editions": ["ipcc-2006-energy@2006"], "variants": ["manufacturing"]}
    with pytest.raises(BookError, match="needs a GWP of CH4, N2O: state gwp"):
        only("fuel.gasoline", "1", "t", rule)


def test_a_unit_that_no_row_reaches_is_named():
    """Gasoline in litres against factors per mass lacks a density, and the message says so."""
    rule = {"kind": "carbon", "editions": ["cn-ndrc-fuels-b@2013"]}
    with pytest.raises(BookError, match=r"term fuel\.gasoline, t: .*bridge is missing: density"):
        only("fuel.gasoline", "1", "L", rule)


def test_a_rule_without_rows_is_refused():
    """A region that no edition has is a mistake; editions that came too late are left out, unless none is left."""
    rule = {"kind": "factor", "editions": ["cn-mee-nbs-grid@2021"], "regions": ["CN-XX"]}
    with pytest.raises(BookError, match="no row of cn-mee-nbs-grid@2021 fits"):
        only("electricity.grid", "1", "MWh", rule)
    with pytest.raises(BookError, match="none of its editions was known by 2025-06-30"):
        only("electricity.grid", "1", "MWh", {"kind": "factor", "editions": ["cn-mee-nbs-grid@2023"]})


def test_terms_by_site():
    """Two sites of one company may stand in the total with different factors."""
    rule = {"kind": "factor", "editions": ["cn-mee-nbs-grid@2021"], "regions": ["CN", "CN-SD"]}
    terms = [term_of("electricity.grid", rule, name=site, site=site, unit="MWh") for site in ("A", "B")]
    entries = entries_of(("electricity.grid", "1000", "kWh", "A"), ("electricity.grid", "20", "MWh", "B"))
    # 0.5568 nationwide for A, 0.6838 of the province for B (Announcement 2024 No. 12).
    result = search_space(space_of(*terms), entries, parse_figure("14.2328"))
    assert (result.tried, result.count) == (4, 1)
    assert [choice.rate for choice in result.hits[0].choices] == [Decimal("0.5568"), Decimal("0.6838")]
    missing = space_of(term_of("electricity.grid", rule, site="C"))
    with pytest.raises(BookError, match=r"no electricity\.grid of C"):
        search_space(missing, entries, parse_figure("1.00"))


def test_losses_of_the_grid_are_added():
    """Purchase x factor / (1 - loss), with a published rate or one that the space states with its source."""
    published = {"factor": "us-epa-egrid@2023:us-loss_rate-loss"}
    stated = {"fraction": "0.05", "source": "an example"}
    rule = {"kind": "factor", "editions": ["cn-mee-nbs-grid@2021"], "regions": ["CN"], "loss": [published, stated]}
    found = only("electricity.grid", "1000", "MWh", rule)
    assert [float(value) for value in found] == pytest.approx([556.8 / (1 - 0.042), 556.8 / 0.95], rel=1e-12)
    rule["loss"] = [{"factor": "cn-mee-nbs-grid@2021:cn-grid-nbs-2021"}]
    with pytest.raises(BookError, match="is no loss_rate"):
        only("electricity.grid", "1", "MWh", rule)
    with pytest.raises(ValueError, match="states a fraction with its source"):
        space_of(term_of("electricity.grid", rule | {"loss": [{"fraction": "0.05"}]}))


def test_losses_as_the_publishers_factor():
    """A published T&D factor (United Kingdom, 2024: 0.0183 kg CO2e/kWh) is an activity of its own that may price a term."""
    rule = {
        "kind": "factor",
        "activity": "transmission.electricity",
        "editions": ["uk-desnz@2024"],
        "gwp": ["ipcc-ar5@2013"],
    }
    (found,) = only("electricity.grid", "1000", "MWh", rule)
    assert float(found) == pytest.approx(18.3, rel=0.002)


def test_the_case_can_be_searched_with_losses(book):
    """No carried edition has a rate for China, so that the one of the United States stands as exotic; it adds no hit."""
    result = book.search("losses")
    assert (result.tried, result.count) == (896, 1)


def test_other_units_of_the_printed_total(book):
    """A total printed in 10^4 t is a wider interval in t; one in kWh is no total of emissions."""
    entries, printed = book.reporting_year(2024).entries, book.publication.figures["ghg.total"]
    wide = replace(printed, figure=parse_figure("0.2481"), unit="10^4 t CO2e")
    search = prepare_search(TECHEN / "spaces.toml", "textbook", {"ghg.total": wide}, entries)
    interval = search.figure.interval
    assert (interval.low, interval.high) == (Decimal("2480.5"), Decimal("2481.5"))
    search.run()
    assert search.result().count > 1
    with pytest.raises(BookError, match="kWh"):
        prepare_search(TECHEN / "spaces.toml", "textbook", {"ghg.total": replace(printed, unit="kWh")}, entries)


def test_a_mere_limit_cannot_be_searched(book, tmp_path):
    """Over 2480 has no end; the command says so in one line."""
    space = read_spaces(TECHEN / "spaces.toml")["textbook"]
    with pytest.raises(BookError, match="'超 2480' cannot be searched for"):
        Search(space, book.reporting_year(2024).entries, parse_figure("超 2480"))
    folder = shutil.copytree(TECHEN, tmp_path / "book")
    path = folder / "published.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(ghg\.total,2024,[^,]*,[^,]*),2480\.59", r"\1,超 2480", text), encoding="utf-8")
    shown = run("reconstruct", folder)
    assert shown.returncode == 2
    assert shown.stderr.count("\n") == 1
    assert "Traceback" not in shown.stderr


def test_an_interrupted_search_is_taken_up(book, tmp_path):
    """What was counted stays; written to a file and resumed, the outcome is that of one run; another search's file is refused."""
    space = read_spaces(TECHEN / "spaces.toml")["one-grid"]
    entries, figure = book.reporting_year(2024).entries, parse_figure("2480.59")
    broken = Search(space, entries, figure)

    def stop(done, _whole):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken.run(stop)
    partial = broken.result()
    assert not partial.complete
    assert (partial.tried, partial.declared, partial.count) == (2_140_160, 4_280_320, 36)
    broken.save(tmp_path / "state")
    again = Search(space, entries, figure)
    again.resume(tmp_path / "state")
    again.run()
    assert again.result().to_dict() == search_space(space, entries, figure).to_dict()
    with pytest.raises(BookError, match="another search"):
        Search(space, entries, parse_figure("2480.6")).resume(tmp_path / "state")
    (tmp_path / "state").write_text("{}", encoding="utf-8")
    with pytest.raises(BookError, match="no interrupted search"):
        again.resume(tmp_path / "state")


def test_the_command_survives_an_interruption(tmp_path, monkeypatch):
    """Exit code 130, the partial result as text or JSON, and a file from which the rest is counted."""
    state, whole = tmp_path / "state", Search.run

    def broken(self, watch=None):
        def stop(done, size):
            watch(done, size)
            raise KeyboardInterrupt

        whole(self, stop)

    arguments = ["reconstruct", str(TECHEN), "--space", "one-grid", "--resume", str(state)]
    monkeypatch.setattr(Search, "run", broken)
    stopped = CliRunner().invoke(app, [*arguments, "--json"])
    assert stopped.exit_code == 130
    found = json.loads(stopped.stdout)
    assert (found["partial"], found["tried"], found["declared"]) == (True, 2_140_160, 4_280_320)
    monkeypatch.setattr(Search, "run", whole)
    resumed = CliRunner().invoke(app, [*arguments, "--json"])
    assert resumed.exit_code == 0
    assert json.loads(resumed.stdout)["hits"] == 73
    assert not state.exists()


@pytest.mark.slow
def test_the_command_line(tmp_path):
    """Counts and chance are printed, never an identification; an unknown space names those declared."""
    shown = run("reconstruct", TECHEN, "--space", "textbook")
    assert "448 combinations tried, 1 give the printed figure" in shown.stdout
    assert "Expected by chance: 0.02 (± 0.14)" in shown.stdout
    assert "not an identification" in shown.stdout
    assert "identified" not in shown.stdout
    assert json.loads(run("reconstruct", TECHEN, "--space", "textbook", "--json").stdout)["hits"] == 1
    wrong = run("reconstruct", TECHEN, "--space", "galaxy")
    assert wrong.returncode == 2
    assert "textbook, one-grid, everything, losses" in wrong.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "words"), [("en", ["3,651 (± 247)", "rank 1 of 3,700"]), ("zh", ["3,651（± 247）", "排第 1 位"])]
)
def test_both_languages(lang, words):
    """Whole numbers of hits, no powers of ten, and the rank of each hit."""
    shown = run("reconstruct", TECHEN, "--space", "everything", "--limit", "2", "--lang", lang)
    assert all(word in shown.stdout for word in words)
    assert "e+0" not in shown.stdout


def test_spaces_with_faults_are_refused():
    """A named combination needs a choice per term, and terms need different names."""
    term = term_of("electricity.grid", {"kind": "nothing"})
    named = {"id": "n", "title_zh": "", "title_en": "", "choices": {"gasoline": "x"}}
    with pytest.raises(ValueError, match=r"needs a choice for each of electricity\.grid"):
        space_of(term, named=[named])
    with pytest.raises(ValueError, match="two terms have the same name"):
        space_of(term, term)
    lost = space_of(term, named=[named | {"choices": {"electricity.grid": "x"}}])
    with pytest.raises(BookError, match=r"0 choices of electricity\.grid are called 'x'"):
        Search(lost, entries_of(("electricity.grid", "1", "kWh")), parse_figure("1.0"))
