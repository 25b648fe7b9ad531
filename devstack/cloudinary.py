"""A simulator of Cloudinary's upload: `python -m devstack.cloudinary --port N --folder DIR --account cloudinary://K:S@C`.

Checks the signature as Cloudinary does, keeps the pictures on disk, and serves them under the addresses it gives.
"""

import argparse
import hashlib
import hmac
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aiohttp import web

from devstack.ports import LOOPBACK

UNSIGNED = {"file", "api_key", "signature", "resource_type", "cloud_name"}
PUBLIC_ID = re.compile(r"[\w-]+(?:/[\w-]+)*")
UPLOAD_MAX_BYTES = 20_000_000


class Cloud:
    """One account's pictures. `url` is cloudinary://key:secret@cloud."""

    def __init__(self, folder: Path, url: str) -> None:
        parts = urlsplit(url)
        self._folder, self._name = folder, parts.netloc.rpartition("@")[2]
        self._key, self._secret = unquote(parts.username or ""), unquote(parts.password or "")
        self.refuse_with = 0

    async def upload(self, request: web.Request) -> web.Response:
        if self.refuse_with:
            return _error(self.refuse_with, "Simulated failure")
        form = await request.post()
        given = {name: str(value) for name, value in form.items() if not isinstance(value, web.FileField)}
        if request.match_info["cloud"] != self._name or given.get("api_key") != self._key:
            return _error(401, "Unknown API key")
        if not hmac.compare_digest(signature(given, self._secret), given.get("signature", "")):
            return _error(401, "Invalid Signature")
        file, public_id = form.get("file"), given.get("public_id", "")
        if not isinstance(file, web.FileField) or not PUBLIC_ID.fullmatch(public_id):
            return _error(400, "Missing required parameter - file or public_id")
        content = file.file.read()
        path = self._folder / public_id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        address = f"{request.scheme}://{request.host}/{self._name}/image/upload/{public_id}"
        return web.json_response(
            {"public_id": public_id, "bytes": len(content), "url": address, "secure_url": address, "version": 1}
        )

    async def destroy(self, request: web.Request) -> web.Response:
        form = await request.post()
        given = {name: str(value) for name, value in form.items()}
        if not hmac.compare_digest(signature(given, self._secret), given.get("signature", "")):
            return _error(401, "Invalid Signature")
        if not PUBLIC_ID.fullmatch(given.get("public_id", "")):
            return _error(400, "Missing required parameter - public_id")
        path = self._folder / given["public_id"]
        found = path.is_file()
        path.unlink(missing_ok=True)
        return web.json_response({"result": "ok" if found else "not found"})

    async def show(self, request: web.Request) -> web.StreamResponse:
        path = self._folder / request.match_info["public_id"]
        if not PUBLIC_ID.fullmatch(request.match_info["public_id"]) or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Content-Type": "image/webp"})


def signature(params: Mapping[str, str], secret: str) -> str:
    """Cloudinary's, version 2: the signed parameters in order, `&` in values escaped, then the secret."""
    signed = sorted((name, value) for name, value in params.items() if name not in UNSIGNED and value)
    text = "&".join(f"{name}={value.replace('&', '%26')}" for name, value in signed)
    return hashlib.sha1(f"{text}{secret}".encode()).hexdigest()  # noqa: S324 (theirs)


def make_app(cloud: Cloud) -> web.Application:
    app = web.Application(client_max_size=UPLOAD_MAX_BYTES)
    app.router.add_post("/v1_1/{cloud}/image/upload", cloud.upload)
    app.router.add_post("/v1_1/{cloud}/image/destroy", cloud.destroy)
    app.router.add_get("/{cloud}/image/upload/{public_id:.+}", cloud.show)
    return app


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devstack.cloudinary", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where the pictures are kept")
    parser.add_argument("--account", default="cloudinary://key:secret@haat", help="as HAAT_MEDIA__URL")
    options = parser.parse_args()
    web.run_app(make_app(Cloud(options.folder, options.account)), host=LOOPBACK, port=options.port, access_log=None)


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"message": message}}, status=status)


if __name__ == "__main__":
    main()
