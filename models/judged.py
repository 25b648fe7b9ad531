"""What an operator judges, as a version: a hash of all that the queues show and sellers can rewrite meanwhile.

A decision names the version that was read and is written only where it still holds, so nothing unseen goes on sale. The
hash reads other tables than the row that is decided: whoever decides holds the product's row first, as all writers of a
product do. A picture counts by its id: the shop's own copy of it is no other picture.
"""

SPECIFICATIONS = """
(SELECT jsonb_agg(jsonb_build_array(x.name, x.kind, x.text, x.number, x.unit) ORDER BY x.position, x.name)
   FROM specification x WHERE x.product_id = {product}.id)
"""
PICTURES = """
(SELECT jsonb_agg(i.id ORDER BY i.position, i.id) FROM product_image i WHERE i.product_id = {product}.id)
"""
VARIANTS = """
(SELECT jsonb_agg(
            jsonb_build_array(v.sku, v.options, v.price_minor, v.list_price_minor, v.state) ORDER BY v.position, v.id)
   FROM variant v WHERE v.product_id = {product}.id)
"""
CALLED = """
(SELECT jsonb_agg(jsonb_build_array(v.id, v.sku, v.options, v.state) ORDER BY v.position, v.id)
   FROM variant v WHERE v.product_id = {product}.id)
"""
"""Prices and stock of what is live never wait, and are no other product."""
READ = "{product}.name, {product}.slug, {product}.brand, {product}.description, {product}.category_id"


def version_of_product(product: str = "product") -> str:
    """In SQL, where `product` is the name or alias of its table."""
    parts = f"{READ}, {{product}}.hsn_code, {{product}}.country_of_origin, {VARIANTS}, {SPECIFICATIONS}, {PICTURES}"
    return _hash(parts.format(product=product))


def version_of_change(change: str = "product_change") -> str:
    """Likewise: of what is wanted and of what is live beside it."""
    wanted = f"{change}.wanted - 'added', jsonb_path_query_array({change}.wanted, '$.added[*].id')"
    live = f"{READ}, {SPECIFICATIONS}, {PICTURES}, {CALLED}".format(product="judged")
    return f"(SELECT {_hash(f'{wanted}, {live}')} FROM product judged WHERE judged.id = {change}.product_id)"


def _hash(parts: str) -> str:
    """Not MD5: two texts of one MD5 can be made, and the seller writes them."""
    return f"encode(sha256(convert_to(jsonb_build_array({parts})::text, 'UTF8')), 'hex')"
