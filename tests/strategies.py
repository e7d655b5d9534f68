"""Every Hypothesis strategy of the tests."""

from dataclasses import dataclass, field
from decimal import Decimal

from hypothesis import strategies as st

from carbonledger.activity_data.cell import plain_text
from carbonledger.activity_data.total_rows import is_total
from carbonledger.core.number_text import is_gap

amounts = st.decimals(min_value=Decimal("0.001"), max_value=Decimal("1e7"), places=3).map(float)

carriers = st.sampled_from(
    [
        ("electricity.grid", "kWh"),
        ("electricity.grid", "万度"),
        ("electricity.grid", "MWh"),
        ("electricity.solar", "kWh"),
        ("fuel.gasoline", "t"),
        ("fuel.gasoline", "kg"),
        ("fuel.diesel", "吨"),
        ("fuel.natural_gas", "Nm3"),
        ("heat.purchased", "GJ"),
    ]
)

entities = st.sampled_from(["north", "south", "west"])


@st.composite
def entry_rows(draw, min_size=1, max_size=12):
    """Rows that can be read and calculated; evidence keeps them from being duplicates."""
    rows = []
    for number in range(draw(st.integers(min_size, max_size))):
        activity, unit = draw(carriers)
        rows.append(
            {
                "entity": draw(entities),
                "activity": activity,
                "amount": draw(amounts),
                "unit": unit,
                "year": 2024,
                "region": "CN-SD",
                "evidence": f"invoice {number}",
            }
        )
    return rows


printed_numbers = st.decimals(
    min_value=Decimal("-1e9"), max_value=Decimal("1e9"), allow_nan=False, allow_infinity=False, places=None
).map(lambda value: value.quantize(Decimal("1e-6")))

steps = st.sampled_from(["0.01", "0.1", "1", "10", "0.5", "20"])
rules = st.sampled_from(["half_up", "half_even", "truncate"])
csv_bytes = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(
        st.sampled_from(
            ["activity", "amount", "unit", "year", "汽油", ",", "\n", '"', "1e999", "kWh", "\x00", "；", "-", "2024"]
        )
    )
    .map("".join)
    .map(lambda text: ("activity,amount,unit,year\n" + text).encode("gb18030", "replace")),
)


@dataclass(frozen=True)
class PeopleTable:
    """A table as people have it: its rows with the headings, the kind of file, and the sheet it stands in."""

    rows: list
    suffix: str
    sheet: str = "Sheet1"


@dataclass(frozen=True)
class SpoiltTable(PeopleTable):
    """A table with spoilt cells, the sound one, which rows are spoilt, and what mends them."""

    sound: list = ()
    spoilt_rows: tuple = ()
    mends: dict = field(default_factory=dict)
    out: str = "csv"


_TITLES = st.lists(st.sampled_from(["2025年能源统计表", "Energy report 2025", "制表：李四"]), max_size=2)
_MORE = st.sampled_from([("Cost", 9), ("备注", "x"), ("Remark on tariff", ""), ("金额（元）", 7.5)])
_NUMBERS = st.sampled_from([1, 2.5, 30, 1234.5, "1,234,567", "12.25", 7])


@st.composite
def tables_of_people(draw):
    """Tables of the kinds that people have: one amount a row, months across, carriers across, running readings."""
    kind = draw(st.sampled_from(["long", "months", "carriers", "readings"]))
    rows = {"long": _long_rows, "months": _month_rows, "carriers": _carrier_rows, "readings": _reading_rows}[kind](draw)
    if draw(st.booleans()):
        heading, cell = draw(_MORE)
        rows = [[*rows[0], heading], *([*row, cell] for row in rows[1:])]
    titles = [[title, *[""] * (len(rows[0]) - 1)] for title in draw(_TITLES)]
    suffix = draw(st.sampled_from(["csv", "xlsx"]))
    sheet = draw(st.sampled_from(["Sheet1", "一厂", "2025"])) if suffix == "xlsx" else ""
    return PeopleTable([*titles, *rows], suffix, sheet)


