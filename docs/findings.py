"""The page of the findings, written from the catalogue: ``python -m docs.findings``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from carbonledger.core.findings import Message, Rule, rules

PAGE = Path(__file__).with_suffix(".md")
_EFFECTS = {
    "excluded": "Entries, or what belongs to them, are left out of the total. 有关数据不计入总量。",
    "gap": "Something is missing from the total although no entry was refused. 总量缺项。",
    "doubt": "Counted, but in doubt. 已计入，但存疑。",
    "about_published": "Only a published figure is in doubt. 仅涉及已披露的数字。",
    "environment": "Only a register of water, waste, air, wastewater or noise is concerned. 仅涉及水、废弃物、大气、废水或噪声台账。",
    "note": "Nothing changes. 不影响总量。",
}
_HEAD = """# Findings 问题清单

Every rule that the library can report, from `carbonledger/core/rules.csv`, with an example of each of its messages in English and Chinese.
`python -m docs.findings` writes this page.
The sixteen checks have pages of their own in [checks](checks/index.md).

What a finding means for the total:

| effect | meaning |
|---|---|
"""


def page() -> str:
    """The text of the page."""
    effects = "".join(f"| {name} | {meaning} |\n" for name, meaning in _EFFECTS.items())
    return _HEAD + effects + "".join(_sections())


def _sections() -> Iterator[str]:
    """A section for each rule, in alphabetical order."""
    for name, cases in groupby(sorted(rules().values(), key=lambda rule: rule.key), key=lambda rule: rule.name):
        listed = list(cases)
        base = listed[0]
        check = f", check [{base.check}](checks/{base.check.lower()}.md)" if base.check else ""
        yield f"\n## {name}\n\n{base.title.en} · {base.title.zh}\n\nEffect: {base.effect}{check}.\n"
        for case in listed:
            if case.message.en:
                yield from _example(case)


def _example(case: Rule) -> Iterator[str]:
    """An example of a message in both languages."""
    message = Message.of(case.key, **json.loads(case.example or "{}"))
    yield f"\n- {case.severity}: {_line(message.full_text('en'))}\n"
    yield f"- {_line(message.full_text('zh'))}\n"


def _line(text: str) -> str:
    """A text on one line, with nothing that Markdown reads as markup."""
    plain = " ".join(text.split())
    for letter in "\\`*_[]<>#|":
        plain = plain.replace(letter, f"\\{letter}")
    return plain


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}\n")
