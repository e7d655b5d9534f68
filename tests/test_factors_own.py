"""Editions of one's own: what is sealed can be calculated with, what cannot is refused at sealing with its row."""

import errno
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.core.activities import taxonomy
from tests.support import run

FACTS = {"publisher": "Supplier", "document": "Contract 7", "how_verified": "signed copy", "transcribed_by": "staff"}
HEAD = "activity,parameter,region,data_year,gas,value,unit,heating_value,gwp_basis,source_locator\n"


def made(folder: Path, text: str, name: str = "mine"):
    """An edition from the text of a table; None if there is one already."""
    source = folder / "source.csv"
    source.write_text(text, encoding="utf-8")
    return cl.factors.new_edition(name, folder=folder / "f", source=source, facts=FACTS)


def sealed(folder: Path, text: str, name: str = "mine"):
    """The findings at sealing of an edition from the text of a table."""
    made(folder, text, name)
    return cl.factors.seal_edition(f"{name}@1", folder / "f")


def rows_of(folder: Path, name: str = "mine"):
    """The factors of a sealed edition."""
    return cl.factors.read_edition(f"{name}@1", folder / "f").factors()


def row(**cells):
    """One row of `HEAD` with a source."""
    values = {"activity": "electricity.grid", "region": "CN", "gas": "CO2", "value": "0.5", "unit": "kg/kWh"} | cells
    return (
        HEAD
        + ",".join(values.get(name, "p. 1" if name == "source_locator" else "") for name in HEAD.strip().split(","))
        + "\n"
    )


@pytest.mark.parametrize(
    ("unit", "gas", "stored"),
    [
        ("kg CO2e/kWh", "", ("kg/kWh", "CO2e")),
        ("kgCO2/kWh", "", ("kg/kWh", "CO2")),
        ("kg CO2-eq/MWh", "CO2e", ("kg/MWh", "CO2e")),
        ("tCO2/MWh", "co2", ("t/MWh", "CO2")),
        ("gCH4/GJ", "甲烷", ("g/GJ", "CH4")),
        ("千克二氧化碳当量/千瓦时", "", ("kg/kWh", "CO2e")),
        ("g HFC-134a/kWh", "R-134a", ("g/kWh", "HFC-134a")),
        ("kg/kWh", "CO₂e", ("kg/kWh", "CO2e")),
    ],
)
def test_the_gas_leaves_the_unit(tmp_path, unit, gas, stored):
    """However the gas is spelled, in the unit or beside it, the edition holds it once, in its column, and the figure stays."""
    text = row(unit=unit, gas=gas) + (row().partition("\n")[2] if "CO2" not in stored[1] else "")
    assert not [finding for finding in sealed(tmp_path, text) if finding.severity == "error"]
    factor = rows_of(tmp_path)[0]
    assert (factor.unit, factor.gas) == stored
    assert factor.value_text == "0.5"


def test_co2e_of_a_gas_is_divided_by_its_potential(tmp_path):
    """2.52 kg CO2e of CH4 per tonne of butane on AR5 are 0.09 kg of CH4, as in the editions of the United Kingdom."""
    text = row(activity="fuel.butane", gas="CH4", value="2.52", unit="kg CO2e/t", gwp_basis="IPCC AR5")
    text += row(activity="fuel.butane", gas="CO2", value="3000", unit="kg CO2e/t").partition("\n")[2]
    assert sealed(tmp_path, text) == []
    methane, carbon = rows_of(tmp_path)
    assert (methane.value, methane.unit, methane.gas) == (pytest.approx(0.09), "kg/t", "CH4")
    assert (methane.published_value, methane.published_unit) == ("2.52", "kg CO2e/t")
    assert (carbon.value_text, carbon.unit) == ("3000", "kg/t")


