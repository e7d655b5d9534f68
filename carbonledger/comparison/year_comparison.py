"""Everything that is said of two years: changes along each axis, like for like, and what keeps them from being compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from carbonledger.comparison.basis import Basis, YearFacts, basis_of
from carbonledger.comparison.like_for_like import LikeForLike
from carbonledger.comparison.repricing import repriced, years_between
from carbonledger.comparison.year_on_year import compare
from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, word
from carbonledger.core.plain_data import plain_data
from carbonledger.core.relative_change import RelativeChange, relative_change
from carbonledger.inventory.completeness import CompletenessStatement
from carbonledger.inventory.inventory import Inventory

__all__ = ["ComparedYear", "YearComparison", "like_for_like"]


@dataclass(frozen=True)
class ComparedYear:
    """One of the two years.

    Parameters
    ----------
    inventory : Inventory
        At its own factors.
    facts : YearFacts
        What is known of it beside its lines.
    completeness : CompletenessStatement
        Of the year as a whole.
    market_based_tco2e : float or None
        Gross emissions with scope 2 market-based, as the year reports them; None if it does not, or leaves entries out.
    """

    inventory: Inventory[Any]
    facts: YearFacts
    completeness: CompletenessStatement
    market_based_tco2e: float | None = None


@dataclass(frozen=True)
class YearComparison:
    """Two years held against each other.

    Parameters
    ----------
    previous, current : ComparedYear
        The earlier year first.
    state : Label or None
        Which state of the earlier year this is, where that is known.
    """

    previous: ComparedYear
    current: ComparedYear
    state: Any = field(default=None)

    def __repr__(self) -> str:
        total = self.like_for_like.total
        parts = (total.as_reported, total.previous_factors, total.current_factors)
        shown = " / ".join("-" if item.percent != item.percent else f"{item.percent:+.2f} %" for item in parts)
        return f"YearComparison({self.previous.facts.label} to {self.current.facts.label}: {shown})"

    @cached_property
    def basis(self) -> Basis:
        """What the two years have in common, and what not."""
        return basis_of(self.previous.inventory, self.current.inventory, self.previous.facts, self.current.facts)

    def by(self, axis: str) -> Any:
        """The changes of energy and emissions along an axis, see `carbonledger.compare`."""
        return compare(self.previous.inventory, self.current.inventory, axis, basis=self.basis)

    @cached_property
    def like_for_like(self) -> LikeForLike:
        """As reported, at the factors of the earlier year, and at those of the later one."""
        return like_for_like(
            self.previous.inventory,
            self.current.inventory,
            before=self.previous.facts,
            now=self.current.facts,
            basis=self.basis,
        )

    @cached_property
    def perimeter(self) -> LikeForLike | None:
        """The same of the companies that both years have; None where both have the same ones, or none is in both."""
        if not (self.basis.perimeter_moved and self.basis.companies):
            return None
        return self.like_for_like.within(self.basis.companies)

    @cached_property
    def market_based(self) -> RelativeChange:
        """The change of the total with scope 2 market-based, as reported; missing if one of the years does not state it."""
        found = relative_change(self.previous.market_based_tco2e, self.current.market_based_tco2e)
        return found.withheld(self.basis.withheld) if self.basis.withheld else found

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What keeps the two from being compared, and what is left at its own factor."""
        return (*self.basis.findings, *self.like_for_like.findings)

    @property
    def exit_code(self) -> int:
        """How a command ends that shows it: 1 if one of the years is incomplete or in doubt by an error, or a finding is one."""
        years = self.previous.completeness, self.current.completeness
        return int(any(item.exit_code for item in years) or any(item.severity == "error" for item in self.findings))

    def statement(self, lang: Lang) -> list[str]:
        """The statements of completeness of both years, each headed by its year."""
        return [
            word("compare_statement", lang, year=_text(item, lang), line=line)
            for item in (self.previous, self.current)
            for line in item.completeness.lines(lang)
        ]

    def claims(self, lang: Lang) -> list[str]:
        """What a text may say of the total, a sentence for each of the three numbers, and what they do not cover."""
        total, years = self.like_for_like.total, self.year_texts(lang)
        kept = self.like_for_like.kept_tco2e
        lines = [word(f"compare_use_{name}", lang, **years) for name in ("as_reported", "previous", "current")]
        if any(kept) and total.as_reported.convention != "missing":
            lines.append(
                word("compare_kept", lang, **years, current_tonnes=f"{kept[0]:,.2f}", tonnes=f"{kept[1]:,.2f}")
            )
        return [*lines, word("compare_location_based", lang)]

    def year_texts(self, lang: Lang) -> dict[str, str]:
        """What the two years are called: ``previous`` and ``current``."""
        return {"previous": _text(self.previous, lang), "current": _text(self.current, lang)}

    def like_for_like_data(self, axes: Sequence[str] = ("scope", "activity")) -> dict[str, Any]:
        """Like for like as plain data: ``total``, ``perimeter``, ``by_`` each axis, and what is left at its own factor."""
        found, perimeter = self.like_for_like, self.perimeter
        kept = found.kept_tco2e
        return {
            "scope_2_method": "location-based",
            "total": found.total.to_dict(),
            "kept_at_own_factor_tco2e": {"current": kept[0], "previous": kept[1]},
            "perimeter": {"companies": list(self.basis.companies), **perimeter.total.to_dict()} if perimeter else None,
            **{f"by_{axis}": _records(found.by(axis)) for axis in axes},
        }

    def to_dict(self, lang: Lang = "en", axes: Sequence[str] = ("scope", "activity", "line")) -> dict[str, Any]:
        """Plain data for JSON.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.
        axes : sequence of str
            Along what the changes are given.

        Returns
        -------
        dict
            Unrounded numbers, units in the names; a number that is missing is null.
        """
        market = self.market_based
        data = {
            "previous": self._side(self.previous, lang),
            "current": self._side(self.current, lang),
            "compared_state": self.state.text(lang) if self.state else None,
            "complete": self.previous.completeness.complete and self.current.completeness.complete,
            "exit_code": self.exit_code,
            "statement": self.statement(lang),
            "percentages_withheld": self.basis.withheld,
            "claims": self.claims(lang),
            "market_based": {
                "emissions_tco2e_previous": self.previous.market_based_tco2e,
                "emissions_tco2e_current": self.current.market_based_tco2e,
                "as_reported_change_tco2e": market.change,
                "as_reported_change_percent": market.percent,
                "as_reported_convention": market.convention,
            },
            "changes": {axis: _records(self.by(axis)) for axis in axes},
            "like_for_like": self.like_for_like_data(axes),
            "findings": [finding.to_dict(lang) for finding in self.findings],
        }
        plain: dict[str, Any] = plain_data(data)
        return plain

    def _side(self, item: ComparedYear, lang: Lang) -> dict[str, Any]:
        """One of the years as plain data."""
        return {
            "year": item.facts.year,
            "gwp_set": item.inventory.gwp.edition,
            "approach": item.facts.approach or None,
            **item.completeness.to_dict(lang),
        }


