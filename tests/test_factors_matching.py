"""Matching by index: the same answers as looking at every row, each row as the file has it, refusals in both languages."""

import csv
import shutil
import subprocess
import sys
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.core.activities import NAMED_ONLY, ancestors, taxonomy
from carbonledger.core.regions import enclosing_regions
from carbonledger.factors.editions import unsealed_edition
from carbonledger.factors.factor import OPTIONAL_COLUMNS, Factor
from carbonledger.factors.fitting import EQUIVALENT, names_of
from carbonledger.factors.refusals import nearest_refusals

EDITIONS = sorted(cl.factors.catalogue())
USED = [
    name for name in EDITIONS if {"emissions", "energy", "standard_coal"} & set(cl.factors.read_edition(name).roles)
]


def by_looking_at_every_row(factors, query):
    """The chosen references by edition with their rank, by the rules and nothing else."""
    words = set(query.factor_id.split())
    fitting = [
        (rank, row)
        for edition in factors.for_activity(query.role, query.activity, query.parameter)
        if factors.known(edition)
        for row in edition.factors(parameter=query.parameter)
        for rank in (rank_of(row, edition, words, query),)
        if rank is not None
    ]
    best = min((rank for rank, _ in fitting), default=None)
    chosen = {}
    for row in [row for rank, row in fitting if rank == best]:
        chosen.setdefault(row.edition, []).append(row)
    return list(chosen.values()), best


def figures(rows):
    """What some rows say, without where they say so."""
    return {(row.gas, row.value, row.unit, row.heating_value, row.boundary, row.variant, row.gwp_basis) for row in rows}


def rank_of(row, edition, words, query):
    """Depth, distance and years of one row; None if it does not fit."""
    names = {name: depth for depth, name in reversed(names_of(query.activity))}
    answers = {row.factor_id, row.reference, row.edition, row.variant, row.heating_value, row.boundary}
    if query.activity in NAMED_ONLY:
        depth = 0 if row.reference in words else None
    else:
        depth = names.get(row.activity) if words <= answers else None
    around = enclosing_regions(query.region) if query.region else ({row.region: 0} if words else {"GLOBAL": 0})
    lag = 0 if row.data_year is None else None if query.year is None else query.year - row.data_year
    if depth is None or row.region not in around or lag is None or not 0 <= lag <= (edition.max_lag_years or 0):
        return None
    return depth, around[row.region], lag


@st.composite
def questions(draw):
    """Some pinned editions, and a question near one of their rows: its own activity or a child of it, its region or one in it."""
    names = draw(st.lists(st.sampled_from(USED), min_size=1, max_size=3, unique_by=lambda name: name.partition("@")[0]))
    editions = [cl.factors.read_edition(name) for name in names]
    edition = draw(st.sampled_from(editions))
    row = edition.factor(draw(st.integers(0, len(edition.rows) - 1)))
    children = [name for name in taxonomy() if row.activity in ancestors(name)]
    activity = draw(st.sampled_from([row.activity, *children, *NAMED_ONLY]))
    parameter = draw(st.sampled_from([row.parameter, "emission_factor", "calorific_value"]))
    region = draw(st.sampled_from([row.region, "", "CN-SD", "US-CA", "US-EGRID-CAMX", "GB", "CN", "FR"]))
    year = draw(st.sampled_from([row.data_year, None, *((row.data_year or 2024) + step for step in (-1, 1, 2, 5))]))
    words = [row.factor_id, row.reference, row.edition, row.variant, row.heating_value, row.boundary, "nothing"]
    named = draw(st.lists(st.sampled_from([word for word in words if word]), max_size=2))
    roles = {"any": tuple(editions)}
    as_of = draw(st.sampled_from([None, None, "2024-06-30"]))
    factors = replace(cl.load_factors(roles={}, as_of=as_of), roles=roles)
    return factors, cl.factors.Query("any", activity, parameter, region, year, " ".join(named))