def _long_rows(draw):
    """One amount a row, perhaps with a total row, with bills from day to day, or with a decimal comma."""
    months = draw(st.lists(st.integers(1, 12), min_size=1, max_size=6, unique=True))
    unit = draw(st.sampled_from(["kWh", "MWh", "万千瓦时"]))
    if draw(st.booleans()):
        heads = ["Service Address", "Utility", "Bill Start", "Bill End", "Usage", "Units"]
        style = draw(
            st.sampled_from(["{m:02d}/{d:02d}/2025", "{d:02d}/{m:02d}/2025", "{d}.{m}.2025", "2025-{m:02d}-{d:02d}"])
        )
        days = [[style.format(m=month, d=day) for day in (1, 28)] for month in months]
        numbers = draw(st.sampled_from([["1.234,5", "12,25"], ["1,234.5", "12.25"], [3, 4.5]]))
        rows = [["plant", "electricity.grid", *day, numbers[at % 2], unit] for at, day in enumerate(days)]
        return [heads, *rows]
    chinese = draw(st.booleans())
    heads = ["公司", "能源种类", "用量", "单位", "期间"] if chinese else ["Site", "Utility", "Usage", "Units", "period"]
    style = draw(st.sampled_from(["2025-{:02d}", "2025年{}月"])) if chinese else "2025-{:02d}"
    rows = [["north", "electricity.grid", draw(_NUMBERS), unit, style.format(month)] for month in months]
    if len(months) > 1 and draw(st.booleans()):
        total = sum(float(str(row[2]).replace(",", "")) for row in rows)
        rows.append(["合计", "", draw(st.sampled_from([total, total + 1])), "", ""])
    return [heads, *rows]


def _month_rows(draw):
    """A column for each month or quarter, perhaps with a column of years and a total row."""
    kind = draw(st.sampled_from(["{}月", "2025-{:02d}", "plain", "quarter", "name"]))
    names = {
        "plain": [str(month) for month in range(1, 13)],
        "quarter": ["Q1", "Q2", "Q3", "Q4"],
        "name": ["Jan", "Feb", "March", "Apr"],
    }.get(kind) or [kind.format(month) for month in range(1, draw(st.integers(3, 12)) + 1)]
    cells = st.one_of(_NUMBERS, st.sampled_from(["", "-"]))
    labels = [["外购电力", "kWh"], ["汽油", "t"]]
    heads = ["能源种类", "单位"]
    if kind != "2025-{:02d}" and draw(st.booleans()):
        heads, labels = [*heads, "年份"], [[*label, 2024 + at] for at, label in enumerate(labels)]
    rows = [[*label, 5, *(draw(cells) for _ in names[1:])] for label in labels]
    if draw(st.booleans()):
        heads = [*heads, *names, "合计"]
        return [
            heads,
            *(
                [
                    *row,
                    sum(float(str(cell).replace(",", "")) for cell in row[len(labels[0]) :] if cell not in {"", "-"}),
                ]
                for row in rows
            ),
        ]
    return [[*heads, *names], *rows]


def _carrier_rows(draw):
    """A column for each carrier."""
    heads = ["月份", "外购电力（万千瓦时）", draw(st.sampled_from(["汽油（吨）", "Diesel (L)"]))]
    months = draw(st.lists(st.integers(1, 12), min_size=1, max_size=6, unique=True))
    style = draw(st.sampled_from(["2025年{}月", "2025-{:02d}"]))
    rows = [[style.format(month), draw(_NUMBERS), draw(st.one_of(_NUMBERS, st.just("")))] for month in months]
    if draw(st.booleans()):
        heads, rows = ["厂区", *heads], [["A", *row] for row in rows]
    return [heads, *rows]


def _reading_rows(draw):
    """Running readings of one or two meters."""
    heads = ["表号", "能源种类", "抄表日期", "正向有功总(kWh)", "倍率"]
    rows = []
    for meter in range(draw(st.integers(1, 2))):
        reading = 1000.5
        for month in range(1, draw(st.integers(2, 6)) + 1):
            rows.append([f"m{meter}", "外购电力", f"2025/{month:02d}/01", reading, 40])
            reading += draw(st.integers(1, 99))
    return [heads, *rows]


