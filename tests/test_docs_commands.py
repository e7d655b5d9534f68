"""Documentation: every command that a page shows is run, in the order of the page, and prints what the page says."""

import contextlib
import io
import re
import shlex
import shutil
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from unittest.mock import patch

import openpyxl
import pytest

from carbonledger.cli.main import main
from tests.support import PROJECT

PAGES = sorted(
    path for path in (PROJECT / "docs").glob("**/*.md") if "```console\n" in path.read_text(encoding="utf-8")
)
# A block of commands with their output, or the table that a person types into the first sheet of a workbook.
STEP = re.compile(
    r"^```console\n(?P<session>.*?)^```$|^<!-- typed into (?P<book>\S+) -->\n\n(?P<rows>(?:\|[^\n]*\n)+)",
    re.MULTILINE | re.DOTALL,
)


def commands_of(session):
    """Each command of a block with the output below it."""
    for part in re.split(r"^\$ ", session.replace("\\\n", ""), flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def carbonledger(arguments):
    """Exit code and output of a run, as a terminal shows both."""
    printed = io.StringIO()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        patch("sys.argv", ["carbonledger", *arguments]),
        pytest.raises(SystemExit) as end,
    ):
        main()
    return end.value.code, printed.getvalue()


def run_session(session):
    """Run the commands of a block; one whose exit code the page does not state ends with 0."""
    code = 0
    for command, expected in commands_of(session):
        words = shlex.split(command)
        if command == "echo $?":
            printed, code = f"{code}\n", 0
        else:
            assert code == 0, f"exit code {code} before: {command}"
            if words[0] == "cp":
                shutil.copyfile(*words[1:])
                printed = ""
            else:
                assert words[0] == "carbonledger", command
                code, printed = carbonledger(words[1:])
        held = OutputChecker().check_output(expected, printed, ELLIPSIS | NORMALIZE_WHITESPACE)
        assert held, f"$ {command}\n{printed}"
    assert code == 0, f"exit code {code} at the end of a block"


def type_in(path, rows):
    """Type a table of the page into the columns of a workbook that bear its headings, below what is there."""
    headings, _, *body = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows.splitlines()]
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.active
    columns = {cell.value: cell.column for cell in sheet[1]}
    for cells in body:
        below = sheet.max_row + 1
        for heading, text in zip(headings, cells, strict=True):
            number = re.fullmatch(r"[\d,.]+", text)
            sheet.cell(below, columns[heading], float(text.replace(",", "")) if number else text or None)
    workbook.save(path)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(PROJECT / "docs")))
def test_commands_of_a_page_print_what_it_says(page, tmp_path, monkeypatch):
    """In a folder with the examples and seeds beside it, with the exit codes that the page states."""
    for name in ("examples", "seeds"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    steps = list(STEP.finditer(page.read_text(encoding="utf-8")))
    assert steps
    for step in steps:
        if step["session"]:
            run_session(step["session"])
        else:
            type_in(step["book"], step["rows"])
