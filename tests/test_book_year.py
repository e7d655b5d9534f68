"""A reporting year is calculated once, and every verb of the library is a view of it."""

import shutil

import pytest

import carbonledger as cl
from carbonledger.book import year as year_module
from tests.conftest import PROJECT

TECHEN = PROJECT / "seeds" / "techen-2024"


@pytest.fixture
def counted(monkeypatch):
    """How often the inventory of a book is calculated."""
    calls = []
    original = year_module.calculate

    def calculate(*arguments, **options):
        calls.append(arguments)
        return original(*arguments, **options)

    monkeypatch.setattr(year_module, "calculate", calculate)
    return calls


def test_one_calculation_for_every_view(counted):
    """Report, findings, disclosure and reconciliation of one year rest on one calculation."""
    year = cl.report(TECHEN)
    assert year.to_dict("zh")["complete"] is True
    assert cl.check(year) == list(year.findings)
    assert not cl.reconcile(year).follows
    assert len(cl.disclose(year, "gri-302-1"))
    assert len(counted) == 1


def test_a_comparison_calculates_each_year_once(counted):
    """Two years, two calculations."""
    year = cl.report(PROJECT / "examples" / "second-year")
    assert set(year.changes) == {"line", "activity", "scope"}
    assert year.findings is year.findings
    assert len(counted) == 2


def test_a_book_keeps_its_years():
    """The same record is given each time."""
    book = cl.open_book(TECHEN)
    assert book.reporting_year() is book.report() is cl.report(book)
    assert book.reporting_year(2023) is not book.reporting_year()


def test_check_takes_a_book_a_file_or_entries(tmp_path):
    """Entries alone are checked year by year; a book by everything it holds."""
    entries = cl.read_entries(TECHEN / "entries.csv")
    assert cl.check(entries) == cl.check(TECHEN / "entries.csv")
    shutil.copytree(TECHEN, tmp_path / "book")
    assert cl.check(tmp_path / "book") == cl.check(tmp_path / "book" / "book.toml")


def test_names_are_short_to_print():
    """What a notebook shows of a book, its year and its inventory is one line."""
    book = cl.open_book(TECHEN)
    for thing in (book, book.reporting_year(), book.inventory(), book.factors, book.entries):
        assert len(repr(thing)) < 200


def test_former_attributes_work_with_a_warning():
    """What a book itself gave until 0.1 is still found for one release."""
    book = cl.open_book(TECHEN)
    with pytest.warns(DeprecationWarning, match="reporting_year"):
        assert book.holdings == []
    with pytest.warns(DeprecationWarning, match="Finding.remedy"):
        assert book.check()[0].way_out == book.check()[0].remedy
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        book.nothing  # noqa: B018
