"""The next year's book begins from this year's: sources, contracts and comments go on, what belongs to one year is asked for."""

import shutil
import tomllib
from datetime import date

import pytest
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.core.errors import BookError
from tests.support import PROJECT
from tests.test_year_end import LATE, add, checksums, edit

close_year, new_year, reopen_year = cl.year_end.close_year, cl.year_end.new_year, cl.year_end.reopen_year


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A folder with the example of two years, closed, and the next year's book made from it; never to be edited."""
    place = tmp_path_factory.mktemp("next")
    shutil.copytree(PROJECT / "examples" / "second-year", place / "b2024")
    close_year(place / "b2024")
    before = checksums(place / "b2024")
    prepared = new_year(place / "b2024", place / "b2025")
    assert checksums(place / "b2024") == before, "nothing of a closed year is changed"
    return place, prepared


@pytest.fixture
def filled(base, tmp_path):
    """Both books, the next one filled in."""
    place = tmp_path / "books"
    shutil.copytree(base[0], place)
    path = place / "b2025" / "entries-2025.csv"
    text = path.read_text(encoding="utf-8-sig")
    for activity, amount in (("electricity.grid,,kWh", 1_000_000), ("electricity.solar,,kWh", 95_000)):
        text = text.replace(activity, activity.replace(",,", f",{amount},"))
    text = text.replace("fuel.diesel,,t", "fuel.diesel,10,t").replace(
        "electricity.grid,,10^4", "electricity.grid,80,10^4"
    )
    path.write_text(text, encoding="utf-8")
    return place


def findings_of(folder, rule):
    """The texts of the findings of a rule."""
    return [finding.message for finding in cl.check(folder) if finding.rule == rule]


def test_the_settings_go_on(base):
    """Companies, editions, comments and the previous year; the day of the editions is asked for, not kept or dropped in silence."""
    place, prepared = base
    text = (place / "b2025" / "book.toml").read_text(encoding="utf-8")
    assert text.startswith("# An invented company with two years of entries")
    assert 'compare_book = "../b2024/closed/2024/1/inputs"' in text
    assert "# [factors] as_of = 2025-04-30" in text
    assert prepared.to_state == ("[factors] as_of = 2025-04-30",)
    # Without that day the 2023 figures of the grid, published later, apply to 2024: the effect is shown although no edition is newer.
    assert prepared.upgrade.editions == ()
    assert prepared.upgrade.total_before == pytest.approx(1332.30232468)
    assert prepared.upgrade.total_after < prepared.upgrade.total_before
    settings = cl.open_book(place / "b2025").settings
    assert (settings.company.reporting_year, settings.company.compare_year) == (2025, 2024)
    assert settings.factors.emissions == cl.open_book(place / "b2024").settings.factors.emissions


def test_an_amount_that_is_not_filled_in_is_no_zero(base):
    """Each source has its row, and as long as it is empty the book is in error."""
    place, prepared = base
    assert prepared.rows == 4
    assert len([finding for finding in cl.check(place / "b2025") if finding.rule == "EMPTY_AMOUNT"]) == 4


def test_the_table_reads_in_chinese(tmp_path, base):
    """Headings of the Chinese table are understood, every one of them."""
    place, _ = base
    new_year(place / "b2024", tmp_path / "新", lang="zh")
    text = (tmp_path / "新" / "entries-2025.csv").read_text(encoding="utf-8-sig")
    assert text.startswith("公司,场所,排放源,活动,数量,单位,开始,结束,")
    path = tmp_path / "新" / "entries-2025.csv"
    path.write_text(
        text.replace(",,kWh", ",5,kWh").replace(",,t,", ",5,t,").replace(",,10^4", ",5,10^4"), encoding="utf-8"
    )
    entries = cl.read_entries(path)
    assert (len(entries.frame), entries.findings) == (4, ())


