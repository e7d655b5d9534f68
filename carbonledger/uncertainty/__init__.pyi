"""The public names of `carbonledger.uncertainty`; they load when they are first used."""

from .assessment import UncertaintyAssessment as UncertaintyAssessment
from .assessment import assess as assess
from .assessment import assess_change as assess_change
from .limits import Limits as Limits
from .limits import parse_limits as parse_limits
from .lognormal import gsd_of_product as gsd_of_product
from .lognormal import gsd_of_sum as gsd_of_sum
from .pedigree import list_pedigree_scales as list_pedigree_scales
from .pedigree import pedigree_gsd as pedigree_gsd
from .pedigree import pedigree_limits as pedigree_limits
from .propagation import Difference as Difference
from .propagation import combine_correlated as combine_correlated
from .propagation import combine_product as combine_product
from .propagation import combine_sum as combine_sum
from .propagation import combine_sum_of_shared as combine_sum_of_shared
from .propagation import difference_of_years as difference_of_years
from .propagation import shared_factor_correlation as shared_factor_correlation
from .results import Contribution as Contribution
from .results import Estimate as Estimate
from .results import SimulatedEstimate as SimulatedEstimate
from .results import Trend as Trend
from .stated import UncertaintySettings as UncertaintySettings
from .trend import ipcc_table as ipcc_table

__all__ = [
    "Contribution",
    "Difference",
    "Estimate",
    "Limits",
    "SimulatedEstimate",
    "Trend",
    "UncertaintyAssessment",
    "UncertaintySettings",
    "assess",
    "assess_change",
    "combine_correlated",
    "combine_product",
    "combine_sum",
    "combine_sum_of_shared",
    "difference_of_years",
    "gsd_of_product",
    "gsd_of_sum",
    "ipcc_table",
    "list_pedigree_scales",
    "parse_limits",
    "pedigree_gsd",
    "pedigree_limits",
    "shared_factor_correlation",
]
