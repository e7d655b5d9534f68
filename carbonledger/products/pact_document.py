"""Product footprints as PACT documents: read from JSON, held to the published model, written back as they were."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label
from carbonledger.products.pact_model import MODELS

__all__ = ["PactFootprint", "pact_rows", "pact_text", "read_pact"]

_LARGEST_BYTES = 20_000_000
_LONGEST_SHOWN = 60
# What a footprint cannot be used without; a fault elsewhere is a doubt.
_NEEDED = frozenset(
    {
        *("id", "specVersion", "status", "validityPeriodStart", "validityPeriodEnd", "companyName", "pcf"),
        *("pcf.declaredUnit", "pcf.unitaryProductAmount", "pcf.pCfExcludingBiogenic"),
        *("pcf.declaredUnitOfMeasurement", "pcf.declaredUnitAmount", "pcf.pcfExcludingBiogenicUptake"),
        *("pcf.fossilGhgEmissions", "pcf.productMassPerDeclaredUnit", "pcf.dLucGhgEmissions"),
        *("pcf.landManagementGhgEmissions", "pcf.otherBiogenicGhgEmissions", "pcf.biogenicCarbonWithdrawal"),
        *("pcf.landUseChangeGhgEmissions", "pcf.landManagementFossilGhgEmissions", "pcf.biogenicNonCO2Emissions"),
        *("pcf.landManagementBiogenicCO2Emissions", "pcf.landManagementBiogenicCO2Removals"),
        *("pcf.technologicalCO2Removals", "pcf.ccsTechnologicalCO2Capture", "pcf.biogenicCO2Uptake"),
    }
)
# Version 3 asks for a mass that version 2 may leave out; it is needed only where a conversion needs it.
_MAY_LACK = frozenset({"pcf.productMassPerDeclaredUnit"})


@cache
def pact_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a table of this room: ``pact_names``, ``pact_standards`` or ``pact_units``."""
    text = resources.files("carbonledger.products").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@dataclass(frozen=True, repr=False)
