"""`carbonledger init` and `status` as people type them: options, questions, a real terminal, and what is refused."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.core.errors import BookError, RegionError
from tests.support import PROGRAM, PROJECT, run

STATED = (
    "--name",
    "Acme",
    "--region",
    "GB",
    "--year",
    "2024",
    "--use",
    "power, gas",
    "--gwp",
    "AR5",
    "--scope-2",
    "location",
)


def typed(*arguments, answers=None):
    """A run of the command line within the tests, what was answered line by line."""
    lines = None if answers is None else "".join(f"{line}\n" for line in answers)
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=lines)


def test_options_are_enough(tmp_path):
    """With every question stated the book is there, nothing is asked, and what was chosen is said with its reason."""
    done = typed("init", tmp_path / "book", *STATED)
    assert done.exit_code == 0, done.output
    assert "uk-desnz@2024-r1" in done.stdout
    assert "published 2024-10-30" in done.stdout
    assert cl.open_book(tmp_path / "book").year == 2024


def test_nothing_is_asked_without_a_terminal(tmp_path):
    """In a pipe the questions that are open are named with their options and choices; exit code 2, and nothing is written."""
    done = run("init", tmp_path / "book", "--region", "GB", "--lang", "zh")
    assert done.returncode == 2
    assert all(flag in done.stderr for flag in ("--name", "--year", "--use", "--gwp", "--scope-2"))
    assert "--region" not in done.stderr
    assert "ipcc-ar6@2021" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_json(tmp_path):
    """As plain data: the files, the pins, each use with its reason, and what has no factor."""
    done = typed("init", tmp_path / "book", *STATED[:2], "--region", "HK", *STATED[4:], "--json")
    data = json.loads(done.stdout)
    assert data["gwp"] == "ipcc-ar5@2013"
    assert {item["activity"]: item["unpriced_years"] for item in data["proposals"]} == {
        "electricity.grid": [2024],
        "fuel.natural_gas": [],
    }
    assert all(Path(name).is_file() for name in data["files"])


def test_a_conversation(tmp_path):
    """An energy officer in Shandong: what cannot be read is asked again, with what is nearest; another edition is chosen."""
    answers = [
        *("", "山东示例电子有限公司"),
        *("Shandon", "山东"),
        *("24", "2025"),
        *("13", ""),
        *("济南", "济南=山东", ""),
        *("电、天然气、制冷剂", "1、2、柴油、汽油、光伏"),
        *("AR9", "AR5"),
        *("市场", "2"),
        "1",
        *("电=uk-desnz@2025", "电=cn-mee-grid-enterprise", ""),
    ]
    done = typed("init", tmp_path / "book", "--ask", "--lang", "zh", answers=answers)
    assert done.exit_code == 0, done.output
    for words in ("CN-SD（山东）", "refrigerant.r_410a", "1900", "ipcc-ar6@2021", "cn-mee-nbs-grid@2023"):
        assert words in done.output
    settings = cl.open_book(tmp_path / "book").settings
    assert settings.factors.emissions == ("cn-mee-grid-enterprise@2022", "cn-ndrc-fuels-b@2013")
    assert settings.scope_2.own_attributes == "kept"
    assert [(site.id, site.region) for site in settings.sites] == [("济南", "CN-SD")]
    assert len(settings.sources) == 5


def test_what_is_stated_is_not_asked(tmp_path):
    """Only what is open is asked; an answer that moves no figure is not asked at all."""
    done = typed("init", tmp_path / "book", *STATED[:8], "--ask", answers=["", "", "5", "location", ""])
    assert done.exit_code == 0, done.output
    assert "Name of the company" not in done.output
    assert "certificates" not in done.output
    assert cl.open_book(tmp_path / "book").settings.factors.gwp == "ipcc-ar5@2013"


@pytest.mark.parametrize("lines", [0, 1, 3, 5])
def test_input_that_ends(tmp_path, lines):
    """If the input ends before the last answer, what is open is named and nothing is written."""
    done = typed("init", tmp_path / "book", "--ask", answers=["A", "GB", "2024", "", "", "power"][:lines])
    assert isinstance(done.exception, BookError)
    assert "--gwp" in str(done.exception)
    assert not (tmp_path / "book").exists()


def test_a_stated_answer_that_cannot_be_read(tmp_path):
    """A misspelt option ends the conversation with the nearest; it is not asked again and again."""
    done = typed("init", tmp_path / "b", "--ask", "--name", "A", "--region", "Shandon")
    assert isinstance(done.exception, RegionError)
    assert "CN-SD" in str(done.exception)


def test_a_folder_in_use_is_refused_before_any_question(tmp_path):
    """Nobody answers ten questions to hear that the folder is not empty."""
    (tmp_path / "notes.txt").write_text("mine")
    error = typed("init", tmp_path).exception
    assert isinstance(error, BookError)
    assert "notes.txt" in str(error)
    assert "--name" not in str(error)


@pytest.mark.slow
def test_a_real_terminal(tmp_path):
    """At a terminal the questions are asked without being told to, and Chinese answers arrive as they were typed."""
    import pty

    answers = ["甲公司", "山东", "2025", "", "", "电", "5", "1", ""]
    arguments = ["init", str(tmp_path / "book"), "--lang", "zh"]
    child, terminal = pty.fork()
    if child == 0:
        os.execve(PROGRAM, [str(PROGRAM), *arguments], {**os.environ, "PYTHONUTF8": "1"})  # noqa: S606  (the installed program)
    shown = b""
    for line in answers:
        while not shown.decode("utf-8", "ignore").rstrip(" ").endswith((":", "]:")):
            shown += os.read(terminal, 4096)
        os.write(terminal, f"{line}\n".encode())
        shown += b"\n"
    while True:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown.decode("utf-8", "replace")
    assert cl.open_book(tmp_path / "book").settings.company.name_zh == "甲公司"


def test_status_of_a_complete_book():
    """Nothing missing: exit code 0, and the next steps are the report and the closing."""
    done = typed("status", PROJECT / "examples" / "chinese-group")
    assert done.exit_code == 0
    assert "carbonledger report" in done.stdout
    assert "carbonledger close" in done.stdout


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_status_fits_a_page(lang, tmp_path):
    """No line is wider than 80 columns, Chinese characters counted as two, and no English sentence stands in the Chinese text."""
    from unicodedata import east_asian_width

    cl.new_book(
        tmp_path / "b",
        name="一家名字很长的集团股份有限公司",
        region="CN",
        year=2025,
        uses="电、天然气、R-410A",
        gwp="AR5",
        scope_2="location",
        sites=["北方生产制造有限公司/济南高新技术产业开发区第二厂区=山东", "Verwaltungsgesellschaft mbH/Düsseldorf=DE"],
        lang=lang,
    )
    done = typed("status", tmp_path / "b", "--lang", lang)
    assert done.exit_code == 1
    own = [line for line in done.stdout.splitlines() if str(tmp_path) not in line and not line.startswith(" ")]
    for line in done.stdout.splitlines():
        width = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line.rstrip())
        assert width <= 80 or str(tmp_path)[:20] in line, line
    assert any("缺失" in line for line in own) == (lang == "zh")


def test_status_as_data(tmp_path):
    """The matrix, the steps with file and command, the findings and the exit code, in the language of the run."""
    cl.new_book(
        tmp_path / "b", name="A", region="GB", year=2024, uses="power", gwp="AR5", scope_2="location", lang="zh"
    )
    data = json.loads(typed("status", tmp_path / "b", "--lang", "zh", "--json").stdout)
    assert data["exit_code"] == 1
    assert data["complete"] is False
    assert data["coverage"][0]["2024-01"] == "missing"
    assert data["steps"][0]["file"].endswith("entries.xlsx")
    assert "电力" in data["steps"][0]["text"]


def test_status_of_what_is_no_book(tmp_path):
    """No book: exit code 2 and the way out; entries that cannot be read: exit code 1 and the finding."""
    assert isinstance(typed("status", tmp_path).exception, BookError)
    book = cl.new_book(tmp_path / "b", name="A", region="GB", year=2024, uses="power", gwp="AR5", scope_2="location")
    (book.folder / "entries.xlsx").write_bytes(b"PK\x03\x04 broken")
    done = typed("status", book.folder)
    assert done.exit_code == 1
    assert "entries.xlsx" in done.stdout


def test_coverage_in_both_languages():
    """`check --coverage` says its signs in the language of the run."""
    assert "缺失" in typed("check", "--coverage", PROJECT / "examples" / "chinese-group", "--lang", "zh").stdout
    assert "MISSING" in typed("check", "--coverage", PROJECT / "examples" / "chinese-group").stdout
