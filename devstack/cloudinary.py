"""A simulator of Cloudinary's upload: `python -m devstack.cloudinary --port N --folder DIR --account cloudinary://K:S@C`.

Checks signature and age as Cloudinary does, makes pictures fit as the signed parameters say, keeps them on disk, and
serves them, also scaled and in other formats, under the addresses it gives. Its answers are signed.
"""

import argparse
import hashlib
import hmac
import io
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aiohttp import web
from PIL import Image

from devstack.ports import LOOPBACK

UNSIGNED = {"file", "api_key", "signature", "resource_type", "cloud_name"}
PUBLIC_ID = re.compile(r"[\w-]+(?:/[\w-]+)*")
UPLOAD_MAX_BYTES = 20_000_000
SIGNED_FOR_S = 3600
ANYWHERE = {"Access-Control-Allow-Origin": "*"}
TRANSFORMATION = re.compile(r"[a-z]+_[\w.]+(?:,[a-z]+_[\w.]+)*")
VERSION = re.compile(r"v[0-9]+")


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
        if abs(time.time() - int(given.get("timestamp", "0"))) > SIGNED_FOR_S:
            return _error(400, "Stale request")
        file, public_id = form.get("file"), given.get("public_id", "")
        if not isinstance(file, web.FileField) or not PUBLIC_ID.fullmatch(public_id):
            return _error(400, "Missing required parameter - file or public_id")
        path = self._folder / public_id
        if given.get("overwrite") != "false" or not path.is_file():
            try:
                content = _made_fit(file.file.read(), given)
            except (OSError, ValueError) as error:
                return _error(400, str(error) or "Invalid image file")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return web.json_response(self._answer(request, public_id, path.stat()), headers=ANYWHERE)

    def _answer(self, request: web.Request, public_id: str, kept: os.stat_result) -> dict[str, str | int]:
        version = int(kept.st_mtime)
        proof = f"public_id={public_id}&version={version}{self._secret}"
        address = f"{request.scheme}://{request.host}/{self._name}/image/upload/v{version}/{public_id}"
        return {
            "public_id": public_id,
            "version": version,
            "signature": hashlib.sha1(proof.encode()).hexdigest(),  # noqa: S324 (theirs)
            "bytes": kept.st_size,
            "url": address,
            "secure_url": address,
        }

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
        """PUBLIC_ID, after a transformation and a version or not."""
        parts = request.match_info["public_id"].split("/")
        asked = parts.pop(0) if TRANSFORMATION.fullmatch(parts[0]) else ""
        public_id = "/".join(parts[1:] if VERSION.fullmatch(parts[0]) else parts)
        path = self._folder / public_id
        if not PUBLIC_ID.fullmatch(public_id) or not path.is_file():
            raise web.HTTPNotFound
        wanted = dict(part.split("_", 1) for part in asked.split(",") if part)
        content = _made_fit(path.read_bytes(), {"transformation": asked, "format": wanted.get("f", "")})
        with Image.open(io.BytesIO(content)) as image:
            return web.Response(body=content, headers={"Content-Type": f"image/{(image.format or '').lower()}"})


def _made_fit(content: bytes, given: Mapping[str, str]) -> bytes:
    """Limited to the width and height, encoded anew, without metadata. Raises OSError, ValueError."""
    with Image.open(io.BytesIO(content)) as image:
        known = str(image.format).lower().replace("jpeg", "jpg")
        allowed = given.get("allowed_formats", known).split(",")
        if known not in allowed:
            raise ValueError(f"Image file format {known} not allowed")
        wanted = dict(part.split("_", 1) for part in given.get("transformation", "").split(",") if part)
        if not wanted and not given.get("format"):
            return content
        small = image.convert("RGBA" if image.has_transparency_data else "RGB")
        small.thumbnail((int(wanted.get("w", image.width)), int(wanted.get("h", image.height))))
        out = io.BytesIO()
        small.save(out, given.get("format") or known.replace("jpg", "jpeg"), exif=b"")
        return out.getvalue()


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
    return web.json_response({"error": {"message": message}}, status=status, headers=ANYWHERE)


if __name__ == "__main__":
    main()
