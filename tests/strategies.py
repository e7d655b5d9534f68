"""Every Hypothesis strategy of the tests."""

from decimal import Decimal

from hypothesis import strategies as st

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