_MENDS = {"twelve": 12, "kWhh": "kWh", "2025-13": "2025-12", "electricty.grid": "electricity.grid"}


@st.composite
def spoilt_tables(draw):
    """Tables of one amount a row or of months across with some cells spoilt, each in a way that can be mended."""
    if draw(st.booleans()):
        sound, rows, spoilt = _spoilt_long(draw)
    else:
        sound, rows, spoilt = _spoilt_months(draw)
    suffix = draw(st.sampled_from(["csv", "xlsx"]))
    return SpoiltTable(
        rows,
        suffix,
        "Sheet1" if suffix == "xlsx" else "",
        sound,
        tuple(spoilt),
        _MENDS,
        draw(st.sampled_from(["csv", "xlsx"])),
    )


def _spoilt_long(draw):
    """One amount a row."""
    heads = ["site", "activity", "amount", "unit", "period"]
    sound = [[f"s{at}", "electricity.grid", at + 1, "kWh", "2025-12"] for at in range(draw(st.integers(2, 6)))]
    at_column = {2: "twelve", 3: "kWhh", 4: "2025-13", 1: "electricty.grid"}
    rows = [list(row) for row in sound]
    spoilt = draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, unique=True))
    for at in spoilt:
        column = draw(st.sampled_from(sorted(at_column)))
        rows[at][column] = at_column[column]
        if column == 2:
            sound[at][2] = 12
    return [heads, *sound], [heads, *rows], spoilt


def _spoilt_months(draw):
    """A column for each month."""
    heads = ["能源种类", "单位", *(f"{month}月" for month in range(1, 5))]
    sound = [["外购电力", "kWh", 1, 2, 3, 4], ["汽油", "t", 5, 6, 7, 8]]
    rows = [list(row) for row in sound]
    spoilt = draw(st.lists(st.integers(0, 1), min_size=1, unique=True))
    for at in spoilt:
        for column in draw(st.lists(st.integers(2, 5), min_size=1, unique=True)):
            rows[at][column], sound[at][column] = "twelve", 12
    return [heads, *sound], [heads, *rows], spoilt


@st.composite
def spelled_gases(draw):
    """Rows of an own edition that spell one factor per MWh in any units, an entry of it in any unit, and its t CO2e under AR5."""
    masses = {"kg": 1.0, "g": 1e3, "t": 1e-3}
    energies = {"MWh": 1.0, "kWh": 1e3, "GJ": 3.6, "TJ": 0.0036, "10^4 kWh": 0.1}
    potentials = {"CO2": 1, "CH4": 28, "N2O": 265}
    rows, per_mwh = [], 0.0
    basis = draw(st.sampled_from(["", "gross", "net"]))
    for gas, potential in potentials.items():
        kilograms = draw(st.integers(1, 9999)) / 10
        per_mwh += kilograms * potential / 1000
        for _ in range(draw(st.integers(1, 2))):
            mass, energy = draw(st.sampled_from(sorted(masses))), draw(st.sampled_from(sorted(energies)))
            unit = f"{mass}/({energy})" if " " in energy else f"{mass}/{energy}"
            stated = draw(st.sampled_from(["", basis]))
            cells = {"activity": "fuel.natural_gas", "heating_value": stated}
            rows.append((gas, repr(kilograms * masses[mass] / energies[energy]), unit, cells))
    amount, unit = draw(amounts), draw(st.sampled_from(sorted(energies)))
    entry = {"activity": "fuel.natural_gas", "amount": amount, "unit": unit, "year": 2025, "region": "GB"}
    return draw(st.permutations(rows)), entry, amount / energies[unit] * per_mwh


# Letters of both languages and every sign that a spreadsheet, a formula or a list could take for its own.
_name_letters = st.sampled_from("aZ7 厂北东表é=+-@|'\"&<>%/*?$!#:;.,()（）")
_template_activities = st.sampled_from(
    [
        ("electricity.grid", "kWh"),
        ("electricity.solar", "MWh"),
        ("fuel.diesel", "t"),
        ("fuel.natural_gas", "Nm3"),
        ("fuel.gasoline", "kg"),
        ("heat.purchased", "GJ"),
        ("steam.purchased", "GJ"),
    ]
)


