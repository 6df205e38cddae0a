"""The pages of a built site: complete, valid, linked, safe."""

from __future__ import annotations

import itertools
import json
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from provisioning.catalog.pages import StorePage
from provisioning.sites.building import Site, build_site
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
from tests.sites.shops import (
    ADDRESS,
    HOSTILE,
    draw_photograph,
    draw_picture,
    large_shop,
    real_shop,
    sample_shop,
    whole_shop,
)

SITES = ("sample_site", "real_site", "hostile_site")


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest) -> Site:
    return request.getfixturevalue(request.param)


def test_a_new_store_has_every_page(sample_site: Site) -> None:
    """14 product pages, 4 collections and the fixed pages; sitemap, robots and icon beside them."""
    pages = html_pages(sample_site)
    products = [p for p in pages if p.startswith("/products/")]
    shelves = [p for p in pages if p.startswith("/collections/") and p != "/collections/"]

    assert len(products) == 14
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
    form = next(e for e in elements(html, "form") if e.get("action") == "/cart/")
    fields = [*form.iter("input"), *(e for e in elements(html, "input") if e.get("form") == form.get("id"))]
    names = [(e.get("type"), e.get("name")) for e in fields]

    assert form.get("method") == "get"
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


# --- What every page says of itself ----------------------------------------------------------------------

ALL_SITES = (*SITES, "whole_site", "long_site", "german_site")


@pytest.fixture(scope="session")
def whole_site(theme: Theme) -> Site:
    return build_site(theme, whole_shop(), draw_photograph)


@pytest.fixture(scope="session")
def long_site(theme: Theme) -> Site:
    return build_site(theme, large_shop(60), draw_picture)


@pytest.fixture(scope="session")
def german_site(theme: Theme) -> Site:
    return build_site(theme, whole_shop(locale="de", country="DE", currency="EUR"), draw_picture)


@pytest.fixture(params=ALL_SITES)
def any_site(request: pytest.FixtureRequest) -> Site:
    return request.getfixturevalue(request.param)


def metas(html: str) -> dict[str, str]:
    """Name or property of each meta element → its content."""
    return {
        str(e.get("name") or e.get("property")): e.get("content") or ""
        for e in elements(html, "meta")
        if e.get("content")
    }


def test_titles_and_descriptions_have_the_length_that_is_shown(any_site: Site) -> None:
    """At most 60 characters, and 50 to 160; no two pages for search engines have the same, unless all things have one name."""
    seen: dict[str, str] = {}
    for path, html in html_pages(any_site).items():
        title = next(parse(html).iter("title")).text or ""
        found = metas(html)

        assert 0 < len(title) <= 60, (path, title)
        assert 50 <= len(found["description"]) <= 160, (path, found["description"])
        if "robots" not in found and HOSTILE[:40] not in title:
            assert title not in seen, (path, seen.get(title))
            seen[title] = path


def test_every_page_is_canonical_or_closed(any_site: Site) -> None:
    """Its own address, absolute; or noindex. The sitemap tells of exactly those that are canonical."""
    canonical: set[str] = set()
    for path, html in html_pages(any_site).items():
        links = [e.get("href") for e in elements(html, "link") if e.get("rel") == "canonical"]
        if metas(html).get("robots"):
            assert metas(html)["robots"] == "noindex"
            assert links == []
        else:
            assert links == [f"{ADDRESS}{path}"]
            canonical.add(f"{ADDRESS}{path}")

    told = sitemap_addresses(any_site)
    assert len(told) == len(set(told))
    assert set(told) == canonical


def test_what_is_shared_is_told_twice_and_alike(any_site: Site) -> None:
    for path, html in html_pages(any_site).items():
        found = metas(html)

        assert found["og:title"] == found["twitter:title"], path
        assert found["og:description"] == found["twitter:description"] == found["description"]
        assert found["og:url"] == f"{ADDRESS}{path}"
        assert re.fullmatch("[a-z]{2}_[A-Z]{2}", found["og:locale"])
        assert found.get("og:image") == found.get("twitter:image")
        assert not found.get("og:image", "").endswith(".svg")
        assert not [e for e in elements(html, "link") if e.get("hreflang")]


def test_photographs_are_shared(whole_site: Site) -> None:
    """Absolute, with the size of that very file; the file is in the site."""
    for path in ("/collections/lamps/", "/products/shade/"):
        found = metas(html_of(whole_site, path))

        assert found["og:image"].startswith(f"{ADDRESS}/pictures/")
        assert found["og:image"].removeprefix(ADDRESS) in whole_site.files
        assert (found["og:image:width"], found["og:image:height"]) == ("1280", "1280")
        assert found["twitter:card"] == "summary_large_image"


