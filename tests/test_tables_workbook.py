"""Workbooks as grids: what spreadsheets hide, merge and leave uncalculated, and limits that no claimed size can break."""

import contextlib
import io
import random
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

import carbonledger as cl
from carbonledger.core.errors import EntriesError
from carbonledger.tables.sheet import MergedRange
from carbonledger.tables.workbook import read_workbook

DATA = Path(__file__).parent / "data"
LONGEST_SECONDS = 5


def made(write):
    """The bytes of a workbook that a function writes."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        write(book)
    return stream.getvalue()


def with_part(content, name, change):
    """A workbook with one of its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            text = before.read(part)
            after.writestr(part, change(text) if part == name else text)
    return stream.getvalue()


def simple(book):
    """One sheet of two rows."""
    sheet = book.add_worksheet("a")
    sheet.write_row(0, 0, ["activity", "amount", "unit", "year"])
    sheet.write_row(1, 0, ["electricity.grid", 5, "kWh", 2024])


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_a_real_spreadsheet_program_is_read(suffix):
    """A file that LibreOffice wrote: places, numbers, texts and hidden sheets are those of the spreadsheet."""
    data, hidden = read_workbook(f"x.{suffix}", (DATA / f"workbook-by-libreoffice.{suffix}").read_bytes())
    assert (data.name, data.is_hidden, hidden.is_hidden) == ("data", False, True)
    assert data.rows[4][2] == "head"
    assert data.rows[5][2:4] == [1.25, 2.5]
    assert hidden.rows[0][0] == 1
    if suffix != "ods":
        assert data.merged == (MergedRange(12, 3, 13, 5),)


def test_what_excel_xml_says_beyond_values():
    """Errors of formulas and formulas that were never calculated come as their text; hidden rows and columns are named."""
    data = read_workbook("x.xlsx", (DATA / "workbook-by-libreoffice.xlsx").read_bytes())[0]
    assert data.rows[5][4] == "#DIV/0!"
    assert data.rows[5][6] == "#N/A"
    assert data.rows[5][5] == ""
    assert data.hidden_rows == {6}


def test_a_formula_that_nobody_calculated_is_no_zero(tmp_path):
    """The placeholder of a program that cannot calculate is refused, not read as 0."""

    def formula(book):
        simple(book)
        book.get_worksheet_by_name("a").write_formula(1, 1, "=2*3")

    path = tmp_path / "f.xlsx"
    path.write_bytes(made(formula))
    entries = cl.read_entries(path)
    assert [(item.rule, item.row, item.value) for item in entries.findings] == [("BAD_NUMBER", 2, "=2*3")]


def test_dates_of_both_systems():
    """A day is the same day whether the workbook counts from 1900 or from 1904."""
    for since_1904 in (False, True):

        def dated(book):
            sheet, day = book.add_worksheet("a"), book.add_format({"num_format": "yyyy-mm-dd"})
            sheet.write_datetime(0, 0, date(2024, 3, 1), day)

        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"date_1904": since_1904}) as book:
            dated(book)
        assert read_workbook("d.xlsx", stream.getvalue())[0].rows == [[date(2024, 3, 1)]]


def far(book):
    """A sheet with a cell in its last corner."""
    simple(book)
    book.get_worksheet_by_name("a").write(1_048_575, 16_383, 1)


BROKEN = {
    "a stray cell": (lambda: made(far), "WORKBOOK_TOO_LARGE", "XFD1048576"),
    "a part that swells": (
        lambda: with_part(made(simple), "xl/sharedStrings.xml", lambda text: text + b" " * 150_000_000),
        "WORKBOOK_TOO_LARGE",
        "sharedStrings.xml",
    ),
    "entities": (
        lambda: with_part(
            made(simple), "xl/worksheets/sheet1.xml", lambda text: b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + text
        ),
        "UNREADABLE_WORKBOOK",
        "damaged",
    ),
    "nothing": (lambda: b"", "UNREADABLE_WORKBOOK", "empty"),
    "a web page": (lambda: b"<html><table></table></html>", "UNREADABLE_WORKBOOK", "web page"),
    "a text": (lambda: b"activity,amount\n", "UNREADABLE_WORKBOOK", "text"),
    "half a file": (lambda: made(simple)[:2000], "UNREADABLE_WORKBOOK", "damaged"),
    "a password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "UNREADABLE_WORKBOOK",
        "password",
    ),
}


@pytest.mark.parametrize(("content", "rule", "words"), list(BROKEN.values()), ids=list(BROKEN))
def test_what_cannot_be_read_is_refused_by_name_and_at_once(content, rule, words):
    """Neither a claimed size nor a damaged archive costs memory or time."""
    made_content, begun = content(), time.perf_counter()
    with pytest.raises(EntriesError) as caught:
        read_workbook("x.xlsx", made_content)
    assert time.perf_counter() - begun < LONGEST_SECONDS
    assert caught.value.findings[0].rule == rule
    assert words in caught.value.findings[0].message


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_no_damage_breaks_the_reader(suffix):
    """A workbook with some bytes changed gives sheets or one of our errors."""
    sound = (DATA / f"workbook-by-libreoffice.{suffix}").read_bytes()
    draw = random.Random(5)  # noqa: S311 - the same damage each time
    for _ in range(150):
        content = bytearray(sound)
        for _ in range(draw.randint(1, 6)):
            content[draw.randrange(len(content))] = draw.randrange(256)
        with contextlib.suppress(EntriesError):
            read_workbook("x", bytes(content))


@pytest.mark.slow
def test_no_damage_of_an_old_workbook_ends_the_process():
    """A damaged XLS may end the process that reads it, which is not ours."""
    sound = (DATA / "workbook-by-libreoffice.xls").read_bytes()
    draw = random.Random(6)  # noqa: S311 - the same damage each time
    for _ in range(12):
        content = bytearray(sound)
        for _ in range(draw.randint(1, 30)):
            content[draw.randrange(512, len(content))] = draw.randrange(256)
        with contextlib.suppress(EntriesError):
            read_workbook("x.xls", bytes(content))