# One mistake of each kind: the cells of the row, and what is said of it in English and in Chinese.
MISTAKES = [
    ({"gas": "NOx"}, "knows the gas 'NOx'", "没有气体“NOx”"),
    ({"gas": "", "unit": "kgNOx/kWh"}, "knows the gas 'NOx'", "没有气体“NOx”"),
    ({"gas": "CH4", "unit": "kg CO2/kWh"}, "the column says CH4", "气体列为 CH4"),
    ({"gas": "CH4", "unit": "kg CO2e/kWh"}, "gwp_basis", "gwp_basis"),
    ({"gas": ""}, "must name its gas", "必须注明气体"),
    ({"parameter": "emision_factor"}, "Did you mean 'emission_factor'?", "是否应为“emission_factor”？"),
    ({"unit": "kg"}, "per what", "没有注明"),
    ({"unit": "kWh/kg"}, "upside down", "颠倒"),
    ({"unit": "kWh/kgCO2"}, "Write kg CO2/kWh", "请写作 kg CO2/kWh"),
    ({"unit": "MWh/kWh"}, "mass of gas", "气体质量"),
    ({"unit": "kg/km"}, "never per 'kg/km'", "不能按“kg/km”"),
    ({"unit": "kg/kwhh"}, "unknown unit", "不识别"),
    ({"value": "-0.5"}, "negative", "为负"),
    ({"value": "1e308"}, "beyond the sizes", "超出可计算的范围"),
    ({"value": "1e-320"}, "beyond the sizes", "超出可计算的范围"),
    ({"value": "inf"}, "not a finite number", "不是有限数"),
    ({"value": "1_000"}, "underscore", "下划线"),
    ({"value": ""}, "empty", "为空"),
    ({"value": '"1,000"'}, "decimal sign", "小数点"),
    ({"region": "Shandon"}, "CN-SD", "CN-SD"),
    ({"data_year": "24"}, "1900", "1900"),
    ({"heating_value": "upper"}, "net, gross", "net、gross"),
    ({"gwp_basis": "AR9"}, "AR5", "AR5"),
    ({"activity": "electricity.solar"}, "no emissions", "没有排放"),
    ({"activity": "electricty.grd"}, "name of one activity", "哪一项活动"),
    ({"activity": "fuel.diesel", "parameter": "density", "gas": "", "value": "0", "unit": "kg/L"}, "0 is no figure", "不能为 0"),
    ({"activity": "fuel.diesel", "parameter": "density", "gas": "", "value": "0.8", "unit": "L/kg"}, "does not measure", "不能用于"),
    ({"activity": "fuel.diesel", "parameter": "density", "value": "0.8", "unit": "kg/L"}, "has no gas", "不涉及气体"),
    ({"activity": "fuel.diesel", "parameter": "oxidation_factor", "gas": "", "value": "98", "unit": "1"}, "1 at most", "最大值 1"),
    ({"activity": "fuel.diesel", "parameter": "residual_mix"}, "about electricity.grid", "应为 electricity.grid"),
    ({"activity": "fuel.diesel", "gas": "CH4", "unit": "kg/L"}, "without CO2", "没有同一地区"),
    ({"source_locator": ""}, "source_locator", "source_locator"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "english", "chinese"), MISTAKES)
def test_a_mistake_of_each_kind_is_refused_with_its_row(tmp_path, cells, english, chinese):
    """Making or sealing the edition says what is wrong, in which row, in either language, and nothing is sealed."""
    try:
        said = [(finding.text("en"), finding.text("zh")) for finding in sealed(tmp_path, row(**cells))]
    except cl.errors.EditionError as error:
        said = [(error.text_in("en"), error.text_in("zh"))]
    assert any("row 2" in text and english in text for text, _ in said), said
    assert any("第 2 行" in text and chinese in text for _, text in said), said
    assert not (tmp_path / "f" / "catalogue.csv").exists()


def test_all_mistakes_of_a_table_are_said_at_once(tmp_path):
    """A table with three bad rows is refused with three places."""
    text = HEAD + "".join(row(gas=gas).partition("\n")[2] for gas in ("NOx", "SOx", "CO2", "PM10"))
    with pytest.raises(cl.errors.EditionError) as raised:
        made(tmp_path, text)
    assert [f"row {number}" in str(raised.value) for number in (2, 3, 4, 5)] == [True, True, False, True]


