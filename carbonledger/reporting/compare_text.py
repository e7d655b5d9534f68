"""Two years as text: changes along each axis, and as reported beside like for like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from carbonledger.comparison.like_for_like import ThreeNumbers
from carbonledger.comparison.year_comparison import YearComparison
from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Lang, bracketed, has_label, headed, listed, word
from carbonledger.inventory.scope3_categories import scope_3_categories
from carbonledger.reporting.change_text import change_text, convention_notes
from carbonledger.reporting.console import number, plain_text, section_title, text_table
from carbonledger.reporting.wording import finding_text

__all__ = ["axis_label", "claim_rows", "key_label", "print_year_comparison"]

_THREE = ("as_reported", "previous_factors", "current_factors")


def print_year_comparison(
    found: YearComparison,
    name: str,
    axes: Sequence[str],
    console: Console,
    lang: Lang,
    *,
    like_for_like: bool = True,
    names: Mapping[str, str] | None = None,
) -> None:
    """Print what changed between two years.

    Parameters
    ----------
    found : YearComparison
        The two years.
    name : str
        Of the company.
    axes : sequence of str
        Along what.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    like_for_like : bool
        Whether each axis is shown like for like too; the total always is.
    names : mapping of str to str, optional
        What to print for each company.
    """
    years, style = found.year_texts(lang), "bold red" if found.exit_code else ""
    console.print(plain_text(word("compare_title", lang, name=name, **years), style="bold"))
    for line in found.statement(lang):
        console.print(plain_text(line, style=style))
    _print_three(found, names or {}, console, lang)
    for axis in axes:
        changes, label = found.by(axis), _labels_of(names or {}, lang)
        section_title(console, f"{word('changes_title', lang, **years)}{bracketed(axis_label(axis, lang), lang)}")
        console.print(_change_table(changes, label, found, lang))
        for note in convention_notes(_conventions(changes), lang):
            console.print(plain_text(note))
        if like_for_like:
            section_title(console, word("like_for_like_by", lang, axis=axis_label(axis, lang)))
            console.print(_like_table(found.like_for_like.by(axis), label, found, lang))
    console.print()
    for finding in found.findings:
        console.print(plain_text(finding_text(finding, lang), style="yellow" if finding.severity == "warning" else ""))


def claim_rows(
    found: YearComparison, lang: Lang, names: Mapping[str, str] | None = None
) -> Iterator[tuple[str, str, str, str, str]]:
    """The three numbers of the total as cells: what, the earlier value, the later one, the change, and the change in per cent.

    Parameters
    ----------
    found : YearComparison
        The two years.
    lang : {"en", "zh"}
        In which language.
    names : mapping of str to str, optional
        What to print for each company.

    Yields
    ------
    tuple of str
        As reported by both methods of scope 2, like for like at either year's factors, the effect of the factors; and the three of the
        companies that both years have, where the companies differ.
    """
    years = found.year_texts(lang)
    total = found.like_for_like.total
    yield from _three_rows(total, years, lang)
    for name in ("laspeyres", "paasche"):
        effect = number(getattr(total, f"{name}_factor_effect"), 4)
        yield word(f"compare_{name}", lang, **years), "", "", effect, ""
    market = found.market_based
    if market.convention != "missing":
        values = found.previous.market_based_tco2e, found.current.market_based_tco2e, market.change
        percent = change_text(market.percent, market.convention, lang, signed=True)
        yield word("compare_market", lang), number(values[0], 4), number(values[1], 4), number(values[2], 4), percent
    if found.perimeter is not None:
        companies = listed([(names or {}).get(name, name) or "–" for name in found.basis.companies], lang)
        head = word("compare_perimeter", lang, companies=companies)
        for what, *cells in _three_rows(found.perimeter.total, years, lang):
            before, now, change, percent = cells
            yield headed(head, what, lang), before, now, change, percent


def _three_rows(total: ThreeNumbers, years: Mapping[str, str], lang: Lang) -> Iterator[tuple[str, str, str, str, str]]:
    """The three changes."""
    pairs = (
        (total.previous, total.current),
        (total.previous, total.current_at_previous),
        (total.previous_at_current, total.current),
    )
    keys = ("compare_as_reported", "compare_at_previous", "compare_at_current")
    for name, key, pair in zip(_THREE, keys, pairs, strict=True):
        change = getattr(total, name)
        percent = change_text(change.percent, change.convention, lang, signed=True)
        yield word(key, lang, **years), number(pair[0], 4), number(pair[1], 4), number(change.change, 4), percent


def _print_three(found: YearComparison, names: Mapping[str, str], console: Console, lang: Lang) -> None:
    """The three numbers of the total, and which of them a text may use."""
    years = found.year_texts(lang)
    section_title(console, word("like_for_like_title", lang))
    heads = [word("compare_what", lang), years["previous"], years["current"]]
    table = text_table([*heads, word("change", lang), word("change_percent", lang)], range(1, 5))
    for cells in claim_rows(found, lang, names):
        table.add_row(*cells)
    console.print(table)
    for line in found.claims(lang):
        console.print(plain_text(line))


def axis_label(axis: str, lang: Lang) -> str:
    """By what a table is, in words; a column of the user's own by its name."""
    if axis == "activity":
        return word("compare_by_activity", lang)
    return word(f"by_{axis}", lang) if has_label(f"by_{axis}") else axis


