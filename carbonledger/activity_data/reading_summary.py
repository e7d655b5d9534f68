"""What was read, as one sentence: files, sheets and rows, what became of them, and how much of what they state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carbonledger.activity_data.entries import Entries
from carbonledger.activity_data.tally import SheetTally, summed
from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Label, Lang, listed, word
from carbonledger.core.units import canonical_unit, conversion_factor, dimension_of

__all__ = ["amounts_read", "reading_data", "reading_summary"]

# So many activities are named, the largest numbers of rows first.
_MOST_NAMED = 6
_ELECTRICITY_UNITS = ("MWh", "kWh")
# Smaller amounts are printed with three digits at least.
_WITH_DECIMALS, _DIGITS = 100, 3


def amounts_read(entries: Entries) -> list[tuple[str, float, str]]:
    """How much of each activity the entries state.

    Parameters
    ----------
    entries : Entries
        Of one year or several.

    Returns
    -------
    list of (str, float, str)
        Activity, amount and unit; one for each dimension in which an activity is stated, electricity in MWh or kWh, others
        in the unit of most of their rows.
    """
    amounts = []
    frame = entries.frame
    for activity, group in frame.groupby("activity", sort=False):
        counts = group["unit"].value_counts()
        by_dimension: dict[str, str] = {}
        for unit in counts.index:
            by_dimension.setdefault(dimension_of(str(unit)), str(unit))
        for dimension, usual in by_dimension.items():
            unit = usual
            sums = {str(name): float(amount) for name, amount in group.groupby("unit")["amount"].sum().items()}
            total = sum(
                amount * conversion_factor(name, unit)
                for name, amount in sums.items()
                if dimension_of(name) == dimension
            )
            if taxonomy()[str(activity)].carrier == "electricity" and dimension == "energy":
                target = next(
                    name for name in _ELECTRICITY_UNITS if total * conversion_factor(unit, name) >= 1 or name == "kWh"
                )
                total, unit = total * conversion_factor(unit, target), target
            amounts.append((len(group), str(activity), total, canonical_unit(unit)))
    return [item[1:] for item in sorted(amounts, key=lambda item: -item[0])]


def reading_summary(entries: Entries, of_year: Entries | None = None) -> Label:
    """What was read, in both languages.

    Parameters
    ----------
    entries : Entries
        Everything that was read.
    of_year : Entries, optional
        Those of the reporting year, whose amounts are named; by default those of all years.

    Examples
    --------
    >>> from carbonledger.activity_data.entries import read_entries
    >>> row = {"能源种类": "电力", "用量": 120, "单位": "万度", "年份": 2024}
    >>> print(reading_summary(read_entries([row, {**row, "能源种类": "合计"}])))
    Read 2 rows: 1 entry, 1 total row used as control; 1,200 MWh Grid electricity.
    """
    return Label(_sentence(entries, of_year, "en"), _sentence(entries, of_year, "zh"))


def _sentence(entries: Entries, of_year: Entries | None, lang: Lang) -> str:
    """What was read, in one language."""
    account = summed(entries.tallies)
    files = len({item.file for item in entries.tallies} - {""})
    sheets = len([item for item in entries.tallies if item.sheet])
    sources = [_counted("file", files, lang), _counted("sheet", sheets, lang), _counted("row", account.rows, lang)]
    fates = {name: getattr(account, name) for name in _FATES}
    parts = [_counted(name, count, lang) for name, count in fates.items() if count or name == "entries"]
    if account.cells_set_aside:
        parts.append(_counted("cells_set_aside", account.cells_set_aside, lang))
    amounts = _amounts_text(of_year or entries, lang)
    values = {
        "sources": listed([part for part in sources if part], lang),
        "parts": listed(parts, lang),
        "others": _other_years(entries, of_year, lang),
        "amounts": amounts or word("reading_nothing", lang),
    }
    return word("reading_summary", lang, **values)


_FATES = ("entries", "controls", "repeated", "replaced", "refused", "set_aside")


def _counted(name: str, count: int, lang: Lang) -> str:
    """A number of things in a language; empty for no file or sheet."""
    if not count and name in {"file", "sheet"}:
        return ""
    return word(f"read_{name}{'_one' if count == 1 else ''}", lang, count=f"{count:,}")


def _amounts_text(entries: Entries, lang: Lang) -> str:
    """The amounts of the most frequent activities."""
    amounts = amounts_read(entries)
    texts = []
    for activity, amount, unit in amounts[:_MOST_NAMED]:
        label = Label(taxonomy()[activity].label_en, taxonomy()[activity].label_zh).text(lang)
        texts.append(word("read_amount", lang, amount=_amount_text(amount), unit=unit, activity=label))
    more = len(amounts) - _MOST_NAMED
    if more > 0:
        texts.append(word("read_more", lang, count=str(more)))
    return listed(texts, lang)


def _amount_text(amount: float) -> str:
    """An amount for a sentence: every digit that counts, and three at least."""
    text = f"{amount:,.10g}"
    digits = sum(sign.isdigit() for sign in text.lstrip("0.,"))
    return (
        text if amount == 0 or amount >= _WITH_DECIMALS or digits >= _DIGITS else f"{amount:#.{_DIGITS}g}".rstrip(".")
    )


def _other_years(entries: Entries, of_year: Entries | None, lang: Lang) -> str:
    """How many entries are of other years; empty if none is."""
    if of_year is None or len(of_year) == len(entries):
        return ""
    counts: Mapping[Any, int] = entries.frame["year"].value_counts().to_dict()
    own = set(of_year.frame["year"])
    years = listed([f"{year}: {count}" for year, count in sorted(counts.items()) if year not in own], lang)
    count = len(entries) - len(of_year)
    return word("read_other_years", lang, count=str(count), years=years)


def reading_data(entries: Entries) -> dict[str, Any]:
    """What was read as plain data: the account of each sheet and the amounts."""
    return {
        "sheets": [_tally_data(item) for item in entries.tallies],
        "amounts": [{"activity": name, "amount": amount, "unit": unit} for name, amount, unit in amounts_read(entries)],
    }


def _tally_data(tally: SheetTally) -> dict[str, Any]:
    """The account of a sheet as plain data."""
    return {name: getattr(tally, name) for name in SheetTally.__dataclass_fields__}