def test_every_width_of_a_picture_is_in_the_site(whole_site: Site) -> None:
    """What srcset names is served, in every format."""
    named = {
        part.split()[0]
        for html in html_pages(whole_site).values()
        for name in ("img", "source")
        for element in elements(html, name)
        for part in (element.get("srcset") or "").split(", ")
        if part
    }

    assert {path.rpartition(".")[2] for path in named} == {"avif", "webp"}
    assert named <= whole_site.files.keys()
    assert all(whole_site.files[path].shared for path in named)


def test_a_long_collection_goes_over_pages_of_its_own(long_site: Site) -> None:
    """24 a page; each canonical to itself, with its neighbours named; each product once."""
    base = "/collections/audio/"
    paths = [base, *sorted(p for p in long_site.files if p.startswith(f"{base}page/"))]
    shown = [
        [
            e.get("href")
            for e in elements(html_of(long_site, path), "a")
            if "/products/" in (e.get("href") or "")
        ]
        for path in paths
    ]
    heads = [
        {e.get("rel"): e.get("href") for e in elements(html_of(long_site, path), "link")} for path in paths
    ]
    listed = [
        next(b for b in data_blocks(html_of(long_site, path)) if b["@type"] == "ItemList") for path in paths
    ]
    flat = [url for page in shown for url in dict.fromkeys(page)]

    assert len(paths) >= 1
    assert all(len(set(page)) <= 24 for page in shown)
    assert len(flat) == len(set(flat))
    for number, head in enumerate(heads):
        assert head["canonical"] == f"{ADDRESS}{paths[number]}"
        assert head.get("prev") == (f"{ADDRESS}{paths[number - 1]}" if number else None)
        assert head.get("next") == (f"{ADDRESS}{paths[number + 1]}" if number + 1 < len(paths) else None)
    positions = [item["position"] for block in listed for item in block["itemListElement"]]
    assert positions == list(range(1, len(flat) + 1))


def test_more_than_a_page_has_a_second_one(theme: Theme) -> None:
    """25 products on one shelf: 24 and 1, and the second page says which it is."""
    shop = large_shop(25)
    shelf = shop.collections[0]
    products = tuple(p.model_copy(update={"collections": (shelf.handle,)}) for p in shop.products)
    site = build_site(theme, shop.model_copy(update={"products": products}), draw_picture)
    second = html_of(site, f"/collections/{shelf.handle}/page/2/")

    assert f"/collections/{shelf.handle}/page/3/" not in site.files
    assert "page 2" in (next(parse(second).iter("title")).text or "")
    assert second.count("<article") == 1


def test_dates_of_the_sitemap_are_those_of_the_content(whole_site: Site) -> None:
    """A product's its own, a shelf's the newest of it and what is on it; none where none is known."""
    dates: dict[str, str] = {}
    for part in ("pages", "collections", "products"):
        text = html_of(whole_site, f"/sitemaps/{part}-1.xml")
        dates |= dict(re.findall("<loc>(.*?)</loc>(?:<lastmod>(.*?)</lastmod>)?", text))

    assert dates[f"{ADDRESS}/products/shade/"] == "2026-04-01T00:00:00Z"
    assert dates[f"{ADDRESS}/products/desk-lamp/"] == ""
    assert dates[f"{ADDRESS}/collections/lamps/"] == "2026-04-01T00:00:00Z"
    assert dates[f"{ADDRESS}/pages/about/"] == "2026-03-01T12:00:00Z"
    assert dates[f"{ADDRESS}/policies/terms/"] == ""


# --- Pages of words --------------------------------------------------------------------------------------


def test_a_merchants_page_is_shown_cleaned(theme: Theme) -> None:
    """Also where a document came past the model: it is cleaned again."""
    page = StorePage.model_construct(
        handle="care",
        title="Care",
        body="<h2>Wash</h2><p onclick=x>Cold.</p><script>alert(1)</script>",
        updated_at=None,
        published=True,
        sample=False,
    )
    html = html_of(build_site(theme, whole_shop(pages=(page,)), draw_picture), "/pages/care/")

    assert "<h2>Wash</h2><p>Cold.</p>" in html
    assert "alert(1)" not in html


