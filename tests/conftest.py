"""What several test files share."""

from pathlib import Path

import pytest
from hypothesis import settings

import carbonledger as cl

# Speed lives in benchmarks; here a busy machine must not fail a law.
settings.register_profile("laws", deadline=None)
settings.load_profile("laws")

PINS = ("cn-mee-grid-enterprise@2022", "cn-ndrc-fuels-a@2013", "cn-ndrc-heat@2013", "cn-energy-yearbook@2021")
PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def factors():
    """The editions most tests pin."""
    return cl.load_factors(*PINS)


@pytest.fixture
def techen():
    """The folder of the first real case."""
    return PROJECT / "seeds" / "techen-2024"
