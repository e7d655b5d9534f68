"""Effects as they are written: a column, a sum of one, or the ratio of two of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from carbonledger.core.findings import Finding

__all__ = ["RESERVED", "EffectTerm", "Term", "effect_terms"]

# Columns of the results, which no effect may be called.
RESERVED = frozenset({"from", "to", "status", "before", "after", "change", "residual"})
_SUM = re.compile(r"sum\((?P<inside>.+)\)")


@dataclass(frozen=True, slots=True)
class Term:
    """A column, or its sum over a period.

    Parameters
    ----------
    column : str
        Of the data.
    is_sum : bool
        Whether the column is summed.
    within : tuple of str
        The levels within whose members it is summed; empty for the whole period.
    """

    column: str
    is_sum: bool = False
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EffectTerm:
    """An effect.

    Parameters
    ----------
    name : str
        What it is called in the results.
    numerator : Term
        What it is.
    denominator : Term or None
        What it is divided by, if it is a ratio.
    """

    name: str
    numerator: Term
    denominator: Term | None = None

    @property
    def terms(self) -> tuple[Term, ...]:
        """Its terms."""
        return (self.numerator,) if self.denominator is None else (self.numerator, self.denominator)


def effect_terms(
    effects: Sequence[str] | Mapping[str, str], columns: Collection[str], levels: Collection[str]
) -> tuple[list[EffectTerm], list[Finding]]:
    """The effects, and what cannot be read of them.

    Parameters
    ----------
    effects : sequence of str, or mapping of str to str
        Columns, sums ``sum(energy)``, ``sum(energy, entity)``, or ratios ``energy / sum(energy, entity)``; a mapping gives each a name.
    columns : collection of str
        Of the data.
    levels : collection of str
        The columns that name a category.

    Returns
    -------
    tuple of list of EffectTerm and list of Finding
    """
    given = dict(effects) if isinstance(effects, Mapping) else {text: text for text in effects}
    found, findings = [], []
    if not given or len(given) != len(effects):
        findings.append(Finding.of("DECOMPOSITION.names", names=tuple(map(str, effects))))
    for name, text in given.items():
        if name in RESERVED or name in levels:
            findings.append(Finding.of("DECOMPOSITION.reserved", name=name))
            continue
        pieces = [text] if text in columns else [piece.strip() for piece in str(text).split("/")]
        terms = [_term(piece, columns, levels) for piece in pieces]
        known = [term for term in terms if term is not None]
        if not 1 <= len(terms) <= 2 or len(known) < len(terms):
            findings.append(
                Finding.of("DECOMPOSITION.effect", effect=name, text=str(text), columns=tuple(sorted(columns)))
            )
        else:
            found.append(EffectTerm(name, *known))
    return found, findings


def _term(text: str, columns: Collection[str], levels: Collection[str]) -> Term | None:
    """A term; None if it cannot be read."""
    if text in columns:
        return Term(text)
    matched = _SUM.fullmatch(text)
    if matched is None:
        return None
    if matched["inside"] in columns:
        return Term(matched["inside"], is_sum=True)
    column, *within = (part.strip() for part in matched["inside"].split(","))
    if column not in columns or not within or not set(within) <= set(levels):
        return None
    return Term(column, is_sum=True, within=tuple(within))
