"""How a page is looked at: sizes of screens and the two themes, as options of a browser profile."""

from __future__ import annotations

from typing import Any

_DESK = {"width": 1280, "height": 800}
_PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
#: 1920 × 1080 at a zoom of 150 %, as somebody sets it who shows a page to a class.
_PROJECTOR = {"viewport": {"width": 1280, "height": 720}, "device_scale_factor": 1.5}

LOOKS: dict[str, dict[str, Any]] = {
    "desk-light": {"viewport": _DESK, "color_scheme": "light"},
    "desk-dark": {"viewport": _DESK, "color_scheme": "dark"},
    "phone-light": {**_PHONE, "color_scheme": "light"},
    "phone-dark": {**_PHONE, "color_scheme": "dark"},
    "projector": {**_PROJECTOR, "color_scheme": "light"},
}

#: The best of them, for the README and the docs: name of the picture to name of the copy.
BEST = {
    "desk-light/session": "session.png",
    "desk-dark/outputs": "outputs-dark.png",
    "desk-light/error": "error.png",
    "desk-light/inspector": "inspector.png",
    "desk-light/script": "script.png",
    "desk-light/share": "share.png",
    "desk-light/sessions": "sessions.png",
    "phone-light/session": "phone.png",
}
