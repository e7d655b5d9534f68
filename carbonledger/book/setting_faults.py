"""What is wrong with the settings of a book: every fault of the file at once, each with its line, in the language of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from rapidfuzz import fuzz, process

from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label, did_you_mean
from carbonledger.core.toml_file import Key, TomlFile

__all__ = ["as_one_error", "near_names", "place_of", "setting_faults", "wide_numbers"]

_LONGEST_SHOWN = 60
_WIDEST_BITS = 63
_NEAR_PERCENT = 60

# The case of the catalogue for each type of error of pydantic, and the value of its context that the text prints.
_CASES: Mapping[str, tuple[str, str]] = {
    "int_type": ("whole_number", ""),
    "float_type": ("number", ""),
    "finite_number": ("finite", ""),
    "bool_type": ("true_or_false", ""),
    "string_type": ("text", ""),
    "tuple_type": ("list", ""),
    "dict_type": ("table", ""),
    "model_type": ("table", ""),
    "model_attributes_type": ("table", ""),
    "dataclass_type": ("table", ""),
    "day": ("day", ""),
    "heading_rows": ("heading_rows", ""),
    "fill_down": ("fill_down", ""),
    "literal_error": ("one_of", "expected"),
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at_least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at_most", "le"),
}
# Those that print no value of the file.
_BARE: Mapping[str, str] = {
    "too_short": "empty_list",
    "string_too_short": "empty_text",
    "name_missing": "no_name",
    "readings_outside": "readings_outside",
    "readings_nowhere": "readings_nowhere",
}
_UNKNOWN = frozenset({"extra_forbidden", "unexpected_keyword_argument"})
# Those whose context is what the text prints.
_WITH_CONTEXT = frozenset(
    {
        "compare_book_alone",
        "listed_twice",
        "ends_early",
        "repeated",
        "unknown_region",
        "unknown_activity",
        "measure",
        "no_field",
        "skipped_with",
        "rows_exchanged",
        "ends_above",
        "skipped_heading",
    }
)


def setting_faults(error: ValidationError, file: TomlFile, model: type[BaseModel]) -> Iterator[Message]:
    """Each fault of a file of settings.

    Parameters
    ----------
    error : ValidationError
        What the model of the settings says.
    file : TomlFile
        The file.
    model : type
        The model, for the names that it knows.

    Yields
    ------
    Message
        In the order of the model.
    """
    for fault in error.errors(include_url=False):
        yield _message(fault, file, model)


def _message(fault: Mapping[str, Any], file: TomlFile, model: type[BaseModel]) -> Message:
    """One fault in the words of the catalogue."""
    key: Key = fault["loc"]
    kind, context, where = fault["type"], fault.get("ctx", {}), place_of(file, key)
    if kind in _UNKNOWN:
        known = _names_at(model, key[:-1])
        hint = did_you_mean(near_names(str(key[-1]), known))
        return Message.of("SETTING.unknown", where=where, hint=hint, known=tuple(known))
    if kind == "missing" or fault["input"] is None:
        table = len(key) == 1
        return Message.of(f"SETTING.{'no_table' if table else 'missing'}", where=where, name=str(key[-1]))
    if kind == "tuple_type" and isinstance(fault["input"], Mapping) and _names_at(model, key):
        return Message.of("SETTING.single_brackets", where=where, name=".".join(map(str, key)))
    if kind in _BARE:
        return Message.of(f"SETTING.{_BARE[kind]}", where=where)
    if kind in _WITH_CONTEXT:
        return Message.of(f"SETTING.{kind}", where=where, **context)
    case, name = _CASES.get(kind, ("other", ""))
    more = {"limit": _limit(context[name], kind)} if name else {}
    return Message.of(f"SETTING.{case}", where=where, given=_shown(fault["input"]), **more)


def _limit(value: Any, kind: str) -> Any:
    """A limit as it is printed: a number, or the words allowed."""
    if kind != "literal_error":
        return f"{value:g}" if isinstance(value, float) else str(value)
    words = [part.strip("'") for part in str(value).replace(" or ", ", ").split(", ")]
    return tuple(part for part in words if part) or ('""',)


def place_of(file: TomlFile, key: Key) -> Label:
    """File, line and setting, as in ``book.toml, line 7: company.region``."""
    place = file.place_of(key)
    setting = _setting_name(key)
    if not setting:
        return place
    return Label(f"{place.en}: {setting}", f"{place.zh}：{setting}")


def _setting_name(key: Key) -> str:
    """A setting by its table and name; tables of a list are counted from 1."""
    text = ""
    for part in key:
        text += f"[{part + 1}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text


def _shown(value: Any) -> str:
    """A value nearly as it is written in TOML, cut where it is long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{_cut(value)}"'
    if isinstance(value, int | float | date):
        return _cut(str(value))
    if isinstance(value, Mapping):
        return "{ ... }" if value else "{ }"
    if isinstance(value, list | tuple):
        return "[ ... ]" if value else "[ ]"
    return _cut(str(value))


def _cut(text: str) -> str:
    """A text of bounded length."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def near_names(name: str, known: Sequence[str]) -> list[str]:
    """The known name most like another, if one is."""
    found = process.extractOne(name, known, scorer=fuzz.ratio, processor=str.lower, score_cutoff=_NEAR_PERCENT)
    return [found[0]] if found else []


def _names_at(model: type[BaseModel], key: Key) -> list[str]:
    """The names of the settings that a table may have."""
    inner: Any = model
    for part in key:
        if isinstance(part, str):
            field = next((item for name, item in _fields(inner).items() if (item.alias or name) == part), None)
            inner = _record_in(field.annotation) if field else None
    return [item.alias or name for name, item in _fields(inner).items()]


def _fields(record: Any) -> Mapping[str, Any]:
    """The fields of a record of settings by name; none of anything else."""
    found: Mapping[str, Any] = getattr(record, "__pydantic_fields__", {})
    return found


def _record_in(annotation: Any) -> Any:
    """The record within an annotation such as ``tuple[Site, ...]``."""
    if _fields(annotation):
        return annotation
    return next((found for part in get_args(annotation) if (found := _record_in(part)) is not None), None)


def wide_numbers(file: TomlFile) -> Iterator[Message]:
    """Whole numbers beyond the 64 bits that TOML knows, e.g. a hundred hexadecimal digits."""
    front: list[tuple[Key, Any]] = [((), file.tables)]
    while front:
        key, value = front.pop()
        if isinstance(value, dict):
            front += [((*key, name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            front += [((*key, at), inner) for at, inner in enumerate(value)]
        elif isinstance(value, int) and value.bit_length() > _WIDEST_BITS:
            yield Message.of("SETTING.wide_number", where=place_of(file, key))


def as_one_error(faults: Sequence[Message]) -> BookError:
    """All faults as one error: the first, and the others with it."""
    error = BookError(faults[0])
    error.others = tuple(BookError(fault) for fault in faults[1:])
    return error
