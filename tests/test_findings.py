"""Findings in Chinese: every rule has a title there."""

import re
from pathlib import Path

import carbonledger
from carbonledger.core.errors import Finding
from carbonledger.reporting.wording import finding_text, rule_titles

SOURCE = Path(carbonledger.__file__).parent
# A rule stands first in a finding, a defect, a fault or a table of them, in capitals.
RULE = re.compile(
    r'(?:Finding|CellDefect|_finding|_at|yield|finding)\(?\s*\(?\s*(?:case\.finding\(\s*)?"([A-Z][A-Z0-9]+_[A-Z0-9_]+)"'
)


def test_every_rule_has_a_chinese_title():
    """A rule that the library can report is called something in Chinese, and has a way out there."""
    rules = {rule for path in SOURCE.rglob("*.py") for rule in RULE.findall(path.read_text(encoding="utf-8"))}
    assert len(rules) > 60
    assert rules - set(rule_titles()) == set()


def test_a_finding_in_chinese_keeps_place_rule_and_numbers():
    """Place, title and way out in Chinese; the message with its numbers below."""
    finding = Finding(
        "READING_FALLS", "error", "the reading falls from 9 to 3.", "State it.", "a.csv", row=4, column="本期读数"
    )
    text = finding_text(finding, "zh")
    assert text.startswith("错误：a.csv，第 4 行，“本期读数”列：电表读数倒退。")
    assert "[READING_FALLS]" in text
    assert "from 9 to 3" in text
    assert finding_text(finding, "en") == f"error: {finding}"