def test_chinese_and_capital_headings(tmp_path):
    """Headings of either language, in any case, with a unit in brackets, and years and regions as people write them."""
    assert (
        sealed(tmp_path, "活动,地区,年份,气体,数值,单位,来源\n电力,山东,2024年,二氧化碳,0.5,千克/千瓦时,合同\n", "a")
        == []
    )
    assert (
        sealed(tmp_path, "Activity,VALUE (kg CO2e/kWh),SOURCE,Year,Region\ngrid electricity,0.2,p. 3,2024,UK\n", "b")
        == []
    )
    (chinese,), (english,) = rows_of(tmp_path, "a"), rows_of(tmp_path, "b")
    assert (chinese.activity, chinese.region, chinese.data_year, chinese.unit) == (
        "electricity.grid",
        "CN-SD",
        2024,
        "kg/kWh",
    )
    assert (english.region, english.gas, english.unit) == ("GB", "CO2e", "kg/kWh")


@pytest.mark.parametrize(
    ("rows", "roles"),
    [
        ("electricity.grid,primary_energy,JP,,,8.64,GJ/MWh,,,p\nprimary_energy,oil_equivalent,JP,,,0.0258,kL/GJ,,,p\n", ["conventions"]),
        ("gas,gwp,,,CO2,1,1,,,p\ngas,gwp,,,CH4,28,kg CO2e/kg,,,p\n", ["gwp"]),
        ("fuel.diesel,density,CN,,,0.84,kg/L,,,p\nfuel.diesel,calorific_value,CN,,,42.6,GJ/t,net,,p\n", ["energy", "emissions"]),
        ("fuel.diesel,standard_coal,CN,,,1.45,kgce/kg,,,p\n", ["standard_coal"]),
        ("electricity.grid,residual_mix,CN,2024,CO2,0.6,kg/kWh,,,p\n", ["emissions"]),
    ],
)  # fmt: skip
def test_roles_follow_from_the_rows(tmp_path, rows, roles):
    """An edition is meant for what its figures are asked for."""
    assert sealed(tmp_path, HEAD + rows) == []
    assert list(cl.factors.read_edition("mine@1", tmp_path / "f").roles) == roles


def test_a_set_of_potentials_of_ones_own(tmp_path):
    """It is a GWP set like any other."""
    sealed(tmp_path, HEAD + "gas,gwp,,,CO2,1,1,,,p\ngas,gwp,,,CH4,30,1,,,p\n")
    assert cl.factors.read_gwp("mine@1", tmp_path / "f").of("CH4").value == 30


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"value": "570"}, "FACTOR_MAGNITUDE"),
        ({"activity": "fuel.lng", "unit": "kg/Nm3", "value": "2.7"}, "FACTOR_REACH"),
        ({"activity": "fuel.diesel", "parameter": "carbon_content", "gas": "", "value": "20.2", "unit": "tC/TJ"}, "FACTOR_SET"),
    ],
)  # fmt: skip
def test_doubts_are_said_and_the_edition_is_sealed(tmp_path, cells, rule):
    """A figure unlike all published ones, or that needs a property which the edition lacks, is a warning with its row."""
    (finding,) = sealed(tmp_path, row(**cells))
    assert (finding.rule, finding.severity, finding.row) == (rule, "warning", 2)
    assert len(rows_of(tmp_path)) == 1


def test_a_density_settles_the_doubt(tmp_path):
    """The same figure with the density that it needs is sealed without a word."""
    text = row(activity="fuel.lng", unit="kg/Nm3", value="2.7")
    text += "fuel.lng,density,CN,,,0.72,kg/Nm3,,,p\n"
    assert sealed(tmp_path, text) == []


