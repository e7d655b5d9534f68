"""The status of a book: expected sources, months, estimates, factors, the lock, and the order of what is to be done."""

import re

import pytest

import carbonledger as cl
from carbonledger.book.lock import lock_book
from carbonledger.core.errors import BookError

HEAD = "company,site,meter,energy type,amount,unit,year,month,factor,data type\n"
SETTINGS = """[company]
name_en = "A"
reporting_year = 2024
region = "GB"
[[site]]
id = "Shut"
entity = ""
valid_to = 2022-12-31
{sources}
[factors]
gwp = "ipcc-ar5@2013"
emissions = ["uk-desnz@2024-r1"]
[files]
entries = ["entries.csv"]
"""


def source(activity, **named):
    """A table of an expected source."""
    return f'[[source]]\nactivity = "{activity}"\n' + "".join(f'{name} = "{text}"\n' for name, text in named.items())


def book(folder, rows=(), sources=""):
    """A book with some entries and expected sources."""
    (folder / "book.toml").write_text(SETTINGS.format(sources=sources), encoding="utf-8")
    (folder / "entries.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return cl.open_book(folder)


def months(activity, unit, numbers, site="", meter="", factor="", kind=""):
    """Rows of a source, one for each month."""
    return [f",{site},{meter},{activity},10,{unit},2024,{number},{factor},{kind}" for number in numbers]


def rules(found):
    """The rules of some findings about expected sources."""
    return [item.text() for item in found if item.rule == "SOURCE_WITHOUT_ENTRIES"]


def test_an_expected_source_without_entries_is_a_gap(tmp_path):
    """A source that nobody entered makes the report incomplete, until it is entered or no longer expected."""
    power = months("electricity.grid", "kWh", range(1, 13))
    wanted = source("电") + source("natural gas", source="Boiler 2")
    first = book(tmp_path, power, wanted)
    assert not first.report().completeness.complete
    assert len(rules(first.check())) == 1
    assert "Boiler 2 / fuel.natural_gas" in rules(first.check())[0]
    gas = months("fuel.natural_gas", "kWh", range(1, 13), meter="Boiler 2", factor="gross")
    assert rules(book(tmp_path, power + gas, wanted).check()) == []
    assert rules(book(tmp_path, power, source("电")).check()) == []


def test_what_an_expected_source_does_not_state_is_any(tmp_path):
    """Without a site an entry of any site serves; with one only that; a more special activity serves its parent."""
    rows = months("electricity.grid", "kWh", range(1, 7), site="Half")
    assert rules(book(tmp_path, rows, source("electricity.grid")).check()) == []
    assert rules(book(tmp_path, rows, source("electricity")).check()) == []
    assert len(rules(book(tmp_path, rows, source("electricity.grid", site="Other")).check())) == 1


def test_a_closed_site_has_nothing_to_enter(tmp_path):
    """A source of a site that was not in operation is no gap; of one that closed in June the later months are none."""
    rows = months("electricity.grid", "kWh", range(1, 7), site="Half")
    half = '[[site]]\nid = "Half"\nentity = ""\nvalid_to = 2024-06-30\n'
    wanted = half + source("electricity.grid", site="Shut") + source("fuel.natural_gas", site="Half")
    found = book(tmp_path, rows, wanted)
    status = found.status()
    assert len(rules(found.check())) == 1
    by_site = {(row["site"], row["activity"]): row for row in status.to_dict()["coverage"]}
    assert by_site["Half", "electricity.grid"]["2024-07"] == "closed"
    assert by_site["Shut", "electricity.grid"]["2024-01"] == "closed"
    assert by_site["Half", "fuel.natural_gas"]["2024-06"] == "missing"
    assert by_site["Half", "fuel.natural_gas"]["2024-07"] == "closed"
    assert status.months_with("missing") == 6


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (source("elctricity grid"), "line 10: source[1].activity"),
        ('[[source]]\nsite = "X"\n', "activity is missing"),
        ('[[source]]\nactivity = "电"\nmeter = "1"\n', "source"),
        ('[source]\nactivity = "电"\n', "double square brackets"),
    ],
)
def test_a_source_that_cannot_be_read(tmp_path, text, words):
    """A misspelt activity, a missing or unknown setting are refused with their line."""
    with pytest.raises(BookError, match=re.escape(words)):
        book(tmp_path, (), text)


