"""Pictures of a report: static SVG or PNG, drawn without a browser or a network.

Colours can be told apart by colour-blind readers, and bars carry their own labels; only the scopes of months need a legend.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from functools import cache
from html import escape
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, overload

from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang, headed, printable
from carbonledger.pages.line_breaks import FIRST_WIDE_LETTER, broken, printed_width
from carbonledger.pages.picture_data import PICTURES, Bar, PictureData, PictureName, picture_data
from carbonledger.reporting.report import Report

if TYPE_CHECKING:
    import altair as alt

__all__ = ["PICTURES", "PictureName", "chart", "chart_of", "description", "picture"]

# Okabe and Ito's colours for colour-blind readers, those that stand out from white paper by 3:1 (WCAG 2.2, 1.4.11); two greys.
_COLOURS = {
    "scope 1": "#0072B2",
    "scope 2 (location-based)": "#D55E00",
    "market-based": "#B5609A",
    "scope 3": "#00825E",
    "no scope": "#767676",
    "gas": "#0072B2",
    "renewable": "#00825E",
    "non_renewable": "#5F6B7A",
    "previous": "#8C8C8C",
    "current": "#0072B2",
    "own data": "#0072B2",
    "factor": "#D55E00",
    "others": "#767676",
}
_INK, _ALARM, _LINES = "#222222", "#9C1B00", "#767676"
# The first family that a reader's system has: Windows, macOS, Linux.
FONTS = (
    "Arial, 'Microsoft YaHei', 'PingFang SC', 'Hiragino Sans GB', 'Noto Sans CJK SC', 'Source Han Sans SC', "
    "'WenQuanYi Micro Hei', sans-serif"
)
_WIDTH, _LETTER, _LINE = 640, 6.2, 15
_BAR_STEP, _MONTHS_HEIGHT = 30, 220
_LABEL_LETTERS, _NOTE_LETTERS = 30, 98
_PNG_SCALE = 3.0


@overload
def picture(
    report: Report, name: str, lang: Lang, form: Literal["svg"] = "svg", *, titled: bool = True
) -> str | None: ...
@overload
def picture(report: Report, name: str, lang: Lang, form: Literal["png"], *, titled: bool = True) -> bytes | None: ...
def picture(
    report: Report, name: str, lang: Lang, form: Literal["svg", "png"] = "svg", *, titled: bool = True
) -> str | bytes | None:
    """A picture of a report.

    Parameters
    ----------
    report : Report
        Of a book.
    name : {"year_on_year", "scopes", "gases", "energy_mix", "months", "uncertainty"}
        See `picture_data`.
    lang : {"en", "zh"}
        In which language.
    form : {"svg", "png"}
        SVG keeps text as text, in the reader's fonts; PNG is drawn with those of this system.
    titled : bool
        Whether the title is drawn; without it what is incomplete or in doubt is drawn all the same.

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
    converter = _needed("vl_convert")
    if form == "png" and any(letter >= FIRST_WIDE_LETTER for letter in data.description) and not has_chinese_font():
        raise BookError(Message.of("PICTURE_FONT"))
    drawn = chart_of(data if titled else replace(data, title=""))
    svg = str(converter.vegalite_to_svg(drawn.to_dict(), allowed_base_urls=[]))
    if form == "svg":
        return _described(svg, data.description)
    png: bytes = converter.svg_to_png(svg, scale=_PNG_SCALE)
    return png


def chart(report: Report, name: str, lang: Lang = "en") -> alt.LayerChart | None:
    """A picture of a report as an Altair chart, to be changed or saved.

    Parameters
    ----------
    report : Report
        Of a book.
    name : {"year_on_year", "scopes", "gases", "energy_mix", "months", "uncertainty"}
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


@cache
def has_chinese_font() -> bool:
    """Whether this system has a font with Chinese letters: without one, two different letters are drawn alike."""
    draw = _needed("vl_convert").svg_to_png
    one, other = (
        draw(f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text y="30" font-size="30" '
             f'font-family="{FONTS}">{letter}</text></svg>')
        for letter in "电国"
    )  # fmt: skip
    return bool(one != other)


def _needed(module: str) -> ModuleType:
    """A module of the extra ``report``."""
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        raise BookError(Message.of("REPORT_EXTRA_MISSING", package=module)) from error


def chart_of(data: PictureData) -> alt.LayerChart:
    """The Altair chart of a picture's data."""
    altair = _needed("altair")
    build = _months_chart if data.name == "months" else _bars_chart
    margin = {"left": 4, "top": 4, "bottom": 4, "right": 8}
    drawn = build(altair, data).properties(padding=margin)
    if data.title or data.cautions:
        drawn = drawn.properties(title=_title(altair, data))
    layered: alt.LayerChart = drawn.configure(font=FONTS, aria=False, background="white").configure_view(stroke=None)
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
    left = max(printed_width(line) for label in labels for line in label.split("\n")) * _LETTER + 12
    right = max(printed_width(row["end"]) for row in rows) * _LETTER + 10
    axis = alt.Axis(title=None, domain=False, ticks=False, labelExpr="split(datum.value, '\\n')", labelLimit=0,
                    minExtent=left, maxExtent=left, labelFontSize=11, labelColor=_INK, labelPadding=8)  # fmt: skip
    place: dict[str, Any] = {
        "y": alt.Y("label:N", sort=labels, axis=axis, scale=alt.Scale(paddingInner=0.3, paddingOuter=0.15))
    }
    if len(series) > 1:
        place["yOffset"] = alt.YOffset("series:N", sort=series)
    base = alt.Chart(alt.Data(values=rows)).encode(**place)
    bars = base.mark_bar().encode(x=_amount(alt, "x", data), color=_colour(alt, data))
    zero = alt.expr.if_(alt.datum.value > 0, alt.datum.value, 0)
    text = (
        base.transform_calculate(place=zero)
        .mark_text(align="left", dx=5, fontSize=11, color=_INK)
        .encode(x=alt.X("place:Q"), text="end:N")
    )
    lines = max(len(label.split("\n")) for label in labels)
    tall = max(_BAR_STEP, lines * _LINE)
    step = {"step": tall, "for": "position"} if len(series) == 1 else {"step": _BAR_STEP * 0.7, "for": "offset"}
    return alt.layer(bars, text).properties(width=max(_WIDTH - left - right, 160), height=step)


