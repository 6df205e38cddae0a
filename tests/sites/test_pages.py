"""The pages of a built site: complete, valid, linked, safe."""

from __future__ import annotations

import itertools
import json
import re
from urllib.parse import urlsplit

import pytest

from provisioning.sites.publishing import Site, build_site
from provisioning.sites.releases import COMING_SOON, MAINTENANCE, NOT_FOUND, CacheClass
from provisioning.themes.packages import Theme
from tests.sites.documents import (
    data_blocks,
    elements,
    html_of,
    html_pages,
    links,
    parse,
    sitemap_addresses,
)
from tests.sites.shops import ADDRESS, HOSTILE, draw_picture, real_shop, sample_shop

SITES = ("sample_site", "real_site", "hostile_site")


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest) -> Site:
    return request.getfixturevalue(request.param)


def test_a_new_store_has_every_page(sample_site: Site) -> None:
    """24 product pages, 4 collections and the fixed pages; sitemap, robots and icon beside them."""
    pages = html_pages(sample_site)
    products = [p for p in pages if p.startswith("/products/")]
    shelves = [p for p in pages if p.startswith("/collections/") and p != "/collections/"]

    assert len(products) == 24
    assert len(shelves) == 4
    assert set(pages) - set(products) - set(shelves) == {
        "/",
        "/collections/",
        "/cart/",
        "/search/",
        "/pages/about/",
        "/pages/contact/",
        "/policies/privacy/",
        "/policies/refund/",
        "/policies/shipping/",
        "/policies/terms/",
        NOT_FOUND,
        COMING_SOON,
        MAINTENANCE,
    }
    rest = {"/sitemap.xml", "/sitemaps/pages-1.xml", "/robots.txt", "/favicon.ico", "/site.webmanifest"}
    assert rest <= sample_site.files.keys()
    assert [p for p in sample_site.files if p.startswith("/search-index.")]


def test_html_is_valid(site: Site) -> None:
    """html5lib, told to be strict, finds no error on any page."""
    for path, html in html_pages(site).items():
        try:
            parse(html)
        except Exception as error:
            raise AssertionError(f"{path}: {error!r}") from error


def test_every_internal_link_and_asset_is_in_the_site(site: Site) -> None:
    """No page names an address of this shop that the shop does not answer."""
    for path, html in html_pages(site).items():
        for link in links(html):
            parts = urlsplit(link)
            if parts.netloc:
                assert link.startswith(f"{ADDRESS}/"), (path, link)
            if parts.path and parts.scheme not in {"mailto", "tel"}:
                assert parts.path in site.files, (path, link)


def test_stylesheets_name_only_files_of_the_site(sample_site: Site) -> None:
    """Fonts in the stylesheet are there under their hashed names."""
    sheets = [p for p in sample_site.files if p.endswith(".css")]
    named = [u for p in sheets for u in re.findall(r'url\("([^"]+)"\)', html_of(sample_site, p))]

    assert len(named) == 2
    assert set(named) <= sample_site.files.keys()


def test_nothing_is_inline(site: Site) -> None:
    """No style, no event attribute, no script but data: the strict policy blocks nothing."""
    for path, html in html_pages(site).items():
        for element in parse(html).iter():
            assert element.tag != "style", path
            assert not [a for a in element.attrib if a == "style" or a.startswith("on")], path
            if element.tag == "script":
                data = element.get("type") in {"application/json", "application/ld+json"}
                assert data or (element.get("src") and not element.text), path


def test_each_page_has_one_heading_and_its_landmarks(site: Site) -> None:
    """One h1 and one main, a language, a title, a description, and no level of headings left out."""
    for path, html in html_pages(site).items():
        document = parse(html)
        levels = [int(e.tag[1]) for e in document.iter() if re.fullmatch("h[1-6]", str(e.tag))]
        main = next(document.iter("main"))
        within = [int(e.tag[1]) for e in main.iter() if re.fullmatch("h[1-6]", str(e.tag))]

        assert levels.count(1) == 1, path
        assert within[0] == 1, path
        assert all(b - a <= 1 for a, b in itertools.pairwise(within)), (path, within)
        assert len(list(document.iter("main"))) == 1
        assert document.get("lang") == "en"
        assert (next(document.iter("title")).text or "").strip()
        assert [e for e in document.iter("meta") if e.get("name") == "description" and e.get("content")], path