def test_compared_with_as_reported_or_as_restated(filled):
    """The comparison stays with the closing after a correction; naming the book compares with the restated year; both are said."""
    before = cl.open_book(filled / "b2025").report().changes["scope"]
    reopen_year(filled / "b2024", reason="late bill")
    add(filled / "b2024" / "entries-2024.csv", LATE)
    year = cl.open_book(filled / "b2025").report()
    assert year.changes["scope"].equals(before)
    assert before["emissions_tco2e_previous"].iloc[0] == pytest.approx(36.8413246843)
    assert str(year.compared_with) == "2024 as reported (closing 1)"
    said = findings_of(filled / "b2025", "COMPARE_BOOK")
    assert "Compared with 2024 as reported (closing 1)." in said
    assert any("its book was opened again" in text and text.endswith("late bill") for text in said)
    edit(filled / "b2025" / "book.toml", "../b2024/closed/2024/1/inputs", "../b2024")
    restated = cl.open_book(filled / "b2025").report()
    assert restated.changes["scope"]["emissions_tco2e_previous"].iloc[0] == pytest.approx(41.4851891403)
    assert "as the book ../b2024 stands now" in str(restated.compared_with)
    assert "现状" in restated.compared_with.zh


def test_an_edited_copy_is_not_compared_with(filled):
    """Whoever edits the copy of the closed year does not change the comparison unseen: there is none, and the reason is said."""
    add(filled / "b2024" / "closed" / "2024" / "1" / "inputs" / "entries-2024.csv", LATE)
    year = cl.open_book(filled / "b2025").report()
    assert year.previous is None
    assert any(
        "is not what was closed: entries-2024.csv changed" in text
        for text in findings_of(filled / "b2025", "COMPARE_YEAR")
    )


def test_a_previous_year_that_is_gone(filled):
    """The comparison is missing with its reason; the year itself is calculated."""
    shutil.rmtree(filled / "b2024" / "closed")
    year = cl.open_book(filled / "b2025").report()
    assert year.totals()["total_location_based_tco2e"] > 0
    assert (year.previous, len(findings_of(filled / "b2025", "COMPARE_YEAR"))) == (None, 1)


@pytest.mark.slow
def test_the_second_closing_keeps_the_first_year(filled):
    """The copy of the next year holds what it is compared with, so that its report is the same wherever it lies."""
    done = close_year(filled / "b2025")
    first = cl.year_end.closed_output(filled / "b2025").content
    shutil.rmtree(filled / "b2024")
    assert (done.folder / "inputs" / "b2024" / "closed" / "2024" / "1" / "inputs" / "book.lock").exists()
    assert cl.year_end.closed_output(filled / "b2025").content == first
    assert any(
        "../b2024/closed/2024/1/inputs/entries-2024.csv was locked and is gone" in line
        for line in cl.open_book(filled / "b2025").report().standing.lines("en")
    )


def test_a_link_is_not_read_beside_the_book(filled):
    """The book to compare with lies where the settings allow it, like every file."""
    edit(filled / "b2025" / "book.toml", 'allow_outside = ["../b2024"]', "")
    with pytest.raises(BookError, match="compare_book"):
        cl.open_book(filled / "b2025")


def test_a_book_to_compare_with_needs_its_year(filled):
    """compare_book without compare_year would be passed over in silence, so it is refused."""
    edit(filled / "b2025" / "book.toml", "compare_year = 2024\n", "")
    with pytest.raises(BookError, match="compare_year is missing"):
        cl.open_book(filled / "b2025")


@pytest.fixture
def group(tmp_path):
    """A group with sites, holdings, drivers, certificates, a contract, and a site that ends with the year; not closed."""
    folder = tmp_path / "g"
    shutil.copytree(PROJECT / "examples" / "chinese-group", folder)
    edit(
        folder / "book.toml", 'id = "苏州"\nentity = "east"\n', 'id = "苏州"\nentity = "east"\nvalid_to = 2023-12-31\n'
    )
    add(folder / "instruments.csv", "contract,PPA,1,1,10,0,wind,Zhanhua,CN,2023-06,2023-09-20,2024-02-15,,north,,,,\n")
    return folder