def key_label(axis: str, value: Any, names: Mapping[str, str], lang: Lang) -> str:
    """What a row of an axis is called.

    Parameters
    ----------
    axis : str
        Such as ``scope``; of a line the column concerned.
    value : object
        A cell of the column.
    names : mapping of str to str
        What to print for each company.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    str
    """
    text = str(value)
    if axis in {"activity", "carrier"} and text in taxonomy():
        return taxonomy()[text].label(lang)
    if axis == "entity":
        return names.get(text, text)
    if axis == "category" and has_label(f"iso_category_{text}"):
        return word(f"iso_category_{text}", lang)
    if axis == "scope_3_category":
        return _category_label(text, lang)
    return word(text, lang) if axis in {"scope", "carrier"} and has_label(text) else text


def _category_label(text: str, lang: Lang) -> str:
    """A category of scope 3, or that a line has none."""
    found = scope_3_categories().get(int(text)) if text.isdecimal() else None
    if found is None:
        return word("workbook_no_scope_3_category", lang)
    return f"{found.number} {found.label_zh if lang == 'zh' else found.label_en}"


_Labels = Callable[[Mapping[str, Any]], list[str]]


def _labels_of(names: Mapping[str, str], lang: Lang) -> _Labels:
    """How the rows of an axis are named."""

    def labels(row: Mapping[str, Any]) -> list[str]:
        keys = list(row)[: list(row).index("status")]
        if row[keys[0]] == "total":
            return [word("total", lang), *[""] * (len(keys) - 1)]
        found = [key_label(key, row[key], names, lang) for key in keys]
        return found if any(found) else ["–", *found[1:]]

    return labels


def _conventions(changes: Any) -> set[str]:
    """The conventions that occur in a table of changes."""
    return {str(value) for name in changes.columns if str(name).endswith("_convention") for value in changes[name]}


def _heads(changes: Any, lang: Lang) -> list[str]:
    """The headings of what names a row."""
    keys = list(changes.columns)[: list(changes.columns).index("status")]
    named = {"activity": "page_activity", "gas_group": "gas", "scope_3_category": "workbook_scope_3_category"}
    return [word(named.get(key, key), lang) if has_label(named.get(key, key)) else str(key) for key in keys]


def _change_table(changes: Any, labels: _Labels, found: YearComparison, lang: Lang) -> Table:
    """The changes along an axis."""
    measures = [name for name in ("energy_gj", "tonnes", "emissions_tco2e") if f"{name}_change" in changes.columns]
    years, heads = found.year_texts(lang), _heads(changes, lang)
    parts = (years["previous"], years["current"], word("change", lang), word("change_percent", lang))
    units = {"emissions_tco2e": word("emissions", lang), "tonnes": word("tonnes", lang), "energy_gj": "GJ"}
    columns = [f"{units[name]}\n{part}" for name in measures for part in parts]
    table = text_table(
        [*heads, *columns, word("compare_share_points", lang), word("status", lang)],
        range(len(heads), len(heads) + len(columns) + 1),
    )
    for row in changes.to_dict("records"):
        last = row[changes.columns[0]] == "total"
        cells = labels(row)
        for name in measures:
            cells += [number(row[f"{name}_{part}"], 2) for part in ("previous", "current", "change")]
            cells.append(change_text(row[f"{name}_change_percent"], row[f"{name}_convention"], lang))
        cells.append("" if last else number(row["emissions_tco2e_share_points"], 2))
        table.add_row(*cells, "" if last else word(row["status"], lang), style="bold" if last else "")
    return table


def _like_table(table_of: Any, labels: _Labels, found: YearComparison, lang: Lang) -> Table:
    """The three changes along an axis, and the effects of the factors."""
    years = found.year_texts(lang)
    heads = _heads(table_of, lang)
    columns = [
        word("compare_short_reported", lang),
        word("compare_short_previous", lang, year=years["previous"]),
        word("compare_short_current", lang, year=years["current"]),
        word("compare_short_laspeyres", lang),
        word("compare_short_paasche", lang),
    ]
    table = text_table([*heads, *columns], range(len(heads), len(heads) + len(columns)))
    for row in table_of.to_dict("records"):
        cells = labels(row)
        cells += [change_text(row[f"{name}_change_percent"], row[f"{name}_convention"], lang) for name in _THREE]
        cells += [number(row[f"{name}_factor_effect_tco2e"], 4) for name in ("laspeyres", "paasche")]
        table.add_row(*cells, style="bold" if row[table_of.columns[0]] == "total" else "")
    return table
