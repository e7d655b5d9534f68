"""The drawing of several years: a stack for each year, its total above it, what was reported beside what is restated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from carbonledger.pages.picture_groups import fitted, text_width
from carbonledger.pages.picture_style import (
    INK,
    LETTER_SIZE,
    LINES,
    PAPER,
    WIDTH,
    amount_axis,
    colours_of,
    ink_on,
    wording,
)
from carbonledger.pages.years_data import Column, YearsData
from carbonledger.reporting.console import number

__all__ = ["years_chart"]

# Pixels: the stacks, the axis with its numbers and title, the legend where it stands at the side, the height of a number.
_HEIGHT, _AXIS, _LEGEND, _ROOM = 240, 72, 170, 14
# A picture narrower than this has its legend below.
_SIDE = 480
# How much of a step is bar.
_BAR = 0.8
# Bold letters are wider by 0 to 12 % (Helvetica-Bold against Helvetica).
_BOLD = 1.12
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a stack: from where to where [t CO2e]."""

    column: str
    name: str
    base: float
    top: float
    text: str
    ink: str


@dataclass(frozen=True, slots=True)
class _End:
    """What stands above a stack, at its height [t CO2e]."""

    column: str
    top: float
    text: str


def years_chart(alt: Any, data: YearsData, width: float = WIDTH) -> Any:
    """The layers of several years.

    Parameters
    ----------
    alt : module
        Altair.
    data : YearsData
        What is drawn.
    width : float
        Of the picture [pixels].
    """
    across = width - _AXIS - (_LEGEND if width >= _SIDE else 0)
    step = across / max(len(data.columns), 1)
    names = {name: "\n".join(fitted(name, _LEGEND - 30 if width >= _SIDE else width - 40)) for name, _ in data.colours}
    colours = _colours(data)
    words = [word for column in data.columns for word in (column.year, column.basis)]
    upright = any(text_width(word) > step for word in words)
    keys = [(" " if upright else "\n").join(filter(None, (column.year, column.basis))) for column in data.columns]
    parts = [
        part for key, column in zip(keys, data.columns, strict=True) for part in _parts(key, column, names, colours)
    ]
    ends = [_end(key, column, parts) for key, column in zip(keys, data.columns, strict=True)]
    widest = max((text_width(end.text) for end in ends), default=0.0) * _BOLD
    bottom, top = _domain(parts, (widest if widest > step else LETTER_SIZE) + 8)
    axis = alt.Axis(title=None, labelExpr="split(datum.value, '\\n')", labelAngle=-90 if upright else 0, labelLimit=0, ticks=False,
                    labelFontSize=LETTER_SIZE, labelColor=INK, domain=False)  # fmt: skip
    place = alt.X("column:N", sort=keys, axis=axis, scale=alt.Scale(paddingInner=1 - _BAR, paddingOuter=(1 - _BAR) / 2))
    inside = [part for part in parts if _has_room(part, (top - bottom) / _HEIGHT, step * _BAR)]
    return alt.layer(
        _bars(
            alt,
            parts,
            place,
            amount_axis(alt, "y", data.unit, "base:Q", domain=(bottom, top)),
            _colour(alt, names, colours, width),
        ),
        alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color=LINES).encode(y="zero:Q"),
        _inside(alt, inside, place),
        _above(alt, ends, place, lies=widest <= step),
    ).properties(width=across, height=_HEIGHT)


def _colours(data: YearsData) -> dict[str, str]:
    """The colour of each series: that of its scope, else the next one; grey for a group."""
    other = next((name for name, kind in data.colours if kind == "other"), "")
    kinds = dict(data.colours)
    by_kind = colours_of([kind for _, kind in data.colours], other="other" if other else "")
    return {name: by_kind[kind] for name, kind in kinds.items()}


def _parts(key: str, column: Column, names: dict[str, str], colours: dict[str, str]) -> list[_Part]:
    """The pieces of a stack; what is below 0 hangs below the line."""
    above = below = 0.0
    found = []
    for name, value in column.parts:
        base = above if value >= 0 else below
        found.append(_Part(key, names[name], base, base + value, number(value, _DECIMALS), ink_on(colours[name])))
        above, below = (base + value, below) if value >= 0 else (above, base + value)
    return found


def _end(key: str, column: Column, parts: Sequence[_Part]) -> _End:
    """The total of a year above its stack; a dash if it has none."""
    top = max((part.top for part in parts if part.column == key), default=0.0)
    return _End(key, max(top, 0.0), number(column.total if column.total is not None else float("nan"), _DECIMALS))


def _domain(parts: Sequence[_Part], room: float) -> tuple[float, float]:
    """From where to where the axis goes [t CO2e], with room for the totals [pixels] above the highest stack."""
    bottom = min((part.top for part in parts if part.top < 0), default=0.0)
    top = max((part.top for part in parts), default=0.0)
    return bottom, bottom + (max(top, 0.0) - bottom or 1.0) / (1 - room / _HEIGHT)


def _has_room(part: _Part, scale: float, bar: float) -> bool:
    """Whether a number fits into its piece; `scale` in t CO2e a pixel."""
    return abs(part.top - part.base) >= _ROOM * scale and text_width(part.text) <= bar


def _colour(alt: Any, names: dict[str, str], colours: dict[str, str], width: float) -> Any:
    """The legend, in the order of the stacks."""
    legend = alt.Legend(title=None, orient="right" if width >= _SIDE else "bottom", direction="vertical", columns=1, labelLimit=0,
                        labelExpr="split(datum.value, '\\n')", labelFontSize=LETTER_SIZE, labelColor=INK, offset=12,
                        symbolType="square", symbolStrokeColor=INK, symbolStrokeWidth=0.5, symbolSize=110)  # fmt: skip
    drawn = list(reversed(names))
    scale = alt.Scale(domain=[names[name] for name in drawn], range=[colours[name] for name in drawn])
    return alt.Color("name:N", scale=scale, legend=legend)


def _bars(alt: Any, parts: Sequence[_Part], place: Any, up: Any, colour: Any) -> Any:
    """The stacks."""
    rows = [{"column": part.column, "name": part.name, "base": part.base, "top": part.top} for part in parts]
    bars = alt.Chart(alt.Data(values=rows)).mark_bar(stroke=PAPER, strokeWidth=1)
    return bars.encode(x=place, y=up, y2="top:Q", color=colour)


def _inside(alt: Any, parts: Sequence[_Part], place: Any) -> Any:
    """Numbers in the pieces that have room."""
    rows = [
        {"column": part.column, "y": (part.base + part.top) / 2, "text": part.text, "ink": part.ink} for part in parts
    ]
    texts = alt.Chart(alt.Data(values=rows)).mark_text(baseline="middle", fontSize=LETTER_SIZE)
    return texts.encode(x=place, y="y:Q", text="text:N", color=alt.Color("ink:N", scale=None, legend=None))


def _above(alt: Any, ends: Sequence[_End], place: Any, *, lies: bool) -> Any:
    """The totals, upright where they are wider than a column."""
    rows = [{"column": end.column, "y": end.top, "text": end.text} for end in ends]
    turned = {"align": "center", "dy": -5} if lies else {"angle": 270, "align": "left", "baseline": "middle", "dx": 5}
    texts = alt.Chart(alt.Data(values=rows)).mark_text(**wording(fontWeight="bold", **turned))
    return texts.encode(x=place, y="y:Q", text="text:N")
