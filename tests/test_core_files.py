"""Files are written whole or not at all, and never over what was not named."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from carbonledger.core.errors import BookError
from carbonledger.core.files import write_folder_whole, write_whole
from carbonledger.factors.own import new_edition


def names_in(folder):
    """What lies in a folder."""
    return sorted(item.name for item in folder.iterdir())


def test_written_whole(tmp_path):
    """The text is there, and nothing else."""
    write_whole(tmp_path / "a.txt", "übung\n")
    write_whole(tmp_path / "a.txt", "二\n")
    assert (tmp_path / "a.txt").read_bytes() == "二\n".encode()
    assert names_in(tmp_path) == ["a.txt"]


def test_a_long_name(tmp_path):
    """The file of the passage does not need a longer name than the file itself."""
    write_whole(tmp_path / ("n" * 255), "x")
    assert len(names_in(tmp_path)) == 1


def test_permissions_stay(tmp_path):
    """A private file stays private; a new one follows the user's mask."""
    path = tmp_path / "a.txt"
    write_whole(path, "x")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    path.chmod(0o640)
    write_whole(path, "y")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_is_not_followed(tmp_path):
    """Neither the link nor its target changes, and both are named."""
    (tmp_path / "target").write_text("kept", encoding="utf-8")
    (tmp_path / "link").symlink_to("target")
    with pytest.raises(BookError, match="symbolic link to target"):
        write_whole(tmp_path / "link", "x")
    assert (tmp_path / "target").read_text(encoding="utf-8") == "kept"
    assert (tmp_path / "link").is_symlink()


def test_what_is_no_file(tmp_path):
    """A folder or a device is not replaced; a folder that is missing is said."""
    for place, words in ((tmp_path, "folder or a device"), (Path("/dev/null"), "folder or a device")):
        with pytest.raises(BookError, match=words):
            write_whole(place, "x")
    with pytest.raises(BookError, match="No such file or directory"):
        write_whole(tmp_path / "missing" / "a", "x")
    with pytest.raises(BookError, match="null"):
        write_whole(tmp_path / "a\0b", "x")


def test_two_at_once(tmp_path):
    """Many writers of one file: it is always one of the texts, whole."""
    texts = [str(number) * 10_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: write_whole(tmp_path / "a", text), texts * 5))
    assert (tmp_path / "a").read_text(encoding="utf-8") in texts
    assert names_in(tmp_path) == ["a"]


def test_a_folder_is_whole_or_absent(tmp_path, monkeypatch):
    """If the second file cannot be written, the first is not there either."""
    with pytest.raises(BookError):
        write_folder_whole(tmp_path / "new", {"a": "x", "no/such": "y"})
    assert names_in(tmp_path) == []

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("carbonledger.core.files.os.fsync", full)
    with pytest.raises(BookError, match="No space left on device"):
        new_edition("own", folder=tmp_path / "factors")
    assert not list((tmp_path / "factors").rglob("*.csv"))
    monkeypatch.undo()
    place = new_edition("own", folder=tmp_path / "factors")
    assert names_in(place) == ["datapackage.json", "factors.csv"]
    with pytest.raises(BookError, match="exists already"):
        write_folder_whole(place, {})
