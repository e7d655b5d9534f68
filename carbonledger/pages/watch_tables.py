"""The tables of a monitored book: days, months, months by site, and the sources of readings."""

from __future__ import annotations

from carbonledger.core.language import Lang, headed, word
from carbonledger.monitoring.alarms import is_own, source_label
from carbonledger.monitoring.overview import MonitoredSource, Overview, Span
from carbonledger.pages.headline import Card
from carbonledger.pages.tables import Column, PageTable, Row, numbers, texts
from carbonledger.pages.watch_pictures import kwh_of, months_data
from carbonledger.reporting.change_text import change_text
from carbonledger.reporting.console import number

__all__ = ["days_table", "months_table", "overview_cards", "site_table", "sources_table"]

_KWH, _GJ, _TONNES = 0, 2, 3


def overview_cards(overview: Overview, lang: Lang) -> list[Card]:
    """The headline figures: the last whole day, the last whole month, and the peak day of those shown."""
    day = next((item for item in reversed(overview.days) if item.whole), None)
    month = next((item for item in reversed(overview.months) if item.whole), None)
    cards = [_card("watch_last_day", day, "%Y-%m-%d", lang), _card("watch_last_month", month, "%Y-%m", lang)]
    cards.append(_card("watch_peak_day", overview.peak_day, "%Y-%m-%d", lang))
    return [card for card in cards if card is not None]


def _card(label: str, span: Span | None, form: str, lang: Lang) -> Card | None:
    """A headline figure of a day or month."""
    if span is None:
        return None
    notes = [
        f"{number(span.emissions_tco2e, _TONNES)} {word('page_co2e', lang)}",
        headed(word("watch_change", lang), _change(span, "energy_gj", lang, signed=True) or _remark(span, lang), lang),
    ]
    if span.own_share == span.own_share:
        notes.append(headed(word("watch_own", lang), f"{number(span.own_share * 100, 1)} %", lang))
    return Card(f"{word(label, lang)} · {span.begin:{form}}", number(kwh_of(span.energy_gj), _KWH), "kWh", tuple(notes))


def _change(span: Span, measure: str, lang: Lang, *, signed: bool = False) -> str:
    """A change against the year before as printed; empty where there is none."""
    change = span.change(measure)
    return "" if change != change else change_text(change * 100, "percent", lang, signed=signed)


def _remark(span: Span, lang: Lang) -> str:
    """Why a span has no change; empty if it has one."""
    if not span.whole:
        return word("watch_part", lang)
    if span.previous_energy_gj != span.previous_energy_gj:
        return word("watch_none_before", lang)
    return "" if span.comparable else word("watch_not_alike", lang)


def days_table(overview: Overview, lang: Lang) -> PageTable:
    """The days of the picture, the last one first."""
    tonnes = word("page_co2e", lang)
    columns = [Column(word("watch_day", lang)), *numbers(
        (word("watch_energy", lang), "kWh"), (word("watch_before", lang), "kWh"), (word("watch_change", lang), "%"),
        (word("watch_emissions", lang), tonnes), (word("watch_before", lang), tonnes), (word("watch_own", lang), "%"),
    ), *texts(word("watch_remark", lang))]  # fmt: skip
    rows = [
        Row((
            f"{day.begin:%Y-%m-%d}", number(kwh_of(day.energy_gj), _KWH), number(kwh_of(day.previous_energy_gj), _KWH),
            _change(day, "energy_gj", lang) or "–", number(day.emissions_tco2e, _TONNES),
            number(day.previous_emissions_tco2e, _TONNES), number(day.own_share * 100, 1), _remark(day, lang),
        ))
        for day in reversed(overview.days)
    ]  # fmt: skip
    return PageTable(word("watch_days", lang), tuple(columns), tuple(rows), (word("watch_note_days", lang),))


