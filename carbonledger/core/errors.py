"""What can go wrong, and what is merely doubtful.

Two worlds. Misuse of the library raises one of the exceptions below. Defects in the user's data are
values, `Finding`, gathered over the whole input and shown together.

    CarbonLedgerError
    ├── UnitError (ValueError)
    │   ├── UnknownUnitError
    │   └── DimensionError
    ├── PeriodError (ValueError)
    ├── RegionError (ValueError)
    ├── FigureError (ValueError)
    ├── RecordError (ValueError)
    ├── EditionError (ValueError)
    │   └── UnknownEditionError (LookupError)
    ├── FactorError (LookupError)
    │   ├── MissingFactorError
    │   ├── MissingBridgeError
    │   └── AmbiguousFactorError
    ├── UnknownActivityError (LookupError)
    ├── UnknownAxisError (KeyError)
    ├── EntriesError (ValueError)
    ├── InvariantError (AssertionError)
    ├── UncertaintyError (ValueError)
    ├── LockError (ValueError)
    ├── ClosingError (ValueError)
    └── BookError (ValueError)

    IncompleteInventoryWarning (UserWarning)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Lang, printable

__all__ = [
    "AmbiguousFactorError",
    "BookError",
    "CarbonLedgerError",
    "ClosingError",
    "DimensionError",
    "EditionError",
    "EntriesError",
    "FactorError",
    "FigureError",
    "IncompleteInventoryWarning",
    "InvariantError",
    "LockError",
    "MissingBridgeError",
    "MissingFactorError",
    "PeriodError",
    "RecordError",
    "RegionError",
    "UncertaintyError",
    "UnitError",
    "UnknownActivityError",
    "UnknownAxisError",
    "UnknownEditionError",
    "UnknownUnitError",
]

# Nobody reads thousands of problems, and the first ones say what is wrong.
_LISTED = 20


class CarbonLedgerError(Exception):
    """The root of every exception this library raises on purpose.

    Attributes
    ----------
    others : tuple of CarbonLedgerError
        Further problems of the same call, e.g. of other combinations that cannot be resolved.
    """

    others: tuple[CarbonLedgerError, ...] = ()

    @property
    def says(self) -> Message | None:
        """What it says in either language; None if it is said in English only."""
        return self.args[0] if self.args and isinstance(self.args[0], Message) else None

    def text_in(self, lang: Lang = "en") -> str:
        """What is wrong and what to do, in a language as far as the catalogue has it."""
        return "\n".join([self._own_text(lang), *self._listed(lang)])

    def _own_text(self, lang: Lang) -> str:
        """The problem itself, without the others."""
        if self.says:
            return self.says.full_text(lang)
        return printable(str(self.args[0])) if self.args else self.__class__.__name__

    def _listed(self, lang: Lang) -> list[str]:
        """The other problems, a line each under a heading; of very many the first ones, `others` has all."""
        count = len(self.others)
        if not count:
            return []
        head = f"另有 {count:,} 处：" if lang == "zh" else f"and {count:,} more:"
        rest = [f"  …… 共 {count:,} 处" if lang == "zh" else f"  ... {count - _LISTED:,} of them not listed"]
        return [head, *(f"  {other.text_in(lang)}" for other in self.others[:_LISTED]), *rest * (count > _LISTED)]

    def __str__(self) -> str:
        return self.text_in("en")


class UnitError(CarbonLedgerError, ValueError):
    """A unit that cannot be used as asked."""


class UnknownUnitError(UnitError):
    """A unit text that the registry does not know.

    Attributes
    ----------
    text : str
        The unit as the user wrote it.
    neighbours : tuple of str
        Known spellings close to it.
    """

    def __init__(self, message: Message, text: str, neighbours: Sequence[str] = ()) -> None:
        self.text = text
        self.neighbours = tuple(neighbours)
        super().__init__(message)


class DimensionError(UnitError):
    """Two units that cannot be converted into each other."""


class PeriodError(CarbonLedgerError, ValueError):
    """A year, month or day that cannot be read, or a period without a day."""


class RegionError(CarbonLedgerError, ValueError):
    """A text that names no region, or several.

    Attributes
    ----------
    text : str
        The region as the user wrote it.
    candidates : tuple of str
        Codes of the regions that it may mean, or of those spelt most alike.
    """

    def __init__(self, message: Message, text: str, candidates: Sequence[str] = ()) -> None:
        self.text = text
        self.candidates = tuple(candidates)
        super().__init__(message)


class FigureError(CarbonLedgerError, ValueError):
    """A printed number that cannot be read."""


class RecordError(CarbonLedgerError, ValueError):
    """A cell of a record that cannot be read."""


class EditionError(CarbonLedgerError, ValueError):
    """An edition of factors that is damaged or contradicts its catalogue."""


class UnknownEditionError(EditionError, LookupError):
    """An edition id that no factor folder holds."""


class FactorError(CarbonLedgerError, LookupError):
    """A factor that the pinned editions do not give unambiguously."""


class MissingFactorError(FactorError):
    """No pinned edition has a factor for an activity."""


class MissingBridgeError(FactorError):
    """A conversion needs a property of the carrier that no pinned edition has."""


class AmbiguousFactorError(FactorError):
    """Several pinned factors fit equally well."""


class UnknownActivityError(CarbonLedgerError, LookupError):
    """An activity that the taxonomy does not know."""


class UnknownAxisError(CarbonLedgerError, KeyError):
    """An axis that an inventory cannot be viewed along.

    Attributes
    ----------
    axis : str
        As the caller wrote it.
    axes : tuple of str
        Those there are.
    neighbours : tuple of str
        Those most like it.
    """

    def __init__(self, axis: str, axes: Sequence[str], neighbours: Sequence[str] = ()) -> None:
        self.axis, self.axes, self.neighbours = axis, tuple(axes), tuple(neighbours)
        hint = f" Did you mean {' or '.join(self.neighbours)}?" if self.neighbours else ""
        super().__init__(f"no axis {axis!r}.{hint} Axes are {', '.join(self.axes)}.")


class BookError(CarbonLedgerError, ValueError):
    """A company's folder whose settings cannot be used."""


class UncertaintyError(CarbonLedgerError, ValueError):
    """Limits or a rating of uncertainty that cannot be used."""


class LockError(CarbonLedgerError, ValueError):
    """A calculation that would rest on anything else than its lock."""


class ClosingError(CarbonLedgerError, ValueError):
    """A year that cannot be closed, opened again or shown as it was closed."""


class InvariantError(CarbonLedgerError, AssertionError):
    """A law of every inventory that a calculation would break: a defect of the library or of an edition.

    Attributes
    ----------
    invariant : str
        Which law, e.g. ``PARTS_SUM_TO_TOTAL``.
    """

    def __init__(self, invariant: str, message: str) -> None:
        self.invariant = invariant
        super().__init__(
            f"{message} This breaks {invariant}; nothing is printed. Please report it with the editions used."
        )


class IncompleteInventoryWarning(UserWarning):
    """Entries were left out of an inventory because of findings."""


class EntriesError(CarbonLedgerError, ValueError):
    """Findings in the entries that a strict caller does not accept.

    Attributes
    ----------
    findings : tuple of Finding
        All of them, in the order of the file.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.text_in("en"))

    def text_in(self, lang: Lang = "en") -> str:
        """Every finding, a line each, in a language."""
        head = (
            f"数据中有 {len(self.findings)} 处问题："
            if lang == "zh"
            else f"{len(self.findings)} finding(s) in the entries:"
        )
        return "\n".join([head, *(f"  {finding.text(lang)}" for finding in self.findings)])
