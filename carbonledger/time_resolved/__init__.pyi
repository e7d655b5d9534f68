"""The public names of `carbonledger.time_resolved`; they load when they are first used."""

from .factor_series import FactorSeries as FactorSeries
from .hourly import hourly_emissions as hourly_emissions
from .matching import HourlyMatching as HourlyMatching
from .matching import match_by_hour as match_by_hour
from .read_series import read_factor_series as read_factor_series
from .registers import RegisterAmounts as RegisterAmounts
from .registers import register_amounts as register_amounts
from .time_emissions import TimeEmissions as TimeEmissions

__all__ = [
    "FactorSeries",
    "HourlyMatching",
    "RegisterAmounts",
    "TimeEmissions",
    "hourly_emissions",
    "match_by_hour",
    "read_factor_series",
    "register_amounts",
]
