"""The marks that git leaves in a file where two people changed the same lines, and nobody has decided yet."""

from __future__ import annotations

import re

__all__ = ["conflict_rows"]

_MARK = re.compile(r"(?:<{7}|>{7}|\|{7})(?: |$)")


def conflict_rows(text: str) -> tuple[int, ...]:
    r"""The lines that such marks stand on, counted from 1; none in a file that is decided.

    Examples
    --------
    >>> conflict_rows("a,b\n<<<<<<< ours\n1,2\n=======\n1,3\n>>>>>>> theirs\n")
    (2, 6)
    """
    if "<<<<<<<" not in text and ">>>>>>>" not in text and "|||||||" not in text:
        return ()
    return tuple(number for number, line in enumerate(text.splitlines(), start=1) if _MARK.match(line))
