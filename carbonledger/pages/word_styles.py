"""Styles of the Word document: A4, fonts for Latin and Chinese letters, styles of tables, captions and what must not be overlooked.

Everything that is formatted is formatted by a style, so that a company pastes a table into its own report and gives it its own look.
"""

from __future__ import annotations

from typing import Any

from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang

__all__ = [
    "CAUTION",
    "NOTE",
    "PICTURE",
    "STANDING",
    "TABLE",
    "TABLE_HEAD",
    "TABLE_HEAD_NUMBER",
    "TABLE_NUMBER",
    "TABLE_TEXT",
    "styled_document",
]

# Names of our own styles; Title, Subtitle, Heading 1, Heading 2, Caption, Header and Footer are Word's.
TABLE, TABLE_TEXT, TABLE_NUMBER = "Carbon Table", "Carbon Table Text", "Carbon Table Number"
TABLE_HEAD, TABLE_HEAD_NUMBER = "Carbon Table Head", "Carbon Table Head Number"
CAUTION, STANDING, NOTE, PICTURE = "Carbon Caution", "Carbon Standing", "Carbon Note", "Carbon Picture"

_LATIN, _CHINESE = "Arial", "Microsoft YaHei"
_A4_MM, _MARGIN_MM = (210, 297), (20, 22)
_CELL_PT, _CELL_LINE_PT = 8, 11
_INK, _HEAD_FILL, _RULE, _ALARM, _ALARM_FILL = "222222", "E8EEF2", "8C9AA3", "9C1B00", "FBEFEA"
_TABLE_STYLE = f"""
<w:style xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" w:type="table" w:customStyle="1"
    w:styleId="CarbonTable">
  <w:name w:val="{TABLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>
  <w:tblPr>
    <w:tblBorders>
      <w:top w:val="single" w:sz="8" w:space="0" w:color="{_RULE}"/>
      <w:bottom w:val="single" w:sz="8" w:space="0" w:color="{_RULE}"/>
      <w:insideH w:val="single" w:sz="4" w:space="0" w:color="{_RULE}"/>
    </w:tblBorders>
    <w:tblCellMar>
      <w:top w:w="30" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>
    </w:tblCellMar>
  </w:tblPr>
  <w:tblStylePr w:type="firstRow">
    <w:rPr><w:b/></w:rPr>
    <w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{_HEAD_FILL}"/><w:vAlign w:val="bottom"/></w:tcPr>
  </w:tblStylePr>
</w:style>"""


def styled_document(lang: Lang) -> Any:
    """An empty Word document on A4 with our styles.

    Parameters
    ----------
    lang : {"en", "zh"}
        The language that Word proofs the text in.

    Returns
    -------
    docx.document.Document

    Raises
    ------
    BookError
        If python-docx is not installed.
    """
    try:
        from docx import Document
    except ImportError as error:
        raise BookError(Message.of("REPORT_EXTRA_MISSING", package="python-docx")) from error
    from docx.oxml import parse_xml
    from docx.shared import Mm

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = (Mm(length) for length in _A4_MM)
    page.left_margin = page.right_margin = Mm(_MARGIN_MM[0])
    page.top_margin = page.bottom_margin = Mm(_MARGIN_MM[1])
    styles = document.styles
    _set_default_fonts(styles.element, lang)
    styles.element.append(parse_xml(_TABLE_STYLE))
    _set_known_styles(styles)
    _add_own_styles(styles)
    return document


def _set_default_fonts(element: Any, lang: Lang) -> None:
    """Fonts and language of the whole document; a font of the theme would win over them."""
    from docx.oxml.ns import qn

    fonts = element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:rFonts')}")
    _name_fonts(fonts)
    for language in element.iter(qn("w:lang")):
        # Latin letters stay English in a Chinese document too: else lines are broken within their words.
        language.set(qn("w:val"), "en-GB" if lang == "en" else "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")


def _name_fonts(fonts: Any) -> None:
    """The fonts of Latin and Chinese letters by name."""
    from docx.oxml.ns import qn

    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), _LATIN)
    fonts.set(qn("w:eastAsia"), _CHINESE)


def _set_known_styles(styles: Any) -> None:
    """Word's own styles in our fonts, sizes [pt] and colours."""
    for name, size, before, after in (
        ("Normal", 10, 0, 4),
        ("Title", 18, 0, 2),
        ("Subtitle", 12, 0, 8),
        ("Heading 1", 14, 14, 4),
        ("Heading 2", 11, 10, 3),
        ("Caption", 9, 8, 3),
        ("Header", 8, 0, 0),
        ("Footer", 8, 0, 0),
    ):
        _format(styles[name], size, before, after)
    for name in ("Title", "Heading 1", "Heading 2", "Caption"):
        styles[name].font.bold = True
    for name in ("Title", "Subtitle"):
        _drop(styles[name], "w:pBdr")
    styles["Subtitle"].font.italic = False


def _add_own_styles(styles: Any) -> None:
    """Styles of cells, of notes, of pictures, and of what stands at the head."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.shared import Pt, RGBColor

    cells = (TABLE_TEXT, TABLE_NUMBER, TABLE_HEAD, TABLE_HEAD_NUMBER)
    for name, size, before, after in (
        *((name, _CELL_PT, 0, 0) for name in cells),
        (NOTE, _CELL_PT, 2, 4),
        (PICTURE, 10, 8, 0),
        (STANDING, 10, 0, 4),
        (CAUTION, 10, 0, 4),
    ):
        style = styles.add_style(name, 1)
        style.base_style = styles["Normal"]
        _format(style, size, before, after)
    for name in cells:
        # Latin and Chinese letters of one row stand on one line.
        styles[name].paragraph_format.line_spacing = Pt(_CELL_LINE_PT)
    for name in (TABLE_NUMBER, TABLE_HEAD_NUMBER):
        styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for name in (TABLE_HEAD, TABLE_HEAD_NUMBER, PICTURE):
        styles[name].paragraph_format.keep_with_next = True
    caution = styles[CAUTION]
    caution.font.bold = True
    caution.font.color.rgb = RGBColor.from_string(_ALARM)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    shade = parse_xml(f'<w:shd {space} w:val="clear" w:color="auto" w:fill="{_ALARM_FILL}"/>')
    caution.element.get_or_add_pPr().insert(0, shade)  # the order of Word's schema: before the spacing


def _format(style: Any, size: int, before: int, after: int) -> None:
    """Fonts, size [pt], ink and the room above and below of a style [pt]."""
    from docx.shared import Pt, RGBColor

    _name_fonts(style.element.get_or_add_rPr().get_or_add_rFonts())
    style.font.size = Pt(size)
    style.font.color.rgb = RGBColor.from_string(_INK)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _drop(style: Any, tag: str) -> None:
    """A style without one of its properties of paragraphs."""
    from docx.oxml.ns import qn

    for node in list(style.element.iter(qn(tag))):
        node.getparent().remove(node)
