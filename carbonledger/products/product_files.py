"""Files of products: definitions in TOML, bills of materials in TOML or in a table of a spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from carbonledger.core.errors import BookError, EntriesError, RecordError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label, did_you_mean, word
from carbonledger.core.strict_fields import STRICT, Name
from carbonledger.core.toml_file import Key, TomlFile, read_toml
from carbonledger.products.product import CARBON_KINDS, STAGES, Allocation, Product, ProductInput
from carbonledger.tables.records import Record, records_in

__all__ = ["Declarant", "ProductSet", "read_products"]

Model = TypeVar("Model", bound=BaseModel)
_NEEDED = ("product", "stage", "amount", "unit")
_OPTIONAL = (
    *("name", "activity", "footprint", "component", "region", "factor", "carbon", "distance_km", "times", "mass_kg"),
    *("packaging", "accepted", "note"),
)
_NUMBERS = ("amount", "distance_km", "times", "mass_kg")
_YES, _NO = frozenset({"yes", "y", "true", "是", "1"}), frozenset({"", "no", "n", "false", "否", "0"})
_PRICED_BY = ("activity", "footprint", "component")


class Declarant(BaseModel):
    """The company that a PACT document names.

    Parameters
    ----------
    company_name : str
        Its name.
    company_ids : tuple of str
        URNs.
    """

    model_config = ConfigDict(**STRICT, frozen=True)

    company_name: Name
    company_ids: list[Name]


@dataclass(frozen=True)
class ProductSet:
    """The products of some files.

    Parameters
    ----------
    products : tuple of Product
        Each id once.
    inputs : tuple of ProductInput
        The rows that can be read.
    allocations : tuple of Allocation
        What is divided of the inventory.
    declarant : Declarant or None
        Who publishes their footprints.
    findings : tuple of Finding
        What cannot be read, with its place.
    broken : frozenset of str
        The products that miss something that their files state: a row, or a part of the inventory.
    """

    products: tuple[Product, ...] = ()
    inputs: tuple[ProductInput, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    declarant: Declarant | None = None
    findings: tuple[Finding, ...] = ()
    broken: frozenset[str] = field(default_factory=frozenset)

    def product(self, name: str) -> Product | None:
        """The product of an id; None if there is none."""
        return next((item for item in self.products if item.id == name), None)

    def inputs_of(self, name: str) -> list[ProductInput]:
        """The rows of a product."""
        return [item for item in self.inputs if item.product == name]


@dataclass
class _Reading:
    """What was read so far."""

    products: list[Product] = field(default_factory=list)
    inputs: list[ProductInput] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    declarants: list[Declarant] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    breaks_all: bool = False

    def breaks(self, names: Iterable[str]) -> None:
        """Something is missing of the named products; of every product if none is named, as nobody knows of which."""
        named = {name for name in names if name}
        self.broken |= named
        self.breaks_all |= not named


def read_products(
    paths: Sequence[Path | str], *, folder: Path | str = "", country: str = "", decimal: str = ""
) -> ProductSet:
    """The products of some files.

    Parameters
    ----------
    paths : sequence of path
        TOML with ``[[product]]``, ``[[product.input]]``, ``[[allocation]]`` and ``[pact]``; tables (CSV, XLSX) with rows of
        products: ``product``, ``stage``, ``amount``, ``unit`` and ``activity``, ``footprint`` or ``component``, in English or Chinese.
    folder : path
        Where they lie; findings name files relative to it.
    country, decimal : str
        See `carbonledger.tables.records.records_in`.

    Returns
    -------
    ProductSet
        Everything that can be read, and a finding for everything that cannot.
    """
    found = _Reading()
    for path in paths:
        whole, name = Path(folder, path), Path(path).as_posix() if folder else Path(path).name
        try:
            if whole.suffix.lower() == ".toml":
                _read_toml(read_toml(whole), name, found)
            else:
                _read_table(whole, name, country, decimal, found)
        except EntriesError as error:
            found.findings += [finding if finding.file else finding.at(file=name) for finding in error.findings]
            found.breaks(())
        except BookError as error:
            found.findings += [Finding.from_message(error.says).at(file=name)] if error.says else []
            found.breaks(())
    _check_names(found)
    if found.breaks_all:
        found.breaks([item.id for item in found.products] or [""])
    declarant = found.declarants[0] if found.declarants else None
    return ProductSet(
        tuple(found.products),
        tuple(found.inputs),
        tuple(found.allocations),
        declarant,
        tuple(found.findings),
        frozenset(found.broken),
    )


# Definitions in TOML.


def _read_toml(file: TomlFile, name: str, found: _Reading) -> None:
    """The tables of a TOML file."""
    known = ("product", "allocation", "pact")
    for table, content in file.tables.items():
        if table not in known:
            hint = did_you_mean(get_close_matches(table, known, n=1))
            found.findings.append(
                _at(file, name, (table,), Message.of("PRODUCT_FORM.unknown", name=table, hint=hint, known=known))
            )
            found.breaks(())
        elif table == "pact":
            declarant = _model(Declarant, content, file, name, ("pact",), found)
            found.declarants += [declarant] if declarant else []
        elif not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
            found.findings.append(_at(file, name, (table,), Message.of("PRODUCT_FORM.brackets", name=table)))
            found.breaks(())
        else:
            for at, item in enumerate(content):
                _table_of(table, at, item, file, name, found)


def _table_of(table: str, at: int, item: Mapping[str, Any], file: TomlFile, name: str, found: _Reading) -> None:
    """A product or an allocation."""
    if table == "allocation":
        allocation = _model(Allocation, item, file, name, (table, at), found)
        found.allocations += [allocation] if allocation else []
        if allocation is None:
            found.breaks(_named_in(item))
        return
    rows = item.get("input", [])
    product = _model(
        Product, {key: value for key, value in item.items() if key != "input"}, file, name, (table, at), found
    )
    found.products += [product] if product else []
    own = product.id if product else str(item.get("id", ""))
    if product is None:
        found.broken.add(own)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        found.findings.append(_at(file, name, (table, at), Message.of("PRODUCT_FORM.brackets", name="product.input")))
        found.broken.add(own)
        return
    for number, row in enumerate(rows):
        line = file.line_of((table, at, "input", number)) or file.line_of((table, at))
        _read_row_of_toml({"product": own, **row}, name, line, found)


def _named_in(allocation: Mapping[str, Any]) -> list[str]:
    """The products that an allocation which cannot be read names; none if it does not say."""
    found = [allocation.get(name) for name in ("products", "shares")]
    return [str(name) for part in found if isinstance(part, list | Mapping) for name in part]


def _read_row_of_toml(row: Mapping[str, Any], name: str, line: int | None, found: _Reading) -> None:
    """An ``[[product.input]]`` as a row."""
    cells = {key: ("yes" if value else "no") if isinstance(value, bool) else value for key, value in row.items()}
    records, findings = records_in([cells], _NEEDED, optional=_OPTIONAL, numbers=_NUMBERS)
    findings = [finding.at(file=name, row=line) for finding in findings]
    found.findings += findings
    if any(finding.severity == "error" for finding in findings):
        found.broken.add(str(row["product"]))
    _read_records([replace(record, file=name, sheet="", row=line or 0) for record in records], found)


def _model(model: type[Model], content: Any, file: TomlFile, name: str, key: Key, found: _Reading) -> Model | None:
    """A table as its record; None and its faults if it is none."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            found.findings.append(_at(file, name, (*key, *fault["loc"]), _message(fault, model)))
        return None


