"""The style that every picture shares: colours, letters, axes, titles, and the way from a chart to SVG or PNG.

Nothing here knows what a picture shows. A new picture builds its layers with `amount_axis`, `wording` and the colours below,
and hands the chart to `finished`, then to `svg_of` or `png_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from types import ModuleType
from typing import Any

from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import printable
from carbonledger.pages.line_breaks import FIRST_WIDE_LETTER, broken

__all__ = [
    "ALARM",
    "AMOUNTS",
    "COLOURS",
    "FONTS",
    "INK",
    "LETTER",
    "LETTER_SIZE",
    "LINE",
    "LINES",
    "NARROW",
    "OTHER",
    "PAPER",
    "SERIES",
    "WIDTH",
    "amount_axis",
    "colours_of",
    "described",
    "finished",
    "has_chinese_font",
    "ink_on",
    "letters_in",
    "lightness",
    "needed",
    "png_of",
    "require_letters",
    "svg_of",
    "titled",
    "wording",
]

# Okabe and Ito's colours for colour-blind readers (Color Universal Design, 2008), those that stand out from white paper
# by 3:1 (WCAG 2.2, 1.4.11), some of them darkened until they do; two greys.
COLOURS = {
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
    "whole": "#5F6B7A",
    "rise": "#D55E00",
    "fall": "#0072B2",
    "own data": "#0072B2",
    "factor": "#D55E00",
    "others": "#767676",
}
# Okabe and Ito's seven beside black, in an order in which neighbours differ in lightness by 12 or more (CIE L*), so that they
# can be told apart in grey; the light ones do not stand out from paper by 3:1 and need an outline in `INK`.
SERIES = ("#0072B2", "#E69F00", "#D55E00", "#56B4E9", "#009E73", "#F0E442", "#CC79A7")
OTHER = "#BDBDBD"
INK, ALARM, LINES, PAPER = "#222222", "#9C1B00", "#767676", "white"
# The first family that a reader's system has: Windows, macOS, Linux.
FONTS = (
    "Arial, 'Microsoft YaHei', 'PingFang SC', 'Hiragino Sans GB', 'Noto Sans CJK SC', 'Source Han Sans SC', "
    "'WenQuanYi Micro Hei', sans-serif"
)
# Pixels: the text width of A4 at 96 to the inch, a telephone, a Latin letter at LETTER_SIZE, a line.
WIDTH, NARROW = 640, 344
LETTER, LETTER_SIZE, LINE = 6.2, 11, 15
# How a number stands on an axis: thousands parted, no exponent, no digits that say nothing.
AMOUNTS = ",.12~g"
_NOTE_LETTERS = 98
_LETTERS: dict[str, Any] = {"labelFontSize": LETTER_SIZE, "titleFontSize": LETTER_SIZE, "titleFontWeight": "normal"}
_LETTERS |= {"labelColor": INK, "titleColor": INK}
_PNG_SCALE = 3.0


def needed(module: str) -> ModuleType:
    """A module of the extra ``report``: ``altair`` or ``vl_convert``.

    Raises
    ------
    BookError
        If it is not installed.
    """
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        raise BookError(Message.of("REPORT_EXTRA_MISSING", package=module)) from error


def letters_in(pixels: float) -> int:
    """How many Latin letters of `LETTER_SIZE` fit into a width [pixels].

    Examples
    --------
    >>> letters_in(640), letters_in(344)
    (103, 55)
    """
    return int(pixels / LETTER)


def colours_of(names: Sequence[str], *, other: str = "") -> dict[str, str]:
    """A colour for each series: that of `COLOURS` where it has one, else the next of `SERIES`; grey for what is grouped.

    Parameters
    ----------
    names : sequence of str
        In the order in which they are drawn.
    other : str
        Which of them is a group of small ones.

    Examples
    --------
    >>> colours_of(["scope 1", "plant-a", "rest"], other="rest")
    {'scope 1': '#0072B2', 'plant-a': '#0072B2', 'rest': '#BDBDBD'}
    """
    own = [name for name in names if name not in COLOURS and name != other]
    found = {name: SERIES[number % len(SERIES)] for number, name in enumerate(own)}
    return {name: COLOURS.get(name) or found.get(name, OTHER) for name in names}


def amount_axis(
    alt: Any, channel: str, title: str, field: str = "value:Q", *, domain: tuple[float, float] | None = None
) -> Any:
    """The axis of the amounts, from zero, with its unit as title.

    Parameters
    ----------
    alt : module
        Altair.
    channel : {"x", "y"}
        Which axis.
    title : str
        The unit.
    field : str
        Altair's shorthand of the column.
    domain : (float, float), optional
        From where to where it goes; without it, to a round number.
    """
    axis = alt.Axis(
        title=title, format=AMOUNTS, tickCount=5, grid=False, domainColor=LINES, tickColor=LINES, **_LETTERS
    )
    scale = alt.Scale(zero=True, nice=True) if domain is None else alt.Scale(domain=domain, nice=False)
    return (alt.X if channel == "x" else alt.Y)(field, axis=axis, scale=scale)


def lightness(colour: str) -> float:
    """The relative luminance of a colour, 0 (black) to 1 (white), as WCAG 2.2 defines it.

    Examples
    --------
    >>> lightness("#FFFFFF"), round(lightness("#0072B2"), 3)
    (1.0, 0.152)
    """
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink_on(colour: str) -> str:
    """The letters that stand out more from a colour: white or black, of which one always has 4.5:1 (WCAG 2.2, 1.4.3).

    Examples
    --------
    >>> ink_on("#0072B2"), ink_on("#F0E442")
    ('white', 'black')
    """
    behind = lightness(colour) + 0.05
    return PAPER if 1.05 / behind > behind / 0.05 else "black"


def wording(**places: Any) -> dict[str, Any]:
    """The properties of a text mark: size and colour of every picture, and where it stands (``align``, ``dx`` ...).

    Examples
    --------
    >>> wording(align="left")
    {'fontSize': 11, 'color': '#222222', 'align': 'left'}
    """
    return {"fontSize": LETTER_SIZE, "color": INK, **places}


def titled(alt: Any, title: str, cautions: Sequence[str], width: float = WIDTH) -> Any:
    """Title, and below it what is to be known before the numbers are used; that stands alone where there is no title."""
    widest = min(_NOTE_LETTERS, letters_in(width))
    lines = [line for text in cautions for line in broken(text, widest).split("\n")]
    place: dict[str, Any] = {"anchor": "start", "frame": "bounds", "offset": 8}
    if not title:
        return alt.TitleParams(
            text=lines, fontSize=LETTER_SIZE, fontWeight="normal", color=ALARM, lineHeight=LINE, **place
        )
    head: str | list[str] = broken(title, int(widest * 0.8)).split("\n")
    return alt.TitleParams(
        text=head[0] if len(head) == 1 else head, subtitle=lines, fontSize=13, color=INK, lineHeight=LINE + 2,
        subtitleColor=ALARM, subtitleFontSize=LETTER_SIZE, subtitleLineHeight=LINE, **place,
    )  # fmt: skip


def finished(alt: Any, drawn: Any, title: str = "", cautions: Sequence[str] = (), width: float = WIDTH) -> Any:
    """A chart with margins, title, cautions, fonts and white paper.

    Parameters
    ----------
    alt : module
        Altair.
    drawn : altair.LayerChart
        Its layers.
    title : str
        What is shown, of which year; empty if it stands elsewhere.
    cautions : sequence of str
        That figures are incomplete or in doubt, drawn with or without a title.
    width : float
        Of the whole picture [pixels]: lines of the cautions end there.
    """
    drawn = drawn.properties(padding={"left": 4, "top": 4, "bottom": 4, "right": 8})
    if title or cautions:
        drawn = drawn.properties(title=titled(alt, title, cautions, width))
    return drawn.configure(font=FONTS, aria=False, background=PAPER).configure_view(stroke=None)


def svg_of(drawn: Any, words: str) -> str:
    """A chart as SVG that keeps texts as texts, in the reader's fonts, and says in words what it shows.

    Parameters
    ----------
    drawn : altair.Chart
        From `finished`.
    words : str
        The picture for readers who do not see it.
    """
    return described(str(needed("vl_convert").vegalite_to_svg(drawn.to_dict(), allowed_base_urls=[])), words)


def png_of(drawn: Any, words: str) -> bytes:
    """A chart as PNG, drawn with the fonts of this system.

    Raises
    ------
    BookError
        If it needs letters that no font has: boxes are never drawn.
    """
    require_letters(words)
    png: bytes = needed("vl_convert").svg_to_png(svg_of(drawn, words), scale=_PNG_SCALE)
    return png


def require_letters(words: str) -> None:
    """Refuse a PNG whose words need a Chinese font that this system lacks."""
    if any(letter >= FIRST_WIDE_LETTER for letter in words) and not has_chinese_font():
        raise BookError(Message.of("PICTURE_FONT"))


@cache
def has_chinese_font() -> bool:
    """Whether this system has a font with Chinese letters: without one, two different letters are drawn alike."""
    draw = needed("vl_convert").svg_to_png
    one, other = (
        draw(f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text y="30" font-size="30" '
             f'font-family="{FONTS}">{letter}</text></svg>')
        for letter in "电国"
    )  # fmt: skip
    return bool(one != other)


def described(svg: str, words: str) -> str:
    """An SVG with its description, for readers who do not see it; the family of letters is said once, not with every text."""
    text = escape(printable(words))
    family = f' font-family="{FONTS}"'
    head, end, rest = svg.replace(family, "").partition(">")
    head = head.replace(' aria-hidden="true"', "") + family
    return f'{head} role="img" aria-label="{text}"{end}<title>{text}</title>{rest}'
