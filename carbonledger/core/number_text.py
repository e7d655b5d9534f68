"""Numbers as people and spreadsheets write them: one grammar for cells and for printed figures.

A text is read twice, once with the point and once with the comma as the decimal sign; where both readings exist and differ, only the
column, the file or the country can tell which is meant (`carbonledger.tables.number_columns`). Nothing is dropped from a text to make it
a number.

The SI Brochure (9th edition, 5.4.4) has the point or the comma as the decimal sign, and groups of three by a space; groups by comma,
point and apostrophe are what spreadsheets write.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from carbonledger.core.findings import Message

__all__ = ["NumberText", "decimal_sign_of_country", "is_gap", "number_text", "with_plain_exponent"]

_GAPS = frozenset(
    {
        *("", "-", "--", "---", "—", "——", "–", "/", "\\", "n/a", "na", "#n/a", "n.a.", "nan", "none", "null", "nil", "nat", "<na>"),
        *("not available", "not applicable"),
        *("无", "不适用", "暂无", "缺", "…", "...", "⋯", "―"),
    }
)  # fmt: skip
_ERROR_VALUES = re.compile(
    r"#(REF|DIV/0|VALUE|NAME|NUM|NULL|SPILL|CALC|GETTING_DATA|FIELD|BLOCKED|UNKNOWN)[!?]?|Err:\d+", re.IGNORECASE
)
# What Unicode's compatibility forms would turn into plain digits: superscripts, circled digits, fractions.
_MARKED_DIGITS = re.compile(r"[\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]")
_FRACTIONS = re.compile(r"[\u00bc-\u00be\u2150-\u215f\u2189]|\d\s*[/\u2044]\s*\d")
_FOOTNOTE = re.compile(r"\d\s*(?:[*†‡§¶#]+|[\[(]\s*[\da-z]\s*[\])]|[a-c])$", re.IGNORECASE)
_TIMES_TEN = re.compile(
    r"(?<=[\d.,])\s*[x×*·]\s*10\s*(?:\^|\*\*)?\s*(?P<exponent>[-+−⁻⁺]?[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})(?![\d.,])", re.IGNORECASE
)
_EXPONENT_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−", "0123456789-+-")
# Spaces that typesetting puts between groups; an ordinary space may also stand between two numbers.
_GROUP_SPACES = str.maketrans(
    {"\u00a0": "\u2009", "\u202f": "\u2009", "\u2007": "\u2009", "’": "'", "‘": "'", "＇": "'"}
)
_SIGNS = str.maketrans({"−": "-", "﹣": "-", "－": "-", "▲": "-", "△": "-", "∆": "-"})
_DIGITS = (
    r"(?P<whole>[1-9]\d{0,2}(?:(?P<group>[GROUPS])\d{3})(?:(?P=group)\d{3})*|\d+)?"
    r"(?:[POINT](?P<part>\d*))?(?:[eE](?P<exponent>[-+]?\d{1,4}))?"
)
_WITH_POINT = re.compile(_DIGITS.replace("GROUPS", ", '\u2009").replace("POINT", "."), re.ASCII)
_WITH_COMMA = re.compile(_DIGITS.replace("GROUPS", ". '\u2009").replace("POINT", ","), re.ASCII)
_TEN_THOUSANDS = re.compile(r"(?P<head>[\d.,' \u2009]*\d)\s*(?P<word>万|亿)(?P<rest>\d{4})?", re.ASCII)
_WORD_ZEROS = {"万": 4, "亿": 8}
_INFINITE = re.compile(r"[+-]?(inf|infinity|∞)", re.IGNORECASE)
# More digits than any amount has; a longer text is no number but an accident.
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class NumberText:
    """A text that is a number, in each reading that it allows.

    Parameters
    ----------
    text : str
        As written.
    point, comma : str
        The plain decimal text if the point, or the comma, is the decimal sign; empty if the text cannot be read so.
    is_spaced : bool
        Whether ordinary spaces stand between its digits, so that it may be two numbers; a column that groups by spaces tells.
    proves_spaces : bool
        Whether its spaces can only be groups: there are several, or decimals follow them.
    """

    text: str
    point: str
    comma: str
    is_spaced: bool = False
    proves_spaces: bool = False

    @property
    def decimal(self) -> str:
        """The decimal sign that the text proves: ``.``, ``,``, or none."""
        if self.point and self.comma:
            return ""
        return "." if self.point else ","

    @property
    def is_open(self) -> bool:
        """Whether the two readings differ, such as those of ``1,234``."""
        return bool(self.point and self.comma) and self.point != self.comma

    def value(self, decimal: str) -> str:
        """The plain decimal text in the reading with a decimal sign; empty if it cannot be read so."""
        return self.comma if decimal == "," else self.point


def is_gap(text: str) -> bool:
    """Whether a cell says that there is nothing: empty, a dash, ``n/a``, 无.

    Examples
    --------
    >>> is_gap("—"), is_gap("无"), is_gap("0")
    (True, True, False)
    """
    return unicodedata.normalize("NFKC", text).strip().casefold() in _GAPS or text.strip() in _GAPS


def with_plain_exponent(text: str) -> str:
    """A text in which powers of ten are written with E.

    Examples
    --------
    >>> with_plain_exponent("2.388 x 10^-5"), with_plain_exponent("2.388×10⁻⁵"), with_plain_exponent("2.388E-5")
    ('2.388E-5', '2.388E-5', '2.388E-5')
    """
    return _TIMES_TEN.sub(lambda found: "E" + found["exponent"].translate(_EXPONENT_DIGITS), text)


def number_text(text: str) -> NumberText | Message:
    """A text as a number, or what keeps it from being one.

    Parameters
    ----------
    text : str
        A cell that is no gap.

    Returns
    -------
    NumberText or Message
        A message of BAD_NUMBER names what stands in the way.

    Examples
    --------
    >>> number_text("1,234.5").point, number_text("(123)").point, number_text("▲1.01").point, number_text("12万3456").point
    ('1234.5', '-123', '-1.01', '123456')
    >>> number_text("1,234").is_open, number_text("0,500").decimal, number_text("100 200").is_spaced
    (True, ',', True)
    >>> str(number_text("10²"))
    "'10²' has a raised or circled digit: a power, or a footnote? State the amount as plain digits; put remarks into the note."
    """
    plain = with_plain_exponent(text.strip())
    if len(plain) > _LONGEST:
        return Message.of("BAD_NUMBER.too_long", text=f"{text[:20]}...", digits=len(plain))
    marked = _marked(plain, text)
    if marked:
        return marked
    plain = unicodedata.normalize("NFKC", plain.translate(_GROUP_SPACES).replace("\u2009", "\ue000"))
    plain = plain.replace("\ue000", "\u2009").translate(_SIGNS).strip()
    sign, body = _sign_and_body(plain)
    read = _read_ten_thousands(text, sign, body) if body[-1:] in _WORD_ZEROS or "万" in body or "亿" in body else None
    read = read or _read_plain(text, sign, body)
    if read is None:
        return _why_not(text, plain, body)
    if sign == "-" and not _nonzero(read.point or read.comma):
        return Message.of("BAD_NUMBER.negative_zero", text=text)
    return read


def _marked(plain: str, text: str) -> Message | None:
    """What stands at the digits of a text and would be lost with its form."""
    if _MARKED_DIGITS.search(plain):
        return Message.of("BAD_NUMBER.raised_digit", text=text)
    if _FRACTIONS.search(plain):
        return Message.of("BAD_NUMBER.fraction", text=text)
    return None


def _sign_and_body(plain: str) -> tuple[str, str]:
    """The sign and what it stands at; brackets and a minus behind the digits are those of accounts."""
    if plain.startswith("(") and plain.endswith(")"):
        return "-", plain[1:-1].strip()
    if plain[:1] in {"-", "+"}:
        return plain[:1].replace("+", ""), plain[1:].lstrip()
    if plain.endswith("-") and plain[:1].isdigit():
        return "-", plain[:-1].rstrip()
    return "", plain


def _read_plain(text: str, sign: str, body: str) -> NumberText | None:
    """A number of digits, groups, a decimal sign and an exponent."""
    point, comma = (_plain_of(pattern.fullmatch(body)) for pattern in (_WITH_POINT, _WITH_COMMA))
    if not point and not comma:
        return None
    spaces = body.count(" ")
    is_proven = spaces > 1 or (spaces == 1 and ("." in body or "," in body))
    return NumberText(text, point and sign + point, comma and sign + comma, spaces > 0, is_proven)


def _plain_of(found: re.Match[str] | None) -> str:
    """The plain decimal text of a match; empty if it has no digit."""
    if found is None or not (found["whole"] or found["part"]):
        return ""
    whole = re.sub(r"\D", "", found["whole"] or "")
    exponent = f"e{found['exponent']}" if found["exponent"] else ""
    return f"{whole or '0'}{'.' + found['part'] if found['part'] else ''}{exponent}"


def _read_ten_thousands(text: str, sign: str, body: str) -> NumberText | None:
    """A number with 万 or 亿 behind it or, with four digits after it, in it."""
    found = _TEN_THOUSANDS.fullmatch(body)
    if found is None:
        return None
    head = _read_plain(text, sign, found["head"])
    zeros = _WORD_ZEROS[found["word"]]
    if head is None or "e" in head.point + head.comma:
        return None
    if found["rest"]:
        whole = (head.point or head.comma) + found["rest"]
        return NumberText(text, whole, whole) if found["head"].isdigit() and zeros == len(found["rest"]) else None
    point, comma = (f"{value}e{zeros}" if value else "" for value in (head.point, head.comma))
    return NumberText(text, point, comma, head.is_spaced, head.proves_spaces)


def _nonzero(plain: str) -> bool:
    """Whether a plain decimal text has a digit that is not 0."""
    return any(sign in "123456789" for sign in plain.partition("e")[0])


def _why_not(text: str, plain: str, body: str) -> Message:
    """What keeps a text from being a number."""
    if plain.startswith("="):
        return Message.of("BAD_NUMBER.formula", text=text)
    if _ERROR_VALUES.fullmatch(plain):
        return Message.of("BAD_NUMBER.error_value", text=text)
    if _INFINITE.fullmatch(plain):
        return Message.of("BAD_NUMBER.infinite", text=text)
    return _why_not_digits(text, body)


def _why_not_digits(text: str, body: str) -> Message:
    """What is wrong with digits that are no number."""
    if any(sign.isdigit() and not sign.isascii() for sign in body):
        return Message.of("BAD_NUMBER.other_digits", text=text)
    if "_" in body:
        return Message.of("BAD_NUMBER.underscore", text=text)
    if _FOOTNOTE.search(body):
        return Message.of("BAD_NUMBER.footnote", text=text)
    if re.fullmatch(r"[\d ,.'\u2009]+", body) and any(sign.isdigit() for sign in body):
        return Message.of("BAD_NUMBER.grouping", text=text)
    return Message.of("BAD_NUMBER.other", text=text)


@cache
def decimal_sign_of_country(country: str) -> str:
    """The decimal sign that a country writes; empty if the country is unknown or writes both.

    Parameters
    ----------
    country : str
        ISO 3166-1 alpha-2, or a region that begins with it.

    Returns
    -------
    str
        ``.`` or ``,``; from the Unicode CLDR, for the country's likely language. Canada, Switzerland and other countries whose official
        languages differ in it have none.

    Examples
    --------
    >>> decimal_sign_of_country("CN"), decimal_sign_of_country("DE"), decimal_sign_of_country("CA")
    ('.', ',', '')
    """
    from babel import Locale, UnknownLocaleError
    from babel.languages import get_official_languages

    code = country.split("-")[0]
    signs = set()
    for language in get_official_languages(code, de_facto=True):
        try:
            signs.add(Locale.parse(f"{language}_{code}", sep="_").number_symbols["latn"]["decimal"])
        except (UnknownLocaleError, ValueError, KeyError):
            continue
    return signs.pop() if len(signs) == 1 and signs <= {".", ","} else ""
