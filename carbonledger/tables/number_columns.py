"""Columns of numbers: the decimal sign is that of the whole column and file, never guessed from one cell.

What decides, in this order: the setting; the cells of the column that can be read in one way only; those of the other columns of the
file; the country's practice together with what stands between the cells of the file. What is left open is a finding, not a number.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from carbonledger.core.findings import Message
from carbonledger.core.number_text import NumberText, decimal_sign_of_country, is_gap, number_text

__all__ = ["NumberColumn", "read_numbers"]

_PLAIN, _GROUPED = frozenset("0123456789."), frozenset("0123456789.,")
_WITH_POINT = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", re.ASCII)
# So many cells that show a decimal comma settle it against the practice of the country.
_ENOUGH_COMMAS = 2
_MOMENTS = (date, datetime, time, timedelta)


@dataclass(slots=True)
class NumberColumn:
    """The numbers of a column.

    Parameters
    ----------
    values : numpy.ndarray, shape (rows,)
        float64, in the unit of the column; not a number where there is none.
    defects : dict of int to Message
        By position, why a cell is no number.
    decimal : str
        ``.`` or ``,`` as the cells and the file tell; empty if no cell needs it.
    comma_example : Message or None
        Says with an example that the comma is read as the decimal sign; None unless it is.
    """

    values: np.ndarray[Any, Any]
    defects: dict[int, Message] = field(default_factory=dict)
    decimal: str = ""
    comma_example: Message | None = None

    def is_gap(self, at: int) -> bool:
        """Whether the cell says nothing, as opposed to something that is no number."""
        return bool(math.isnan(self.values[at])) and at not in self.defects


@dataclass(slots=True)
class _Texts:
    """The cells of a column that are text and not plain digits, each distinct one once."""

    column: NumberColumn
    places: dict[str, list[int]] = field(default_factory=dict)
    read: dict[str, NumberText] = field(default_factory=dict)

    def proving(self, decimal: str) -> list[str]:
        """The texts that can be read with one decimal sign only."""
        return [text for text, number in self.read.items() if number.decimal == decimal]

    @property
    def decimal(self) -> str:
        """The decimal sign that all cells which prove one agree on; empty if none does or they differ."""
        signs = {number.decimal for number in self.read.values()} - {""}
        return signs.pop() if len(signs) == 1 else ""

    @property
    def is_mixed(self) -> bool:
        """Whether some cells prove the point and others the comma."""
        return bool(self.proving(".") and self.proving(","))


def read_numbers(
    columns: Mapping[str, Sequence[Any]], *, decimal: str = "", country: str = "", delimiter: str = ""
) -> dict[str, NumberColumn]:
    """The number columns of one table.

    Parameters
    ----------
    columns : mapping of str to sequence of object
        The cells of each column, by the name of its field.
    decimal : {"", ".", ","}
        The decimal sign that a setting states; empty if none does.
    country : str
        ISO 3166-1 code of where the table comes from; empty if unknown.
    delimiter : str
        What stands between the cells of a CSV; empty for workbooks and frames.

    Returns
    -------
    dict of str to NumberColumn

    Examples
    --------
    >>> read_numbers({"amount": ["0,454", "11,711"]})["amount"].values.tolist()
    [0.454, 11.711]
    >>> read_numbers({"amount": ["1,234"]}, country="CN")["amount"].values.tolist()
    [1234.0]
    >>> read_numbers({"amount": ["1,234"]}, country="CN", delimiter=";")["amount"].defects[0].key
    'DECIMAL_SIGN.open'
    """
    is_open = delimiter == ";" or (delimiter != "," and decimal_sign_of_country(country) == ",")
    needs_sign = decimal == "," or (not decimal and is_open)
    texts = {name: _texts_of(cells, is_point_certain=not needs_sign) for name, cells in columns.items()}
    proven = {item.decimal for item in texts.values() if not item.is_mixed} - {""}
    of_file = proven.pop() if len(proven) == 1 else ""
    for item in texts.values():
        _settle(item, decimal, of_file, country, delimiter)
    return {name: item.column for name, item in texts.items()}


def _texts_of(cells: Sequence[Any], *, is_point_certain: bool) -> _Texts:
    """The numbers of a column as far as they are certain, and its other texts."""
    values = _plain_numbers(cells, is_point_certain=is_point_certain)
    if values is not None:
        return _Texts(NumberColumn(values))
    column = NumberColumn(np.full(len(cells), math.nan))
    texts = _Texts(column)
    for at, cell in enumerate(cells):
        if isinstance(cell, str):
            texts.places.setdefault(cell, []).append(at)
        elif cell is not None:
            _take_typed(column, at, cell)
    _read_each(texts)
    return texts


def _read_each(texts: _Texts) -> None:
    """Read each distinct text; what is no number is a defect wherever it stands."""
    for text in list(texts.places):
        number = None if is_gap(text) else number_text(text)
        if isinstance(number, NumberText):
            texts.read[text] = number
        else:
            places = texts.places.pop(text)
            if number is not None:
                texts.column.defects.update(dict.fromkeys(places, number))


def _plain_numbers(cells: Sequence[Any], *, is_point_certain: bool) -> np.ndarray[Any, Any] | None:
    """The numbers of a column that plainly writes the point, or holds numbers; None if it has anything else.

    A table between whose cells no semicolon stands writes its decimals with a point if no comma is in the column, and one that groups by
    commas before a point does so in every cell.
    """
    kinds = set(map(type, cells))
    if kinds <= {float, int}:
        values = np.array(list(map(float, cells)), dtype=float)
        return values if np.isfinite(values).all() else None
    alphabet = set("".join(cells)) if kinds == {str} and is_point_certain else set()
    if not alphabet or not alphabet <= _GROUPED:
        return None
    if "," in alphabet:
        if not all(map(_WITH_POINT.fullmatch, cells)) or not any("," in cell and "." in cell for cell in cells):
            return None
        cells = [cell.replace(",", "") for cell in cells]
    try:
        values = np.array(list(map(float, cells)), dtype=float)
    except ValueError:
        return None
    if not np.isfinite(values).all() or any(cells[at].strip("0.") for at in map(int, np.flatnonzero(values == 0))):
        return None
    return values


def _take_typed(column: NumberColumn, at: int, cell: Any) -> None:
    """A cell that is no text: a number of a workbook or frame."""
    if isinstance(cell, bool | np.bool_):
        column.defects[at] = Message.of("BAD_NUMBER.truth_value", text=str(cell))
    elif isinstance(cell, _MOMENTS):
        if str(cell) != "NaT":
            column.defects[at] = Message.of("BAD_NUMBER.moment", text=str(cell))
    elif isinstance(cell, numbers.Real) or hasattr(cell, "__float__"):
        _take_number(column, at, cell)
    elif not is_gap(str(cell)):
        column.defects[at] = Message.of("BAD_NUMBER.other", text=str(cell))


def _take_number(column: NumberColumn, at: int, cell: Any) -> None:
    """A number cell, unless it is not finite; not a number is how frames write a gap."""
    try:
        value = float(cell)
    except (OverflowError, ValueError, TypeError):
        value = math.inf
    if math.isinf(value):
        column.defects[at] = Message.of("BAD_NUMBER.infinite", text=str(cell)[:20])
    elif value == 0 and cell:
        column.defects[at] = Message.of("BAD_NUMBER.underflow", text=str(cell)[:20])
    else:
        column.values[at] = value


def _settle(texts: _Texts, decimal: str, of_file: str, country: str, delimiter: str) -> None:
    """Read the texts of a column with the decimal sign that is right for it, as far as there is one."""
    chosen = decimal or texts.decimal
    if not decimal and texts.is_mixed:
        _refuse_mixed(texts)
        return
    if not decimal and chosen == "," and not _comma_is_certain(texts, country, delimiter):
        for text in texts.proving(","):
            _refuse(texts, text, Message.of("DECIMAL_SIGN.against_country", text=text))
        chosen = ""
    chosen = chosen or of_file or _practice(country, delimiter, texts)
    _take_all(texts, chosen)
    texts.column.decimal = chosen
    if chosen == ",":
        _say_comma(texts)


def _take_all(texts: _Texts, decimal: str) -> None:
    """Read every text of a column with a decimal sign; what it leaves open is a defect."""
    groups_by_space = any(number.proves_spaces for number in texts.read.values())
    for text, number in list(texts.read.items()):
        if number.is_spaced and not groups_by_space:
            _refuse(texts, text, Message.of("BAD_NUMBER.two_numbers", text=text))
        elif number.is_open and not decimal:
            readings = {"with_point": float(number.point), "with_comma": float(number.comma)}
            _refuse(texts, text, Message.of("DECIMAL_SIGN.open", text=text, **readings))
        else:
            _take_text(texts, text, number.value(decimal or number.decimal))


def _comma_is_certain(texts: _Texts, country: str, delimiter: str) -> bool:
    """Whether the decimal commas of a column are no slip of the pen in a country that writes the point."""
    against = decimal_sign_of_country(country) == "." and delimiter != ";"
    return not against or sum(len(texts.places[text]) for text in texts.proving(",")) >= _ENOUGH_COMMAS


def _practice(country: str, delimiter: str, texts: _Texts) -> str:
    """The decimal sign by the practice of the country and of the file; empty if the two leave it open."""
    sign = decimal_sign_of_country(country) if country else ""
    has_comma = any("," in text for text, number in texts.read.items() if number.is_open)
    if delimiter == ";":
        return "" if has_comma or sign != "." else "."
    if delimiter == "," and not has_comma:
        return "."
    return sign if sign == "." else ""


def _refuse_mixed(texts: _Texts) -> None:
    """Refuse what can be read in two ways in a column that mixes them; the more frequent sign keeps its proven cells."""
    by_sign = {sign: sum(len(texts.places[text]) for text in texts.proving(sign)) for sign in ".,"}
    kept = max(by_sign, key=lambda sign: by_sign[sign])
    is_clear = by_sign[kept] > 2 * min(by_sign.values())
    for text, number in list(texts.read.items()):
        is_plain = number.point == number.comma and not number.is_spaced
        if is_plain or (is_clear and number.decimal == kept):
            _take_text(texts, text, number.value(kept))
        else:
            other = texts.proving("." if number.decimal == "," else ",")
            shown = next((item for item in other if item != text), text)
            _refuse(texts, text, Message.of("DECIMAL_SIGN.mixed", text=text, other=shown))


def _refuse(texts: _Texts, text: str, message: Message) -> None:
    """Make a text a defect wherever it stands."""
    texts.column.defects.update(dict.fromkeys(texts.places[text], message))
    texts.read.pop(text, None)


def _take_text(texts: _Texts, text: str, plain: str) -> None:
    """Put the number of a text wherever it stands, unless it is beyond what can be calculated with."""
    if not plain:
        _refuse(texts, text, Message.of("BAD_NUMBER.grouping", text=text))
        return
    value = float(plain)
    if math.isinf(value):
        _refuse(texts, text, Message.of("BAD_NUMBER.overflow", text=text[:20]))
    elif value == 0 and any(digit in "123456789" for digit in plain.partition("e")[0]):
        _refuse(texts, text, Message.of("BAD_NUMBER.underflow", text=text[:20]))
    else:
        texts.column.values[texts.places[text]] = value


def _say_comma(texts: _Texts) -> None:
    """Keep an example of a decimal comma, to be said once."""
    for text, number in texts.read.items():
        if "," in text and number.comma:
            value = float(number.comma)
            texts.column.comma_example = Message.of("DECIMAL_COMMA", text=text, value=value)
            return
