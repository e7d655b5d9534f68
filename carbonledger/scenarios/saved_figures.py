"""The figures of achieved savings that disclosure frameworks ask for, by the names that their datapoints use.

References
----------
GRI 302-4 (2016), a to d; GRI 103-5 (2025); GRI 305-5 (2016), a, c and d.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from carbonledger.core.activities import taxonomy
from carbonledger.core.activity_taxonomy import activity_label
from carbonledger.core.language import Label, headed
from carbonledger.disclosure.figures import NOTHING, Figure, answered, missing, says
from carbonledger.scenarios.saved import SavedEnergy, SavingsRegister

__all__ = ["saved_figures"]

_UNITS = {"gj": "GJ", "tco2e": "t CO2e"}


def saved_figures(savings: SavingsRegister | None) -> Mapping[str, Figure]:
    """Every figure that a datapoint may ask of the savings.

    Parameters
    ----------
    savings : SavingsRegister or None
        Of a year; None if the book states none.

    Returns
    -------
    mapping of str to Figure
        ``energy`` [GJ], ``emissions`` [t CO2e], ``carriers``, ``baselines``, ``methods`` and ``scopes`` in words. Empty without
        savings that are added.
    """
    if savings is None or not savings.counted:
        return {}
    items = savings.counted
    facts = [taxonomy()[item.saving.activity] for item in items if item.saving.activity]
    scopes = sorted({fact.scope for fact in facts if fact.scope})
    words = {
        "carriers": _listed(activity_label(fact.name) for fact in facts),
        "baselines": _listed(map(_baseline, items)),
        "methods": _listed(map(_method, items)),
        "scopes": _listed(says(f"saving_scope_{scope}") for scope in scopes),
    }
    return {
        "energy": _sum(savings, "gj"),
        "emissions": _sum(savings, "tco2e"),
        **{name: answered(text) for name, text in words.items() if text != NOTHING},
    }


def _sum(savings: SavingsRegister, name: str) -> Figure:
    """A sum of the savings; missing, with what is known of it, if one of them lacks it."""
    total = savings.total(name)
    if total is not None:
        return answered(total, _UNITS[name])
    lacking = _listed(item.saving.label for item in savings.counted if getattr(item, name) is None)
    return missing(says("savings_lacking", names=lacking), _UNITS[name], savings.known_part(name))


def _baseline(item: SavedEnergy) -> Label:
    """What a saving is measured from."""
    saving = item.saving
    if not saving.before:
        return _headed(saving.label, says("saving_stated"))
    driver = Label(saving.driver, saving.driver)
    adjusted = says("saving_adjusted", driver=driver) if saving.driver else says("saving_not_adjusted")
    return _headed(saving.label, says("saving_baseline", period=saving.before_period, adjusted=adjusted))


def _method(item: SavedEnergy) -> Label:
    """How a saving was determined."""
    option = item.saving.ipmvp
    return _headed(item.saving.label, says("saving_option", option=option) if option else says("saving_no_option"))


def _headed(name: Label, text: Label) -> Label:
    """A text under its name."""
    return Label(headed(name.text("en"), text.text("en"), "en"), headed(name.text("zh"), text.text("zh"), "zh"))


def _listed(labels: Iterable[Label]) -> Label:
    """Several texts in a row, each once."""
    found = list(dict.fromkeys(labels))
    return Label("; ".join(item.text("en") for item in found), "；".join(item.text("zh") for item in found))