@pytest.mark.parametrize(("methane", "refused"), [("", False), ("net", False), ("gross", True)])
def test_a_basis_stated_on_one_row_holds_for_both(tmp_path, methane, refused):
    """CO2 per net energy with CH4 that says nothing is one factor, sealed and calculated: 74 kg + 3 g x 28; per gross energy it is none."""
    text = row(activity="fuel.diesel", unit="kg/GJ", value="74", heating_value="net")
    text += f"fuel.diesel,,CN,,CH4,3,g/GJ,{methane},,p\n"
    assert [finding.rule for finding in sealed(tmp_path, text)] == ["FACTOR_SET"] * refused
    if not refused:
        entries = cl.read_entries(
            [{"activity": "fuel.diesel", "amount": 1, "unit": "GJ", "region": "CN", "year": 2024}]
        )
        factors = cl.load_factors("mine@1", folder=tmp_path / "f")
        total = cl.calculate(entries, factors, gwp="ipcc-ar5@2013").total_location_based()
        assert total.magnitude == pytest.approx(0.074084, rel=1e-12)


def test_hand_written_files_are_held_to_the_same_form(tmp_path):
    """Sealing changes no file: it names the row and the form in which each cell is written."""
    place = made(tmp_path, row())
    path = place / "factors.csv"
    text = path.read_text(encoding="utf-8")
    text = text.replace(",CN,", ",中国,").replace("CO2,0.5,kg/kWh", "CO2eq,0.5,kg CO2e/kWh")
    path.write_text(text, encoding="utf-8")
    said = [finding.text() for finding in cl.factors.seal_edition("mine@1", tmp_path / "f")]
    assert any("'中国' in the column region is written 'CN'" in text for text in said)
    assert any("'CO2eq' in the column gas is written 'CO2e'" in text for text in said)
    assert any("Write kg/kWh in the column unit and CO2e in the column gas" in text for text in said)
    assert path.read_text(encoding="utf-8") == text


ACTIVITIES = sorted(
    name
    for name, item in taxonomy().items()
    if item.needs_factor and item.scope and item.kind not in {"refrigerant", "process"}
)
UNITS = {
    "mass": ("kg", "t", "short_ton"),
    "energy": ("kWh", "MWh", "GJ", "TJ", "MMBtu"),
    "volume": ("L", "m3", "10^4 m3", "gal_US"),
    "normal_volume": ("Nm3", "10^4 Nm3", "scf"),
    "passenger_distance": ("passenger_km",),
    "freight": ("t_km",),
    "vehicle_distance": ("vehicle_km",),
    "distance": ("km", "mi"),
    "currency": ("CNY", "USD_2022"),
    "room_night": ("room_night",),
}
VALUES = st.one_of(
    st.sampled_from(["0", "1e308", "-1", "1_0", "inf", "", "0.5", "1e-320", "5e20", "０.5", "1e15"]),
    st.floats(1e-6, 1e6).map(repr),
    st.floats(allow_nan=True).map(repr),
)


GASES = [
    *(("CO2", ""), ("CO2e", ""), ("", "CO2e"), ("", "CO2"), ("co2-eq", "CO2e"), ("CH4", "CO2e")),
    *(("CH4", "CO2"), ("N2O", ""), ("NOx", ""), ("", "")),
]


FREIGHT_N2O = {"activity": "freight.rail", "gas": "N2O", "unit": "g/(t_km)", "value": "0", "gwp_basis": ""}


@st.composite
def factor_rows(draw):
    """A row that may be right or wrong in any cell, with the mass of its unit and what that is per."""
    activity = draw(st.sampled_from(ACTIVITIES))
    fitting = [unit for name in taxonomy()[activity].dimensions for unit in UNITS.get(name, ())] or ["kg"]
    any_unit = [unit for units in UNITS.values() for unit in units]
    per = draw(st.one_of(st.sampled_from(fitting), st.sampled_from(any_unit)))
    mass = draw(st.sampled_from(["g", "kg", "t", "lb"]))
    gas, in_unit = draw(st.sampled_from(GASES))
    right = f"{mass}{in_unit and ' '}{in_unit}/({per})"
    unit = draw(st.sampled_from([right] * 8 + [mass, f"({per})/{mass}"]))
    cells = {"activity": activity, "gas": gas, "unit": unit, "value": draw(VALUES)}
    return cells | {"gwp_basis": draw(st.sampled_from(["", "AR6"]))}, mass, per


