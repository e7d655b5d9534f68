"""A closed year stays as it was closed; whatever is other afterwards is said, and the next year begins from it."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.book.lock import lock_book
from carbonledger.cli.main import app
from carbonledger.core.errors import BookError, CarbonLedgerError, ClosingError, EntriesError, LockError
from carbonledger.factors.editions import catalogue
from tests.support import PROJECT, run

close_year, closed_output, new_year, reopen_year = (
    cl.year_end.close_year,
    cl.year_end.closed_output,
    cl.year_end.new_year,
    cl.year_end.reopen_year,
)
INPUTS = ("book.toml", "entries-2023.csv", "entries-2024.csv")
SMALL = ("book.toml", "entries.csv")
WHY = "energy editions are not pinned"
LATE = "一厂,柴油,1.5,吨,2024,迟到的加油单\n"


def checksums(folder):
    """Every file below a folder with its checksum."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


def standing_lines(folder, lang="en"):
    """What a report says of its year at its head."""
    standing = cl.open_book(folder).reporting_year().standing
    return standing.lines(lang) if standing else []


def edit(path, old, new):
    """Put one text in place of another in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add(path, text):
    """Write at the end of a file."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write(text)


@pytest.fixture(scope="module")
def once_closed(tmp_path_factory):
    """The example of two years, closed; never to be edited."""
    folder = tmp_path_factory.mktemp("closed") / "b2024"
    shutil.copytree(PROJECT / "examples" / "second-year", folder)
    close_year(folder, by="李")
    return folder


@pytest.fixture
def closed(once_closed, tmp_path):
    """A copy of the closed example, to be edited."""
    folder = tmp_path / "b2024"
    shutil.copytree(once_closed, folder)
    return folder


