"""Fields of settings that mean what is written: ``true`` is no number, ``"2024"`` no year, and a day is a whole day."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, cast

from pydantic import BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, Strict
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError

__all__ = ["STRICT", "AsTable", "Day", "Listed", "Name", "WholeNumber", "Year", "each_once"]

STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)

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


class AsTable:
    """Marks a record that a table of a file makes; its own fields stay strict."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The record's schema, which accepts a table."""
        schema = handler(source)
        record: dict[str, Any] = cast("dict[str, Any]", handler.resolve_ref_schema(schema))
        record["strict"] = False
        return schema
