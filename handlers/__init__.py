"""HTTP handlers: each parses, calls one domain function and answers.

`BLUEPRINTS` is what `server/app.py` serves; a new area is one import and one name here.
"""

from sanic import Blueprint

from handlers import account, system

BLUEPRINTS: tuple[Blueprint, ...] = (
    account.blueprint,
    system.blueprint,
)
