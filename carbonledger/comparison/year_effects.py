"""Why emissions changed from one year to the next: activity, intensity, structure, factors, boundary and method, without a rest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from carbonledger.comparison.lmdi import Method
from carbonledger.comparison.two_years import Category
from carbonledger.core.activities import taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang, word
from carbonledger.core.plain_data import plain_data
from carbonledger.core.record_html import figure_text, record_html, table_html

__all__ = ["WITHOUT_DRIVER", "WITH_DRIVER", "DriverChange", "SourceEffects", "YearEffects"]

# The effects in the order in which they are shown; without a driver, energy use stands for activity and intensity.
WITH_DRIVER = ("method", "boundary", "activity", "intensity", "companies", "carriers", "other_amounts", "factor")
WITHOUT_DRIVER = ("method", "boundary", "energy_use", "companies", "carriers", "other_amounts", "factor")
_LAW = 1e-9


@dataclass(frozen=True, slots=True)
class DriverChange:
    """The driver of activity in two years.

    Parameters
    ----------
    label : Label
        What it is, e.g. production.
    previous, current : float
        In `unit`; above 0.
    unit : str
        As the books print it.
    """

    label: Label
    previous: float
    current: float
    unit: str


@dataclass(frozen=True, slots=True)
class SourceEffects:
    """A carrier, or a source without energy, of a company.

    Parameters
    ----------
    category : Category
        Which.
    before, after : float
        t CO2e as each year reports it.
    effects : mapping of str to float
        t CO2e by effect; they sum to the change.
    """

    category: Category
    before: float
    after: float
    effects: Mapping[str, float]

    @property
    def status(self) -> str:
        """``new``, ``ended`` or ``continuing``."""
        return "new" if not self.before and self.after else "ended" if self.before and not self.after else "continuing"


@dataclass(frozen=True, repr=False)
class YearEffects:
    """The change of gross emissions, scope 2 location-based, from one year to the next by effect.

    Parameters
    ----------
    years : tuple of int
        The earlier and the later one.
    method : {"lmdi-i", "lmdi-ii"}
        The weights.
    before, after : float
        Totals as each year reports them, t CO2e; not a number where the change cannot be decomposed.
    effects : mapping of str to float
        t CO2e by effect, in the order of `WITH_DRIVER` or `WITHOUT_DRIVER`; empty where the change cannot be decomposed.
    driver : DriverChange or None
        What activity is measured by; None if activity and intensity are one effect, energy use.
    sources : tuple of SourceEffects
        By company and carrier.
    came, went, shared : tuple of str
        Companies that came, that went, and whose share changed.
    method_changes : tuple of Label
        What is calculated otherwise.
    findings : tuple of Finding
        Why there is no decomposition, or what is to be known of it.
    """

    years: tuple[int, int]
    method: Method
    before: float = math.nan
    after: float = math.nan
    effects: Mapping[str, float] = field(default_factory=dict)
    driver: DriverChange | None = None
    sources: tuple[SourceEffects, ...] = ()
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    method_changes: tuple[Label, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        moved = ", ".join(f"{name} {value:+.2f}" for name, value in self.effects.items())
        return f"YearEffects({self.years[0]} to {self.years[1]}: {moved or 'not decomposed'})"

    @property
    def possible(self) -> bool:
        """Whether the change could be decomposed."""
        return bool(self.effects)

    @property
    def change(self) -> float:
        """After less before, t CO2e."""
        return self.after - self.before

    @property
    def residual(self) -> float:
        """What the effects leave of the change, t CO2e: 0 but for binary arithmetic."""
        found = self.change - math.fsum(self.effects.values())
        return 0.0 if abs(found) <= _LAW * max(self.before, self.after) else found

    @property
    def shown(self) -> tuple[str, ...]:
        """The effects that can be other than 0 here: those that nothing in either year could move are left out."""
        several = len({item.category.entity for item in self.sources} - {*self.came, *self.went}) > 1
        asked = {
            "method": bool(self.method_changes),
            "boundary": bool(self.came or self.went or self.shared),
            "companies": several,
            "other_amounts": any(not item.category.has_energy for item in self.sources),
        }
        return tuple(name for name in self.effects if asked.get(name, True))

    @property
    def exit_code(self) -> int:
        """How a command ends that shows it: 1 if it could not be decomposed, else 0."""
        return int(any(finding.severity == "error" for finding in self.findings))

    def to_dict(self, lang: Lang = "en", entity_names: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Plain data for JSON, unrounded.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.
        entity_names : mapping of str to str, optional
            What to print for each company.

        Returns
        -------
        dict
            ``effects`` with ``effect``, ``label``, ``tco2e`` and ``percent_of_before``; ``sources`` by company and carrier.
        """
        names = entity_names or {}
        effects = [
            {
                "effect": name,
                "label": word(f"effect_{name}", lang),
                "tco2e": value,
                "percent_of_before": value / self.before * 100 if self.before else None,
            }
            for name, value in self.effects.items()
        ]
        driver = None if self.driver is None else {**asdict(self.driver), "label": self.driver.label.text(lang)}
        sources = [
            {
                **item.category._asdict(),
                "name": names.get(item.category.entity, item.category.entity),
                "label": taxonomy()[item.category.activity].label(lang),
                "status": item.status,
                "before_tco2e": item.before,
                "after_tco2e": item.after,
                **{f"{name}_tco2e": value for name, value in item.effects.items()},
            }
            for item in self.sources
        ]
        plain: dict[str, Any] = plain_data(
            {
                "previous": self.years[0],
                "year": self.years[1],
                "method": self.method,
                "scope_2_method": "location-based",
                "possible": self.possible,
                "driver": driver,
                "before_tco2e": self.before,
                "after_tco2e": self.after,
                "change_tco2e": self.change,
                "effects": effects,
                "residual_tco2e": self.residual if self.possible else None,
                "companies": {"came": self.came, "went": self.went, "share_changed": self.shared},
                "method_changes": [item.text(lang) for item in self.method_changes],
                "sources": sources,
                "findings": [finding.to_dict(lang) for finding in self.findings],
            }
        )
        return plain

    def to_html(self, lang: Lang = "en") -> str:
        """The effects as a notebook shows them, in a language."""
        title = word("effects_title", lang, previous=str(self.years[0]), current=str(self.years[1]))
        rows = [(word(f"effect_{name}", lang), figure_text(self.effects[name])) for name in self.shown]
        ends = [(str(self.years[0]), figure_text(self.before)), *rows, (str(self.years[1]), figure_text(self.after))]
        heads = (word("effect", lang), word("emissions", lang))
        table = table_html(heads, ends if self.possible else (), (1,))
        return record_html(lang, title, [finding.text(lang) for finding in self.findings], table)

    def _repr_html_(self) -> str:
        return self.to_html()
