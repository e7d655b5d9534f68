"""Tables of readings in DuckDB and PostgreSQL give the entries of the same rows in files; a database that cannot be read is said."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import carbonledger as cl
from carbonledger.core.errors import BookError, EntriesError
from carbonledger.readings.databases import read_table
from carbonledger.readings.entries import read_readings

STATED = {"activity": "electricity.grid", "unit": "kWh", "region": "CN-SD"}
CREATE = """
CREATE TABLE meters ("表号" text, start timestamp, amount numeric(12, 3), zoned timestamptz);
INSERT INTO meters SELECT 'm' || k, timestamp '2024-01-01' + i * interval '1 hour', i % 7 + 0.125, now()
FROM generate_series(0, 1499) AS a(i), generate_series(1, 2) AS b(k);
DELETE FROM meters WHERE "表号" = 'm2' AND start = timestamp '2024-01-05 03:00';
"""


def checked(entries):
    """The sums of both meters: i mod 7 + 0.125 over 1,500 hours, less the hour that is missing."""
    hours = pd.DataFrame({"start": pd.date_range("2024-01-01", periods=1500, freq="h")})
    hours["amount"] = [number % 7 + 0.125 for number in range(1500)]
    by_month = hours.groupby(hours["start"].dt.month)["amount"].sum()
    gone = hours.set_index("start").loc["2024-01-05 03:00", "amount"]
    found = entries.frame.groupby(["source", "start"])["amount"].sum().tolist()
    assert found == pytest.approx([*by_month, by_month[1] - gone, *by_month[1:]], rel=1e-12)
    assert [(item.rule, item.file) for item in entries.findings] == [("READINGS_GAP", "meters")]
    assert entries.tallies[0].adds_up
    assert entries.tallies[0].rows == 2999


@pytest.fixture
def duck(tmp_path):
    with duckdb.connect(tmp_path / "it's.duckdb") as connection:
        connection.execute(CREATE.replace("b(k)", "b(k)").replace("AS a(i)", "a(i)").replace("AS b(k)", "b(k)"))
    return tmp_path


def test_a_table_of_duckdb(duck):
    """A file of DuckDB is read, and only read."""
    before = (duck / "it's.duckdb").read_bytes()
    entries = read_table("it's.duckdb", "main.meters", folder=duck, stated=STATED, step="1 hour")
    assert [item.file for item in entries.findings] == ["main.meters"]
    checked(read_table("it's.duckdb", "meters", folder=duck, stated=STATED, step="1 hour"))
    assert (duck / "it's.duckdb").read_bytes() == before


def test_a_table_is_that_of_a_file(duck):
    """The same rows in a file of Parquet give the same entries but for their places."""
    with duckdb.connect(duck / "it's.duckdb", read_only=True) as connection:
        connection.execute(f"COPY meters TO '{duck}/m.parquet'")
    one = read_table("it's.duckdb", "meters", folder=duck, stated=STATED, step="1 hour").frame
    two = read_readings("m.parquet", folder=duck, stated=STATED, step="1 hour").frame
    assert one.drop(columns=["file", "row"]).equals(two.drop(columns=["file", "row"]))


@pytest.mark.parametrize(
    ("database", "table"), [("none.duckdb", "meters"), ("it's.duckdb", 'x"; DROP TABLE meters; --'), ("no.duckdb", "m")]
)
def test_a_table_that_cannot_be_read(duck, database, table):
    """A file that is none, is not there, or lacks the table is said with its name."""
    (duck / "no.duckdb").write_bytes(b"not a database" * 999)
    with pytest.raises(EntriesError) as caught:
        read_table(database, table, folder=duck, stated=STATED, step="1 hour")
    (finding,) = caught.value.findings
    assert (finding.says.key, finding.file) == ("READINGS.database", database)


def book_of(folder, section):
    (folder / "book.toml").write_text(
        f"""