@given(questions())
def test_the_index_chooses_what_every_row_gives(question):
    """Choosing by index and by looking at every row are one; what is not chosen is refused, each candidate once."""
    factors, query = question
    chosen, best = by_looking_at_every_row(factors, query)
    if any(figures(rows) != figures(chosen[0]) for rows in chosen):
        with pytest.raises(cl.errors.AmbiguousFactorError):
            cl.find_factors(factors, query)
        return
    decision = cl.find_factors(factors, query)
    references = [row.reference for row in chosen[0]] if chosen else []
    assert [match.factor.reference for match in decision.matches] == references
    assert {match.kinds for match in decision.matches} <= {kinds_of(best, query, decision)}
    refused = [refusal.factor.reference for refusal in decision.refusals]
    assert sorted([*references, *refused]) == sorted(candidates(factors, query))
    assert cl.find_factors(factors, query) is decision


def kinds_of(best, query, decision):
    """The kinds of a rank in words."""
    depth, distance, lag = best or (0, 0, 0)
    regions = {match.factor.region for match in decision.matches}
    main = query.region == "US-CA" and any(region.startswith("US-EGRID") for region in regions)
    named = bool(query.factor_id) and {match.factor.edition for match in decision.matches} != {query.factor_id}
    kinds = {
        "named": named,
        "parent activity": 0 < depth < EQUIVALENT,
        "equivalent activity": depth >= EQUIVALENT,
        "main subregion of the state": distance > 0 and main,
        "wider region": distance > 0 and not main,
        "earlier year": lag > 0,
    }
    return tuple(kind for kind, holds in kinds.items() if holds) or ("exact",)


def candidates(factors, query):
    """Every row of the activity, of what it is part of or is called elsewhere, that answers to the words."""
    words = set(query.factor_id.split())
    for edition in factors.for_activity(query.role, query.activity, query.parameter):
        for row in edition.factors(parameter=query.parameter):
            answers = {row.factor_id, row.reference, row.edition, row.variant, row.heating_value, row.boundary}
            named_only = query.activity in NAMED_ONLY
            if row.reference in words if named_only else words <= answers:
                yield from (row.reference for _, name in names_of(query.activity) if named_only or name == row.activity)


