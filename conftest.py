"""README, docs and docstrings are run as doctests; which files of tests come first, and over which tests coverage is measured."""

from collections import Counter
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

# What starts a program of its own; with the tests marked slow it makes a file long.
_PROGRAMS = ("spark", "postgres", "browser", "soffice")
# Tracing doubles the time of a test, and the further cases of a test and the slow tests reach hardly a line that no other one reaches.
_CASES_MEASURED = 2


def pytest_collection_modifyitems(config, items):
    """Order the files, and leave out of the coverage what costs much and adds little to it."""
    items.sort(key=_long_files_first(items))
    if config.pluginmanager.hasplugin("_cov"):
        for item in _not_measured(items):
            item.add_marker("no_cover")


def _long_files_first(items):
    """The files with the most to wait for at the beginning, so that two processes end at about the same time."""
    programs, slow = Counter(), Counter()
    for item in items:
        programs[item.path] += any(item.get_closest_marker(name) for name in _PROGRAMS)
        slow[item.path] += item.get_closest_marker("slow") is not None
    return lambda item: (not programs[item.path], -slow[item.path])


def _not_measured(items):
    """The slow tests, and of a test with parameters all but its first cases."""
    cases = Counter()
    for item in items:
        test = (item.path, getattr(item, "originalname", item.name))
        cases[test] += 1
        if item.get_closest_marker("slow") or (hasattr(item, "callspec") and cases[test] > _CASES_MEASURED):
            yield item
