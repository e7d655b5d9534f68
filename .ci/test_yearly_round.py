"""The yearly round of a Chinese company from the installed wheel, with only the files that a person would have.

2023 is constructed for this test. The amounts of 2024 are those that Qingdao Techen published (`seeds/techen-2024`). 2025 is
constructed too: a monthly workbook as an office keeps it, with a new photovoltaic roof that feeds in a part of its electricity.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

SEED = Path(__file__).resolve().parent.parent / "seeds" / "techen-2024" / "entries.csv"
PROGRAM = Path(sys.executable).parent / "carbonledger"
# Of the notice of the Ministry of Ecology and Environment for 2022, and of the NDRC's guideline: 44.80 GJ/t, 0.0189 t C/GJ, 98 %.
GRID_T_PER_MWH, GASOLINE_T_PER_T = 0.5703, 44.80 * 0.0189 * 0.98 * 44 / 12
LATE_KWH = 12120
ROUND = [
    *("--name", "青岛乾程科技股份有限公司", "--region", "山东", "--year", "2024", "--entity", "乾程科技"),
    *("--entity", "艾孚科技", "--site", "乾程科技/城阳=山东：电，汽油，光伏", "--site", "艾孚科技/即墨=山东：电"),
    *("--gwp", "AR5", "--scope-2", "both", "--own-attributes", "kept", "--edition", "电力=cn-mee-grid-enterprise"),
]
# Company, site, carrier, unit, and the twelve months of 2025 in the unit that the office has them in.
MONTHS_OF_2025 = [
    ("乾程科技", "城阳", "外购电力", "万千瓦时",
     [3.42, 3.05, 3.31, 3.1, 2.95, 3.2, 3.6, 3.7, 3.25, 2.98, 3.05, 3.4]),
    ("艾孚科技", "即墨", "外购电力", "kWh",
     [305000, 288000, 301500, 295000, 260000, 240000, 231000, 228000, 246000, 262000, 280000, 299000]),
    ("乾程科技", "城阳", "汽油", "吨",
     [0.31, 0.29, 0.35, 0.33, 0.31, 0.36, 0.4, 0.39, 0.34, 0.32, 0.33, 0.35]),
    ("乾程科技", "城阳", "光伏发电（自用）", "千瓦时",
     [1200, 1350, 1700, 1900, 2100, 2050, 1980, 1900, 1700, 1500, 1250, 1100]),
    ("艾孚科技", "即墨", "光伏发电（自用）", "万kWh",
     [None, None, None, 9.8, 11.2, 12.1, 11.9, 11.5, 10.2, 8.8, 7.1, 6.2]),
    ("艾孚科技", "即墨", "自发电总量", "万kWh",
     [None, None, None, 10.9, 12.7, 13.9, 13.8, 13.2, 11.4, 9.7, 7.7, 6.7]),
    ("艾孚科技", "即墨", "自发电上网", "万kWh",
     [None, None, None, 1.1, 1.5, 1.8, 1.9, 1.7, 1.2, 0.9, 0.6, 0.5]),
]  # fmt: skip


class Office:
    """A folder of a person, and the installed program in it, in Chinese."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {name: text for name, text in os.environ.items() if name not in {"PYTHONPATH", "COLUMNS"}}

    def bytes(self, *arguments, code=0):
        """What a command prints, as bytes."""
        done = subprocess.run(
            [PROGRAM, *map(str, arguments), "--lang", "zh"],
            cwd=self.folder,
            capture_output=True,
            env=self.environment | {"PYTHONUTF8": "1"},
            check=False,
        )
        told = done.stderr.decode("utf-8")
        assert done.returncode == code, done.stdout.decode("utf-8") + told
        return done.stdout or done.stderr

    def run(self, *arguments, code=0):
        """What a command prints."""
        return self.bytes(*arguments, code=code).decode("utf-8")

    def data(self, *arguments, code=0):
        """What a command prints as JSON."""
        return json.loads(self.run(*arguments, "--json", code=code))

    def set_entries(self, book, line):
        """Write a line about the files of entries into the settings of a book, as a person with an editor does."""
        path = self.folder / book / "book.toml"
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text(
            "\n".join(line if old.startswith("entries = ") else old for old in lines) + "\n", encoding="utf-8"
        )


