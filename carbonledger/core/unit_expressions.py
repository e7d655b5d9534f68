"""Unit texts as quotients of products: read from what people write, written so that they read back as the same.

``a/b c`` is ``a/(b c)``: what stands behind a solidus belongs together up to the next one, as in ``tCO2e/万元`` or ``GJ/1000 m3``.
A sign of multiplication behind it may be meant either way and is refused; the SI Brochure, 9th edition, 5.4.6, forbids it without
brackets. The text of a denominator of several factors has brackets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from carbonledger.core.errors import UnknownUnitError
from carbonledger.core.findings import Message
from carbonledger.core.gas_conditions import CONDITIONS, conditions_text, volume_at
from carbonledger.core.unit_registry import currency_codes, product_of, registry
from carbonledger.core.unit_words import phrase, read_word

if TYPE_CHECKING:
    from pint.registry import Unit

__all__ = ["LONGEST", "Product", "Quotient", "read_expression", "tidy"]

LONGEST = 200  # characters of the longest text that is read as a unit
_DEEPEST = 8
_LARGEST_POWER = 18
_WORDS_OF_A_PHRASE = 5
_POWER = re.compile(r"10\^(\d\d?)(?!\d)")
_NUMBER = re.compile(r"10*(?:,000)*(?![\d,]*\d)(?!\.\d)")
_WORD = re.compile(r"[^\W\d_]{0,3}[$£€¥₩₹]|[^\W\d]\w*")
_EQUIVALENT = re.compile(r"CO2[ -]?(?:(?:equivalents?|eq|e)|\((?:eq|e)\))(?!\w)", re.IGNORECASE)
_OF_A_GAS = re.compile(r"\d ?(?:°|deg) ?[CF]|psig|barg", re.IGNORECASE)
_MONEY_MULTIPLIERS = {"m": 6, "mn": 6, "k": 3, "tn": 12}
_LABELS = {"CO2", "CO2E", "CO2EQ", "CH4", "N2O", "C"}
_SILENT = {"of"}


@dataclass(frozen=True, slots=True)
class Product:
    """A power of ten times factors, each a symbol or a quotient in brackets."""

    power: int
    factors: tuple[str | Quotient, ...]

    def __str__(self) -> str:
        parts = [f"10^{self.power}"] * bool(self.power)
        parts += [factor if isinstance(factor, str) else f"({factor})" for factor in self.factors]
        return " ".join(parts) or "1"

    @property
    def unit(self) -> Unit:
        """The pint unit."""
        unit = product_of(self.power, [_registered(name) for name in self.factors if isinstance(name, str)])
        for factor in self.factors:
            if isinstance(factor, Quotient):
                unit = unit * factor.unit
        return unit


@dataclass(frozen=True, slots=True)
class Quotient:
    """A product over others, in turn."""

    numerator: Product
    denominators: tuple[Product, ...]

    def __str__(self) -> str:
        return "/".join([str(self.numerator), *(_bracketed(one) for one in self.denominators)])

    @property
    def unit(self) -> Unit:
        """The pint unit."""
        unit = self.numerator.unit
        for denominator in self.denominators:
            unit = unit / denominator.unit
        return unit


def _bracketed(denominator: Product) -> str:
    """A denominator, in brackets if it has several parts."""
    several = bool(denominator.power) + len(denominator.factors) > 1
    return f"({denominator})" if several else str(denominator)


def _registered(symbol: str) -> str:
    """The name by which the registry knows a factor."""
    return volume_at(symbol) if " " in symbol else symbol


def tidy(text: str) -> str:
    """Unit text with one way of writing powers, products and blanks."""
    # A dot multiplies (t·km), superscripts and full-width signs become plain ones (m³, ㎥, ＫＷｈ).
    # A blank before a raised digit is one of typesetting (mg/m ³).
    text = re.sub(r"(?<=[^\W\d_])\s+(?=[²³⁰¹⁴⁵⁶⁷⁸⁹])", "", text)
    plain = re.sub("[⁰¹⁴⁵⁶⁷⁸⁹]+", lambda found: "^" + unicodedata.normalize("NFKC", found.group()), text)
    plain = unicodedata.normalize("NFKC", plain).strip().replace("**", "^")
    plain = re.sub("[·⋅∙•×]", lambda found: "*" if found.group() == "×" else "·", plain)
    plain = re.sub("[‐‑‒–−]", "-", plain)
    plain = plain.replace("%", " percent ").replace("‰", " permille ").replace("每", "/")
    plain = re.sub(r"(?<=[^\W\d_])\^([23])(?!\d)", r"\1", plain)
    return _EQUIVALENT.sub("CO2e", re.sub(r"\s+", " ", plain).strip())


def read_expression(plain: str, country: str, text: str) -> Quotient:
    """The quotient that a tidy text means.

    Parameters
    ----------
    plain : str
        What `tidy` gives.
    country : str
        ISO 3166 code that settles what differs between countries; may be empty.
    text : str
        As the user wrote it, for messages.

    Raises
    ------
    UnknownUnitError
        If a word is no unit or several, or the signs make no sense.
    """
    reader = _Reader(list(_tokens(plain, text)), country, text)
    quotient = reader.quotient(0)
    if reader.at < len(reader.tokens):
        raise _unreadable(text)
    return quotient


def _tokens(plain: str, text: str) -> Iterator[str]:
    """Words, numbers and signs; a blank counts only as the end of a word."""
    at = 0
    while at < len(plain):
        found = CONDITIONS.match(plain, at)
        if found:
            yield conditions_text(found, text)
        else:
            found = _POWER.match(plain, at) or _NUMBER.match(plain, at) or _WORD.match(plain, at)
            if found and found.end() > at:
                yield "/" if found.group().casefold() == "per" else found.group()
            elif plain[at] in "*·/()-":
                yield plain[at]
            elif plain[at] != " ":
                raise _piece(plain, at, text)
        at = found.end() if found and found.end() > at else at + 1


def _piece(plain: str, at: int, text: str) -> UnknownUnitError:
    """The error for a sign that cannot stand in a unit."""
    if _OF_A_GAS.search(plain):
        return UnknownUnitError(Message.of("UNKNOWN_UNIT.conditions", text=text), text)
    piece = re.compile(r"\d[\d.,]*|\W|_", re.DOTALL).match(plain, at)
    return UnknownUnitError(
        Message.of("UNKNOWN_UNIT.piece", text=text, piece=piece.group() if piece else plain[at]), text
    )


def _unreadable(text: str) -> UnknownUnitError:
    """The error for signs that make no sense."""
    return UnknownUnitError(Message.of("UNKNOWN_UNIT.unreadable", text=text), text)


class _Reader:
    """A text's tokens and how far they have been read."""

    def __init__(self, tokens: list[str], country: str, text: str) -> None:
        self.tokens, self.country, self.text = tokens, country, text
        self.at = 0

    def _next(self) -> str:
        """The token to be read; empty at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def quotient(self, depth: int) -> Quotient:
        """A product and the denominators behind it."""
        if depth > _DEEPEST:
            raise _unreadable(self.text)
        numerator = self._product(depth, denominator=False)
        denominators = []
        while self._next() == "/":
            self.at += 1
            denominators.append(self._product(depth, denominator=True))
        return Quotient(numerator, tuple(denominators))

    def _product(self, depth: int, *, denominator: bool) -> Product:
        """Factors up to a solidus, a closing bracket or the end."""
        power, factors, begun = 0, list[str | Quotient](), self.at
        while self._next() and self._next() not in "/)":
            if self._next() in "*·-":
                self._multiplied(begun, denominator=denominator)
            elif self._next() == "(":
                power += self._inner(factors, depth)
            else:
                power += self._factor(factors, begun)
        if self.at == begun:
            raise _unreadable(self.text)
        if power > _LARGEST_POWER:
            raise _unreadable(self.text)
        # A metre of money is a slip: a million of it, or a sign that is missing.
        if any(
            {left, right} & {"m"} and (_is_money([left]) or _is_money([right])) for left, right in pairwise(factors)
        ):
            raise _unreadable(self.text)
        return Product(power, _collapsed(factors))

    def _multiplied(self, begun: int, *, denominator: bool) -> None:
        """Step over a sign of multiplication that stands between two factors."""
        sign = self._next()
        self.at += 1
        if self.at - 1 == begun or not self._next() or self._next() in "/)*·-":
            raise _unreadable(self.text)
        if sign == "*" and denominator:
            raise UnknownUnitError(Message.of("UNKNOWN_UNIT.solidus", text=self.text), self.text)
        if sign == "-" and self._next().upper() not in _LABELS:
            raise UnknownUnitError(Message.of("UNKNOWN_UNIT.piece", text=self.text, piece="-"), self.text)

    def _inner(self, factors: list[str | Quotient], depth: int) -> int:
        """Read what stands in brackets; its power of ten if it is a product."""
        self.at += 1
        inner = self.quotient(depth + 1)
        if self._next() != ")":
            raise _unreadable(self.text)
        self.at += 1
        if inner.denominators:
            factors.append(inner)
            return 0
        factors.extend(inner.numerator.factors)
        return inner.numerator.power

    def _factor(self, factors: list[str | Quotient], begun: int) -> int:
        """Read a number, the conditions of a volume, or a word; its power of ten."""
        token = self._next()
        if token[0].isdigit():
            self.at += 1
            return self._number(token, factors, alone=self.at - 1 == begun)
        if token.startswith("("):
            self.at += 1
            if not factors or not isinstance(factors[-1], str):
                raise UnknownUnitError(Message.of("UNKNOWN_UNIT.conditions", text=self.text), self.text)
            factors[-1] = f"{factors[-1]} {token}"
            if volume_at(factors[-1], missing="") == "":
                raise UnknownUnitError(Message.of("UNKNOWN_UNIT.conditions", text=self.text), self.text)
            return 0
        return self._word(factors)

    def _number(self, token: str, factors: list[str | Quotient], *, alone: bool) -> int:
        """The power of ten of a number: at the beginning of a product, or behind a currency."""
        found = _POWER.fullmatch(token)
        if found:
            return int(found.group(1))
        if not alone and not _is_money(factors):
            raise UnknownUnitError(Message.of("UNKNOWN_UNIT.piece", text=self.text, piece=token), self.text)
        return token.count("0")

    def _word(self, factors: list[str | Quotient]) -> int:
        """Read the longest phrase that is known, or one word; its power of ten."""
        word, length = self._phrase()
        self.at += length
        if word in _SILENT and factors:
            return 0
        if _is_money(factors):
            if word in _MONEY_MULTIPLIERS:
                return _MONEY_MULTIPLIERS[word]
            if word == "M":
                message = Message.of(
                    "UNKNOWN_UNIT.ambiguous",
                    text=self.text,
                    word=word,
                    meanings=(f"10^3 {factors[-1]}", f"10^6 {factors[-1]}"),
                )
                raise UnknownUnitError(message, self.text, (f"10^3 {factors[-1]}", f"10^6 {factors[-1]}"))
        meaning = read_word(word, self.country, self.text)
        factors.extend(meaning.symbols)
        return meaning.power

    def _phrase(self) -> tuple[str, int]:
        """The longest known phrase at this place, and how many tokens it takes."""
        words, ends = [self._next()], [1]
        for at in range(self.at + 1, min(self.at + 2 * _WORDS_OF_A_PHRASE, len(self.tokens))):
            following = self.tokens[at]
            if following == "-":
                continue
            if not _WORD.fullmatch(following):
                break
            words.append(following)
            ends.append(at - self.at + 1)
        for count in range(min(len(words), _WORDS_OF_A_PHRASE), 1, -1):
            known = phrase(tuple(words[:count]))
            if known:
                return known, ends[count - 1]
        return words[0], 1


def _is_money(factors: list[str | Quotient]) -> bool:
    """Whether the last factor is a currency."""
    return bool(factors) and isinstance(factors[-1], str) and factors[-1] in currency_codes()


def _collapsed(factors: list[str | Quotient]) -> tuple[str | Quotient, ...]:
    """Factors with neighbours that have one symbol together, as in t km, under that symbol."""
    done: list[str | Quotient] = []
    for factor in factors:
        done.append(factor)
        if len(done) > 1 and isinstance(done[-1], str) and isinstance(done[-2], str):
            known = phrase((done[-2], done[-1]))
            if known in registry()._units:
                done[-2:] = [str(registry().get_symbol(str(known)))]
    return tuple(done)
