"""A framework answered from a reporting year: each datapoint filled, waiting for words, missing its data, or not applicable."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from carbonledger.core.language import Label, Lang, in_language
from carbonledger.core.plain_data import plain_data
from carbonledger.core.record_html import record_html
from carbonledger.core.relative_change import relative_change
from carbonledger.core.units import conversion_factor
from carbonledger.disclosure.answer_table import answers_html
from carbonledger.disclosure.base_year_figures import base_year_figures
from carbonledger.disclosure.case import DisclosureCase
from carbonledger.disclosure.datapoints import Datapoint, Framework, framework_named
from carbonledger.disclosure.described import described
from carbonledger.disclosure.emission_figures import (
    biogenic_figures,
    emissions_by_category,
    emissions_by_gas,
    emissions_figures,
    instrument_figures,
    iso_figures,
    iso_gases,
    ndrc_figures,
    register_figures,
)
from carbonledger.disclosure.energy_figures import (
    energy_by_carrier,
    energy_by_fuel,
    energy_figures,
    esrs_figures,
    national_figures,
)
from carbonledger.disclosure.figures import (
    NOTHING,
    Figure,
    Pieces,
    added,
    answered,
    missing,
    not_applicable,
    says,
    unnamed,
)
from carbonledger.disclosure.intensity import Driver
from carbonledger.disclosure.secr import secr_figures
from carbonledger.disclosure.target_figures import target_figures
from carbonledger.disclosure.uncertain import uncertainty_figures
from carbonledger.inventory.completeness import CompletenessStatement

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Answer", "Disclosure", "answer_framework"]

_SCOPE_FIGURES = {1: "scope_1", 2: "scope_2", 3: "scope_3"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A datapoint with what answers it.

    Parameters
    ----------
    datapoint : Datapoint
        What is asked for.
    piece : Label
        Which part of it, e.g. a gas or a driver; empty if it is one figure.
    figure : Figure
        The answer.
    """

    datapoint: Datapoint
    piece: Label
    figure: Figure

    @property
    def reason(self) -> Label:
        """Why there is no value, what has to be written, or what to mind."""
        figure, need = self.figure.reason, self.datapoint.need
        if not (need.en and figure.en):
            return figure if figure.en or figure.zh else need
        return Label(f"{figure.en} {need.en}", f"{figure.zh}{need.zh}")

    def name(self, lang: Lang) -> str:
        """The datapoint, and which part of it; of a sum over incomplete data, that it is a part."""
        name = self.datapoint.name.text(lang)
        if self.piece.en or self.piece.zh:
            name = says("piece", name=name, piece=self.piece).text(lang)
        return says("part_of", name=name).text(lang) if self.figure.known_part is not None else name

    def to_dict(self, lang: Lang) -> dict[str, Any]:
        """The answer as plain data."""
        point, figure = self.datapoint, self.figure
        return {
            "id": point.id,
            "code": point.code,
            "name": self.name(lang),
            "value": in_language(figure.value, lang),
            "known_part": figure.known_part,
            "unit": figure.unit,
            "status": figure.status,
            "reason": self.reason.text(lang),
            "adds_to": point.adds_to,
            "place": point.place.text(lang),
            "confidence": point.confidence,
        }