# A name of a company, site or meter: no total, no word for a gap, and nothing that a CSV would shield.
names = (
    st.tuples(st.sampled_from("aZ厂北东表é"), st.text(_name_letters, max_size=11))
    .map(lambda parts: " ".join("".join(parts).split()))
    .filter(lambda text: not is_total(text) and not is_gap(text))
)
# A spreadsheet keeps fifteen digits.
written_amounts = st.decimals(min_value=0, max_value=Decimal("1e9"), places=4).map(float)


@st.composite
def template_books(draw):
    """A book: companies with their sites, and entries of 2024, each of a source of its own, whole years or months."""
    companies = draw(st.lists(names, min_size=1, max_size=3, unique_by=plain_text))
    sites = draw(st.lists(names, max_size=2, unique_by=plain_text))
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(companies),
                st.sampled_from(["", *sites]),
                st.one_of(st.just(""), names).map(plain_text),
                _template_activities,
                st.one_of(st.none(), st.integers(1, 12)),
            ),
            max_size=5,
            unique_by=lambda row: row[:4],
        )
    )
    first_month = draw(st.sampled_from([1, 1, 4]))
    return {"companies": companies, "sites": sites, "rows": rows, "first_month": first_month}


_node_letters = st.sampled_from("aeWmi 电力 Q0-")


@st.composite
def energy_flow_rows(draw):
    """Rows of an energy flow: 2 to 12 carriers, 1 to 15 companies, up to three uses; also nothing, missing and less than nothing."""
    node = st.text(_node_letters, min_size=1, max_size=40).map(str.strip).filter(bool)
    carriers = draw(st.lists(node, min_size=2, max_size=12, unique=True))
    companies = draw(st.lists(node, min_size=1, max_size=15, unique=True))
    kinds = {"Non-renewable": "non_renewable", "Renewable": "renewable", "Fed into the grid": "exported"}
    energy = st.one_of(amounts, st.sampled_from([0.0, float("nan"), -1.0]))
    rows = []
    for carrier in carriers:
        for company in draw(st.lists(st.sampled_from(companies), min_size=1, max_size=4, unique=True)):
            use = draw(st.sampled_from(list(kinds)))
            row = {"carrier": carrier, "company": company, "use": use, "kind": kinds[use]}
            rows.append({**row, "energy_gj": draw(energy)})
    return rows


@st.composite
def years_rows(draw):
    """Rows of several years by series: what was reported and what is restated, with corrections below 0 among them."""
    years = draw(st.lists(st.integers(2010, 2030), min_size=1, max_size=8, unique=True))
    series = draw(st.lists(st.text("abcdefgh", min_size=1, max_size=12), min_size=1, max_size=15, unique=True))
    value = st.one_of(amounts, amounts.map(lambda amount: -amount / 100))
    return [
        {"year": year, "series": name, "basis": basis, "emissions_tco2e": draw(value)}
        for year in years
        for basis in draw(st.sampled_from([["reported"], ["restated"], ["reported", "restated"]]))
        for name in series
    ]


