"""The house keeps its form: imports run one way, rooms stay small, public names are listed."""

import ast
from pathlib import Path

import pytest

import carbonledger

PACKAGE = Path(carbonledger.__file__).parent
GROUND = ["errors", "files", "tables", "units", "periods", "rounding", "printed_number", "activities"]
FLOORS = [
    GROUND,
    ["factors", "ledger"],
    ["accounting"],
    ["analysis"],
    ["reporting"],
    ["lock", "settings", "upgrade", "publication", "intake", "purchases", "book"],
    ["cli_factors", "cli_search", "cli"],
]
WINGS = {"factors", "ledger"}
FILES = sorted(PACKAGE.rglob("*.py"))


def room(path):
    """The first name below the package."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_rooms(path):
    """Rooms of this package that a file imports, at any depth of its code."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("carbonledger."):
            yield node.module.split(".")[1]


def floor(name):
    """The floor that a room stands on."""
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


@pytest.mark.parametrize("path", [file for file in FILES if file.name != "__init__.py"], ids=lambda path: path.stem)
def test_imports_point_down(path):
    """A file imports from its own room, earlier rooms of the ground floor, or floors below; wings never meet."""
    here = room(path)
    for there in imported_rooms(path):
        if there == here:
            continue
        assert floor(there) <= floor(here), f"{path.name} imports upwards from {there}"
        if here in GROUND:
            assert GROUND.index(there) < GROUND.index(here), f"{path.name} imports {there}, which is listed after it"
        assert not {here, there} <= WINGS, f"{path.name} of {here} imports from {there}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rooms_stay_small(path):
    """A file that grows past 400 lines is two files."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_functions_stay_short(path):
    """No function is longer than 60 lines, docstring apart."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            assert node.end_lineno - first.lineno < 60, f"{node.name} is too long"


def test_no_factor_literals():
    """No published figure stands in the code: facts are data."""
    figures = {
        "0.5703",
        "0.5366",
        "0.5568",
        "0.5306",
        "43.07",
        "44.8",
        "44.80",
        "2480.59",
        "29.3076",
        "0.1229",
        "18.9",
        "0.0189",
    }
    for path in FILES:
        code = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            str(node.value)
            for node in ast.walk(code)
            if isinstance(node, ast.Constant) and isinstance(node.value, float)
        }
        assert not constants & figures, f"{path.name} holds {constants & figures}"


def test_public_names():
    """Every public name is listed, sorted, and found."""
    assert carbonledger.__all__ == sorted(carbonledger.__all__)
    for name in carbonledger.__all__:
        assert getattr(carbonledger, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        carbonledger.nothing  # noqa: B018
    assert set(carbonledger.__all__) == set(carbonledger._HOME_OF)
