"""The companies and sites that a book lists, against those that its entries name.

References
----------
ISO 14064-3:2019, and GHG Protocol Corporate Standard (2004), chapter 3: the list of entities reconciles to what was counted.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydantic.dataclasses import dataclass

from carbonledger.activity_data.entries import Entries
from carbonledger.activity_data.row_groups import codes_of
from carbonledger.core.errors import RegionError
from carbonledger.core.findings import Finding
from carbonledger.core.periods import Period
from carbonledger.core.regions import canonical_region, described_regions, regions_apart
from carbonledger.core.strict_fields import RECORD, Day, Name

__all__ = ["Site", "check_sites", "with_regions"]


@dataclass(frozen=True, slots=True, config=RECORD)
class Site:
    """A site of a company, where it lies and when it is in operation.

    Parameters
    ----------
    id, entity : str
        Its name as entries use it, and its company.
    region : str
        Where it lies, e.g. ``CN-SD``, 山东 or a US ZIP code; empty if entries say so themselves.
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
    """Entries that name no region take that of their site, else that of the book.

    Parameters
    ----------
    entries : Entries
        Read without a default region, so that what an entry says itself can be told from what it does not say.
    sites : sequence of Site
        The sites; their regions may be any text of `carbonledger.core.regions.canonical_region`.
    default : str
        The region of the book, any such text too.

    Returns
    -------
    Entries
        Without entries that name a region apart from that of their site, without entries that take the region of a site whose own
        cannot be read; each is a finding.

    Raises
    ------
    RegionError
        If the region of the book cannot be read.
    """
    book = canonical_region(default) if default.strip() else ""
    regions, findings = _site_regions(sites, book)
    before = entries.frame
    codes = codes_of(before, ["entity", "site", "region"])
    distinct = before.iloc[np.unique(codes, return_index=True)[1]]
    keys = zip(distinct["entity"], distinct["site"], distinct["region"], strict=True)
    placed = [_placed(regions.get((entity, site), book), own, (entity, site) in regions) for entity, site, own in keys]
    known = np.array([region is not None for region in placed], dtype=bool)[codes]
    named = np.array([region or "" for region in placed], dtype=object)[codes]
    frame = before.assign(region=pd.Series(named, index=before.index, dtype=before["region"].dtype))[known]
    left_out = {}
    for record in before[~known].to_dict("records"):
        region = regions[record["entity"], record["site"]]
        place = (record["file"], record["sheet"], int(record["row"]))
        left_out[place] = (
            _contradiction(record, region)
            if region
            else Finding.of("SITE_REGION_UNREAD", site=record["site"]).at(file=place[0], sheet=place[1], row=place[2])
        )
    found = replace(entries, findings=(*entries.findings, *findings))
    return found.without(frame, left_out, account="refused")


def _placed(around: str | None, own: str, is_of_site: bool) -> str | None:
    """The region of an entry: its own, else that of its site or book; None if its own lies apart from its site's, or that is unread."""
    if not own:
        return around
    return None if is_of_site and around and regions_apart(own, around) else own


def _site_regions(sites: Sequence[Site], home: str) -> tuple[dict[tuple[str, str], str | None], list[Finding]]:
    """The region of every site that states one, None where it cannot be read, and the findings of these."""
    regions: dict[tuple[str, str], str | None] = {}
    findings: list[Finding] = []
    for site in sites:
        if not site.region.strip():
            continue
        try:
            regions[site.entity, site.id] = canonical_region(site.region, home=home)
        except RegionError as error:
            regions[site.entity, site.id] = None
            found = [Finding.from_message(error.says)] if error.says else []
            findings += [finding.at(file="book.toml", column="region", value=site.region) for finding in found]
    return regions, findings


def _contradiction(record: Mapping[Hashable, Any], region: str) -> Finding:
    """The finding of an entry that names another region than its site's."""
    named, lies_in = described_regions([record["region"], region])
    found = Finding.of("SITE_REGION_CONTRADICTS", site=record["site"], named=named, region=lies_in)
    return found.at(file=record["file"], sheet=record["sheet"], row=record["row"], value=record["region"])


def check_sites(
    frame: pd.DataFrame,
    companies: Mapping[str, str],
    sites: Sequence[Site],
    known: Collection[str] = (),
    whole: Period | None = None,
) -> Iterator[Finding]:
    """Companies without entries, entries of unlisted sites, and entries from when a site was not in operation.

    Parameters
    ----------
    frame : pandas.DataFrame
        The entries of a reporting year.
    companies : mapping of str to str
        Each company that the book lists, and why it has no data if that is stated.
    sites : sequence of Site
        The sites.
    known : collection of str
        Every company that entries may name; empty if the book lists none.
    whole : Period, optional
        The reporting year: a site that was not in operation on any day of it needs no entry.

    Yields
    ------
    Finding
    """
    present = set(frame["entity"].unique())
    for company, reason in companies.items():
        if company not in present and not reason:
            yield Finding.of("ENTITY_WITHOUT_ENTRIES", company=company).at(file="book.toml")
    if known:
        yield from _unlisted(frame, known)
    listed = {(site.entity, site.id): site for site in sites}
    if listed:
        yield from _site_findings(frame, listed, whole)


def _unlisted(frame: pd.DataFrame, companies: Collection[str]) -> Iterator[Finding]:
    """Companies of the entries that a book which lists its companies does not know, each at its first entry."""
    strangers = frame[~frame["entity"].isin([*companies, ""])].drop_duplicates("entity")
    for record in strangers.to_dict("records"):
        finding = Finding.of("ENTITY_UNLISTED", company=record["entity"])
        yield finding.at(file=record["file"], sheet=record["sheet"], row=int(record["row"]), value=record["entity"])


def _site_findings(
    frame: pd.DataFrame, listed: Mapping[tuple[str, str], Site], whole: Period | None
) -> Iterator[Finding]:
    """Sites of entries that are unlisted or not in operation, and listed sites without entries."""
    with_entries = set()
    reported = set()
    dated = any(site.valid_from or site.valid_to for site in listed.values())
    codes = codes_of(frame, ["entity", "site", *(["start"] if dated else [])])
    first = np.sort(np.unique(codes, return_index=True)[1])
    for record in frame.iloc[first][["entity", "site", "start", "file", "sheet", "row"]].to_dict("records"):
        key = (str(record["entity"]), str(record["site"]))
        if not key[1] or key in reported:
            continue
        with_entries.add(key)
        finding = _site_finding(listed.get(key), key, record["start"])
        if finding:
            reported.add(key)
            yield finding.at(file=record["file"], sheet=record["sheet"], row=record["row"])
    for key, site in listed.items():
        if key not in with_entries and _operates(site, whole):
            yield Finding.of("SITE_WITHOUT_ENTRIES", company=key[0], site=key[1]).at(file="book.toml")


def _operates(site: Site, whole: Period | None) -> bool:
    """Whether a site is in operation on some day of a period."""
    if whole is None:
        return True
    return not ((site.valid_from and site.valid_from >= whole.end) or (site.valid_to and site.valid_to < whole.start))


def _site_finding(site: Site | None, key: tuple[str, str], start: date) -> Finding | None:
    """What is wrong with the site of an entry that begins on a day; None if nothing is."""
    if site is None:
        return Finding.of("SITE_UNKNOWN", company=key[0], site=key[1])
    if (site.valid_from and start < site.valid_from) or (site.valid_to and start > site.valid_to):
        return Finding.of("SITE_NOT_OPERATING", site=key[1], start=str(start))
    return None
