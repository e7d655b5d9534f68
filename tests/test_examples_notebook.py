"""The notebook among the examples: its cells are those of its script, and running it again prints what stands in it."""

import copy

import nbformat
import pytest

from examples.notebook.cells import NOTEBOOK, executed, notebook_of_cells


@pytest.fixture(scope="module")
def committed():
    """The notebook as it lies among the examples."""
    return nbformat.read(NOTEBOOK, as_version=4)


def printed(notebook):
    """What each cell of code printed; frames and records show themselves as their own tests say."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return ["".join(out.text for out in cell.outputs if out.output_type == "stream") for cell in cells]


def test_the_cells_are_those_of_the_script(committed):
    """Text and code agree with the script that writes the notebook."""
    assert [cell.source for cell in committed.cells] == [cell.source for cell in notebook_of_cells().cells]


def test_every_result_was_written(committed):
    """Each cell of code has a result, the picture is one that needs no network, and no place of a machine stands in it."""
    assert all(cell.outputs for cell in committed.cells if cell.cell_type == "code")
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert "image/svg+xml" in text
    assert "cdn.jsdelivr" not in text
    assert str(NOTEBOOK.parent.parent) not in text


@pytest.mark.slow
def test_running_it_again_prints_the_same(committed):
    """No cell fails, and what it prints is what was committed: run `python -m examples.notebook.cells` after a change that is meant."""
    assert printed(executed(copy.deepcopy(committed))) == printed(committed)
