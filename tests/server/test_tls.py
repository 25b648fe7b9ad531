"""PostgreSQL and Redis by TLS where their addresses ask for it: name and issuer are checked, weaker modes refused."""

import asyncio
import datetime as dt
import ssl
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from redis.exceptions import ConnectionError as RedisConnectionError

from models.database import connected, tls_of
from server.redis_client import hot, open_redis
from server.settings import Settings

SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"


def make_certificate(folder: Path, name: str, address: str) -> Path:
    """A file with a key and its self-signed certificate for this IP address."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file


async def serve(target: str, file: Path, *, postgres: bool) -> asyncio.Server:
    """A server that ends TLS with this certificate in front of `target`; PostgreSQL asks in its own words first."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    parts = urlsplit(target)

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        except OSError:
            return
        finally:
            writer.close()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if postgres:
                assert await reader.readexactly(8) == SSL_REQUEST
                writer.write(b"S")
                await writer.start_tls(context)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
            return
        inner, outer = await asyncio.open_connection(parts.hostname, parts.port)
        await asyncio.gather(pipe(reader, outer), pipe(inner, writer))

    return await asyncio.start_server(meet, "127.0.0.1", 0, ssl=None if postgres else context)


@pytest.fixture
def certificates(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Ours, a stranger's for the same address, and ours for another address."""
    return (
        make_certificate(tmp_path, "ours", "127.0.0.1"),
        make_certificate(tmp_path, "stranger", "127.0.0.1"),
        make_certificate(tmp_path, "elsewhere", "192.0.2.1"),
    )


async def test_postgresql_is_spoken_to_by_tls_and_to_nobody_else(
    settings: Settings, certificates: tuple[Path, Path, Path]
) -> None:
    ours, stranger, elsewhere = certificates
    parts = urlsplit(settings.database.url)
    for served, trusted, works in ((ours, ours, True), (ours, stranger, False), (elsewhere, elsewhere, False)):
        async with await serve(settings.database.url, served, postgres=True) as server:
            port = server.sockets[0].getsockname()[1]
            netloc = parts.netloc.rsplit("@", 1)[0] + f"@127.0.0.1:{port}"
            url = parts._replace(netloc=netloc, query=f"sslmode=verify-full&sslrootcert={trusted}").geturl()
            if works:
                async with connected(url) as pool:
                    assert await pool.fetchval("SELECT 1") == 1
                direct = await asyncpg.connect(url)
                assert await direct.fetchval("SELECT 1") == 1
                await direct.close()
            else:
                for attempt in (connected(url).__aenter__, lambda url=url: asyncpg.connect(url)):
                    with pytest.raises(OSError, match=r"(?i)certificate"):
                        await attempt()


async def test_redis_is_spoken_to_by_tls_and_to_nobody_else(
    settings: Settings, certificates: tuple[Path, Path, Path]
) -> None:
    ours, stranger, elsewhere = certificates
    parts = urlsplit(settings.redis.url)
    for served, trusted, works in ((ours, ours, True), (ours, stranger, False), (elsewhere, elsewhere, False)):
        async with await serve(settings.redis.url, served, postgres=False) as server:
            port = server.sockets[0].getsockname()[1]
            netloc = parts.netloc.rsplit("@", 1)[0] + f"@127.0.0.1:{port}"
            query = f"ssl_ca_certs={trusted}"
            client = open_redis(parts._replace(scheme="rediss", netloc=netloc, query=query).geturl(), timeout_s=5)
            for ask in (client.ping, lambda client=client: hot(client).call(("PING",), "any")):
                if works:
                    assert await ask() in {True, b"PONG"}
                else:
                    with pytest.raises(RedisConnectionError, match=r"(?i)certificate"):
                        await ask()
            await client.aclose()


@pytest.mark.parametrize("mode", ["allow", "prefer", "require", "verify-ca"])
def test_a_mode_that_does_not_know_whom_it_speaks_to_is_refused(mode: str) -> None:
    with pytest.raises(ValueError, match="verify-full"):
        tls_of(f"sslmode={mode}")


@pytest.mark.parametrize("asked", ["ssl_cert_reqs=none", "ssl_cert_reqs=optional", "ssl_check_hostname=False"])
def test_redis_too_is_asked_who_it_is(asked: str) -> None:
    with pytest.raises(ValueError, match="ssl_ca_certs"):
        open_redis(f"rediss://127.0.0.1?{asked}")
