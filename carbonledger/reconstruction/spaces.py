"""Declared search spaces: the factors and treatments that are tried, stated before the search.

A space is data. Each term of a total names the entries it stands for and the choices that somebody could have made: published
factors, calorific values, GWP sets, treatments of the photovoltaics. Values come from the editions; nothing is typed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from carbonledger.core.activities import GRID_ELECTRICITY
from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Clauses, Label, did_you_mean, headed
from carbonledger.core.toml_file import read_toml
from carbonledger.factors.editions import read_edition
from carbonledger.factors.factor import Factor
from carbonledger.scope2.avoided_emissions import AvoidedMethod

__all__ = [
    "ChoiceRule",
    "Loss",
    "NamedCombination",
    "Plausibility",
    "Rounding",
    "Space",
    "SpaceTerm",
    "check_names",
    "read_spaces",
]


Plausibility = Literal["textbook", "known practice", "exotic"]

Rounding = Literal["unrounded", "termwise"]


class _Declared(BaseModel):
    """Base of the tables of a declared space."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Loss(_Declared):
    """The part of generated electricity that a grid loses on the way.

    Parameters
    ----------
    factor : str
        A published ``loss_rate`` by edition and id; or else:
    fraction, source : Decimal, str
        A number stated here, 0 to below 1, and where it was published.
    """

    factor: str = ""
    fraction: Decimal | None = Field(default=None, ge=0, lt=1)
    source: str = ""

    @model_validator(mode="after")
    def _factor_or_fraction(self) -> Loss:
        """A stated fraction needs its source, and excludes a factor."""
        if bool(self.factor) == (self.fraction is not None) or (self.fraction is not None and not self.source):
            raise ValueError("a loss names a factor, or states a fraction with its source")
        return self


class ChoiceRule(_Declared):
    """Choices of one kind.

    Parameters
    ----------
    kind : {"factor", "carbon", "avoided", "nothing"}
        ``factor``: amount x emission factors of an activity; ``carbon``: amount x calorific value x carbon content x oxidation x 44/12;
        ``avoided``: amount x a baseline of a grid; ``nothing``: 0.
    treatment : str
        What the choice does, in words.
    plausibility : {"textbook", "known practice", "exotic"}
        Stated before the search.
    subtract : bool
        Whether the product is subtracted.
    activity : str
        Whose factors price the amount, if not those of the term's own activity: photovoltaics counted as if bought.
    editions, parameters, regions, without : tuple of str
        Where factors are taken from, which parameters and regions (none named for all), and regions left out.
    methods, weights, weights_of : tuple of str
        Of an avoided emission: how the baseline is formed, and for a combined margin the editions of the weights and the technologies
        whose weights are taken.
    calorific, gwp, variants, mixed :
        Editions of calorific values (none named for those beside the factor) and GWP sets, variants of factors, and whether
        calorific value and carbon content may come from different editions.
    losses : tuple of Loss
        Rates of loss in the grid, each of which makes a choice with the losses of the way added: lost = used x loss / (1 - loss).
    """

    kind: Literal["factor", "carbon", "avoided", "nothing"]
    treatment: str
    plausibility: Plausibility
    subtract: bool = False
    activity: str = ""
    editions: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ("emission_factor",)
    regions: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    methods: tuple[AvoidedMethod, ...] = ()
    weights: tuple[str, ...] = ()
    weights_of: tuple[str, ...] = ()
    calorific: tuple[str, ...] = ()
    gwp: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    mixed: bool = False
    losses: tuple[Loss, ...] = Field(default=(), alias="loss")

    def holds(self, region: str) -> bool:
        """Whether factors of a region are meant."""
        return (not self.regions or region in self.regions) and region not in self.without


class SpaceTerm(_Declared):
    """One addend of the total.

    Parameters
    ----------
    name : str
        What it is called.
    activity, entity, site : str
        The entries it stands for; no entity or site for all.
    unit : str
        What its amount is stated in; by default the unit of its first entry.
    rules : tuple of ChoiceRule
        Its choices.
    """

    name: str
    activity: str
    entity: str = ""
    site: str = ""
    unit: str = ""
    rules: tuple[ChoiceRule, ...] = Field(alias="choice", min_length=1)


