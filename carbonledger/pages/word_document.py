"""A Word document under construction: headings, paragraphs, tables with captions, pictures with their description."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from carbonledger.core.language import Lang, printable, word
from carbonledger.pages.line_breaks import printed_width
from carbonledger.pages.tables import Column, PageTable, Row
from carbonledger.pages.word_styles import (
    NOTE,
    PICTURE,
    TABLE,
    TABLE_HEAD,
    TABLE_HEAD_NUMBER,
    TABLE_NUMBER,
    TABLE_TEXT,
    styled_document,
)

__all__ = ["WordDocument"]

# The text of an A4 page between its margins, the margins of a cell, and a Latin letter in one.
_TEXT_MM, _CELL_MM, _LETTER_MM, _BOLD = 170.0, 3.5, 1.6, 1.15
# A table of so many rows stands on one page.
_KEPT_TOGETHER = 16
# The first moment that a ZIP archive can name: the same document is the same file, whenever it is written.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


class WordDocument:
    """A Word document that is written from top to bottom.

    Parameters
    ----------
    lang : {"en", "zh"}
        In which language captions and page numbers are.
    title : str
        Of the document's properties, and of every page's head.
    """

    def __init__(self, lang: Lang, title: str) -> None:
        self.lang = lang
        self._document = styled_document(lang)
        self._counts = {"caption_table": 0, "caption_figure": 0}
        self._set_properties(title)
        page = self._document.sections[0]
        page.header.paragraphs[0].add_run(printable(title))
        before, between, after = word("page_of_pages", lang, page="\n", pages="\n").split("\n")
        foot = page.footer.paragraphs[0]
        foot.alignment = 2
        for text, code in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
            foot.add_run(text)
            if code:
                _add_field(foot, code, "1")

    def _set_properties(self, title: str) -> None:
        """Title and language; the dates of the template are not ours."""
        properties = self._document.core_properties
        properties.title, properties.author, properties.comments = printable(title), "", ""
        properties.language = "zh-CN" if self.lang == "zh" else "en-GB"
        element = properties._element
        for node in list(element):
            if node.tag.endswith(("}created", "}modified", "}revision", "}lastModifiedBy")):
                element.remove(node)

    def heading(self, text: str, level: int = 1) -> None:
        """A heading; level 0 is the title."""
        self._document.add_heading(printable(text), level)

    def paragraph(self, text: str, style: str = "Normal") -> None:
        """A paragraph in a style."""
        self._document.add_paragraph(printable(text), style)

    def table(self, table: PageTable) -> None:
        """A table below its caption, its heading row repeated on every page, its notes below it."""
        self._caption("caption_table", table.title).paragraph_format.keep_with_next = True
        headings = [_heading_of(column) for column in table.columns]
        widths = _widths(headings, table.rows)
        drawn = self._document.add_table(0, len(headings), TABLE)
        drawn.autofit = False
        for column, width in zip(drawn.columns, widths, strict=True):
            column.width = width
        heads = [TABLE_HEAD_NUMBER if column.number else TABLE_HEAD for column in table.columns]
        _add_row(drawn, headings, heads, widths).get_or_add_trPr().append(_flag("w:tblHeader"))
        styles = [TABLE_NUMBER if column.number else TABLE_TEXT for column in table.columns]
        for at, row in enumerate(table.rows, 1):
            added = _add_row(drawn, row.cells, styles, widths, strong=row.level in {"subtotal", "total"})
            if at < len(table.rows) <= _KEPT_TOGETHER:
                _keep_with_next(added)
        for note in table.notes:
            self.paragraph(note, NOTE)

    def picture(self, png: bytes, title: str, description: str) -> None:
        """A picture above its caption, with its description for readers who do not see it."""
        from docx.shared import Mm

        shape = self._document.add_picture(io.BytesIO(png))
        shape.height, shape.width = round(shape.height * Mm(_TEXT_MM) / shape.width), Mm(_TEXT_MM)
        properties = shape._inline.docPr
        properties.set("descr", printable(description))
        properties.set("title", printable(title))
        self._document.paragraphs[-1].style = PICTURE
        self._caption("caption_figure", title)

    def _caption(self, key: str, title: str) -> Any:
        """A numbered caption; Word counts again when tables are moved or pasted elsewhere."""
        self._counts[key] += 1
        before, after = word(key, self.lang, number="\n", title=printable(title)).split("\n")
        caption = self._document.add_paragraph(before, "Caption")
        _add_field(caption, f"SEQ {before.strip()} \\* ARABIC", str(self._counts[key]))
        caption.add_run(after)
        return caption

    def content(self) -> bytes:
        """The document as the bytes of its file."""
        stream = io.BytesIO()
        self._document.save(stream)
        written = io.BytesIO()
        with zipfile.ZipFile(stream) as archive, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as copy:
            for item in archive.infolist():
                copy.writestr(zipfile.ZipInfo(item.filename, _NO_TIME), archive.read(item), zipfile.ZIP_DEFLATED)
        return written.getvalue()


def _heading_of(column: Column) -> str:
    """The heading of a column with its unit."""
    return "\n".join(filter(None, (column.heading, column.unit if column.unit != column.heading else "")))


def _widths(headings: Sequence[str], rows: Sequence[Row]) -> list[Any]:
    """The width of each column, so that all fill the page: short columns have what they need, long ones share the rest."""
    from docx.shared import Mm

    needs = []
    for at, heading in enumerate(headings):
        longest = max((printed_width(line) for row in rows for line in row.cells[at].split("\n")), default=0)
        head = max(printed_width(line) for line in heading.split("\n"))
        needs.append(_CELL_MM + _LETTER_MM * max(longest, _BOLD * head))
    room, shared = _TEXT_MM, sorted(range(len(needs)), key=needs.__getitem__)
    widths = [0.0] * len(needs)
    if sum(needs) <= room:
        widths = [need * room / sum(needs) for need in needs]
    while shared and sum(needs) > _TEXT_MM:
        at = shared.pop(0)
        widths[at] = min(needs[at], room / (len(shared) + 1))
        room -= widths[at]
    return [Mm(width) for width in widths]


def _add_row(
    table: Any, texts: Sequence[str], styles: Sequence[str], widths: Sequence[Any], *, strong: bool = False
) -> Any:
    """A row of texts that no page break parts, each cell in its style; a sum in Word's style Strong."""
    row = table.add_row()
    for cell, text, style, width in zip(row.cells, texts, styles, widths, strict=True):
        cell.width = width
        paragraph = cell._tc.p_lst[0]
        # By id, as a style by name is looked for among all styles each time.
        paragraph.style = style.replace(" ", "")
        run = paragraph.add_r()
        run.text = printable(text, kept="\n")
        if strong:
            run.style = "Strong"
    row._tr.get_or_add_trPr().append(_flag("w:cantSplit"))
    return row._tr


def _keep_with_next(row: Any) -> None:
    """A row on the page of the next one."""
    from docx.oxml.ns import qn

    for paragraph in row.iter(qn("w:p")):
        paragraph.get_or_add_pPr().get_or_add_keepNext()


def _flag(tag: str) -> Any:
    """A property that is on."""
    from docx.oxml import OxmlElement

    return OxmlElement(tag)


def _add_field(paragraph: Any, code: str, shown: str) -> None:
    """A field with the text that is shown until Word counts itself."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "instrText", "separate", "t", "end"):
        run = paragraph.add_run()
        if kind == "t":
            run.text = shown
            continue
        node = OxmlElement("w:instrText" if kind == "instrText" else "w:fldChar")
        if kind == "instrText":
            node.text = f" {code} "
            node.set(qn("xml:space"), "preserve")
        else:
            node.set(qn("w:fldCharType"), kind)
        run._r.append(node)
