"""Markdown: what looks like a table is one. `make check` lints the pages; a row without a heading line is no table to the linter."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.support import PROJECT

PAGES = [
    path
    for path in sorted(PROJECT.rglob("*.md"))
    if not any(part.startswith(".") or part in {"build", "dist"} for part in path.relative_to(PROJECT).parts)
]


def stray_rows(text):
    """The first line of every paragraph that begins like a row of a table."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    inline = [token for before, token in pairwise(tokens) if before.type == "paragraph_open"]
    return [line for token in inline for line in token.content.splitlines() if re.match(r"\|.*\|\s*$", line)]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_row_belongs_to_a_table(page):
    """No page has rows of a table without the line of dashes under their heading."""
    assert stray_rows(page.read_text(encoding="utf-8")) == []


def test_a_stray_row_is_found():
    """Rows after an empty line, as they stood in the guide, are named."""
    assert stray_rows("| a | b |\n|---|---|\n| 1 | 2 |\n\n| meter | x |\n| tank | y |\n") == [
        "| meter | x |",
        "| tank | y |",
    ]


def test_links_lead_to_files():
    """A link of a page to another file of the project leads to one."""
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:\s]+)\)", page.read_text(encoding="utf-8")):
            assert (Path(page).parent / target).exists(), f"{page.name}: {target}"