def small_book(folder):
    """A book of one bill, not closed, and its input files."""
    folder.mkdir(parents=True)
    head = "entry_id,supersedes,entity,activity,amount,unit,start,end\n"
    rows = "E1,,甲厂,electricity.grid,100,MWh,2024-01-01,2024-12-31\n"
    (folder / "entries.csv").write_text(head + rows, encoding="utf-8")
    (folder / "book.toml").write_text(
        '[company]\nname_zh = "甲"\nreporting_year = 2024\nregion = "CN-SD"\n\n[factors]\ngwp = "ipcc-ar5@2013"\n'
        'emissions = ["cn-mee-grid-enterprise@2022"]\n\n[files]\nentries = ["entries.csv"]\n',
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def once_small(tmp_path_factory):
    """The book of one bill, closed; never to be edited."""
    folder = small_book(tmp_path_factory.mktemp("small") / "small")
    close_year(folder, with_findings=WHY, by="李")
    return folder


@pytest.fixture
def small(once_small, tmp_path):
    """A copy of the book of one bill, to be edited."""
    folder = tmp_path / "small"
    shutil.copytree(once_small, folder)
    return folder


def test_a_closed_year_says_so(closed):
    """The head of the report says that it is closed, in both languages, and it is no finding."""
    assert standing_lines(closed)[0].startswith("Closed: 2024 was closed on ")
    assert standing_lines(closed, "zh")[0].startswith("已结账：2024年于 ")
    year = cl.open_book(closed).report()
    assert not [finding for finding in year.findings if finding.rule == "CLOSED_YEAR"]
    assert year.to_dict()["standing"]["state"] == "closed"


@pytest.mark.slow
def test_the_closed_report_is_what_report_prints(small):
    """What was kept is byte for byte what the program prints from the lock, as text and as JSON."""
    kept = small / "closed" / "2024" / "1"
    assert run("report", small, "--locked").stdout == (kept / "report.en.txt").read_text(encoding="utf-8")
    content = (kept / "report.zh.json").read_text(encoding="utf-8")
    assert run("report", small, "--locked", "--json", "--lang", "zh").stdout == content


def test_every_kept_output_is_reproduced(closed):
    """Each kept file is what the copies of the inputs give, although the book itself was changed since."""
    add(closed / "entries-2024.csv", LATE)
    for lang in ("en", "zh"):
        for kind in ("txt", "json"):
            output = closed_output(closed, 1, name=f"report.{lang}.{kind}")
            assert output.notes == ()
            assert output.content == (closed / "closed" / "2024" / "1" / f"report.{lang}.{kind}").read_bytes()


def test_nothing_of_the_day_or_the_machine_is_kept(closed):
    """Neither a path nor a time nor the version stands in what was kept; the log has the last two."""
    kept = closed / "closed" / "2024" / "1"
    log = json.loads((closed / "closings.jsonl").read_text(encoding="utf-8"))
    for path in kept.glob("report.*"):
        text = path.read_text(encoding="utf-8")
        assert str(closed.parent) not in text
        assert log["at"][:10] not in text
        assert f'"{log["carbonledger"]}"' not in text
    assert (log["act"], log["year"], log["closing"], log["by"]) == ("closed", 2024, 1, "李")


def test_closing_twice_changes_nothing(closed):
    """A closed year is closed: the second time is said and nothing is written."""
    before = checksums(closed)
    again = close_year(closed)
    assert (again.is_new, again.number) == (False, 1)
    assert checksums(closed) == before


def test_an_unfinished_book_is_not_closed(tmp_path):
    """Without a reason nothing is written; with one, the reason stays in the log and at the head of the report."""
    folder = tmp_path / "b"
    shutil.copytree(PROJECT / "examples" / "green-power", folder)
    before = checksums(folder)
    with pytest.raises(ClosingError, match="CERTIFICATE_TWICE"):
        close_year(folder)
    with pytest.raises(ClosingError):
        close_year(folder, with_findings="  ")
    assert checksums(folder) == before
    done = close_year(folder, with_findings="登记机构正在更正证书")
    assert (done.reason, done.findings) == ("登记机构正在更正证书", ("CERTIFICATE_TWICE",))
    assert any("登记机构正在更正证书" in line for line in standing_lines(folder))


def test_a_book_without_data_is_not_closed(once_closed, tmp_path):
    """Nothing calculated is nothing to close, even with a reason."""
    new_year(once_closed, tmp_path / "next")
    with pytest.raises(CarbonLedgerError):
        close_year(tmp_path / "next", with_findings="later")
    assert not (tmp_path / "next" / "closed").exists()


def test_a_late_bill_is_named_and_set_beside(closed):
    """The file, the row and the figures of each scope, as closed and now; the report is in doubt and exits with 1."""
    add(closed / "entries-2024.csv", LATE)
    lines = standing_lines(closed)
    assert lines[0].startswith("CHANGED SINCE IT WAS CLOSED")
    assert "- entries-2024.csv, row 6 is new: fuel.diesel 1.5 t 2024-01-01..2024-12-31." in lines
    assert "- Scope 1 (direct): 36.8413 as closed, 41.4852 now (+4.6439)" in lines
    assert "- Scope 2 (location-based): 1,295.4610 as closed, 1,295.4610 now (0.0000)" in lines
    found = next(item for item in cl.check(closed) if item.rule == "CLOSED_YEAR")
    assert found.severity == "error"
    assert found.tonnes_at_stake == pytest.approx(41.4851891403 - 36.8413246843)
    with pytest.raises(ClosingError, match="row 6 is new"):
        close_year(closed)


@pytest.mark.slow
def test_the_way_of_a_correction(closed):
    """Closed, opened with a reason, corrected, closed anew: both closings can be had, and the log has every act."""
    first = closed_output(closed).content
    with pytest.raises(BookError, match="reason is needed"):
        reopen_year(closed, reason=" ")
    reopen_year(closed, reason="A late fuel bill.", by="王")
    with pytest.raises(ClosingError, match="open already"):
        reopen_year(closed, reason="Again.")
    add(closed / "entries-2024.csv", LATE)
    assert standing_lines(closed)[0].startswith("OPENED AGAIN")
    assert standing_lines(closed)[0].endswith("A late fuel bill.")
    assert close_year(closed).number == 2
    lines = standing_lines(closed, "zh")
    assert lines[0].startswith("已结账")
    assert "- 范围一（直接排放）：结账时 36.8413，现为 41.4852（+4.6439）" in lines
    assert closed_output(closed, 1).content == first
    assert closed_output(closed).content != first
    with pytest.raises(ClosingError, match="no closing 3"):
        closed_output(closed, 3)
    acts = [json.loads(line) for line in (closed / "closings.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(act["act"], act["closing"], act["reason"]) for act in acts] == [
        ("closed", 1, ""),
        ("reopened", 1, "A late fuel bill."),
        ("closed", 2, ""),
    ]


def test_a_superseding_entry(small):
    """A correction replaces the entry it names; the closed figure and the restated one stand side by side."""
    reopen_year(small, reason="the bill was estimated")
    add(small / "entries.csv", "E2,E1,甲厂,electricity.grid,120,MWh,2024-01-01,2024-12-31\n")
    figures = {item.name: item for item in cl.open_book(small).report().standing.figures}
    assert figures["scope 2 (location-based)"].closed == pytest.approx(57.03)
    assert figures["scope 2 (location-based)"].now == pytest.approx(68.436)
    assert figures["scope 2 (location-based)"].change == pytest.approx(11.406)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(["book.toml", "entries.csv"]),
    st.integers(0, 300),
    st.sampled_from([b"", b"0", b"#", b" ", b"\n", b"\xe4\xb8\x80"]),
)
def test_any_edit_of_an_input_is_named(small, name, at, put):
    """Whatever byte of whatever input file is taken out or put in, the report names the file or refuses to open it."""
    path = small / name
    whole = path.read_bytes()
    at %= len(whole)
    path.write_bytes(whole[:at] + put + whole[at + (0 if put else 1) :])
    try:
        said = "\n".join(standing_lines(small))
    except CarbonLedgerError as error:
        said = str(error)
    finally:
        path.write_bytes(whole)
    assert name in said


@pytest.mark.parametrize("name", INPUTS[1:])
def test_a_file_that_is_gone_is_named(closed, name):
    """An input file that was taken away is named, also one of another year."""
    (closed / name).unlink()
    assert f"- {name} was locked and is gone." in standing_lines(closed)


def test_what_was_kept_is_held_too(closed):
    """A kept report or a copy of an input that was edited is named, and not printed as what was closed."""
    add(closed / "closed" / "2024" / "1" / "report.en.txt", "x")
    add(closed / "closed" / "2024" / "1" / "inputs" / "entries-2024.csv", LATE)
    said = "\n".join(standing_lines(closed))
    assert "closed/2024/1/report.en.txt was changed" in said
    assert "closed/2024/1/inputs/entries-2024.csv was changed" in said
    with pytest.raises(LockError, match="was changed after it had been closed"):
        closed_output(closed, 1)


def test_a_lock_that_does_not_match(closed):
    """A lock that was written anew or damaged after the closing is named; the closing has its own."""
    add(closed / "entries-2024.csv", LATE)
    with pytest.raises(ClosingError, match="its lock stays as it is"):
        lock_book(cl.open_book(closed).reporting_year())
    (closed / "book.lock").write_text("{}", encoding="utf-8")
    assert "- book.lock was written anew after the closing." in standing_lines(closed)
    (closed / "closed" / "2024" / "1" / "inputs" / "book.lock").write_text("{", encoding="utf-8")
    assert any("damaged" in line for line in standing_lines(closed))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text.replace('"by": "李"', '"by": "王"') + text, "line 2"),
        (lambda text: text[:-20], "no record of a closing"),
        (lambda text: text.rstrip("\n"), "no record of a closing"),
        (lambda _: "", "does not know the closing that lies in closed/2024/1"),
        (lambda text: f"<<<<<<< ours\n{text}=======\n{text}>>>>>>> theirs\n", "git left two versions"),
        (lambda text: text.replace('"closing": 1', '"closing": 2'), "was changed after it had been written"),
        (lambda text: text.replace('"year": 2024', '"year": true'), "no record of a closing"),
        (lambda _: "\x00\n", "no record of a closing"),
    ],
)
def test_a_damaged_log(small, damage, words):
    """A log that was cut, edited or merged is refused with its line; no report is printed as if nothing had been closed."""
    log = small / "closings.jsonl"
    log.write_text(damage(log.read_text(encoding="utf-8")), encoding="utf-8")
    for act in (lambda: cl.check(small), lambda: close_year(small), lambda: reopen_year(small, reason="x")):
        with pytest.raises(BookError, match=words):
            act()


