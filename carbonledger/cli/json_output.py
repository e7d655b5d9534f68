"""Plain data on standard output as JSON."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["print_json"]


def print_json(data: Any) -> None:
    """Plain data on standard output; a number that is missing is null, and what a terminal would obey is an escape of JSON."""
    from carbonledger.reporting.json_text import json_text

    sys.stdout.write(json_text(data, sys.stdout.encoding or "utf-8"))
