"""The pages' toolkit: one Jinja environment for the three web apps.

Everything is escaped unless a filter says otherwise, an undefined name is an error, and static addresses carry the
version of their content. This package knows no domain: templates are given what they show.
"""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.assets import Assets, load_assets
from web.filters import FILTERS
from web.links import link

__all__ = ["STATIC", "Assets", "environment", "load_assets"]

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
TEMPLATES = FOLDER / "templates"


METHODS = frozenset(dir(dict))
"""They go before items, which people may have sent: a field called "get" hides nothing."""
_getattr = Environment.getattr


class Templates(Environment):
    """What templates are given is mostly dicts. One that is asked for an attribute raises an error before its item is
    looked for, which was a twelfth of a page's time."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict:
            return obj[attribute] if attribute in obj and attribute not in METHODS else _getattr(self, obj, attribute)
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return _getattr(self, obj, attribute)


def environment(assets: Assets, *, site: object) -> Environment:
    """`site` needs name, base_url, currency, legal_name, address, customer_care and grievance_officer.

    A template is read once a process: to look whether it has changed costs a page more than to write it.
    """
    jinja = Templates(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    jinja.filters.update(FILTERS)
    jinja.globals.update(site=site, static=assets.url, modules=assets.modules, link=link)
    return jinja
