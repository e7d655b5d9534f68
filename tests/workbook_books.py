"""Books and edits for the tests of workbooks."""

import csv
import io
import re
import shutil
import zipfile
from pathlib import Path

import carbonledger as cl
from tests.support import PROJECT

__all__ = ["HOSTILE", "book_of", "copied_book", "edited_number", "hostile_book", "without_results"]

HOSTILE = ("=1+1", "+cmd", "-x", "@SUM(1)", "\t=2", "\r=3")
_SETTINGS = """
[company]
name_zh = "=HYPERLINK(1) 公司"
name_en = "=HYPERLINK(1) company"
reporting_year = 2024
region = "CN-SD"
[factors]
gwp = "ipcc-ar5@2013"
emissions = ["cn-mee-grid-enterprise@2022", "cn-ndrc-fuels-b@2013", "cn-ndrc-heat@2013"]
energy = ["cn-energy-yearbook@2021"]
[files]
entries = ["entries.csv"]
"""
_HEADINGS = ("entity", "site", "source", "activity", "amount", "unit", "start", "end", "note", "evidence")
_YEAR = ("2024-01-01", "2024-12-31")


def book_of(folder, rows, settings=_SETTINGS):
    """A book with some entries, each company, site, source, activity, amount, unit, and perhaps first and last day, note and evidence."""
    folder.mkdir(parents=True)
    (folder / "book.toml").write_text(settings, encoding="utf-8")
    with (folder / "entries.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEADINGS)
        for row in rows:
            cells = [*row, *_YEAR[len(row) - 6 :]] if len(row) < 8 else list(row)
            writer.writerow([*cells, *[""] * (len(_HEADINGS) - len(cells))])
    return cl.report(folder)


def hostile_book(folder):
    """Texts that look like formulas and patterns, companies that differ by case, amounts from 1e-9 to 1e12, energy without emissions."""
    rows = [
        ("a*", HOSTILE[0], HOSTILE[1], "electricity.grid", 1e-9, "kWh", *_YEAR, HOSTILE[2], HOSTILE[3]),
        ("A*", HOSTILE[4], "~s?", "electricity.grid", 1e12, "kWh", *_YEAR, HOSTILE[5], ""),
        ("A", "", "", "electricity.grid", 3, "MWh", "2024-02-01", "2024-02-29"),
        (">0", "", "m", "fuel.diesel", 0.1, "t"),
        ("", "", "m", "electricity.solar", 7, "10^4 kWh"),
        ("A", "", "", "fuel.peat", 10, "GJ", "2024-03-01", "2024-03-31"),
        ("C", "", "m", "heat.purchased", 0, "GJ"),
        ("C", "", "m", "refrigerant.r_22", 10, "kg"),
    ]
    return book_of(folder, rows)


def copied_book(name, folder, old, new):
    """An example with one text of its entries replaced."""
    shutil.copytree(PROJECT / "examples" / name, folder)
    for path in folder.glob("entries*.csv"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new), encoding="utf-8")
    return cl.report(folder)


def _parts(content):
    """The files of an archive by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _archive(parts):
    """Files as an archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _sheet_part(parts, sheet):
    """The XML of a sheet."""
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"].decode())
    return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"


def edited_number(content, sheet, cell, value):
    """A workbook with another number in a cell, edited as text."""
    parts = _parts(content)
    part = _sheet_part(parts, sheet)
    pattern = rf'(<c r="{cell}"[^>]*>)<v>[^<]*</v>'
    text, count = re.subn(pattern, rf"\g<1><v>{value!r}</v>", parts[part].decode())
    assert count == 1
    return _archive(parts | {part: text.encode()})


def without_results(content):
    """A workbook whose formulas have no results, so that whoever shows one has calculated it."""
    parts = _parts(content)
    for name in parts:
        if name.startswith("xl/worksheets/sheet"):
            parts[name] = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", parts[name])
    return _archive(parts)


def written(folder, name, content):
    """A file with some bytes."""
    path = Path(folder) / name
    path.write_bytes(content)
    return path
