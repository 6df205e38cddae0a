"""Shops to build sites from: a real one of a blueprint, a small one of real products, and one whose every text is hostile."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle

from provisioning.catalog.blueprints import HomeTexts, load_blueprint
from provisioning.catalog.pages import StorePage
from provisioning.catalog.products import Collection, Detail, Option, Product, Variant
from provisioning.catalog.settings import ContactSettings, ReturnSettings, default_settings
from provisioning.sites.shop import Shop
from provisioning.stores.activation import Category

HOST = "awesome-store.localhost"
ADDRESS = f"http://{HOST}:8080"
HOSTILE = '"><script>alert(1)</script>{{7*7}}{% if %}'


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """A picture of the shape that `catalog.pictures` gives."""

    alt: str
    width: int
    height: int
    body: bytes
    path: str
    type: str = "image/svg+xml"

    @property
    def renditions(self) -> tuple[DrawnPicture, ...]:
        return (self,)


def draw_picture(name: str) -> DrawnPicture:
    """A picture for any name: the tests of sites do not hang on which ones are drawn."""
    body = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><title>{name}</title></svg>'.encode()
    digest = hashlib.sha256(body).hexdigest()[:16]
    return DrawnPicture(
        f"Picture of {name}", 1200, 1200, body, f"/pictures/{name.replace('/', '-')}.{digest}.svg"
    )


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a photograph."""

    type: str
    width: int
    height: int
    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture in two formats and three widths."""

    alt: str
    width: int
    height: int
    renditions: tuple[Rendition, ...]


def draw_photograph(name: str) -> Photograph:
    """A photograph for any name; its bytes are no picture."""
    files = [
        Rendition(
            f"image/{kind}",
            width,
            width,
            f"/pictures/{name.replace('/', '-')}-{width}.{hashlib.sha256(f'{name}{width}{kind}'.encode()).hexdigest()[:16]}.{kind}",
            f"{name} {width} {kind}".encode(),
        )
        for kind in ("webp", "avif")
        for width in (320, 640, 1280)
    ]
    return Photograph(f"Photograph of {name}", 1280, 1280, tuple(files))


def sample_shop(**changes: object) -> Shop:
    """A new store: 14 sample products in 4 collections."""
    blueprint = load_blueprint(Category.ELECTRONICS)
    settings = default_settings(Category.ELECTRONICS, "Awesome Store", "owner@example.com")
    values: dict[str, object] = {
        "name": "Awesome Store",
        "address": ADDRESS,
        "hostname": HOST,
        "tagline": blueprint.tagline,
        "home": blueprint.home,
        "collections": blueprint.collections,
        "products": blueprint.products,
        "pages": blueprint.pages,
        **{name: settings[name] for name in ("contact", "shipping", "returns", "policies")},
    }
    return Shop.model_validate(values | changes)


def real_shop() -> Shop:
    """A small shop of the merchant's own goods: one simple product, one with two options, one of them sold out in part."""
    collection = Collection(handle="lamps", title="Lamps", description="Light.", picture="lamps")
    simple = Product(
        handle="desk-lamp",
        title="Desk lamp",
        description="A lamp.\n\nIt shines.",
        vendor="Lumen",
        product_type="Lamps",
        details=(Detail(name="Height", value="40 cm"),),
        collections=("lamps",),
        variants=(Variant(id="default", sku="L-1", price=4_900, compare_at_price=5_900),),
        pictures=("desk-lamp",),
        position=1,
    )
    shade = Product(
        handle="shade",
        title="Shade",
        description="A shade.",
        vendor="Lumen",
        product_type="Lamps",
        collections=("lamps",),
        options=(Option(name="Colour", values=("Red", "Blue")), Option(name="Size", values=("S", "L"))),
        variants=(
            Variant(id="red-s", sku="S-1", options=("Red", "S"), price=1_000, available=False),
            Variant(id="red-l", sku="S-2", options=("Red", "L"), price=1_500, picture="shade-red"),
            Variant(id="blue-s", sku="S-3", options=("Blue", "S"), price=1_000),
        ),
        pictures=("shade", "shade-red"),
        related=("desk-lamp", "long-gone"),
        position=2,
    )
    return Shop(
        name="Light House",
        address=ADDRESS,
        hostname=HOST,
        collections=(collection,),
        products=(simple, shade),
    )


def hostile_shop() -> Shop:
    """Every text that a person can write holds markup and template syntax."""
    text = HOSTILE[:80]
    home = HomeTexts(
        hero_heading=text,
        hero_text=text,
        hero_picture="hero",
        story_heading=text,
        story_text=text,
        story_picture="story",
        featured_collection="shelf",
    )
    product = Product(
        handle="thing",
        title=text,
        description=f"{text}\n\n</script><!--",
        vendor=text,
        product_type=text,
        details=(Detail(name=text, value=text),),
        collections=("shelf",),
        options=(Option(name=text, values=(text, "</script>")),),
        variants=(
            Variant(id="one", sku="</script>", options=(text,), price=100),
            Variant(id="two", sku="x", options=("</script>",), price=200),
        ),
        pictures=("thing",),
    )
    shelf = Collection(handle="shelf", title=text, description=text, picture="shelf")
    return Shop(
        name=text,
        address=ADDRESS,
        hostname=HOST,
        tagline=text,
        home=home,
        collections=(shelf,),
        products=(product,),
    )


def whole_shop(**changes: object) -> Shop:
    """The small shop with settings, pages and policies of its own, and times of its content."""
    settings = default_settings(Category.HOME, "Light House", "hello@light.example")
    returns = ReturnSettings(days=45, postage="store")
    contact = ContactSettings(
        email="hello@light.example", phone="+1 555 0100", address_lines=("1 Cliff Road", "Portland")
    )
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    about = StorePage(
        handle="about", title="Our story", body="<p>We <em>light</em> houses.</p>", updated_at=moment
    )
    values: dict[str, object] = {
        "shipping": settings["shipping"],
        "policies": settings["policies"],
        "returns": returns,
        "contact": contact,
        "pages": (about,),
        "oldest_first": ("shade", "desk-lamp"),
        "changed": {
            "products/shade": datetime(2026, 4, 1, tzinfo=UTC),
            "collections/lamps": datetime(2026, 2, 1, tzinfo=UTC),
        },
    }
    return real_shop().model_copy(update=values | changes)


def large_shop(count: int) -> Shop:
    """So many products of the merchant's own, made from the blueprint's."""
    shop = sample_shop()
    products = tuple(
        product.model_copy(
            update={
                "handle": f"{product.handle[:30]}-{number}",
                "title": f"{product.title} {number}",
                "position": number,
                "related": (),
                "sample": False,
            }
        )
        for number, product in zip(range(count), cycle(shop.products), strict=False)
    )
    return shop.model_copy(update={"products": products})
