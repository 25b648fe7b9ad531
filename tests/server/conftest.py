"""Where the cache and the limits are tested: on one Redis and on a cluster of three nodes."""

from collections.abc import AsyncIterator, Iterator

import pytest

import devstack
from devstack import redis_cluster
from server.cluster import Cluster
from server.redis_client import Client, open_redis
from server.settings import Settings


@pytest.fixture(scope="session")
def cluster_url() -> Iterator[str]:
    """Three nodes that nobody kills."""
    with devstack.launched((redis_cluster.NAME,)) as env:
        yield env["HAAT_REDIS__URL"]


@pytest.fixture(params=("redis", "cluster"))
def redis_url(request: pytest.FixtureRequest, settings: Settings) -> str:
    url: str = settings.redis.url if request.param == "redis" else request.getfixturevalue("cluster_url")
    return url


@pytest.fixture
async def store(redis_url: str, settings: Settings) -> AsyncIterator[Client]:
    """A client; the names of this test are its own by their prefix."""
    client = open_redis(redis_url, timeout_s=30)
    yield client
    await client.aclose()


@pytest.fixture
async def cluster(cluster_url: str) -> AsyncIterator[Cluster]:
    client = Cluster(cluster_url, timeout_s=30)
    yield client
    await client.aclose()
