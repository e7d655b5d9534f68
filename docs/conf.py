"""Settings of the site: ``make docs`` builds it into ``build/site`` with Sphinx, MyST and Furo, warnings as errors and without a network.

The source is the whole project, so that links between its pages lead where they lead in the repository.
"""

import re
from importlib import import_module
from inspect import ismodule
from pathlib import Path

from sphinx.util import logging

project = "carbonledger"
author = "The carbonledger maintainers"
copyright = "The carbonledger maintainers"  # noqa: A001  (Sphinx's name)

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "docs/index"
include_patterns = [
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "docs/**.md",
    "emission_factors/README.md",
    "examples/**.md",
    "seeds/**.md",
]
exclude_patterns = [".venv/**", "build/**", "docs/changes/[0-9]*"]  # CHANGELOG.md collects the fragments

myst_heading_anchors = 4

default_role = "py:obj"
add_module_names = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "inherited-members": "BaseModel, BaseException, Exception, tuple"}
suppress_warnings = ["ref.python"]  # a short name such as Figure that two rooms have: the nearer one is linked
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_extra_path = ["front"]  # leads from the root of the site to its front page
html_title = "carbonledger"
html_show_sourcelink = False
html_copy_source = False


def shorten_docstring(app, what, name, obj, options, lines):
    """Keep the first paragraph of a room's docstring, as the page of the architecture has the rest; a constant has not that of its type."""
    if what == "data" and lines and (type(obj).__doc__ or "").startswith(lines[0]):
        lines.clear()
    if what == "module" and any(line.startswith("Belongs here") for line in lines):
        del lines[lines.index("") :]


def name_language(app, page, template, context, doctree):
    """Tell browsers and screen readers that a page named ``.zh`` is Chinese."""
    if page.endswith(".zh"):
        context["language"] = "zh-CN"


def check_reference(app, env):
    """Warn, and so fail, where the reference lacks a public name: most likely it has no docstring or its module no page."""
    shown = set(env.domains.python_domain.objects)
    texts = [page.read_text(encoding="utf-8") for page in (Path(__file__).parent / "reference").glob("*.md")]
    modules = re.findall(r"automodule:: (\S+)", "".join(texts))
    everyday = import_module("carbonledger")
    named = {getattr(everyday, name).__name__ for name in everyday.__all__ if ismodule(getattr(everyday, name))}
    elsewhere = {
        f"carbonledger.{name}" for name in everyday.__all__
    }  # what the first page shows is linked from the others
    public = {
        f"{name}.{item}" for name in modules for item in import_module(name).__all__ if not _is_module(name, item)
    }
    lacking = {name for name in public - shown if f"carbonledger.{name.rpartition('.')[2]}" not in elsewhere & shown}
    for name in sorted(lacking | (named - set(modules))):
        logging.getLogger(__name__).warning("the reference lacks %s", name)


def _is_module(module, name):
    """Whether a public name of a module is a module itself."""
    return ismodule(getattr(import_module(module), name))


def setup(app):
    """Connect them to Sphinx."""
    app.connect("env-check-consistency", check_reference)
    app.connect("autodoc-process-docstring", shorten_docstring)
    app.connect("html-page-context", name_language)
