"""The companies and sites that a book lists, against those that its entries name.

References
----------
ISO 14064-3:2019, and GHG Protocol Corporate Standard (2004), chapter 3: the list of entities reconciles to what was counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from carbonledger.activity_data.entries import Entries
from carbonledger.core.findings import Finding, old_finding

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Site", "check_sites", "with_regions"]


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid", defer_build=True))
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

    id: str
    entity: str
    region: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
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
    return Entries(frame, entries.findings, entries.rows_read, entries.left_out)


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
            yield old_finding(
                "ENTITY_WITHOUT_ENTRIES",
                "warning",
                f"{company} is listed but has no entry in the year.",
                "Add its entries, or say in without_data of its [[entity]] why there are none.",
                file="book.toml",
            )
    known = {(site.entity, site.id): site for site in sites}
    if known:
        yield from _sites(frame, known)


def _sites(frame: pd.DataFrame, known: Mapping[tuple[str, str], Site]) -> Iterator[Finding]:
    """What is wrong with the sites that entries name, and with sites that none names."""
    met = set()
    told = set()
    for record in frame.to_dict("records"):
        key = (str(record["entity"]), str(record["site"]))
        if not key[1] or key in told:
            continue
        met.add(key)
        place, where = known.get(key), {"file": record["file"], "sheet": record["sheet"], "row": record["row"]}
        if place is None:
            told.add(key)
            yield old_finding(
                "SITE_UNKNOWN",
                "warning",
                f"{key[0]} has no site {key[1]!r}.",
                "Add a [[site]], or correct it.",
                **where,
            )
        elif (place.valid_from and record["start"] < place.valid_from) or (
            place.valid_to and record["start"] > place.valid_to
        ):
            told.add(key)
            message = f"{key[1]}: an entry of {record['start']} lies outside its operation."
            yield old_finding("SITE_NOT_OPERATING", "warning", message, "Correct the entry or the [[site]].", **where)
    for entity, site in known.keys() - met:
        yield old_finding(
            "SITE_WITHOUT_ENTRIES",
            "warning",
            f"{entity}: the site {site!r} has no entry in the year.",
            "",
            file="book.toml",
        )
