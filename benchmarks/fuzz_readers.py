"""Random and broken input for every reader: ``python -m benchmarks.fuzz_readers [COUNT] [SEED]``.

Each input must end in entries, in findings or in one of our own errors: never in another exception, never after five seconds, and no text
may become a number by losing signs. Prints how many inputs each reader had, what became of them, and the slowest one.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import carbonledger as cl
from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.findings import Message
from carbonledger.core.number_text import number_text
from carbonledger.core.period_texts import parse_period
from carbonledger.core.regions import canonical_region
from carbonledger.core.units import canonical_unit
from carbonledger.scope2.instruments import read_instruments
from carbonledger.tables.workbook import read_workbook

LONGEST_SECONDS = 5
MEMORY = Path("/dev/shm")  # noqa: S108 - files of a moment, by names of their own
PIECES = (
    *(
        "activity",
        "amount",
        "unit",
        "year",
        "period",
        "start",
        "end",
        "公司",
        "能源种类",
        "用量",
        "单位",
        "期间",
        "合计",
        "total",
    ),
    *(
        "electricity.grid",
        "汽油",
        "kWh",
        "万千瓦时",
        "t",
        "MWh",
        "ML",
        "Mg",
        "m3",
        "therm",
        "kg CO2e/kWh",
        "tce/万元",
        "千",
        "万",
    ),
    *(
        "2024",
        "2024-03",
        "2024.1",
        "03/04/2024",
        "2024年3月",
        "31.12.2024",
        "1-Jul-10",
        "9999-12-31",
        "45292",
        "2024-01-01 13:00",
    ),
    *(
        "1,234",
        "1.234,5",
        "0,500",
        "1e400",
        "-0",
        "10²",
        "½",
        "1_5",
        "12万3456",
        "(123)",
        "▲1.01",
        "-",
        "—",
        "#REF!",
        "=SUM(A1)",
        "∞",
    ),
    *("CN-SD", "山东", "CN-XX", "90210", "UK", "California", "GLOBAL"),
    *(
        ",",
        ";",
        "\t",
        "|",
        "\n",
        "\r\n",
        '"',
        "'",
        " ",
        "\u00a0",
        "\u202e",
        "\x00",
        "\ufeff",
        "(",
        ")",
        "[",
        "]",
        "/",
        "·",
        "^",
        "%",
    ),
)
ALPHABET = "0123456789.,-+eE'()/ 万亿年月日季度千瓦时kKmMgGtTWhJLcCO2²³½▲—#=:;TZ\u00a0\u2009\u202f\u0663\U00010a40"


def texts(draw):
    """A text of pieces and single letters."""
    if draw.random() < 0.5:
        return "".join(draw.choice(ALPHABET) for _ in range(draw.randint(0, 14)))
    return "".join(draw.choice(PIECES) for _ in range(draw.randint(1, 4)))


def cell(draw):
    """A number as text, as the reader of cells has it."""
    text = texts(draw)
    got = number_text(text)
    if isinstance(got, Message):
        return "refused"
    plain = (got.point or got.comma).partition("e")[0]
    digits = [sign for sign in plain if sign.isdigit()]
    shown = [sign for sign in text if sign.isdigit()]
    if "e" not in (got.point or got.comma) and "".join(digits).lstrip("0") != "".join(map(str, map(int, shown))).lstrip(
        "0"
    ):
        raise AssertionError(f"{text!r} became {plain!r}")
    return "read"


def of_function(read):
    """A reader of one text."""

    def one(draw):
        read(texts(draw))
        return "read"

    return one


def table(draw):
    """A file of entries, mutated."""
    rows = [["activity", "amount", "unit", "period", "region"]]
    rows += [
        ["electricity.grid", f"{draw.uniform(0, 1e4):.2f}", "kWh", f"2024-{at + 1:02}", "CN-SD"]
        for at in range(draw.randint(0, 6))
    ]
    for _ in range(draw.randint(0, 3)):
        row = draw.choice(rows)
        row[draw.randrange(len(row))] = texts(draw)
    divider = draw.choice([",", ";", "\t", ","])
    text = "\n".join(divider.join(row) for row in rows)
    content = bytearray(text.encode(draw.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), "replace"))
    for _ in range(draw.choice([0, 0, 1, 3])):
        if content:
            content[draw.randrange(len(content))] = draw.randrange(256)
    return _through_file(content, ".csv", _entries)


GRID = (
    *(
        "月份",
        "一厂",
        "二厂",
        "合计",
        "公司",
        "能源种类",
        "单位",
        "电力",
        "天然气",
        "用量(kWh)",
        "电力(万千瓦时)",
        "天然气(m3)",
        "金额(元)",
    ),
    *(
        "2024",
        "2025年",
        "1月",
        "2月",
        "3月",
        "一季度",
        "上半年",
        "Q1",
        "H2",
        "Date",
        "MPAN",
        "Total",
        "00:00",
        "00:30",
        "HH01",
    ),
    *("2025-01", "2025-02", "12", "1.5", "-3", "", "", "", "kWh", "万千瓦时", "x"),
)


def grids(draw):
    """A CSV of headings, months, groups and numbers in any places; half of the time with 24 hours across."""
    width = draw.randint(2, 8)
    rows = [[draw.choice(GRID) for _ in range(width)] for _ in range(draw.randint(1, 6))]
    if draw.random() < 0.3:
        hours = [f"{at:02}:00" for at in range(24)]
        rows = [["Date", "Units", *hours], *(["2025-01-0" + str(at), "kWh", *["1"] * 24] for at in range(1, 4)), *rows]
    elif draw.random() < 0.5:
        rows[:2] = [["月份", "一厂", "", "二厂", ""], ["", "电力(kWh)", "天然气(m3)", "电力(kWh)", draw.choice(GRID)]]
    for _ in range(draw.randint(0, 2)):
        row = draw.choice(rows)
        row[draw.randrange(len(row))] = draw.choice(GRID)
    return _through_file("\n".join(",".join(row) for row in rows).encode(), ".csv", _entries)


def feeds(draw):
    """A Green Button file with codes, times and values of any kind, mutated."""
    usual = ("72", "1", "1", "-3", "4")
    others = ("0", "7", "12", "19", "38", "42", "119", "169", "x", "")
    codes = [code if draw.random() < 0.9 else draw.choice(others) for code in usual]
    names = ("uom", "flowDirection", "commodity", "powerOfTenMultiplier", "accumulationBehaviour")
    kind = "".join(f"<{name}>{code}</{name}>" for name, code in zip(names, codes, strict=True))
    intervals = "".join(
        f"<IntervalReading><timePeriod><duration>{draw.choice([0, 900, 3600, 86400, 2678400])}</duration>"
        f"<start>{draw.choice([1704067200, 1704070800, 1719792000, -5, 10**11])}</start></timePeriod>"
        f"<value>{draw.choice([0, 5, 10**6, 10**6, 7, '1.5', 10**14, -1, 'x'])}</value></IntervalReading>"
        for _ in range(draw.randint(0, 6))
    )
    rule = draw.choice(["360E2000", "B40E2000", "FFFFFFFF", "0", "zz"])
    text = (
        f'<feed xmlns="http://naesb.org/espi"><LocalTimeParameters><tzOffset>{draw.choice([-28800, 0, 10**7])}</tzOffset>'
        f"<dstOffset>3600</dstOffset><dstStartRule>{rule}</dstStartRule><dstEndRule>B40E2000</dstEndRule></LocalTimeParameters>"
        f"<ReadingType>{kind}</ReadingType><IntervalBlock>{intervals}</IntervalBlock></feed>"
    )
    content = bytearray(text.encode())
    for _ in range(draw.choice([0, 0, 1, 3])):
        content[draw.randrange(len(content))] = draw.randrange(256)
    return _through_file(content, ".xml", _entries)


def _entries(path):
    """What became of a file of entries: every row and cell is accounted for."""
    entries = cl.read_entries(path)
    if not all(tally.adds_up for tally in entries.tallies):
        raise AssertionError(f"the account does not add up: {entries.tallies}")
    amounts = entries.frame["amount"]
    if not ((amounts >= 0) & (amounts < float("inf"))).all():
        raise AssertionError("an amount is negative or not finite")
    return "read" if len(entries) else "refused"


def _through_file(content, suffix, read):
    """A reader on a file of some content."""
    with tempfile.NamedTemporaryFile(suffix=suffix, dir=MEMORY if MEMORY.is_dir() else None) as file:
        file.write(bytes(content))
        file.flush()
        return read(Path(file.name))


def instruments(draw):
    """A file of certificates, mutated."""
    head = "kind,registry,first_id,last_id,mwh,t_per_mwh,technology,market,generation_month,retired_on"
    row = ["certificate", "GEC", "1", "9", "9", "0", "wind", "CN", "2023-06", "2024-02-15"]
    row[draw.randrange(len(row))] = texts(draw).replace("\n", " ")
    content = f"{head}\n{','.join(row)}\n".encode()
    _through_file(content, ".csv", read_instruments)
    return "read"


def workbooks():
    """A reader of mutated workbooks."""
    import io

    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((["activity", "amount", "unit", "year"], ["electricity.grid", 5, "kWh", 2024])):
            sheet.write_row(at, 0, row)
    sound = stream.getvalue()

    def one(draw):
        content = bytearray(sound[: draw.randint(0, len(sound))] if draw.random() < 0.2 else sound)
        for _ in range(draw.randint(0, 6)):
            if content:
                content[draw.randrange(len(content))] = draw.randrange(256)
        read_workbook("x.xlsx", bytes(content))
        return "read"

    return one


def run(count, seed):
    """Every reader in turn, the cheap ones more often; how many inputs broke a promise."""
    draw = random.Random(seed)  # noqa: S311 - the same inputs for the same seed
    readers = {
        "numbers": (cell, 0.35),
        "units": (of_function(canonical_unit), 0.2),
        "periods": (of_function(parse_period), 0.2),
        "regions": (of_function(canonical_region), 0.05),
        "entries": (table, 0.05),
        "grids": (grids, 0.05),
        "feeds": (feeds, 0.05),
        "instruments": (instruments, 0.02),
        "workbooks": (workbooks(), 0.03),
    }
    broken = 0
    for name, (reader, share) in readers.items():
        outcomes, slowest, begun = Counter(), 0.0, time.perf_counter()
        for _ in range(int(count * share)):
            state, start = draw.getstate(), time.perf_counter()
            try:
                outcomes[reader(draw)] += 1
            except CarbonLedgerError:
                outcomes["refused"] += 1
            except Exception as error:  # noqa: BLE001 - what must never happen is counted and shown
                outcomes["BROKEN"] += 1
                broken += 1
                if outcomes["BROKEN"] <= 5:
                    print(f"  {name}: {type(error).__name__}: {str(error)[:200]} (state {hash(state) % 10**8})")
            slowest = max(slowest, time.perf_counter() - start)
        broken += slowest > LONGEST_SECONDS
        seconds = time.perf_counter() - begun
        print(
            f"{name}: {sum(outcomes.values()):,} inputs in {seconds:.0f} s, {dict(outcomes)}, slowest {slowest:.3f} s"
        )
    return broken


if __name__ == "__main__":
    COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    sys.exit(bool(run(COUNT, int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
