"""A template and its values -> one HTML page that needs nothing else: no script, no network."""

from __future__ import annotations

from pathlib import Path


def page(template: Path, **values: object) -> str:
    """Return the page. Every value is escaped by the template engine; one without a value fails.

    The style sheet of the template's name stands beside it and is given as `style`.
    """
    # the commands that can make a page make other forms as well, which need no template engine
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415
    from markupsafe import Markup  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(template.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = Markup(template.with_suffix(".css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return environment.get_template(template.name).render(style=style, **values)
