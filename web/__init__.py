"""The pages' toolkit: one Jinja environment for the three web apps.

Everything is escaped unless a filter says otherwise, an undefined name is an error, and static addresses carry the
version of their content. This package knows no domain: templates are given what they show.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from web.assets import Assets, load_assets
from web.filters import FILTERS
from web.links import link

__all__ = ["STATIC", "Assets", "environment", "load_assets"]

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
TEMPLATES = FOLDER / "templates"


REMEMBERED = 4_000
"""Cards of products, of some 1.5 kB each: the same few stand on most pages."""
ODD = re.compile("[&<>'\"]").search
METHODS = frozenset(dir(dict))
"""They go before items, which people may have sent: a field called "get" hides nothing."""
_getattr = Environment.getattr


class Code(CodeGenerator):
    """Of a page's hundreds of values most need no escaping: `quote` says so at once. What the pieces are joined to is
    marked as a whole."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.quote(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Templates(Environment):
    """What templates are given is mostly dicts. One that is asked for an attribute raises an error before its item is
    looked for, which was a twelfth of a page's time."""

    code_generator_class = Code

    @staticmethod
    def quote(value: Any) -> str:
        """`escape`, without making a Markup of each piece that needs none."""
        if type(value) is str:
            return escape(value) if ODD(value) else value
        return value if type(value) is Markup else escape(value)

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
    jinja.policies.update({"json.dumps_function": _json, "json.dumps_kwargs": {}})
    jinja.globals.update(site=site, static=assets.url, modules=assets.modules, link=link)
    jinja.globals["again"] = lru_cache(maxsize=REMEMBERED)(_call)
    return jinja


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _call(macro: Any, *values: Any) -> Markup:
    """`again(macro, ...)` is `macro(...)`, remembered while it is one of those that are asked for most."""
    written: Markup = macro(*values)
    return written
