"""Which pages a shop has, and what each is rendered from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from markupsafe import Markup, escape

from provisioning.catalog.pages import CONTACT, StorePage
from provisioning.catalog.products import Collection, Product
from provisioning.catalog.rich_text import clean, plain_words
from provisioning.catalog.settings import Policy
from provisioning.sites.pagination import PageOfMany, paginate
from provisioning.sites.pictures import share_view
from provisioning.sites.presenting import (
    POLICIES,
    Presenter,
    collection_path,
    page_path,
    policy_path,
    product_path,
)
from provisioning.sites.releases import COMING_SOON, MAINTENANCE, NOT_FOUND, CacheClass
from provisioning.sites.shop import Shop
from provisioning.sites.sitemaps import SitemapEntry
from provisioning.sites.structured_data import StructuredData
from provisioning.sites.texts import clean_text, shorten, texts_of, write_date
from provisioning.themes.money import format_money
from provisioning.themes.views import (
    ContentView,
    LinkView,
    PageView,
    RenderContext,
)

PER_PAGE = 24
#: What search engines show.
LONGEST_TITLE = 60
SHORTEST_DESCRIPTION, LONGEST_DESCRIPTION = 50, 160
_NOINDEX = "noindex"
#: The part of a title that must remain of what the page is about.
_LEAST_OF_TITLE = 20


@dataclass(frozen=True, slots=True)
class SitePage:
    """One page: where it is, by which template, from what. Thousands of them are told apart by their paths before one is made."""

    path: str
    template: str
    make: Callable[[], RenderContext]
    cache: CacheClass = CacheClass.PAGE
    #: What search engines are told; None where they are not told of it.
    sitemap: SitemapEntry | None = None

    @property
    def context(self) -> RenderContext:
        """What it is rendered from; made anew each time, so that whoever is done with it can let it go."""
        return self.make()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Paths of files of the site that pages name."""

    tokens_url: str
    logo: str
    search_index_url: str
    manifest_url: str
    #: What the theme's settings refer to: a field of `ReferenceViews` and a name or handle.
    references: frozenset[tuple[str, str]] = frozenset()


def pages_of(presenter: Presenter, surroundings: Surroundings) -> Iterator[SitePage]:
    """All pages of a shop."""
    return _Pages(presenter, surroundings).all()