[company]
name_en = "Meters"
region = "CN-SD"
reporting_year = 2024
[factors]
gwp = "ipcc-ar5@2013"
emissions = ["cn-mee-grid-enterprise@2022"]
[[readings]]
step = "1 hour"
activity = "electricity.grid"
unit = "kWh"
{section}
""",
        encoding="utf-8",
    )
    return cl.open_book(folder)


def test_a_book_with_a_table(duck):
    """A book names the database and the table; the file is one of its inputs."""
    from carbonledger.book.input_files import locked_files

    book = book_of(duck, 'database = "it\'s.duckdb"\ntable = "meters"')
    checked(book.entries)
    assert "it's.duckdb" in set(locked_files(book))


@pytest.mark.parametrize(
    "section",
    [
        'database = "a.duckdb"',
        'table = "m"',
        'database = "../a.duckdb"\ntable = "m"',
        'files = ["a"]\ndatabase = "b"\ntable = "m"',
    ],
)
def test_settings_that_cannot_be_used(tmp_path, section):
    """Readings are in files or in a table, within the folder of the book."""
    with pytest.raises(BookError, match="readings"):
        book_of(tmp_path, section)


def programs():
    """The folder of the programs of PostgreSQL."""
    found = shutil.which("initdb")
    return Path(found).parent if found else max(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="module")
def server():
    """A server of its own in a temporary folder, run by a user that is not root; its address and how it is stopped."""
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="carbonledger-pg-"))
    as_user = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, log = folder / "data", folder / "log"

    def call(program, *arguments):
        subprocess.run(
            [*as_user, programs() / program, *map(str, arguments)],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )

    call("initdb", "-D", data, "-U", "meter", "--auth=trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    call("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
    yield f"postgresql://meter@127.0.0.1:{port}/postgres", lambda: call("pg_ctl", "-D", data, "-m", "immediate", "stop")
    if (data / "postmaster.pid").exists():
        call("pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


SLOW = """
CREATE VIEW slow AS SELECT 'm' AS source, timestamp '2024-01-01' + i * interval '1 hour' AS start, 1.0 AS amount,
    CASE WHEN i = 90000 THEN pg_sleep(60)::text END AS note FROM generate_series(0, 99999) AS a(i);
"""


@pytest.mark.postgres
def test_a_connection_that_is_lost_in_the_middle_of_a_table(server):
    """The database and the table are named; nothing is summed of what came over before."""
    from adbc_driver_postgresql import dbapi

    address, _ = server
    with dbapi.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(SLOW)
        ended = threading.Thread(target=end_the_reading_of, args=(cursor, "slow"))
        ended.start()
        with pytest.raises(EntriesError) as caught:
            read_table(address, "slow", stated=STATED, step="1 hour")
        ended.join()
    (finding,) = caught.value.findings
    assert (finding.says.key, finding.file) == ("READINGS.database", address.rpartition("@")[2])
    assert dict(finding.says.values)["table"] == "slow"


@pytest.mark.postgres
@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_reaches_the_server(server):
    """An interrupt does not wait for a server that sends nothing."""
    from adbc_driver_postgresql import dbapi

    address, _ = server
    with dbapi.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(SLOW.replace("VIEW slow", "VIEW slower"))
        begun = time.monotonic()

        def interrupt():
            wait_for(cursor, "SELECT pid", "slower")
            os.kill(os.getpid(), signal.SIGINT)

        waiting = threading.Thread(target=interrupt)
        waiting.start()
        with pytest.raises(KeyboardInterrupt):
            read_table(address, "slower", stated=STATED, step="1 hour")
        waiting.join()
    assert time.monotonic() - begun < 50


def end_the_reading_of(cursor, view):
    """Wait until somebody reads the view, and end that connection."""
    wait_for(cursor, "SELECT pg_terminate_backend(pid)", view)


def wait_for(cursor, asked, view):
    """Ask of the connections that wait within a view until there is one."""
    query = f"""{asked} FROM pg_stat_activity
        WHERE wait_event = 'PgSleep' AND query LIKE '%"' || $1 || '"%' AND pid <> pg_backend_pid()
    """
    while True:
        cursor.execute(query, (view,))
        if cursor.fetchall():
            return
        time.sleep(0.05)


@pytest.mark.postgres
def test_a_table_of_postgres(server, tmp_path):
    """Rows come over by Arrow, decimal numbers as numbers; nothing can be written; a server that went away is said."""
    from adbc_driver_postgresql import dbapi

    address, stop = server
    with dbapi.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
        for statement in CREATE.strip().split(";\n"):
            cursor.execute(statement.rstrip(";"))
        cursor.execute('CREATE SCHEMA "a\'s"')
        cursor.execute('CREATE VIEW "a\'s".meters AS SELECT * FROM meters')
    checked(read_table(address, "meters", stated=STATED, step="1 hour"))
    viewed = read_table(address, "a's.meters", stated=STATED, step="1 hour")
    assert len(viewed.frame) == 6
    checked(book_of(tmp_path, f'database = "{address}"\ntable = "meters"').entries)
    for table in ("nothing", 'meters"; DROP TABLE meters; --'):
        with pytest.raises(EntriesError, match="cannot be read"):
            read_table(address, table, stated=STATED, step="1 hour")
    checked(read_table(address, "meters", stated=STATED, step="1 hour"))
    stop()
    with pytest.raises(EntriesError, match="cannot be read") as caught:
        read_table(address, "meters", stated=STATED, step="1 hour")
    assert "meter@" not in str(caught.value)