def _at(file: TomlFile, name: str, key: Key, message: Message) -> Finding:
    """A fault at its line."""
    return Finding.from_message(message).at(file=name, row=file.line_of(key))


def _message(fault: Mapping[str, Any], model: type[BaseModel]) -> Message:
    """A fault of a table in the words of the catalogue."""
    member = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        known = tuple(model.model_fields)
        return Message.of(
            "PRODUCT_FORM.unknown", name=member, hint=did_you_mean(get_close_matches(member, known, n=1)), known=known
        )
    if fault["type"] in {"missing", "name_missing"}:
        return Message.of("PRODUCT_FORM.missing", name=member or "name_zh / name_en")
    context = fault.get("ctx", {})
    if fault["type"] == "product":
        problem = context["problem"]
        return Message.of("PRODUCT_FORM.unit", name=member, problem=problem)
    return Message.of("PRODUCT_FORM.value", name=member, given=str(fault["input"])[:60], wanted=_wanted(fault, context))


_KINDS = {
    "string_type": Label("a text", "文字"),
    "float_type": Label("a number", "数值"),
    "int_type": Label("a whole number", "整数"),
    "dict_type": Label("a table", "表"),
    "model_type": Label("a table", "表"),
    "tuple_type": Label("a list", "列表"),
    "list_type": Label("a list", "列表"),
    "string_too_short": Label("a text that is not empty", "非空文字"),
}
_SIGNS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}