class NamedCombination(_Declared):
    """A combination that is looked up by name, wherever it ranks.

    Parameters
    ----------
    id, title_zh, title_en : str
        What it is called.
    choices : mapping of str to str
        By term the words that the label of its choice has, all of them.
    """

    id: str
    title_zh: str
    title_en: str
    choices: Mapping[str, str]

    @property
    def title(self) -> Label:
        """What the combination is called."""
        return Label(self.title_en, self.title_zh)


class Space(_Declared):
    """A declared space.

    Parameters
    ----------
    id : str
        Its name.
    figure : str
        The published figure that is looked for.
    title_zh, title_en : str
        What it holds.
    known_by : date
        Editions published later could not have been used.
    roundings : tuple of {"unrounded", "termwise"}
        Whether the terms are summed unrounded, or rounded to the printed decimals first.
    terms : tuple of SpaceTerm
        The addends.
    named : tuple of NamedCombination
        Combinations to be shown with their rank.
    words_zh : mapping of str to str
        Names of terms and treatments in Chinese, those of the whole file.
    """

    id: str
    figure: str
    title_zh: str
    title_en: str
    known_by: date
    roundings: tuple[Rounding, ...] = Field(default=("unrounded",), min_length=1)
    terms: tuple[SpaceTerm, ...] = Field(alias="term", min_length=1)
    named: tuple[NamedCombination, ...] = ()
    words_zh: Mapping[str, str] = Field(default_factory=dict)

    @property
    def title(self) -> Label:
        """What the space contains."""
        return Label(self.title_en, self.title_zh)

    def label(self, text: str) -> Label:
        """The name of a term or treatment; in Chinese too if the file translates it."""
        return Label(text, self.words_zh.get(text, text))

    @model_validator(mode="after")
    def _names_are_terms(self) -> Space:
        """Terms have different names, and a named combination chooses one for each of them."""
        names = [term.name for term in self.terms]
        if len(set(names)) < len(names):
            raise ValueError(f"space {self.id}: two terms have the same name")
        for item in self.named:
            if set(item.choices) != set(names):
                raise ValueError(f"space {self.id}, named {item.id}: it needs a choice for each of {', '.join(names)}")
        return self


def read_spaces(path: Path) -> dict[str, Space]:
    """The declared spaces of a case by id.

    Raises
    ------
    BookError
        Naming file, space and field of all that cannot be used.
    """
    spaces: dict[str, Space] = {}
    faults: list[Message] = []
    tables, words_zh = _space_tables(path)
    for number, table in enumerate(tables, start=1):
        where = _part_label("space", str(table.get("id") or number))
        try:
            space = Space.model_validate({"words_zh": words_zh, **table})
        except ValidationError as error:
            faults += _space_faults(where, error)
            continue
        if space.id in spaces:
            faults.append(Message.of("SEARCH_SPACE.declared_twice", where=where))
        spaces[space.id] = space
    if faults:
        raise BookError(Message.of("SEARCH_SPACE.defects", where=path.name, defects=Clauses(tuple(faults))))
    return spaces


def _space_tables(path: Path) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
    """The tables of a file of spaces, and the Chinese names of its terms and treatments."""
    content = read_toml(path).tables
    more = [name for name in content if name not in {"space", "words_zh"}]
    tables = content.get("space", [])
    if more or not isinstance(tables, list) or not all(isinstance(item, dict) for item in tables):
        raise BookError(Message.of("SEARCH_SPACE.unknown_table", file=path.name, table=(more or ["space"])[0]))
    return tables, content.get("words_zh", {})


_PARTS: Mapping[str, type[_Declared]] = {
    "term": SpaceTerm,
    "choice": ChoiceRule,
    "loss": Loss,
    "named": NamedCombination,
}


_PART_WORDS = {
    "space": Label("space", "空间"),
    "term": Label("term", "项"),
    "choice": Label("choice", "选择"),
    "loss": Label("loss", "损耗"),
    "named": Label("named", "点名组合"),
}


def _part_label(part: str, name: str) -> Label:
    """A part of a space with its name or number."""
    return Label(f"{_PART_WORDS[part].en} {name}", f"{_PART_WORDS[part].zh} {name}")


def _under(where: Label, inner: Label) -> Label:
    """A place inside another one."""
    return Label(headed(where.en, inner.en, "en"), headed(where.zh, inner.zh, "zh")) if inner.en else where


