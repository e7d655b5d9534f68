"""Plain data as the text of a JSON file."""

from __future__ import annotations

import json
from typing import Any

from carbonledger.core.language import printable
from carbonledger.core.plain_data import plain_data

__all__ = ["json_text"]


def json_text(data: Any, encoding: str = "utf-8") -> str:
    """Plain data as JSON; a number that is missing is null, and what a terminal would obey is an escape of JSON.

    Parameters
    ----------
    data : object
        Of mappings, lists, texts and numbers.
    encoding : str
        Of the stream that it is for; a letter that it lacks becomes an escape too.

    Returns
    -------
    str
        Indented, with a line feed at the end.
    """
    text = json.dumps(plain_data(data), ensure_ascii=False, indent=2, default=str, allow_nan=False)
    asked = {letter for letter in set(text) - {"\n"} if printable(letter) != letter or not _encodes(letter, encoding)}
    escapes = {ord(letter): json.dumps(letter)[1:-1] for letter in asked}
    escapes |= {ord("\x7f"): "\\u007f"}
    return text.translate(escapes) + "\n"


def _encodes(letter: str, encoding: str) -> bool:
    """Whether an encoding has a character."""
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