def _wanted(fault: Mapping[str, Any], context: Mapping[str, Any]) -> Label:
    """What may stand there."""
    if fault["type"] in _KINDS:
        return _KINDS[fault["type"]]
    if "expected" in context:
        said = str(context["expected"])
        return Label(said, said.replace(" or ", " 或 "))
    text = ", ".join(f"{sign} {context[name]:g}" for name, sign in _SIGNS.items() if name in context)
    return Label(text or fault["type"], text or fault["type"])


# Rows.


def _read_table(path: Path, name: str, country: str, decimal: str, found: _Reading) -> None:
    """The rows of a table."""
    records, findings = records_in(
        path, _NEEDED, optional=_OPTIONAL, numbers=_NUMBERS, country=country, decimal=decimal
    )
    found.findings += [finding.at(file=name, sheet=finding.sheet, row=finding.row) for finding in findings]
    if any(finding.severity == "error" for finding in findings):
        found.breaks(())
    _read_records([replace(record, file=name) for record in records], found)


def _read_records(records: Sequence[Record], found: _Reading) -> None:
    """Rows as inputs of products."""
    for record in records:
        try:
            found.inputs.append(_input(record))
        except RecordError as error:
            found.findings += [record.place(Finding.from_message(error.says))] if error.says else []
            found.breaks([record.cells["product"]])


def _input(record: Record) -> ProductInput:
    """One row."""
    cells = record.cells
    stage = cells["stage"].strip().casefold().replace("-", "_").replace(" ", "_")
    if stage not in STAGES:
        raise RecordError(Message.of("PRODUCT_INPUT.stage", given=cells["stage"], known=_labels(STAGES)))
    priced = [name for name in _PRICED_BY if cells.get(name)]
    if len(priced) != 1:
        raise RecordError(
            Message.of("PRODUCT_INPUT.several", named=tuple(priced)) if priced else Message.of("PRODUCT_INPUT.nothing")
        )
    carbon = cells.get("carbon", "").strip().casefold().replace(" ", "_")
    if carbon not in {"", *CARBON_KINDS}:
        raise RecordError(Message.of("PRODUCT_INPUT.carbon", given=cells["carbon"], known=CARBON_KINDS))
    return ProductInput(
        product=cells["product"],
        stage=stage,
        name=cells.get("name", "") or cells[priced[0]],
        amount=record.number("amount"),
        unit=cells["unit"],
        carbon=carbon,
        distance_km=_optional(record, "distance_km"),
        times=record.number("times", 1.0),
        mass_kg=_optional(record, "mass_kg"),
        packaging=_flag(cells.get("packaging", "")),
        file=record.file,
        sheet=record.sheet,
        row=record.row or None,
        **{name: cells.get(name, "") for name in (*_PRICED_BY, "region", "factor", "accepted", "note")},
    )


def _labels(known: Sequence[str]) -> tuple[Label, ...]:
    """Words that may stand in a cell, in both languages."""
    return tuple(Label(word(name, "en"), word(name, "zh")) for name in known)


def _optional(record: Record, name: str) -> float | None:
    """A number that may be missing."""
    return record.number(name) if record.numbers.get(name) is not None else None


def _flag(text: str) -> bool:
    """Yes or no."""
    word = text.casefold()
    if word not in _YES | _NO:
        raise RecordError(Message.of("PRODUCT_INPUT.packaging", given=text))
    return word in _YES


def _check_names(found: _Reading) -> None:
    """Every product is defined once, and every row has one."""
    counts = Counter(item.id for item in found.products)
    for name in (name for name, times in counts.items() if times > 1):
        found.findings.append(Finding.of("PRODUCT_FORM.twice", product=name))
    unique: dict[str, Product] = {}
    for item in found.products:
        unique.setdefault(item.id, item)
    found.products = list(unique.values())
    found.findings += list(_strangers(found, set(counts)))


def _strangers(found: _Reading, known: set[str]) -> Iterator[Finding]:
    """Rows of products that nobody defines."""
    for item in found.inputs:
        if item.product not in known and item.product not in found.broken:
            near = get_close_matches(item.product, sorted(known), n=1)
            # A name that is nearly another's is most likely a row that the other misses.
            found.broken.update(near)
            hint = did_you_mean(near)
            yield item.place(Finding.of("PRODUCT_INPUT.no_product", product=item.product, hint=hint))
