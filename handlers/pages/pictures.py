"""Where a picture's key leads: https addresses as imported, everything else to the shop's own /media."""


def picture_url(key: str | None) -> str | None:
    if not key:
        return None
    if key.startswith(("https://", "http://")):
        return key
    return f"/media/{key}" if "." in key.rsplit("/", 1)[-1] else f"/media/{key}.svg"