class PactFootprint:
    """One product footprint as a PACT document.

    Parameters
    ----------
    document : mapping
        The JSON object, unknown fields among the others.
    file : str
        Where it was read from; empty if it was made here.

    Examples
    --------
    >>> PactFootprint({"specVersion": "3.0.3", "productNameCompany": "Board", "companyName": "Invented Boards"})
    PactFootprint(Board, Invented Boards, version 3)
    """

    document: Mapping[str, Any]
    file: str = ""

    def __repr__(self) -> str:
        return f"PactFootprint({self.text('productNameCompany')}, {self.text('companyName')}, version {self.version})"

    @property
    def version(self) -> int:
        """The first number of ``specVersion``; 0 if that is none of those known."""
        first = str(self.document.get("specVersion", "")).partition(".")[0]
        return int(first) if first in {str(version) for version in MODELS} else 0

    @property
    def pcf(self) -> Mapping[str, Any]:
        """The carbon footprint itself; empty if there is none."""
        found = self.document.get("pcf")
        return found if isinstance(found, Mapping) else {}

    def text(self, name: str) -> str:
        """A text of the document; empty if it has none of that name."""
        value = self.document.get(name)
        return value if isinstance(value, str) else ""

    def decimal(self, name: str) -> Decimal | None:
        """A number of the carbon footprint; None if it is not stated, or no number."""
        value = self.pcf.get(name)
        try:
            number = Decimal(value) if isinstance(value, str) else None
        except InvalidOperation:
            return None
        return number if number is not None and number.is_finite() else None

    def moment(self, name: str) -> datetime | None:
        """A date with time of the document or its carbon footprint, in UTC; None if there is none."""
        value = self.document.get(name, self.pcf.get(name))
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None
        return found and (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Where it does not keep the specification of its version."""
        return tuple(_faults(self))

    def to_json(self) -> str:
        """The document as JSON: what was read is written, whatever the specification knows of it."""
        return pact_text([self])


def pact_text(footprints: Sequence[PactFootprint]) -> str:
    """Footprints as JSON: one by itself, several in a list named ``data``, as the interface of PACT sends them."""
    documents = [item.document for item in footprints]
    whole = documents[0] if len(documents) == 1 else {"data": documents}
    return json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def read_pact(path: Path | str, name: str = "") -> tuple[list[PactFootprint], list[Finding]]:
    """The product footprints of a file.

    Parameters
    ----------
    path : path
        JSON in UTF-8: a ``ProductFootprint`` of PACT, a list of them, or an answer of its interface (``data``).
    name : str
        What findings call the file; its own name by default.

    Returns
    -------
    tuple of (list of PactFootprint, list of Finding)
        What can be told from other JSON, and every fault with its place. A footprint with an error is not to be used.
    """
    file = name or Path(path).name
    content = _content(Path(path))
    if isinstance(content, Message):
        return [], [Finding.from_message(content).at(file=file)]
    documents = [item for item in _documents(content) if isinstance(item, Mapping) and "pcf" in item]
    if not documents:
        return [], [Finding.of("PACT_FILE.no_footprint").at(file=file)]
    found = [PactFootprint(document, file) for document in documents]
    return found, [finding for item in found for finding in item.findings]


def _content(path: Path) -> Any:
    """The JSON of a file, or why it is none."""
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            return Message.of("PACT_FILE.too_large", megabytes=_LARGEST_BYTES // 1_000_000)
        return _parsed(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        return Message.of("PACT_FILE.not_opened", reason=error.strerror or str(error))
    except UnicodeDecodeError:
        return Message.of("PACT_FILE.encoding")


def _parsed(text: str) -> Any:
    """A text as JSON, or why it is none."""
    try:
        return json.loads(text, object_pairs_hook=_each_key_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        return Message.of("PACT_FILE.json", line=error.lineno, column=error.colno)
    except RecursionError:
        return Message.of("PACT_FILE.deep")
    except _NoJsonError as error:
        return Message.of("PACT_FILE.twice", name=str(error))
    except ValueError as error:
        return Message.of("PACT_FILE.number", problem=str(error)[:_LONGEST_SHOWN])


class _NoJsonError(Exception):
    """A name that stands twice in one object."""


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names differ; of two values for one name nobody knows which is meant."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _NoJsonError(name)
        found[name] = value
    return found


def _no_number(text: str) -> Any:
    """Refuse NaN and infinity, which JSON does not have."""
    raise ValueError(text)


def _documents(content: Any) -> list[Any]:
    """The objects that may be footprints."""
    inner = content.get("data", content) if isinstance(content, Mapping) and "pcf" not in content else content
    return inner if isinstance(inner, list) else [inner]


def _faults(footprint: PactFootprint) -> Iterator[Finding]:
    """What a model finds wrong with a document."""
    named = footprint.text("productNameCompany") or footprint.text("id") or "pcf"
    if not footprint.version:
        given = str(footprint.document.get("specVersion", ""))[:_LONGEST_SHOWN]
        yield Finding.of("PACT_FILE.version", footprint=named, given=given, known=tuple(map(str, MODELS))).at(
            file=footprint.file
        )
        return
    try:
        MODELS[footprint.version].model_validate(dict(footprint.document))
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            yield _fault(fault, named).at(file=footprint.file)


def _fault(fault: Mapping[str, Any], named: str) -> Finding:
    """One fault in the words of the catalogue."""
    field = ".".join(str(part) for part in fault["loc"])
    needed = "needed_" if field in _NEEDED else ""
    if fault["type"] == "missing":
        return Finding.of(f"PACT_FIELD.{'' if field in _MAY_LACK else needed}missing", footprint=named, field=field)
    given = "null" if fault["input"] is None else str(fault["input"])[:_LONGEST_SHOWN]
    return Finding.of(f"PACT_FIELD.{needed}value", footprint=named, field=field, given=given, wanted=_wanted(fault))


_WANTED = {
    "moment": Label("a date with time", "日期时间"),
    "repeated": Label("items that differ", "互不重复的项"),
    "above_zero": Label("a decimal above 0 in quotes", "加引号的大于 0 的小数"),
    "string_type": Label("a text in quotes", "加引号的文字"),
    "float_type": Label("a number", "数值"),
    "int_type": Label("a whole number", "整数"),
    "bool_type": Label("true or false", "true 或 false"),
    "list_type": Label("[ ... ]", "[ ... ]"),
    "dict_type": Label("{ ... }", "{ ... }"),
    "model_type": Label("{ ... }", "{ ... }"),
    "string_too_short": Label("a text that is not empty", "非空文字"),
    "string_pattern_mismatch": Label("the form {pattern}", "格式 {pattern}"),
    "too_short": Label("a list that is not empty", "非空列表"),
}


def _wanted(fault: Mapping[str, Any]) -> Label:
    """What the specification asks for, as far as it can be said in signs."""
    context = fault.get("ctx", {})
    limits = ", ".join(f"{sign} {context[name]:g}" for name, sign in (("ge", "≥"), ("le", "≤")) if name in context)
    if limits:
        return Label(limits, limits)
    if "expected" in context:
        said = str(context["expected"])
        return Label(said, said.replace(" or ", " 或 ").replace(", ", "、"))
    pattern = str(context.get("pattern", ""))
    found = _WANTED.get(fault["type"], Label(fault["type"], fault["type"]))
    return Label(found.en.replace("{pattern}", pattern), found.zh.replace("{pattern}", pattern))
