"""
Make a store's website anew from its documents, upload it as a release, and point its deployment at it.

What visitors see changes only by the engine's commit, on the condition that nobody promoted anything meanwhile; then the
step runs again from its reads.
"""

from __future__ import annotations

from functools import partial

from provisioning.errors import NotFound
from provisioning.ports import Update, document_path
from provisioning.sites.publishing import build_site, publish, publish_platform_files
from provisioning.sites.shop import read_shop
from provisioning.steps.step import Outcome, StepContext
from provisioning.stores.stores import Store
from provisioning.themes.packages import load_theme


def run(context: StepContext) -> Outcome:
    """Publish and promote, unless the store is gone."""
    documents, order = context.ports.documents, context.publication
    found, deployed = documents.get_all(
        [document_path("stores", order.store_id), document_path("deployments", order.store_id)]
    )
    if found.data is None or deployed.data is None:
        return Outcome(log=("The store is gone: there is nothing to publish",))
    store = Store.model_validate(found.data)
    theme = load_theme(order.theme or store.theme.slug)
    try:
        shop = read_shop(documents, order.store_id, context.surroundings.addresses)
    except NotFound:
        return Outcome(log=("The store is gone: there is nothing to publish",))
    site = build_site(theme, shop)
    in_time = partial(context.deadline.require, context.surroundings.client_timeout)
    publish_platform_files(context.ports.files, theme, before_each=in_time)
    release = publish(context.ports.files, order.store_id, site, in_time)
    before = deployed.data.get("live")
    if release.id == before:
        return Outcome(log=("The website is as it was: nothing to publish",))
    return Outcome(
        writes=(
            Update(
                deployed.path,
                {"live": release.id, "released_at": context.now},
                if_updated_at=deployed.update_time,
            ),
        ),
        refs={"release": release.id, "previous": before},
        effects=("release",),
        log=(f"{len(site.files)} files are published as release {release.id}",),
    )


def undo(context: StepContext) -> Outcome:
    """Visitors see the release of before again, unless another one has been promoted since."""
    release, previous = context.refs.get("release"), context.refs.get("previous")
    deployed = context.ports.documents.get(document_path("deployments", context.store_id))
    if deployed.data is None or release is None or deployed.data.get("live") != release:
        return Outcome(log=("Visitors see another release by now: it stays",))
    return Outcome(
        writes=(
            Update(
                deployed.path,
                {"live": previous, "released_at": context.now},
                if_updated_at=deployed.update_time,
            ),
        ),
        log=(f"Visitors see release {previous} again",),
    )
