"""Small books for tests of the checks."""

import csv
from pathlib import Path

import carbonledger as cl

__all__ = ["YEAR", "bill", "doubts", "figures", "meter", "monthly", "write_book"]

YEAR = 2023
_HEAD = '[company]\nname_zh = "甲"\nname_en = "A"\nreporting_year = 2023\nregion = "CN"\n'
_FACTORS = (
    '[factors]\ngwp = "ipcc-ar5@2013"\nemissions = ["cn-mee-nbs-grid@2023", "cn-mee-nbs-grid@2022", "cn-ndrc-fuels-b@2013", '
    '"cn-ndrc-heat@2013"]\n'
)
_PUBLISHED = "figure_id,year,label_zh,label_en,text,unit,rounding,section,page_title,note\n"


def bill(activity, amount, unit="MWh", start=f"{YEAR}-01-01", end=f"{YEAR}-12-31", **cells):
    """One row of entries."""
    row = {"entity": "A", "site": "plant", "source": f"{activity} meter", "evidence": f"{activity} {start}", "note": ""}
    return {**row, "activity": activity, "amount": amount, "unit": unit, "start": start, "end": end, **cells}


def meter(activity, amount, unit="MWh", **cells):
    """A year of one meter in one row."""
    return bill(activity, amount, unit, **cells)


def monthly(activity, amounts, unit="MWh", **cells):
    """Twelve bills of one source."""
    rows = []
    for month, amount in enumerate(amounts, start=1):
        last = cl.Period.of_month(YEAR, month).last_day.isoformat()
        rows.append(bill(activity, amount, unit, f"{YEAR}-{month:02}-01", last, **cells))
    return rows


def last_year(rows):
    """The same bills a year earlier."""
    return [
        {**row, **{name: row[name].replace("2023", "2022") for name in ("start", "end", "evidence")}, "note": ""}
        for row in rows
    ]


def figures(*printed):
    """A file of published figures from (id, label, text, unit)."""
    lines = [
        f"{name},2023,{label},{label},{text},{unit},half_up,environment,environment,\n"
        for name, label, text, unit in printed
    ]
    return _PUBLISHED + "".join(lines)


def write_book(
    folder: Path,
    rows,
    *,
    settings="",
    published="",
    relations="",
    instruments="",
    company="",
    factors=_FACTORS,
    names="",
):
    """A book in a folder."""
    with (folder / "entries.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
    listed = '[files]\nentries = ["entries.csv"]\n' + names
    for name, text, suffix in (("published", published, "csv"), ("relations", relations, "toml")):
        if text:
            (folder / f"{name}.{suffix}").write_text(text, encoding="utf-8")
            listed += f'{name} = "{name}.{suffix}"\n'
    if instruments:
        (folder / "instruments.csv").write_text(instruments, encoding="utf-8")
    (folder / "book.toml").write_text(_HEAD + company + factors + listed + settings, encoding="utf-8")
    return cl.open_book(folder)


def doubts(folder: Path, rows, *, notes=False, **parts):
    """The findings about a book: rule and severity; notes only if asked for."""
    found = write_book(folder, rows, **parts).check()
    return [item for item in found if notes or item.severity != "note"]
