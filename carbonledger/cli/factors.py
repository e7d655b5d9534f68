"""The command line of the factor library."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonledger.cli.factor_search import SearchScope, show_potentials, show_search
from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import JsonOption, LangOption, Language
from carbonledger.core.errors import UnknownActivityError
from carbonledger.core.findings import Finding, Message, first_error
from carbonledger.core.language import Lang, printable, word

if TYPE_CHECKING:
    from carbonledger.factors.factor import Edition
    from carbonledger.inventory.why import SeriesDecision

__all__ = ["factors_app"]

factors_app = typer.Typer(no_args_is_help=True, help="Editions of factors: find, trust, compare and add them.")

FolderOption = Annotated[Path | None, typer.Option("--folder", help="A factor folder of your own.")]
_SPOT = "--spot"
EditionArgument = Annotated[str, typer.Argument(help="An edition as name@version.")]


@factors_app.command("list")
def factors_list(as_json: JsonOption = False, folder: FolderOption = None) -> None:
    """List every edition with its status and date of publication."""
    from carbonledger.factors.editions import catalogue

    rows = catalogue(folder).values()
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    from carbonledger.reporting.console import console_for
    from carbonledger.reporting.listings import print_catalogue

    print_catalogue(rows, console_for())


@factors_app.command("show")
def factors_show(
    edition: EditionArgument,
    activity: Annotated[str, typer.Option("--activity", help="Only this activity, by name or label.")] = "",
    region: Annotated[str, typer.Option("--region", help="Only this region.")] = "",
    as_json: JsonOption = False,
    folder: FolderOption = None,
) -> None:
    """Show one edition with its figures and where they come from."""
    from carbonledger.factors.editions import read_edition

    found = read_edition(edition, folder)
    rows = found.factors(activity=_activity_in(found, activity))
    if region:
        from carbonledger.core.regions import canonical_region

        place = canonical_region(region)
        rows = [factor for factor in rows if factor.region == place]
    if as_json:
        print_json({**found.package, "status": found.status, "factors": [asdict(factor) for factor in rows]})
        return
    from carbonledger.reporting.factor_text import edition_lines

    sys.stdout.writelines(f"{printable(line)}\n" for line in edition_lines(found, rows))


def _activity_in(edition: Edition, text: str) -> str | None:
    """An activity of an edition as it stands there, or as people call it; None for all."""
    if not text or any(text == name for name, _ in edition.index):
        return text or None
    return _activity(text)


def _activity(text: str, region: str = "") -> str:
    """The taxonomy's name; an activity that only editions know, such as one sector's spend, by its dotted name."""
    from carbonledger.core.activities import canonical_activity
    from carbonledger.core.regions import canonical_region

    try:
        return canonical_activity(text, canonical_region(region).partition("-")[0] if region else "")
    except UnknownActivityError:
        if "." in text:
            return text
        raise


@factors_app.command("search")
def factors_search(
    words: Annotated[list[str], typer.Argument(help="What you look for, in English or Chinese.")],
    region: Annotated[
        str, typer.Option("--region", help="A code or name of a country, province, state or grid, or a US ZIP code.")
    ] = "",
    year: Annotated[int | None, typer.Option("--year", help="The year of the activity.")] = None,
    limit: Annotated[int, typer.Option("--limit", help="How many hits at most.", min=1)] = 10,
    book: Annotated[Path | None, typer.Option("--book", help="A book, whose region and own editions count.")] = None,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
    folder: FolderOption = None,
) -> None:
    """Find factors by what people call them, typing errors forgiven; first the activity to write into an entry."""
    show_search(" ".join(words), SearchScope(region, year, folder, book), limit, lang.value, as_json=as_json)


@factors_app.command("verify")
def factors_verify(
    editions: Annotated[list[str] | None, typer.Argument(help="Editions; without any, every one.")] = None,
    as_json: JsonOption = False,
    folder: FolderOption = None,
    lang: LangOption = Language.en,
) -> None:
    """Verify editions: checksum, schema, units, provenance, duplicates, and that calculations can use what is your own."""
    from carbonledger.core.errors import EditionError
    from carbonledger.factors.editions import catalogue, read_edition, unsealed_edition
    from carbonledger.factors.verification import verify_edition

    findings: list[Finding] = []
    names = editions or list(catalogue(folder if folder and (folder / "catalogue.csv").is_file() else None))
    for name in names:
        unsealed = folder is not None and (folder / name.replace("@", "/")).is_dir()
        try:
            found = unsealed_edition(name, folder) if unsealed and folder is not None else read_edition(name, folder)
            findings += verify_edition(found)
        except EditionError as error:
            problem = error.says or Message.of("EDITION_DAMAGED", problem=str(error))
            findings.append(Finding.from_message(problem).at(file=name))
    if as_json:
        print_json([finding.to_dict(lang.value) for finding in findings])
    else:
        counts = {"editions": str(len(names)), "findings": str(len(findings))}
        _print_findings(findings, lang.value, word("editions_verified", lang.value, **counts))
    if first_error(findings):
        raise typer.Exit(1)


def _print_findings(findings: list[Finding], lang: Lang, last: str) -> None:
    """Findings, a line each, and a last line."""
    sys.stdout.write("".join(f"{finding.text(lang)}\n" for finding in findings) + f"{last}\n")


@factors_app.command("diff")
def factors_diff(
    older: EditionArgument,
    newer: EditionArgument,
    activity: Annotated[str, typer.Option("--activity", help="Only activities that begin with this.")] = "",
    limit: Annotated[int, typer.Option("--limit", help="How many changes at most; 0 for all.", min=0)] = 40,
    as_json: JsonOption = False,
    folder: FolderOption = None,
) -> None:
    """List what changed between two editions, with percentages."""
    from carbonledger.factors.diff import diff_editions
    from carbonledger.factors.editions import read_edition

    changes = [
        change
        for change in diff_editions(read_edition(older, folder), read_edition(newer, folder))
        if change.factor.activity.startswith(activity)
    ]
    if as_json:
        print_json([{**asdict(change), "percent": change.percent} for change in changes])
        return
    from carbonledger.reporting.console import console_for
    from carbonledger.reporting.listings import print_changes

    print_changes(changes, limit or len(changes), console_for())


@factors_app.command("why")
def factors_why(
    activity: Annotated[str, typer.Argument(help="An activity by name or label.")],
    region: Annotated[
        str, typer.Argument(help="A code or name of a country, province, state or grid, or a US ZIP code.")
    ],
    year: Annotated[int, typer.Argument(help="The year of the activity.")],
    unit: Annotated[str, typer.Option("--unit", help="The unit of the amount; by default a usual one.")] = "",
    parameter: Annotated[str, typer.Option("--parameter", help="Which property.")] = "emission_factor",
    gwp: Annotated[str, typer.Option("--gwp", help="The GWP set of the inventory.")] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="What had been published by this day, YYYY-MM-DD.")] = "",
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
    folder: FolderOption = None,
) -> None:
    """Print the whole matching decision: what a calculation would use of each series, what was refused, and why."""
    from carbonledger.inventory.why import why
    from carbonledger.reporting.decision_text import decision_data, print_decisions

    try:
        day = date.fromisoformat(as_of) if as_of else None
    except ValueError as error:
        raise typer.BadParameter(f"{as_of!r} is not a day such as 2025-04-30", param_hint="--as-of") from error
    name = _activity(activity, region)
    decisions = why(name, region, year, unit=unit, parameter=parameter, gwp=gwp, as_of=day, folder=folder)
    if as_json:
        print_json([decision_data(decision, lang.value) for decision in decisions])
    else:
        from carbonledger.reporting.console import console_for

        print_decisions(decisions, console_for(), lang.value)
    if not _answered(decisions):
        raise typer.Exit(1)


def _answered(decisions: list[SeriesDecision]) -> bool:
    """Whether some series gives a factor, or none is needed."""
    return any(item.method or item.matches for item in decisions)


@factors_app.command("gwp")
def factors_gwp(
    gas: Annotated[str, typer.Argument(help="A gas or a blend, e.g. CH4, R32 or R-410A.")],
    as_json: JsonOption = False,
) -> None:
    """Show the global warming potential of a gas or refrigerant blend under every set, however it is spelt."""
    show_potentials(gas, as_json=as_json)


@factors_app.command("new")
def factors_new(
    name: Annotated[str, typer.Argument(help="Name of the edition, e.g. my-suppliers.")],
    version: Annotated[str, typer.Option("--version", help="Its version.")] = "1",
    folder: Annotated[Path, typer.Option("--folder", help="Your factor folder.")] = Path("factors"),
    source: Annotated[Path | None, typer.Option("--from", help="A CSV or workbook with the factors.")] = None,
    publisher: Annotated[str, typer.Option("--publisher", help="Who published the figures.")] = "",
    document: Annotated[str, typer.Option("--document", help="The document they stand in.")] = "",
    published: Annotated[str, typer.Option("--published", help="When, as YYYY-MM-DD.")] = "",
    verified: Annotated[str, typer.Option("--verified", help="How they were verified.")] = "",
    by: Annotated[str, typer.Option("--by", help="Who transcribed them.")] = "",
    role: Annotated[
        list[str] | None, typer.Option("--role", help="What it is meant for, if not what its figures say.")
    ] = None,
    lang: LangOption = Language.en,
) -> None:
    """Begin an edition of your own: supplier factors, residual mixes, contracts."""
    from carbonledger.factors.own import new_edition

    facts = {
        "publisher": publisher,
        "document": document,
        "date_published": published,
        "how_verified": verified,
        "transcribed_by": by,
    }
    place = new_edition(name, version=version, folder=folder, source=source, facts=facts, roles=role or ())
    where = printable(str(place))
    command = f"carbonledger factors seal {name}@{version} --folder {printable(str(folder))}"
    sys.stdout.write(f"{where}/factors.csv\n{where}/datapackage.json\n")
    sys.stdout.write(f"{word('edition_begun', lang.value, command=command)}\n")


@factors_app.command("seal")
def factors_seal(
    edition: EditionArgument,
    folder: Annotated[Path, typer.Option("--folder", help="Your factor folder.")] = Path("factors"),
    lang: LangOption = Language.en,
) -> None:
    """Verify an edition of your own and enter it, with its checksum, into your catalogue."""
    from carbonledger.factors.own import seal_edition

    findings = seal_edition(edition, folder)
    refused = first_error(findings)
    key = "edition_refused" if refused else "edition_sealed"
    _print_findings(findings, lang.value, word(key, lang.value, edition=edition, folder=printable(str(folder))))
    if refused:
        raise typer.Exit(1)


@factors_app.command("refresh")
def factors_refresh(
    series: Annotated[str, typer.Argument(help="The series of editions, e.g. uk-desnz.")],
    source: Annotated[
        Path, typer.Argument(help="The publisher's workbook, or a table with the columns of the format.")
    ],
    version: Annotated[str, typer.Option("--version", help="Of the new edition, e.g. 2027.")],
    published: Annotated[str, typer.Option("--published", help="When it was published, as YYYY-MM-DD.")] = "",
    previous: Annotated[
        list[str] | None, typer.Option("--previous", help="An edition of another year to join to; the nearest first.")
    ] = None,
    folder: Annotated[Path, typer.Option("--folder", help="The factor folder.")] = Path("factors"),
    fact: Annotated[
        list[str] | None, typer.Option("--fact", help="NAME=TEXT for the data package, e.g. how_verified=...")
    ] = None,
    spot: Annotated[
        list[str] | None, typer.Option(_SPOT, help="NAME=VALUE read elsewhere, e.g. electricity.grid=0.13096")
    ] = None,
    second: Annotated[Path | None, typer.Option("--second", help="A table of figures of a second publication.")] = None,
    accept: Annotated[list[str] | None, typer.Option("--accept", help="A check that may fail.")] = None,
    check_only: Annotated[bool, typer.Option("--check-only", help="Write nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make this year's edition of a publisher: read the file, join it to last year's, check it, and seal it."""
    from carbonledger.publishers.evidence import evidence_from
    from carbonledger.publishers.sealing import refresh_edition
    from carbonledger.reporting.refresh_text import print_refresh, refresh_data

    result = refresh_edition(
        series,
        source,
        version=version,
        folder=folder,
        previous=previous or (),
        published=published,
        facts=_named(fact, "--fact"),
        evidence=evidence_from(_named(spot, _SPOT), second),
        accept=accept or (),
        only_check=check_only,
    )
    if as_json:
        print_json(refresh_data(result))
    else:
        from carbonledger.reporting.console import console_for

        print_refresh(result, console_for())
        sys.stdout.write("".join(f"{finding}\n" for finding in result.findings))
        if result.place is not None and not result.findings:
            sys.stdout.write(f"{series}@{version} is sealed in {printable(str(result.place))}.\n")
    if result.findings:
        raise typer.Exit(1)


def _named(texts: list[str] | None, option: str) -> dict[str, str]:
    """Texts such as ``name=value``; a name may hold an equals sign where the value is a number."""
    named: dict[str, str] = {}
    for text in texts or ():
        name, _, value = text.rpartition("=") if option == _SPOT else text.partition("=")
        if not name or not value:
            raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint=option)
        named[name.strip()] = value.strip()
    return named
