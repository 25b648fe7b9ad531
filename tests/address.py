"""The same server's address with another database."""

from urllib.parse import urlsplit


def on_database(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()
