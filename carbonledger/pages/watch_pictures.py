"""The pictures of a monitored book: days beside the year before, and months stacked by site."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import Any

from carbonledger.core.language import Lang, word
from carbonledger.core.units import conversion_factor
from carbonledger.monitoring.overview import Overview, Span
from carbonledger.pages.picture_records import Bar, PictureData
from carbonledger.pages.picture_style import (
    COLOURS,
    INK,
    LETTER_SIZE,
    LINES,
    WIDTH,
    amount_axis,
    finished,
    needed,
    svg_of,
)
from carbonledger.pages.pictures import chart_of
from carbonledger.pages.section_pictures import SectionPicture
from carbonledger.pages.years_data import YearsData, years_data
from carbonledger.reporting.console import number

__all__ = ["days_data", "days_picture", "kwh_of", "months_data", "months_picture"]

_HEIGHT = 220
# From so many days on their dates stand upright.
_UPRIGHT = 12


def kwh_of(energy_gj: float) -> float:
    """Energy in kWh.

    Examples
    --------
    >>> round(kwh_of(3.6), 9)
    1000.0
    """
    return energy_gj * float(conversion_factor("GJ", "kWh"))


def days_data(overview: Overview, lang: Lang) -> PictureData | None:
    """Energy by day beside that of the year before [kWh]; None without readings."""
    if not overview.days:
        return None
    bars = [bar for day in overview.days for bar in _of_day(day, lang)]
    return PictureData("days", lang, word("watch_days_title", lang), "kWh", tuple(bars))


def _of_day(day: Span, lang: Lang) -> list[Bar]:
    """A day and the same date of the year before."""
    values = {"current": day.energy_gj, "previous": day.previous_energy_gj}
    names = {"current": word("watch_now", lang), "previous": word("watch_before", lang)}
    return [
        Bar(
            f"{day.begin:%m-%d}", kind, kwh_of(value) if value == value else None, number(kwh_of(value), 0), names[kind]
        )
        for kind, value in values.items()
    ]


def days_picture(overview: Overview, lang: Lang) -> SectionPicture | None:
    """Days as bars, the year before as a line; None without readings."""
    data = days_data(overview, lang)
    if data is None:
        return None
    altair = needed("altair")
    return _picture(finished(altair, _days_chart(altair, data), data.title), data)


def _days_chart(alt: Any, data: PictureData) -> Any:
    """The layers of the days; a date without data the year before breaks the line."""
    rows = [{"label": bar.label, "value": bar.value, "series": bar.series, "kind": bar.kind} for bar in data.bars]
    labels = list(dict.fromkeys(bar.label for bar in data.bars))
    series = {bar.kind: bar.series for bar in data.bars}
    axis = alt.Axis(title=None, labelAngle=-90 if len(labels) > _UPRIGHT else 0, ticks=False, domainColor=LINES,
                    labelFontSize=LETTER_SIZE, labelColor=INK)  # fmt: skip
    place = alt.X("label:N", sort=labels, axis=axis, scale=alt.Scale(paddingInner=0.25, paddingOuter=0.15))
    legend = alt.Legend(title=None, orient="top", labelFontSize=LETTER_SIZE, labelColor=INK, symbolType="square")
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=[series["current"], series["previous"]], range=[COLOURS["current"], COLOURS["rise"]]),
        legend=legend,
    )
    up = amount_axis(alt, "y", data.unit)
    bars, line = ([row for row in rows if row["kind"] == kind] for kind in ("current", "previous"))
    layers = [alt.Chart(alt.Data(values=bars)).mark_bar().encode(x=place, y=up, color=colour)]
    if any(row["value"] is not None for row in line):
        drawn = alt.Chart(alt.Data(values=line)).mark_line(
            strokeWidth=2, invalid="break-paths-show-domains", point={"size": 22}
        )
        layers.append(drawn.encode(x=place, y=up, color=colour))
    return alt.layer(*layers).properties(width=WIDTH - 80, height=_HEIGHT)


def months_data(overview: Overview, measure: str, lang: Lang) -> YearsData | None:
    """Months stacked by site: ``energy_gj`` [GJ] or ``emissions_tco2e`` [t CO2e]; None without entries."""
    shown = [span.begin for span in overview.months]
    frame = overview.priced.months
    frame = frame[frame["month"].isin(shown)]
    if not len(frame):
        return None
    sites = (
        frame["site"]
        .where(frame["site"] != "", frame["entity"])
        .where(lambda names: names != "", word("watch_no_site", lang))
    )
    rows = frame.assign(year=frame["month"].dt.strftime("%Y-%m"), series=sites, emissions_tco2e=frame[measure])
    rows = rows.assign(complete=not overview.completeness.is_part)
    kind = "energy" if measure == "energy_gj" else "emissions"
    data = years_data(rows[["year", "series", "emissions_tco2e", "complete"]], lang, word(f"watch_months_{kind}", lang))
    return replace(data, unit="GJ") if kind == "energy" else data


def months_picture(overview: Overview, measure: str, lang: Lang) -> SectionPicture | None:
    """Months stacked by site; None without entries."""
    data = months_data(overview, measure, lang)
    return None if data is None else _picture(chart_of(data), data)


def _picture(drawn: Any, data: PictureData) -> SectionPicture:
    """A chart as a page shows it."""
    svg = svg_of(drawn, data.description)
    return SectionPicture(f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}", data.description)
