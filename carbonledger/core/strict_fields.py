"""Fields of settings that mean what is written: ``true`` is no number, ``"2024"`` no year, and a day is a whole day."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError, PydanticKnownError

__all__ = ["RECORD", "STRICT", "Day", "Listed", "Name", "Number", "Truth", "Whole", "WholeNumber", "Year", "each_once"]

STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)
# A record of another room that a table of a file makes: pydantic would take no table for a record that is strict as a whole, so its
# fields are, by the types below.
RECORD = ConfigDict(extra="forbid", allow_inf_nan=False, defer_build=True)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _whole_day(value: Any) -> Any:
    """A day of the calendar, as a date of TOML or as text such as ``2025-04-30``."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise PydanticCustomError("day", "a day such as 2025-04-30") from error
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise PydanticCustomError("day", "a day such as 2025-04-30")


def _whole_number(value: Any) -> Any:
    """A number that is one: pydantic takes ``true`` for the 1 of a list of numbers."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise PydanticKnownError("int_type")
    return value


WholeNumber = BeforeValidator(_whole_number)
Day = Annotated[date, BeforeValidator(_whole_day)]
Number = Annotated[float, Strict()]
Whole = Annotated[int, Strict()]
Truth = Annotated[bool, Strict()]
Year = Annotated[int, Field(ge=1900, le=2200)]
Name = Annotated[str, Field(min_length=1)]
# A list of a file is kept as a tuple; what is in it stays strict.
Listed = Strict(strict=False)


def each_once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """A list in which nothing stands twice, so that nothing is counted twice.

    Raises
    ------
    PydanticCustomError
        If something does.
    """
    twice = next((value for at, value in enumerate(values) if value in values[:at]), None)
    if twice is not None:
        raise PydanticCustomError("repeated", "each value once", {"name": str(twice)})
    return values
