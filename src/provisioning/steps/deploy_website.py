"""
Render the store's website from its theme, check it, upload it as a release, and point the deployment at it.

Uploads are named by their content, so a repeated one changes nothing; visitors see a release only through the one field that the engine's
commit sets.
"""

from __future__ import annotations

from functools import partial

from provisioning.ports import Set, Update, document_path
from provisioning.sites.building import build_site
from provisioning.sites.channels import ChecksFailed
from provisioning.sites.checking import problems_of
from provisioning.sites.library import find_theme
from provisioning.sites.making import RESERVED, check_site, first_record, to_document
from provisioning.sites.publishing import plan_release, publish_platform_files, put_release
from provisioning.sites.release_records import record_path
from provisioning.sites.shop import read_shop
from provisioning.steps.step import Outcome, StepContext


def run(context: StepContext) -> Outcome:
    """Publish the first release."""
    began = context.deadline.monotonic()
    shop = read_shop(context.ports.documents, context.store_id, context.surroundings.addresses)
    theme = find_theme(context.ports.documents, context.ports.files, context.request.theme)
    time_left = context.deadline.remaining() - RESERVED
    site = build_site(theme, shop, seconds=time_left)
    release = plan_release(context.store_id, site)
    checks = check_site(site, shop, release.manifest)
    if problems := problems_of(checks):
        raise ChecksFailed(problems)
    in_time = partial(context.deadline.require, context.surroundings.client_timeout)
    publish_platform_files(context.ports.files, theme, before_each=in_time)
    release = put_release(context.ports.files, release, in_time)
    record = first_record(release, site, checks, at=context.now, seconds=context.deadline.monotonic() - began)
    return Outcome(
        writes=(
            Set(record_path(context.store_id, release.id), to_document(record)),
            Update(
                document_path("deployments", context.store_id),
                {"live": release.id, "released_at": context.now, "seq": 1, "reason": "publish"},
            ),
        ),
        refs={"release": release.id},
        effects=("release",),
        log=(f"{len(site.files)} files are published as release {release.id}",),
    )


def undo(context: StepContext) -> Outcome:
    """Visitors see nothing any more; the files are unreferenced from now on."""
    found = context.ports.documents.get(document_path("deployments", context.store_id))
    if found.data is None or found.data.get("provisioning_id") != context.provisioning_id:
        return Outcome(log=("There was no website to take down",))
    return Outcome(
        writes=(Update(found.path, {"live": None}, if_updated_at=found.update_time),),
        log=("The website is taken down",),
    )
