"""``book.toml`` of the next year: this year's with its comments, less what belongs to this year alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonledger.core.language import Lang, word
from carbonledger.core.relative_paths import relative_name

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

__all__ = ["NextSettings", "SettingsPlan", "next_settings"]

# What [files] says of one year: the next year states its own.
_OF_ONE_YEAR = (
    *("prorate_weights", "estimates", "registers", "published", "relations", "reconstructions", "spaces"),
    *("water", "waste", "air", "wastewater", "noise"),
    *("products", "supplier_footprints", "gri_index"),
)
_LANGUAGES: tuple[Lang, ...] = ("en", "zh")
_ROLES = ("emissions", "energy", "standard_coal", "conventions", "estimates")


@dataclass(frozen=True, slots=True)
class SettingsPlan:
    """What the settings of the next year shall say.

    Parameters
    ----------
    year : int
        The next year.
    folder, old_folder : Path
        Of the new book, and of this year's.
    compare_book : str
        What it is compared with, relative to the new folder.
    entries : str
        The name of its file of entries.
    instruments : str
        The name of its file of instruments; empty if this year has none.
    drivers : mapping of str to float
        Amounts of the new year by the names of the drivers.
    as_of : date or None
        The day by which editions must have been published.
    first_day : date
        Of the new reporting year.
    roles : mapping of str to sequence of str
        The editions of the new book by role; empty to keep those of this year.
    replaced : mapping of str to str
        The editions whose place another takes.
    lang : {"en", "zh"}
        The language of the comments that are added.
    """

    year: int
    folder: Path
    old_folder: Path
    compare_book: str
    entries: str
    instruments: str
    drivers: Mapping[str, float]
    as_of: date | None
    first_day: date
    roles: Mapping[str, Sequence[str]]
    replaced: Mapping[str, str]
    lang: Lang


@dataclass(slots=True)
class NextSettings:
    """The text of the settings, and what of this year's is not in them.

    Parameters
    ----------
    text : str
        As TOML.
    ended : list of str
        Sites, holdings that have ended.
    to_state : list of str
        Settings that belong to one year and have to be stated anew.
    """

    text: str = ""
    ended: list[str] = field(default_factory=list)
    to_state: list[str] = field(default_factory=list)


def next_settings(text: str, plan: SettingsPlan) -> NextSettings:
    """The settings of the next year.

    Parameters
    ----------
    text : str
        This year's ``book.toml``.
    plan : SettingsPlan
        What is other.

    Returns
    -------
    NextSettings
        What ends with the year stands at its end as a comment, so that nothing that somebody wrote is lost.
    """
    import tomlkit

    document = tomlkit.parse(text.replace("\r\n", "\n"))
    found = NextSettings()
    _company(document, plan)
    _files(document, plan, found)
    _factors(document, plan, found)
    _scope_2(document, plan, found)
    set_aside = ["".join(f"# {line}\n" for line in found.to_state)] if found.to_state else []
    for table in ("site", "holding"):
        ended = _take_out(document, table, lambda item: _ends_before(item.get("valid_to"), plan.first_day))
        found.ended += [f"[[{table}]] {item.get('id') or item.get('entity') or ''}" for item in ended]
        set_aside += [_commented(table, item) for item in ended]
    for table in ("driver", "saving", "suppress", "table"):
        for item in _take_out(document, table, lambda item, table=table: table != "driver" or not _driver(item, plan)):
            found.to_state.append(f"[[{table}]] {_name_of(item)}".strip())
            set_aside.append(_commented(table, item))
    body = tomlkit.dumps(document).rstrip("\n") + "\n"
    if set_aside:
        body += f"\n# {word('new_year_set_aside', plan.lang, year=str(plan.year - 1))}\n" + "\n".join(set_aside)
    found.text = body
    return found


def _company(document: TOMLDocument, plan: SettingsPlan) -> None:
    """The year, and beneath it what it is compared with; comments of a new book that speak of this year end with it."""
    import tomlkit

    old: Any = document["company"]
    stale = _stale_comments(int(old["reporting_year"]), plan)
    company = tomlkit.table()
    for key, item in old.value.body:
        name = key.key if key else ""
        if name in {"compare_year", "compare_book"} or (not name and item.as_string().strip() in stale):
            continue
        company.append(key, item)
        if name == "reporting_year":
            company["reporting_year"] = plan.year
            if item.trivia.comment in stale:
                company["reporting_year"].comment(_year_comment(plan.first_day, plan.lang))
            company.append("compare_year", plan.year - 1)
            company.append("compare_book", plan.compare_book)
            company["compare_book"].comment(word("new_year_compare", plan.lang, year=str(plan.year - 1)))
    length = len(company.value.body)
    document["company"] = company
    # An empty line that would part the next section from the comment above it.
    del company.value.body[length:]


def _stale_comments(year: int, plan: SettingsPlan) -> set[str]:
    """The comments that `init` writes and that the next year makes untrue, in both languages."""
    first = _year_earlier(plan.first_day)
    told = [text for lang in _LANGUAGES for text in (_year_comment(first, lang), word("new_compare", lang))]
    return {f"# {text}" for text in told} | {f"# compare_year = {year - 1}"}


def _year_earlier(day: date) -> date:
    """The first day of the year before."""
    return day.replace(year=day.year - 1)


def _year_comment(first: date, lang: Lang) -> str:
    """What `init` writes beside the reporting year: from which day to which."""
    last = first.replace(year=first.year + 1) - timedelta(days=1)
    return word("new_year", lang, first=str(first), last=str(last))


def _files(document: TOMLDocument, plan: SettingsPlan, found: NextSettings) -> None:
    """The tables of the new year; what belonged to this year alone is asked for."""
    files: Any = document.setdefault("files", {})
    files["entries"] = [plan.entries]
    for name in _OF_ONE_YEAR:
        if name in files:
            value = files[name]
            text = json.dumps(list(value), ensure_ascii=False) if isinstance(value, list) else repr(str(value))
            found.to_state.append(f"[files] {name} = {text}")
            del files[name]
    if files.get("history") and not _inside(files["history"]):
        files["history"] = _moved(files["history"], plan)
    stated: Any = document.get("environment", {})
    for name in ("target", "previous"):
        if name in stated:
            found.to_state.append(f"[[environment.{name}]]")
            del stated[name]
    outside = [relative_name(plan.old_folder, plan.folder)]
    outside += [_moved(name, plan) for name in files.get("allow_outside", [])]
    files["allow_outside"] = list(dict.fromkeys(outside))


def _moved(name: str, plan: SettingsPlan) -> str:
    """A path of this year's book as the new one names it."""
    return name if Path(name).is_absolute() else relative_name(plan.old_folder / name, plan.folder)


