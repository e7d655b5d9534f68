"""README, docs and docstrings are run as doctests."""

from doctest import ELLIPSIS, NORMALIZE_WHITESPACE

from sybil import Sybil
from sybil.parsers.markdown import SkipParser
from sybil.parsers.rest import DocTestParser

_OPTIONS = ELLIPSIS | NORMALIZE_WHITESPACE

_markdown = Sybil(
    parsers=[DocTestParser(optionflags=_OPTIONS), SkipParser()],
    patterns=["README.md", "docs/*.md", "docs/howto/*.md"],
)
_docstrings = Sybil(
    parsers=[DocTestParser(optionflags=_OPTIONS)], patterns=["carbonledger/**/*.py", "carbonledger/*.py"]
)

pytest_collect_file = (_markdown + _docstrings).pytest()
