"""Spellings of activities: names, labels and aliases of the taxonomy, each of one activity."""

from __future__ import annotations

import unicodedata
from functools import cache

from carbonledger.core.activity_taxonomy import taxonomy

__all__ = ["activity_spellings", "folded", "known_activity", "nearest_activity"]


def folded(text: str) -> str:
    """Text without the differences that mean nothing.

    Examples
    --------
    >>> folded("  Natural_Gas "), folded("Ｇａｓ-oil")
    ('natural gas', 'gas oil')
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    return " ".join(plain.replace("_", " ").replace("-", " ").split())


@cache
def activity_spellings() -> dict[str, str]:
    """Every folded name, label and alias with the activity it stands for; a name used twice stands for none."""
    names: dict[str, str | None] = {}
    parents = {name.rpartition(".")[0] for name in taxonomy()}
    for name, activity in taxonomy().items():
        if name in parents and not activity.emissions:
            continue
        for spelling in (activity.label_zh, activity.label_en, *activity.aliases):
            key = folded(spelling)
            names[key] = name if names.get(key, name) == name else None
    names |= {folded(name): name for name in taxonomy()}
    return {key: name for key, name in names.items() if name}


def known_activity(text: str) -> str:
    """The taxonomy's name for what a user wrote; empty if it knows none."""
    return activity_spellings().get(folded(text), "")


def nearest_activity(text: str, cutoff: float) -> str:
    """The activity whose name is closest to a misspelt one; empty if none is at least `cutoff` per cent alike."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(folded(text), list(activity_spellings()), scorer=fuzz.ratio, score_cutoff=cutoff)
    return activity_spellings()[found[0]] if found else ""