def test_an_edited_line_of_the_log(small):
    """An earlier line cannot be edited: the next one holds its checksum."""
    reopen_year(small, reason="x")
    edit(small / "closings.jsonl", '"by": "李"', '"by": "王"')
    with pytest.raises(BookError, match="line 2: the log was changed"):
        cl.check(small)


@pytest.mark.parametrize("name", ["closed", "book.lock", "closings.jsonl"])
def test_never_through_a_link(tmp_path, name):
    """A link in the place of what is written is refused; its target and the book stay as they are."""
    folder, target = small_book(tmp_path / "b"), tmp_path / "target"
    if name == "closed":
        target.mkdir()
    else:
        target.write_text("", encoding="utf-8")
    (folder / name).symlink_to(target)
    before = checksums(folder)
    with pytest.raises(BookError, match="symbolic link"):
        close_year(folder, with_findings=WHY)
    assert checksums(folder) == before
    assert (folder / name).is_symlink()
    assert sorted(item.name for item in folder.iterdir()) == sorted({*SMALL, name})


@pytest.mark.parametrize("step", ["append_act", "write_whole", "check_lock"])
def test_whole_or_not_at_all(tmp_path, monkeypatch, step):
    """Whichever step fails, the folder is as it was before."""
    folder = small_book(tmp_path / "b")
    before = checksums(folder)

    def fails(*_):
        raise PermissionError(13, "Permission denied", "x")

    monkeypatch.setattr(f"carbonledger.year_end.closing.{step}", fails)
    with pytest.raises((CarbonLedgerError, PermissionError)):
        close_year(folder, with_findings=WHY)
    assert checksums(folder) == before
    assert sorted(item.name for item in folder.iterdir()) == sorted(SMALL)


