"""Savings that were achieved as a table, which text and page show: what each rests on and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from carbonledger.core.language import Lang, word
from carbonledger.reporting.console import amount_text, number, plain_text, section_title, text_table
from carbonledger.reporting.environment_tables import EnvironmentTable
from carbonledger.reporting.report import Report
from carbonledger.scenarios.measures import amount_and_unit
from carbonledger.scenarios.saved import SavedEnergy, SavingsRegister
from carbonledger.scenarios.savings import Saving

__all__ = ["print_savings", "savings_table"]

# What may stand in a column, with its decimals.
_FIGURES = (("gj", 2), ("kwh", 0), ("percent", 2), ("tco2e", 4))
_SUMMED = frozenset({"gj", "tco2e"})
_COAL_DECIMALS = 4


def savings_table(report: Report, lang: Lang) -> EnvironmentTable | None:
    """The savings of a year as a table; None if the book states none.

    Parameters
    ----------
    report : Report
        Of a book.
    lang : {"en", "zh"}
        In which language.
    """
    own = report.savings
    if own is None:
        return None
    conventions = list(dict.fromkeys(item.convention for item in own.items if item.convention))
    targets = {item.target.id: item.target.label.text(lang) for item in report.targets}
    named = any(item.saving.target for item in own.items)
    headings = ["saving_name", "saving_basis", *(f"saving_{name}" for name, _ in _FIGURES)]
    headings += [f"saving_tce_{name}" for name in conventions]
    rows = [_cells(item, conventions, lang) for item in own.items] + _sums(own, conventions, lang)
    if named:
        headings.append("saving_target")
        served = [targets.get(item.saving.target, "") for item in own.items]
        rows = [[*row, served[at] if at < len(served) else ""] for at, row in enumerate(rows)]
    numbers = frozenset(range(2, 2 + len(_FIGURES) + len(conventions)))
    return EnvironmentTable(
        word("savings_title", lang),
        tuple(word(key, lang) for key in headings),
        numbers,
        tuple(map(tuple, rows)),
        (word("savings_note", lang),),
    )


def _cells(item: SavedEnergy, conventions: Sequence[str], lang: Lang) -> list[str]:
    """A saving as cells."""
    name = item.saving.label.text(lang)
    return [
        name if item.counted else word("saving_not_counted", lang, name=name),
        word("savings_joint", lang).join(_basis(item.saving, lang)),
        *(number(getattr(item, figure), places) for figure, places in _FIGURES),
        *(number(item.tce if item.convention == kind else None, _COAL_DECIMALS) for kind in conventions),
    ]


def _basis(saving: Saving, lang: Lang) -> list[str]:
    """What a saving rests on: amounts, adjustment, option."""
    option = [word("saving_option", lang, option=saving.ipmvp)] if saving.ipmvp else []
    if not saving.before:
        if saving.baseline:
            return [
                word("saving_of_baseline", lang, stated=_text(saving.stated), baseline=_text(saving.baseline)),
                *option,
            ]
        return [word("saving_stated_alone", lang, stated=_text(saving.stated)), *option]
    periods = {"first": saving.before_period, "last": saving.period}
    amounts = {"before": _text(saving.before), "after": _text(saving.after), **periods}
    base = saving.adjusted_baseline
    adjusted = word("saving_not_adjusted", lang)
    if saving.normalised_by != "none" and base is not None:
        how = word(f"saving_by_{saving.normalised_by}", lang)
        adjusted = word("saving_adjusted_by", lang, how=how, amount=amount_text(round(base[0], 6)), unit=base[1])
    return [word("saving_before_after", lang, **amounts), adjusted, *option]


def _text(stated: str) -> str:
    """An amount in the library's spelling of its unit."""
    amount, unit = amount_and_unit(stated, or_zero=True)
    return f"{amount_text(amount)} {'%' if unit == 'percent' else unit}"


def _sums(own: SavingsRegister, conventions: Sequence[str], lang: Lang) -> list[list[str]]:
    """The sum of several savings; what is known of it where one of them lacks a figure."""
    if len(own.counted) < 2:
        return []
    whole = own.total("gj") is not None and own.total("tco2e") is not None
    of = own.total if whole else own.known_part
    cells = [number(of(name), places) if name in _SUMMED else "" for name, places in _FIGURES]
    coal = [
        number(own.total("tce") if [kind] == list(own.conventions) else None, _COAL_DECIMALS) for kind in conventions
    ]
    return [[word("saving_total" if whole else "saving_known_part", lang), "", *cells, *coal]]


def print_savings(report: Report, console: Console, lang: Lang) -> None:
    """Print the savings that were achieved, which are deducted from nothing; nothing if the book states none.

    Parameters
    ----------
    report : Report
        The year.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    found = savings_table(report, lang)
    if found is None:
        return
    section_title(console, found.title)
    table = text_table(found.headings, found.numbers)
    for cells in found.rows:
        table.add_row(*cells)
    console.print(table)
    for note in found.notes:
        console.print(plain_text(note))
