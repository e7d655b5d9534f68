"""The page of a watched book loads nothing, changes with the files, and is never written for nothing or by half."""

import json
import re
import shutil
import signal
import subprocess
from datetime import datetime, timedelta

import pytest

from carbonledger.book.watching import Watch
from tests.monitored_books import hourly, monitored_book
from tests.support import PROGRAM, PROJECT, run

AT = datetime(2025, 6, 15, 18, 30)


@pytest.fixture
def book(tmp_path):
    """A copy of the constructed example."""
    return shutil.copytree(PROJECT / "examples" / "monitoring", tmp_path / "book")


@pytest.fixture
def small(tmp_path):
    """A small book of one meter."""
    return monitored_book(tmp_path / "small", hourly([5] * 48))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_loads_nothing(book, tmp_path, lang):
    """No script, no address outside the file, every picture with its words and a table of its numbers."""
    out = tmp_path / "overview.html"
    Watch(book, out, lang, every=60).look(AT)
    page = out.read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!data:|#)', page)
    assert page.count("<figure") == 3
    assert page.count('alt=""') == 0
    assert page.count("<table") == 5
    assert '<meta http-equiv="refresh" content="60">' in page
    assert "2025-06-14 03:00" in page


def test_the_page_is_in_one_language(book, tmp_path):
    """The Chinese page has no English sentence of ours."""
    out = tmp_path / "overview.html"
    Watch(book, out, "zh").look(AT)
    page = out.read_text(encoding="utf-8")
    assert "refresh" not in page
    assert "Drawn up" not in page
    assert "更新时间：2025-06-15 18:30:00。" in page


def test_a_changed_file_changes_the_page_and_an_unchanged_one_does_not(small, tmp_path):
    """Rounds without a change write nothing; one more reading does."""
    out = tmp_path / "overview.html"
    watched, at = Watch(small, out), datetime(2025, 3, 5)
    assert watched.look(at).wrote
    first = out.read_text(encoding="utf-8")
    stamp = out.stat().st_mtime_ns
    assert not watched.look(at + timedelta(minutes=1)).wrote
    assert out.stat().st_mtime_ns == stamp
    hourly([5] * 49).to_parquet(small / "meters" / "0.parquet", index=False)
    assert watched.look(at + timedelta(minutes=2)).wrote
    assert out.read_text(encoding="utf-8") != first


def test_a_new_file_of_the_folder_is_seen(small, tmp_path):
    """A meter that begins to write is on the page."""
    watched = Watch(small, tmp_path / "overview.html")
    watched.look(AT)
    hourly([1] * 24, source="new").to_parquet(small / "meters" / "9.parquet", index=False)
    found = watched.look(AT)
    assert found.wrote
    assert "new" in {item.names["source"] for item in found.overview.sources}


def test_silence_is_a_change(small, tmp_path):
    """Where nothing comes any more, the page says so although no file changed."""
    out = tmp_path / "overview.html"
    watched = Watch(small, out)
    watched.look(datetime(2025, 3, 5))
    assert not watched.look(datetime(2025, 3, 5, 7)).wrote
    assert watched.look(datetime(2025, 3, 5, 9)).wrote
    assert "MONITORED_SILENT" in out.read_text(encoding="utf-8")


def test_a_half_written_file_is_said_and_the_next_round_goes_on(small, tmp_path):
    """The page keeps the figures of the last good round, with the problem at its head; once mended it is as before."""
    out = tmp_path / "overview.html"
    watched, at = Watch(small, out), datetime(2025, 3, 5)
    watched.look(at)
    whole = (small / "meters" / "0.parquet").read_bytes()
    (small / "meters" / "0.parquet").write_bytes(whole[: len(whole) // 2])
    found = watched.look(at)
    page = out.read_text(encoding="utf-8")
    assert found.wrote
    assert {"WATCH_ROUND", "UNREADABLE_PARQUET"} <= {finding.rule for finding in found.problems}
    assert page.rstrip().endswith("</html>")
    assert "UNREADABLE_PARQUET" in page
    assert "The figures below are those of 2025-03-05 00:00:00" in page
    assert not watched.look(at).wrote
    (small / "meters" / "0.parquet").write_bytes(whole)
    assert watched.look(at).problems == ()
    assert "WATCH_ROUND" not in out.read_text(encoding="utf-8")


def test_settings_that_break_are_said(small, tmp_path):
    """A book.toml that is being edited ends nothing."""
    watched = Watch(small, tmp_path / "overview.html")
    watched.look(AT)
    text = (small / "book.toml").read_text(encoding="utf-8")
    (small / "book.toml").write_text(text + "[watch", encoding="utf-8")
    assert watched.look(AT).problems
    (small / "book.toml").write_text(text, encoding="utf-8")
    assert watched.look(AT).problems == ()


def test_the_page_may_lie_in_the_book(small):
    """A page beside the readings does not set off the next round."""
    watched = Watch(small, small / "overview.html")
    watched.look(AT)
    assert not watched.look(AT).wrote


def test_names_cannot_become_markup(tmp_path):
    """What a meter is called is text, whatever stands in it."""
    folder = monitored_book(tmp_path / "book", hourly([5] * 24, source="<script>alert(1)</script>"))
    Watch(folder, tmp_path / "overview.html").look(AT)
    assert "<script" not in (tmp_path / "overview.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_once_for_a_line_of_cron(book, small, tmp_path):
    """1 with alarms, 0 without, 2 for what is no moment; JSON has the same alarms."""
    out = tmp_path / "overview.html"
    found = run("watch", book, "--once", "--at", "2025-06-15 18:30", "--out", out, "--lang", "zh")
    assert found.returncode == 1
    assert out.exists()
    assert "报警：6 条。" in found.stdout
    data = json.loads(run("watch", book, "--at", "2025-06-15 18:30", "--json").stdout)
    assert data["alarms"][0]["rule"] == "MONITORED_SILENT"
    assert data["exit_code"] == 1
    assert run("watch", small, "--at", "2025-03-05", "--out", out).returncode == 0
    assert run("watch", small, "--at", "yesterday", "--out", out).returncode == 2


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_with_130(small, tmp_path):
    """A run that watches is ended by an interrupt, and its page is whole."""
    out = tmp_path / "overview.html"
    command = [str(PROGRAM), "watch", str(small), "--every", "1", "--out", str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert str(out) in running.stdout.readline()
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=60)
    assert running.returncode == 130
    assert out.read_text(encoding="utf-8").rstrip().endswith("</html>")
