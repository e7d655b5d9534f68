"""The house keeps its form: rooms import one way, no file imports in a circle, nothing lies loose in the root."""

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import carbonledger
from carbonledger.core.former_names import FORMER_NAMES
from docs import architecture
from tests.support import PROJECT

PACKAGE = Path(carbonledger.__file__).parent
ROOMS = architecture.rooms()
FILES = sorted(PACKAGE.rglob("*.py"))


def module_of(path: Path, package: Path = PACKAGE) -> str:
    """The dotted name of a file below a package."""
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, modules: set[str], package: str = "carbonledger") -> Iterator[str]:
    """The modules of the package that a file imports, at any depth of its code and under TYPE_CHECKING too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == package:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules else str(node.module)


@cache
def graph_of(package: Path) -> dict[str, set[str]]:
    """Which file imports which."""
    files = {module_of(path, package): path for path in package.rglob("*.py")}
    return {name: set(imports_of(path, set(files), package.name)) - {name} for name, path in files.items()}


def circle_in(graph: Mapping[str, set[str]]) -> list[str]:
    """A circle of imports; empty if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_circle():
    """No file imports itself over others, imports for type checking included."""
    assert circle_in(graph_of(PACKAGE)) == []


def test_a_planted_circle_is_found(tmp_path):
    """Two files that import each other, one of them only for type checking, are named."""
    package = tmp_path / "planted"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "first.py").write_text("from planted.second import B\n")
    (package / "second.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from planted.first import A\n"
    )
    assert {"planted.first", "planted.second"} <= set(circle_in(graph_of(package)))


def files_of(room):
    """The files of a room."""
    return [path for path in FILES if path.relative_to(PACKAGE).parts[0] == room]


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_down(room):
    """A file imports from its own room and from those that its room names."""
    allowed = {room, *ROOMS[room].imports}
    for module in map(module_of, files_of(room)):
        there = {name.split(".")[1] for name in graph_of(PACKAGE)[module] if "." in name}
        assert there <= allowed, f"{module} imports from {sorted(there - allowed)}"


def test_rooms_stand_on_floors():
    """A room imports only from rooms listed before it; factors and activity data never meet."""
    names = list(ROOMS)
    for name, room in ROOMS.items():
        assert set(room.imports) <= set(names[: names.index(name)]), name
    assert "activity_data" not in ROOMS["factors"].imports
    assert "factors" not in ROOMS["activity_data"].imports


def test_nothing_lies_loose():
    """The root holds the public names and rooms, nothing else; a room says what belongs there."""
    loose = {path.name for path in PACKAGE.iterdir() if path.is_file()}
    assert loose <= {"__init__.py", "__init__.pyi", "py.typed"}
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert folders == set(ROOMS)
    assert all(room.belongs and room.elsewhere for room in ROOMS.values())


def test_the_page_shows_the_house():
    """docs/architecture.md is what the rooms say of themselves."""
    assert architecture.page() == architecture.PAGE.read_text(encoding="utf-8"), "run: python -m docs.architecture"


def test_files_stay_readable():
    """A file that grows past 400 lines is two files."""
    lines = {module_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {module: count for module, count in lines.items() if count > 400} == {}


@pytest.mark.parametrize("room", ["__init__.py", *ROOMS])
def test_functions_stay_short(room):
    """No function is longer than 60 lines, docstring apart."""
    for path in files_of(room):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                assert node.end_lineno - first.lineno < 60, f"{module_of(path)}: {node.name} is too long"


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
    assert dir(carbonledger) == carbonledger.__all__
    everyday = [name for name in carbonledger.__all__ if not inspect.ismodule(getattr(carbonledger, name))]
    assert len(everyday) <= 26


@pytest.mark.parametrize("name", sorted(FORMER_NAMES))
def test_former_names_work_with_a_warning(name):
    """A name that stood at the top until 0.1 is still found, and its new place is said."""
    with pytest.warns(DeprecationWarning, match=f"carbonledger.{name} is now carbonledger."):
        assert getattr(carbonledger, name) is not None


def test_readers_import_nothing_deeper():
    """README, docs and examples use the public names and modules only."""
    deeper = re.compile(r"(?:from|import) carbonledger\.(\w+)")
    pages = [PROJECT / "README.md", *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("examples/**/*.*")]
    for page in pages:
        if "changes" not in page.parts and "decisions" not in page.parts and page.suffix != ".parquet":
            named = set(deeper.findall(page.read_text(encoding="utf-8")))
            assert named <= set(carbonledger.__all__), page.name
