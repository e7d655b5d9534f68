"""What a disclosure draws on, from a reporting year and the settings of its book."""

from __future__ import annotations

from carbonledger.book.settings import BookSettings
from carbonledger.comparison.base_year import BaseYear, MadeRecalculation
from carbonledger.core.language import Label, Lang, word
from carbonledger.core.periods import Period
from carbonledger.disclosure.answers import Disclosure, answer_framework
from carbonledger.disclosure.case import DisclosureCase
from carbonledger.disclosure.figures import NOTHING
from carbonledger.disclosure.stated_base_year import StatedBaseYear
from carbonledger.disclosure.stated_target import TargetStatement
from carbonledger.disclosure.stated_uncertainty import PartUncertainty
from carbonledger.environment.disclosed import disclosed_figures
from carbonledger.reporting.console import number
from carbonledger.reporting.report import Report
from carbonledger.reporting.target_wording import decimals_of, promise_of, scopes_of
from carbonledger.scenarios.saved_figures import saved_figures
from carbonledger.targets.standing import TargetStanding

__all__ = ["disclosure_of"]


def disclosure_of(year: Report, settings: BookSettings, compared: Report | None, framework: str) -> Disclosure:
    """A disclosure framework answered from a reporting year.

    Parameters
    ----------
    year : Report
        The reporting year.
    settings : BookSettings
        Of its book.
    compared : Report or None
        The year to compare with, calculated only if the framework asks for it.
    framework : str
        Its name.

    Returns
    -------
    Disclosure

    Raises
    ------
    BookError
        If there is no such framework.
    """
    return answer_framework(_case(year, settings, compared), framework)


def _uncertainty(year: Report) -> dict[str, PartUncertainty]:
    """The uncertainty of the total and of each ISO category by its number; empty if the book states none."""
    assessment = year.uncertainty
    if assessment is None:
        return {}
    found = {str(item.value): item for item in (assessment.total, *assessment.along("category")) if item.value}
    return {
        name: PartUncertainty(item.covered_percent, item.covered_share, item.is_part) for name, item in found.items()
    }


def _case(year: Report, settings: BookSettings, compared: Report | None) -> DisclosureCase:
    """A reporting year as a framework sees it."""
    company, boundary = settings.company, settings.boundary
    return DisclosureCase(
        inventory=year.inventory,
        period=Period.of_year(year.year, year.first_month),
        company=Label(company.name_en, company.name_zh),
        boundary=Label(boundary.statement_en, boundary.statement_zh),
        approach=boundary.approach or "",
        statement=year.completeness,
        scope_2=year.scope_2,
        drivers=year.drivers,
        relevance=settings.scope_3,
        registers=year.registers,
        registers_file=settings.files.registers,
        instruments_file=settings.scope_2.instruments if settings.scope_2 else "",
        targets=tuple(_statement(item) for item in year.targets),
        uncertainty=_uncertainty(year),
        environment=disclosed_figures(year.environment),
        savings=saved_figures(year.savings),
        compared=lambda: None if compared is None else _case(compared, settings, None),
        base_year=_stated_base_year(year.base_year) if year.base_year else None,
    )


def _statement(item: TargetStanding) -> TargetStatement:
    """A target as a framework sees it."""
    found, target = item.judgement, item.target
    percent = None if found.progress is None else 100.0 * found.progress
    base = NOTHING if item.base is None else Label(_base(item, "en"), _base(item, "zh"))
    return TargetStatement(target.label, Label(_promise(item, "en"), _promise(item, "zh")), base, percent, found.reason)


def _promise(item: TargetStanding, lang: Lang) -> str:
    """What is promised, in words."""
    promise = promise_of(item).text(lang)
    return word(
        "disclosure_target",
        lang,
        status=word(f"target_{item.judgement.status}", lang),
        scopes=scopes_of(item, lang),
        promise=promise,
    )


def _base(item: TargetStanding, lang: Lang) -> str:
    """Base year and value."""
    value = number(item.base, decimals_of(item))
    return word("disclosure_target_base", lang, year=str(item.target.base_year), value=value, unit=item.case.unit)


def _stated_base_year(base: BaseYear) -> StatedBaseYear:
    """A base year with the emissions of each scope."""
    single = [item for item in base.bridges if len(item.scopes) == 1]
    first = {(item.scopes[0], item.method): item.as_reported_tco2e for item in single}
    restated = {(item.scopes[0], item.method): item.restated_tco2e for item in single}
    return StatedBaseYear(
        year=base.year,
        rationale=base.policy.rationale,
        as_reported={(scope, str(method)): value for (scope, method), value in first.items()},
        restated={(scope, str(method)): value for (scope, method), value in restated.items() if value is not None},
        recalculations=tuple(_said(item) for item in base.recalculations),
        is_undecided=base.test.reached is None and any(item.standing != "never" for item in base.verdicts),
    )


def _said(item: MadeRecalculation) -> Label:
    """A recalculation in a sentence of each language."""

    def text(lang: Lang) -> str:
        values = {"before": number(item.before_tco2e, 2), "after": number(item.after_tco2e, 2)}
        names = {"name": item.recalc_id, "reason": item.reason.text(lang)}
        if item.made:
            return word("base_year_one_made", lang, date=item.date.isoformat(), **names, **values)
        return word("base_year_one_called_for", lang, **names, **values)

    return Label(text("en"), text("zh"))