def test_sources_name_companies_as_entries_do(tmp_path):
    """A source may name its company by any of its names."""
    text = source("电", entity="北方厂") + '[[entity]]\nid = "north"\nname_zh = "北方厂"\n'
    rows = [row.replace(",,", "north,,", 1) for row in months("electricity.grid", "kWh", range(1, 13))]
    assert rules(book(tmp_path, rows, text).check()) == []


def test_steps_are_in_order(tmp_path):
    """First what cannot be read, then missing data, then factors, then doubts; each with its file or command."""
    rows = [
        *months("electricity.grid", "kWh", range(1, 12), kind="estimated"),
        *months("fuel.diesel", "L", range(1, 13)),
        ",,,electricity.grid,ten,kWh,2024,12,,",
    ]
    status = book(tmp_path, rows, source("fuel.lpg")).status()
    kinds = [step.kind for step in status.steps]
    assert kinds == sorted(
        kinds, key=["read", "months", "enter", "gap", "factor", "error", "estimate", "warning"].index
    )
    assert {"read", "months", "enter", "factor", "estimate"} <= set(kinds)
    by_kind = {step.kind: step for step in status.steps}
    assert "row 25" in by_kind["read"].text("en")
    assert by_kind["months"].count == 1
    assert "2024-12" in by_kind["months"].text("zh")
    assert "mineral" in by_kind["factor"].text("en")
    assert by_kind["estimate"].count == status.months_with("estimated") == 11
    assert by_kind["enter"].file == str(tmp_path / "entries.csv")
    assert by_kind["read"].command == f"carbonledger check {tmp_path}"
    assert status.exit_code == 1
    assert "INCOMPLETE" in status.completeness.lines("en")[0]


def test_the_lock(tmp_path):
    """No lock, a lock that holds, a lock whose book was changed."""
    rows = months("electricity.grid", "kWh", range(1, 13))
    first = book(tmp_path, rows)
    assert (first.status().lock, [step.kind for step in first.status().steps][-1]) == ("none", "close")
    lock_book(first.reporting_year())
    assert cl.open_book(tmp_path).status().lock == "holds"
    assert [step.kind for step in cl.open_book(tmp_path).status().steps][-1] == "close"
    changed = book(tmp_path, [*rows[:-1], rows[-1].replace(",10,", ",11,")]).status()
    assert changed.lock == "changed"
    assert "--locked" in next(step.command for step in changed.steps if step.kind == "changed")
    (tmp_path / "book.lock").write_text("{", encoding="utf-8")
    assert cl.open_book(tmp_path).status().lock == "changed"


def test_status_of_another_year(tmp_path):
    """The status of a year without entries says that every expected source is missing."""
    found = book(tmp_path, months("electricity.grid", "kWh", range(1, 13)), source("电"))
    assert found.status().exit_code == 0
    assert found.status(2023).months_with("missing") == 12
    assert found.status(2023).exit_code == 1


def test_a_folder_with_blanks_is_quoted(tmp_path):
    """A command can be copied: a folder with blanks stands in quotation marks."""
    folder = tmp_path / "two words"
    folder.mkdir()
    step = book(folder, months("electricity.grid", "kWh", range(1, 13))).status().steps[0]
    assert step.command == f'carbonledger report "{folder}"'


def test_power_without_a_factor_keeps_its_energy(tmp_path):
    """A book none of whose entries has emissions: its checks end without an error of ours, and the factor is the next step."""
    row = ",,,electricity.grid,10,kWh,2024,,,"
    (tmp_path / "entries.csv").write_text(HEAD + row + "\n", encoding="utf-8")
    text = SETTINGS.format(sources="").replace('region = "GB"', 'region = "HK"')
    (tmp_path / "book.toml").write_text(text, encoding="utf-8")
    status = cl.open_book(tmp_path).status()
    assert status.steps[0].kind == "factor"
    assert status.exit_code == 1