def fill(path, amounts):
    """Fill in a template: unit, amount (of the year, or a list of months) and document by company and activity."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[1]
    columns = {cell.value: cell.column for cell in sheet[6]}
    months = [column for key, column in columns.items() if str(key)[:2] == "20"]
    rows = {(row[0].value, row[columns["activity"] - 1].value): row[0].row for row in sheet.iter_rows(min_row=7)}
    for source, (unit, amount, document) in amounts.items():
        row = rows[source]
        sheet.cell(row, columns["unit"], unit)
        sheet.cell(row, columns["evidence"], document)
        stated = zip(months, amount, strict=True) if isinstance(amount, list) else [(columns["year total"], amount)]
        for column, value in stated:
            sheet.cell(row, column, value)
    workbook.save(path)


def published_2024():
    """The amounts that Techen published, by company and activity as the template names them."""
    names = {"外购电力": "电力", "光伏发电": "光伏发电（自用）"}
    with SEED.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = {}
    for row in rows:
        source = row["公司"] or "乾程科技", names.get(row["能源种类"], row["能源种类"])
        found[source] = row["单位"], float(row["用量"]), f"{row['凭证']} {row['备注']}"
    return found


def monthly_workbook(path):
    """The workbook of the office: titles, months across, mixed units, a column and a row of totals, who wrote it."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "2025能耗"
    sheet.append(["青岛乾程科技股份有限公司"])
    sheet.append(["2025年度能源消耗月报汇总（行政部）"])
    sheet.append([])
    sheet.append(["公司", "厂区", "能源品种", "单位", *(f"{month}月" for month in range(1, 13)), "合计"])
    for *labels, months in MONTHS_OF_2025:
        sheet.append([*labels, *months, round(sum(filter(None, months)), 4)])
    grid = [first * 10_000 + second for first, second in zip(MONTHS_OF_2025[0][-1], MONTHS_OF_2025[1][-1], strict=True)]
    sheet.append(["合计", "", "外购电力", "kWh", *grid, sum(grid)])
    sheet.append([])
    sheet.append(["填表人：王敏", "", "", "审核：李强"])
    for cells in ("A1:Q1", "A2:Q2"):
        sheet.merge_cells(cells)
    workbook.save(path)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An empty folder with a Chinese name."""
    return Office(tmp_path_factory.mktemp("碳核算"))


@pytest.fixture(scope="module")
def begun(office):
    """The book of 2024 begun, and its two templates filled in."""
    said = [office.run("init", "乾程2024", *ROUND)]
    constructed = {
        ("乾程科技", "电力"): ("kWh", 430_000, "构造数据"),
        ("乾程科技", "汽油"): ("t", 5.1, "构造数据"),
        ("乾程科技", "光伏发电（自用）"): ("kWh", 0, "构造数据"),
        ("艾孚科技", "电力"): ("万kWh", [35.2] * 12, "构造数据"),
    }
    for year, amounts in ((2023, constructed), (2024, published_2024())):
        name = f"填报{year}.xlsx"
        said.append(office.run("template", "乾程2024", name, "--year", year))
        fill(office.folder / name, amounts)
        shutil.move(office.folder / name, office.folder / "乾程2024" / name)
    office.set_entries("乾程2024", 'entries = ["填报2023.xlsx", "填报2024.xlsx"]')
    settings = office.folder / "乾程2024" / "book.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("# compare_year", "compare_year"), encoding="utf-8"
    )
    return SimpleNamespace(office=office, said=said)


@pytest.fixture(scope="module")
def mistaken(begun):
    """A copy of the book with mistakes in its template, and what is said of them."""
    office, folder = begun.office, "有错"
    shutil.copytree(office.folder / "乾程2024", office.folder / folder)
    path = office.folder / folder / "填报2024.xlsx"
    wrong = {
        ("艾孚科技", "电力"): ("万kWh", 3_947_880, ""),
        ("乾程科技", "光伏发电（自用）"): ("kWh", -20245, ""),
        ("乾程科技", "电力"): ("kWh", "约四十万", ""),
    }
    fill(path, wrong)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[1]
    columns = {cell.value: cell.column for cell in sheet[6]}
    for key, value in {"entity": "乾程科技", "activity": "柴有", "unit": "吨", "year total": 3}.items():
        sheet.cell(11, columns[key], value)
    workbook.save(path)
    said, report = office.run("check", folder, code=1), office.run("report", folder, code=1)
    return SimpleNamespace(office=office, said=said, report=report)


@pytest.fixture(scope="module")
def reported(mistaken):
    """The report of 2024 in every form, of the book that has none of the mistakes of its copy."""
    office = mistaken.office
    text = office.bytes("report", "乾程2024")
    files = [option for kind in ("html", "xlsx", "docx") for option in (f"--{kind}", f"2024.{kind}")]
    office.run("report", "乾程2024", *files)
    return SimpleNamespace(office=office, text=text, data=office.data("report", "乾程2024"))


@pytest.fixture(scope="module")
def following(reported):
    """2024 closed; 2025 prepared and filled in from the office's own workbook, and its report beside 2024 as closed."""
    office = reported.office
    office.run("close", "乾程2024", "--by", "王敏")
    said = office.run("new-year", "乾程2024", "乾程2025")
    monthly_workbook(office.folder / "乾程2025" / "能耗月报.xlsx")
    template = office.run("template", "乾程2025", "填报2025.xlsx")
    office.set_entries("乾程2025", 'entries = ["能耗月报.xlsx"]')
    return SimpleNamespace(office=office, said=said, template=template, data=office.data("report", "乾程2025"))


