"""What a company hands out of one book (page, workbook, every disclosure) as whole processes, against the imports of their libraries."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.large_books import large
from benchmarks.slip_books import written
from benchmarks.timing import interleaved_seconds, line

__all__ = ["ALL"]

ROWS, GOAL = 5_000, 6
_RIVAL = ("-c", "import pandas, altair, xlsxwriter, jinja2")
_REPORT = (
    "import sys\n"
    "sys.argv[1:] = ['report', sys.argv[1], '--html', sys.argv[1] + '/report.html', '--xlsx', sys.argv[1] + '/report.xlsx', '--force']\n"
)
_DISCLOSE = (
    "import sys\nsys.argv[1:] = ['disclose', sys.argv[1], '--framework', 'all', '--xlsx', sys.argv[1] + '/all.xlsx']\n"
)
_RUN = (
    "from carbonledger.cli.main import main\n"
    "try:\n    main()\nexcept SystemExit as done:\n    sys.exit(0 if done.code in (None, 0, 1) else 2)"
)


def whole_report() -> Iterator[bool]:
    """The page and the workbook by one command, and all disclosures in one workbook by another."""
    with tempfile.TemporaryDirectory() as folder:
        written(large(ROWS), Path(folder))
        for name, script in (("page and workbook", _REPORT), ("every disclosure", _DISCLOSE)):
            ours, rival = interleaved_seconds(("-c", script + _RUN, folder), _RIVAL)
            yield line(f"{name} of {ROWS:,} entries / import pandas, altair, xlsxwriter, jinja2", ours, rival, GOAL)


ALL = (whole_report,)
