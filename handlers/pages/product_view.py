"""A product as its page shows it, and as structured data for search engines (schema.org)."""

from typing import Any

import msgspec

from handlers.pages.pictures import picture_url
from models.carriage import Estimate
from models.product_page import FREE_SHOWN, PageReview, PageVariant, ProductPage
from server.settings import Settings
from web.filters import money, rupees
from web.links import link

SUMMARY = 160
COUNTRIES = {"IN": "India", "CN": "China", "VN": "Vietnam", "BD": "Bangladesh", "US": "United States", "DE": "Germany",
    "JP": "Japan", "KR": "South Korea", "TW": "Taiwan", "TH": "Thailand", "ID": "Indonesia", "IT": "Italy",
    "GB": "United Kingdom", "MY": "Malaysia", "LK": "Sri Lanka", "NP": "Nepal"}  # fmt: skip


def pick_variant(product: ProductPage, sku: str) -> PageVariant:
    """The one that is asked for, else the cheapest in stock, else the cheapest."""
    named = [variant for variant in product.variants if variant.sku == sku]
    stocked = [variant for variant in product.variants if variant.in_stock]
    return min(named or stocked or product.variants, key=lambda variant: variant.price_minor)


def product_view(
    product: ProductPage, variant: PageVariant, settings: Settings, rate: Estimate | None
) -> dict[str, Any]:
    """What shop/_product.html wants as `product`. `rate`: what its seller's parcels cost to most places."""
    base = settings.site.base_url
    return {
        "id": product.id,
        "slug": product.slug,
        "name": product.name,
        "brand": product.brand,
        "summary": _summary(product),
        "paragraphs": [part.strip() for part in product.description.splitlines() if part.strip()],
        "pictures": [_picture(image.key, image.alt or product.name, base) for image in product.images],
        "crumbs": [{"name": crumb.name, "url": f"/c/{crumb.slug}"} for crumb in product.breadcrumbs],
        "specs": product.specifications,
        "price_minor": variant.price_minor,
        "list_price_minor": variant.list_price_minor,
        "currency": product.currency,
        "rating": product.rating,
        "rating_count": product.rating_count,
        "variant": {
            "id": variant.id,
            "sku": variant.sku,
            "in_stock": variant.in_stock,
            "free": variant.free,
            "many": variant.free >= FREE_SHOWN,
        },
        "options": _options(product, variant),
        "quantity_max": settings.checkout.quantity_max,
        "delivery": _delivery(settings, product.currency, rate),
        "seller": product.seller,
        "country_of_origin": COUNTRIES.get(product.country_of_origin, product.country_of_origin),
    }


def review_view(review: PageReview) -> dict[str, Any]:
    """A review with the addresses of its photos."""
    return {**msgspec.structs.asdict(review), "photos": [picture_url(key) for key in review.photos]}


def histogram(product: ProductPage) -> list[tuple[int, int]]:
    """How many published reviews gave five stars, four, and so on."""
    return [(level, product.stars.get(str(level), 0)) for level in range(5, 0, -1)]


def json_ld(product: ProductPage, variant: PageVariant, settings: Settings) -> dict[str, Any]:
    base = settings.site.base_url
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.name,
        "sku": variant.sku,
        "description": product.description[:5000],
        "image": [_picture(image.key, "", base)["absolute_url"] for image in product.images],
        "offers": {
            "@type": "Offer",
            "url": f"{base}/p/{product.slug}",
            "price": rupees(variant.price_minor),
            "priceCurrency": product.currency,
            "availability": f"https://schema.org/{'InStock' if variant.in_stock else 'OutOfStock'}",
            "itemCondition": "https://schema.org/NewCondition",
            "seller": {"@type": "Organization", "name": product.seller.name},
        },
    }
    if product.brand:
        found["brand"] = {"@type": "Brand", "name": product.brand}
    if product.rating_count:
        rating = {"@type": "AggregateRating", "ratingValue": product.rating, "reviewCount": product.rating_count}
        found["aggregateRating"] = rating
    return found


def _picture(key: str, alt: str, base: str) -> dict[str, str]:
    url = picture_url(key) or ""
    return {"url": url, "absolute_url": f"{base}{url}" if url.startswith("/") else url, "alt": alt}


def _summary(product: ProductPage) -> str:
    text = " ".join(product.description.split()) or f"{product.name}, sold by {product.seller.name}."
    return text if len(text) <= SUMMARY else text[:SUMMARY].rsplit(" ", 1)[0] + "…"


def charge_words(rate: Estimate, currency: str) -> str:
    """What a parcel at this rate costs."""
    if not rate.flat_minor or rate.free_over_minor == 0:
        return "Free delivery"
    free = f", free from {money(rate.free_over_minor, currency)} with this seller" if rate.free_over_minor else ""
    return f"Delivery {money(rate.flat_minor, currency)} and more for heavy goods{free}"


def _delivery(settings: Settings, currency: str, rate: Estimate | None) -> str:
    """As the cart says it before it knows where the goods go."""
    if rate:
        return f"{charge_words(rate, currency)}, to most PIN codes. See what it is to yours."
    rules = settings.checkout
    flat, free = money(rules.shipping_minor, currency), money(rules.free_shipping_over_minor, currency)
    return f"Delivery {flat}, free from {free} with this seller."


def _options(product: ProductPage, chosen: PageVariant) -> list[dict[str, Any]]:
    """Each option with its values; a value leads to the variant that keeps the other choices, where there is one."""
    names = dict.fromkeys(name for variant in product.variants for name in variant.options)
    return [{"name": name, "values": _values(product, chosen, name)} for name in names]


def _values(product: ProductPage, chosen: PageVariant, name: str) -> list[dict[str, Any]]:
    values = dict.fromkeys(str(variant.options[name]) for variant in product.variants if name in variant.options)
    shown = []
    for value in values:
        wanted = {**chosen.options, name: value}
        having = [variant for variant in product.variants if str(variant.options.get(name)) == value]
        best = next((variant for variant in having if variant.options == wanted), having[0])
        shown.append(
            {
                "label": value,
                "url": link(f"/p/{product.slug}", variant=best.sku),
                "selected": str(chosen.options.get(name)) == value,
                "in_stock": best.in_stock,
            }
        )
    return shown
