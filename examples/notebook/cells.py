"""The notebook of the example of two years, with its results: ``python -m examples.notebook.cells`` runs its cells and writes it anew."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

__all__ = ["NOTEBOOK", "executed", "notebook_of_cells"]

NOTEBOOK = Path(__file__).with_name("second-year.ipynb")
# Text and code in turn.
_CELLS = (
    """# Two years of a company

An invented company with two plants, reported in April 2025 with what had been published by then.
Every figure below leads back to an entry, a factor and the place in the publisher's document.""",
    """import altair

import carbonledger as cl

_ = altair.renderers.enable("svg")  # pictures that need no network
year = cl.report("../second-year")
print(year.completeness.lines("en")[0])""",
    """## The inventory

Emissions are gross. No view calls a part of them a total.""",
    """total = year.totals()["total_location_based_tco2e"]
print(f"{total:,.4f} t CO2e with scope 2 location-based")
year.inventory.by("scope")""",
    "The energy table, as it is printed in Chinese reports:",
    """year.inventory.energy_table(lang="zh")""",
    """## What changed

A source that one year lacks counts as 0 in that year and says so.""",
    """year.changes["activity"].round(2)""",
    "",
    """year.plot.year_on_year()""",
    """## Where a figure comes from

The first line, step by step, down to the table of the publisher:""",
    """print(year.inventory.explain(1))""",
    """## What the library does not guess

A unit that could be two is refused, with both readings.""",
    """entries = cl.read_entries([{"activity": "natural gas", "amount": 120, "unit": "therms", "year": 2024}])
for finding in entries.findings:
    print(finding.text("en"))
print(len(entries), "entries,", entries.left_out, "left out")""",
)


def notebook_of_cells() -> nbformat.NotebookNode:
    """The notebook without results."""
    makers = (nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell)
    cells = [makers[at % 2](text, id=f"cell-{at + 1}") for at, text in enumerate(_CELLS) if text]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def executed(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with the results of its cells, run where it lies."""
    place = {"metadata": {"path": str(NOTEBOOK.parent)}}
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", record_timing=False, resources=place)
    return client.execute()


if __name__ == "__main__":
    result = executed(notebook_of_cells())
    result.metadata["language_info"] = {"name": "python"}  # without the version of whoever ran it
    NOTEBOOK.write_text(nbformat.writes(result) + "\n", encoding="utf-8")