@pytest.fixture(scope="module")
def restated(following):
    """A bill of 2024 that came late: opened again for a reason, and entered beside the template."""
    office = following.office
    office.run("reopen", "乾程2024", "--reason", "补收艾孚科技12月电费账单", "--by", "王敏")
    headings = "公司,场所,电表,能源种类,用量,单位,年份,月份,凭证\n"
    row = f"艾孚科技,即墨,补开账单,电力,{LATE_KWH},kWh,2024,12,补开0417\n"
    (office.folder / "乾程2024" / "补充账单.csv").write_text(headings + row, encoding="utf-8-sig")
    office.set_entries("乾程2024", 'entries = ["填报2023.xlsx", "填报2024.xlsx", "补充账单.csv"]')
    text, data = office.run("report", "乾程2024"), office.data("report", "乾程2024")
    return SimpleNamespace(office=office, text=text, data=data)


def grid_kwh_2024():
    """The purchased electricity that Techen published."""
    return sum(amount for (_, carrier), (_, amount, _) in published_2024().items() if carrier == "电力")


def total_2024(late_kwh=0):
    """The inventory of 2024 by hand, t CO2e."""
    return (grid_kwh_2024() + late_kwh) / 1000 * GRID_T_PER_MWH + 4.36 * GASOLINE_T_PER_T


def test_each_step_says_the_next(begun, following):
    """The templates list the sources of the new book, and what they say leads to the next command; so does the next year's book."""
    first, *templates = begun.said
    assert "carbonledger status 乾程2024 --lang zh" in first
    assert all("4 个应有数据的来源" in said and "[files]" in said for said in templates)
    assert "carbonledger template 乾程2025" in following.said
    assert "附 2024 年数据" in following.template
    assert 'entries = ["填报2025.xlsx"]' in following.template


def test_planted_mistakes_are_found(mistaken):
    """Kilowatt-hours under 万kWh, a negative amount, a misspelt activity and an amount in words: each with its sheet and row."""
    for rule in ("UNIT_10K", "NEGATIVE_AMOUNT", "UNKNOWN_ACTIVITY", "BAD_NUMBER"):
        assert f"[{rule}]" in mistaken.said
    assert all(f"填报2024.xlsx，工作表 填报，第 {row} 行" in mistaken.said for row in (7, 9, 10, 11))
    assert "不完整" in mistaken.report


