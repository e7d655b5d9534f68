"""What a disclosure says in words about its figures, as far as the book states it: period, boundary, methods, sources, exclusions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Label, has_label, listed
from carbonledger.disclosure.case import DisclosureCase, left_out_reason
from carbonledger.disclosure.figures import Figure, Pieces, answered, missing, not_applicable, says, unnamed
from carbonledger.disclosure.frameworks import heating_value_of, is_burnt, net_energy
from carbonledger.disclosure.scope3_relevance import scope_3_table
from carbonledger.factors.gases import gas_group
from carbonledger.factors.partial_editions import edition_label
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.energy import is_energy_row
from carbonledger.inventory.scope3_categories import category_of, scope_3_categories

__all__ = ["described"]


def described(case: DisclosureCase, name: str) -> Pieces:
    """A statement of the book about its figures, e.g. ``period``, ``approach``, ``editions``."""
    return unnamed(_STATEMENTS[name](case))


def _rows(case: DisclosureCase) -> list[PlanRow]:
    """The plan rows that have lines, those without emissions among them."""
    return [row for row, _ in case.energy_amounts]


def _list_of(labels: Iterable[Label], otherwise: Figure) -> Figure:
    """Several labels as one text, each once."""
    found = list(dict.fromkeys(labels))
    return (
        answered(Label(listed(found, "en", semicolons=True), listed(found, "zh", semicolons=True)))
        if found
        else otherwise
    )


def _stated(label: Label, key: str) -> Figure:
    """What the book says; missing if it does not."""
    return answered(label) if label.en or label.zh else missing(says(key))


def _period(case: DisclosureCase) -> Figure:
    """The first and the last day."""
    first, last = case.period.start.isoformat(), case.period.last_day.isoformat()
    return answered(says("period", first=first, last=last))


def _approach(case: DisclosureCase) -> Figure:
    """The consolidation approach."""
    if not case.approach:
        return missing(says("no_approach"))
    return answered(Label.of(case.approach) if has_label(case.approach) else Label(case.approach, case.approach))


def _gwp(case: DisclosureCase) -> Figure:
    """The set of GWP, by its document."""
    source = case.inventory.gwp.source
    text = f"{source.publisher}, {source.title} [{source.id}]"
    return answered(Label(text, text))


def _editions(case: DisclosureCase) -> Figure:
    """The editions of factors, and the GWP set."""
    names = {factor.edition for row in _rows(case) for factor in row.factors} | {case.inventory.gwp.edition}
    return _list_of((_document(case, name) for name in sorted(names)), not_applicable(says("no_entries")))


def _energy_editions(case: DisclosureCase) -> Figure:
    """The editions of calorific values."""
    names = {step.factor.edition for row in _rows(case) for step in row.energy_steps if step.factor}
    return _list_of((_document(case, name) for name in sorted(names)), answered(says("constants_alone")))


def _document(case: DisclosureCase, edition: str) -> Label:
    """An edition by its publisher and its id, with the word that it is partial."""
    publisher, label = case.inventory.editions[edition].publisher, edition_label(edition)
    return Label(f"{publisher}: {label.en}", f"{publisher}：{label.zh}")


def _drivers(case: DisclosureCase) -> Figure:
    """The denominators with their amounts."""
    labels = [
        Label(
            f"{Label(item.name_en, item.name_zh).text('en')}: {item.amount:,.10g} {item.unit}",
            f"{Label(item.name_en, item.name_zh).text('zh')}：{item.amount:,.10g} {item.unit}",
        )
        for item in case.drivers
    ]
    return _list_of(labels, missing(says("no_driver")))


def _driver_scopes(case: DisclosureCase) -> Figure:
    """The scopes in the numerator of each ratio."""
    scopes = [
        says("scopes", numbers=Label(listed(item.scopes, "en"), listed(item.scopes, "zh"))) for item in case.drivers
    ]
    return _list_of(scopes, missing(says("no_driver")))


def _carriers(case: DisclosureCase) -> Figure:
    """The energy carriers that were used."""
    findings = case.affecting(("energy",), lambda name: taxonomy()[name].scope != 3)
    if findings:
        return missing(left_out_reason(findings))
    names = dict.fromkeys(row.activity for row in _rows(case) if is_energy_row(row))
    labels = [Label(taxonomy()[name].label_en, taxonomy()[name].label_zh) for name in names]
    return _list_of(labels, not_applicable(says("no_entries")))


def _gases(*scopes: int) -> Callable[[DisclosureCase], Figure]:
    """The gases that the factors of some scopes have."""

    def gases(case: DisclosureCase) -> Figure:
        findings = case.affecting(("emissions",), lambda name: taxonomy()[name].scope in {*scopes, None})
        if findings:
            return missing(left_out_reason(findings))
        found = [gas_group(item.gas) for row in _rows(case) if row.scope in scopes for item in row.gases]
        names = [name for name in dict.fromkeys(found) if name and name != "CO2e rounding"]
        labels = [says("gases_together") if name == "CO2e" else Label(name, name) for name in names]
        return _list_of(labels, not_applicable(says("no_entries")))

    return gases


def _categories(case: DisclosureCase) -> Figure:
    """The categories of scope 3 that were calculated."""
    rows = [row for row in _rows(case) if row.scope == 3]
    numbers = sorted({category_of(row.activity, row.key.scope_3_category) for row in rows} - {0})
    named = [scope_3_categories()[number] for number in numbers]
    labels = [Label(f"{item.number} {item.label_en}", f"{item.number} {item.label_zh}") for item in named]
    return _list_of(labels, missing(says("no_category_calculated")))


def _exclusions(case: DisclosureCase) -> Figure:
    """What was left out: entries that could not be counted, and categories of scope 3 with their reasons."""
    findings = (*case.statement.left_out, *case.statement.gaps)
    tables = [scope_3_table(case.inventory, case.relevance, lang).to_dict("records") for lang in ("en", "zh")]
    labels = [left_out_reason(findings)] if findings else []
    unexplained = False
    for row, zh in zip(*tables, strict=True):
        if row["status"] in {"not_relevant", "relevant_not_calculated"}:
            labels.append(
                Label(
                    f"{row['category']} {row['label']}: {row['reason']}",
                    f"{zh['category']} {zh['label']}：{zh['reason']}",
                )
            )
        unexplained |= row["status"] == "not_stated"
    if unexplained:
        return missing(says("exclusions_open"))
    return _list_of(labels, not_applicable(says("nothing_excluded")))


def _heating_values(case: DisclosureCase) -> Figure:
    """The heating values that the energy of fuels is on."""
    bases = set()
    for row in _rows(case):
        if is_energy_row(row) and is_burnt(row.activity):
            basis = net_energy(row, case.inventory)[1] if case.is_on_net else heating_value_of(row)
            bases.add(basis or "unknown")
    found = _list_of((Label.of(f"basis_{basis}") for basis in sorted(bases)), not_applicable(says("no_entries")))
    return replace(found, reason=says("not_on_net")) if case.is_on_net and bases - {"net"} else found


_STATEMENTS: Mapping[str, Callable[[DisclosureCase], Figure]] = {
    "approach": _approach,
    "boundary": lambda case: _stated(case.boundary, "no_boundary"),
    "carriers": _carriers,
    "categories": _categories,
    "company": lambda case: answered(case.company),
    "driver_scopes": _driver_scopes,
    "drivers": _drivers,
    "editions": _editions,
    "energy_editions": _energy_editions,
    "energy_inside": lambda _: answered(says("energy_inside")),
    "exclusions": _exclusions,
    "gases": _gases(1, 2, 3),
    "gases_1": _gases(1),
    "gases_2": _gases(2),
    "gases_3": _gases(3),
    "gwp": _gwp,
    "heating_values": _heating_values,
    "period": _period,
}
