"""Why emissions changed, as text and as plain data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console

from carbonledger.comparison.year_effects import SourceEffects, YearEffects
from carbonledger.core.activities import taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang, listed, word
from carbonledger.core.plain_data import plain_data
from carbonledger.reporting.console import amount_text, number, plain_text, section_title, text_table
from carbonledger.reporting.report import Report
from carbonledger.reporting.wording import finding_text

__all__ = ["decompose_data", "effect_notes", "moved_sources", "print_decomposition", "signed", "source_cells"]

_LONGEST = 20
_DECIMALS = 2
_LARGEST = 3
_ZERO = number(0.0, _DECIMALS)


def decompose_data(years: Sequence[Report], steps: Sequence[YearEffects], lang: Lang) -> dict[str, Any]:
    """The steps as plain data for JSON.

    Parameters
    ----------
    years : sequence of Report
        The years that were named.
    steps : sequence of YearEffects
        From each year to the next.
    lang : {"en", "zh"}
        The language of the words.

    Returns
    -------
    dict
        ``steps``; ``sum`` of the effects over all of them, null where a step is missing or there is but one; ``exit_code``, 1 if a year
        is incomplete or in doubt by an error, or could not be decomposed.
    """
    possible = len(steps) > 1 and all(step.possible for step in steps)
    code = max(*(year.completeness.exit_code for year in years), *(step.exit_code for step in steps), 0)
    plain: dict[str, Any] = plain_data(
        {
            "years": [{"year": year.year, **year.completeness.to_dict(lang)} for year in years],
            "exit_code": code,
            "steps": [step.to_dict(lang, _names(years, lang)) for step in steps],
            "sum": _summed(steps) if possible else None,
        }
    )
    return plain


def _summed(steps: Sequence[YearEffects]) -> dict[str, float]:
    """The effects over all steps, t CO2e."""
    names = dict.fromkeys(name for step in steps for name in step.effects)
    return {f"{name}_tco2e": math.fsum(step.effects.get(name, 0.0) for step in steps) for name in names}


def _names(years: Sequence[Report], lang: Lang) -> dict[str, str]:
    """What to print for each company, as the latest year calls it."""
    return {key: name for year in years for key, name in year.entity_names[lang].items()}


def print_decomposition(years: Sequence[Report], steps: Sequence[YearEffects], console: Console, lang: Lang) -> None:
    """Print why emissions changed.

    Parameters
    ----------
    years : sequence of Report
        The years that were named.
    steps : sequence of YearEffects
        From each year to the next.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    company = years[-1].settings["company"]
    span = {"previous": str(steps[0].years[0]), "current": str(steps[-1].years[1])}
    name = Label(company["name_en"], company["name_zh"]).text(lang)
    console.print(plain_text(f"{name} · {word('effects_title', lang, **span)}", style="bold"))
    for year in years:
        style = "" if year.completeness.complete and not year.completeness.exit_code else "bold red"
        for line in year.completeness.lines(lang):
            console.print(plain_text(word("compare_statement", lang, year=str(year.year), line=line), style=style))
    able = [step for step in steps if step.possible]
    if able:
        _print_effects(able, console, lang)
    names = _names(years, lang)
    for step in able:
        if len(able) > 1:
            section_title(console, f"{step.years[0]} → {step.years[1]}")
        for note in effect_notes(step, names, lang):
            console.print(plain_text(note))
        _print_sources(step, names, console, lang)
    _print_findings([finding for step in steps for finding in step.findings], console, lang)


def _print_findings(findings: Sequence[Finding], console: Console, lang: Lang) -> None:
    """Each finding once."""
    for finding in dict.fromkeys(findings):
        style = {"error": "red", "warning": "yellow"}.get(finding.severity, "")
        console.print(plain_text(finding_text(finding, lang), style=style))