def _inside(name: str) -> bool:
    """Whether a path leads to something within the book's own folder."""
    return not Path(name).is_absolute() and ".." not in Path(name).parts


def _factors(document: TOMLDocument, plan: SettingsPlan, found: NextSettings) -> None:
    """The editions: this year's, and newer ones if they are wanted."""
    factors: Any = document.get("factors")
    if factors is not None:
        if factors.get("folder") and not _inside(factors["folder"]):
            factors["folder"] = _moved(factors["folder"], plan)
        _pins(factors, plan)
        _as_of(factors, plan, found)
    avoided: Any = document.get("avoided_emissions")
    if avoided is not None:
        _put_editions(avoided["editions"], plan.roles.get("avoided", ()), plan.replaced)
    prices: Any = document.get("prices")
    if prices is not None and not _inside(prices["file"]):
        prices["file"] = _moved(prices["file"], plan)


def _pins(factors: Any, plan: SettingsPlan) -> None:
    """The editions of each role, and what is decided of them."""
    for role in _ROLES:
        if role in factors:
            _put_editions(factors[role], plan.roles.get(role, ()), plan.replaced)
    for activity, name in list(factors.get("by_activity", {}).items()):
        factors["by_activity"][activity] = plan.replaced.get(name, name)
    for item in factors.get("max_lag", []):
        item["edition"] = plan.replaced.get(item["edition"], item["edition"])


def _as_of(factors: Any, plan: SettingsPlan, found: NextSettings) -> None:
    """The day by which editions must have been published: that of the new year, or none with a word about it."""
    if plan.as_of is not None:
        factors["as_of"] = plan.as_of.isoformat()
    elif "as_of" in factors:
        found.to_state.append(f"[factors] as_of = {factors['as_of']}")
        del factors["as_of"]


def _put_editions(names: Any, wanted: Sequence[str], replaced: Mapping[str, str]) -> None:
    """Put newer editions into a list, each in the place of the one it replaces, or behind the others."""
    for at, name in enumerate(list(names)):
        if replaced.get(name, name) != name:
            names[at] = replaced[name]
    for name in wanted:
        if name not in names:
            names.append(name)


def _scope_2(document: TOMLDocument, plan: SettingsPlan, found: NextSettings) -> None:
    """The contracts that go on, and the day of retirement, which is another."""
    chosen: Any = document.get("scope_2")
    if chosen is None:
        return
    if chosen.get("instruments"):
        chosen["instruments"] = plan.instruments
    if "retired_by" in chosen:
        found.to_state.append(f"[scope_2] retired_by = {chosen['retired_by']}")
        del chosen["retired_by"]


def _take_out(document: TOMLDocument, table: str, is_out: Any) -> list[Any]:
    """Remove the tables of a list that do not go on."""
    items: Any = document.get(table)
    if items is None:
        return []
    out = [item for item in items if is_out(item)]
    kept = [item for item in items if not is_out(item)]
    if out and not kept:
        del document[table]
    else:
        for at in range(len(items) - 1, -1, -1):
            if is_out(items[at]):
                del items[at]
    return out


def _driver(item: Any, plan: SettingsPlan) -> bool:
    """Whether a driver stays: one of a stated year does, one whose amount is known for the new year gets it."""
    if item.get("year") is not None:
        return True
    names = {str(item.get("name_en", "")).casefold(), str(item.get("name_zh", "")).casefold()} - {""}
    amount = next((value for name, value in plan.drivers.items() if name.casefold() in names), None)
    if amount is not None:
        item["amount"] = amount
    return amount is not None


def _ends_before(last: Any, first_day: date) -> bool:
    """Whether a last day lies before the new year."""
    return last is not None and str(last) < first_day.isoformat()


def _name_of(item: Any) -> str:
    """What a table of a list is called."""
    return str(next((item[name] for name in ("name_en", "name_zh", "rule", "check", "file") if item.get(name)), ""))


def _commented(table: str, item: Any) -> str:
    """A table of a list as a comment."""
    import tomlkit

    if isinstance(item, tomlkit.items.InlineTable):
        plain = tomlkit.table()
        plain.update(item)
        item = plain
    holder = tomlkit.aot()
    holder.append(item)
    lines = tomlkit.dumps({table: holder}).strip().splitlines()
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)
