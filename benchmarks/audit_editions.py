"""Editions as a careless copy of them would be, and inventories on factors of a company's own."""

from __future__ import annotations

import random
from dataclasses import replace

import carbonledger as cl
from benchmarks.audit_corpora import PINS, YEAR, Scenario
from carbonledger.factors.factor import Edition

__all__ = ["edited", "pinned", "with_fuel"]


def edited(name: str, swaps: dict[str, str], **columns: str) -> Edition:
    """An edition with its text changed, as a careless copy of it would be."""
    edition = cl.factors.read_edition(name)
    lines = edition.body.decode().splitlines()
    for old, new in swaps.items():
        lines = [line.replace(old, new) for line in lines]
    header = list(edition.header)
    for column, value in columns.items():
        if column in header:
            at = header.index(column)
            lines = [
                ",".join(value if place == at else cell for place, cell in enumerate(line.split(","))) for line in lines
            ]
        else:
            header.append(column)
            lines = [f"{line.rstrip()},{value}" for line in lines]
    return replace(edition, body="\n".join(lines).encode(), header=tuple(header))


def pinned(edition: Edition) -> cl.factors.PinnedFactors:
    """The pins with one edition replaced."""
    base = cl.load_factors(roles=PINS)
    emissions = tuple(edition if item.id == edition.id else item for item in base.in_role("emissions"))
    return replace(base, roles={**base.roles, "emissions": emissions})


def with_fuel(scenario: Scenario, draw: random.Random, activity: str, name: str, swap: dict[str, str]) -> Scenario:
    """A scenario with one more fuel on a factor of the company's own."""
    extra = replace(edited(name, swap), name="factors-of-ones-own")
    base = cl.load_factors(roles=PINS)
    factors = replace(base, roles={**base.roles, "emissions": (*base.in_role("emissions"), extra)})
    days = {"start": f"{YEAR}-01-01", "end": f"{YEAR}-12-31"}
    what = {"activity": activity, "unit": "t", "amount": draw.uniform(1, 500), "source": "own", "evidence": "own"}
    row = {**scenario.rows[0], **what, **days, "site": scenario.rows[0]["site"], "factor": extra.id}
    return replace(scenario, rows=[*scenario.rows, row], factors=factors)
