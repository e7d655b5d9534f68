"""Spend meets its factor in the factor's prices."""

import pytest

import carbonledger as cl
from carbonledger.activity_data.spend import Prices, deflated, read_prices

# Invented round indices: the law, not the figures, is under test.
PRICES = Prices(
    {("USD", 2022): (100.0, "index of 2022"), ("USD", 2024): (110.0, "index of 2024")},
    {("CNY", "USD", 2024): (0.14, "rate of 2024")},
)
SPEND = {"activity": "spend.naics.541110", "amount": 1100, "unit": "USD", "year": 2024}


def test_deflation_and_exchange():
    """1,100 USD of 2024 are 1,000 of 2022; 1,000 CNY of 2024 are 140 USD of 2024, 127.27 of 2022; stated prices stay."""
    rows = [SPEND, {**SPEND, "unit": "CNY", "amount": 1000}, {**SPEND, "unit": "USD_2022", "amount": 5}]
    frame = deflated(cl.read_entries(rows, region="US"), PRICES, "USD", 2022).frame
    assert frame["amount"].tolist() == pytest.approx([1000, 140 / 1.1, 5])
    assert set(frame["unit"]) == {"USD_2022"}
    assert "index of 2024" in frame["note"].iloc[0]
    assert "rate of 2024" in frame["note"].iloc[1]


def test_the_inventory_is_that_of_the_deflated_amount():
    """Emissions of 1,100 dollars of 2024 are those of 1,000 dollars of 2022."""
    factors = cl.load_factors("us-epa-supply-chain@1.3")
    converted = deflated(cl.read_entries([SPEND], region="US"), PRICES, "USD", 2022)
    stated = cl.read_entries([{**SPEND, "amount": 1000, "unit": "USD_2022"}], region="US")
    totals = [
        cl.calculate(item, factors, gwp="ipcc-ar5@2013").total_location_based().magnitude
        for item in (converted, stated)
    ]
    assert totals[0] == pytest.approx(totals[1])


@pytest.mark.parametrize(
    ("change", "words"),
    [({"year": 2023}, "price index of USD, 2023"), ({"unit": "EUR"}, "exchange rate of EUR to USD")],
)
def test_what_is_missing_is_named(change, words):
    """Nothing is guessed: the entry stays as it is, with a finding at its row."""
    found = deflated(cl.read_entries([{**SPEND, **change}], region="US"), PRICES, "USD", 2022)
    (finding,) = found.findings
    assert (finding.rule, finding.row) == ("PRICE_MISSING", 2)
    assert words in finding.message
    assert found.frame["amount"].tolist() == [1100]


def test_a_price_without_source_is_refused(tmp_path):
    """File and row are named."""
    path = tmp_path / "prices.csv"
    path.write_text("kind,currency,to,year,value,source\nindex,USD,,2022,100,\n")
    with pytest.raises(cl.errors.BookError, match="row 2"):
        read_prices(path)
