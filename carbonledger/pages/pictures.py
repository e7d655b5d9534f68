"""Pictures of a report: static SVG or PNG, drawn without a browser or a network.

Colours can be told apart by colour-blind readers, and bars carry their own labels; only the scopes of months need a legend.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Literal, overload

from carbonledger.core.language import Lang, headed, printable
from carbonledger.pages.flow_chart import flow_chart
from carbonledger.pages.flow_data import FlowData
from carbonledger.pages.line_breaks import broken, printed_width
from carbonledger.pages.picture_data import PICTURES, Bar, PictureData, PictureName, picture_data
from carbonledger.pages.picture_style import (
    COLOURS,
    INK,
    LETTER,
    LINE,
    LINES,
    WIDTH,
    amount_axis,
    finished,
    needed,
    png_of,
    svg_of,
)
from carbonledger.pages.years_chart import years_chart
from carbonledger.pages.years_data import YearsData
from carbonledger.reporting.report import Report

if TYPE_CHECKING:
    import altair as alt

__all__ = ["PICTURES", "WIDTHS", "PictureName", "chart", "chart_of", "description", "picture"]

# Pictures that are drawn in another way where there is less room.
WIDTHS: frozenset[PictureName] = frozenset({"energy_flow"})
_BAR_STEP, _MONTHS_HEIGHT = 30, 220
_LABEL_LETTERS, _EFFECT_LETTERS, _NOTE_LETTERS = 30, 40, 98


@overload
def picture(
    report: Report, name: str, lang: Lang, form: Literal["svg"] = "svg", *, titled: bool = True, width: float = WIDTH
) -> str | None: ...
@overload
def picture(
    report: Report, name: str, lang: Lang, form: Literal["png"], *, titled: bool = True, width: float = WIDTH
) -> bytes | None: ...
def picture(
    report: Report,
    name: str,
    lang: Lang,
    form: Literal["svg", "png"] = "svg",
    *,
    titled: bool = True,
    width: float = WIDTH,
) -> str | bytes | None:
    """A picture of a report.

    Parameters
    ----------
    report : Report
        Of a book.
    name : {"year_on_year", "scopes", "gases", "energy_mix", "energy_flow", "months", "change_effects", "uncertainty"}
        See `picture_data`.
    lang : {"en", "zh"}
        In which language.
    form : {"svg", "png"}
        SVG keeps text as text, in the reader's fonts; PNG is drawn with those of this system.
    titled : bool
        Whether the title is drawn; without it what is incomplete or in doubt is drawn all the same.
    width : float
        Of an energy flow [pixels]: 640 for A4, 344 for a telephone. The others are as wide as their labels need.

    Returns
    -------
    str, bytes or None
        SVG as text with its description in words, PNG as bytes; None if the book has nothing to draw.

    Raises
    ------
    BookError
        If there is no such picture, if Altair or vl-convert is not installed, or if a PNG needs letters that no font has.
    """
    data = picture_data(report, name, lang)
    if data is None:
        return None
    drawn = chart_of(data if titled else replace(data, title=""), width)
    return (svg_of if form == "svg" else png_of)(drawn, data.description)


def chart(report: Report, name: str, lang: Lang = "en") -> alt.LayerChart | None:
    """A picture of a report as an Altair chart, to be changed or saved.

    Parameters
    ----------
    report : Report
        Of a book.
    name : {"year_on_year", "scopes", "gases", "energy_mix", "energy_flow", "months", "change_effects", "uncertainty"}
        See `picture_data`.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    altair.LayerChart or None
        None if the book has nothing to draw.
    """
    data = picture_data(report, name, lang)
    return None if data is None else chart_of(data)


def description(report: Report, name: str, lang: Lang) -> str:
    """A picture in words, for readers who do not see it; empty if there is nothing to draw."""
    data = picture_data(report, name, lang)
    return "" if data is None else data.description


def chart_of(data: PictureData, width: float = WIDTH) -> alt.LayerChart:
    """The Altair chart of a picture's data; an energy flow and several years keep to the width [pixels]."""
    altair = needed("altair")
    said = data.cautions
    if isinstance(data, FlowData):
        drawn, said = flow_chart(altair, data, width), (*said, *data.notes)
    elif isinstance(data, YearsData):
        drawn, said = years_chart(altair, data, width), (*said, *data.notes)
    else:
        build = {"months": _months_chart, "change_effects": _waterfall_chart}.get(data.name, _bars_chart)
        drawn = build(altair, data)
    layered: alt.LayerChart = finished(altair, drawn, data.title, said, width)
    return layered


def _rows(bars: Iterable[Bar], widest: int) -> list[dict[str, Any]]:
    """Bars as records of a chart; labels are broken into lines."""
    return [{**asdict(bar), "label": broken(bar.label, widest), "text": printable(bar.text)} for bar in bars]