def test_every_picture_has_its_size_and_a_text(site: Site) -> None:
    """So nothing jumps while loading; an empty text is for pictures beside their own title."""
    for path, html in html_pages(site).items():
        for picture in elements(html, "img"):
            assert picture.get("alt") is not None, path
            assert picture.get("width", "").isdigit() and picture.get("height", "").isdigit(), path


def test_every_field_has_a_label_and_ids_are_unique(site: Site) -> None:
    for path, html in html_pages(site).items():
        document = parse(html)
        ids = [e.get("id") for e in document.iter() if e.get("id")]
        labelled = {e.get("for") for e in document.iter("label")} | {
            id(i) for label in document.iter("label") for i in label.iter("input")
        }

        assert len(ids) == len(set(ids)), path
        for field in document.iter("input"):
            if field.get("type") not in {"hidden"} and not field.get("data-label"):
                assert field.get("id") in labelled or id(field) in labelled, (path, field.attrib)


def test_the_largest_picture_of_the_first_screen_comes_first(sample_site: Site) -> None:
    """Home, collection and product ask for it with priority and do not put it off; the rest is put off."""
    for path in ("/", "/collections/audio/", "/products/aurora-headphones/"):
        first, *rest = list(elements(html_of(sample_site, path), "img"))

        assert first.get("fetchpriority") == "high"
        assert first.get("loading") is None
        assert any(e.get("loading") == "lazy" for e in rest)


def test_hostile_texts_stay_texts(hostile_site: Site) -> None:
    """Markup and template syntax in names come out as the words they are, and nowhere as elements."""
    for path, html in html_pages(hostile_site).items():
        scripts = list(elements(html, "script"))

        assert "alert(1)" in html, path
        assert "<script>alert" not in html, path
        assert not [s for s in scripts if s.get("type") is None and s.get("src") is None], path
        assert "49" not in (next(parse(html).iter("title")).text or ""), path
    heading = next(parse(html_of(hostile_site, "/products/thing/")).iter("h1"))
    assert heading.text == HOSTILE[:80]


def test_hostile_texts_leave_the_data_blocks_whole(hostile_site: Site) -> None:
    """`</script>` in a value does not end the block, and the value arrives as it was."""
    html = html_of(hostile_site, "/products/thing/")
    group = next(b for b in data_blocks(html) if b["@type"] == "ProductGroup")
    data = next(e for e in elements(html, "script") if e.get("id") == "product-data")

    assert group["name"] == HOSTILE[:80]
    assert json.loads(data.text or "")["variants"][0]["sku"] == "</script>"


def test_building_twice_gives_the_same(theme: Theme, sample_site: Site) -> None:
    assert build_site(theme, sample_shop(), draw_picture) == sample_site


def test_sample_products_are_kept_from_search_engines(sample_site: Site) -> None:
    """Their pages say noindex and the sitemap does not name them, nor shelves with nothing else on them."""
    html = html_of(sample_site, "/products/aurora-headphones/")
    robots = [e.get("content") for e in elements(html, "meta") if e.get("name") == "robots"]
    told = sitemap_addresses(sample_site)

    assert robots == ["noindex"]
    assert "noindex" in html_of(sample_site, "/pages/about/")
    assert told == [
        f"{ADDRESS}{path}"
        for path in (
            "/",
            "/collections/",
            "/pages/contact/",
            "/policies/privacy/",
            "/policies/refund/",
            "/policies/shipping/",
            "/policies/terms/",
        )
    ]


def test_the_merchants_own_products_are_for_search_engines(real_site: Site) -> None:
    """Canonical address, no robots element, named in the sitemap; the cart is none of this."""
    html = html_of(real_site, "/products/shade/")
    told = sitemap_addresses(real_site)

    assert f'<link rel="canonical" href="{ADDRESS}/products/shade/">' in html
    assert 'name="robots"' not in html
    assert f"{ADDRESS}/products/shade/" in told
    assert f"{ADDRESS}/collections/lamps/" in told
    assert not {f"{ADDRESS}/cart/", f"{ADDRESS}/search/"} & set(told)
    assert "noindex" in html_of(real_site, "/cart/")
    assert f"Sitemap: {ADDRESS}/sitemap.xml" in html_of(real_site, "/robots.txt")


