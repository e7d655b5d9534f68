"""The drawing of an energy flow: bands between three columns of nodes, every node with its name and number above it.

Altair has no mark for it; a band is an area between two smooth curves. Heights are in pixels, at one scale for the whole picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from carbonledger.pages.flow_data import COLUMNS, Flow, FlowData
from carbonledger.pages.picture_data import Bar
from carbonledger.pages.picture_groups import fitted
from carbonledger.pages.picture_style import COLOURS, INK, LETTER_SIZE, OTHER, PAPER, SERIES, WIDTH, wording

__all__ = ["Node", "bands", "flow_chart", "nodes"]

# Pixels: all bands of a column together, the width of a node, between nodes, between lines of a label, between labels side by side.
_ENERGY, _NODE, _GAP, _LINE, _APART = 220, 12, 10, 13, 12
# Points of a curve: more cannot be seen in print.
_POINTS = 16
_ALIGN = ("left", "center", "right")


@dataclass(frozen=True, slots=True)
class Node:
    """A node as it is drawn.

    Parameters
    ----------
    column : int
        0 to 2.
    name : str
        As in the flows.
    lines : tuple of str
        Its label, above it.
    left, top, height : float
        Of its bar [pixels], from the top left of the picture.
    colour : str
        Of its bar.
    """

    column: int
    name: str
    lines: tuple[str, ...]
    left: float
    top: float
    height: float
    colour: str

    @property
    def label_top(self) -> float:
        """Where the label begins [pixels]."""
        return self.top - len(self.lines) * _LINE


def nodes(data: FlowData, width: float = WIDTH) -> list[Node]:
    """The nodes of a flow with their places; no label reaches another one.

    Parameters
    ----------
    data : FlowData
        What is drawn.
    width : float
        Of the picture [pixels].
    """
    columns = [
        [bar for bar in data.bars if bar.series == series] for series in dict.fromkeys(b.series for b in data.bars)
    ]
    total = sum(flow.energy_gj for flow in data.flows)
    scale = _ENERGY / total if total else 0.0
    placed = [list(_column(number, bars, scale, width)) for number, bars in enumerate(columns)]
    deepest = max((column[-1].top + column[-1].height for column in placed), default=0.0)
    return [_lowered(node, (deepest - column[-1].top - column[-1].height) / 2) for column in placed for node in column]


def _column(column: int, bars: list[Bar], scale: float, width: float) -> Iterator[Node]:
    """The nodes of a column from the top, below its heading."""
    widest = width / 3 - _APART
    left = column * (width - _NODE) / 2
    top = 2.0 * _LINE
    for place, bar in enumerate(bars):
        lines = (*fitted(bar.label, widest), *fitted(bar.text, widest))
        top += len(lines) * _LINE + 2
        height = (bar.value or 0.0) * scale
        yield Node(column, bar.label, lines, left, top, height, _node_colour(bar, place))
        top += height + _GAP


def _node_colour(bar: Bar, place: int) -> str:
    """The colour of a node: a carrier's own, ink for a company, that of its class for a use."""
    if bar.kind == "carrier":
        return SERIES[place] if place < len(SERIES) else OTHER
    if bar.kind == "company":
        return INK
    return COLOURS.get(bar.kind, SERIES[0])


def _lowered(node: Node, by: float) -> Node:
    """A node some pixels further down."""
    return Node(node.column, node.name, node.lines, node.left, node.top + by, node.height, node.colour)


def bands(data: FlowData, placed: list[Node]) -> list[dict[str, Any]]:
    """The bands between the nodes: ``left``, ``right``, ``top_left``, ``top_right``, ``height`` [pixels], ``colour``.

    Parameters
    ----------
    data : FlowData
        What is drawn.
    placed : list of Node
        From `nodes`.
    """
    by_name = {(node.column, node.name): node for node in placed}
    total = sum(flow.energy_gj for flow in data.flows)
    scale = _ENERGY / total if total else 0.0
    found = []
    for stage in (0, 1):
        links = _links(data.flows, stage)
        left = {key: by_name[stage, key[0]] for key in links}
        right = {key: by_name[stage + 1, key[1]] for key in links}
        from_top = _stacked(links, left, {key: right[key].top for key in links}, scale)
        to_top = _stacked(links, right, {key: left[key].top for key in links}, scale)
        for key, energy in links.items():
            colour = (left if stage == 0 else right)[key].colour
            place = {"left": left[key].left + _NODE, "right": right[key].left, "colour": colour}
            found.append({**place, "top_left": from_top[key], "top_right": to_top[key], "height": energy * scale})
    return found