def months_table(overview: Overview, lang: Lang) -> PageTable:
    """The months, the last one first, with what belongs to none."""
    energy, emissions, change = (word(f"watch_{name}", lang) for name in ("energy", "emissions", "change"))
    before, tonnes = word("watch_before", lang), word("page_co2e", lang)
    columns = [Column(word("watch_month", lang)), *numbers(
        (energy, "GJ"), (before, "GJ"), (change, "%"), (emissions, tonnes), (before, tonnes), (change, "%"),
        (word("watch_own", lang), "%"),
    ), *texts(word("watch_remark", lang))]  # fmt: skip
    rows = [
        Row((
            f"{month.begin:%Y-%m}", number(month.energy_gj, _GJ), number(month.previous_energy_gj, _GJ),
            _change(month, "energy_gj", lang) or "–", number(month.emissions_tco2e, _TONNES),
            number(month.previous_emissions_tco2e, _TONNES), _change(month, "emissions_tco2e", lang) or "–",
            number(month.own_share * 100, 1), _remark(month, lang),
        ))
        for month in reversed(overview.months)
    ]  # fmt: skip
    notes, longer = [word("watch_note_months", lang)], overview.priced.longer
    if len(longer):
        sums = {
            "energy": longer["energy_gj"].sum(skipna=False),
            "emissions": longer["emissions_tco2e"].sum(skipna=False),
        }
        printed = {name: number(float(value), _TONNES) for name, value in sums.items()}
        notes.append(word("watch_longer", lang, count=str(len(longer)), **printed))
    return PageTable(word("watch_months", lang), tuple(columns), tuple(rows), tuple(notes))


def site_table(overview: Overview, measure: str, lang: Lang) -> PageTable | None:
    """The numbers of the picture of months by site; None without entries."""
    data = months_data(overview, measure, lang)
    if data is None:
        return None
    frame = data.table
    series, months = list(dict.fromkeys(frame["series"])), list(dict.fromkeys(frame["label"]))
    cells = {(row["label"], row["series"]): str(row["text"]) for row in frame.to_dict("records")}
    columns = (Column(word("watch_month", lang)), *numbers(*((name, data.unit) for name in series)))
    rows = tuple(Row((month, *(cells.get((month, name), "–") for name in series))) for month in reversed(months))
    return PageTable(data.title, columns, rows)


def sources_table(overview: Overview, lang: Lang) -> PageTable:
    """The sources of readings over the days that are shown."""
    columns = [*texts(word("watch_source", lang), word("watch_last_reading", lang)), *numbers(
        (word("watch_step", lang), "h"), (word("watch_amount", lang), ""), (word("watch_energy", lang), "kWh"),
        (word("watch_emissions", lang), word("page_co2e", lang)), (word("watch_peak", lang), ""), (word("watch_baseload", lang), ""),
    )]  # fmt: skip
    rows = tuple(_source_row(item, overview, lang) for item in overview.sources)
    return PageTable(word("watch_sources", lang), tuple(columns), rows, (word("watch_baseload_note", lang),))


def _source_row(item: MonitoredSource, overview: Overview, lang: Lang) -> Row:
    """A source, marked if it is silent."""
    silent = item.is_silent(overview.at)
    last = f"{item.last:%Y-%m-%d %H:%M}" + (f" · {word('watch_is_silent', lang)}" if silent else "")
    peak = f"{number(item.peak_amount, 1)} {item.unit} · {item.peak_day:%m-%d}" if item.peak_day else "–"
    has_load = item.baseload == item.baseload and not is_own(item.names["activity"])
    load = f"{number(item.baseload, 1)} {item.unit}/h" if has_load else "–"
    cells = (
        source_label(item.names).text(lang), last, number(item.step_hours, 2), f"{number(item.amount, 1)} {item.unit}",
        number(kwh_of(item.energy_gj), _KWH), number(item.emissions_tco2e, _TONNES), peak, load,
    )  # fmt: skip
    return Row(cells, "subtotal" if silent else "row")