@dataclass(frozen=True)
class Disclosure:
    """A framework with its answers, under the statement of what is missing and in doubt.

    Parameters
    ----------
    framework : Framework
        What was asked for.
    company : Label
        Whose year it is.
    year : str
        The reporting year, or its first and last day where it is no calendar year.
    statement : CompletenessStatement
        What is missing from the inventory, and what is in doubt.
    answers : tuple of Answer
        In the order of the framework.

    Examples
    --------
    >>> import carbonledger as cl
    >>> cl.disclose("seeds/techen-2024", "gri-305-2")
    Disclosure(gri-305-2, 2024, 7 datapoints, 3 filled)
    """

    framework: Framework
    company: Label
    year: str
    statement: CompletenessStatement
    answers: tuple[Answer, ...]

    def __repr__(self) -> str:
        filled = sum(item.figure.status == "filled" for item in self.answers)
        return f"Disclosure({self.framework.name}, {self.year}, {len(self.answers)} datapoints, {filled} filled)"

    def to_html(self, lang: Lang = "en") -> str:
        """What is missing and in doubt, and the answers as a table, as a notebook shows them, in a language."""
        title = f"{self.framework.title.text(lang)} · {self.company.text(lang)} · {self.year}"
        table = answers_html([item.to_dict(lang) for item in self.answers], lang)
        return record_html(lang, title, self.statement_lines(lang), table)

    def _repr_html_(self) -> str:
        return self.to_html()

    def __len__(self) -> int:
        return len(self.answers)

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.answers)

    def __getitem__(self, name: str) -> Figure:
        """The figure of a datapoint by its id; the first of several pieces."""
        return next(item.figure for item in self.answers if item.datapoint.id == name)

    @property
    def complete(self) -> bool:
        """Whether nothing is known to be missing from the inventory, and every entry could be turned into the units asked for."""
        return self.statement.complete and not any(item.figure.is_undetermined for item in self.answers)

    @property
    def exit_code(self) -> int:
        """How a command ends that shows it: 1 if something is missing from the inventory or in doubt, else 0."""
        return self.statement.exit_code if self.complete else 1

    def statement_lines(self, lang: Lang) -> list[str]:
        """What is missing and in doubt, in words; first what could not be turned into the units asked for."""
        if self.statement.complete and not self.complete:
            doubts = self.statement.lines(lang) if self.statement.errors else []
            return [says("undetermined").text(lang), *doubts]
        return self.statement.lines(lang)

    def to_frame(self, lang: Lang = "en") -> pd.DataFrame:
        """The answers as a table.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of names and reasons.

        Returns
        -------
        pandas.DataFrame
            ``id``, ``code``, ``name``, ``value`` [unit], ``known_part`` [unit; of a figure whose data are incomplete], ``unit``,
            ``status`` (``filled``, ``needs_words``, ``data_missing``, ``not_applicable``), ``reason``, ``adds_to`` (the row that it is a
            part of), ``place``, ``confidence``. A value that is missing is None, never 0.
        """
        import pandas as pd

        columns = list(_COLUMNS)
        rows = [item.to_dict(lang) for item in self.answers]
        return pd.DataFrame([[row[name] for name in columns] for row in rows], columns=columns, dtype=object)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The disclosure as plain data for JSON, the statement of completeness first.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of names and reasons.

        Returns
        -------
        dict
            Unrounded numbers; a value that is missing is null.
        """
        data = {
            **self.statement.to_dict(lang),
            "complete": self.complete,
            "exit_code": self.exit_code,
            "statement": self.statement_lines(lang),
            "framework": self.framework.name,
            "title": self.framework.title.text(lang),
            "edition": self.framework.edition,
            "note": self.framework.note.text(lang),
            "company": self.company.text(lang),
            "year": self.year,
            "datapoints": [item.to_dict(lang) for item in self.answers],
        }
        plain: dict[str, Any] = plain_data(data)
        return plain


_COLUMNS = ("id", "code", "name", "value", "known_part", "unit", "status", "reason", "adds_to", "place", "confidence")


def answer_framework(case: DisclosureCase, name: str) -> Disclosure:
    """A framework answered from a reporting year.

    Parameters
    ----------
    case : DisclosureCase
        The year.
    name : str
        See `list_frameworks`.

    Returns
    -------
    Disclosure

    Raises
    ------
    BookError
        If there is no such framework.
    """
    framework = framework_named(name)
    own = replace(case, is_on_net=framework.is_on_net)
    answers = tuple(
        Answer(point, piece, _in_unit(figure, point.unit))
        for point in framework.datapoints
        for piece, figure in _pieces(own, point.view)
    )
    first, last = case.period.start, case.period.last_day
    year = str(first.year) if first.year == last.year else f"{first} – {last}"
    return Disclosure(framework, case.company, year, case.statement, answers)


def _in_unit(figure: Figure, unit: str) -> Figure:
    """A figure in the unit of its datapoint; of a ratio, its numerator."""
    numerator, slash, denominator = figure.unit.partition("/")
    if not figure.unit or not unit or numerator == unit:
        return replace(figure, unit=figure.unit or (unit if figure.status != "filled" else ""))
    return figure.times(conversion_factor(numerator, unit), f"{unit}{slash}{denominator}")


def _pieces(case: DisclosureCase, view: str) -> Pieces:
    """What a view gives."""
    family, _, name = view.partition(":")
    return _FAMILIES[family](case, name)


def _one(case: DisclosureCase, view: str) -> Figure:
    """The one figure that a view gives."""
    ((_, figure),) = _pieces(case, view)
    return figure


def _previous(case: DisclosureCase, view: str) -> Pieces:
    """A view of the compared year."""
    if case.previous is None:
        return unnamed(missing(says("no_compared_year")))
    return unnamed(_one(replace(case.previous, is_on_net=case.is_on_net), view))


def _change(case: DisclosureCase, view: str) -> Pieces:
    """The change of a view against the compared year; what one year does not have counts as nothing in it."""
    now, ((_, before),) = _one(case, view), _previous(case, view)
    if "data_missing" in {now.status, before.status}:
        return unnamed(missing(before.reason if before.status == "data_missing" else now.reason, now.unit))
    if now.status == before.status == "not_applicable" or case.previous is None:
        return unnamed(now)
    found = relative_change(before.number, now.number)
    percent = "–" if math.isnan(found.percent) else f"{found.percent:+.2f} %"
    year = str(case.previous.period.start.year)
    return unnamed(answered(found.change, now.unit, says("change", year=year, percent=percent)))


def _share(case: DisclosureCase, names: str) -> Pieces:
    """One view as a share of another, in %."""
    family, part, whole = names.split(":")
    above, below = _one(case, f"{family}:{part}"), _one(case, f"{family}:{whole}")
    if "data_missing" in {above.status, below.status}:
        return unnamed(missing(above.reason if above.status == "data_missing" else below.reason, "%"))
    if above.status != "filled" or not below.number:
        return unnamed(not_applicable(says("no_entries"), "%"))
    return unnamed(answered(above.number / below.number * 100, "%"))


def _per_driver(case: DisclosureCase, view: str) -> Pieces:
    """A view divided by each driver."""
    figure = _one(case, view)
    pieces = [(_driver_label(driver), _ratio(figure, driver)) for driver in case.drivers]
    return pieces or unnamed(missing(says("no_driver"), figure.unit))


def _intensity(case: DisclosureCase, _: str) -> Pieces:
    """Emissions of the scopes of each driver divided by it, by both methods where the book has them."""
    pieces = []
    for driver in case.drivers:
        methods = ["location", "market"] if 2 in driver.scopes and case.scope_2 is not None else ["location"]
        for method in methods:
            names = [_SCOPE_FIGURES[scope] + (f"_{method}" if scope == 2 else "") for scope in driver.scopes]
            total = added([_one(case, f"emissions:{name}") for name in names], "t CO2e")
            label = _driver_label(driver)
            if 2 in driver.scopes:
                label = says("by_method", name=label, method=says(f"{method}_based"))
            pieces.append((label, _ratio(total, driver)))
    return pieces or unnamed(missing(says("no_driver"), "t CO2e"))


def _driver_label(driver: Driver) -> Label:
    """A driver by its name."""
    return Label(driver.name_en or driver.name_zh, driver.name_zh or driver.name_en)


def _ratio(figure: Figure, driver: Driver) -> Figure:
    """A figure per unit of a driver; a ratio of a part would say nothing, so that there is none."""
    return replace(figure, known_part=None).times(1 / driver.amount, f"{figure.unit}/{driver.unit}")


# Of the figures of registers; all others are of water.
_REGISTER_UNITS = {"waste": "t", "air": "kg"}


def _of_register(case: DisclosureCase, name: str) -> Pieces:
    """A figure of a register of water, waste or air pollutants; missing if the book keeps none."""
    unit = _REGISTER_UNITS.get(name.partition(".")[0], "m3")
    return unnamed(case.environment.get(name) or missing(says("no_environment"), unit))


_FAMILIES: Mapping[str, Callable[[DisclosureCase, str], Pieces]] = {
    "base_year": base_year_figures,
    "biogenic": biogenic_figures,
    "carriers": energy_by_carrier,
    "categories": emissions_by_category,
    "change": _change,
    "data": lambda _, __: unnamed(missing(NOTHING)),
    "emissions": emissions_figures,
    "energy": energy_figures,
    "environment": _of_register,
    "esrs": esrs_figures,
    "fuels": energy_by_fuel,
    "gases": emissions_by_gas,
    "instruments": instrument_figures,
    "intensity": _intensity,
    "iso": iso_figures,
    "iso_gases": iso_gases,
    "ndrc": ndrc_figures,
    "per_driver": _per_driver,
    "previous": _previous,
    "register": register_figures,
    "savings": lambda case, name: unnamed(case.savings.get(name) or Figure("needs_words")),
    "secr": secr_figures,
    "share": _share,
    "targets": target_figures,
    "tce": national_figures,
    "text": described,
    "uncertainty": uncertainty_figures,
    "words": lambda _, __: unnamed(Figure("needs_words")),
}
