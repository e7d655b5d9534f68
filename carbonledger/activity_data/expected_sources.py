"""The sources that a book expects data of, against those that its entries name: a source that nobody entered is a gap.

References
----------
ISO 14064-1:2018, 5.2 and 9.3.1; ISO 14064-3:2019: the list of sources reconciles to what was counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from carbonledger.core.activities import ancestors, find_activity
from carbonledger.core.errors import UnknownActivityError
from carbonledger.core.language import Label
from carbonledger.core.strict_fields import RECORD, Name

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ExpectedSource", "without_entries"]

_PARTS = ("entity", "site", "source")


def _activity(text: str) -> str:
    """The name of an activity, however it is written."""
    try:
        return find_activity(text).name
    except UnknownActivityError as error:
        raise PydanticCustomError(
            "unknown_activity", "unknown activity", {"problem": error.says or str(error)}
        ) from error


@dataclass(frozen=True, slots=True, config=RECORD)
class ExpectedSource:
    """A source that the company has, of which every reporting year needs data.

    Parameters
    ----------
    activity : str
        What is used: a name of the taxonomy, or any text that names one. An entry of a more special activity is one of it.
    entity, site, source : str
        Where: the company, the site, the meter or tank as entries name them; one that is not stated is any.
    """

    activity: Annotated[Name, AfterValidator(_activity)]
    entity: str = ""
    site: str = ""
    source: str = ""

    @property
    def label(self) -> Label:
        """The source in words, as findings about months name one."""
        text = " / ".join(part for part in (self.entity, self.site, self.source, self.activity) if part)
        return Label(text, text)

    def is_of(self, entity: str, site: str, source: str, activity: str) -> bool:
        """Whether entries of a company, site, source and activity are of this source."""
        named = zip((self.entity, self.site, self.source), (entity, site, source), strict=True)
        return all(own in {"", other} for own, other in named) and self.activity in {activity, *ancestors(activity)}


def without_entries(frame: pd.DataFrame, sources: Iterable[ExpectedSource]) -> tuple[ExpectedSource, ...]:
    """The sources of which there is no entry.

    Parameters
    ----------
    frame : pandas.DataFrame
        The entries of a reporting year.
    sources : iterable of ExpectedSource
        What is expected.

    Returns
    -------
    tuple of ExpectedSource
        In the order of `sources`.
    """
    present = list(frame[[*_PARTS, "activity"]].drop_duplicates().itertuples(index=False, name=None))
    return tuple(item for item in sources if not any(item.is_of(*map(str, key)) for key in present))
