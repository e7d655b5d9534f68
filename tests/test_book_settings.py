"""The settings of a book: strict, and refused with file, line, reason and remedy in both languages."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.activity_data.organisation import Holding
from carbonledger.core.errors import BookError
from carbonledger.core.toml_file import TomlFile, read_toml
from tests.support import PROJECT, examples

EXAMPLE = PROJECT / "examples" / "chinese-group"
TEXT = (EXAMPLE / "book.toml").read_text(encoding="utf-8")
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def book(tmp_path):
    """A copy of an example, whose settings can be written anew."""
    shutil.copytree(EXAMPLE, tmp_path / "book")
    return tmp_path / "book"


def refusal(book, text):
    """What is said of settings, in English and in Chinese."""
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    (book / "book.toml").write_bytes(content)
    with pytest.raises(BookError) as caught:
        cl.open_book(book)
    error = caught.value
    assert CHINESE.search(error.text_in("zh"))
    return error.text_in("en")


def changed(old, new):
    """The settings of the example with one thing changed."""
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def line_of(text, words):
    """The line on which some words stand."""
    return next(number for number, line in enumerate(text.splitlines(), start=1) if words in line)


@pytest.mark.parametrize(
    ("old", "new", "setting", "words"),
    [
        ("ownership_percent = 60", "ownership_percent = true", "holding[2].ownership_percent", "a number is expected"),
        ("ownership_percent = 60", 'ownership_percent = "60"', "holding[2].ownership_percent", 'not "60"'),
        ("reporting_year = 2023", 'reporting_year = "2023"', "company.reporting_year", "a whole number is expected"),
        ("reporting_year = 2023", "reporting_year = 2023.0", "company.reporting_year", "a whole number is expected"),
        ("reporting_year = 2023", "reporting_year = 99999", "company.reporting_year", "at most 2200"),
        ("reporting_year = 2023", "reporting_year = 0x" + "f" * 9000, "company.reporting_year", "too large"),
        ("[factors]", '[factors]\nas_of = "2025"', "factors.as_of", "as in 2025-04-30"),
        ("[factors]", '[factors]\nas_of = "2025-02-30"', "factors.as_of", "as in 2025-04-30"),
        ("[factors]", "[factors]\nas_of = 2025-04-30T00:00:00", "factors.as_of", "as in 2025-04-30"),
        ("[factors]", "[factors]\nas_of = 20250430", "factors.as_of", "as in 2025-04-30"),
        ("amount = 500", "amount = inf", "driver[1].amount", "finite"),
        ("amount = 500", "amount = nan", "driver[1].amount", "finite"),
        ("amount = 500", "amount = 0", "driver[1].amount", "above 0"),
        ("amount = 500", "amount = 500\nscopes = [true]", "driver[1].scopes[1]", "a whole number is expected"),
        ("amount = 500", "amount = 500\nscopes = [1, 1]", "driver[1].scopes", "twice"),
        ("amount = 500", "amount = 500\nscopes = []", "driver[1].scopes", "empty"),
        ('entries = ["entries.csv"]', "entries = []", "files.entries", "empty"),
        ('entries = ["entries.csv"]', 'entries = "entries.csv"', "files.entries", "a list is expected"),
        ('entries = ["entries.csv"]', "entries = [1]", "files.entries[1]", "a text is expected"),
        ('approach = "operational_control"', 'approach = "control"', "boundary.approach", "equity_share, financial"),
        ("financial_control = true", 'financial_control = "yes"', "holding[1].financial_control", "true or false"),
        ('region = "CN-SD"', "regoin = 1", "site[1].regoin", "Did you mean 'region'?"),
        ('id = "north"', 'id = ""', "entity[1].id", "empty"),
    ],
)
def test_a_wrong_value_is_refused_with_its_line(book, old, new, setting, words):
    """Nothing is read as something else: file, line, setting, what is expected and what to do are said."""
    text = changed(old, new)
    said = refusal(book, text)
    line = line_of(text, new.splitlines()[-1][:40])
    assert f"book.toml, line {line}: {setting}" in said
    assert words in said


def test_all_faults_are_said_at_once(book):
    """A file with four faults is mended in one go."""
    text = changed("gwp =", "gpw =").replace("= 60", '= "60"').replace("reporting_year = 2023", "reporting_year = true")
    said = refusal(book, text)
    for words in ("factors.gwp is missing", "Did you mean 'gwp'?", "holding[2].ownership_percent", "reporting_year"):
        assert words in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (changed("amount = 500", "amount = 5 00"), "line 67: something stands behind the value"),
        (changed('region = "CN"\n', 'region = "CN"\nregion = "CN"\n'), "line 7: a setting is given twice"),
        (changed('["entries.csv"]', '["data\\entries.csv"]'), "line 62: a text has a backslash"),
        (changed('["entries.csv"]', '["entries.csv"'), "line 62"),
        (changed('name_en = "East plant"', 'name_en = "East plant'), "line 21: a quotation mark is opened"),
        (changed("= 2023", "= " + "9" * 5000), "line 5: a number has thousands of digits"),
        (TEXT + "\nx = " + "[" * 4000 + "]" * 4000, "line 70: brackets are nested too deeply"),
        (TEXT + "\nx = " + "{a = " * 4000 + "1" + "}" * 4000, "line 70: brackets are nested too deeply"),
        (TEXT.encode("utf-16"), "line 1: the text is in UTF-16"),
        (TEXT.encode("gb18030"), "line 3: the text is not in UTF-8"),
        (b"\x00\x00", "line 1"),
        ("", "company: the table is missing"),
        (b"x = 1\n" * 1_000_000, "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_read(book, text, words):
    """What is no TOML in UTF-8 is refused with the line and the way out."""
    assert words in refusal(book, text)


@pytest.mark.parametrize("text", [b"\xef\xbb\xbf" + TEXT.encode(), TEXT.replace("\n", "\r\n").encode()])
def test_what_editors_of_windows_save(book, text):
    """A mark before the text and line ends of Windows are read."""
    (book / "book.toml").write_bytes(text)
    assert cl.open_book(book).year == 2023


@pytest.mark.parametrize("day", ["2025-04-30", '"2025-04-30"'])
def test_a_day_as_date_or_text(book, day):
    """A whole day is a date of TOML or a text."""
    (book / "book.toml").write_text(changed("[factors]", f"[factors]\nas_of = {day}"), encoding="utf-8")
    assert str(cl.open_book(book).settings.factors.as_of) == "2025-04-30"


def test_no_folder_no_file(tmp_path):
    """A folder in the place of the file, a folder without one, and nothing at all are told apart."""
    (tmp_path / "book.toml").mkdir()
    for place, words in ((tmp_path, "not a file"), (tmp_path / "x", "no such file or folder"), ("a\0b", "null byte")):
        with pytest.raises(BookError, match=words):
            cl.open_book(place)
    with pytest.raises(BookError, match=r"no book\.toml"):
        cl.open_book(tmp_path / "book.toml")


@pytest.mark.parametrize("kept", ["zh", "en"])
def test_one_name_is_enough(book, kept):
    """What is named in one language is printed by that name in both."""
    gone = {"zh": "name_en", "en": "name_zh"}[kept]
    text = "\n".join(line for line in TEXT.splitlines() if not line.startswith(gone))
    (book / "book.toml").write_text(text, encoding="utf-8")
    year = cl.open_book(book).reporting_year()
    name = {"zh": "北方厂", "en": "North plant"}[kept]
    assert [year.entity_names[lang]["north"] for lang in ("zh", "en")] == [name, name]
    assert "Intensity" in repr(year.intensities[0])


def test_a_name_in_neither_language(book):
    """A company, a driver and the book itself need a name."""
    text = re.sub(r"(?m)^name_(zh|en) = .*\n", "", TEXT)
    said = refusal(book, text)
    assert "company: a name is missing" in said
    assert "entity[2]: a name is missing" in said
    assert "driver[1].name_zh is missing" in said


def test_records_made_in_python_are_as_strict():
    """What a script states of a holding is held to the same rules."""
    with pytest.raises(ValueError, match="ownership_percent"):
        Holding("a", ownership_percent=True)
    with pytest.raises(ValueError, match="finite"):
        Holding("a", ownership_percent=float("inf"))


@given(st.lists(st.sampled_from(["a = 1", "[t]", "[[l]]", "[l.u]", "b.c = [\n1,\n]", 'd = """\n[x]\n"""', "# e", ""])))
@examples(200)
def test_the_line_of_every_key(lines):
    """A key stands on the line that is given for it, whatever values of several lines stand before it."""
    text = "\n".join(lines) + "\nlast = 1\n"
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    file = TomlFile(Path("book.toml"), tables, text)
    number = text.rstrip().count("\n") + 1
    assert number in {line for key, line in file.lines.items() if key[-1] == "last"}


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
@examples(200)
def test_any_bytes_are_tables_or_a_refusal(tmp_path_factory, content):
    """Whatever a file holds, it is read or refused."""
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    said = ""
    try:
        read_toml(path)
    except BookError as error:
        said = error.text_in("zh")
    assert not said or "any.toml" in said


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ('[[table]]\nfile = "a.csv"\ncolums = {}', ["table[1].colums", "columns"]),
        ('[[table]]\nfile = "a.csv"\n[table.columns]\nx = "amont"', ["table[1].columns", "amount"]),
        ('[[table]]\nfile = "a.csv"\nheadings = [4, 3]', ["row 4", "row 3"]),
        ('[[table]]\nfile = "a.csv"\nheadings = "3"', ["headings = [3, 4]"]),
        ('[[table]]\nfile = "a.csv"\nfill_down = "yes"', ["fill_down = true"]),
        ('[[table]]\nfile = "a.csv"\nheadings = 3\nlast_row = 2', ["row 2", "row 3"]),
        ('[[table]]\nfile = "a.csv"\nheadings = 3\nskip_rows = [3]', ["row 3"]),
        ('[[table]]\nfile = "a.csv"\nskip = true\nunit = "kWh"', ["skip", "unit"]),
        ('[[table]]\nsheet = "May"', ["table[1].file is missing"]),
        ('[table]\nfile = "a.csv"', ["[[table]]"]),
    ],
)
def test_a_table_that_cannot_be_stated_so(book, section, words):
    """A section [[table]] with an unknown setting, a wrong value or a contradiction is refused with its place."""
    path = book / "book.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n" + section + "\n", encoding="utf-8")
    with pytest.raises(cl.errors.BookError) as raised:
        cl.open_book(book)
    assert all(word in str(raised.value) for word in words), str(raised.value)


def test_tables_of_a_book(tmp_path):
    """A section means a file by its name or by its path, and one that means none of the book's files is an error."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "use.csv").write_text("used,month\n1,2025-01\n", encoding="utf-8")
    head = (
        '[company]\nname_en = "x"\nreporting_year = 2025\nregion = "CN-SD"\n[factors]\ngwp = "ipcc-ar5@2013"\n'
        'emissions = ["cn-mee-nbs-grid@2023"]\n[files]\nentries = ["a/use.csv", "b/use.csv"]\n'
    )
    section = (
        '[[table]]\nfile = "{}"\nactivity = "electricity.grid"\nunit = "MWh"\nsite = "{}"\n[table.columns]\n'
        'used = "amount"\nmonth = "period"\n'
    )
    text = (
        head + section.format("a/use.csv", "A") + section.format("./b/use.csv", "B") + section.format("c/use.csv", "C")
    )
    (tmp_path / "book.toml").write_text(text, encoding="utf-8")
    # The two files are copies, which is an error of its own.
    (tmp_path / "b" / "use.csv").write_text("used,month\n2,2025-01\n", encoding="utf-8")
    entries = cl.open_book(tmp_path).entries
    assert entries.frame[["site", "amount"]].values.tolist() == [["A", 1.0], ["B", 2.0]]
    assert [finding.says.key for finding in entries.findings if finding.severity == "error"] == [
        "TABLE_SETTING.no_file"
    ]
