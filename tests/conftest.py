"""What several test files share."""

import gc
import signal

import pytest
from hypothesis import settings

import carbonledger as cl
from tests.support import PINS, PROJECT

# As the command line does: looking for garbage after every 700 objects costs a tenth of the time, as tests keep many.
gc.set_threshold(100_000, 50, 100)

# No deadline: speed is measured in benchmarks, and a busy machine must not fail a law.
# `make test` asks for `fast`, `make test-all` for `ci`, `make hunt` for `hunt`, by --hypothesis-profile.
# The first two try the same examples every time, so that a change fails for what it changes; a hunt tries new ones, many of them.
settings.register_profile("ci", deadline=None, max_examples=20, derandomize=True)
settings.register_profile("fast", deadline=None, max_examples=10, derandomize=True)
settings.register_profile("hunt", deadline=None, max_examples=500, print_blob=True)
settings.load_profile("ci")


@pytest.fixture(scope="session")
def factors():
    """The editions most tests pin."""
    return cl.load_factors(*PINS)


@pytest.fixture
def techen():
    """The folder of the first real case."""
    return PROJECT / "seeds" / "techen-2024"


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """One local Spark with two workers, several partitions after a shuffle, no automatic broadcast, and a zone that no test means."""
    from pyspark.sql import SparkSession

    named = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "1g",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.autoBroadcastJoinThreshold": "-1",
        "spark.sql.session.timeZone": "America/New_York",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    session = SparkSession.builder.master("local[2]").config(map=named).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture
def interruptible():
    """Interrupts reach Python and the programs that it starts, whatever whoever started the tests has made of them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before if before is not None else signal.default_int_handler)
