"""Published rates and thresholds of targets: ``benchmarks.csv``, each with its source and how sure it is."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from carbonledger.core.language import Label, Lang
from carbonledger.targets.paths import (
    SHAPES,
    Shape,
    compound_reduction_percent,
    linear_reduction_percent,
)

__all__ = ["Benchmark", "benchmarks", "published_rates"]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published rate or threshold.

    Parameters
    ----------
    id : str
        As a target names it.
    quantity : {"rate", "reduction", "years", "share"}
        What it is.
    value : float
        In `unit`.
    unit : Label
        Of the value.
    shape : {"", "linear", "compound"}
        Of a rate, whether it is of the base or of the year before.
    counted_from : int or None
        The year from which a minimum reduction is counted where the base year is later.
    name : Label
        What it is called.
    publisher, document : Label
        Who published it, and in which document.
    place : str
        Where in it.
    confidence : {"", "issuer", "secondary", "unopened"}
        How sure that is: seen at the issuer, in texts of others, or not opened for this library; empty for a convention of the library.
    note : Label
        What is to be minded.
    """

    id: str
    quantity: str
    value: float
    unit: Label
    shape: str
    counted_from: int | None
    name: Label
    publisher: Label
    document: Label
    place: str
    confidence: str
    note: Label

    @property
    def path_shape(self) -> Shape:
        """The shape of the path at this rate."""
        return next((shape for shape in SHAPES if shape == self.shape), "linear")

    def reduction_percent(self, base_year: int, target_year: int) -> float:
        """The reduction of a base that this rate asks for between two years [%].

        Examples
        --------
        >>> rate = benchmarks()["sbti-absolute-1.5c"]
        >>> rate.reduction_percent(2020, 2030), rate.reduction_percent(2022, 2030), rate.reduction_percent(2025, 2030)
        (42.0, 42.0, 42.0)
        """
        first = base_year if self.counted_from is None else min(base_year, self.counted_from)
        years = target_year - first
        if self.shape == "compound":
            return compound_reduction_percent(self.value, years)
        return linear_reduction_percent(self.value, years)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data with the source."""
        return {
            "id": self.id,
            "name": self.name.text(lang),
            "value": self.value,
            "unit": self.unit.text(lang),
            "publisher": self.publisher.text(lang),
            "document": self.document.text(lang),
            "place": self.place,
            "confidence": self.confidence,
            "note": self.note.text(lang),
        }


@cache
def benchmarks() -> Mapping[str, Benchmark]:
    """Every published rate and threshold by its id."""
    text = resources.files("carbonledger.targets").joinpath("benchmarks.csv").read_text(encoding="utf-8")
    return {row["id"]: _benchmark(row) for row in csv.DictReader(text.splitlines())}


def _benchmark(row: Mapping[str, str]) -> Benchmark:
    """A row of the table."""
    return Benchmark(
        row["id"],
        row["quantity"],
        float(row["value"]),
        Label(row["unit_en"], row["unit_zh"]),
        row["shape"],
        int(row["counted_from"]) if row["counted_from"] else None,
        Label(row["name_en"], row["name_zh"]),
        Label(row["publisher_en"], row["publisher_zh"]),
        Label(row["document_en"], row["document_zh"]),
        row["place"],
        row["confidence"],
        Label(row["note_en"], row["note_zh"]),
    )


def published_rates() -> tuple[str, ...]:
    """The ids of the rates that a target may name."""
    return tuple(name for name, item in benchmarks().items() if item.quantity == "rate")
