"""The base year of a company, its policy of recalculation, and the events that may call for one, as a book states them.

References
----------
GHG Protocol Corporate Standard (2004), chapter 5, and its appendix on base year recalculation methodologies (2005); ISO 14064-1:2018, 6.4.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass as plain_record
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.strict_fields import RECORD, Day, Listed, Name, Number, Truth, Whole, Year, each_once

__all__ = ["BaseYearEvent", "BaseYearPolicy", "EventKind", "KindRule", "Recalculation", "kind_rules"]

EventKind = Literal[
    "acquisition",
    "merger",
    "divestment",
    "outsourcing",
    "insourcing",
    "method",
    "factor",
    "error",
    "organic_growth",
    "opening",
    "closing",
    "new_factor_reflecting_reality",
]
_EFFECTS = ("scope_1_tco2e", "scope_2_location_based_tco2e", "scope_2_market_based_tco2e", "scope_3_tco2e")


@plain_record(frozen=True, slots=True)
class KindRule:
    """What the standards say of a kind of event.

    Parameters
    ----------
    recalculates : {"if_significant", "unless_reported", "never", "never_real"}
        Whether it may call for a recalculation; ``never_real`` is a factor that reflects a real change over time.
    structural : bool
        Whether it changes who owns, controls or does what, so that the pro-rata option concerns it.
    sign : int
        Of its effect on the base year: 1 adds, -1 takes away, 0 either.
    clause : Label
        Where the standards say so.
    """

    recalculates: str
    structural: bool
    sign: int
    clause: Label


@cache
def kind_rules() -> Mapping[str, KindRule]:
    """The kinds of events and what the standards say of each.

    Examples
    --------
    >>> kind_rules()["opening"].recalculates, kind_rules()["divestment"].sign
    ('never', -1)
    """
    text = resources.files("carbonledger.comparison").joinpath("event_kinds.csv").read_text(encoding="utf-8")
    return {
        row["kind"]: KindRule(
            row["recalculates"], row["structural"] == "yes", int(row["sign"]), Label(row["clause_en"], row["clause_zh"])
        )
        for row in csv.DictReader(text.splitlines())
    }


def _fault(key: str, **values: Any) -> PydanticCustomError:
    """A fault of an event in the words of the catalogue."""
    return PydanticCustomError("measure", "{problem}", {"problem": Message.of(f"BASE_YEAR_FORM.{key}", **values)})


@dataclass(frozen=True, slots=True, config=RECORD)
class BaseYearEvent:
    """Something that happened after the base year began and that may call for a recalculation of it.

    Parameters
    ----------
    kind : str
        What happened, see `kind_rules`.
    date : date
        When.
    entity : str
        The company concerned; empty for the whole.
    scope_1_tco2e, scope_2_location_based_tco2e, scope_2_market_based_tco2e, scope_3_tco2e : float or None
        What the base year would be more (or less, with a minus sign), t CO2e of twelve months. A scope that none is stated of is not
        affected; of scope 2, one method says nothing of the other.
    from_history : bool
        Whether the effect is the entity's own emissions of the base year, from the rows of earlier years.
    existed_from : date or None
        When an acquired facility came into existence; the base year holds it only from then on.
    reported_elsewhere : bool or None
        Of outsourcing and insourcing: whether the activity is reported before and after, as scope 3 for instance.
    source : str
        Where the effect comes from.
    recalculation : str
        The recalculation that holds it already; empty if none does.
    description_en, description_zh : str
        What happened, in words.
    """

    kind: EventKind
    date: Day
    entity: str = ""
    scope_1_tco2e: Number | None = None
    scope_2_location_based_tco2e: Number | None = None
    scope_2_market_based_tco2e: Number | None = None
    scope_3_tco2e: Number | None = None
    from_history: Truth = False
    existed_from: Day | None = None
    reported_elsewhere: Truth | None = None
    source: str = ""
    recalculation: str = ""
    description_en: str = ""
    description_zh: str = ""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        """Its effect is stated or taken from the rows of earlier years, not both."""
        if self.from_history and any(getattr(self, name) is not None for name in _EFFECTS):
            raise _fault("two_effects")
        if self.from_history and not self.entity:
            raise _fault("no_entity")
        if self.from_history and not self.rule.sign:
            raise _fault("no_sign", kind=self.kind)
        return self

    @property
    def rule(self) -> KindRule:
        """What the standards say of its kind."""
        return kind_rules()[self.kind]

    @property
    def states_effect(self) -> bool:
        """Whether a figure of its effect is stated."""
        return any(getattr(self, name) is not None for name in _EFFECTS)

    @property
    def label(self) -> Label:
        """What it is called: its description, else its kind and company."""
        kind = Label.of(f"event_{self.kind}")
        beside = self.entity and f" {self.entity}"
        return Label(
            self.description_en or self.description_zh or f"{kind.en}{beside}",
            self.description_zh or self.description_en or f"{kind.zh}{beside}",
        )


@dataclass(frozen=True, slots=True, config=RECORD)
class Recalculation:
    """A recalculation of the base year that was made and reported.

    Parameters
    ----------
    id : str
        Its name; events refer to it.
    date : date
        When it was made.
    reason_en, reason_zh : str
        Why, in words.
    """

    id: Name
    date: Day
    reason_en: str = ""
    reason_zh: str = ""


@dataclass(frozen=True, slots=True, config=RECORD)
class BaseYearPolicy:
    """The base year and its policy of recalculation.

    Parameters
    ----------
    year : int
        The base year.
    significance_threshold : float or None
        From which share of the base-year emissions on a change is significant, %. No standard states one: the company must.
    accumulation : {"absolute", "net"}
        Whether effects of opposite sign add up in the cumulative test, or cancel each other.
    structural_changes : {"all_year", "pro_rata"}
        Whether a deal within the reporting year counts for twelve months at once, or for the days from the deal on, and in full next year.
    scopes : tuple of int
        Whose emissions the test is of.
    scope_2_method : {"location_based", "market_based"}
        By which method scope 2 is part of the test.
    rationale_en, rationale_zh : str
        Why this year was chosen.
    event : tuple of BaseYearEvent
        What happened since.
    recalculation : tuple of Recalculation
        Those that were made.
    """

    year: Year
    significance_threshold: Annotated[Number, Field(gt=0, le=100)] | None = None
    accumulation: Literal["absolute", "net"] = "absolute"
    structural_changes: Literal["all_year", "pro_rata"] = "all_year"
    scopes: Annotated[
        tuple[Annotated[Whole, Field(ge=1, le=3)], ...], Listed, Field(min_length=1), AfterValidator(each_once)
    ] = (1, 2)
    scope_2_method: Literal["location_based", "market_based"] = "location_based"
    rationale_en: str = ""
    rationale_zh: str = ""
    event: Annotated[tuple[BaseYearEvent, ...], Listed] = ()
    recalculation: Annotated[tuple[Recalculation, ...], Listed] = ()

    @model_validator(mode="after")
    def _knows_its_recalculations(self) -> Self:
        """Every recalculation stands once, and every one that an event names is there."""
        ids = [item.id for item in self.recalculation]
        for at, name in enumerate(ids):
            if name in ids[:at]:
                raise _fault("recalculation_twice", name=name)
        for event in self.event:
            if event.recalculation and event.recalculation not in ids:
                raise _fault("recalculation_unknown", name=event.recalculation, known=tuple(ids))
        return self

    def with_company_ids(self, ids: Mapping[str, str]) -> BaseYearPolicy:
        """The same policy, its events naming companies by their ids."""
        events = tuple(replace(item, entity=item.entity and ids.get(item.entity, item.entity)) for item in self.event)
        return replace(self, event=events)

    @property
    def rationale(self) -> Label:
        """Why the year was chosen; in the one language that says so where the other does not."""
        return Label(self.rationale_en or self.rationale_zh, self.rationale_zh or self.rationale_en)
