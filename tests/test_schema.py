"""The frames have the columns of ``core/schema.csv``: names, order and dtypes, with a meaning in both languages."""

from datetime import date

import narwhals as nw
import pytest

import carbonledger as cl
from carbonledger.activity_data.entries import ENTRY_COLUMNS
from carbonledger.core.errors import InvariantError
from carbonledger.core.schema import ENTRY_SCHEMA, LINE_SCHEMA, Column, line_columns
from carbonledger.inventory import lines
from docs import schema as schema_page
from tests.support import PROJECT

BOOKS = ("seeds/techen-2024", "examples/chinese-group", "examples/uk-company", "examples/us-company")


@pytest.fixture(scope="module", params=BOOKS)
def book(request):
    """A real book."""
    return cl.open_book(PROJECT / request.param)


def dtypes_of(frame):
    """Name and dtype of each column, in order."""
    return [(str(name), str(dtype)) for name, dtype in frame.dtypes.items()]


def expected(columns):
    """Name and pandas dtype that a schema states, in order."""
    return [(column.name, column.pandas_dtype) for column in columns]


def test_entries_have_their_schema(book):
    """Real entries have exactly the columns and dtypes of the schema; dates are dates."""
    frame = book.entries.frame
    assert dtypes_of(frame) == expected(ENTRY_SCHEMA)
    days = [column.name for column in ENTRY_SCHEMA if column.dtype == "date"]
    assert days
    assert all(type(day) is date for name in days for day in frame[name])


def test_lines_have_their_schema(book):
    """Real lines have the columns of entries, then exactly those of a calculation with the gases of its plan."""
    inventory = book.inventory()
    is_consolidated = "consolidation_share" in inventory.lines
    columns = (*ENTRY_SCHEMA, *line_columns(inventory.plan.gases, is_consolidated=is_consolidated))
    assert dtypes_of(inventory.lines) == expected(columns)


def test_a_group_has_its_share():
    """Only a consolidated inventory has the column of shares."""
    assert "consolidation_share" in cl.open_book(PROJECT / "examples/chinese-group").inventory().lines
    assert "consolidation_share" not in cl.open_book(PROJECT / "seeds/techen-2024").inventory().lines


def test_empty_entries_have_their_schema():
    """Entries without a row have the columns and number dtypes all the same."""
    frame = cl.read_entries([{"activity": "?", "amount": 1, "unit": "kWh", "year": 2024}]).frame
    numbers = [(column.name, column.dtype) for column in ENTRY_SCHEMA if column.dtype in {"int64", "float64"}]
    assert frame.empty
    assert [pair for pair in dtypes_of(frame) if pair[1] in {"int64", "float64"}] == numbers
    assert tuple(frame.columns) == ENTRY_COLUMNS


@pytest.mark.parametrize("dtype", [nw.String(), None])
def test_a_column_of_another_dtype_is_a_defect(dtype):
    """A column that the schema does not know in this dtype is refused."""
    assert not lines._is_of_dtype(dtype, "float64")
    cells = {"energy_gj": ["much"]} if dtype else {"other": [1.0]}
    frame = nw.from_dict(cells, backend="pandas")
    energy = next(column for column in LINE_SCHEMA if column.name == "energy_gj")
    with pytest.raises(InvariantError, match="energy_gj"):
        lines._in_schema(frame, [energy])


@pytest.mark.parametrize("column", [*ENTRY_SCHEMA, *LINE_SCHEMA], ids=lambda column: column.name)
def test_each_column_is_explained(column: Column):
    """Every column has a meaning in both languages, a known dtype, and a unit if it holds measures."""
    assert column.meaning_en
    assert column.meaning_zh
    assert column.meaning_en.isascii()
    assert column.dtype in {"str", "int64", "float64", "date"}
    assert column.unit or column.dtype in {"str", "int64"}
    assert column.presence in {"always", "each gas", "consolidated"}


def test_names_are_unique():
    """No column of a calculation has the name of one of the entries."""
    names = [column.name for column in (*ENTRY_SCHEMA, *LINE_SCHEMA)]
    assert len(set(names)) == len(names)


def test_the_page_is_up_to_date():
    """The page is what the table makes of it."""
    assert schema_page.PAGE.read_text(encoding="utf-8") == schema_page.page()
