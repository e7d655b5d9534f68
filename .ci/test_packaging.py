"""What an installation brings along, whether it came from the wheel or from the sdist: run in an environment of its own."""

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import carbonledger as cl
from carbonledger.factors.editions import catalogue

PROJECT = Path(__file__).resolve().parent.parent
INSTALLED = Path(cl.__file__).parent
PROGRAM = Path(sys.executable).parent / "carbonledger"


def data_files(folder):
    """The files of a folder that are no code of Python and no product of running it."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"})
    return {path.relative_to(folder).as_posix(): path for path in files}


@pytest.mark.parametrize(
    ("source", "place"), [("carbonledger", INSTALLED), ("emission_factors", INSTALLED / "_emission_factors")]
)
def test_every_data_file_is_installed(source, place):
    """Templates of pages, tables of words and rules, and each edition of factors come along, byte for byte."""
    wanted, found = data_files(PROJECT / source), data_files(place)
    assert PROJECT not in place.parents or "build" in place.relative_to(PROJECT).parts
    assert wanted.keys() - found.keys() == set()
    assert [name for name in wanted if wanted[name].read_bytes() != found[name].read_bytes()] == []


def test_the_version():
    """`--version` says the installed version, and how many editions it has, in both languages."""
    done = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, encoding="utf-8", check=True)
    english, chinese = done.stdout.splitlines()
    for line in (english, chinese):
        assert line.startswith(f"carbonledger {version('carbonledger')}")
        assert f" {len(catalogue())} " in line.replace("：", "： ")
    assert "版本" in chinese


@pytest.mark.parametrize(
    ("shell", "asked"),
    [
        ("bash", {"COMP_WORDS": "carbonledger new", "COMP_CWORD": "1"}),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "carbonledger new"}),
    ],
)
def test_completion_of_a_shell(shell, asked):
    """The script that a shell takes names the program, and what it then asks is answered with the command."""

    def said(**environment):
        return subprocess.run(
            [PROGRAM], capture_output=True, text=True, encoding="utf-8", env={**os.environ, **environment}, check=False
        ).stdout

    script = said(_CARBONLEDGER_COMPLETE=f"source_{shell}")
    assert "_carbonledger_completion" in script
    assert "new-year" in said(_CARBONLEDGER_COMPLETE=f"complete_{shell}", **asked)
    if found := shutil.which(shell):
        subprocess.run([found, "-n"], input=script, text=True, encoding="utf-8", check=True)
