"""The picture of a target: its path with milestones, the years as they were, and where they are heading with a band.

Each line has its own dashes and marks beside its colour, so that it can be told apart in grey and by colour-blind readers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, overload

from carbonledger.core.language import Lang, headed, listed, printable, word
from carbonledger.pages.picture_style import (
    COLOURS,
    INK,
    LETTER_SIZE,
    LINES,
    OTHER,
    SERIES,
    WIDTH,
    amount_axis,
    finished,
    needed,
    png_of,
    svg_of,
    wording,
)
from carbonledger.reporting.console import number
from carbonledger.reporting.report import Report
from carbonledger.reporting.target_wording import decimals_of, name_of, scopes_of, year_heads
from carbonledger.targets.paths import ReductionPath
from carbonledger.targets.standing import TargetStanding

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

__all__ = ["target_chart", "target_description", "target_frame", "target_picture"]

_HEIGHT, _AXIS_WIDTH, _MOST_TICKS = 260, 80, 12
# Of each line: its colour and its dashes.
_STYLES = {
    "path": (COLOURS["current"], [9, 3]),
    "actual": (INK, [1, 0]),
    "trend": (LINES, [4, 4]),
    "business_as_usual": (SERIES[2], [1, 3]),
}


def target_frame(item: TargetStanding) -> pd.DataFrame:
    """The numbers of the picture, a row for each year, in the unit of the target.

    Returns
    -------
    pandas.DataFrame
        ``year, path, actual, trend, trend_low, trend_high, business_as_usual, milestone``.
    """
    import pandas as pd

    return pd.DataFrame(item.rows())


def target_description(item: TargetStanding, report: Report, lang: Lang) -> str:
    """The picture in words: its title, status, base, target, and every year that is known."""
    places, unit = decimals_of(item), item.case.unit_in(lang)
    known = [f"{year} {number(value, places)}" for year, value in sorted(item.case.values.items())]
    path = [] if item.path is None else [f"{year} {number(value, places)}" for year, value in item.path.points]
    parts = [
        headed(word("target_path", lang, shape=word(f"target_{item.target.shape}", lang)), listed(path, lang), lang),
        headed(word("target_actual", lang), listed(known, lang), lang),
        word(f"target_{item.judgement.status}", lang),
    ]
    listing = headed(f"{_title(item, lang)} [{unit}]", listed(parts, lang, semicolons=True), lang)
    return " ".join((word("sentence", lang, text=listing), *_cautions(report, lang)))


def target_chart(
    item: TargetStanding, report: Report, lang: Lang = "en", width: float = WIDTH
) -> alt.LayerChart | None:
    """The picture of a target as an Altair chart.

    Parameters
    ----------
    item : TargetStanding
        Of the report.
    report : Report
        For what is to be said of its figures.
    lang : {"en", "zh"}
        In which language.
    width : float
        Of the picture [pixels].

    Returns
    -------
    altair.LayerChart or None
        None without a path.

    Raises
    ------
    BookError
        If Altair is not installed.
    """
    if item.path is None:
        return None
    altair = needed("altair")
    drawn = _layers(altair, item, lang).properties(width=width - _AXIS_WIDTH, height=_HEIGHT)
    chart: alt.LayerChart = finished(altair, drawn, _title(item, lang), _cautions(report, lang))
    return chart


@overload
def target_picture(
    item: TargetStanding, report: Report, lang: Lang, form: Literal["svg"] = "svg", width: float = WIDTH
) -> str | None: ...
@overload
def target_picture(
    item: TargetStanding, report: Report, lang: Lang, form: Literal["png"], width: float = WIDTH
) -> bytes | None: ...
def target_picture(
    item: TargetStanding, report: Report, lang: Lang, form: Literal["svg", "png"] = "svg", width: float = WIDTH
) -> str | bytes | None:
    """The picture of a target as SVG or PNG; None without a path. See `target_chart`."""
    chart = target_chart(item, report, lang, width)
    if chart is None:
        return None
    return (svg_of if form == "svg" else png_of)(chart, target_description(item, report, lang))


def _title(item: TargetStanding, lang: Lang) -> str:
    """What is shown."""
    return word("target_picture", lang, name=name_of(item, lang), scopes=scopes_of(item, lang))


def _cautions(report: Report, lang: Lang) -> tuple[str, ...]:
    """That figures of the report are incomplete or in doubt."""
    if report.published_alone:
        return ()
    statement = replace(report.completeness, printed=())
    return tuple(statement.lines(lang)) if not statement.complete or statement.doubts else ()


def _layers(alt: Any, item: TargetStanding, lang: Lang) -> Any:
    """The band, the lines, the points and their labels, the lowest first."""
    names = {key: text for key, text in year_heads(item, lang) if key in _STYLES}
    if item.trend is not None:
        names["trend"] = word("target_trend_band", lang, coverage=f"{item.trend.coverage * 100:g}")
    x = alt.X("year:Q", axis=_year_axis(alt, item), scale=alt.Scale(nice=False, zero=False, padding=12))
    y = amount_axis(alt, "y", item.case.unit_in(lang))
    base = alt.Chart(alt.Data(values=list(_line_rows(item, names)))).encode(x=x, y=y)
    lines = base.mark_line(strokeWidth=2).encode(color=_colour(alt, names), strokeDash=_dashes(alt, names))
    points = base.transform_filter("datum.kind == 'actual'").mark_point(filled=True, size=45, color=INK, opacity=1)
    marks = base.transform_filter("datum.kind == 'path' && datum.milestone").mark_point(
        shape="diamond", filled=True, size=110, color=_STYLES["path"][0], opacity=1
    )
    band = [_band(alt, item, x)] if item.trend is not None else []
    return alt.layer(*band, lines, points, marks, *_labels(alt, item, x))


def _line_rows(item: TargetStanding, names: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The points of the lines; a line breaks at a year without data, which nothing bridges."""
    rows = item.rows()
    for key, text in names.items():
        known = [row["year"] for row in rows if row[key] is not None]
        for row in rows:
            if known and known[0] <= row["year"] <= known[-1]:
                point = {"year": row["year"], "value": row[key], "milestone": row["milestone"]}
                yield {**point, "series": printable(text), "kind": key}


