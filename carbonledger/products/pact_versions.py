"""One product footprint by the names, units and types of another version of PACT.

References
----------
Decision 36 of the PACT data exchange protocol (Clarify product amount, 2024): in version 2 a footprint is per one unit, in version 3 per
declared unit, which is an amount with its unit. A bottle of 12 L at 1.5 kg CO2e/L is 18 kg CO2e.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from carbonledger.products.pact_document import PactFootprint, pact_rows
from carbonledger.products.pact_model import MODELS

__all__ = ["LATEST", "decimal_text", "to_version"]

# The specifications that documents are written by.
LATEST = {2: "2.3.0", 3: "3.0.3"}
_DIGITS = Context(prec=60)
_AMOUNT = {2: "unitaryProductAmount", 3: "declaredUnitAmount"}
_KILOGRAM = "kilogram"


def decimal_text(number: Decimal) -> str:
    """A number as PACT writes decimals: digits without an exponent, and no zeros at the end.

    Examples
    --------
    >>> decimal_text(Decimal("18.0")), decimal_text(Decimal("1E-7")), decimal_text(Decimal(0))
    ('18', '0.0000001', '0')
    """
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if text not in {"", "-0"} else "0"


def to_version(footprint: PactFootprint, version: int) -> PactFootprint:
    """The same footprint by the names, units and types of another version of the specification.

    Parameters
    ----------
    footprint : PactFootprint
        Of version 2 or 3; one of neither is given back as it is.
    version : {2, 3}
        In version 2 values are per one unit, in version 3 per declared unit; what has no counterpart keeps its name.

    Returns
    -------
    PactFootprint
        Its ``findings`` say what the other version asks for beyond.

    Examples
    --------
    >>> bottle = {"declaredUnit": "liter", "unitaryProductAmount": "12", "pCfExcludingBiogenic": "1.5"}
    >>> to_version(PactFootprint({"specVersion": "2.3.0", "pcf": bottle}), 3).pcf["pcfExcludingBiogenicUptake"]
    '18'
    """
    document = _converted(deepcopy(dict(footprint.document)), footprint.version, version)
    return PactFootprint(document, footprint.file)


def _converted(document: dict[str, Any], given: int, wanted: int) -> dict[str, Any]:
    """A document by another version; one of a version that is unknown, or the same, as it is."""
    pcf = document.get("pcf")
    if given == wanted or {given, wanted} != set(MODELS) or not isinstance(pcf, dict):
        return document
    amount = _decimal(pcf.get(_AMOUNT[given]))
    parts = {"pcf": pcf, "dqi": pcf.get("dqi")}
    _flatten(pcf)
    for row in pact_rows("pact_names"):
        part = parts[row["object"]]
        old, new = row[f"v{given}"], row[f"v{wanted}"]
        if isinstance(part, dict) and old in part and (new == old or new not in part):
            value = _CHANGES[row["change"]](part[old], wanted, amount)
            _rename(part, old, new, value)
    _only_one_way(pcf, wanted)
    document["specVersion"] = LATEST[wanted]
    return document


def _flatten(pcf: dict[str, Any]) -> None:
    """Take the geography out of the object that examples of version 2 put around it."""
    scope = pcf.get("geographicScope")
    if isinstance(scope, dict) and not any(name in pcf for name in scope):
        del pcf["geographicScope"]
        pcf |= scope


def _rename(part: dict[str, Any], old: str, new: str, value: Any) -> None:
    """Put a value under its new name, in the place of the old one."""
    items = [(new, value) if name == old else (name, kept) for name, kept in part.items()]
    part.clear()
    part |= dict(items)


def _decimal(value: Any) -> Decimal | None:
    """A decimal of a document; None if it is none, or not above 0."""
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and number > 0 else None


def _same(value: Any, wanted: int, amount: Decimal | None) -> Any:
    """A value that only gets another name."""
    del wanted, amount
    return value


def _per_unit(value: Any, wanted: int, amount: Decimal | None) -> Any:
    """A value per one unit as one per declared unit, or the other way round."""
    if amount in {None, Decimal(1)} or amount is None or not isinstance(value, str):
        return value
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    return decimal_text(_DIGITS.multiply(number, amount) if wanted == max(MODELS) else _DIGITS.divide(number, amount))


def _number(value: Any, wanted: int, amount: Decimal | None) -> Any:
    """A number of version 2 as the text of version 3, or the other way round."""
    del amount
    if wanted == max(MODELS):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return f"{Decimal(repr(value)):f}" if is_number else value
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _standards(value: Any, wanted: int, amount: Decimal | None) -> Any:
    """Cross-sectoral standards by the words of the version; others as they are."""
    del amount
    other = min(MODELS) if wanted == max(MODELS) else max(MODELS)
    words = {row[f"v{other}"]: row[f"v{wanted}"] for row in pact_rows("pact_standards")}
    return (
        [words.get(item, item) if isinstance(item, str) else item for item in value]
        if isinstance(value, list)
        else value
    )


_CHANGES: Mapping[str, Callable[[Any, int, Decimal | None], Any]] = {
    "name": _same,
    "per_unit": _per_unit,
    "number": _number,
    "standards": _standards,
}


def _only_one_way(pcf: dict[str, Any], wanted: int) -> None:
    """What follows from the other fields and has no field of its own in the other version."""
    if wanted == max(MODELS):
        single = pcf.get("characterizationFactors")
        if isinstance(single, str) and "ipccCharacterizationFactors" not in pcf:
            pcf["ipccCharacterizationFactors"] = [single]
        if pcf.get("declaredUnitOfMeasurement") == _KILOGRAM and "productMassPerDeclaredUnit" not in pcf:
            pcf["productMassPerDeclaredUnit"] = pcf.get("declaredUnitAmount")
        return
    reports = pcf.get("ipccCharacterizationFactorsSources")
    if "characterizationFactors" not in pcf and isinstance(reports, list) and len(reports) == 1:
        pcf["characterizationFactors"] = reports[0]
