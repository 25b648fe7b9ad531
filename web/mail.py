"""The templates of mails: HTML is escaped, text is not, and both write money and dates as the pages do."""

from pathlib import Path

import jinja2

from web.filters import FILTERS

FOLDER = Path(__file__).parent / "templates" / "mail"


def mail_names() -> list[str]:
    """Every mail that has a subject, by the name of its templates."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def mail_templates() -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=jinja2.select_autoescape(["html"], default_for_string=False, default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    templates.filters.update(FILTERS)
    return templates
