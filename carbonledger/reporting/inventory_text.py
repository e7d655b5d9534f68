"""The sections of the text report that go beyond scopes 1 and 2."""

from __future__ import annotations

from rich.console import Console

from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Label, Lang, bracketed, headed, in_language, listed, translated, word
from carbonledger.disclosure.primary_energy import national_energy
from carbonledger.inventory.completeness import CompletenessStatement
from carbonledger.reporting.console import amount_text, number, plain_text, section_title, text_table
from carbonledger.reporting.policies import policy_rows
from carbonledger.reporting.report import Report

__all__ = [
    "data_quality_line",
    "print_completeness",
    "print_conventions",
    "print_intensities",
    "print_policies",
    "print_profiles",
    "print_registers",
    "print_scope_3",
]


def print_completeness(statement: CompletenessStatement, console: Console, lang: Lang) -> None:
    """Print the statement that stands at the head of every output."""
    style = "" if statement.complete and not statement.errors else "bold red"
    for line in statement.lines(lang):
        console.print(plain_text(line, style=style))


def data_quality_line(report: Report, lang: Lang) -> str:
    """The part of the emissions that is measured, estimated and filled in; empty if no entry says."""
    parts = report.data_types()
    if set(parts) <= {"not_stated"}:
        return ""
    shares = (f"{word(f'data_{name}', lang)} {number(share * 100, 2)} %" for name, share in parts.items())
    return headed(word("data_quality", lang), listed(shares, lang), lang)


def print_conventions(report: Report, console: Console, lang: Lang) -> None:
    """Print energy under each national convention, one table each."""
    priced = national_energy(report.inventory)
    for convention, rows in priced.groupby("convention", sort=False):
        section_title(console, word("conventions_title", lang, convention=str(convention)))
        if len(rows) == 1:
            console.print(plain_text(word("conventions_empty", lang)))
            continue
        oil = rows["oil_equivalent_kl"].notna().any()
        keys = ["carrier", "unit", "amount", "primary_energy_gj", "primary_energy_tce", "formula"]
        table = text_table([word(key, lang) for key in (*keys, *(["oil_equivalent_kl"] if oil else []))], [2, 3, 4, 6])
        for row in rows.to_dict("records"):
            total = row["level"] == "total"
            carrier = word(report.completeness.sum_label, lang) if total else taxonomy()[row["activity"]].label(lang)
            cells = [carrier, row["unit"], "" if total else amount_text(row["amount"])]
            cells += [number(row["primary_energy_gj"], 2), number(row["primary_energy_tce"], 2), row["formula"]]
            cells += [number(row["oil_equivalent_kl"], 2)] if oil else []
            table.add_row(*cells, style="bold" if total else "")
        console.print(table)
        console.print(plain_text(word("conventions_note", lang)))
        unpriced = rows.loc[(rows["level"] == "row") & rows["primary_energy_gj"].isna(), "activity"]
        if len(unpriced):
            names = listed((taxonomy()[name].label(lang) for name in dict.fromkeys(unpriced)), lang)
            console.print(plain_text(word("conventions_unpriced", lang, carriers=names), style="red"))


def print_scope_3(report: Report, console: Console, lang: Lang) -> None:
    """Print the relevance matrix of scope 3: fifteen rows, each calculated or explained; nothing if none is stated."""
    matrix = report.scope_3.get(lang)
    if matrix is None or (matrix["status"] == "not_stated").all():
        return
    section_title(console, word("scope_3_title", lang))
    table = text_table([word(key, lang) for key in ("category", "status_of", "emissions", "methods", "reason")], [2])
    for row in matrix.to_dict("records"):
        label = f"{row['category']} {row['label']}" if row["category"] else word("not_stated", lang)
        emissions = number(row["emissions_tco2e"], 4) if row["lines"] else ""
        methods = translated(row["methods"], lang)
        table.add_row(label, word(row["status"], lang), emissions, methods, row["reason"])
    console.print(table)


def print_profiles(report: Report, console: Console, lang: Lang) -> None:
    """Print the inventory under each standard, and how it differs from the GHG Protocol."""
    section_title(console, word("profiles_title", lang))
    table = text_table([word(key, lang) for key in ("profile", "line", "emissions")], [2])
    for item in report.profiles:
        rows = [(label, value) for label, value in item.rows if value]
        for at, (label, value) in enumerate(rows):
            table.add_row(word(item.name, lang) if at == 0 else "", word(label, lang), number(value, 4))
        table.add_row(
            "" if rows else word(item.name, lang),
            word(report.completeness.sum_label, lang),
            number(item.total_location_based_tco2e, 4),
            style="bold",
        )
    console.print(table)
    for item in report.profiles:
        for difference in item.differences:
            values = {"what": _activity_label(difference.what, lang), "reason": word(difference.reason, lang)}
            text = word("differs", lang, tonnes=number(difference.tco2e, 4), **values)
            console.print(plain_text(headed(word(item.name, lang), text, lang)))
        for problem in item.problems:
            console.print(plain_text(headed(word(item.name, lang), str(in_language(problem, lang)), lang), style="red"))


def _activity_label(what: str, lang: Lang) -> str:
    """An activity, and the gas if only that differs, in words."""
    name, _, rest = what.partition(" ")
    known = taxonomy().get(name)
    return " ".join(part for part in (known.label(lang) if known else name, rest) if part)


def print_intensities(report: Report, console: Console, lang: Lang) -> None:
    """Print emissions and energy per driver, with the scopes in the numerator."""
    if not report.intensities:
        return
    section_title(console, word("intensities_title", lang))
    keys = ["driver", "amount", "unit", "numerator", "emissions_per_unit", "energy_per_unit"]
    market = any(item.market_based_tco2e_per_unit is not None for item in report.intensities)
    keys += ["market_based_per_unit"] if market else []
    table = text_table([word(key, lang) for key in keys], [1, 4, 5, 6])
    for item in report.intensities:
        driver = item.driver
        numerator = " + ".join(word(part, lang) for part in item.scopes.split(" + "))
        cells = [Label(driver.name_en, driver.name_zh).text(lang), f"{driver.amount:,g}", driver.unit, numerator]
        cells += [number(item.location_based_tco2e_per_unit, 6), number(item.gj_per_unit, 6)]
        other = item.market_based_tco2e_per_unit
        table.add_row(*cells, *([("" if other is None else number(other, 6))] if market else []))
    console.print(table)


def print_registers(report: Report, console: Console, lang: Lang) -> None:
    """Print removals and credits, which are outside the inventory."""
    if not report.registers:
        return
    section_title(console, word("registers_title", lang))
    table = text_table([word(key, lang) for key in ("what", "scheme", "vintage", "emissions")], [3])
    for item in report.registers:
        table.add_row(word(item.kind, lang), item.scheme, item.vintage, number(item.tco2e, 4))
    console.print(table)


def print_policies(report: Report, console: Console, lang: Lang) -> None:
    """Print the policies: what the standards leave open, what the book chose, and the reason of the default."""
    section_title(console, word("policies_title", lang))
    table = text_table([word(key, lang) for key in ("question", "chosen", "reason")])
    for row in policy_rows(report.settings, lang, report.stated):
        default = "" if row["stated"] else bracketed(word("by_default", lang), lang)
        table.add_row(row["question"], translated(row["chosen"], lang) + default, row["reason"])
    console.print(table)