def _band(alt: Any, item: TargetStanding, x: Any) -> Any:
    """The band of the trend; what would lie below 0 is not drawn."""
    rows = [
        {"year": row["year"], "low": max(row["trend_low"], 0.0), "high": max(row["trend_high"], 0.0)}
        for row in item.rows()
        if row["trend_high"] is not None
    ]
    area = alt.Chart(alt.Data(values=rows)).mark_area(color=OTHER, opacity=0.45)
    return area.encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))


def _labels(alt: Any, item: TargetStanding, x: Any) -> list[Any]:
    """The numbers of the base, the reporting year, the milestones and the target."""
    path, places = item.path, decimals_of(item)
    if path is None:
        return []
    own = {path.first_year, path.last_year, *(mark.year for mark in item.target.milestones)}
    found = {year: (value, "above") for year, value in path if year in own}
    now = item.judgement
    if now.now is not None and now.year is not None and now.year not in found:
        found[now.year] = (now.now, "below")
    return [
        alt.Chart(alt.Data(values=[{"year": year, "value": value, "text": number(value, places)}]))
        .mark_text(**wording(align=_side(year, path), **_SIDES[side]))
        .encode(x=x, y=alt.Y("value:Q"), text="text:N")
        for year, (value, side) in found.items()
    ]


_SIDES: dict[str, dict[str, Any]] = {
    "above": {"baseline": "bottom", "dy": -9},
    "below": {"baseline": "top", "dy": 9},
}


def _side(year: int, path: ReductionPath) -> str:
    """To which side a label reaches, so that none crosses an end of the picture."""
    return {path.first_year: "left", path.last_year: "right"}.get(year, "center")


def _year_axis(alt: Any, item: TargetStanding) -> Any:
    """Whole years."""
    years = [row["year"] for row in item.rows()]
    step = max(1, -(-len(years) // _MOST_TICKS))
    ticks = [year for year in years if (years[-1] - year) % step == 0]
    return alt.Axis(title=None, values=ticks, format="d", grid=False, domainColor=LINES, tickColor=LINES,
                    labelFontSize=LETTER_SIZE, labelColor=INK)  # fmt: skip


def _colour(alt: Any, names: dict[str, str]) -> Any:
    """The colour of each line, with its legend."""
    legend = alt.Legend(
        title=None, orient="top", labelLimit=0, labelFontSize=LETTER_SIZE, labelColor=INK, symbolStrokeWidth=2
    )
    texts = [printable(text) for text in names.values()]
    return alt.Color("series:N", legend=legend, scale=alt.Scale(domain=texts, range=[_STYLES[key][0] for key in names]))


def _dashes(alt: Any, names: dict[str, str]) -> Any:
    """The dashes of each line."""
    texts = [printable(text) for text in names.values()]
    return alt.StrokeDash("series:N", scale=alt.Scale(domain=texts, range=[_STYLES[key][1] for key in names]))