def _bars_chart(alt: Any, data: PictureData) -> Any:
    """Bars lying one below the other, each with its number at its end."""
    rows = _rows(data.bars, _LABEL_LETTERS)
    labels = list(dict.fromkeys(row["label"] for row in rows))
    series = list(dict.fromkeys(row["series"] for row in rows))
    for row in rows:
        row["end"] = headed(row["series"], row["text"], data.lang) if row["series"] else row["text"]
    left = max(printed_width(line) for label in labels for line in label.split("\n")) * LETTER + 12
    right = max(printed_width(row["end"]) for row in rows) * LETTER + 10
    axis = alt.Axis(title=None, domain=False, ticks=False, labelExpr="split(datum.value, '\\n')", labelLimit=0,
                    minExtent=left, maxExtent=left, labelFontSize=11, labelColor=INK, labelPadding=8)  # fmt: skip
    place: dict[str, Any] = {
        "y": alt.Y("label:N", sort=labels, axis=axis, scale=alt.Scale(paddingInner=0.3, paddingOuter=0.15))
    }
    if len(series) > 1:
        place["yOffset"] = alt.YOffset("series:N", sort=series)
    base = alt.Chart(alt.Data(values=rows)).encode(**place)
    bars = base.mark_bar().encode(x=amount_axis(alt, "x", data.unit), color=_colour(alt, data))
    zero = alt.expr.if_(alt.datum.value > 0, alt.datum.value, 0)
    text = (
        base.transform_calculate(place=zero)
        .mark_text(align="left", dx=5, fontSize=11, color=INK)
        .encode(x=alt.X("place:Q"), text="end:N")
    )
    lines = max(len(label.split("\n")) for label in labels)
    tall = max(_BAR_STEP, lines * LINE)
    step = {"step": tall, "for": "position"} if len(series) == 1 else {"step": _BAR_STEP * 0.7, "for": "offset"}
    return alt.layer(bars, text).properties(width=max(WIDTH - left - right, 160), height=step)


def _waterfall_chart(alt: Any, data: PictureData) -> Any:
    """Bars lying one below the other, each from where the one before ends, with a thin line between them."""
    rows = _rows(data.bars, _EFFECT_LETTERS)
    for at, row in enumerate(rows):
        row["ends"] = row["begins"] + row["value"]
        row["right"] = max(row["begins"], row["ends"])
        row["next"] = rows[min(at + 1, len(rows) - 1)]["label"]
    labels = [row["label"] for row in rows]
    left = max(printed_width(line) for label in labels for line in label.split("\n")) * LETTER + 12
    right = max(printed_width(row["text"]) for row in rows) * LETTER + 10
    axis = alt.Axis(title=None, domain=False, ticks=False, labelExpr="split(datum.value, '\\n')", labelLimit=0,
                    minExtent=left, maxExtent=left, labelFontSize=11, labelColor=INK, labelPadding=8)  # fmt: skip
    place = alt.Y("label:N", sort=labels, axis=axis, scale=alt.Scale(paddingInner=0.3, paddingOuter=0.15))
    base = alt.Chart(alt.Data(values=rows)).encode(y=place)
    values = amount_axis(alt, "x", data.unit, "begins:Q")
    bars = base.mark_bar().encode(x=values, x2="ends:Q", color=_colour(alt, data))
    lines = alt.Chart(alt.Data(values=rows[:-1])).mark_rule(color=LINES, strokeWidth=0.8)
    lines = lines.encode(x="ends:Q", y=alt.Y("label:N", sort=labels), y2="next:N")
    text = base.mark_text(align="left", dx=5, fontSize=11, color=INK).encode(x="right:Q", text="text:N")
    step = {"step": _BAR_STEP, "for": "position"}
    return alt.layer(lines, bars, text).properties(width=max(WIDTH - left - right, 160), height=step)


def _months_chart(alt: Any, data: PictureData) -> Any:
    """Bars standing side by side, one a month, scopes on top of each other."""
    rows = _rows(data.bars, _LABEL_LETTERS)
    months = _all_months(sorted({row["label"] for row in rows}))
    scopes = list(dict.fromkeys(row["kind"] for row in sorted(rows, key=lambda row: row["kind"])))
    words = {row["kind"]: row["series"] for row in rows}
    notes = [line for text in data.notes for line in broken(text, _NOTE_LETTERS).split("\n")]
    axis = alt.Axis(title=notes, titleFontWeight="normal", titleFontSize=11, titleColor=INK, labelAngle=-45,
                    labelFontSize=11, labelColor=INK, domainColor=LINES, ticks=False)  # fmt: skip
    legend = alt.Legend(title=None, orient="top", labelLimit=0, labelFontSize=11, labelColor=INK, symbolType="square")
    colours = alt.Scale(domain=[words[name] for name in scopes], range=[COLOURS[name] for name in scopes])
    return alt.layer(
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            x=alt.X("label:O", axis=axis, scale=alt.Scale(domain=months)),
            y=amount_axis(alt, "y", data.unit),
            color=alt.Color("series:N", scale=colours, legend=legend),
            order=alt.Order("kind:N"),
        )
    ).properties(width=WIDTH - 70, height=_MONTHS_HEIGHT)


def _all_months(months: Sequence[str]) -> list[str]:
    """Every month from the first to the last, so that one without entries is seen as a gap."""
    first, last = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (months[0], months[-1]))
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(first, last + 1)]


def _colour(alt: Any, data: PictureData) -> Any:
    """The colour of a bar by its kind; the labels say what it is."""
    kinds = list(dict.fromkeys(bar.kind for bar in data.bars))
    return alt.Color("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=[COLOURS[kind] for kind in kinds]))
