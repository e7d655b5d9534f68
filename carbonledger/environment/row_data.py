"""Figures, concentrations and levels of the environmental registers as plain data."""

from __future__ import annotations

from typing import Any

from carbonledger.core.language import Lang
from carbonledger.core.periods import Period
from carbonledger.disclosure.figures import Figure
from carbonledger.environment.measured import Measured
from carbonledger.environment.noise import Level
from carbonledger.environment.vocabulary import word_label

__all__ = ["figure_data", "level_data", "measured_data", "period_text"]


def period_text(period: Period) -> str:
    """A day, month, year or span of days as it is printed."""
    return str(period.start) if period.days == 1 else str(period)


def figure_data(figure: Figure, lang: Lang) -> dict[str, Any]:
    """A figure as plain data."""
    value = figure.value if isinstance(figure.value, float) else None
    return {
        "value": value,
        "known_part": figure.known_part,
        "unit": figure.unit,
        "status": figure.status,
        "reason": figure.reason.text(lang),
    }


def measured_data(row: Measured, lang: Lang) -> dict[str, Any]:
    """A concentration as plain data."""
    words = "air_pollutant" if row.unit.startswith("mg/") and row.unit != "mg/L" else "water_pollutant"
    return {
        "point": row.point,
        "pollutant": row.pollutant,
        "label": word_label(words, row.pollutant).text(lang),
        "value": row.value,
        "detection_limit": row.detection,
        "unit": row.unit,
        "stated": row.text,
        "period": period_text(row.period),
        "conditions": row.conditions,
        **_limit_data(row),
    }


def level_data(row: Level, lang: Lang) -> dict[str, Any]:
    """A level as plain data."""
    return {
        "point": row.point,
        "day_or_night": row.day_or_night,
        "label": word_label("day_or_night", row.day_or_night).text(lang),
        "level_dba": row.level_dba,
        "time": row.time,
        "period": period_text(row.period),
        **_limit_data(row),
    }


def _limit_data(row: Measured | Level) -> dict[str, Any]:
    """A limit with the comparison, and where the row stands."""
    limit = row.limit
    return {
        "verdict": row.verdict,
        "standard": limit.standard if limit else "",
        "clause": limit.clause if limit else "",
        "class": limit.category if limit else "",
        "limit_lower": limit.lower if limit else None,
        "limit_upper": limit.upper if limit else None,
        "limit_unit": limit.unit if limit else "",
        "limit_confidence": limit.confidence if limit else "",
        "entity": row.entity,
        "site": row.site,
        "note": row.note,
        "file": row.place.file,
        "row": row.place.row,
    }
