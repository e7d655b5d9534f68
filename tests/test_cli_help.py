"""Help: what stands in square brackets is printed, not taken for markup."""

import pytest
import typer
from rich.markup import render

from carbonledger.cli.main import app


def texts_of(command, name):
    """Each help text of a command and of those below it."""
    yield name, command.help or ""
    for item in command.params:
        yield f"{name} {item.name}", getattr(item, "help", None) or ""
    for child, below in getattr(command, "commands", {}).items():
        yield from texts_of(below, f"{name} {child}")


@pytest.mark.parametrize(("name", "text"), list(texts_of(typer.main.get_command(app), "carbonledger")))
def test_square_brackets_are_printed(name, text):
    """A table such as [[driver]] stands in the help as it stands in book.toml."""
    assert render(text).plain == text.replace("\\[", "["), name