def _months_chart(alt: Any, data: PictureData) -> Any:
    """Bars standing side by side, one a month, scopes on top of each other."""
    rows = _rows(data.bars, _LABEL_LETTERS)
    months = _all_months(sorted({row["label"] for row in rows}))
    scopes = list(dict.fromkeys(row["kind"] for row in sorted(rows, key=lambda row: row["kind"])))
    words = {row["kind"]: row["series"] for row in rows}
    notes = [line for text in data.notes for line in broken(text, _NOTE_LETTERS).split("\n")]
    axis = alt.Axis(title=notes, titleFontWeight="normal", titleFontSize=11, titleColor=_INK, labelAngle=-45,
                    labelFontSize=11, labelColor=_INK, domainColor=_LINES, ticks=False)  # fmt: skip
    legend = alt.Legend(title=None, orient="top", labelLimit=0, labelFontSize=11, labelColor=_INK, symbolType="square")
    colours = alt.Scale(domain=[words[name] for name in scopes], range=[_COLOURS[name] for name in scopes])
    return alt.layer(
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            x=alt.X("label:O", axis=axis, scale=alt.Scale(domain=months)),
            y=_amount(alt, "y", data),
            color=alt.Color("series:N", scale=colours, legend=legend),
            order=alt.Order("kind:N"),
        )
    ).properties(width=_WIDTH - 70, height=_MONTHS_HEIGHT)


def _all_months(months: Sequence[str]) -> list[str]:
    """Every month from the first to the last, so that one without entries is seen as a gap."""
    first, last = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (months[0], months[-1]))
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(first, last + 1)]


def _amount(alt: Any, channel: str, data: PictureData) -> Any:
    """The axis of the values, with its unit."""
    axis = alt.Axis(title=data.unit, format=",.12~g", tickCount=5, grid=False, domainColor=_LINES, tickColor=_LINES,
                    labelFontSize=11, titleFontSize=11, titleFontWeight="normal", labelColor=_INK, titleColor=_INK)  # fmt: skip
    return (alt.X if channel == "x" else alt.Y)("value:Q", axis=axis, scale=alt.Scale(zero=True, nice=True))


def _colour(alt: Any, data: PictureData) -> Any:
    """The colour of a bar by its kind; the labels say what it is."""
    kinds = list(dict.fromkeys(bar.kind for bar in data.bars))
    return alt.Color("kind:N", legend=None, scale=alt.Scale(domain=kinds, range=[_COLOURS[kind] for kind in kinds]))


def _title(alt: Any, data: PictureData) -> Any:
    """Title, and below it what is to be known before the numbers are used; that stands alone where there is no title."""
    lines = [line for text in data.cautions for line in broken(text, _NOTE_LETTERS).split("\n")]
    place: dict[str, Any] = {"anchor": "start", "frame": "bounds", "offset": 8}
    if not data.title:
        return alt.TitleParams(text=lines, fontSize=11, fontWeight="normal", color=_ALARM, lineHeight=_LINE, **place)
    return alt.TitleParams(
        text=printable(data.title), subtitle=lines, fontSize=13, color=_INK,
        subtitleColor=_ALARM, subtitleFontSize=11, subtitleLineHeight=_LINE, **place,
    )  # fmt: skip


def _described(svg: str, words: str) -> str:
    """An SVG with its description, for readers who do not see it."""
    text = escape(printable(words))
    head, end, rest = svg.partition(">")
    head = head.replace(' aria-hidden="true"', "")
    return f'{head} role="img" aria-label="{text}"{end}<title>{text}</title>{rest}'