def attempt(action):
    """What an action gives, or the error of an edition that it raises."""
    try:
        return action()
    except cl.errors.EditionError as error:
        return error


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(factor_rows())
@example((FREIGHT_N2O, "g", "t_km"))
def test_what_is_sealed_can_be_calculated_with(tmp_path_factory, made_up):
    """A sealed row gives its value times the amount, for an entry in the unit that it is per; a refused one is named."""
    cells, mass, per = made_up
    folder = tmp_path_factory.mktemp("own")
    findings = attempt(lambda: sealed(folder, row(**cells, data_year="2024")))
    if isinstance(findings, Exception):
        assert "row 2" in str(findings)
        return
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        assert all(finding.row == 2 for finding in errors)
        return
    (factor,) = rows_of(folder)
    assume("FACTOR_REACH" not in {finding.rule for finding in findings})
    entry = {"activity": factor.activity, "amount": 1000, "unit": per, "year": 2024, "region": "CN"}
    pinned = cl.load_factors("mine@1", folder=folder / "f")
    inventory = cl.calculate(cl.read_entries([entry]), pinned, gwp="ipcc-ar6@2021")
    tonnes = float(cells["value"]) * 1000 * cl.units.conversion_factor(mass, "t")
    if factor.gas not in {"CO2", "CO2e"} and not factor.published_value:
        tonnes *= cl.factors.read_gwp("ipcc-ar6@2021").of(factor.gas, taxonomy()[factor.activity].origin).value
    assert inventory.total_location_based().magnitude == pytest.approx(tonnes, rel=1e-9, abs=1e-300)


LISTED = b"edition,status,superseded_by,date_published,sha256\n"
COLUMNS = (
    b"factor_id,activity,parameter,region,data_year,gas,value,unit,lower,upper,scope,source_locator,confidence,note"
)
DAMAGES = {
    "catalogue.csv": [
        *(b"", b"edition\nmine@1\n", b"\xff\xfe\x00bin", b"a,b\n1,2\n", LISTED + b"mine@1\n"),
        *(LISTED + b"../../x@1,current,,,0\n", LISTED + b"mine@1,good,,,0\n"),
    ],
    "mine/1/datapackage.json": [
        *(b"", b"[]", b"[" * 100_000, b"{", b'"x"', b"\xff\x00", b'{"carbonledger": []}', b"NaN"),
        b'{"carbonledger": {"roles": 5, "max_lag_years": "x"}, "licenses": "mine", "title": 3}',
        b'{"carbonledger": {"roles": [1], "date_published": "soon", "publisher": []}, "licenses": ["mine"]}',
    ],
    "mine/1/factors.csv": [
        *(b"", b"\n", b"factor_id\n", b"\x00\x01\xff", b'"', COLUMNS + b"\na,b\n", COLUMNS + b",variant,variant\n"),
        COLUMNS + b"\na,electricity.grid,emission_factor,CN,year,CO2,x,t/MWh,,,,p,high,\n",
        *(COLUMNS + b"\n\n\n", COLUMNS + b'\n"a\nb",c\n', COLUMNS + b"\n" + b"x" * 200_000),
    ],
}


def forget():
    """Let the next reading look at the files again."""
    cl.factors.catalogue.cache_clear()
    cl.factors.read_edition.cache_clear()