def _print_effects(steps: Sequence[YearEffects], console: Console, lang: Lang) -> None:
    """The effects of each step between the totals of its years."""
    heads = [f"{step.years[0]} → {step.years[1]}\n{word('emissions', lang)}" for step in steps]
    last = word("effects_percent", lang, year=str(steps[0].years[0])) if len(steps) == 1 else word("effects_sum", lang)
    table = text_table([word("effect", lang), *heads, last], range(1, len(heads) + 2))
    several = len(steps) > 1
    before = [number(step.before, _DECIMALS) for step in steps]
    table.add_row(word("decompose_before", lang), *before, "" if several else number(100.0, _DECIMALS), style="bold")
    shown = [
        name for name in dict.fromkeys(n for step in steps for n in step.effects) if any(name in s.shown for s in steps)
    ]
    for name in shown:
        values = [step.effects.get(name, 0.0) for step in steps]
        cells = [signed(value) for value in values]
        table.add_row(word(f"effect_{name}", lang), *cells, signed(_last(values, steps)))
    changes = [step.change for step in steps]
    table.add_row(word("decompose_change", lang), *map(signed, changes), signed(_last(changes, steps)), style="bold")
    after = [number(step.after, _DECIMALS) for step in steps]
    of_before = "" if several else number(steps[0].after / steps[0].before * 100, _DECIMALS) if steps[0].before else "–"
    table.add_row(word("decompose_after", lang), *after, of_before, style="bold")
    console.print(table)


def _last(values: Sequence[float], steps: Sequence[YearEffects]) -> float:
    """What stands in the last column: the sum of several steps, or per cent of the year before."""
    if len(values) > 1:
        return math.fsum(values)
    return values[0] / steps[0].before * 100 if steps[0].before else math.nan


def signed(value: float) -> str:
    """A difference with its sign."""
    text = number(value, _DECIMALS)
    return f"+{text}" if value > 0 and text != _ZERO else text


def effect_notes(step: YearEffects, names: Mapping[str, str], lang: Lang) -> Iterator[str]:
    """What is to be said of a step: its driver, its boundary, its method.

    Parameters
    ----------
    step : YearEffects
        One year against the one before.
    names : mapping of str to str
        What to print for each company.
    lang : {"en", "zh"}
        In which language.

    Yields
    ------
    str
    """
    years = {"before": str(step.years[0]), "after": str(step.years[1])}
    if step.driver is not None:
        amounts = {"previous": amount_text(step.driver.previous), "current": amount_text(step.driver.current)}
        label = step.driver.label.text(lang)
        yield word("effects_of_driver", lang, driver=label, unit=step.driver.unit, **amounts, **years)
    for key, companies in (("came", step.came), ("went", step.went), ("shared", step.shared)):
        if companies:
            shown = [names.get(item, item) or word("effects_whole_company", lang) for item in companies]
            yield word(f"effects_{key}", lang, names=listed(shown, lang))
    if step.method_changes:
        changes = listed([item.text(lang) for item in step.method_changes], lang, semicolons=True)
        yield word("effects_method_changes", lang, changes=changes)
    yield word("effects_note", lang, method=step.method.upper(), residual=number(step.residual, _DECIMALS))


def _print_sources(step: YearEffects, names: Mapping[str, str], console: Console, lang: Lang) -> None:
    """The sources that moved most, each with its largest effects."""
    moved = moved_sources(step)
    section_title(console, word("effects_by_source", lang))
    keys = ("effects_source", "decompose_before", "decompose_after", "decompose_change", "effects_largest")
    table = text_table([word(key, lang) for key in keys], range(1, 4))
    for item in moved[:_LONGEST]:
        company, label, first, last = source_cells(item, names, lang)
        change = signed(item.after - item.before)
        table.add_row(f"{company} · {label}", first, last, change, _largest(item, lang))
    console.print(table)
    if len(moved) > _LONGEST:
        console.print(plain_text(word("effects_more", lang, count=f"{len(moved) - _LONGEST:,}")))


def _largest(item: SourceEffects, lang: Lang) -> str:
    """The largest effects on a source."""
    largest = sorted(item.effects.items(), key=lambda pair: -abs(pair[1]))[:_LARGEST]
    parts = [
        f"{word(f'effect_short_{name}', lang)} {signed(value)}" for name, value in largest if signed(value) != _ZERO
    ]
    return listed(parts, lang, semicolons=True)


def moved_sources(step: YearEffects) -> list[SourceEffects]:
    """The sources with emissions in one of the years, those that moved most first."""
    found = [item for item in step.sources if item.before or item.after]
    return sorted(found, key=lambda item: -max(map(abs, item.effects.values()), default=0.0))


def source_cells(item: SourceEffects, names: Mapping[str, str], lang: Lang) -> tuple[str, str, str, str]:
    """Company, carrier and both years of a source, as printed."""
    company = names.get(item.category.entity, item.category.entity) or word("effects_whole_company", lang)
    label = taxonomy()[item.category.activity].label(lang)
    return company, label, number(item.before, _DECIMALS), number(item.after, _DECIMALS)
