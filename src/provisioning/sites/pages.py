"""Which pages a shop has, and what each is rendered from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from provisioning.catalog.products import Collection, Product
from provisioning.sites.presenting import Presenter, collection_path, product_path
from provisioning.sites.releases import COMING_SOON, NOT_FOUND, CacheClass
from provisioning.sites.shop import PictureSource, Shop
from provisioning.sites.structured_data import (
    breadcrumb_data,
    card_paths,
    list_data,
    product_data,
    shop_data,
)
from provisioning.themes.locales import Translator
from provisioning.themes.views import LinkView, PageView, PictureView, RenderContext

_NOINDEX = "noindex"
_DESCRIPTION = 155


@dataclass(frozen=True, slots=True)
class SitePage:
    """One page: where it is, by which template, from what."""

    path: str
    template: str
    context: RenderContext
    cache: CacheClass = CacheClass.PAGE
    #: Whether search engines are told of it.
    in_sitemap: bool = False


def pages_of(
    shop: Shop, pictures: PictureSource, t: Translator, tokens_url: str, logo: str
) -> Iterator[SitePage]:
    """All pages of a shop. `t` finds the theme's texts; `tokens_url` and `logo` are paths of files of the site."""
    presenter = Presenter(shop, pictures)
    return _Pages(shop, presenter, t, tokens_url, logo).all()


class _Pages:
    def __init__(self, shop: Shop, presenter: Presenter, t: Translator, tokens_url: str, logo: str) -> None:
        self._shop = shop
        self._presenter = presenter
        self._t = t
        self._logo = logo
        self._base = RenderContext(
            shop=presenter.shop_view(),
            page=self._page("blank", "/", shop.name, ""),
            tokens_url=tokens_url,
        )

    def all(self) -> Iterator[SitePage]:
        yield self._home()
        yield self._collections()
        for collection in self._presenter.collections:
            yield self._collection(collection)
        for product in self._presenter.products:
            yield self._product(product)
        yield self._plain("/cart/", "cart", CacheClass.PAGE)
        yield self._plain(NOT_FOUND, "404", CacheClass.SYSTEM)
        yield self._plain(COMING_SOON, "password", CacheClass.SYSTEM)

    def _home(self) -> SitePage:
        home = self._base.shop.home
        description = home.text if home else self._t("index.description", shop=self._shop.name)
        title = f"{self._shop.name} – {self._shop.tagline or self._t('index.title')}"
        page = self._page("index", "/", title, description, picture=home.picture if home else None)
        page = replace(page, structured_data=(shop_data(self._shop, self._logo),))
        return SitePage("/", "index", replace(self._base, page=page), in_sitemap=True)

    def _collections(self) -> SitePage:
        crumbs = self._crumbs(LinkView(self._t("collections.title"), None))
        page = self._page(
            "list-collections",
            "/collections/",
            self._titled(self._t("collections.title")),
            self._t("collections.description", shop=self._shop.name),
            breadcrumbs=crumbs,
            data=(list_data(self._shop, [c.url for c in self._base.shop.collections]),),
        )
        return SitePage(page.path, "list-collections", replace(self._base, page=page), in_sitemap=True)

    def _collection(self, collection: Collection) -> SitePage:
        view = self._presenter.collection_view(collection)
        # A shelf of nothing but samples is as little for search engines as the samples on it.
        real = not collection.sample or any(not card.sample for card in view.products)
        page = self._page(
            "collection",
            collection_path(collection.handle),
            self._titled(collection.title),
            collection.description or self._t("collections.description", shop=self._shop.name),
            robots="" if real else _NOINDEX,
            breadcrumbs=self._crumbs(
                LinkView(self._t("collections.title"), "/collections/"), LinkView(collection.title, None)
            ),
            picture=view.picture,
            data=(list_data(self._shop, card_paths(view.products)),),
        )
        context = replace(self._base, page=page, collection=view)
        return SitePage(page.path, "collection", context, in_sitemap=real)

    def _product(self, product: Product) -> SitePage:
        view = self._presenter.product_view(product)
        shelves = self._presenter.collections_of(product)[:1]
        page = self._page(
            "product",
            product_path(product.handle),
            self._titled(product.title),
            product.description,
            robots=_NOINDEX if product.sample else "",
            breadcrumbs=self._crumbs(
                *(LinkView(c.title, collection_path(c.handle)) for c in shelves),
                LinkView(product.title, None),
            ),
            picture=view.pictures[0],
            data=(product_data(self._shop, product, view.pictures),),
        )
        context = replace(self._base, page=page, product=view)
        return SitePage(page.path, "product", context, in_sitemap=not product.sample)

    def _plain(self, path: str, template: str, cache: CacheClass) -> SitePage:
        texts = {"cart": "cart.title", "404": "not_found.title", "password": "coming_soon.title"}
        title = self._t(texts[template], shop=self._shop.name)
        page = self._page(template, path, self._titled(title), title, robots=_NOINDEX)
        return SitePage(path, template, replace(self._base, page=page), cache)

    def _page(
        self,
        kind: str,
        path: str,
        title: str,
        description: str,
        *,
        robots: str = "",
        breadcrumbs: tuple[LinkView, ...] = (),
        picture: PictureView | None = None,
        data: tuple[Mapping[str, Any], ...] = (),
    ) -> PageView:
        if breadcrumbs:
            data = (*data, breadcrumb_data(self._shop, breadcrumbs))
        return PageView(
            kind=kind,
            title=title,
            description=_shorten(description, _DESCRIPTION),
            path=path,
            canonical_url=f"{self._shop.address}{path}",
            robots=robots,
            breadcrumbs=breadcrumbs,
            share_picture=replace(picture, src=f"{self._shop.address}{picture.src}") if picture else None,
            structured_data=data,
        )

    def _titled(self, title: str) -> str:
        return f"{title} – {self._shop.name}"

    def _crumbs(self, *links: LinkView) -> tuple[LinkView, ...]:
        return (LinkView(self._t("general.home"), "/"), *links)


def _shorten(text: str, length: int) -> str:
    """The text on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return line[:length].rsplit(" ", 1)[0].rstrip(" ,;:.–-") + "…"
