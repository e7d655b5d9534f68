"""Bytes of a text file as text, by what the result looks like."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding, Message

__all__ = ["DecodedText", "decoded"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What spreadsheet programs on Windows save in; of two that are equally plausible the earlier one, or that of the country.
_CANDIDATES = ("gb18030", "big5", "shift_jis", "euc_kr", "cp1252", "cp1250", "cp1251")
_OF_COUNTRY = {
    "CN": "gb18030",
    "TW": "big5",
    "HK": "big5",
    "JP": "shift_jis",
    "KR": "euc_kr",
    **dict.fromkeys(("PL", "CZ", "SK", "HU", "SI", "HR", "RO"), "cp1250"),
    **dict.fromkeys(("RU", "UA", "BY", "BG", "KZ"), "cp1251"),
}
# A letter of another script inside a Latin word: bytes of an umlaut or accent read as Chinese or Cyrillic.
_MIXED_WORD = re.compile(r"[A-Za-z][\u0370-\u1fff\u2e80-\ud7af\uf900-\uffdc][a-z]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffd]")
# Lead bytes of the frequent characters: GB 2312 level 1 and its signs, Big5 level 1, JIS level 1 with kana.
_FREQUENT_LEADS = {
    "gb18030": ("gb2312", 0xA1, 0xD7),
    "big5": ("big5", 0xA1, 0xC6),
    "shift_jis": ("shift_jis", 0x81, 0x97),
}
_PUNCTUATION = frozenset("€–—‘’“”„•…°²³·§©®™ß£¥×÷½¼¿¡ºª«»\u00a0")
# So much of a file tells its encoding.
_SAMPLE = 200_000


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text of a file.

    Parameters
    ----------
    text : str
        Without a byte order mark.
    encoding : str
        In Python's spelling.
    taken : Message or None
        Says which encoding was taken where nothing in the file states it; None for UTF-8 and a byte order mark.
    """

    text: str
    encoding: str
    taken: Message | None = None


def decoded(content: bytes, country: str = "", knows: Callable[[str], bool] | None = None) -> DecodedText:
    r"""Bytes as text: by their byte order mark, else as UTF-8, else by the most plausible encoding.

    Parameters
    ----------
    content : bytes
        A text file.
    country : str
        ISO 3166-1 code, which settles what looks equally plausible.
    knows : callable, optional
        Whether a word is a known heading; a text with more of them is more plausible.

    Returns
    -------
    DecodedText

    Raises
    ------
    EntriesError
        If no encoding gives a plausible text.

    Examples
    --------
    >>> decoded("site\nMünchen\n".encode("cp1252")).encoding, decoded("公司,用量\n一厂,3\n".encode("gb18030")).encoding
    ('cp1252', 'gb18030')
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            text = _strict(content, encoding)
            return DecodedText(text, encoding) if text is not None else _refuse()
    text = _strict(content, "utf-8")
    if text is not None:
        return DecodedText(text, "utf-8") if "\x00" not in text else _refuse()
    plausible = [(name, text) for name in _CANDIDATES if (text := _strict(content, name)) and _is_plausible(text)]
    if not plausible:
        return _refuse()

    def order(item: tuple[str, str]) -> tuple[int, float, bool]:
        name, text = item
        words = set(re.split(r"[,;\t|\r\n\"]+", text[:_SAMPLE])) if knows else set()
        headings = sum(1 for word in words if knows and word and knows(word))
        return -headings, -round(_frequent_share(text[:_SAMPLE], name), 1), _OF_COUNTRY.get(country) != name

    name, text = min(plausible, key=order)
    return DecodedText(text, name, Message.of("ENCODING_TAKEN", encoding=name))


def _strict(content: bytes, encoding: str) -> str | None:
    """Bytes in an encoding; None if they are not text in it."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_plausible(text: str) -> bool:
    """Whether a text has neither control signs nor words of two scripts."""
    return not (_CONTROLS.search(text) or _MIXED_WORD.search(text))


def _frequent_share(text: str, encoding: str) -> float:
    """The share of frequent characters among those beyond ASCII, 0 to 1."""
    beyond = [sign for sign in text if sign > "\x7f"]
    return sum(_is_frequent(sign, encoding) for sign in beyond) / max(len(beyond), 1)


def _is_frequent(sign: str, encoding: str) -> bool:
    """Whether a character is one that texts in an encoding are mostly made of."""
    if encoding in _FREQUENT_LEADS:
        codec, lowest, highest = _FREQUENT_LEADS[encoding]
        code = sign.encode(codec, "ignore")
        return bool(code) and lowest <= code[0] <= highest
    if encoding == "euc_kr":
        return "\uac00" <= sign <= "\ud7a3"
    return sign.isalpha() or sign in _PUNCTUATION


def _refuse() -> DecodedText:
    """The error for bytes that are no text."""
    raise EntriesError([Finding.of("UNKNOWN_ENCODING")])
