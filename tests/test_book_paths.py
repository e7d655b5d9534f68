"""The files that a book names: inside its folder, there, and each read once."""

import os
import shutil

import pytest

import carbonledger as cl
from carbonledger.book.paths import distinct_files
from carbonledger.core.errors import BookError, EntriesError

BOOK = """[company]
name_en = "x"
reporting_year = 2024
region = "CN"
[factors]
gwp = "ipcc-ar5@2013"
emissions = ["cn-mee-nbs-grid@2022"]
[files]
entries = {entries}
{more}
"""
ROWS = "activity,amount,unit,year\nelectricity.grid,1000,MWh,2024\n"


@pytest.fixture
def book(tmp_path):
    """A folder with one file of entries, beside another folder."""
    (tmp_path / "book").mkdir()
    (tmp_path / "shared").mkdir()
    (tmp_path / "book" / "entries.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "shared" / "entries.csv").write_text(ROWS.replace("1000", "500"), encoding="utf-8")
    return tmp_path / "book"


def opened(book, entries, more=""):
    """The book with its settings written."""
    names = "[" + ", ".join(f'"{name}"' for name in entries) + "]"
    (book / "book.toml").write_text(BOOK.format(entries=names, more=more), encoding="utf-8")
    return cl.open_book(book)


@pytest.mark.parametrize(
    "second", ["./entries.csv", "entries.csv", "link.csv", "hard.csv", "copy.csv", "sub/../entries.csv"]
)
def test_a_file_is_read_once(book, second):
    """One file under two names counts once, and is an error that names both."""
    (book / "sub").mkdir()
    (book / "link.csv").symlink_to("entries.csv")
    os.link(book / "entries.csv", book / "hard.csv")
    shutil.copy(book / "entries.csv", book / "copy.csv")
    year = opened(book, ["entries.csv", second]).reporting_year()
    assert len(year.entries.frame) == 1
    found = [finding for finding in year.findings if finding.rule == "DOUBLE_FILE"]
    assert [finding.severity for finding in found] == ["error"]
    assert "entries.csv" in found[0].message
    assert second in found[0].message


def test_different_files_are_all_read(book):
    """Files that differ are read without a word."""
    (book / "more.csv").write_text(ROWS.replace("1000", "7"), encoding="utf-8")
    paths, findings = distinct_files(book, ["entries.csv", "more.csv"])
    assert paths == [book / "entries.csv", book / "more.csv"]
    assert findings == []


@pytest.mark.parametrize("absolute", [False, True])
def test_outside_the_folder(book, absolute):
    """A path that leads outside is refused, unless a setting allows its folder."""
    name = (book.parent / "shared" / "entries.csv").as_posix() if absolute else "../shared/entries.csv"
    with pytest.raises(BookError, match=r"line 9: files.entries\[1\]: .* lies outside"):
        opened(book, [name])
    year = opened(book, [name], 'allow_outside = ["../shared"]').reporting_year()
    assert len(year.entries.frame) == 1
    with pytest.raises(BookError, match="lies outside"):
        opened(book, [name], 'allow_outside = ["../share"]')


def test_a_link_that_leads_outside(book):
    """A symbolic link does not lead out of the folder unseen."""
    (book / "link.csv").symlink_to(book.parent / "shared" / "entries.csv")
    with pytest.raises(BookError, match="lies outside"):
        opened(book, ["link.csv"])


def test_a_missing_file(book):
    """The name that may be meant is proposed; every missing file is said."""
    with pytest.raises(EntriesError) as caught:
        opened(book, ["entires.csv", "Entries.csv"]).reporting_year().entries  # noqa: B018
    assert [finding.message for finding in caught.value.findings] == [
        "there is no such file. Did you mean 'entries.csv'?"
    ] * 2
    (book / "registers.csv").write_text("", encoding="utf-8")
    with pytest.raises(
        BookError, match=r"line 10: files.registers: there is no file 'register.csv'. Did you mean 'regi"
    ):
        opened(book, ["entries.csv"], 'registers = "register.csv"')