@pytest.mark.parametrize(("file", "content"), [(file, content) for file, each in DAMAGES.items() for content in each])
def test_a_damaged_folder_is_refused_in_words(tmp_path, file, content):
    """Whatever lies in a factor folder: an error of the library in both languages, never one of Python."""
    sealed(tmp_path, row())
    folder = tmp_path / "f"
    (folder / file).write_bytes(content)
    forget()
    refused = attempt(lambda: cl.load_factors("mine@1", folder=folder))
    assert isinstance(refused, cl.errors.EditionError)
    assert refused.text_in("zh")
    (folder / "catalogue.csv").unlink()
    forget()
    findings = attempt(lambda: cl.factors.seal_edition("mine@1", folder))
    if isinstance(findings, Exception):
        assert findings.says is not None
    else:
        assert file == "catalogue.csv" or any(finding.severity == "error" for finding in findings)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(DAMAGES)), st.binary(max_size=4), st.integers(0, 10_000), st.integers(0, 40))
def test_any_damage_is_refused_in_words(tmp_path_factory, file, inserted, at, removed):
    """Bytes put in or taken out anywhere in the three files: sealed as before, findings, or an error of the library."""
    folder = tmp_path_factory.mktemp("damaged")
    sealed(folder, row() + "fuel.diesel,density,CN,,,0.84,kg/L,,,p\n")
    path = folder / "f" / file
    content = path.read_bytes()
    at %= len(content)
    path.write_bytes(content[:at] + inserted + content[at + removed :])
    for is_sealed in (True, False):
        if not is_sealed:
            (folder / "f" / "catalogue.csv").unlink()
        forget()
        made_of_it = attempt(
            lambda: (cl.factors.seal_edition("mine@1", folder / "f"), cl.load_factors("mine@1", folder=folder / "f"))
        )
        assert isinstance(made_of_it, tuple) or str(made_of_it)


def test_with_a_byte_order_mark_and_line_ends_of_windows(tmp_path):
    """Files that an editor of Windows saved are read as they are."""
    place = made(tmp_path, row())
    for name in ("factors.csv", "datapackage.json"):
        text = (place / name).read_text(encoding="utf-8").replace("\n", "\r\n")
        (place / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert cl.factors.seal_edition("mine@1", tmp_path / "f") == []
    assert rows_of(tmp_path)[0].value == 0.5


def test_links_out_of_the_folder_are_refused(tmp_path):
    """An edition whose files lie elsewhere is not the folder's own."""
    place = made(tmp_path, row())
    elsewhere = tmp_path / "elsewhere"
    place.rename(elsewhere)
    place.symlink_to(elsewhere)
    with pytest.raises(cl.errors.EditionError, match="leads out of the folder"):
        cl.factors.seal_edition("mine@1", tmp_path / "f")


def test_a_file_without_permission_is_named(tmp_path, monkeypatch):
    """The file and the reason are said; the system's refusal is played, since an administrator may read everything."""
    place = made(tmp_path, row())
    read_bytes = Path.read_bytes

    def refused(path):
        if path == place / "factors.csv":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(cl.errors.EditionError, match=r"factors\.csv cannot be read: Permission denied"):
        cl.factors.seal_edition("mine@1", tmp_path / "f")


def test_the_commands_speak_both_languages(tmp_path):
    """Making, refusing and verifying on the command line, without a traceback, in Chinese too."""
    source = tmp_path / "s.csv"
    source.write_text(row(unit="kg"), encoding="utf-8")
    folder = tmp_path / "f"
    made_ = run("factors", "new", "mine", "--from", source, "--folder", folder, "--role", "emissions", "--lang", "zh")
    assert made_.returncode == 0, made_.stderr
    refused = run("factors", "seal", "mine@1", "--folder", folder, "--lang", "zh")
    assert refused.returncode == 1
    assert "没有注明每单位的对象" in refused.stdout
    verified = run("factors", "verify", "mine@1", "--folder", folder, "--json", "--lang", "zh")
    assert "FACTOR_UNIT" in {finding["rule"] for finding in json.loads(verified.stdout)}
    missing = run("factors", "seal", "none@1", "--folder", folder)
    assert missing.returncode == 2
    assert "is not there" in missing.stderr
    unknown = run("factors", "new", "other", "--from", source, "--folder", folder, "--role", "emission")
    assert "no role 'emission'" in unknown.stderr
