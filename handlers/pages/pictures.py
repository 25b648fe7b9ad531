"""Where a picture's key leads: https addresses as imported, everything else to the shop's own /media."""


def picture_url(key: str | None) -> str | None:
    if not key or key.startswith(("https://", "http://")):
        return key or None
    return f"/media/{key}"
