"""What the pictures of a report show: bars with their labels and numbers as printed, in a language; nothing is drawn here."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from carbonledger.comparison.year_effects import YearEffects
from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang, bracketed, has_label, listed, word
from carbonledger.pages.flow_data import energy_flow
from carbonledger.pages.picture_records import PICTURES, Bar, PictureData, PictureName, picture_of
from carbonledger.reporting.change_text import change_text
from carbonledger.reporting.console import number
from carbonledger.reporting.decompose_text import signed
from carbonledger.reporting.report import Report
from carbonledger.reporting.wording import with_gap
from carbonledger.uncertainty.results import Contribution

__all__ = ["LONGEST_MONTHLY_DAYS", "PICTURES", "Bar", "PictureData", "PictureName", "picture_data"]

# A utility reads its meters every 27 to 35 days; what is longer than that belongs to no month.
LONGEST_MONTHLY_DAYS = 35
_DECIMALS = 2
# The unit of the values, where it is not t CO2e.
# So many figures have a bar of their own.
_LARGEST = 8
# What is less has no bar that could be seen [%].
_SEEN = 0.05


def picture_data(report: Report, name: str, lang: Lang) -> PictureData | None:
    """What a picture of a report shows.

    Parameters
    ----------
    report : Report
        Of a book.
    name : {"year_on_year", "scopes", "gases", "energy_mix", "energy_flow", "months", "change_effects", "uncertainty"}
        Emissions of the year beside the previous one, by scope (location beside market where both are formed), by gas [t CO2e];
        energy by carrier, and from carriers through companies to its use [GJ]; emissions by month, and the effects of the change since
        the previous year [t CO2e]; what contributes to the variance of the total [%].
    lang : {"en", "zh"}
        The language of its words.

    Returns
    -------
    PictureData or None
        None if the book has nothing to draw: no emissions or energy, no previous year, no entries of single months.

    Raises
    ------
    BookError
        If there is no such picture.
    """
    found = _BUILDERS.get(name)
    if found is None:
        raise BookError(Message.of("PICTURE_UNKNOWN", name=name, names=PICTURES))
    drawn = found(report, lang)
    return drawn if drawn and any(bar.value for bar in drawn.bars) else None


def _scopes(report: Report, lang: Lang) -> PictureData:
    """Emissions by scope, scope 2 by both methods where the book forms both."""
    return picture_of(report, "scopes", lang, _scope_bars(report, lang))


def _scope_bars(report: Report, lang: Lang) -> Iterator[Bar]:
    """A bar for each scope that has entries."""
    market = report.scope_2
    for row in report.inventory.by("scope").to_dict("records"):
        name, value = str(row["scope"]), float(row["emissions_tco2e"])
        if name == "no scope" and not value:
            continue
        yield Bar(with_gap(word(name, lang), row, lang), name, _known(value), number(value, _DECIMALS))
        if name.startswith("scope 2") and market is not None:
            other = float(market.market_based_tco2e)
            yield Bar(word("picture_market", lang), "market-based", _known(other), number(other, _DECIMALS))


def _gases(report: Report, lang: Lang) -> PictureData:
    """Emissions by the gases of the inventory."""
    rows = report.inventory.by("gas_group").to_dict("records")
    drawn = [(str(row["gas_group"]), row["emissions_tco2e"]) for row in rows if _known(row["emissions_tco2e"])]
    bars = (Bar(_gas_label(gas, lang), "gas", value, number(value, _DECIMALS)) for gas, value in drawn)
    return picture_of(report, "gases", lang, bars)


def _gas_label(gas: str, lang: Lang) -> str:
    """A gas as it is written everywhere; what a factor gives as CO2e alone, and a publisher's rounding, in words."""
    if gas == "CO2e":
        return word("picture_unsplit", lang)
    return word(gas, lang) if has_label(gas) else gas


def _energy_mix(report: Report, lang: Lang) -> PictureData:
    """Energy by carrier, all companies together."""
    return picture_of(report, "energy_mix", lang, _energy_bars(report, lang))


def _energy_bars(report: Report, lang: Lang) -> Iterator[Bar]:
    """A bar for each carrier; one whose calorific value is missing has a dash and no bar."""
    rows = [row for row in report.energy_rows(lang) if row["level"] == "row"]
    kinds = report.inventory.energy_table("id").query("level == 'row'").set_index("carrier")["class"].to_dict()
    for activity in dict.fromkeys(row["activity"] for row in rows):
        own = [row for row in rows if row["activity"] == activity]
        energy, share = (math.fsum(row[key] for row in own) for key in ("energy_gj", "share_percent"))
        said = [f"{number(share, _DECIMALS)} %"] * math.isfinite(share) + [str(own[0]["class"])]
        text = (
            f"{number(energy, _DECIMALS)}{' GJ' if math.isfinite(energy) else ''}{bracketed(listed(said, lang), lang)}"
        )
        yield Bar(str(own[0]["carrier"]), str(kinds[activity]), _known(energy), text)


def _known(value: float) -> float | None:
    """A value that a bar can show; None for one that is missing."""
    return value if math.isfinite(value) else None


