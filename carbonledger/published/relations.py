"""Relations among published figures: the statements that should hold, as a case declares them.

Each kind has a model of its own; a member that is misspelt, missing or of a value that is not known is refused by name.
"""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from carbonledger.core.errors import BookError, UnitError
from carbonledger.core.findings import Message
from carbonledger.core.language import Clauses, Label, did_you_mean
from carbonledger.core.rounding import Interval
from carbonledger.core.toml_file import read_toml
from carbonledger.core.units import canonical_unit
from carbonledger.published.relation_kinds import (
    HEAD_MEMBERS,
    KINDS,
    MEMBERS_WITHOUT_FIGURES,
    Kind,
    UnknownTable,
)

__all__ = ["KINDS", "Relation", "Unknown", "figures_in", "read_relations", "read_unknowns", "unknowns_in"]


@dataclass(frozen=True, slots=True)
class Relation:
    """A statement that should hold among published figures, such as a sum.

    Parameters
    ----------
    relation_id, kind : str
        Its name, and one of `KINDS`.
    title_zh, title_en : str
        What should hold.
    members : mapping
        The figures by the part they play; a name that begins with ``?`` is an unknown.
    """

    relation_id: str
    kind: str
    title_zh: str
    title_en: str
    members: Mapping[str, Any]

    @property
    def title(self) -> Label:
        """The statement that should hold; in the other language, or the relation's name, if it is not stated."""
        en, zh = self.title_en or self.title_zh, self.title_zh or self.title_en
        return Label(en or self.relation_id, zh or self.relation_id)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A figure that is not printed and that occurs in relations.

    Parameters
    ----------
    name : str
        As relations write it, with ``?``.
    label_zh, label_en : str
        What it is.
    unit : str
        The library's spelling; empty if the relations say it.
    at_least, at_most : Decimal or None
        Limits that it is known to lie within, such as 0, in its unit.
    """

    name: str
    label_zh: str = ""
    label_en: str = ""
    unit: str = ""
    at_least: Decimal | None = None
    at_most: Decimal | None = None

    @property
    def label(self) -> Label:
        """What the figure is called; its name if the case gives no label."""
        name = self.name.removeprefix("?")
        return Label(self.label_en or self.label_zh or name, self.label_zh or self.label_en or name)

    @property
    def interval(self) -> Interval | None:
        """What it is known to lie within, in its unit; None if it has no limit."""
        if self.at_least is None and self.at_most is None:
            return None
        ends = (Decimal("-Infinity") if self.at_least is None else self.at_least), self.at_most
        return Interval(ends[0], Decimal("Infinity") if ends[1] is None else ends[1])


@dataclass(frozen=True, slots=True)
class _File:
    """The tables of a file of relations."""

    name: str
    relations: Sequence[Mapping[str, Any]] = ()
    unknowns: Sequence[Mapping[str, Any]] = field(default=())


def read_relations(path: Path) -> list[Relation]:
    """The relations of a case.

    Parameters
    ----------
    path : Path
        TOML with ``[[relation]]`` tables; ``[[unknown]]`` tables are read by `read_unknowns`.

    Returns
    -------
    list of Relation

    Raises
    ------
    BookError
        Naming file, relation and member of all that cannot be used.
    """
    file = _relation_file(path)
    faults: list[Message] = []
    relations = []
    for number, table in enumerate(file.relations, start=1):
        where = _place_of(file.name, "relation", str(table.get("id") or number))
        model = KINDS.get(str(table.get("kind")))
        if model is None:
            kind = str(table.get("kind"))
            faults.append(Message.of("RELATION.unknown_kind", where=where, kind=kind, known=tuple(KINDS)))
            continue
        try:
            relations.append(_relation_of(model.model_validate(dict(table))))
        except ValidationError as error:
            faults += _table_defects(where, error, model)
    faults += _listed_twice(file.name, "relation", [item.relation_id for item in relations])
    if faults:
        raise BookError(Message.of("RELATION.defects", defects=Clauses(tuple(faults))))
    return relations


def read_unknowns(path: Path) -> dict[str, Unknown]:
    """Labels and units of the unknowns of a case.

    Parameters
    ----------
    path : Path
        TOML with ``[[unknown]]`` tables.

    Returns
    -------
    dict of str to Unknown
        By name, with ``?``.

    Raises
    ------
    BookError
        Naming file, unknown and member of all that cannot be used.
    """
    file = _relation_file(path)
    faults: list[Message] = []
    unknowns: dict[str, Unknown] = {}
    for number, table in enumerate(file.unknowns, start=1):
        where = _place_of(file.name, "unknown", str(table.get("id") or number))
        try:
            found = UnknownTable.model_validate(dict(table))
            unit = canonical_unit(found.unit) if found.unit else ""
        except ValidationError as error:
            faults += _table_defects(where, error, UnknownTable)
        except UnitError as error:
            faults.append(Message.of("RELATION.wrong_value", where=where, problem=error.says or str(error)))
        else:
            if f"?{found.id}" in unknowns:
                faults.append(Message.of("RELATION.listed_twice", where=where))
            unknowns[f"?{found.id}"] = Unknown(
                f"?{found.id}", found.label_zh, found.label_en, unit, found.at_least, found.at_most
            )
    used = {name for table in file.relations for name in _figure_names(str(table.get("kind")), table)}
    faults += [
        Message.of("RELATION.unused_unknown", where=_place_of(file.name, "unknown", name[1:]), unknown=name)
        for name in unknowns
        if name not in used
    ]
    if faults:
        raise BookError(Message.of("RELATION.defects", defects=Clauses(tuple(faults))))
    return unknowns


def figures_in(relation: Relation) -> list[str]:
    """The figures and unknowns that a relation names, in its order."""
    return list(dict.fromkeys(_figure_names(relation.kind, relation.members)))


def unknowns_in(relation: Relation) -> list[str]:
    """The unknowns that a relation names."""
    return [name for name in figures_in(relation) if name.startswith("?")]


def _figure_names(kind: str, members: Mapping[str, Any]) -> Iterator[str]:
    """The names of figures and unknowns among the members of a relation."""
    if kind == "rebuild":
        yield str(members.get("figure", ""))
        return
    for part, value in members.items():
        if part not in MEMBERS_WITHOUT_FIGURES and part not in HEAD_MEMBERS:
            yield from (item for item in (value if isinstance(value, list | tuple) else [value]) if item)


def _relation_file(path: Path) -> _File:
    """The tables of a file of relations."""
    if not path.is_file():
        raise BookError(Message.of("RELATION.not_opened", file=path.name, problem=os.strerror(errno.ENOENT)))
    tables = read_toml(path).tables
    more = [name for name in tables if name not in {"relation", "unknown"}]
    if more:
        raise BookError(Message.of("RELATION.unknown_table", file=path.name, table=more[0]))
    for name, value in tables.items():
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise BookError(Message.of("RELATION.not_a_list", file=path.name, table=name))
    return _File(path.name, tables.get("relation", ()), tables.get("unknown", ()))


def _relation_of(table: Kind) -> Relation:
    """A valid table as a relation."""
    members = {
        name: value for name, value in table.model_dump().items() if name not in HEAD_MEMBERS and value is not None
    }
    return Relation(table.id, table.kind, table.title_zh, table.title_en, members)


_TABLE_WORDS = {"relation": Label("relation", "勾稽关系"), "unknown": Label("unknown", "未知数")}


def _place_of(file: str, table: str, name: str) -> Label:
    """The file and table of a defect."""
    word = _TABLE_WORDS[table]
    return Label(f"{file}: {word.en} {name}", f"{file}：{word.zh} {name}")


def _listed_twice(file: str, table: str, names: Sequence[str]) -> list[Message]:
    """A message for every name that is listed twice."""
    twice = [name for name, times in Counter(names).items() if times > 1]
    return [Message.of("RELATION.listed_twice", where=_place_of(file, table, name)) for name in twice]


def _table_defects(where: Label, error: ValidationError, model: type[BaseModel]) -> Iterator[Message]:
    """The defects of a table that a model found."""
    allowed = [name for name in model.model_fields if name != "kind"]
    for fault in error.errors(include_url=False):
        member = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            hint = did_you_mean(get_close_matches(member, allowed, n=1))
            yield Message.of("RELATION.unknown_member", where=where, member=member, hint=hint, known=tuple(allowed))
        elif fault["type"] == "missing":
            yield Message.of("RELATION.member_missing", where=where, member=member)
        elif fault["type"] == "literal_error":
            values = {"value": fault["input"], "allowed": fault["ctx"]["expected"]}
            yield Message.of("RELATION.value_not_allowed", where=where, member=member, **values)
        else:
            problem = f"{member}: {fault['msg'].removeprefix('Value error, ')}"
            yield Message.of("RELATION.wrong_value", where=where, problem=problem)
