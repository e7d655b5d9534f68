"""How a number stands in a message: as people write it, without an exponent where it is of ordinary size."""

from __future__ import annotations

import re
from decimal import Decimal
from string import Formatter
from typing import Any

__all__ = ["filled_in"]

# From a millionth to a thousand billion billions, which no amount of a company exceeds; beyond, an exponent is the shorter truth.
_SMALLEST, _LARGEST = -6, 20
_EXPONENT = re.compile(r"[+-]?[\d.]+e[+-]\d+")


def filled_in(template: str, values: dict[str, Any]) -> str:
    """A template with the values in it.

    Parameters
    ----------
    template : str
        As `str.format` takes it; numbers of a format that ends in ``g`` have no exponent: those of a stated
        precision keep its significant digits, those without are written to the unit.
    values : dict
        By name.

    Examples
    --------
    >>> filled_in("{amount:g} kWh, {ratio:.3g} times", {"amount": 1180071.4, "ratio": 10049.0})
    '1,180,071 kWh, 10,000 times'
    >>> filled_in("{amount:g} kWh", {"amount": 120000.0})
    '120000 kWh'
    """
    if "g}" not in template:
        return template.format(**values)
    return _Readable().format(template, **values)


class _Readable(Formatter):
    """A formatter that writes no exponent for numbers of ordinary size."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value in its format."""
        text = str(super().format_field(value, format_spec))
        if not format_spec.endswith("g") or not _EXPONENT.fullmatch(text):
            return text
        number = Decimal(text)
        if not _SMALLEST <= number.adjusted() <= _LARGEST:
            return text
        sign = "+" if format_spec.startswith("+") else ""
        # A bare g has six digits, which would make 1,180,071 look like 1,180,070: a large number is written to the unit.
        is_bare = format_spec.lstrip("+,") == "g" and number.adjusted() > 0
        return format(value, f"{sign},.0f") if is_bare else format(number, f"{sign},f")
