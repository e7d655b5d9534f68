"""What a reporter states of the uncertainty of activity data and factors, each with its reason: the table ``[uncertainty]`` of a book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from carbonledger.core.activities import find_activity
from carbonledger.core.errors import CarbonLedgerError, UnknownActivityError
from carbonledger.core.findings import Message
from carbonledger.core.strict_fields import RECORD, Listed, Name, Number, Truth, Whole
from carbonledger.uncertainty.limits import Distribution, Limits
from carbonledger.uncertainty.pedigree import pedigree_limits

__all__ = ["DEFAULT_DRAWS", "DEFAULT_SEED", "ActivityUncertainty", "FactorUncertainty", "UncertaintySettings"]

# IPCC 2006 Guidelines, volume 1, 3.2.3.2: 10 000 iterations are usually enough.
DEFAULT_DRAWS = 10_000
# Any number would do; a fixed one gives the same figures again.
DEFAULT_SEED = 20_060_403
_FEWEST, _MOST = 1_000, 1_000_000


def _fault(message: Message) -> PydanticCustomError:
    """A fault of a setting in the words of the catalogue."""
    return PydanticCustomError("measure", "{problem}", {"problem": message})


def _activity(text: str) -> str:
    """The name of an activity, however it is written; empty for any."""
    if not text:
        return ""
    try:
        return find_activity(text).name
    except UnknownActivityError as error:
        raise PydanticCustomError("measure", "{problem}", {"problem": error.says or str(error)}) from error


_Activity = Annotated[str, AfterValidator(_activity)]


@dataclass(frozen=True, slots=True, kw_only=True, config=RECORD)
class StatedLimits:
    """95 % limits with their reason.

    Parameters
    ----------
    reason : str
        Where the limits come from, e.g. a calibration certificate.
    percent : float or None
        Half of the 95 % interval in per cent of the figure: 5 for ± 5 %.
    lower_percent, upper_percent : float or None
        Limits that differ, in per cent: -3 and 5 for - 3 % / + 5 %.
    scale : str
        A scale of data quality, see `list_pedigree_scales`, in the place of per cents.
    scores : mapping of str to int or str
        The score of each indicator of the scale.
    basic : float
        The basic uncertainty that the scores come on top of, as GSD²; 1 for none.
    distribution : str
        What is drawn from, if it is not the one that the limits suggest.
    """

    reason: Name
    percent: Number | None = None
    lower_percent: Number | None = None
    upper_percent: Number | None = None
    scale: str = ""
    scores: dict[str, int | str] = Field(default_factory=dict)
    basic: Number = 1.0
    distribution: Distribution | Literal[""] = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """It selects something, and states limits in exactly one way."""
        if not self.selectors:
            raise _fault(Message.of("UNCERTAINTY_FORM.nothing", names=self._selecting()))
        ways = [self.percent is not None, self.lower_percent is not None or self.upper_percent is not None]
        if sum([*ways, bool(self.scale or self.scores)]) != 1:
            raise _fault(Message.of("UNCERTAINTY_FORM.one_way"))
        if ways[1] and None in (self.lower_percent, self.upper_percent):
            raise _fault(Message.of("UNCERTAINTY_FORM.both_limits"))
        try:
            _ = self.limits
        except CarbonLedgerError as error:
            raise PydanticCustomError("measure", "{problem}", {"problem": error.says or str(error)}) from error
        return self

    @property
    def limits(self) -> Limits:
        """The limits as fractions."""
        if self.percent is not None:
            return Limits.percent(self.percent, self.distribution)
        if self.lower_percent is not None and self.upper_percent is not None:
            return Limits(self.lower_percent / 100, self.upper_percent / 100, self.distribution)
        return pedigree_limits(self.scores, self.scale, self.basic)

    @classmethod
    def _selecting(cls) -> tuple[str, ...]:
        """The settings that say what the limits are of, the nearest first."""
        return ()

    @property
    def selectors(self) -> Mapping[str, Any]:
        """What the limits are of: the settings that are stated, the nearest first."""
        return {name: getattr(self, name) for name in self._selecting() if getattr(self, name)}

    @property
    def rank(self) -> tuple[bool, ...]:
        """How near the limits are to one figure: greater is nearer."""
        return tuple(name in self.selectors for name in self._selecting())

    @property
    def words(self) -> str:
        """What they are of, as it stands in the settings."""
        return ", ".join(f'{name} = "{value}"' for name, value in self.selectors.items())


@dataclass(frozen=True, slots=True, kw_only=True, config=RECORD)
class ActivityUncertainty(StatedLimits):
    """Limits of activity data, by any of where they come from and what they are.

    Parameters
    ----------
    source, site, entity : str
        As entries name them; empty for any. The nearer one counts where several statements fit: source, then site, entity, data type,
        activity.
    data_type : {"", "actual", "estimated", "filled"}
        How the amount was obtained; empty for any.
    activity : str
        Empty for any.
    independent : bool
        Whether each entry errs by itself, as readings by eye do; else all entries of one source share one error, as a meter's
        calibration is shared.
    """

    source: str = ""
    site: str = ""
    entity: str = ""
    data_type: Literal["", "actual", "estimated", "filled"] = ""
    activity: _Activity = ""
    independent: Truth = False

    @classmethod
    def _selecting(cls) -> tuple[str, ...]:
        return ("source", "site", "entity", "data_type", "activity")


@dataclass(frozen=True, slots=True, kw_only=True, config=RECORD)
class FactorUncertainty(StatedLimits):
    """Limits of a factor, a calorific value, a GWP or any other published figure; they stand before those that its edition gives.

    Parameters
    ----------
    factor : str
        Its id in its edition, or ``edition:id``; empty for any. The nearer one counts where several statements fit: factor, then
        activity, gas, parameter, edition.
    activity : str
        What it is of.
    gas : str
        The gas of its numerator, such as ``CH4``; of a GWP, the gas.
    parameter : str
        Such as ``emission_factor``, ``calorific_value`` or ``gwp``.
    edition : str
        ``name@version``.
    """

    factor: str = ""
    activity: _Activity = ""
    gas: str = ""
    parameter: str = ""
    edition: str = ""

    @classmethod
    def _selecting(cls) -> tuple[str, ...]:
        return ("factor", "activity", "gas", "parameter", "edition")


@dataclass(frozen=True, slots=True, kw_only=True, config=RECORD)
class UncertaintySettings:
    """How uncertainty is calculated.

    Parameters
    ----------
    draws : int
        Of the Monte Carlo simulation.
    seed : int
        Of its random numbers; the same seed gives the same figures.
    activity, factor : tuple
        What is stated.
    """

    draws: Annotated[Whole, Field(ge=_FEWEST, le=_MOST)] = DEFAULT_DRAWS
    seed: Annotated[Whole, Field(ge=0)] = DEFAULT_SEED
    activity: Annotated[tuple[ActivityUncertainty, ...], Listed] = ()
    factor: Annotated[tuple[FactorUncertainty, ...], Listed] = ()

    def with_companies(self, ids: Mapping[str, str]) -> UncertaintySettings:
        """The same with the ids of companies in the place of other names of theirs."""
        named = tuple(replace(item, entity=item.entity and ids.get(item.entity, item.entity)) for item in self.activity)
        return replace(self, activity=named)

    @model_validator(mode="after")
    def _once(self) -> Self:
        """Nothing is stated twice of the same selection."""
        for items in (self.activity, self.factor):
            seen: list[Mapping[str, Any]] = []
            for item in items:
                if item.selectors in seen:
                    raise _fault(Message.of("UNCERTAINTY_FORM.twice", selection=item.words))
                seen.append(item.selectors)
        return self