def test_conflicting_edits(closed):
    """Marks that git left in a table or in the settings are named with their rows, and neither version is counted."""
    text = (closed / "entries-2024.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    both = [*text[:2], "<<<<<<< HEAD\n", text[2], "=======\n", text[3], ">>>>>>> theirs\n", *text[4:]]
    (closed / "entries-2024.csv").write_text("".join(both), encoding="utf-8")
    with pytest.raises(EntriesError) as refused:
        cl.check(closed / "entries-2024.csv")
    assert "git left two versions of these lines that nobody has decided between (rows 3, 7)" in str(refused.value)
    assert "尚未选定（第 3、7 行）" in refused.value.text_in("zh")
    edit(closed / "book.toml", "[factors]", "<<<<<<< HEAD\n[factors]")
    with pytest.raises(BookError, match=r"line 19: git left two versions"):
        cl.open_book(closed)


def test_an_absolute_path_is_refused(closed, tmp_path):
    """A file whose copy could not stand in its place is named, and nothing is closed."""
    reopen_year(closed, reason="x")
    other = tmp_path / "entries-2024.csv"
    shutil.copy(closed / "entries-2024.csv", other)
    edit(
        closed / "book.toml", '"entries-2024.csv"]', f'"{other.as_posix()}"]\nallow_outside = ["{tmp_path.as_posix()}"]'
    )
    with pytest.raises(ClosingError, match="named from the root"):
        close_year(closed)


def test_files_beside_the_book_are_kept(tmp_path):
    """A file outside the folder is copied with its place, so that the copy opens by the same settings."""
    folder, shared = small_book(tmp_path / "co" / "b"), tmp_path / "co" / "shared"
    shared.mkdir()
    (folder / "entries.csv").rename(shared / "m.csv")
    edit(folder / "book.toml", '"entries.csv"]', '"../shared/m.csv"]\nallow_outside = ["../shared"]')
    done = close_year(folder, with_findings=WHY)
    assert (done.folder / "inputs" / "shared" / "m.csv").exists()
    assert (done.folder / "inputs" / "b" / "book.lock").exists()
    add(shared / "m.csv", "E2,,甲厂,electricity.grid,1,MWh,2024-01-01,2024-12-31\n")
    assert any("../shared/m.csv changed" in line for line in standing_lines(folder))
    assert closed_output(folder).content == (done.folder / "report.en.txt").read_bytes()


def test_a_folder_of_entries(tmp_path):
    """Each file of a folder of entries is held; one that is added is named."""
    folder = small_book(tmp_path / "b")
    (folder / "bills").mkdir()
    (folder / "entries.csv").rename(folder / "bills" / "a.csv")
    edit(folder / "book.toml", '"entries.csv"]', '"bills"]')
    close_year(folder, with_findings=WHY)
    assert standing_lines(folder)[0].startswith("Closed")
    (folder / "bills" / "b.csv").write_text("activity,amount,unit,year\n", encoding="utf-8")
    assert any("bills/b.csv is read and was not locked" in line for line in standing_lines(folder))


@pytest.mark.slow
def test_an_edition_withdrawn_since(tmp_path):
    """The closed figures stay and can be had; the report says which edition was withdrawn."""
    folder = tmp_path / "b"
    shutil.copytree(PROJECT / "examples" / "own-factors", folder)
    close_year(folder)
    first = closed_output(folder).content
    edit(folder / "factors" / "catalogue.csv", "invented-suppliers@1,current", "invented-suppliers@1,withdrawn")
    catalogue.cache_clear()
    found = next(finding for finding in cl.check(folder) if finding.rule == "CLOSED_YEAR")
    assert found.message.endswith("was closed with editions that were withdrawn since: invented-suppliers@1.")
    assert closed_output(folder).content == first
    add(folder / "factors" / "invented-suppliers" / "1" / "factors.csv", "x")
    assert any("factors/invented-suppliers/1/factors.csv changed" in line for line in standing_lines(folder))


def program(*arguments):
    """A run of the program in this process: what it printed, and how it ended."""
    result = CliRunner().invoke(app, list(map(str, arguments)))
    return result.output, result.exception


def test_by_the_command_line(small):
    """close, reopen and report --closing say in words what they did, in either language."""
    assert "2024年此前已结账（第 1 次" in program("close", small, "--lang", "zh")[0]
    assert json.loads(program("close", small, "--json")[0])["is_new"] is False
    with pytest.raises(BookError, match="a reason is needed"):
        raise program("reopen", small)[1]
    assert "2024 is open again. Closing 1 stays as it is" in program("reopen", small, "--reason", "late bill")[0]
    kept = (small / "closed" / "2024" / "1" / "report.zh.txt").read_text(encoding="utf-8")
    assert program("report", small, "--closing", "1", "--lang", "zh")[0] == kept
    assert "已反结账：2024年" in program("report", small, "--lang", "zh")[0]


@pytest.mark.slow
def test_exit_codes(small):
    """A changed year ends the report with 1; what the settings cannot calculate any more is said beside what changed."""
    edit(small / "book.toml", "cn-mee-grid-enterprise@2022", "cn-mee-grid-enterprise@1922")
    result = run("report", small)
    assert result.returncode != 0
    assert "book.toml changed since it was locked" in result.stderr
    assert run("close", small, "--lang", "zh").returncode != 0
