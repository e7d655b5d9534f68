"""A lock holds what a year used and gave; every change is named, and none ends in a traceback."""

import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.book.lock import lock_book
from carbonledger.book.lock_check import check_lock
from carbonledger.book.lock_record import Lock, read_lock, write_lock
from carbonledger.core.errors import CarbonLedgerError, LockError
from tests.support import PROJECT, run


@pytest.fixture
def locked(tmp_path):
    """A folder of the seed that was locked."""
    folder = tmp_path / "case"
    shutil.copytree(PROJECT / "seeds" / "techen-2024", folder)
    lock_book(cl.open_book(folder).reporting_year())
    return folder


def changes(folder, lang="en"):
    """What the lock of a folder names, a line each; nothing if it holds."""
    try:
        check_lock(cl.open_book(folder).reporting_year())
    except LockError as error:
        return [error.says.text(lang), *(other.text_in(lang) for other in error.others)]
    return []


def edit(path, old, new):
    """Put one text in place of another in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_unchanged_book_holds(locked):
    """Nothing is named, and the report is printed as without a lock."""
    assert changes(locked) == []
    assert run("report", locked, "--locked").stdout == run("report", locked).stdout


def test_an_amount_is_named_with_old_and_new(locked):
    """The file, the row, both amounts and both totals."""
    edit(locked / "entries.csv", "4.36", "4.46")
    said = "\n".join(changes(locked))
    assert "entries.csv changed" in said
    assert "entries.csv, row 4 states fuel.gasoline 4.46 t" in said
    assert "locked: fuel.gasoline 4.36 t" in said
    assert "total_location_based_tco2e: 2497.6360" in said
    assert "locked: 2497.33178345" in said
    assert "{" not in said


def test_a_deleted_and_a_moved_entry(locked):
    """A row that is gone is named once; rows that only moved are not."""
    lines = (locked / "entries.csv").read_text(encoding="utf-8").splitlines()
    (locked / "entries.csv").write_text("\n".join([lines[0], *lines[2:]]) + "\n", encoding="utf-8")
    said = changes(locked)
    assert [line for line in said if "is gone:" in line] == [
        "entries.csv: the entry locked as row 2 is gone: electricity.grid 407838.53 kWh 2024-01-01..2024-12-31."
    ]
    assert not [line for line in said if "states" in line or "is new" in line]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('gwp = "ipcc-ar5@2013"', 'gwp = "ipcc-ar6@2021"', 'factors.gwp is "ipcc-ar6@2021"; locked: "ipcc-ar5@2013"'),
        ("cn-ndrc-fuels-a@2013", "cn-ndrc-fuels-b@2013", "cn-ndrc-fuels-b@2013"),
        ('method = "combined_margin"', 'method = "operating_margin"', "avoided_emissions.method"),
        ('relations = "relations.toml"\n', "", "relations.toml was locked and is gone"),
    ],
)
def test_a_setting_is_named(locked, old, new, words):
    """Which setting, its value then and now; a factor that is no longer used is named too."""
    edit(locked / "book.toml", old, new)
    said = "\n".join(changes(locked))
    assert words in said
    if "fuels" in old:
        assert "cn-ndrc-fuels-a@2013:" in said
        assert "no longer used" in said


def test_a_file_that_gives_no_entry_is_held_too(locked):
    """Published figures are input as well."""
    with (locked / "published.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert [line for line in changes(locked) if "published.csv changed" in line]


def test_the_name_of_the_company_moves_nothing(locked):
    """Printed names are no setting that matters."""
    edit(locked / "book.toml", "name_en", "# name_en")
    assert changes(locked) == []


def test_in_chinese(locked):
    """Every line is said in the language of the run."""
    edit(locked / "entries.csv", "4.36", "4.46")
    assert any("第 4 行现为" in line for line in changes(locked, "zh"))


def test_no_lock(locked):
    """The remedy is the command."""
    (locked / "book.lock").unlink()
    result = run("report", locked, "--locked")
    assert result.returncode == 1
    assert "there is no lock" in result.stderr
    assert "carbonledger lock" in result.stderr


def test_never_through_a_link(locked, tmp_path):
    """A link in the place of the lock is refused, and what it leads to stays."""
    target = tmp_path / "other.txt"
    target.write_text("mine", encoding="utf-8")
    (locked / "book.lock").unlink()
    (locked / "book.lock").symlink_to(target)
    with pytest.raises(cl.errors.BookError, match="symbolic link"):
        lock_book(cl.open_book(locked).reporting_year())
    assert target.read_text(encoding="utf-8") == "mine"


def places_in(value, place=()):
    """Every place of a nested value."""
    yield place
    if isinstance(value, dict):
        for name, item in value.items():
            yield from places_in(item, (*place, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from places_in(item, (*place, number))


OTHERS = st.sampled_from([None, True, 0, 1.5, -1, "", "x", "1e999", [], {}, [1], {"a": 1}, ["\ud800"], "../../x"])


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """A locked book, its lock as plain data, and what its year gives now."""
    folder = tmp_path_factory.mktemp("sealed") / "case"
    shutil.copytree(PROJECT / "seeds" / "techen-2024", folder)
    year = cl.open_book(folder).reporting_year()
    path = lock_book(year)
    return path, json.loads(path.read_text(encoding="utf-8")), year


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_tampered_lock_is_named(sealed, data):
    """A part removed, emptied or of another type ends in a LockError with words, never in anything else."""
    path, parts, year = sealed
    place = data.draw(st.sampled_from([item for item in places_in(parts) if item]))
    changed = json.loads(json.dumps(parts))
    holder = changed
    for name in place[:-1]:
        holder = holder[name]
    if data.draw(st.booleans()):
        del holder[place[-1]]
    else:
        old, holder[place[-1]] = holder[place[-1]], data.draw(OTHERS)
        if type(old) is type(holder[place[-1]]) and old == holder[place[-1]]:
            return
    path.write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(LockError) as refused:
        check_lock(year)
    assert str(refused.value)


def test_a_lock_that_was_sealed_again_is_held_to_the_calculation(sealed):
    """Who writes a fitting checksum over other totals still meets the calculation."""
    path, parts, year = sealed
    plain = {name: value for name, value in parts.items() if name != "seal"}
    plain["results"] = {**plain["results"], "total_location_based_tco2e": "2000"}
    plain["rows"] = {}
    plain["entries"] = {}
    write_lock(path, Lock.model_validate(plain))
    assert read_lock(path).results["total_location_based_tco2e"] == "2000"
    with pytest.raises(LockError) as refused:
        check_lock(year)
    said = str(refused.value)
    assert "total_location_based_tco2e: 2497.33178345; locked: 2000" in said
    assert "is used and was not locked" in said
    assert "entries.csv, row 2 is new" in said


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000, b'{"format": 2, "format": 2}']
)
def test_what_is_no_lock_is_named(locked, content):
    """Bytes of any kind are refused in words."""
    (locked / "book.lock").write_bytes(content)
    with pytest.raises(CarbonLedgerError, match=r"book\.lock"):
        check_lock(cl.open_book(locked).reporting_year())


def test_entries_of_a_folder_are_counted(tmp_path):
    """A file in a folder of the book is locked with the entries that it gave."""
    book = shutil.copytree(PROJECT / "examples" / "second-year", tmp_path / "book")
    (book / "data").mkdir()
    (book / "entries-2024.csv").rename(book / "data" / "entries-2024.csv")
    settings = book / "book.toml"
    text = settings.read_text(encoding="utf-8").replace('"entries-2024.csv"', '"data/entries-2024.csv"')
    settings.write_text(text, encoding="utf-8")
    year = cl.open_book(book).reporting_year()
    lock = json.loads(lock_book(year).read_text(encoding="utf-8"))
    assert lock["files"]["data/entries-2024.csv"]["entries"] == len(year.entries)
