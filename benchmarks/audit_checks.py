"""Recall and false alarms of the sixteen checks, on planted defects and on clean inventories."""

from __future__ import annotations

import os
import random

from benchmarks.audit_corpora import checks_that_speak, clean
from benchmarks.audit_defects import DEFECTS

__all__ = ["ALL", "false_alarms", "recall"]

VARIANTS = int(os.environ.get("CARBONLEDGER_VARIANTS", "200"))
RECALL, ALARMS = 0.95, 0.01


def recall(check: str, variants: int, start: int = 0) -> tuple[int, list[int]]:
    """How many variants of a planted defect there were, and the seeds of those that its check missed."""
    tried, missed, seed = 0, [], start
    while tried < variants and seed < start + 20 * variants:
        seed += 1
        scenario = DEFECTS[check](clean(seed), random.Random(seed))  # noqa: S311 - no secret
        if scenario is None:
            continue
        tried += 1
        if check not in checks_that_speak(scenario):
            missed.append(seed)
    return tried, missed


def false_alarms(inventories: int) -> dict[str, list[int]]:
    """The seeds of the clean inventories about which each check spoke."""
    alarms: dict[str, list[int]] = {check: [] for check in DEFECTS}
    for seed in range(1, inventories + 1):
        for check in checks_that_speak(clean(seed)):
            alarms[check].append(seed)
    return alarms


def audit_checks() -> list[bool]:
    """Print recall and false-alarm rate per check."""
    alarms = false_alarms(VARIANTS)
    met = []
    print(f"sixteen checks: recall on {VARIANTS} planted defects, false alarms on {VARIANTS} clean inventories")
    for check in DEFECTS:
        tried, missed = recall(check, VARIANTS)
        found, wrong = 1 - len(missed) / tried, len(alarms[check]) / VARIANTS
        good = found >= RECALL and wrong < ALARMS
        met.append(good)
        print(f"  {check:16} recall {found:6.1%} of {tried}, false alarms {wrong:6.1%}  {'met' if good else 'MISSED'}")
    return met


ALL = (audit_checks,)