def test_structured_data_says_what_the_page_says(real_site: Site) -> None:
    """Every variant's offer with price, currency and availability; breadcrumbs that end at the page."""
    html = html_of(real_site, "/products/shade/")
    group, crumbs = data_blocks(html)
    offers = {v["sku"]: v["offers"] for v in group["hasVariant"]}
    simple = data_blocks(html_of(real_site, "/products/desk-lamp/"))[0]

    assert group["variesBy"] == ["https://schema.org/color", "https://schema.org/size"]
    assert (offers["S-2"]["price"], offers["S-2"]["priceCurrency"]) == ("15.00", "USD")
    assert offers["S-1"]["availability"].endswith("OutOfStock")
    assert offers["S-2"]["availability"].endswith("InStock")
    assert [c["name"] for c in crumbs["itemListElement"]] == ["Home", "Lamps", "Shade"]
    assert simple["@type"] == "Product"
    assert simple["offers"]["price"] == "49.00"


def test_what_can_be_bought_is_chosen_first(real_site: Site) -> None:
    """The sold-out first variant is passed over; price and choice are those of the next one."""
    html = html_of(real_site, "/products/shade/")
    checked = [e.get("value") for e in elements(html, "input") if e.get("checked") is not None]

    assert checked == ["Red", "L"]
    assert "$15.00" in html


def test_a_product_with_one_option_is_a_plain_form(sample_site: Site) -> None:
    """Without scripts the form carries product, variant and quantity to the cart."""
    html = html_of(sample_site, "/products/aurora-headphones/")
    form = next(parse(html).iter("form"))
    names = [(e.get("type"), e.get("name")) for e in form.iter("input")]

    assert (form.get("action"), form.get("method")) == ("/cart/", "get")
    assert ("hidden", "add") in names
    assert ("radio", "variant") in names
    assert ("number", "quantity") in names


def test_former_prices_are_shown_only_where_they_are_higher(real_site: Site) -> None:
    html = html_of(real_site, "/products/desk-lamp/")

    assert "$49.00" in html
    assert "$59.00" in html


def test_links_to_products_that_are_gone_are_left_out(real_site: Site) -> None:
    """A related product that no longer exists is no dead link."""
    assert "long-gone" not in html_of(real_site, "/products/shade/")


def test_a_shop_without_anything_has_all_fixed_pages(theme: Theme) -> None:
    """The theme has words of its own where a shop has none yet."""
    empty = real_shop().model_copy(update={"products": (), "collections": ()})
    site = build_site(theme, empty, draw_picture)

    assert "Fewer, better things." in html_of(site, "/")
    assert parse(html_of(site, "/collections/")) is not None


def test_other_currencies_are_written_their_way(theme: Theme) -> None:
    """Yen have no decimals, on the page and in the data."""
    shop = real_shop().model_copy(update={"currency": "JPY"})
    html = html_of(build_site(theme, shop, draw_picture), "/products/desk-lamp/")

    assert "¥4,900" in html
    assert data_blocks(html)[0]["offers"]["price"] == "4900"


def test_system_pages_are_no_addresses(sample_site: Site) -> None:
    """404 and coming soon are shown in place of others; hashed files may be kept for ever, pages not."""
    assert sample_site.files[NOT_FOUND].cache is CacheClass.SYSTEM
    assert sample_site.files[COMING_SOON].cache is CacheClass.SYSTEM
    assert sample_site.files["/"].cache is CacheClass.PAGE
    for path, entry in sample_site.files.items():
        hashed = bool(re.search(r"\.[0-9a-f]{16}\.[a-z0-9]+$", path))
        assert (entry.cache is CacheClass.IMMUTABLE) == hashed, path


def test_the_coming_soon_page_shows_nothing_of_the_shelves(sample_site: Site) -> None:
    """It is public before the shop is: it links nowhere and loads assets alone."""
    named = set(links(html_of(sample_site, COMING_SOON)))

    assert named
    assert all(link.startswith("/assets/") for link in named)
