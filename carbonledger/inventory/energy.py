"""The energy table: what was used, in the units of the report and in GJ, MWh and tce."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from carbonledger.core.activities import taxonomy
from carbonledger.core.errors import DimensionError
from carbonledger.core.language import word
from carbonledger.core.units import conversion_factor
from carbonledger.inventory.coefficients import PlanRow

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ENERGY_WORDS", "energy_rows", "is_energy_row", "labelled", "with_totals"]

ENERGY_WORDS: Mapping[str, Mapping[str, str]] = {
    "id": {"subtotal": "subtotal", "total": "total"},
    "en": {"subtotal": "Subtotal", "non_renewable": "Non-renewable", "renewable": "Renewable"},
    "zh": {"subtotal": "小计", "non_renewable": "不可再生能源", "renewable": "可再生能源"},
}

_CLASSES = ("non_renewable", "renewable")
_SUMMED = ("energy_gj", "energy_mwh", "energy_tce", "standard_coal_tce")


def is_energy_row(row: PlanRow) -> bool:
    """Whether a plan row belongs in the energy of the company: carriers of scopes 1 and 2, and its vehicles by distance.

    Parameters
    ----------
    row : PlanRow
        The resolved combination.

    Returns
    -------
    bool
    """
    activity = taxonomy()[row.activity]
    return row.scope != 3 and (activity.is_energy or (activity.is_vehicle and bool(row.energy_steps)))


def energy_rows(amounts: Iterable[tuple[PlanRow, str, float]]) -> pd.DataFrame:
    """One row per class, carrier and company.

    Parameters
    ----------
    amounts : iterable of (PlanRow, str, float)
        The resolved combination, the company, and the amount in the unit of the combination, in order of appearance.

    Returns
    -------
    pandas.DataFrame
        ``class``, ``activity``, ``entity``, ``unit`` (the first one met for this carrier and company), ``amount`` in
        it, ``energy_gj`` [GJ], ``energy_mwh`` [MWh], ``energy_tce`` [tce, 29.3076 GJ], and ``standard_coal_tce`` [tce]
        if the plan has coefficients of standard coal. A row without a calorific value has no energy.
    """
    import pandas as pd

    found: dict[tuple[str, str, str], dict[str, float]] = {}
    units: dict[tuple[str, str], list[str]] = {}
    for row, entity, amount in amounts:
        if not is_energy_row(row):
            continue
        unit, factor = _common_unit(units.setdefault((row.activity, entity), []), row.unit)
        coal = None if row.standard_coal_tce is None else amount * row.standard_coal_tce
        cell = found.setdefault(
            (row.activity, entity, unit), {"amount": 0.0, "energy_gj": 0.0, "standard_coal_tce": 0.0}
        )
        cell["amount"] += amount * factor
        cell["energy_gj"] += float("nan") if row.energy_gj is None else amount * row.energy_gj
        cell["standard_coal_tce"] += float("nan") if coal is None else coal
    rows = [
        {"class": _class_of(activity), "activity": activity, "entity": entity, "unit": unit, **cell}
        for (activity, entity, unit), cell in found.items()
    ]
    table = pd.DataFrame(
        rows, columns=["class", "activity", "entity", "unit", "amount", "energy_gj", "standard_coal_tce"]
    )
    table.insert(6, "energy_mwh", table["energy_gj"] * conversion_factor("GJ", "MWh"))
    table.insert(7, "energy_tce", table["energy_gj"] * conversion_factor("GJ", "tce"))
    if table["standard_coal_tce"].isna().all():
        table = table.drop(columns="standard_coal_tce")
    order = table["class"].map({name: number for number, name in enumerate(_CLASSES)})
    return table.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def _common_unit(met: list[str], unit: str) -> tuple[str, float]:
    """A unit already used for this carrier that the new one converts to, and the factor."""
    for other in met:
        try:
            return other, conversion_factor(unit, other)
        except DimensionError:
            continue
    met.append(unit)
    return unit, 1.0


def _class_of(activity: str) -> str:
    """Renewable or not, by the taxonomy."""
    return "renewable" if taxonomy()[activity].renewable else "non_renewable"


def with_totals(table: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """The rows with a subtotal per class, a total, and each row's share of the energy.

    Parameters
    ----------
    table : pandas.DataFrame
        From `energy_rows`.
    labels : mapping of str to str
        Words for ``subtotal`` and ``total``.

    Returns
    -------
    pandas.DataFrame
        The same columns, ``level`` (``row``, ``subtotal``, ``total``) and ``share_percent`` [%]. A sum over a row
        without energy is missing too, never smaller.
    """
    import pandas as pd

    pieces = []
    summed = [name for name in _SUMMED if name in table]
    for name in _CLASSES:
        part = table[table["class"] == name]
        if len(part):
            pieces += [part.assign(level="row"), _sum_row(part, summed, "subtotal", name, labels)]
    pieces.append(_sum_row(table, summed, "total", "", labels))
    result = pd.concat([piece.astype({"amount": "float64"}) for piece in pieces], ignore_index=True)
    total = result["energy_gj"].iloc[-1]
    result["share_percent"] = result["energy_gj"] / total * 100 if total else float("nan")
    return result


def _sum_row(part: pd.DataFrame, summed: list[str], level: str, name: str, labels: Mapping[str, str]) -> pd.DataFrame:
    """A subtotal or total."""
    import pandas as pd

    sums = {column: part[column].sum(skipna=False) for column in summed}
    words = {"class": name, "activity": labels[level], "entity": "", "unit": "", "amount": float("nan")}
    return pd.DataFrame([{**words, **sums, "level": level}])


def labelled(
    table: pd.DataFrame, lang: Literal["en", "zh", "id"], sum_label: str, entity_names: Mapping[str, str]
) -> pd.DataFrame:
    """The energy table with its words in a language.

    Parameters
    ----------
    table : pandas.DataFrame
        From `with_totals`, by the ids of taxonomy and entries.
    lang : {"en", "zh", "id"}
        The language; ``id`` leaves the names of taxonomy and entries.
    sum_label : str
        The label of the sum of all rows: a total, or the sum of a part.
    entity_names : mapping of str to str
        What to print for each company.

    Returns
    -------
    pandas.DataFrame
        ``level``, ``class``, ``carrier``, ``entity``, ``unit``, ``amount`` first.
    """
    words, table = dict(ENERGY_WORDS[lang]), table.copy()
    if lang != "id":
        words["total"] = word(sum_label, lang)
    labels = {} if lang == "id" else {name: activity.label(lang) for name, activity in taxonomy().items()}
    labels |= {name: words[name] for name in ("subtotal", "total")}
    table["activity"] = table["activity"].map(lambda name: labels.get(name, name))
    table["class"] = table["class"].map(lambda name: words.get(name, name))
    table["entity"] = table["entity"].map(lambda name: entity_names.get(name, name))
    first = ["level", "class", "activity", "entity", "unit", "amount"]
    ordered = table[[*first, *[name for name in table.columns if name not in first]]]
    return ordered.rename(columns={"activity": "carrier"})
