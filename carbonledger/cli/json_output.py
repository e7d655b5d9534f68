"""Plain data on standard output as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from carbonledger.core.language import printable
from carbonledger.core.plain_data import plain_data

__all__ = ["print_json"]


def print_json(data: Any) -> None:
    """Plain data on standard output; a number that is missing is null, and what a terminal would obey is an escape of JSON."""
    text = json.dumps(plain_data(data), ensure_ascii=False, indent=2, default=str, allow_nan=False)
    encoding = sys.stdout.encoding or "utf-8"
    asked = {letter for letter in set(text) - {"\n"} if printable(letter) != letter or not _encodes(letter, encoding)}
    escapes = {ord(letter): json.dumps(letter)[1:-1] for letter in asked}
    escapes |= {ord("\x7f"): "\\u007f"}
    sys.stdout.write(text.translate(escapes) + "\n")


def _encodes(letter: str, encoding: str) -> bool:
    """Whether an encoding has a character."""
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
