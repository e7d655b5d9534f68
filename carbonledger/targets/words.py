"""Texts of targets in both languages."""

from __future__ import annotations

from carbonledger.core.language import Label

__all__ = ["said"]


def said(key: str, **values: object) -> Label:
    """A label of ``labels.csv`` under ``target_`` with values in its braces; a value that is a label in its language."""
    found = Label.of(f"target_{key}")
    en = {name: value.en or value.zh if isinstance(value, Label) else value for name, value in values.items()}
    zh = {name: value.zh or value.en if isinstance(value, Label) else value for name, value in values.items()}
    return Label(found.en.format(**en), found.zh.format(**zh))
