"""The catalogue of findings: every rule has both languages, and code and catalogue agree."""

import ast
import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

import carbonledger
from carbonledger.core.findings import Finding, Message, rules
from carbonledger.reporting.wording import finding_text
from docs import findings as findings_page

PACKAGE = Path(carbonledger.__file__).parent
RAISING = {"of", "finding"}
CHINESE = re.compile("[\u4e00-\u9fff]")
# Four English words in a row are a sentence, not a name, a unit or a key of a file.
ENGLISH = re.compile(r"(?:\b[a-z]{2,}\b[ ,.]+){3}\b[a-z]{2,}\b")


@pytest.fixture(scope="module")
def raised():
    """Every key of the catalogue that code names, with the names of the values given: (file, line, key, values)."""
    return list(keys_in_code())


def keys_in_code():
    """The keys of the catalogue in the calls that raise a finding."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RAISING):
                continue
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.isascii():
                key = first.value
                if re.fullmatch(r"[A-Z][A-Z0-9_]{3,}(\.[a-z0-9_]+)?", key):
                    open_values = any(keyword.arg is None for keyword in node.keywords)
                    values = None if open_values else {keyword.arg for keyword in node.keywords}
                    yield path.name, node.lineno, key, values


def test_code_and_catalogue_agree(raised):
    """What code raises is in the catalogue, with exactly the values that its texts print."""
    for file, line, key, values in raised:
        assert key in rules(), f"{file}:{line}: {key}"
        if values is not None:
            assert values == rules()[key].fields, f"{file}:{line}: {key}"


def test_every_rule_is_raised(raised):
    """No row of the catalogue is left over: code names each rule, or one of its cases."""
    named = {key.partition(".")[0] for _, _, key, _ in raised} | constants()
    assert {rule.name for rule in rules().values()} <= named


def constants():
    """The rules that stand in code as plain text, for instance in a table of cases."""
    return {
        node.value.partition(".")[0]
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isupper()) or _is_prefix(node)
    }


def _is_prefix(node):
    """Whether a node is the fixed part of a key whose case is filled in."""
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[A-Z0-9_]+\..*", node.value)
    )


def test_cases_agree_with_their_rule():
    """What a rule means for the total, and its check, are the same in all its cases."""
    for key, rule in rules().items():
        base = rules()[rule.name]
        assert (rule.effect, rule.check) == (base.effect, base.check), key


def test_the_page_of_findings():
    """Every rule stands on docs/findings.md, and one of a check on the page of its check."""
    assert findings_page.page() == findings_page.PAGE.read_text(encoding="utf-8"), "run: python -m docs.findings"
    for rule in rules().values():
        if rule.check:
            page = PACKAGE.parent / "docs" / "checks" / f"{rule.check.lower()}.md"
            assert rule.name in page.read_text(encoding="utf-8"), rule.name


def by_rule():
    """The rows of the catalogue by their rule, which may have several cases."""
    cases = defaultdict(list)
    for key, rule in rules().items():
        cases[rule.name].append(key)
    return [pytest.param(keys, id=name) for name, keys in cases.items()]


@pytest.mark.parametrize("keys", by_rule())
def test_both_languages(keys):
    """A rule has a title, a message and a remedy in both languages, neither mixed into the other."""
    for rule in map(rules().get, keys):
        assert rule.title.en, rule
        assert CHINESE.search(rule.title.zh), rule
        assert bool(rule.message.en) == bool(rule.message.zh), rule
        assert bool(rule.remedy.en) == bool(rule.remedy.zh), rule
        for text in (rule.title.zh, rule.message.zh, rule.remedy.zh):
            assert not ENGLISH.search(text), text
        assert not CHINESE.search(rule.title.en), rule


@pytest.mark.parametrize("keys", by_rule())
def test_the_example_of_a_rule(keys):
    """The example of a rule renders in both languages."""
    for key in (key for key in keys if rules()[key].message.en):
        values = json.loads(rules()[key].example or "{}")
        finding = Finding.from_message(Message.of(key, **values)).at(file="entries.csv", row=3)
        for lang in ("en", "zh"):
            assert "{" not in finding.text(lang), key
            assert f"[{rules()[key].name}]" in finding_text(finding, lang), key
