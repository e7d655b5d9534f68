"""Names inside a declared space: each must stand in a row of the editions beside it, or the space would quietly be another one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from carbonledger.analysis.spaces import ChoiceRule, Space, SpaceTerm
from carbonledger.errors import BookError
from carbonledger.factors.editions import read_edition
from carbonledger.factors.factor import Factor

__all__ = ["check_names"]


def check_names(space: Space) -> None:
    """Refuse a space with a name that no row of its editions has.

    Parameters
    ----------
    space : Space
        As declared. Whether an edition was known in time does not matter here.

    Raises
    ------
    BookError
        Naming space, term and list of every such name, and what there is.
    """
    faults = [
        f"term {term.name}: {fault}" for term in space.terms for rule in term.rules for fault in _faults(term, rule)
    ]
    if faults:
        raise BookError(f"space {space.id}: {'; '.join(dict.fromkeys(faults))}.")


def _faults(term: SpaceTerm, rule: ChoiceRule) -> Iterator[str]:
    """The names of a rule that no row has."""
    if rule.editions and rule.kind != "nothing":
        rows = _rows(rule.editions, "electricity.grid" if rule.kind == "avoided" else rule.activity or term.activity)
        used = [row for row in rows if rule.kind != "factor" or row.parameter in rule.parameters]
        lists = {
            "regions": (rule.regions, {row.region for row in used}),
            "without": (rule.without, {row.region for row in used}),
            "variants": (rule.variants, {row.variant for row in used}),
            "parameters": (rule.parameters if rule.kind == "factor" else (), {row.parameter for row in rows}),
        }
        for field, (names, known) in lists.items():
            yield from _strange(field, names, known, rule.editions)
    if rule.weights:
        known = {row.activity for row in _rows(rule.weights) if row.parameter.startswith("combined_margin_weight")}
        yield from _strange("weights_of", rule.weights_of, known, rule.weights)


def _rows(editions: Sequence[str], activity: str | None = None) -> list[Factor]:
    """The rows of some editions about an activity, or all."""
    return [row for name in editions for row in read_edition(name).factors(activity)]


def _strange(field: str, names: Sequence[str], known: set[str], editions: Sequence[str]) -> Iterator[str]:
    """The names of one list that are not known, with what there is."""
    there = sorted(known - {""})
    for name in names:
        if name not in known:
            close = get_close_matches(name, there, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            yield f"{field}: no row of {', '.join(editions)} has {name!r}.{hint} There are {', '.join(there) or 'none'}"