def like_for_like(
    previous: Inventory[Any],
    current: Inventory[Any],
    *,
    before: YearFacts | None = None,
    now: YearFacts | None = None,
    basis: Basis | None = None,
) -> LikeForLike:
    """Two years as reported and like for like.

    Parameters
    ----------
    previous, current : Inventory
        The two years, each at its own factors.
    before, now : YearFacts, optional
        What is known beside them; their ``year`` decides how many years lie between them, else the years of the entries do.
    basis : Basis, optional
        Whether percentages between the two are right; by default from the inventories and what is known beside them.

    Returns
    -------
    LikeForLike
        Each year also priced by the factors, GWP set and vintages of the other.
    """
    facts = before or YearFacts(), now or YearFacts()
    stated = [item.year for item in facts]
    years = stated[1] - stated[0] if stated[0] and stated[1] else years_between(previous, current)
    labels = [item.label for item in facts]
    return LikeForLike(
        previous,
        current,
        repriced(current, previous, -years, labels[1], labels[0]),
        repriced(previous, current, years, labels[0], labels[1]),
        basis or basis_of(previous, current, *facts),
    )


def _text(item: ComparedYear, lang: Lang) -> str:
    """What a year is called."""
    label = item.facts.label
    return label if isinstance(label, str) else label.text(lang)


def _records(frame: Any) -> list[Mapping[str, Any]]:
    """The rows of a frame of any kind."""
    import narwhals as nw

    return list(nw.from_native(frame).rows(named=True))