@pytest.mark.slow
@pytest.mark.parametrize("edition_id", EDITIONS)
def test_factors_are_the_rows_of_the_file(edition_id):
    """Whatever is read first, every factor says what its row in the file says."""
    edition = cl.factors.read_edition(edition_id)
    with (edition.folder / "factors.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    factors = edition.factors()
    assert [factor.factor_id for factor in factors] == [row["factor_id"] for row in rows]
    for factor, row in zip(factors, rows, strict=True):
        assert factor == built(edition_id, row)
    subjects = {(row["activity"], row["parameter"]) for row in rows}
    assert edition.index.keys() == subjects
    assert edition.regions == {row["region"] for row in rows}


def built(edition_id, row):
    """A factor from a row of `csv.DictReader`."""
    numbers = {name: float(row[name]) if row[name] else None for name in ("value", "lower", "upper")}
    year = int(row["data_year"]) if row["data_year"] else None
    texts = {name: row.get(name, "") for name in (*row, *OPTIONAL_COLUMNS)}
    return Factor(**texts | numbers | {"data_year": year, "edition": edition_id, "value_text": row["value"]})


@pytest.fixture
def written(tmp_path):
    """An edition from lines of a ``factors.csv``, unsealed."""

    def write(change):
        folder = tmp_path / "my-fuels" / "1"
        shutil.copytree(cl.factors.read_edition("cn-ndrc-fuels-a@2013").folder, folder)
        path = folder / "factors.csv"
        path.write_bytes(change(path.read_text(encoding="utf-8")).encode("utf-8", "surrogateescape"))
        return unsealed_edition("my-fuels@1", tmp_path)

    return write


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param(lambda text: text.rstrip("\n"), id="no line end at the end"),
        pytest.param(lambda text: f"{text}\n\n", id="empty lines at the end"),
        pytest.param(
            lambda text: "".join(
                f'"{line[: line.index(",")]}",{line[line.index(",") + 1 :]}' if at else line
                for at, line in enumerate(text.splitlines(keepends=True))
            ),
            id="ids in quotation marks",
        ),
        pytest.param(
            lambda text: text.replace(",fuel.gasoline,", ',"fuel.gasoline",'), id="activities in quotation marks"
        ),
        pytest.param(lambda text: text.replace("cn-fuel-a-gasoline-ncv", '"a,b,c,d,e,f"'), id="an id with commas"),
    ],
)
def test_spellings_of_the_same_table(written, change):
    """Line ends and quotation marks change no figure and no place."""
    plain, edition = cl.factors.read_edition("cn-ndrc-fuels-a@2013"), written(change)
    assert [factor.value_text for factor in edition.factors("fuel.gasoline", "calorific_value")] == ["44.80"]
    assert {key: list(rows) for key, rows in edition.index.items()} == {
        key: list(rows) for key, rows in plain.index.items()
    }
    assert edition.regions == plain.regions


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\nfuel\n", 1), id="a word alone"),
        pytest.param(lambda text: text.replace("\n", "\na,b,c\n", 1), id="three cells"),
        pytest.param(lambda text: f"{text}x,fuel.gasoline,calorific_value,CN,,,1\n", id="a short row at the end"),
        pytest.param(lambda text: text.replace("fuel.gasoline", "fuel.gasoline\udcff", 1), id="no UTF-8"),
        pytest.param(lambda text: text.replace("44.80,", "forty,", 1), id="no number"),
    ],
)
def test_broken_rows_are_errors_of_the_edition(written, change):
    """A row that cannot be read is an error of its edition when it is used, never another figure."""
    with pytest.raises(cl.errors.EditionError, match=r"my-fuels[@/]1"):
        assert [factor.value for factor in written(change).factors()]


def test_a_factor_is_read_once_and_stays_frozen():
    """Reading a cell reads the row; nothing can be written, and what is no cell is no attribute."""
    factor = cl.factors.read_edition("cn-ndrc-fuels-a@2013").factors("fuel.gasoline", "calorific_value")[0]
    assert {name.name for name in fields(factor) if hasattr(factor, name.name)} == {
        item.name for item in fields(Factor)
    }
    with pytest.raises(AttributeError):
        factor.value = 1.0
    with pytest.raises(AttributeError, match="no attribute 'price'"):
        _ = factor.price


def grid(region="US-EGRID-CAMX", year=2023, factor_id=""):
    """A question for the factor of a grid."""
    return cl.factors.Query("emissions", "electricity.grid", "emission_factor", region, year, factor_id)


def test_a_corrected_edition_stands_back():
    """Pinned with its correction, an edition gives nothing unless it is named; alone, or before the correction was known, it does."""
    both = ("us-epa-egrid@2023", "us-epa-egrid@2023-r2")
    for pins in (both, both[::-1]):
        decision = cl.find_factors(cl.load_factors(*pins), grid())
        assert {match.factor.edition for match in decision.matches} == {"us-epa-egrid@2023-r2"}
        corrected = [reason for factor, reason in decision.refused if factor.edition == "us-epa-egrid@2023"]
        assert corrected
        assert set(corrected) == {"corrected by us-epa-egrid@2023-r2, which is pinned too"}
    early = cl.find_factors(cl.load_factors(*both, as_of="2025-03-01"), grid())
    assert {match.factor.edition for match in early.matches} == {"us-epa-egrid@2023"}
    named = cl.find_factors(cl.load_factors(*both), grid(factor_id="us-epa-egrid@2023"))
    assert {match.factor.edition for match in named.matches} == {"us-epa-egrid@2023"}
    alone = cl.find_factors(cl.load_factors("us-epa-egrid@2023"), grid())
    assert {match.factor.edition for match in alone.matches} == {"us-epa-egrid@2023"}


