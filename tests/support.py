"""What several test files call: places, runs of the command line, small figures, relations, spaces, entries and own editions."""

import csv
import gc
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from hypothesis import settings

import carbonledger as cl
from carbonledger.cli import options
from carbonledger.cli.main import main
from carbonledger.factors.editions import unsealed_edition
from carbonledger.factors.factor import COLUMNS, OPTIONAL_COLUMNS
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.verdicts import Relation
from carbonledger.reconstruction.spaces import Space

__all__ = [
    "PINS",
    "PROGRAM",
    "PROJECT",
    "entries_of",
    "examples",
    "figures_of",
    "figures_with_units",
    "named_relation",
    "own_edition",
    "relation",
    "run",
    "run_installed",
    "small_book",
    "space_of",
    "term_of",
]

PINS = ("cn-mee-grid-enterprise@2022", "cn-ndrc-fuels-a@2013", "cn-ndrc-heat@2013", "cn-energy-yearbook@2021")
PROJECT = Path(__file__).resolve().parent.parent
PROGRAM = Path(sys.executable).parent / "carbonledger"


def run(*arguments, encoding="utf-8", **environment):
    """A run of the command line as if piped, in this process, which has loaded the library; `run_installed` starts the program."""
    command = [str(PROGRAM), *map(str, arguments)]
    output, errors = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    thresholds = gc.get_threshold()
    with (
        patch.object(sys, "argv", command),
        patch.dict(os.environ, {"COLUMNS": "80", **environment}),
        patch.dict(options._RUN, lang="en"),
        redirect_stdout(output),
        redirect_stderr(errors),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
        finally:
            gc.set_threshold(*thresholds)
            output.flush()
            errors.flush()
    texts = [stream.buffer.getvalue().decode(encoding).replace("\r\n", "\n") for stream in (output, errors)]
    return subprocess.CompletedProcess(command, code, *texts)


def run_installed(*arguments, **environment):
    """A run of the installed program, piped."""
    return subprocess.run(
        [str(PROGRAM), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
    )


def figures_of(**texts):
    """Published figures by id, without a unit."""
    return figures_with_units(**{name: (text, "") for name, text in texts.items()})


def figures_with_units(**printed):
    """Published figures by id, each as text, unit and perhaps rounding."""
    return {
        name: PublishedFigure(name, 2024, name, name, cl.parse_figure(text, *rounding), unit, "", "")
        for name, (text, unit, *rounding) in printed.items()
    }


def named_relation(name, kind, **members):
    """A relation with a name of its own."""
    return Relation(name, kind, name, name, members)


def relation(kind, **members):
    """A relation named after its kind."""
    return named_relation(kind, kind, **members)


def space_of(*terms, **fields):
    """A space for the total of some terms."""
    base = {"id": "s", "figure": "t", "title_zh": "", "title_en": "", "known_by": "2025-06-30"}
    return Space.model_validate(base | {"term": list(terms)} | fields)


def term_of(activity, *rules, **fields):
    """A term with choices."""
    named = [{"treatment": "t", "plausibility": "textbook", **rule} for rule in rules]
    return {"name": activity, "activity": activity, "choice": named, **fields}


def entries_of(*rows):
    """Entries of 2024 in Shandong: activity, amount, unit and site."""
    fields = ("activity", "amount", "unit", "site")
    return cl.read_entries([dict(zip(fields, row, strict=False)) | {"year": 2024, "region": "CN-SD"} for row in rows])


def examples(count):
    """So many examples of a law in a whole run; in the fast lane the few that every law has."""
    return settings() if settings.get_current_profile_name() == "fast" else settings(max_examples=count)


def own_edition(folder, *rows, name="own", roles=("emissions",), **metadata):
    """An edition of one's own in a folder: each row a gas, value and unit, and further columns by name."""
    columns = (*COLUMNS, *OPTIONAL_COLUMNS)
    place = folder / name / "1"
    place.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    table = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    table.writeheader()
    for number, (gas, value, unit, *more) in enumerate(rows):
        row = {"factor_id": f"r{number}", "parameter": "emission_factor", "region": "GLOBAL", "confidence": "high"}
        row |= {"gas": gas, "value": value, "unit": unit, "source_locator": f"row {number}"}
        table.writerow(row | {key: cell for part in more for key, cell in part.items()})
    (place / "factors.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    facts = {"publisher": "Supplier", "document": "Contract 7", "date_published": "2020", "roles": list(roles)}
    package = {"name": name, "carbonledger": {**facts, **metadata}}
    (place / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return unsealed_edition(f"{name}@1", folder)


def small_book(folder, rows, settings=""):
    """The reporting year 2024 of a book with some entries: period, activity, amount, and a unit that is neither kWh of power nor t."""
    (folder / "book").mkdir()
    units = {"electricity.grid": "kWh"}
    with (folder / "book" / "entries.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["activity", "amount", "unit", "period"])
        writer.writerows(
            [activity, amount, *(unit or [units.get(activity, "t")]), when] for when, activity, amount, *unit in rows
        )
    text = f"""
[company]
name_en = "A & B <Ltd>"
region = "CN-SD"
reporting_year = 2024
{settings}
[factors]
emissions = ["cn-mee-grid-enterprise@2022", "cn-ndrc-fuels-a@2013"]
energy = ["cn-energy-yearbook@2021"]
gwp = "ipcc-ar5@2013"
[files]
entries = ["entries.csv"]
"""
    (folder / "book" / "book.toml").write_text(text, encoding="utf-8")
    return cl.open_book(folder / "book").reporting_year()