def _links(flows: tuple[Flow, ...], stage: int) -> dict[tuple[str, str], float]:
    """The energy between two neighbouring columns [GJ]."""
    found: dict[tuple[str, str], float] = {}
    for flow in flows:
        key = (getattr(flow, COLUMNS[stage]), getattr(flow, COLUMNS[stage + 1]))
        found[key] = found.get(key, 0.0) + flow.energy_gj
    return found


def _stacked(
    links: Mapping[tuple[str, str], float],
    ends: Mapping[tuple[str, str], Node],
    order: Mapping[tuple[str, str], float],
    scale: float,
) -> dict[tuple[str, str], float]:
    """Where each band begins at its node, in the order of its other end, so that bands of one node do not cross."""
    begin: dict[str, float] = {}
    found = {}
    for key in sorted(links, key=lambda key: order[key]):
        node = ends[key]
        found[key] = begin.get(node.name, node.top)
        begin[node.name] = found[key] + links[key] * scale
    return found


def flow_chart(alt: Any, data: FlowData, width: float = WIDTH) -> Any:
    """The layers of an energy flow.

    Parameters
    ----------
    alt : module
        Altair.
    data : FlowData
        What is drawn.
    width : float
        Of the picture [pixels].
    """
    placed = nodes(data, width)
    height = max((node.top + node.height for node in placed), default=0.0) + 2
    across = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False, zero=False))
    down = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False))
    colour = alt.Color("colour:N", scale=None, legend=None)
    curves = [row for number, band in enumerate(bands(data, placed)) for row in _curve(number, band)]
    areas = (
        alt.Chart(alt.Data(values=curves))
        .mark_area(opacity=0.55, stroke=INK, strokeWidth=0.3, strokeOpacity=0.7)
        .encode(x=across, y=down, y2="y2:Q", color=colour, detail="band:N")
    )
    bars = [
        {"x": node.left, "x2": node.left + _NODE, "y": node.top, "y2": node.top + node.height, "colour": node.colour}
        for node in placed
    ]
    boxes = (
        alt.Chart(alt.Data(values=bars))
        .mark_rect(stroke=INK, strokeWidth=0.5)
        .encode(x=across, x2="x2:Q", y=down, y2="y2:Q", color=colour)
    )
    return alt.layer(areas, boxes, *_texts(alt, data, placed, across, down, width)).properties(
        width=width, height=height
    )


def _curve(number: int, band: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Points of a band: level at both ends (the cubic 3 t^2 - 2 t^3)."""
    for point in range(_POINTS + 1):
        part = point / _POINTS
        rise = part * part * (3 - 2 * part)
        top = band["top_left"] + (band["top_right"] - band["top_left"]) * rise
        yield {
            "band": number,
            "x": round(band["left"] + (band["right"] - band["left"]) * part, 1),
            "y": round(top, 2),
            "y2": round(top + band["height"], 2),
            "colour": band["colour"],
        }


def _texts(alt: Any, data: FlowData, placed: list[Node], across: Any, down: Any, width: float) -> Iterator[Any]:
    """Headings and labels, on a white edge so that they can be read on a band."""
    headings = list(dict.fromkeys(bar.series for bar in data.bars))
    edges = (0.0, width / 2, width)
    for column, align in enumerate(_ALIGN):
        labels = [
            {"x": edges[column], "y": node.label_top + _LINE * (line + 0.5), "text": text}
            for node in placed
            if node.column == column
            for line, text in enumerate(node.lines)
        ]
        head = [{"x": edges[column], "y": _LINE * 0.7, "text": text} for text in headings[column : column + 1]]
        for rows, weight in ((labels, "normal"), (head, "bold")):
            place = {"align": align, "baseline": "middle", "fontWeight": weight}
            words = alt.Chart(alt.Data(values=rows)).encode(x=across, y=down, text="text:N")
            yield words.mark_text(
                fontSize=LETTER_SIZE, color=PAPER, stroke=PAPER, strokeWidth=3, strokeJoin="round", **place
            )
            yield words.mark_text(**wording(**place))
