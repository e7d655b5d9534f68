"""The project's own papers: one version everywhere, every dependency pinned, fragments that say whose figures move."""

import re
import tomllib

import pytest

from tests.support import PROJECT

SETTINGS = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
FRAGMENTS = sorted(path for path in (PROJECT / "docs" / "changes").glob("*.md") if path.name != "README.md")


def distribution(text):
    """A distribution's name as package indexes compare it."""
    return re.split(r"[\s<>=!~;\[]", text)[0].lower().replace("_", "-")


def test_one_version():
    """CITATION.cff cites the version of pyproject.toml, and CHANGELOG.md has its section."""
    version = SETTINGS["project"]["version"]
    assert f"\nversion: {version}\n" in (PROJECT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version} (" in (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_dependency_is_pinned():
    """constraints.txt has a version of every distribution that pyproject.toml names."""
    extras = SETTINGS["project"]["optional-dependencies"].values()
    named = [*SETTINGS["project"]["dependencies"], *(text for extra in extras for text in extra)]
    pinned = {distribution(line) for line in (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()}
    assert {distribution(text) for text in named} - {"carbonledger"} <= pinned


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.name)
def test_fragments_say_whose_figures_move(path):
    """A fragment has one of the six types; one about factors or method says what becomes of figures, and in which periods."""
    kinds = {kind["directory"] for kind in SETTINGS["tool"]["towncrier"]["type"]}
    found = re.fullmatch(r"\d+\.(\w+)(\.\d+)?\.md", path.name)
    assert found
    assert found.group(1) in kinds
    if found.group(1) in {"factors", "method"}:
        assert re.search(r"figure|total", path.read_text(encoding="utf-8"))
        assert "period" in path.read_text(encoding="utf-8")
