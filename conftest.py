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

# What starts a program of its own; beside it slow tests and the examples of a page make a file long.
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
    with_programs = {item.path for item in items if any(item.get_closest_marker(name) for name in _PROGRAMS)}
    slow = {
        (item.path, _test_of(item)) for item in items if item.get_closest_marker("slow") or item.path.suffix == ".md"
    }
    weights = Counter(path for path, _ in slow)
    return lambda item: (item.path not in with_programs, -weights[item.path])


def _test_of(item):
    """The name of a test without its parameters."""
    return getattr(item, "originalname", item.name)


def _not_measured(items):
    """The slow tests, and of a test with parameters all but its first cases."""
    cases = Counter()
    for item in items:
        test = (item.path, _test_of(item))
        cases[test] += 1
        if item.get_closest_marker("slow") or (hasattr(item, "callspec") and cases[test] > _CASES_MEASURED):
            yield item
