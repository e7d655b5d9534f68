"""The companies and sites that a book lists, against those that its entries name.

References
----------
ISO 14064-3:2019, and GHG Protocol Corporate Standard (2004), chapter 3: the list of entities reconciles to what was counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic.dataclasses import dataclass

from carbonledger.activity_data.entries import Entries
from carbonledger.core.findings import Finding
from carbonledger.core.strict_fields import RECORD, Day, Name

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Site", "check_sites", "with_regions"]


@dataclass(frozen=True, slots=True, config=RECORD)
class Site:
    """A site of a company, where it lies and when it is in operation.

    Parameters
    ----------
    id, entity : str
        Its name as entries use it, and its company.
    region : str
        Where it lies, e.g. ``CN-SD``; empty if entries say so themselves.
    valid_from, valid_to : date or None
        First and last day of operation; None for open.
    own_attributes, direct_line_attributes : {"kept", "sold"} or None
        What became of the certificates of its own generation and of its direct line; None where the book's setting holds.
    """

    id: Name
    entity: str
    region: str = ""
    valid_from: Day | None = None
    valid_to: Day | None = None
    own_attributes: Literal["kept", "sold"] | None = None
    direct_line_attributes: Literal["kept", "sold"] | None = None


def with_regions(entries: Entries, sites: Sequence[Site], default: str) -> Entries:
    """Entries of a listed site take its region where they name none of their own.

    Parameters
    ----------
    entries : Entries
        Read with `default` for entries that name no region.
    sites : sequence of Site
        The sites.
    default : str
        The region of the book.

    Returns
    -------
    Entries
    """
    regions = {(site.entity, site.id): site.region for site in sites if site.region}
    if not regions:
        return entries
    frame = entries.frame.copy()
    keys = list(zip(frame["entity"], frame["site"], strict=True))
    frame["region"] = [
        regions.get(key, region) if region == default.upper() else region
        for key, region in zip(keys, frame["region"], strict=True)
    ]
    return replace(entries, frame=frame)


def check_sites(frame: pd.DataFrame, companies: Mapping[str, str], sites: Sequence[Site]) -> Iterator[Finding]:
    """Companies without entries, entries of unlisted sites, and entries from when a site was not in operation.

    Parameters
    ----------
    frame : pandas.DataFrame
        The entries of a reporting year.
    companies : mapping of str to str
        Each company that the book lists, and why it has no data if that is stated.
    sites : sequence of Site
        The sites.

    Yields
    ------
    Finding
    """
    present = set(frame["entity"])
    for company, reason in companies.items():
        if company not in present and not reason:
            yield Finding.of("ENTITY_WITHOUT_ENTRIES", company=company).at(file="book.toml")
    listed = {(site.entity, site.id): site for site in sites}
    if listed:
        yield from _site_findings(frame, listed)


def _site_findings(frame: pd.DataFrame, listed: Mapping[tuple[str, str], Site]) -> Iterator[Finding]:
    """Sites of entries that are unlisted or not in operation, and listed sites without entries."""
    with_entries = set()
    reported = set()
    for record in frame.to_dict("records"):
        key = (str(record["entity"]), str(record["site"]))
        if not key[1] or key in reported:
            continue
        with_entries.add(key)
        finding = _site_finding(listed.get(key), key, record["start"])
        if finding:
            reported.add(key)
            yield finding.at(file=record["file"], sheet=record["sheet"], row=record["row"])
    for entity, name in listed.keys() - with_entries:
        yield Finding.of("SITE_WITHOUT_ENTRIES", company=entity, site=name).at(file="book.toml")


def _site_finding(site: Site | None, key: tuple[str, str], start: date) -> Finding | None:
    """What is wrong with the site of an entry that begins on a day; None if nothing is."""
    if site is None:
        return Finding.of("SITE_UNKNOWN", company=key[0], site=key[1])
    if (site.valid_from and start < site.valid_from) or (site.valid_to and start > site.valid_to):
        return Finding.of("SITE_NOT_OPERATING", site=key[1], start=str(start))
    return None
