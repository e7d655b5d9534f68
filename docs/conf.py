"""Settings of the site: ``make docs`` builds it into ``build/site`` with Sphinx, MyST and Furo, warnings as errors and without a network.

The source is the whole project, so that links between its pages lead where they lead in the repository.
"""

project = "carbonledger"
author = "The carbonledger maintainers"
copyright = "The carbonledger maintainers"  # noqa: A001  (Sphinx's name)

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
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

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 4

default_role = "py:obj"
add_module_names = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "inherited-members": "BaseModel, Exception, tuple"}
suppress_warnings = ["ref.python"]  # a short name such as Figure that two rooms have: the nearer one is linked
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = "carbonledger"
html_show_sourcelink = False
html_copy_source = False


def shorten_room(app, what, name, obj, options, lines):
    """Keep the first paragraph of a room's docstring; what belongs there stands on the page of the architecture."""
    if what == "module" and any(line.startswith("Belongs here") for line in lines):
        del lines[lines.index("") :]


def name_language(app, page, template, context, doctree):
    """Tell browsers and screen readers that a page named ``.zh`` is Chinese."""
    if page.endswith(".zh"):
        context["language"] = "zh-CN"


def setup(app):
    """Connect both to Sphinx."""
    app.connect("autodoc-process-docstring", shorten_room)
    app.connect("html-page-context", name_language)