decimal_texts = st.decimals(min_value=0, max_value=Decimal("1e6"), places=4).map(lambda value: f"{value:f}")
plain_texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=12)
# What a specification does not know, and a round trip must keep.
unknown_fields = st.dictionaries(
    plain_texts.map(lambda text: f"x-{text}"),
    st.recursive(
        st.none() | st.booleans() | st.integers() | plain_texts | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain_texts, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=3,
)


@st.composite
def pact_documents(draw, version):
    """Product footprints that keep the specification of a version, with fields that it does not know."""
    two = version == 2
    pcf = {
        "referencePeriodStart": "2023-01-01T00:00:00Z",
        "referencePeriodEnd": draw(st.sampled_from(["2024-01-01T00:00:00Z", "2023-12-31T00:00:00+00:00"])),
        "fossilGhgEmissions": draw(decimal_texts),
        "fossilCarbonContent": draw(decimal_texts),
        "packagingEmissionsIncluded": draw(st.booleans()),
        **draw(unknown_fields),
    }
    amount = draw(st.sampled_from(["1", "12", "0.5", "1000", "2.50"]))
    units = ["liter", "kilogram", "cubic meter", "kilowatt hour", "megajoule", "ton kilometer", "square meter"]
    if two:
        pcf |= {
            "declaredUnit": draw(st.sampled_from(units)),
            "unitaryProductAmount": amount,
            "pCfExcludingBiogenic": draw(decimal_texts),
            "biogenicCarbonContent": draw(decimal_texts),
            "biogenicCarbonWithdrawal": draw(decimal_texts.map(lambda text: f"-{text}")),
            "characterizationFactors": "AR6",
            "ipccCharacterizationFactorsSources": ["AR6"],
            "crossSectoralStandardsUsed": draw(st.sampled_from([["ISO Standard 14067"], ["ISO Standard 14044"]])),
            "boundaryProcessesDescription": draw(plain_texts),
            "exemptedEmissionsPercent": draw(st.integers(0, 5) | st.floats(0, 5)),
            "exemptedEmissionsDescription": "",
        }
    else:
        pcf |= {
            "declaredUnitOfMeasurement": draw(st.sampled_from([*units, "piece", "hour", "megabit second"])),
            "declaredUnitAmount": amount,
            "productMassPerDeclaredUnit": draw(decimal_texts),
            "pcfExcludingBiogenicUptake": draw(decimal_texts),
            "pcfIncludingBiogenicUptake": draw(decimal_texts),
            "biogenicCO2Uptake": draw(decimal_texts.map(lambda text: f"-{text}")),
            "ipccCharacterizationFactors": ["AR6", "AR5"],
            "crossSectoralStandards": ["ISO14067", "PACT-3.0"],
            "exemptedEmissionsPercent": draw(decimal_texts),
        }
    return {
        "id": str(draw(st.uuids(version=4))),
        "specVersion": "2.3.0" if two else "3.0.3",
        "created": "2024-02-10T08:00:00Z",
        "status": draw(st.sampled_from(["Active", "Deprecated"])),
        "companyName": draw(plain_texts),
        "companyIds": ["urn:company:example:one"],
        "productDescription": draw(st.text(max_size=10)),
        "productIds": ["urn:product:example:one"],
        "productNameCompany": draw(plain_texts),
        **({"version": draw(st.integers(0, 9)), "productCategoryCpc": "46", "comment": ""} if two else {}),
        **draw(unknown_fields),
        "pcf": pcf,
    }


@st.composite
def bills_of_materials(draw):
    """Rows of one product, from cradle to grave: stage, activity, amount and unit."""
    kinds = st.sampled_from(
        [
            ("raw_materials", "material.batteries_li_ion", "kg"),
            ("raw_materials", "freight.hgv.all_hgvs.average_laden", "t km"),
            ("manufacturing", "electricity.grid", "kWh"),
            ("distribution", "freight.hgv.all_hgvs.average_laden", "t km"),
            ("use", "electricity.grid", "MWh"),
            ("end_of_life", "waste.metals.closed_loop", "g"),
        ]
    )
    return [(*kind, draw(amounts)) for kind in draw(st.lists(kinds, min_size=1, max_size=10))]


@st.composite
def hourly_amounts(draw):
    """Amounts of electricity by the hour, kWh: between one hour and a day."""
    return draw(
        st.lists(st.floats(0, 1e4, allow_nan=False).map(lambda amount: round(amount, 3)), min_size=1, max_size=24)
    )


@st.composite
def spread_amounts(draw):
    """Amounts of twenty powers of ten, in no order."""
    powers = st.integers(-8, 12)
    return draw(
        st.lists(
            st.tuples(st.floats(1, 10), powers).map(lambda pair: pair[0] * 10.0 ** pair[1]), min_size=1, max_size=60
        )
    )