def test_a_superseded_edition_never_ties_with_its_successor():
    """Where both fit equally well the newer one is taken; where only the older one does, that."""
    factors = cl.load_factors(roles={"energy": ["cn-gbt-2589@2008", "cn-gbt-2589@2020"]})
    query = cl.factors.Query("energy", "fuel.gasoline", "calorific_value", "CN", 2024)
    decision = cl.find_factors(factors, query)
    assert {match.factor.edition for match in decision.matches} == {"cn-gbt-2589@2020"}
    with_lag = cl.load_factors("cn-mee-grid-enterprise@2021", "cn-mee-grid-enterprise@2022")
    years = {
        year: cl.find_factors(with_lag, grid("CN", year)).matches[0].factor.edition.partition("@")[2]
        for year in (2021, 2022)
    }
    assert years == {2021: "2021", 2022: "2022"}


def test_refusals_name_the_nearest_first_in_both_languages():
    """The activity's own region before another of its country, the nearer year before others; other countries are a count."""
    factors = cl.load_factors("cn-mee-nbs-grid@2021", "cn-mee-nbs-grid@2022")
    refusals = cl.find_factors(factors, grid("CN-SD", 2019)).refusals
    assert [refusal.factor.region for refusal in refusals[:2]] == ["CN-SD", "CN-SD"]
    assert [refusal.factor.data_year for refusal in refusals[:2]] == [2021, 2022]
    assert refusals[0].reason("en") == "describes 2021, later than 2019"
    assert refusals[0].reason("zh") == "反映 2021 年，晚于 2019 年"
    *first, count = nearest_refusals(
        cl.find_factors(cl.load_factors("us-epa-egrid@2022", "uk-desnz@2024"), grid("GB", 2022)).refusals
    )
    assert [refusal.factor.edition for refusal in first] == ["uk-desnz@2024"] * 3
    assert count.en.endswith("figure(s) of other regions")
    assert count.zh.startswith("另有其他地区的因子")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_refusal_has_words(lang):
    """Each code is said in both languages, with nothing left in braces."""
    asked = [
        (cl.load_factors("cn-mee-nbs-grid@2021", as_of="2020-01-01"), grid("CN-SD", 2021)),
        (cl.load_factors("cn-mee-nbs-grid@2021"), grid("CN-SD", None)),
        (cl.load_factors("cn-mee-nbs-grid@2021"), grid("CN-SD", 2030)),
        (cl.load_factors("cn-mee-nbs-grid@2021"), grid("CN-SD", 2021)),
        (cl.load_factors("cn-mee-nbs-grid@2021"), grid("GB", 2021)),
        (cl.load_factors("cn-mee-nbs-grid@2021"), grid("", 2021)),
        (cl.load_factors("us-epa-egrid@2023", "us-epa-egrid@2023-r2"), grid()),
        (cl.load_factors("cn-mee-grid-enterprise@2015", as_of="2030-01-01"), grid("CN", 2015)),
    ]
    codes = {}
    for factors, query in asked:
        for refusal in cl.find_factors(factors, query).refusals:
            codes[refusal.code] = refusal.text(lang)
    assert codes.keys() >= {
        "unpublished",
        "no_year",
        "too_old",
        "wider_region",
        "region",
        "no_region",
        "corrected",
        "unknown_day",
    }
    assert not [text for text in codes.values() if "{" in text or not text]
    assert all(text.isascii() == (lang == "en") for text in codes.values())


def test_reading_an_edition_needs_no_pandas_and_no_pint():
    """A figure of one edition is read without the two large imports."""
    code = (
        "import sys; import carbonledger as c; "
        "e = c.factors.read_edition('uk-desnz@2025'); e.factors('electricity.grid', 'emission_factor')[0].value; "
        "sys.exit(len({'pandas', 'pint', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
