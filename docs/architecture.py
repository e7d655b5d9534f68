"""The page of the architecture, written from what each room says of itself: ``python -m docs.architecture``."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).with_suffix(".md")
PACKAGE = Path(__file__).resolve().parent.parent / "carbonledger"
# From the ground up: a room stands on those before it.
ORDER = (
    "core",
    "tables",
    "factors",
    "publishers",
    "activity_data",
    "inventory",
    "readings",
    "monitoring",
    "estimates",
    "scope2",
    "time_resolved",
    "disclosure",
    "comparison",
    "scenarios",
    "uncertainty",
    "targets",
    "environment",
    "products",
    "published",
    "reconstruction",
    "audit",
    "reporting",
    "pages",
    "workbooks",
    "book",
    "beginning",
    "year_end",
    "cli",
)
_HEAD = """# Architecture

Activity data x emission factor: `activity_data` and `factors` stand side by side on `core` and `tables`, never import each other, and
meet in `inventory`.
A room imports only from rooms above it in this table; no file imports in a circle, not even for type checking.
The rows are the first lines of each room's `__init__.py`, which also say what belongs there and what does not;
`python -m docs.architecture` writes this page, and `tests/test_architecture.py` holds the code to it.

| room | what | belongs here | elsewhere | files |
|---|---|---|---|---|
"""
_TAIL = """
The main path: `read_entries -> check -> calculate -> Inventory views -> compare, reconcile -> report`.
A book's `ReportingYear` holds everything that is calculated about a year, once; every output is a view of it.

Pint works only in the plan, once per distinct combination of activity, unit, region, year, named factor and scope 3 category.
The join and the multiplication are written once on narwhals and run on the caller's engine.
"""


@dataclass(frozen=True, slots=True)
class Room:
    """A folder of the package.

    Parameters
    ----------
    name : str
        Of the folder.
    title, belongs, elsewhere : str
        What it is, what belongs there, and what does not.
    imports : tuple of str
        The rooms it may import from.
    files : tuple of str
        Its modules.
    """

    name: str
    title: str
    belongs: str
    elsewhere: str
    imports: tuple[str, ...]
    files: tuple[str, ...]


def rooms() -> dict[str, Room]:
    """Every room from the ground up, as its ``__init__.py`` describes it."""
    return {name: _room(PACKAGE / name) for name in ORDER}


def _room(folder: Path) -> Room:
    """A room from the docstring of its folder."""
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    title, _, rest = text.partition("\n\n")
    fields: dict[str, str] = {}
    for line in rest.splitlines():
        head, colon, value = line.partition(":")
        if colon and not line.startswith(" "):
            label, fields[head] = head, value.strip()
        else:
            fields[label] = f"{fields[label]} {line.strip()}"
    listed = fields["Imports from"].rstrip(".")
    imports = () if listed == "nothing" else tuple(name.strip() for name in listed.split(","))
    files = tuple(sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__"))
    return Room(folder.name, title, fields["Belongs here"], fields["Does not belong here"], imports, files)


def page() -> str:
    """The text of the page."""
    rows = [
        f"| `{room.name}/` | {room.title} | {room.belongs} | {room.elsewhere} | {', '.join(f'`{name}`' for name in room.files) or '-'} |\n"
        for room in rooms().values()
    ]
    return _HEAD + "".join(rows) + _TAIL


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}\n")
