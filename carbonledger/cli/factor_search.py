"""``carbonledger factors search`` and ``gwp``: what people call a factor or a gas, and what the editions have for it."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.core.language import Lang, printable

__all__ = ["SearchScope", "show_potentials", "show_search"]


@dataclass(frozen=True, slots=True)
class SearchScope:
    """Where and when a factor shall serve, and which editions of one's own are searched; a book tells both where they are not said."""

    region: str
    year: int | None
    folder: Path | None
    book: Path | None

    def told(self) -> tuple[str, Path | None]:
        """The region and the folder of own editions."""
        if self.book is None:
            return self.region, self.folder
        from carbonledger.book.book import open_book

        book = open_book(self.book)
        return self.region or book.settings.company.region, self.folder or book.factor_folder


def show_search(text: str, scope: SearchScope, limit: int, lang: Lang, *, as_json: bool) -> None:
    """Print the factors that a text finds; end with 1 if there are none."""
    from carbonledger.factors.search import search_factors

    region, folder = scope.told()
    hits = search_factors(text, region=region, year=scope.year, limit=limit, folder=folder)
    if as_json:
        print_json([asdict(hit) for hit in hits])
    else:
        from carbonledger.reporting.factor_text import hit_lines, nothing_found

        lines = hit_lines(hits, lang) if hits else [nothing_found(text, lang)]
        sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))
    if not hits:
        raise typer.Exit(1)


def show_potentials(gas: str, *, as_json: bool) -> None:
    """Print the potential of a gas or blend under every set; end with 1 if none has one."""
    from carbonledger.factors.potentials import potentials

    found = potentials(gas)
    if as_json:
        print_json([{"gwp_set": name, "gwp": value, "remark": remark} for name, value, remark in found])
    else:
        for name, value, remark in found:
            shown = "–" if value is None else value
            sys.stdout.write(f"{name:<22} {shown:>10}  {printable(remark)}\n")
    if all(value is None for _, value, _ in found):
        raise typer.Exit(1)