def _year_on_year(report: Report, lang: Lang) -> PictureData | None:
    """Emissions of the year and of the one before, by scope and in total."""
    changes, before = report.changes.get("scope"), report.previous
    if changes is None or before is None:
        return None
    company = report.settings["company"]
    previous = str(company["compare_year"])
    years = {"previous": previous, "current": str(company["reporting_year"])}
    cautions = () if before.complete else (word("picture_previous_incomplete", lang, year=previous),)
    rows = (
        {**row, "scope": report.completeness.sum_label} if row["scope"] == "total" else row
        for row in changes.to_dict("records")
    )
    bars = (bar for row in rows for bar in _change_bars(row, years, lang))
    return picture_of(report, "year_on_year", lang, bars, cautions=cautions)


def _change_bars(row: Mapping[Any, Any], years: Mapping[str, str], lang: Lang) -> Iterator[Bar]:
    """The bars of one scope: the previous year's, then the year's own with the change."""
    if row["scope"] == "no scope" and not (row["emissions_tco2e_previous"] or row["emissions_tco2e_current"]):
        return
    absent = {"new": "previous", "ended": "current"}.get(str(row["status"]))
    for kind, year in years.items():
        value = None if kind == absent else _known(float(row[f"emissions_tco2e_{kind}"]))
        text = number(value, _DECIMALS)
        change, convention = float(row["emissions_tco2e_change_percent"]), str(row["emissions_tco2e_convention"])
        if kind == "current" and math.isfinite(change) and not absent:
            text += f" ({change_text(change, convention, lang, signed=True)})"
        yield Bar(word(row["scope"], lang), kind, value, text, year)


def _change_effects(report: Report, lang: Lang) -> PictureData | None:
    """The effects of the change since the previous year, each from where the one before ends."""
    step = report.change_effects
    if step is None or not step.possible:
        return None
    return picture_of(report, "change_effects", lang, _effect_bars(step, lang))


def _effect_bars(step: YearEffects, lang: Lang) -> Iterator[Bar]:
    """The earlier year, each effect, and the later year."""
    yield Bar(str(step.years[0]), "whole", step.before, number(step.before, _DECIMALS))
    reached = step.before
    for name in step.shown:
        value = step.effects[name]
        kind = "rise" if value > 0 else "fall"
        yield Bar(word(f"effect_{name}", lang), kind, value, signed(value), begins=reached)
        reached += value
    yield Bar(str(step.years[1]), "whole", step.after, number(step.after, _DECIMALS))


def _months(report: Report, lang: Lang) -> PictureData | None:
    """Emissions by month and scope, of entries that belong to a month."""
    if not report.inventory.plan.rows or not {"start", "end"} <= set(report.lines.columns):
        return None
    found: dict[tuple[str, str], float] = {}
    longer = 0.0
    for row in report.inventory.view("month", "scope", "start", "end").to_dict("records"):
        value = float(row["emissions_tco2e"])
        if (_day(row["end"]) - _day(row["start"])).days > LONGEST_MONTHLY_DAYS:
            longer += value
            continue
        month = f"{row['month'] // 100}-{row['month'] % 100:02d}"
        found[month, str(row["scope"])] = found.get((month, str(row["scope"])), 0.0) + value
    notes = [word("picture_by_first_day", lang)]
    if longer:
        notes.append(word("picture_longer", lang, tonnes=number(longer, _DECIMALS)))
    bars = (
        Bar(month, scope, value, number(value, _DECIMALS), word(scope, lang))
        for (month, scope), value in sorted(found.items())
        if value
    )
    return picture_of(report, "months", lang, bars, tuple(notes))


def _uncertainty(report: Report, lang: Lang) -> PictureData | None:
    """What contributes to the variance of the total, the largest part first."""
    assessment = report.uncertainty
    if assessment is None or not assessment.contributions:
        return None
    share = assessment.total.covered_share or 0.0
    part = word("uncertainty_part", lang, share=number(share * 100, 1))
    bars = _contribution_bars(assessment.contributions, lang)
    return picture_of(report, "uncertainty", lang, bars, cautions=(part,) if assessment.is_part else ())


def _contribution_bars(parts: Sequence[Contribution], lang: Lang) -> Iterator[Bar]:
    """A bar for each of the largest contributions, and one for all others."""
    large = [item for item in parts[:_LARGEST] if item.share * 100 >= _SEEN]
    names = [item.parameter.short.text(lang) for item in large]
    for item, name in zip(large, names, strict=True):
        kind = "own data" if item.parameter.kind == "activity" else "factor"
        # Two figures of one name are told apart by their editions.
        label = name if names.count(name) == 1 else item.parameter.label.text(lang)
        yield Bar(label, kind, item.share * 100, f"{number(item.share * 100, 1)} %")
    others = parts[len(large) :]
    if others:
        share = math.fsum(item.share for item in others) * 100
        label = word("picture_uncertainty_others", lang, count=str(len(others)))
        yield Bar(label, "others", share, f"{number(share, 1)} %")


def _day(value: Any) -> date:
    """A day, also of a frame that keeps days as moments."""
    day: date = value.date() if hasattr(value, "date") else value
    return day


_BUILDERS: Mapping[str, Callable[[Report, Lang], PictureData | None]] = MappingProxyType(
    {
        "year_on_year": _year_on_year,
        "scopes": _scopes,
        "gases": _gases,
        "energy_mix": _energy_mix,
        "energy_flow": energy_flow,
        "months": _months,
        "change_effects": _change_effects,
        "uncertainty": _uncertainty,
    }
)
