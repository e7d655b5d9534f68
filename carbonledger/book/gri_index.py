"""The GRI content index of a book's year, against the index that its report printed."""

from __future__ import annotations

from collections.abc import Sequence

from carbonledger.book.disclosures import disclosure_of
from carbonledger.book.folder import SETTINGS
from carbonledger.book.stated_year import StatedYear
from carbonledger.disclosure.answers import Disclosure
from carbonledger.disclosure.gri_claims import read_claims
from carbonledger.disclosure.gri_index import GriIndex, gri_index

__all__ = ["IndexedYear"]

# What stands in the settings, each with its table.
_IN_SETTINGS = {"drivers": "driver", "savings": "saving", "targets": "target"}


class IndexedYear(StatedYear):
    """A report of a book's year that also has a GRI content index."""

    def gri_index(self) -> GriIndex:
        """Each GRI disclosure with how far the book fills it, and what the printed index claims of it.

        Returns
        -------
        GriIndex
            Its ``rows`` have status, open datapoints, place and verdict; ``to_dict(lang)`` for plain data.
        """
        name = self.book.settings.files.gri_index
        claims = read_claims(self.book.folder / name) if name else None
        return gri_index(self._answered, self.year, self._files_of, claims)

    def _answered(self, framework: str) -> Disclosure:
        """A framework answered from this year."""
        return disclosure_of(self, self.book.settings, None, framework)

    def _files_of(self, key: str) -> Sequence[str]:
        """What of the book is behind a name: its files, or a table of its settings."""
        if key in _IN_SETTINGS:
            return (f"{SETTINGS} [[{_IN_SETTINGS[key]}]]",) if getattr(self.book.settings, key) else ()
        found = getattr(self.book.settings.files, key)
        return found if isinstance(found, tuple) else ((found,) if found else ())