def test_the_report_of_2024(office, reported):
    """Techen's figures give the total that follows from them, as text, page, workbook and Word document; 2023 stands beside."""
    data = reported.data
    assert data["complete"] is True
    assert data["totals"]["total_location_based_tco2e"] == pytest.approx(total_2024(), abs=1e-9)
    assert "2,497.3318" in reported.text.decode("utf-8")
    before = 430 * GRID_T_PER_MWH + 12 * 352 * GRID_T_PER_MWH + 5.1 * GASOLINE_T_PER_T
    assert data["changes"]["scope"][-1]["emissions_tco2e_previous"] == pytest.approx(before)
    page = (office.folder / "2024.html").read_text(encoding="utf-8")
    assert "2,497.33" in page
    assert not {"http://", "https://"} & {mark for mark in ('src="http', "url(http") if mark in page}
    assert openpyxl.load_workbook(office.folder / "2024.xlsx").worksheets
    with zipfile.ZipFile(office.folder / "2024.docx") as document:
        assert "2,497.33" in document.read("word/document.xml").decode("utf-8")


def test_2025_beside_2024_as_closed(following):
    """The messy workbook is read whole; the new roof is energy used and not emitted, what it exports is neither, and all deltas agree."""
    data = following.data
    assert (data["complete"], data["compared_with"]) == (True, "2024年已报告值（第 1 次结账）")
    grid_mwh = sum(MONTHS_OF_2025[0][-1]) * 10 + sum(MONTHS_OF_2025[1][-1]) / 1000
    total = grid_mwh * GRID_T_PER_MWH + sum(MONTHS_OF_2025[2][-1]) * GASOLINE_T_PER_T
    assert data["totals"]["total_location_based_tco2e"] == pytest.approx(total)
    solar = [row["energy_gj"] for row in data["energy_table"] if row["activity"] == "electricity.solar"]
    own = sum(MONTHS_OF_2025[3][-1]) / 1000 + sum(filter(None, MONTHS_OF_2025[4][-1])) * 10
    assert sum(solar) == pytest.approx(own * 3.6)
    used = data["energy_table"][-1]["energy_gj"]
    for rows in data["changes"].values():
        assert rows[-1]["energy_gj_current"] == pytest.approx(used)
        assert rows[-1]["emissions_tco2e_change"] == pytest.approx(total - total_2024())
    assert not [finding for finding in data["findings"] if finding["rule"] == "PV_BALANCE"]


def test_2024_restated_beside_2024_closed(restated):
    """The late bill moves the total by what it says; the report has its reason, and each figure as closed beside that of now."""
    assert restated.data["totals"]["total_location_based_tco2e"] == pytest.approx(total_2024(LATE_KWH))
    assert "补收艾孚科技12月电费账单" in restated.text
    assert f"结账时 {total_2024():,.4f}，现为 {total_2024(LATE_KWH):,.4f}" in restated.text


def test_the_closed_report_again(reported, restated):
    """After all of it 2024 as closed comes out byte for byte: from its closing, and calculated from its copy on its lock."""
    office = restated.office
    assert office.bytes("report", "乾程2024", "--closing", "1") == reported.text
    assert office.bytes("report", "乾程2024/closed/2024/1/inputs", "--locked") == reported.text
    refused = office.run("report", "乾程2024", "--locked", code=1)
    assert "补充账单.csv" in refused


def test_2025_is_told_of_the_correction(restated):
    """The report of 2025 still compares with what was closed, and says that 2024 was opened again."""
    data = restated.office.data("report", "乾程2025")
    assert data["changes"]["scope"][-1]["emissions_tco2e_previous"] == pytest.approx(total_2024())
    assert any(finding["rule"] == "COMPARE_BOOK" and "补收" in finding["message"] for finding in data["findings"])
