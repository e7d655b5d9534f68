"""Declared spaces: what is misspelt is refused by name; and a search that is interrupted at any moment."""

import json

import pytest
from typer.testing import CliRunner

from carbonledger.cli.main import app
from carbonledger.core.errors import BookError
from carbonledger.core.printed_number import parse_figure
from carbonledger.reconstruction.search import Search
from carbonledger.reconstruction.spaces import read_spaces
from tests.support import PROJECT, entries_of, space_of, term_of

TECHEN = PROJECT / "seeds" / "techen-2024"
GRID = {"kind": "factor", "editions": ["cn-mee-nbs-grid@2021", "cn-mee-nbs-grid@2022"]}
AVOIDED = {
    "kind": "avoided",
    "editions": ["cn-ncsc-baseline@2019"],
    "methods": ["combined_margin"],
    "weights": ["unfccc-cdm-tool07@07.0"],
    "weights_of": ["electricity.solar"],
}
IPCC = {"kind": "factor", "activity": "fuel.gasoline", "editions": ["ipcc-2006-energy@2006"], "gwp": ["ipcc-ar5@2013"]}
SPACE = """
[[space]]
id = "one"
figure = "total"
title_zh = "一"
title_en = "One"
known_by = 2025-06-30
[[space.term]]
name = "grid"
activity = "electricity.grid"
[[space.term.choice]]
kind = "nothing"
treatment = "none"
plausibility = "textbook"
"""


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            GRID | {"regions": ["CN", "CN-SDD"]},
            r"regions: no row of .* has 'CN-SDD'. Did you mean 'CN-SD'\? There are CN",
        ),
        (GRID | {"without": ["CN-XX"]}, "without: no row of cn-mee-nbs-grid@2021, cn-mee-nbs-grid@2022 has 'CN-XX'"),
        (GRID | {"parameters": ["emission_factor", "residual_mx"]}, "parameters: .*'residual_mx'. Did you mean 'resid"),
        (IPCC | {"variants": ["road.uncontroled"]}, "variants: .*Did you mean 'road.uncontrolled'"),
        (
            AVOIDED | {"regions": ["CN-BASELINE-NORD"]},
            "regions: .*'CN-BASELINE-NORD'. Did you mean 'CN-BASELINE-NORTH'",
        ),
        (AVOIDED | {"weights_of": ["electricity.slar"]}, "weights_of: .*'electricity.slar'. Did you mean"),
    ],
)
def test_names_inside_a_space_stand_in_a_row(rule, words):
    """A misspelt name would quietly make it another space: it is refused with the space, the term, and what there is."""
    space = space_of(term_of("electricity.grid", rule))
    with pytest.raises(BookError, match=rf"space s: term electricity\.grid: {words}"):
        Search(space, entries_of(("electricity.grid", "1", "MWh")), parse_figure("1.0"))


def written(tmp_path, text):
    """A file of spaces."""
    path = tmp_path / "spaces.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SPACE * 2, "spaces.toml: space one is declared twice."),
        (
            SPACE.replace("known_by", "knwon_by"),
            "space one: unknown field 'knwon_by'. Did you mean 'known_by'? The fields",
        ),
        (SPACE.replace("known_by", "knwon_by"), "space one: the field 'known_by' is missing"),
        (
            SPACE.replace("plausibility", "plausibilty"),
            "space one: term 1, choice 1: unknown field 'plausibilty'. Did you",
        ),
        (SPACE.replace('"nothing"', '"noting"'), "space one: term 1, choice 1: kind: Input should be 'factor'"),
        (SPACE.replace('id = "one"\n', ""), "space 1: the field 'id' is missing"),
        (SPACE.replace("2025-06-30", '"soon"'), "space one: known_by: Input should be a valid date"),
        (
            SPACE.replace("[[space]]", "[[spce]]").replace("[[space.", "[[spce."),
            "'spce' cannot be used; the file holds",
        ),
        ("space = 1", "'space' cannot be used"),
        ("[[space]\n", "spaces.toml, line 1: "),
    ],
)
def test_a_file_of_spaces_that_cannot_be_used(tmp_path, text, words):
    """File, space and field are named; no text of pydantic's is left over."""
    with pytest.raises(BookError) as caught:
        read_spaces(written(tmp_path, text))
    assert words in str(caught.value)
    assert "spaces.toml" in str(caught.value)
    assert "pydantic" not in str(caught.value)
    assert "validation error" not in str(caught.value)


def stopped(*_arguments, **_options):
    """Ctrl-C."""
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "place", ["carbonledger.reconstruction.search.Search.result", "carbonledger.reporting.search_text.print_search"]
)
def test_an_interruption_after_counting_loses_nothing(tmp_path, monkeypatch, place):
    """While the result is made or printed, what was counted is already kept; taken up, nothing is counted again."""
    state = tmp_path / "state"
    arguments = ["reconstruct", str(TECHEN), "--space", "textbook", "--resume", str(state)]
    with monkeypatch.context() as patched:
        patched.setattr(place, stopped)
        broken = CliRunner().invoke(app, arguments)
    assert broken.exit_code == 130
    assert f"To go on: --resume {state}" in broken.stderr.replace("\n", "")
    assert state.exists()
    again = CliRunner().invoke(app, [*arguments, "--json"])
    assert again.exit_code == 0
    assert json.loads(again.stdout)["hits"] == 1
    assert not state.exists()


def test_an_interruption_while_counting_was_just_finished(tmp_path, monkeypatch):
    """Ctrl-C while the state is written: it is written again."""
    state, save, calls = tmp_path / "state", Search.save, []

    def once(self, path):
        calls.append(path)
        if len(calls) == 1:
            raise KeyboardInterrupt
        save(self, path)

    monkeypatch.setattr(Search, "save", once)
    broken = CliRunner().invoke(app, ["reconstruct", str(TECHEN), "--resume", str(state), "--json"])
    assert (broken.exit_code, state.exists()) == (130, True)
    assert json.loads(broken.stdout)["hits"] == 1
