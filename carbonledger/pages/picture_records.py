"""A picture before it is drawn: bars with their labels and numbers as printed, in a language, and what is said beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

from carbonledger.core.language import Lang, bracketed, headed, listed, word
from carbonledger.reporting.report import Report

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PICTURES", "Bar", "PictureData", "PictureName", "picture_of", "said_of"]

PictureName = Literal[
    "year_on_year", "scopes", "gases", "energy_mix", "energy_flow", "months", "change_effects", "uncertainty"
]
PICTURES: tuple[PictureName, ...] = get_args(PictureName)
_UNITS: Mapping[str, str] = MappingProxyType({"energy_mix": "energy_gj", "uncertainty": "picture_variance_unit"})


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a picture.

    Parameters
    ----------
    label : str
        Of the axis: a scope, a gas, a carrier, a month.
    kind : str
        What decides its colour: ``scope 1``, ``renewable``, ``previous`` ...
    value : float or None
        Its length in the unit of the picture; None draws no bar, because there is no such number.
    text : str
        What is written at its end, the number as the tables print it.
    series : str
        What tells it from other bars of its label, in words; empty if there is one bar a label.
    begins : float
        Where it begins, in the unit of the picture: 0, or where the bar before ends.
    """

    label: str
    kind: str
    value: float | None
    text: str
    series: str = ""
    begins: float = 0.0


@dataclass(frozen=True, slots=True)
class PictureData:
    """A picture before it is drawn.

    Parameters
    ----------
    name : str
        One of `PICTURES`, or ``years`` for several reports.
    lang : {"en", "zh"}
        The language of its words.
    title : str
        What is shown, of which year.
    unit : str
        Of the values, for the axis.
    bars : tuple of Bar
        In the order in which they are drawn.
    cautions : tuple of str
        That the figures are incomplete or in doubt; empty if nothing is known to be.
    notes : tuple of str
        How the picture is to be read.
    """

    name: str
    lang: Lang
    title: str
    unit: str
    bars: tuple[Bar, ...]
    cautions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """The numbers of the picture: ``label``, ``series``, ``value`` in the unit, ``text`` as printed, ``unit``; a row for each bar."""
        import pandas as pd

        rows = [(bar.label, bar.series, bar.value, bar.text, self.unit) for bar in self.bars]
        return pd.DataFrame(rows, columns=["label", "series", "value", "text", "unit"]).astype({"value": "float64"})

    @property
    def description(self) -> str:
        """The picture in words, for readers who do not see it: title with unit, every bar with its number, cautions, notes."""
        lang = self.lang
        parts = [headed(" ".join(filter(None, (bar.label, bar.series))), bar.text, lang) for bar in self.bars]
        listing = headed(f"{self.title}{bracketed(self.unit, lang)}", listed(parts, lang, semicolons=True), lang)
        return " ".join((word("sentence", lang, text=listing), *self.cautions, *self.notes))


def picture_of(
    report: Report,
    name: PictureName,
    lang: Lang,
    bars: Iterable[Bar],
    notes: tuple[str, ...] = (),
    cautions: tuple[str, ...] = (),
) -> PictureData:
    """A picture with its title, its unit and what is said of the whole report."""
    company = report.settings["company"]
    years = {"year": str(company["reporting_year"]), "previous": str(company["compare_year"] or "")}
    unit = word(_UNITS.get(name, "emissions"), lang)
    title = word(f"picture_{name}", lang, **years)
    return PictureData(name, lang, title, unit, tuple(bars), (*said_of(report, lang), *cautions), notes)


def said_of(report: Report, lang: Lang) -> tuple[str, ...]:
    """That the figures of a report are incomplete or in doubt, for a picture that is copied alone; nothing if they are neither."""
    # What is wrong with printed figures is no caution here: a picture shows none.
    statement = replace(report.completeness, printed=())
    return tuple(statement.lines(lang)) if not statement.complete or statement.doubts else ()
