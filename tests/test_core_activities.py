"""Facts of activities are columns of the taxonomy; code spells no name of an activity but those listed here."""

import ast
import re
from pathlib import Path

import pytest

import carbonledger
from carbonledger.core import activities
from carbonledger.core.activities import activities_where, blend_of, carrier_of, is_vehicle, purchase_of, taxonomy
from carbonledger.core.physical_constants import physical_constant, physical_constants

PACKAGE = Path(carbonledger.__file__).parent
FAMILIES = sorted({activity.family for activity in taxonomy().values()})
# A dotted name that begins with a family of the taxonomy; endings of file names are none.
SPELT = re.compile(rf"({'|'.join(FAMILIES)})\.[a-z0-9_.]*")
FILE_NAME = re.compile(r".*\.(csv|py|toml|json|md|xlsx|txt)")

# Where, which literal, and why it may stand there.
ALLOWED = {
    ("core/activity_taxonomy.py", "wtt."): "the convention of naming upstream emissions, kept in one place",
    (
        "audit/netted_factor.py",
        "electricity.solar",
    ): "factors: weights of the combined margin of photovoltaics (CDM TOOL07)",
    (
        "audit/biogenic_gwp.py",
        "refrigerant.cfc_",
    ): "factors: refrigerants of the Montreal Protocol by the prefix of their gas",
    (
        "audit/biogenic_gwp.py",
        "refrigerant.hcfc_",
    ): "factors: refrigerants of the Montreal Protocol by the prefix of their gas",
    (
        "audit/biogenic_gwp.py",
        "refrigerant.halon_",
    ): "factors: refrigerants of the Montreal Protocol by the prefix of their gas",
    (
        "audit/implausible_size.py",
        "fuel.natural_gas",
    ): "with grid electricity the carrier that most plants have, compared with their others",
    ("environment/disclosed.py", "waste."): "names of datapoints of the register of waste, no activity",
    ("disclosure/frameworks.py", "fuel."): "names of fuel_classes.csv, which lists fuels without their family",
    (
        "estimates/formulas.py",
        "wastewater.",
    ): "factors: parameters of the 2006 IPCC Guidelines by kind of water and treatment",
    ("estimates/table.py", "wastewater.ch4"): "the result of the estimate of wastewater",
    (
        "factors/refrigerant_blends.py",
        "refrigerant.",
    ): "the family taken off a name to find the blend of a user's spelling",
    ("estimates/formulas.py", "refrigerant.leakage."): "factors: leakage rates by kind of equipment, no activity",
    ("factors/refrigerant_blends.py", "refrigerant.r_"): "the name of a blend from its ASHRAE number",
}


def spelt_names(path):
    """The literals of a file that spell an activity or a family, docstrings excepted."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
        if is_text and SPELT.fullmatch(node.value) and not FILE_NAME.fullmatch(node.value):
            yield node.value


def test_names_are_spelt_where_listed():
    """Every literal of an activity is listed with its reason, and every one listed is still there."""
    found = {
        (path.relative_to(PACKAGE).as_posix(), name) for path in PACKAGE.rglob("*.py") for name in spelt_names(path)
    }
    assert found == set(ALLOWED)
    assert all(ALLOWED.values())


def test_a_planted_name_is_found(tmp_path):
    """A literal is found in an f-string too; a docstring and the name of a file are none."""
    path = tmp_path / "planted.py"
    path.write_text('"""electricity.grid"""\nx = f"fuel.{1}", "heat.purchased", "waste.csv", "electricity grid"\n')
    assert list(spelt_names(path)) == ["heat.purchased", "fuel."]


@pytest.mark.parametrize(
    ("constant", "name"),
    [
        ("GRID_ELECTRICITY", "electricity.grid"),
        ("GRID_LOSSES", "electricity.grid.losses"),
        ("DIRECT_LINE", "electricity.direct_line"),
        ("DIRECT_LINE_FROM_FUEL", "electricity.direct_line.fossil"),
        ("GENERATED_ELECTRICITY", "electricity.generated"),
        ("EXPORTED_ELECTRICITY", "electricity.exported"),
        ("EXPORTED_FROM_FUEL", "electricity.exported.fuel"),
        ("EXPORTED_HEAT", "heat.exported"),
        ("ELECTRICITY_LOAD", "electricity.load"),
        ("STORAGE_LOSS", "electricity.storage_loss"),
        ("GASOLINE", "fuel.gasoline"),
        ("DIESEL", "fuel.diesel"),
        ("OWN_GENERATION", ("electricity.solar", "electricity.wind", "electricity.hydro")),
        ("PURCHASED_ELECTRICITY", ("electricity.grid", "electricity.direct_line", "electricity.direct_line.fossil")),
        ("NAMED_ONLY", {"other", "process.other", "vehicle.technology"}),
    ],
)
def test_constants_are_what_their_facts_say(constant, name):
    """The facts of the table choose the activities that the standards mean."""
    assert getattr(activities, constant) == name


def test_columns_have_known_words():
    """Carrier, flow and blend have a closed list of words; a flow has a carrier."""
    flows = {"", "purchased", "direct_line", "own_use", "exported", "generated", "load", "storage_loss", "grid_loss"}
    for activity in taxonomy().values():
        assert activity.carrier in {"", "electricity", "heat", "steam", "cooling", "fuel"}
        assert activity.flow in flows
        assert activity.blend in {"", "E", "B"}
        assert activity.carrier or not activity.flow
        assert (activity.carrier == "fuel") == (activity.kind == "fuel")
        assert activity.is_export <= (activity.kind == "register")


def test_facts_of_unknown_names():
    """A name that the taxonomy does not know has no carrier and is no vehicle; an unknown blend is refused."""
    assert carrier_of("no such thing") == ""
    assert not is_vehicle("no such thing")
    assert activities_where(carrier="peat") == ()
    with pytest.raises(ValueError, match="not enough values"):
        blend_of("M")


@pytest.mark.parametrize("carrier", ["electricity", "heat", "steam", "cooling"])
def test_each_carrier_has_one_purchase(carrier):
    """Exports are set against the purchase of their carrier, of which there is one."""
    assert taxonomy()[purchase_of(carrier)].scope == 2


def test_physical_constants_have_a_source():
    """Each constant has a unit, a meaning in both languages and a source; the figures are those of the NDRC guidelines."""
    for item in physical_constants().values():
        assert all((item.unit, item.meaning_en, item.meaning_zh, item.source))
    names = ("water_enthalpy_at_20_degc", "water_reference_temperature", "water_specific_heat")
    assert [physical_constant(name) for name in names] == [83.74, 20.0, 4.1868]
