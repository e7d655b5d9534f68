"""A line derived step by step: entry, formula, units, factors, sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from carbonledger.core.activities import taxonomy
from carbonledger.core.language import counted, printable
from carbonledger.core.rounding import decimal_of
from carbonledger.factors.ages import age_remark
from carbonledger.factors.factor import Edition, Factor
from carbonledger.factors.gases import gas_group
from carbonledger.factors.partial_editions import partial_statement
from carbonledger.inventory.coefficients import ROUNDING, GasCoefficient, PlanRow, Step

__all__ = ["Derivation", "Explanation", "Source", "explain_row"]


@dataclass(frozen=True, slots=True)
class Derivation:
    """One formula with its result.

    Parameters
    ----------
    quantity : str
        What is derived, e.g. ``CO2``.
    formula : str
        Numbers and units as published.
    value : float
        The unrounded result.
    unit : str
        Its unit.
    """

    quantity: str
    formula: str
    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.quantity}: {self.formula} = {decimal_of(self.value).normalize():f} {self.unit}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where one factor of a derivation stands.

    Parameters
    ----------
    factor : str
        Edition and factor id.
    value, unit : str
        As published.
    place : str
        Publisher, document and place in it.
    match : str
        How it was found.
    confidence : str
        How sure we are of the figure.
    status : str
        Of the edition: current, superseded or withdrawn.
    remark : str
        The age that the book allows to the edition's figures, with its reason; empty if the edition's own holds.
    partial : str
        What a partial edition carries of its document; empty if it is not partial.
    """

    factor: str
    value: str
    unit: str
    place: str
    match: str
    confidence: str
    status: str
    remark: str = ""
    partial: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """Everything behind one line.

    Parameters
    ----------
    entry : dict
        The entry's own cells.
    scope : int or None
        Where the line counts.
    derivations : tuple of Derivation
        Energy, each gas, CO2e.
    sources : tuple of Source
        The factors used.
    remark : str
        What the standards say, where there is no formula.
    """

    entry: dict[str, Any]
    activity: str
    scope: int | None
    derivations: tuple[Derivation, ...]
    sources: tuple[Source, ...]
    remark: str = ""

    def __repr__(self) -> str:
        scope = f"scope {self.scope}" if self.scope else "no scope"
        sources = counted(len(self.sources), "source")
        return f"Explanation({self.activity}, {scope}, {counted(len(self.derivations), 'derivation')}, {sources})"

    def _repr_html_(self) -> str:
        """The text of the derivation, for notebooks."""
        return f"<pre>{escape(str(self))}</pre>"

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        place = ", ".join(str(self.entry[name]) for name in ("file", "sheet", "row") if self.entry.get(name))
        head = f"{self.activity}, scope {self.scope}" + (f" ({place})" if place else "")
        lines = [head, *([f"  entry: {self.entry['note']}"] if self.entry.get("note") else [])]
        lines += [f"  {derivation}" for derivation in self.derivations]
        if self.remark:
            lines.append(f"  {self.remark}")
        for source in self.sources:
            unit = "" if source.unit == "1" else f" {source.unit}"
            facts = f"{source.match}; confidence {source.confidence}; {source.status}"
            lines.append(
                f"  {source.factor} = {source.value}{unit} ({facts}{'; partial edition' if source.partial else ''})"
            )
            partial = f"partial edition: {source.partial}" if source.partial else ""
            lines += [f"    {text}" for text in (source.place, source.remark, partial) if text]
        return "\n".join(map(printable, lines))


def explain_row(
    entry: dict[str, Any], row: PlanRow, editions: Mapping[str, Edition], share: float | None = None
) -> Explanation:
    """The derivation of one line.

    Parameters
    ----------
    entry : dict
        The cells of the entry, ``amount`` among them.
    row : PlanRow
        Its coefficients.
    editions : mapping of str to Edition
        Where its factors stand, by id.
    share : float or None
        The share of its company at which the amount was consolidated, if it was.

    Returns
    -------
    Explanation
    """
    amount = float(entry["amount"])
    start = f"{decimal_of(amount):f} {row.unit}"
    if share:
        start = (
            f"{decimal_of(amount / share):f} {row.unit} × {decimal_of(share):f} (share of {entry.get('entity', '')})"
        )
    derivations: list[Derivation] = []
    if row.energy_gj is not None:
        derivations.append(Derivation("energy", _formula(start, row.energy_steps), amount * row.energy_gj, "GJ"))
    if row.standard_coal_tce is not None:
        formula = _formula(start, row.coal_steps)
        derivations.append(Derivation("standard coal (coefficient)", formula, amount * row.standard_coal_tce, "tce"))
    for gas in row.gases:
        derivations += _of_gas(gas, row, amount, start)
    known = taxonomy()[row.activity]
    why = (
        "a register beside the inventory, in no scope" if known.kind == "register" else "no emissions by the standards"
    )
    remark = "" if row.gases else f"{why}: {known.label_en.lower()}"
    return Explanation(entry, row.activity, row.scope, tuple(derivations), _sources(row, editions), remark)


def _of_gas(gas: GasCoefficient, row: PlanRow, amount: float, start: str) -> Iterator[Derivation]:
    """The formulas of one gas: its tonnes, and their CO2e."""
    if gas.gas == ROUNDING:
        whole, formula = amount * row.emissions_tco2e, _formula(start, gas.steps)
        yield Derivation("CO2e as published", formula, whole, "t CO2e")
        rest = f"{decimal_of(whole):f} t CO2e - {decimal_of(whole - amount * gas.tco2e):f} t CO2e of the gases"
        yield Derivation("publisher's rounding", rest, amount * gas.tco2e, "t CO2e")
        return
    yield Derivation(gas.gas, _formula(start, gas.steps), amount * gas.tonnes, f"t {gas.gas}")
    if gas.gwp is not None:
        formula = f"{decimal_of(amount * gas.tonnes):f} t {gas.gas} × {gas.gwp.value_text} (GWP)"
        counts = bool(gas_group(gas.gas))
        value = amount * (gas.tco2e if counts else gas.tonnes * gas.gwp.value)
        unit = "t CO2e" if counts else "t CO2e, in no total: it is none of the seven gases"
        yield Derivation("CO2e", formula, value, unit)


def _formula(start: str, steps: tuple[Step, ...]) -> str:
    """Amount and steps as one text."""
    return " ".join([start, *(step.text for step in steps)])


def _sources(row: PlanRow, editions: Mapping[str, Edition]) -> tuple[Source, ...]:
    """Every factor of a row once."""
    steps = [step for gas in row.gases for step in gas.steps] + [*row.energy_steps, *row.coal_steps]
    kinds = {step.factor: step.kind for step in steps if step.factor}
    return tuple(_source(factor, editions[factor.edition], kinds.get(factor, "named")) for factor in row.factors)


def _source(factor: Factor, edition: Edition, match: str) -> Source:
    """One factor with its publisher's words."""
    unit = factor.unit if not factor.gas or factor.unit == "1" else factor.unit.replace("/", f" {factor.gas}/", 1)
    place = "; ".join(part for part in (edition.publisher, edition.document, factor.source_locator) if part)
    known = partial_statement(factor.edition)
    return Source(
        factor.reference,
        factor.value_text,
        unit,
        place,
        match,
        factor.confidence,
        edition.status,
        age_remark(edition),
        known.en if known else "",
    )
