"""A book as a folder of files, what the whole path says about it, and which rows its findings point at."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import carbonledger as cl
from carbonledger.core.findings import Finding

__all__ = ["COUNTRIES", "UNITS", "Bill", "Book", "Checked", "checked", "in_unit", "restated", "totals_of", "written"]

# What people write, its base unit, its size in that, and the decimals that its bills have.
UNITS = {
    "kWh": ("kWh", 1.0, 0),
    "千瓦时": ("kWh", 1.0, 0),
    "度": ("kWh", 1.0, 0),
    "MWh": ("kWh", 1e3, 3),
    "兆瓦时": ("kWh", 1e3, 2),
    "万千瓦时": ("kWh", 1e4, 4),
    "万度": ("kWh", 1e4, 4),
    "MJ": ("kWh", 1 / 3.6, 0),
    "Nm3": ("Nm3", 1.0, 0),
    "标方": ("Nm3", 1.0, 0),
    "万标方": ("Nm3", 1e4, 4),
    "万Nm3": ("Nm3", 1e4, 4),
    "therm": ("therm", 1.0, 1),
    "MMBtu": ("therm", 10.0, 2),
    "kg": ("kg", 1.0, 1),
    "t": ("kg", 1e3, 3),
    "吨": ("kg", 1e3, 3),
    "L": ("L", 1.0, 1),
    "US_gallon": ("US_gallon", 1.0, 1),
    "GJ": ("GJ", 1.0, 2),
    "USD_2022": ("USD_2022", 1.0, 2),
}
# Reporting year, region, GWP set, and the editions of this year and of the year before.
COUNTRIES = {
    "CN": (
        2023,
        "CN-SD",
        ("cn-mee-nbs-grid@2022", "cn-mee-nbs-grid@2023", "cn-ndrc-fuels-b@2013", "cn-ndrc-heat@2013"),
    ),
    "GB": (2024, "GB", ("uk-desnz@2023", "uk-desnz@2024")),
    "US": (2023, "US", ("us-epa-hub@2025", "us-epa-egrid@2022", "us-epa-egrid@2023-r2", "us-epa-supply-chain@1.3")),
}
HEADINGS = {
    "entity": "公司",
    "site": "厂区",
    "source": "排放源",
    "activity": "能源品种",
    "amount": "用量",
    "unit": "单位",
    "start": "开始日期",
    "end": "结束日期",
    "region": "地区",
    "evidence": "凭证",
    "note": "备注",
    "factor": "排放因子",
    "scope_3_category": "范围三类别",
    "entry_id": "编号",
    "supersedes": "替代",
}


@dataclass(frozen=True, eq=False)
class Bill:
    """One row of a file; two bills are the same only if they are one object."""

    entity: str
    site: str
    source: str
    activity: str
    amount: str
    unit: str
    start: date
    end: date
    exact: float = 0.0
    region: str = ""
    evidence: str = ""
    note: str = ""
    factor: str = ""
    scope_3_category: str = ""
    entry_id: str = ""
    supersedes: str = ""

    @property
    def stream(self) -> tuple[str, str, str, str]:
        """Company, site, source and activity."""
        return (self.entity, self.site, self.source, self.activity)


@dataclass(frozen=True, eq=False)
class Book:
    """A company's year, the year before if it has one, and what it states of itself."""

    country: str
    bills: tuple[Bill, ...]
    previous: tuple[Bill, ...] = ()
    entities: tuple[str, ...] = ()
    sites: tuple[dict[str, str], ...] = ()
    drivers: tuple[tuple[str, float, str], ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    more: str = ""

    @property
    def year(self) -> int:
        """The reporting year."""
        return COUNTRIES[self.country][0]

    def exchanged(self, others: dict[Bill, Bill]) -> Book:
        """The book with other bills in the places of some."""
        return replace(self, bills=tuple(others.get(bill, bill) for bill in self.bills))


@dataclass(frozen=True)
class Checked:
    """What was said of a book: each finding with the places it points at."""

    findings: tuple[tuple[Finding, frozenset[tuple[str, int]]], ...]
    rows: dict[Bill, tuple[str, int]]


def in_unit(exact: float, unit: str, decimals: int | None = None) -> str:
    """An amount in base units as a bill in some unit prints it."""
    _, size, usual = UNITS[unit]
    return f"{exact / size:.{usual if decimals is None else decimals}f}"


def restated(bill: Bill, exact: float) -> Bill:
    """A bill of another amount, given in base units, in its own unit."""
    return replace(bill, amount=in_unit(exact, bill.unit), exact=exact)


def written(book: Book, folder: Path) -> dict[Bill, tuple[str, int]]:
    """The files of a book in a folder; tells the place of each bill."""
    names = {"entries.csv": book.bills, **({"entries-before.csv": book.previous} if book.previous else {})}
    rows = {}
    for name, bills in names.items():
        with (folder / name).open("w", encoding="utf-8-sig" if book.country == "CN" else "utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(HEADINGS.values() if book.country == "CN" else HEADINGS)
            for at, bill in enumerate(bills, start=2):
                writer.writerow([getattr(bill, column) for column in HEADINGS])
                rows[bill] = (name, at)
    for name, text in book.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "book.toml").write_text(_settings(book, list(names)), encoding="utf-8")
    return rows


def _settings(book: Book, names: list[str]) -> str:
    """The book's ``book.toml``."""
    year, region, editions = COUNTRIES[book.country]
    before = f"compare_year = {year - 1}\n" if book.previous else ""
    company = f'[company]\nname_en = "Made up"\nreporting_year = {year}\n{before}region = "{region}"\n'
    used = editions if book.previous else tuple(name for name in editions if not name.endswith(("@2022", "desnz@2023")))
    quoted = ", ".join(f'"{name}"' for name in used)
    parts = [company, f'[factors]\ngwp = "ipcc-ar5@2013"\nemissions = [{quoted}]\n']
    parts.append("[files]\nentries = [" + ", ".join(f'"{name}"' for name in names) + "]\n")
    parts[-1] += "".join(f'{name.partition(".")[0]} = "{name}"\n' for name in book.files)
    parts += [f'[[entity]]\nid = "{name}"\nname_en = "{name}"\n' for name in book.entities]
    parts += ["[[site]]\n" + "".join(_setting(*item) for item in site.items()) for site in book.sites]
    parts += [_driver(*driver) for driver in book.drivers]
    return "\n".join([*parts, book.more])


def _driver(name: str, amount: float, unit: str) -> str:
    """A driver, named in the language of the book."""
    return f'[[driver]]\nname_{"en" if name.isascii() else "zh"} = "{name}"\namount = {amount:g}\nunit = "{unit}"\n'


def _setting(name: str, value: str) -> str:
    """One setting of a site; days stand without quotation marks."""
    return f"{name} = {value}\n" if name.startswith("valid") else f'{name} = "{value}"\n'


def checked(book: Book) -> Checked:
    """Everything that the whole path, from files to findings, says of a book."""
    with tempfile.TemporaryDirectory() as name:
        rows = written(book, Path(name))
        year = cl.open_book(name).reporting_year()
        findings = year.findings
        lines = year.inventory.lines if any(finding.lines for finding in findings) else None
        places = [] if lines is None else list(zip(lines["file"].map(str), lines["row"].map(int), strict=True))
    return Checked(tuple((finding, frozenset(_places(finding, places))) for finding in findings), rows)


def totals_of(book: Book) -> tuple[tuple[float, float], tuple[float, float]]:
    """Scope 1 and location-based scope 2 of this year and of the one before, t CO2e."""
    with tempfile.TemporaryDirectory() as name:
        written(book, Path(name))
        opened = cl.open_book(name)
        scopes = [
            opened.inventory(year).lines.groupby("scope")["emissions_tco2e"].sum()
            for year in (book.year, book.year - 1)
        ]
    now, before = ({str(number): float(total) for number, total in scope.items()} for scope in scopes)
    return (now.get("1", 0.0), now.get("2", 0.0)), (before.get("1", 0.0), before.get("2", 0.0))


def _places(finding: Finding, lines: list[tuple[str, int]]) -> Iterable[tuple[str, int]]:
    """The files and rows that a finding points at: its own, those of its lines, and those it lists."""
    if finding.row is not None:
        yield (finding.file, finding.row)
    yield from (lines[number - 1] for number in finding.lines if number <= len(lines))
    for row in getattr(finding, "rows", ()):
        yield (finding.file, int(row)) if isinstance(row, int) else (str(row[0]), int(row[-1]))


def month_of(year: int, month: int, months: int = 1) -> tuple[date, date]:
    """The first and the last day of some months."""
    last = month + months
    return date(year, month, 1), (date(year, last, 1) if last < 13 else date(year + 1, 1, 1)) - timedelta(days=1)
