"""The glossary: every public name stands beside its term in both languages, and every source is an entry."""

import re

import pytest

import carbonledger
from tests.support import PROJECT
from tests.test_references import ENTRIES

TEXT = (PROJECT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in TEXT.splitlines() if re.match(r"\| [^-]", line)]
TERMS = [row for row in ROWS if row[0] != "term"]


@pytest.mark.parametrize("name", carbonledger.__all__)
def test_every_public_name_has_its_term(name):
    """A public class, function or module is named in the row of its term."""
    assert any(f"`{name}`" in row[3] for row in TERMS), f"docs/glossary.md has no term for {name}"


def test_terms_have_both_languages_and_a_source():
    """A term has its Chinese, a meaning and the standard that defines it, or says that it is the library's own."""
    assert len(TERMS) > 40
    for term, chinese, meaning, _, source in TERMS:
        assert re.search("[一-鿿]", chinese), term
        assert meaning, term
        assert source, term
        keys = re.findall(r"\[([a-z0-9-]+)\]", source)
        assert keys or source == "design", term
        assert set(keys) <= set(ENTRIES), term


def test_one_row_a_term():
    """No term stands twice."""
    terms = [row[0] for row in TERMS]
    assert len(terms) == len(set(terms))
