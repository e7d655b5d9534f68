"""Energy and emissions by scope as a small table of a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonledger.core.language import Lang, word
from carbonledger.core.record_html import figure_text, table_html
from carbonledger.inventory.completeness import CompletenessStatement

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["scopes_html"]


def scopes_html(
    view: pd.DataFrame, headline: tuple[float, float], completeness: CompletenessStatement, lang: Lang
) -> str:
    """Energy [GJ] and emissions [t CO2e] by scope, and the sum of the emissions under its right name.

    Parameters
    ----------
    view : pandas.DataFrame
        Of an inventory by scope.
    headline : (float, float)
        The energy, GJ, and the emissions, t CO2e, of all lines; not a number where there is none.
    completeness : CompletenessStatement
        Whether the sum of all is a total.
    lang : {"en", "zh"}
        The language of the words.

    Returns
    -------
    str
        A table of HTML. What is not known is a dash.
    """
    counted = "without_emissions" in view
    rows = [
        [
            word(str(row["scope"]), lang),
            figure_text(row["energy_gj"]),
            figure_text(row["emissions_tco2e"]),
            *([f"{int(row['without_emissions']):,}"] if counted else []),
        ]
        for row in view.to_dict("records")
    ]
    last = f"{int(view['without_emissions'].sum()):,}" if counted else ""
    rows.append([word(completeness.sum_label, lang), *map(figure_text, headline), *[last] * counted])
    headings = [word(name, lang) for name in ("scope", "energy_gj", "emissions")]
    headings += [word("notebook_without_emissions", lang)] * counted
    return table_html(headings, rows, numbers=range(1, len(headings)))
