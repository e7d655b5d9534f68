"""Numbers as people and spreadsheets write them, read by the convention of the whole column."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonledger.core.findings import Message
from carbonledger.core.number_text import number_text
from carbonledger.tables.number_columns import read_numbers


def one(cells, **conventions):
    """A column read on its own: its numbers, None for a gap, and the case of a defect where there is one."""
    column = read_numbers({"x": cells}, **conventions)["x"]
    return [
        column.defects[at].key.partition(".")[2] if at in column.defects else None if math.isnan(value) else value
        for at, value in enumerate(column.values.tolist())
    ]


@pytest.mark.parametrize(
    ("cells", "conventions", "expected"),
    [
        # The cells of the column tell.
        (["0,454", "0,215", "0,62", "11,711"], {"delimiter": ";"}, [0.454, 0.215, 0.62, 11.711]),
        (["0,100", "0,101", "1,102"], {"delimiter": ";", "country": "CN"}, [0.1, 0.101, 1.102]),
        (["1.234,5", "12.345"], {}, [1234.5, 12345]),
        (["1,234.5", "12,345"], {"delimiter": ";"}, [1234.5, 12345]),
        (["1,234,567", "1,234"], {"country": "DE"}, [1234567, 1234]),
        (["12.34", "12.345"], {"country": "DE"}, [12.34, 12.345]),
        (["1 234 567", "1 234"], {}, [1234567, 1234]),
        (["1\u00a0234,5", "1\u00a0234"], {}, [1234.5, 1234]),
        (["1'234'567.5", "12"], {}, [1234567.5, 12]),
        # What the cells leave open, the country settles where its practice and the file agree.
        (["1,234"], {"country": "CN"}, [1234]),
        (["1,234"], {"country": "CN", "delimiter": ";"}, ["open"]),
        (["1,234"], {"country": "DE"}, ["open"]),
        (["1,234"], {}, ["open"]),
        (["12.345"], {"country": "DE", "delimiter": ";"}, ["open"]),
        (["12.345"], {"country": "GB", "delimiter": ";"}, [12.345]),
        (["12.345"], {"delimiter": ","}, [12.345]),
        (["1,234"], {"country": "CN", "decimal": ","}, [1.234]),
        (["1.234"], {"country": "DE", "decimal": ","}, [1234]),
        # A column that contradicts itself is not read by one half of it.
        (["1,234.5", "0,500", "7"], {"country": "CN"}, ["mixed", "mixed", 7]),
        (["12,34"], {"country": "CN", "delimiter": ","}, ["against_country"]),
        # What stands for nothing.
        (["-", "—", "/", "无", "n/a", "", " ", None, math.nan], {}, [None] * 9),
        # Accounting forms.
        (["(123)", "▲1.01", "-5", "−5", "5-"], {}, [-123, -1.01, -5, -5, -5]),
        (["12万3456", "1.5万", "2亿"], {}, [123456, 15000, 200000000]),
        (["１２３．５"], {}, [123.5]),
        (["2.388 x 10^-5", "2.388E-5", "2.388×10⁻⁵"], {"delimiter": ","}, [2.388e-5] * 3),
    ],
)  # fmt: skip
def test_conventions_of_a_column(cells, conventions, expected):
    """The decimal sign is that of the whole column, then of the country and the file; what stays open is asked."""
    assert one(cells, **conventions) == expected


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("10²", "raised_digit"),
        ("3①", "raised_digit"),
        ("½", "fraction"),
        ("1/2", "fraction"),
        ("100 200", "two_numbers"),
        ("1'2", "grouping"),
        ("1,23,4", "grouping"),
        ("1,00,000", "grouping"),
        ("1_5", "underscore"),
        ("123*", "footnote"),
        ("123 [1]", "footnote"),
        ("-0", "negative_zero"),
        ("1e-400", "underflow"),
        ("1e999", "overflow"),
        ("inf", "infinite"),
        ("#REF!", "error_value"),
        ("#DIV/0!", "error_value"),
        ("=SUM(A1:A3)", "formula"),
        ("١٢", "other_digits"),
        ("12 t", "other"),
        ("two", "other"),
        ("9" * 400, "too_long"),
        (True, "truth_value"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_by_name(text, case):
    """Superscripts, fractions, two numbers, footnotes, errors of formulas: each is said, and none becomes a number."""
    assert one([text, "5"]) == [case, 5]


def test_columns_of_a_file_help_each_other():
    """A decimal comma that one column proves settles another of the file."""
    read = read_numbers({"mwh": ["1,234"], "rate": ["0,5306"]}, delimiter=";")
    assert read["mwh"].values.tolist() == [1.234]
    assert read["rate"].comma_example is not None


def written(value, places, group, decimal):
    """A number with groups of three and a decimal sign."""
    return f"{value:,.{places}f}".replace(",", "\0").replace(".", decimal).replace("\0", group)


@given(
    st.lists(st.floats(0, 1e9), min_size=3, max_size=20),
    st.integers(1, 4),
    st.sampled_from([",.", ".,", "\u00a0,", "'.", "\u202f."]),
)
def test_a_written_column_is_read_back(values, places, signs):
    """A column written in one convention is read back, or refused where it leaves the sign open; never as other numbers."""
    group, decimal = signs
    cells = [written(value, places, group, decimal) for value in values]
    for text, got in zip(cells, one(cells), strict=True):
        wanted = float(text.replace(group, "").replace(decimal, "."))
        assert got == wanted or isinstance(got, str)


@given(st.text(max_size=12))
def test_no_text_becomes_a_number_by_losing_signs(text):
    """A number read from any text has exactly the digits of the text, or it is refused."""
    got = number_text(text)
    if isinstance(got, Message):
        return
    plain = got.point or got.comma
    if "e" not in plain:
        shown = "".join(sign for sign in text if sign.isdigit())
        digits = "".join(sign for sign in plain if sign.isdigit())
        assert digits.lstrip("0") == "".join(str(int(sign)) for sign in shown).lstrip("0")
