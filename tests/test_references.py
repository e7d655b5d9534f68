"""References: every key that the methods cite is an entry, and every source that a docstring names has one."""

import ast
import re
from pathlib import Path

import pytest

import carbonledger
from tests.support import PROJECT

BIBLIOGRAPHY = (PROJECT / "docs" / "references.bib").read_text(encoding="utf-8")
ENTRIES = {
    key: body for _, key, body in re.findall(r"^@(\w+)\{([^,]+),\n(.*?)^\}", BIBLIOGRAPHY, re.MULTILINE | re.DOTALL)
}
PACKAGE = Path(carbonledger.__file__).parent
# A key in brackets, not followed by the address of a link; a key holds a hyphen or is one word that no unit is.
CITED = re.compile(r"\[([a-z][a-z0-9-]*)\](?!\()")
UNITS = {"kg", "t", "km", "a"}


def references_of(path):
    """The References section of every docstring of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            _, found, rest = (ast.get_docstring(node) or "").partition("References\n----------\n")
            if found:
                yield re.sub(r"\s+", " ", re.split(r"\n\n", rest)[0])


def test_keys_are_unique_and_complete():
    """Every entry has a title, a short title, a year and whoever published it; no key stands twice."""
    assert BIBLIOGRAPHY.count("\n@") == len(ENTRIES)
    for key, body in ENTRIES.items():
        for field in ("title", "shorttitle", "year"):
            assert re.search(rf"^  {field} = \{{.+\}},$", body, re.MULTILINE), f"{key} has no {field}"
        assert re.search(r"^  (institution|journal|booktitle) = ", body, re.MULTILINE), key


def test_every_cited_key_is_an_entry():
    """A key in brackets on the methods page stands in references.bib."""
    cited = set(CITED.findall((PROJECT / "docs" / "methods.md").read_text(encoding="utf-8"))) - UNITS
    assert len(cited) > 15
    assert cited <= set(ENTRIES), cited - set(ENTRIES)


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(PACKAGE.rglob("*.py")) if "References\n" in path.read_text(encoding="utf-8")],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_every_reference_of_a_docstring_is_an_entry(path):
    """What a docstring lists under References is in references.bib by its short title."""
    titles = re.findall(r"shorttitle = \{(.+)\},", BIBLIOGRAPHY)
    listed = list(references_of(path))
    assert listed
    assert [text for text in listed if not any(title in text for title in titles)] == []
