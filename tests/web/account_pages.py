"""A sample of every page about getting in and staying in."""

from types import SimpleNamespace
from typing import Any

from tests.web.samples import NOW

USER = SimpleNamespace(name="Meera Iyer", email="meera@example.in", created_at=NOW)
DEVICES = [
    SimpleNamespace(id="1", name="Firefox on Linux", current=True, created_at=NOW, used_at=NOW),
    SimpleNamespace(id="2", name="Chrome on Android", current=False, created_at=NOW, used_at=NOW),
]


def account_pages(shop: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    security = {
        **shop,
        "user": USER,
        "section": "security",
        "has_password": True,
        "standing": SimpleNamespace(required=False, confirmed_at=NOW, codes_left=9),
        "devices": DEVICES,
        "google": True,
        "linked": ["google"],
        "phone": "+919876543210",
        "form": {"email": "", "phone": ""},
        "errors": {"old_password": "The present password is wrong."},
    }
    bare = {
        **security,
        "has_password": False,
        "standing": SimpleNamespace(required=True, confirmed_at=None, codes_left=0),
        "devices": DEVICES[:1],
        "linked": [],
        "phone": "",
        "errors": {},
    }
    square = SimpleNamespace(size=29, path="M4 4h1v1h-1z")
    return {
        "/account/security": ("shop/account_security.html", security),
        "/account/security/bare": ("shop/account_security.html", bare),
        "/reset": (
            "shop/step.html",
            {
                **shop,
                "title": "Choose a new password",
                "lines": ["We send a link."],
                "action": "/reset",
                "fields": [
                    SimpleNamespace(name="email", label="E-mail", type="email", hint="", more={"maxlength": "254"}),
                    SimpleNamespace(name="password", label="Password", type="password", hint="8 or more", more={}),
                ],
                "hidden": [("next", "/checkout")],
                "button": "Send the link",
                "form": {"email": "meera@example.in"},
                "errors": {"": "Something is wrong.", "email": "This is no address."},
                "onward": ("Go on to Google", "https://accounts.google.com/?state=x"),
                "links": [SimpleNamespace(text="Known?", label="Sign in", url="/login")],
            },
        ),
        "/login/second/set-up": (
            "shop/set_up_app.html",
            {
                **shop,
                "title": "Set up an authenticator app",
                "lines": ["Point the camera at this."],
                "action": "/login/second",
                "square": square,
                "secret": "JBSWY3DPEHPK3PXP",
                "uri": "otpauth://totp/Haat:meera?secret=JBSWY3DPEHPK3PXP",
                "hidden": [("next", "")],
                "errors": {"code": "This code does not fit."},
                "button": "Sign in",
            },
        ),
        "/account/security/codes": (
            "shop/recovery_codes.html",
            {**shop, "codes": ["abcde-fghjk", "mnpqr-stuvw"], "next": "/account/security"},
        ),
    }