def _space_faults(space: Label, error: ValidationError) -> Iterator[Message]:
    """The defects of a table, each with its place."""
    for fault in error.errors(include_url=False):
        part, numbered, field = _place_in_space(fault["loc"])
        allowed = [item.alias or name for name, item in _PARTS.get(part, Space).model_fields.items()]
        where = _under(space, numbered)
        if fault["type"] == "extra_forbidden":
            hint = did_you_mean(get_close_matches(field, allowed, n=1))
            yield Message.of("SEARCH_SPACE.unknown_field", where=where, field=field, hint=hint, known=tuple(allowed))
        elif fault["type"] == "missing":
            yield Message.of("SEARCH_SPACE.field_missing", where=where, field=field)
        else:
            problem = f"{f'{field}: ' if field else ''}{fault['msg'].removeprefix('Value error, ')}"
            yield Message.of("SEARCH_SPACE.wrong_value", where=where, problem=problem)


def _place_in_space(location: Sequence[str | int]) -> tuple[str, Label, str]:
    """The innermost part of a space, the way to it counted from 1, and the field; ``term 1, choice 2``."""
    steps, rest = [], list(location)
    while len(rest) > 1 and rest[0] in _PARTS and isinstance(rest[1], int):
        steps.append((str(rest[0]), rest[1] + 1))
        rest = rest[2:]
    part = steps[-1][0] if steps else ""
    labels = [_part_label(name, str(number)) for name, number in steps]
    way = Label(", ".join(label.en for label in labels), "、".join(label.zh for label in labels))
    return part, way, ".".join(map(str, rest))


def check_names(space: Space) -> None:
    """Refuse a space with a name that no row of its editions has.

    Parameters
    ----------
    space : Space
        As declared. Whether an edition was known in time does not matter here.

    Raises
    ------
    BookError
        Naming space, term and list of every such name, and what there is.
    """
    faults = [fault for term in space.terms for rule in term.rules for fault in _unknown_names(term, rule)]
    if faults:
        where = _part_label("space", space.id)
        defects = Clauses(tuple(dict.fromkeys(faults)))
        raise BookError(Message.of("SEARCH_SPACE.defects", where=where, defects=defects))


def _unknown_names(term: SpaceTerm, rule: ChoiceRule) -> Iterator[Message]:
    """The names in a rule that no row of its editions has."""
    if rule.editions and rule.kind != "nothing":
        rows = _edition_rows(
            rule.editions, GRID_ELECTRICITY if rule.kind == "avoided" else rule.activity or term.activity
        )
        used = [row for row in rows if rule.kind != "factor" or row.parameter in rule.parameters]
        lists = {
            "regions": (rule.regions, {row.region for row in used}),
            "without": (rule.without, {row.region for row in used}),
            "variants": (rule.variants, {row.variant for row in used}),
            "parameters": (rule.parameters if rule.kind == "factor" else (), {row.parameter for row in rows}),
        }
        for field, (names, known) in lists.items():
            yield from _names_not_in(_field_of(term, field), names, known, rule.editions)
    if rule.weights:
        known = {
            row.activity for row in _edition_rows(rule.weights) if row.parameter.startswith("combined_margin_weight")
        }
        yield from _names_not_in(_field_of(term, "weights_of"), rule.weights_of, known, rule.weights)


def _field_of(term: SpaceTerm, field: str) -> Label:
    """The place of a list of names in a term."""
    return _under(_part_label("term", term.name), Label(field, field))


def _edition_rows(editions: Sequence[str], activity: str | None = None) -> list[Factor]:
    """The rows of some editions about an activity, or all."""
    return [row for name in editions for row in read_edition(name).factors(activity)]


def _names_not_in(where: Label, names: Sequence[str], known: set[str], editions: Sequence[str]) -> Iterator[Message]:
    """The names of one list that no row has, each with those that exist."""
    existing = sorted(known - {""})
    for name in names:
        if name not in known:
            hint = did_you_mean(get_close_matches(name, existing, n=1))
            values = {"editions": tuple(editions), "hint": hint, "known": tuple(existing) or Label("none", "无")}
            yield Message.of("SEARCH_SPACE.no_row", where=where, name=name, **values)
