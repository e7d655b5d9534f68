"""Registers of meters as amounts: rollover, exchange, mistakes, and the first reading."""

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given

from carbonledger.core.errors import EntriesError
from carbonledger.time_resolved import register_amounts
from tests.strategies import hourly_amounts


def register(values, source="meter 1", **columns):
    """A reading every hour."""
    moments = pd.date_range("2024-01-01", periods=len(values), freq="h")
    return pd.DataFrame({"source": source, "start": moments, "reading": values, **columns})


def found_in(frame, **kwargs):
    """The amounts as pandas in order of time, and the keys of the findings with how many rows each is about."""
    found = register_amounts(frame, **kwargs)
    native = found.frame
    table = native.df() if hasattr(native, "df") else native.to_pandas() if isinstance(native, pl.DataFrame) else native
    said = [(finding.says.key, finding.says.values[0][1]) for finding in found.findings]
    return table.sort_values("start")["amount"].tolist(), said


@pytest.mark.parametrize("engine", [lambda frame: frame, pl.from_pandas, duckdb.from_df])
def test_a_rollover(engine):
    """A register of four digits goes from 9,990 over 0 to 15: 25 kWh; without its digits that is refused."""
    frame = engine(register([9970.0, 9990.0, 15.0, 40.0]))
    assert found_in(frame, digits=4) == (
        [20.0, 25.0, 25.0],
        [("REGISTER_NOTE.rollover", 1), ("REGISTER_NOTE.first", 1)],
    )
    amounts, said = found_in(frame)
    assert amounts == [20.0]
    assert said == [("REGISTER.falls", 1), ("REGISTER.after_fall", 1), ("REGISTER_NOTE.first", 1)]


def test_a_fall_is_no_rollover():
    """A reading 10 lower than the one before would be 9,990 kWh round the register: it and what follows are refused."""
    assert found_in(register([500.0, 490.0, 520.0, 530.0]), digits=4) == (
        [10.0],
        [("REGISTER.falls", 1), ("REGISTER.after_fall", 1), ("REGISTER_NOTE.first", 1)],
    )


def test_an_exchanged_meter():
    """A new meter begins with its first reading; the time between the two has no amount."""
    frame = register([100.0, 130.0, 3.0, 10.0], meter=["A", "A", "B", "B"])
    amounts, said = found_in(frame, meter="meter", multiplier=60.0)
    assert amounts == [1800.0, 420.0]
    assert said == [("REGISTER_NOTE.first", 2), ("REGISTER_NOTE.exchange", 1)]


def test_defective_readings():
    """No number, a reading below zero or beyond the digits, and two at one moment are said and give no amount."""
    frame = register([1.0, float("nan"), -5.0, 12345.0, 20.0])
    frame = pd.concat([frame, frame.tail(1).assign(reading=21.0)])
    amounts, said = found_in(frame, digits=4)
    assert amounts == []
    assert dict(said) == {
        "REGISTER.unread": 2,
        "REGISTER.too_large": 2,
        "REGISTER.same_time": 1,
        "REGISTER_NOTE.first": 1,
    }
    with pytest.raises(EntriesError, match="reading"):
        register_amounts(frame.drop(columns="reading"))


@given(hourly_amounts())
def test_differences_of_a_sum_are_its_parts(amounts):
    """The amounts between the readings of a register are what went through it, whatever its beginning."""
    readings = np.concatenate([[123.0], 123.0 + np.cumsum(amounts)])
    found, said = found_in(register(readings))
    assert found == pytest.approx(amounts, abs=1e-6)
    assert said == [("REGISTER_NOTE.first", 1)]