class _Pages:
    def __init__(self, presenter: Presenter, surroundings: Surroundings) -> None:
        self._shop: Shop = presenter.shop
        self._presenter = presenter
        self._t = texts_of(self._shop.locale)
        view = presenter.shop_view()
        self._data = StructuredData(self._shop, view, surroundings.logo)
        self._base = RenderContext(
            shop=view,
            page=PageView("blank", self._shop.name, "", "/", f"{self._shop.address}/", "", (), None, ()),
            tokens_url=surroundings.tokens_url,
            search_index_url=surroundings.search_index_url,
            manifest_url=surroundings.manifest_url,
            references=presenter.reference_views(surroundings.references),
        )

    def all(self) -> Iterator[SitePage]:
        yield self._home()
        yield self._collections()
        for collection in self._presenter.collections:
            yield from self._collection(collection)
        for product in self._presenter.products:
            yield self._product(product)
        for page in self._shop.pages:
            if page.handle != CONTACT:
                yield self._own(page)
        if self._shop.contact:
            yield self._contact()
        if self._shop.policies:
            for name in POLICIES:
                yield self._policy(name, getattr(self._shop.policies, name))
        yield self._plain("/cart/", "cart", "cart")
        yield self._plain("/search/", "search", "search")
        yield self._system(NOT_FOUND, "404", "not_found", self._base)
        # What may be shown while nothing else of the shop answers names no file but the theme's own.
        alone = replace(self._base, manifest_url="", search_index_url="")
        yield self._system(COMING_SOON, "password", "coming_soon", alone)
        yield self._system(MAINTENANCE, "maintenance", "maintenance", alone)

    def _home(self) -> SitePage:
        home = self._base.shop.home
        page = self._page(
            "index",
            "/",
            self._shop.name,
            home.text if home else "",
            self._t("index.description", shop=self._shop.name),
            title=shorten(
                f"{self._shop.name} – {self._shop.tagline or self._t('index.title')}", LONGEST_TITLE
            ),
            picture=self._shop.home.hero_picture if self._shop.home else None,
            data=(self._data.site(),),
        )
        entry = self._entry("pages", "/", self._shop.changed.values())
        return SitePage("/", "index", self._with(page=page), sitemap=entry)

    def _collections(self) -> SitePage:
        title = self._t("collections.title")
        page = self._page(
            "list-collections",
            "/collections/",
            title,
            "",
            self._t("collections.description", shop=self._shop.name),
            breadcrumbs=self._crumbs(LinkView(title, None)),
            data=self._listing([c.url for c in self._base.shop.collections]),
        )
        changed = [t for name, t in self._shop.changed.items() if name.startswith("collections/")]
        entry = self._entry("pages", page.path, changed)
        return SitePage(page.path, "list-collections", self._with(page=page), sitemap=entry)

    def _collection(self, collection: Collection) -> Iterator[SitePage]:
        members = self._presenter.members(collection)
        # A shelf of nothing but samples is as little for search engines as the samples on it.
        real = not collection.sample or any(not product.sample for product in members)
        changed = self._changes(
            [f"collections/{collection.handle}", *(f"products/{p.handle}" for p in members)]
        )
        for part in paginate(collection_path(collection.handle), members, PER_PAGE):
            make = partial(self._collection_context, collection, part, "" if real else _NOINDEX)
            entry = self._entry("collections", part.path, changed) if real else None
            yield SitePage(part.path, "collection", make, sitemap=entry)

    def _collection_context(
        self, collection: Collection, part: PageOfMany[Product], robots: str
    ) -> RenderContext:
        return replace(
            self._base,
            page=self._collection_page(collection, part, robots),
            collection=self._presenter.collection_view(collection, part.items),
            pagination=part.view,
        )

    def _collection_page(self, collection: Collection, part: PageOfMany[Product], robots: str) -> PageView:
        number, view = part.view.page, part.view
        heading = collection.title
        if number > 1:
            heading = self._t("collections.page", title=collection.title, page=number)
        count = self._t("products", count=view.count)
        all_title = self._t("collections.title")
        return self._page(
            "collection",
            part.path,
            heading,
            collection.description if number == 1 else "",
            self._t("collections.of", title=heading, shop=self._shop.name, count=count),
            robots=robots,
            breadcrumbs=self._crumbs(LinkView(all_title, "/collections/"), LinkView(collection.title, None)),
            picture=collection.picture,
            data=self._listing([product_path(p.handle) for p in part.items], view.first),
            neighbours=(view.previous_url, view.next_url),
        )

    def _product(self, product: Product) -> SitePage:
        path = product_path(product.handle)
        entry = None
        if not product.sample:
            entry = self._entry("products", path, self._changes([f"products/{product.handle}"]))
        return SitePage(path, "product", partial(self._product_context, product), sitemap=entry)

    def _product_context(self, product: Product) -> RenderContext:
        view = self._presenter.product_view(product)
        price = format_money(view.lowest_price, self._shop.currency, self._shop.locale)
        about = self._t(
            "product.of", title=product.title, vendor=product.vendor, shop=self._shop.name, price=price
        )
        page = self._page(
            "product",
            view.url,
            product.title,
            product.description,
            about,
            robots=_NOINDEX if product.sample else "",
            breadcrumbs=self._crumbs(
                *((view.collection,) if view.collection else ()), LinkView(product.title, None)
            ),
            picture=product.pictures[0] if product.pictures else None,
            data=(self._data.product(view),),
        )
        return replace(self._base, page=page, product=view)

    def _own(self, own: StorePage) -> SitePage:
        page = self._page(
            "page",
            page_path(own.handle),
            own.title,
            plain_words(own.body),
            self._t("page.description", title=own.title, shop=self._shop.name),
            robots=_NOINDEX if own.sample else "",
            breadcrumbs=self._crumbs(LinkView(own.title, None)),
        )
        context = self._with(page=page, content=self._content(own))
        entry = None
        if not own.sample:
            changed = [own.updated_at] if own.updated_at else self._changes([f"pages/{own.handle}"])
            entry = self._entry("pages", page.path, changed)
        return SitePage(page.path, "page", context, sitemap=entry)

    def _contact(self) -> SitePage:
        path = page_path(CONTACT)
        own = next((page for page in self._shop.pages if page.handle == CONTACT), None)
        title = own.title if own else self._t("contact.title")
        page = self._page(
            "contact",
            path,
            title,
            "",
            self._t("contact.description", shop=self._shop.name),
            breadcrumbs=self._crumbs(LinkView(title, None)),
            data=(self._data.contact_page(path, title),),
        )
        content = self._content(own) if own else ContentView(title, Markup(""), CONTACT)
        context = self._with(page=page, content=content)
        entry = self._entry("pages", path, self._changes([f"pages/{CONTACT}"]))
        return SitePage(path, "page.contact", context, sitemap=entry)

    def _policy(self, name: str, policy: Policy) -> SitePage:
        path = policy_path(name)
        data: tuple[Mapping[str, Any], ...] = ()
        returns = self._data.return_policy()
        if name == "refund" and returns:
            data = (returns,)
        page = self._page(
            "policy",
            path,
            policy.title,
            "",
            self._t("policy.description", title=policy.title, shop=self._shop.name),
            breadcrumbs=self._crumbs(LinkView(policy.title, None)),
            data=data,
        )
        content = ContentView(policy.title, _paragraphs(policy.text), name, *self._dates(policy.updated_at))
        context = self._with(page=page, content=content)
        entry = self._entry("pages", path, [policy.updated_at] if policy.updated_at else [])
        return SitePage(path, "policy", context, sitemap=entry)

    def _plain(self, path: str, template: str, words: str) -> SitePage:
        page = self._without_index(path, template, words, self._base)
        return SitePage(path, template, self._with(page=page))

    def _system(self, path: str, template: str, words: str, base: RenderContext) -> SitePage:
        page = self._without_index(path, template, words, base)
        context = replace(base, page=page)
        return SitePage(path, template, lambda: context, CacheClass.SYSTEM)

    def _without_index(self, path: str, template: str, words: str, base: RenderContext) -> PageView:
        title = self._t(f"{words}.title")
        description = self._t(f"{words}.description", shop=self._shop.name)
        return self._page(template, path, title, "", description, robots=_NOINDEX)

    def _with(self, page: PageView, content: ContentView | None = None) -> Callable[[], RenderContext]:
        """The context of a page of which there are few."""
        context = replace(self._base, page=page, content=content)
        return lambda: context

    def _content(self, own: StorePage) -> ContentView:
        # Cleaned when it was written; again here, as documents may come from other programs.
        return ContentView(own.title, clean(clean_text(own.body)), own.handle, *self._dates(own.updated_at))

    def _dates(self, moment: datetime | None) -> tuple[str, str]:
        if moment is None:
            return "", ""
        return moment.date().isoformat(), write_date(moment, self._shop.locale)

    def _changes(self, names: Iterable[str]) -> list[datetime]:
        return [self._shop.changed[name] for name in names if name in self._shop.changed]

    def _entry(self, part: str, path: str, changed: Iterable[datetime]) -> SitemapEntry:
        return SitemapEntry(part, f"{self._shop.address}{path}", max(changed, default=None))

    def _page(
        self,
        kind: str,
        path: str,
        heading: str,
        own_words: str,
        general_words: str,
        *,
        title: str | None = None,
        robots: str = "",
        breadcrumbs: tuple[LinkView, ...] = (),
        picture: str | None = None,
        data: tuple[Mapping[str, Any], ...] = (),
        neighbours: tuple[str | None, str | None] = (None, None),
    ) -> PageView:
        if breadcrumbs:
            data = (*data, self._data.breadcrumbs(breadcrumbs))
        address = self._shop.address
        before, behind = (f"{address}{url}" if url else None for url in neighbours)
        return PageView(
            kind=kind,
            title=title or self._titled(heading),
            description=describe(own_words, general_words),
            path=path,
            canonical_url=f"{address}{path}",
            robots=robots,
            breadcrumbs=breadcrumbs,
            share_picture=share_view(self._presenter.file(picture), address) if picture else None,
            structured_data=data,
            heading=heading,
            previous_url=before,
            next_url=behind,
        )

    def _titled(self, heading: str) -> str:
        """The page, then the shop; a long shop's name is left out rather than the page's."""
        suffix = f" – {self._shop.name}"
        room = LONGEST_TITLE - len(suffix)
        if room < min(len(heading), _LEAST_OF_TITLE):
            return shorten(heading, LONGEST_TITLE)
        return shorten(heading, room) + suffix

    def _listing(self, paths: Sequence[str], first: int = 1) -> tuple[Mapping[str, Any], ...]:
        return (self._data.listing(paths, first),) if paths else ()

    def _crumbs(self, *links: LinkView) -> tuple[LinkView, ...]:
        return (LinkView(self._t("home"), "/"), *links)


def describe(own: str, general: str) -> str:
    """A description of the length that search engines show: the page's own words, with general ones where they are too few."""
    line = shorten(own, LONGEST_DESCRIPTION)
    if len(line) >= SHORTEST_DESCRIPTION:
        return line
    return shorten(f"{line} {general}" if line else general, LONGEST_DESCRIPTION)


def _paragraphs(text: str) -> Markup:
    paragraphs = [part.strip() for part in clean_text(text).split("\n\n") if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(_with_breaks(part)) for part in paragraphs)


def _with_breaks(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.splitlines())
