"""The provider behind another name than browsers know, as in containers: they are led to the public one."""

from devstack.oidc.provider import make_app
from server.integrations.oidc import OidcProvider
from server.settings import Oidc
from tests.conftest import free_port
from tests.served import served


async def test_browsers_are_led_to_the_public_address_and_the_shop_to_the_issuers() -> None:
    public, client = f"http://127.0.0.1:{free_port()}", Oidc(client_id="shop", client_secret="s" * 32)
    described = {}
    async for address in served(make_app(client, shop="http://shop", public_url=public)):
        provider = OidcProvider(Oidc(issuer=address, client_id="shop"), base_url="http://shop")
        found = await provider._get(f"{address}/.well-known/openid-configuration", dict[str, object])
        described.update(found)
    assert described["authorization_endpoint"] == f"{public}/authorize"
    assert described["token_endpoint"] == f"{client.issuer}/token"