def test_what_ends_is_said(group, tmp_path):
    """Sites that end, certificates of the year and drivers without an amount are said, and stay in the file as comments."""
    prepared = new_year(group, tmp_path / "n", drivers={"营业收入": 612.5})
    assert prepared.closing is None
    assert "stands" in prepared.lines("en")[1]
    assert "[[site]] 苏州" in prepared.ended
    assert any("5001-5300 (300 MWh)" in name for name in prepared.ended)
    assert any(name.startswith("苏州 ") for name in prepared.ended)
    assert prepared.contracts == 1
    text = (tmp_path / "n" / "book.toml").read_text(encoding="utf-8")
    assert '# [[site]]\n# id = "苏州"' in text
    opened = cl.open_book(tmp_path / "n")
    assert [driver.amount for driver in opened.settings.drivers] == [612.5]
    assert [site.id for site in opened.settings.sites] == ["济南"]
    rows = (tmp_path / "n" / "instruments-2024.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(",")[:2] for row in rows[1:]] == [["contract", "PPA"]]
    assert "苏州" not in (tmp_path / "n" / "entries-2024.csv").read_text(encoding="utf-8-sig")


def test_drivers_are_asked(group, tmp_path):
    """Last year's revenue is not this year's: it stands as a comment, and an amount of another name is refused."""
    prepared = new_year(group, tmp_path / "n")
    assert "[[driver]] Revenue" in prepared.to_state
    assert cl.open_book(tmp_path / "n").settings.drivers == ()
    assert "# amount = 500" in (tmp_path / "n" / "book.toml").read_text(encoding="utf-8")
    with pytest.raises(BookError, match="no driver of the book"):
        new_year(group, tmp_path / "m", drivers={"Turnover": 1.0})
    with pytest.raises(BookError, match="above 0"):
        new_year(group, tmp_path / "m", drivers={"Revenue": 0.0})
    assert not (tmp_path / "m").exists()


def test_newer_editions_with_their_effect(tmp_path):
    """Newer editions are proposed with what they change in last year's figures, and taken only when asked."""
    folder = tmp_path / "b"
    shutil.copytree(PROJECT / "examples" / "second-year", folder)
    edit(folder / "book.toml", '"cn-mee-nbs-grid@2022", "cn-mee-nbs-grid@2023", ', '"cn-mee-nbs-grid@2022", ')
    prepared = new_year(folder, tmp_path / "kept")
    assert ("cn-mee-nbs-grid@2022", "cn-mee-nbs-grid@2023") in prepared.upgrade.editions
    assert prepared.upgrade.total_before == pytest.approx(1332.30232468)
    assert prepared.upgrade.total_after != pytest.approx(prepared.upgrade.total_before)
    assert cl.open_book(tmp_path / "kept").settings.factors.emissions[1] == "cn-mee-nbs-grid@2022"
    assert "cn-mee-nbs-grid@2023" not in cl.open_book(tmp_path / "kept").settings.factors.emissions
    new_year(folder, tmp_path / "taken", newer_editions=True, as_of=date(2026, 4, 30))
    factors = cl.open_book(tmp_path / "taken").settings.factors
    assert "cn-mee-nbs-grid@2023" in factors.emissions
    assert factors.as_of == date(2026, 4, 30)


def test_never_over_anything(base, tmp_path):
    """A folder, a file or a link that is there is refused; a folder that cannot be made leaves nothing behind."""
    place, _ = base
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for target in (tmp_path, tmp_path / "file", tmp_path / "link"):
        with pytest.raises(BookError, match="exists already"):
            new_year(place / "b2024", target)
    with pytest.raises(BookError, match="cannot be written"):
        new_year(place / "b2024", tmp_path / "file" / "below")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["file", "link"]


def test_new_year_by_the_command_line(base, tmp_path):
    """What is carried over, asked for and proposed is printed in either language; misuse is said."""
    place, _ = base
    shown = CliRunner().invoke(app, ["new-year", str(place / "b2024"), str(tmp_path / "n"), "--lang", "zh"])
    assert shown.exit_code == 0
    assert "2025年账簿已建立" in shown.output
    assert "需为新年度重新填写：[factors] as_of" in shown.output
    assert "1,332.3023 → 1,288.0424 tCO2e" in shown.output
    again = CliRunner().invoke(app, ["new-year", str(place / "b2024"), str(tmp_path / "n")])
    assert isinstance(again.exception, BookError)
    wrong = CliRunner().invoke(app, ["new-year", str(place / "b2024"), str(tmp_path / "m"), "--driver", "x"])
    assert wrong.exit_code == 2


def test_the_next_year_in_the_same_book(tmp_path, base):
    """Who goes on in one book is told when last year no longer gives what was closed."""
    folder = tmp_path / "b"
    shutil.copytree(base[0] / "b2024", folder)
    text = (folder / "entries-2024.csv").read_text(encoding="utf-8")
    (folder / "entries-2025.csv").write_text(text.replace(",2024,", ",2025,"), encoding="utf-8")
    edit(
        folder / "book.toml", "reporting_year = 2024\ncompare_year = 2023", "reporting_year = 2025\ncompare_year = 2024"
    )
    edit(folder / "book.toml", '"entries-2024.csv"]', '"entries-2024.csv", "entries-2025.csv"]')
    assert findings_of(folder, "COMPARE_BOOK") == []
    edit(folder / "entries-2024.csv", "11.9", "12.9")
    (said,) = findings_of(folder, "COMPARE_BOOK")
    assert said.startswith(
        "2024 was closed with 1332.3023 t CO2e (closing 1); by the settings of this book it is 1335.3982"
    )


def test_tables_of_any_form_are_set_aside(tmp_path):
    """Sections of tables, also nested or written on one line, and suppressions become comments that can be taken up again."""
    folder = tmp_path / "b"
    shutil.copytree(PROJECT / "examples" / "second-year", folder)
    (folder / "book.toml").write_text(
        'suppress = [{ rule = "FACTOR_YEAR", reason = "known" }]\n'
        + (folder / "book.toml").read_text(encoding="utf-8")
        + '\n[[table]]\nfile = "entries-2024.csv"\n\n[table.columns]\n"备注" = "ignore"\n',
        encoding="utf-8-sig",
    )
    prepared = new_year(folder, tmp_path / "n", restated=True)
    assert prepared.to_state[-2:] == ("[[suppress]] FACTOR_YEAR", "[[table]] entries-2024.csv")
    text = (tmp_path / "n" / "book.toml").read_text(encoding="utf-8")
    taken_up = "\n".join(line.removeprefix("# ") for line in text[text.index("# [[suppress]]") :].splitlines())
    found = tomllib.loads(taken_up)
    assert found["suppress"] == [{"rule": "FACTOR_YEAR", "reason": "known"}]
    assert found["table"][0]["columns"] == {"备注": "ignore"}
    assert 'compare_book = "../b"' in text


def test_earlier_years_and_the_base_year_go_on(tmp_path):
    """The next year's book has the rows of earlier years, the base year and its events, and this year as it was closed."""
    shutil.copytree(PROJECT / "examples" / "base-year", tmp_path / "b2024")
    closed = cl.report(tmp_path / "b2024").emission_series().of(2024).as_reported_tco2e
    close_year(tmp_path / "b2024")
    new_year(tmp_path / "b2024", tmp_path / "b2025")
    entries = tmp_path / "b2025" / "entries-2025.csv"
    rows = entries.read_text(encoding="utf-8-sig").splitlines()
    filled = [row.replace(",,10^4 Nm3", ",100,10^4 Nm3").replace(",,MWh", ",9000,MWh") for row in rows]
    entries.write_text("\n".join(filled), encoding="utf-8")
    report = cl.report(tmp_path / "b2025")
    series = report.emission_series()
    assert [item.year for item in series.years] == list(range(2020, 2026))
    assert series.of(2024).as_reported_tco2e == pytest.approx(closed)
    assert report.base_year.bridges[0].restated_tco2e == 10_340
