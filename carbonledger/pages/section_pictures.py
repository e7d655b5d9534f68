"""Pictures as a page shows them: an SVG as an address that loads nothing, with the picture in words."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from carbonledger.core.language import Lang
from carbonledger.pages.picture_records import PictureName
from carbonledger.pages.picture_style import NARROW
from carbonledger.pages.pictures import WIDTHS, description, picture
from carbonledger.pages.target_picture import target_description, target_picture
from carbonledger.reporting.report import Report

__all__ = ["SectionPicture", "section_pictures", "target_pictures"]


@dataclass(frozen=True, slots=True)
class SectionPicture:
    """A picture of the page.

    Parameters
    ----------
    data : str
        The SVG as a data address: what an image shows cannot run, whatever it holds.
    words : str
        The picture in words.
    narrow : str
        The same for a telephone, if it is drawn in another way there.
    """

    data: str
    words: str
    narrow: str = ""


def section_pictures(report: Report, lang: Lang, *names: PictureName) -> tuple[SectionPicture, ...]:
    """Pictures, where there is anything to draw."""
    drawn = [(name, picture(report, name, lang)) for name in names]
    return tuple(
        SectionPicture(_address(svg), description(report, name, lang), _narrow(report, name, lang))
        for name, svg in drawn
        if svg is not None
    )


def _narrow(report: Report, name: PictureName, lang: Lang) -> str:
    """A picture as it is drawn for a telephone; empty if it has but one drawing."""
    svg = picture(report, name, lang, width=NARROW) if name in WIDTHS else None
    return "" if svg is None else _address(svg)


def _address(svg: str) -> str:
    """An SVG as an address that loads nothing."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def target_pictures(report: Report, lang: Lang) -> tuple[SectionPicture, ...]:
    """The picture of each target that has a path."""
    drawn = [(item, target_picture(item, report, lang)) for item in report.targets]
    return tuple(
        SectionPicture(_address(svg), target_description(item, report, lang)) for item, svg in drawn if svg is not None
    )