def test_policies_are_linked_from_every_page_and_say_when_they_changed(theme: Theme) -> None:
    """Text stays text, blank lines part paragraphs; the first words of a store bear no date."""
    shop = whole_shop()
    assert shop.policies
    changed = shop.policies.terms.model_copy(
        update={"text": "One <b>two</b>\n\nThree\nfour", "updated_at": datetime(2026, 10, 4, tzinfo=UTC)}
    )
    policies = shop.policies.model_copy(update={"terms": changed})
    site = build_site(theme, whole_shop(policies=policies), draw_picture)
    html = html_of(site, "/policies/terms/")

    assert "<p>One &lt;b&gt;two&lt;/b&gt;</p><p>Three<br>four</p>" in html
    assert '<time datetime="2026-10-04">4 October 2026</time>' in html
    assert "<time" not in html_of(site, "/policies/privacy/")
    for path in ("/", "/products/shade/", "/cart/", "/search/", "/404.html"):
        for name in ("privacy", "refund", "shipping", "terms"):
            assert f'href="/policies/{name}/"' in html_of(site, path)


def test_the_contact_page_shows_the_settings(whole_site: Site, theme: Theme) -> None:
    """And above them the words of a page named contact."""
    html = html_of(whole_site, "/pages/contact/")
    own = StorePage(handle="contact", title="Write to us", body="<p>We answer on weekdays.</p>")
    worded = html_of(build_site(theme, whole_shop(pages=(own,)), draw_picture), "/pages/contact/")

    assert 'href="mailto:hello@light.example"' in html
    assert 'href="tel:+15550100"' in html
    assert "1 Cliff Road" in html
    assert "We answer on weekdays." in worded
    assert "<h1" in worded and "Write to us</h1>" in worded


def test_the_shops_language_is_that_of_its_pages(german_site: Site) -> None:
    """Titles, prices, names of filters and dates; and the document says which it is."""
    product = html_of(german_site, "/products/desk-lamp/")
    document = parse(product)

    assert document.get("lang") == "de"
    assert "49,00\u00a0€" in product
    assert "Startseite" in product
    assert (next(parse(html_of(german_site, "/search/")).iter("title")).text or "").startswith("Suche")
    assert metas(product)["og:locale"] == "de_DE"
    assert json.loads(html_of(german_site, "/site.webmanifest"))["lang"] == "de"


def test_a_language_from_right_to_left(theme: Theme) -> None:
    site = build_site(theme, whole_shop(locale="ar"), draw_picture)

    assert parse(html_of(site, "/")).get("dir") == "rtl"
    assert json.loads(html_of(site, "/site.webmanifest"))["dir"] == "rtl"


# --- Files beside the pages ------------------------------------------------------------------------------


def test_the_manifest_names_icons_of_the_site(whole_site: Site) -> None:
    """Drawings and pictures of the sizes that it says; one that may be cut."""
    manifest = json.loads(html_of(whole_site, "/site.webmanifest"))
    for icon in manifest["icons"]:
        file = whole_site.files[icon["src"]].file
        assert file.content_type == icon["type"]
        if icon["type"] == "image/png":
            width, height = (int.from_bytes(file.body[at : at + 4]) for at in (16, 20))
            assert icon["sizes"] == f"{width}x{height}"
    touch = next(e for e in elements(html_of(whole_site, "/"), "link") if e.get("rel") == "apple-touch-icon")

    assert {"any", "maskable"} == {icon["purpose"] for icon in manifest["icons"]}
    assert manifest["name"] == "Light House"
    assert len(manifest["short_name"]) <= 12
    assert touch.get("href") in whole_site.files


def test_what_is_shown_alone_needs_nothing_but_the_theme(whole_site: Site) -> None:
    """Coming soon and maintenance are shown while no other page answers: they load assets and nothing else, and link nowhere."""
    for path in (COMING_SOON, MAINTENANCE):
        loaded = [link for link in links(html_of(whole_site, path)) if not link.startswith(ADDRESS)]

        assert all(link.startswith(("/assets/", "#")) for link in loaded), (path, loaded)
        assert whole_site.files[path].cache is CacheClass.SYSTEM


def test_robots_closes_what_is_only_for_shoppers(whole_site: Site) -> None:
    text = html_of(whole_site, "/robots.txt")

    assert "Disallow: /cart/\nDisallow: /search/\n" in text
    assert "Disallow: /\n" not in text
    assert f"Sitemap: {ADDRESS}/sitemap.xml" in text
