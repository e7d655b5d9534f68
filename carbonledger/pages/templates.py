"""Templates of pages: Jinja2 with every value escaped, and a template that finds its words by key."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang, printable, word

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["page_word", "render"]


def render(template: str, **values: Any) -> str:
    """A template filled; every value is escaped.

    Parameters
    ----------
    template : str
        The name of its file in this room.
    **values : object
        What it asks for; a name that it asks for and is not there is an error.

    Returns
    -------
    str
        HTML that loads nothing.

    Raises
    ------
    BookError
        If Jinja2 is not installed.
    """
    return _environment().get_template(template).render(**values).strip() + "\n"


def page_word(lang: Lang) -> partial[str]:
    """The labels of ``labels.csv`` by key, in the language of a page."""
    return partial(_word, lang)


def _word(lang: Lang, key: str, **values: str) -> str:
    """A label in a language."""
    return word(key, lang, **values)


@cache
def _environment() -> Environment:
    """Jinja2 with the templates that lie beside this module."""
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        raise BookError(Message.of("REPORT_EXTRA_MISSING", package="jinja2")) from error
    loader = PackageLoader("carbonledger.pages", ".")
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_as_it_stands,
    )


def _as_it_stands(value: Any) -> Any:
    """A value of a page: texts with what would be obeyed as visible escapes, our own markup as it is."""
    return printable(value) if type(value) is str else value
