"""Blueprints: what a store sells in its first minute hangs together and can be sold."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from pydantic import ValidationError

from provisioning.catalog.blueprints import Blueprint, load_blueprint
from provisioning.catalog.pictures import find_picture
from provisioning.catalog.products import Product
from provisioning.errors import NotFound
from provisioning.stores.activation import Category

# Kinds of goods whose sensible prices differ widely; in cents.
_CHEAPEST, _DEAREST = 10_00, 2_000_00
_LEFT_OVER = re.compile(
    r"lorem|ipsum|placeholder|todo|tbd|xxx|\{|\}|<|>|your (brand|store|text)", re.IGNORECASE
)


@pytest.fixture(params=list(Category))
def blueprint(request: pytest.FixtureRequest) -> Blueprint:
    return load_blueprint(request.param)


def _texts(blueprint: Blueprint) -> list[str]:
    home = blueprint.home
    texts = [blueprint.tagline, home.hero_heading, home.hero_text, home.story_heading, home.story_text]
    texts += [text for c in blueprint.collections for text in (c.title, c.description)]
    for product in blueprint.products:
        texts += [product.title, product.description, product.vendor]
        texts += [text for detail in product.details for text in (detail.name, detail.value)]
    return texts


def test_electronics_is_the_rich_one() -> None:
    """Electronics has 14 products in 4 collections, with choices of colour, storage and size."""
    blueprint = load_blueprint("electronics")

    assert (len(blueprint.products), len(blueprint.collections)) == (14, 4)
    assert {"Colour", "Storage", "Size"} <= {o.name for p in blueprint.products for o in p.options}


def test_other_categories_have_8_to_12_products_in_3_or_4_collections(blueprint: Blueprint) -> None:
    """Every category fills a home page and its collections."""
    if blueprint.category is Category.ELECTRONICS:
        return

    assert 8 <= len(blueprint.products) <= 12
    assert 3 <= len(blueprint.collections) <= 4


def test_no_collection_is_bare(blueprint: Blueprint) -> None:
    """A collection shows at least three products."""
    counts = Counter(handle for product in blueprint.products for handle in product.collections)

    assert {c.handle for c in blueprint.collections} == set(counts)
    assert min(counts.values()) >= 3


def test_relations_go_both_ways(blueprint: Blueprint) -> None:
    """What goes well with a product says the same of it, and every product has at least two such."""
    related = {product.handle: product.related for product in blueprint.products}

    for handle, others in related.items():
        assert 2 <= len(others) == len(set(others))
        assert all(handle in related[other] for other in others)


def test_every_product_can_be_bought(blueprint: Blueprint) -> None:
    """At least one variant of each product is available."""
    assert [p.handle for p in blueprint.products if not any(v.available for v in p.variants)] == []


def test_some_variants_are_sold_out_and_some_prices_reduced(blueprint: Blueprint) -> None:
    """The shop shows what these look like."""
    variants = [v for p in blueprint.products for v in p.variants]

    assert any(not v.available for v in variants)
    assert any(v.compare_at_price for v in variants)


def test_variants_have_ids_and_skus_of_their_own(blueprint: Blueprint) -> None:
    """Ids are unique within a product, SKUs within the store."""
    for product in blueprint.products:
        assert len(product.variants) == len({v.id for v in product.variants})
    skus = [v.sku for p in blueprint.products for v in p.variants]
    assert len(skus) == len(set(skus))
    assert all(re.fullmatch(r"[A-Z]{3}-[A-Z]{3}(-[A-Z0-9]+)*", sku) for sku in skus)


def test_prices_are_sensible(blueprint: Blueprint) -> None:
    """Whole dollars, of a size that such goods cost; a reduced price is lower, but by no more than a third."""
    for variant in (v for p in blueprint.products for v in p.variants):
        assert _CHEAPEST <= variant.price <= _DEAREST
        assert variant.price % 100 == 0
        if variant.compare_at_price is not None:
            assert variant.price < variant.compare_at_price <= variant.price * 1.5


def test_every_picture_exists(blueprint: Blueprint) -> None:
    """Products, variants, collections and the home page show pictures that we have; a variant's is among its product's."""
    for product in blueprint.products:
        assert {v.picture for v in product.variants} <= set(product.pictures)
    names = [name for p in blueprint.products for name in p.pictures]
    names += [c.picture for c in blueprint.collections]
    names += [blueprint.home.hero_picture, blueprint.home.story_picture]

    assert names == [find_picture(name).name for name in names]
    assert len(names) == len(set(names))


def test_texts_are_finished(blueprint: Blueprint) -> None:
    """No text is left over from writing, and descriptions say something in two or three paragraphs."""
    assert [text for text in _texts(blueprint) if _LEFT_OVER.search(text) or text != text.strip()] == []
    for product in blueprint.products:
        assert 2 <= len(product.description.split("\n\n")) <= 3
        assert len(product.description.split()) >= 40
    descriptions = [p.description for p in blueprint.products]
    assert len(descriptions) == len(set(descriptions))


def test_all_of_it_is_marked_as_a_sample(blueprint: Blueprint) -> None:
    """One action removes the samples, so nothing may escape the mark."""
    assert all(p.sample for p in blueprint.products)
    assert all(c.sample for c in blueprint.collections)


def test_positions_follow_the_file(blueprint: Blueprint) -> None:
    """Products and collections have an order of their own, from 1."""
    assert list(range(1, len(blueprint.products) + 1)) == [p.position for p in blueprint.products]
    assert list(range(1, len(blueprint.collections) + 1)) == [c.position for c in blueprint.collections]


def test_documents_hold_no_list_in_a_list(blueprint: Blueprint) -> None:
    """Firestore refuses a list directly in a list."""

    def check(value: object, in_list: bool = False) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                check(inner)
        if isinstance(value, list):
            assert not in_list
            for inner in value:
                check(inner, in_list=True)

    for model in (*blueprint.products, *blueprint.collections):
        check(model.model_dump(mode="json"))


def test_a_product_reads_back_from_its_document(blueprint: Blueprint) -> None:
    """What the renderer reads is what the blueprint brought."""
    for product in blueprint.products:
        assert product == Product.model_validate(product.model_dump(mode="json"))


def test_variants_carry_the_prices_and_pictures_of_their_values() -> None:
    """A larger size costs more, the reduction stays the same, and a colour shows itself."""
    watch = next(p for p in load_blueprint("electronics").products if p.handle == "almanac-smartwatch")
    variants = {v.options: v for v in watch.variants}

    small, large = variants["Graphite", "40 mm"], variants["Rose", "44 mm"]
    assert (small.price, small.compare_at_price) == (279_00, 309_00)
    assert (large.price, large.compare_at_price) == (299_00, 329_00)
    assert small.picture == "electronics/almanac-smartwatch"
    assert large.picture == "electronics/almanac-smartwatch-rose"
    assert (large.id, large.sku) == ("rose-44-mm", "COR-ALM-ROS-44MM")


def test_only_the_named_combination_is_sold_out() -> None:
    """`Ink / 1 TB` says nothing of other ink ones, nor of other terabytes."""
    laptop = next(p for p in load_blueprint("electronics").products if p.handle == "foolscap-14-laptop")

    assert [v.options for v in laptop.variants if not v.available] == [("Ink", "1 TB")]


def test_a_blueprint_is_loaded_once() -> None:
    """Every activation shares one."""
    assert load_blueprint("home") is load_blueprint(Category.HOME)


def test_an_unknown_category_is_not_found() -> None:
    """Names of files are never built from what was asked for."""
    with pytest.raises(NotFound):
        load_blueprint("../blueprints/home")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"related": ("nothing",)}, "related"),
        ({"collections": ("nowhere",)}, "collection that does not exist"),
        ({"handle": "murmur-earbuds"}, "two products"),
    ],
)
def test_a_broken_link_is_refused(change: dict[str, object], why: str) -> None:
    """A blueprint with a product whose links lead nowhere is no blueprint."""
    whole = load_blueprint("electronics")
    first = whole.products[0].model_copy(update=change)

    with pytest.raises(ValidationError, match=why):
        Blueprint.model_validate(
            whole.model_dump()
            | {"products": (first.model_dump(), *(p.model_dump() for p in whole.products[1:]))}
        )
