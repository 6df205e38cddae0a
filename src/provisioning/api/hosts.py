"""Whether a store may have an address, and what else is free near it."""

from __future__ import annotations

from provisioning.api.calls import ROOT, Answer, Call, Endpoint, NoQuery
from provisioning.api.shapes import HostAvailability, Reason
from provisioning.ports import document_path
from provisioning.stores.subdomains import check_subdomain, suggest_subdomains


def check_host(call: Call[NoQuery, None]) -> Answer:
    label, addresses = call.path["label"], call.platform.addresses
    problem = check_subdomain(label, "label")
    nearby = [name for name in suggest_subdomains(label) if name != label]
    wanted = nearby if problem else [label, *nearby]
    # All in one look: the answer is of one instant.
    found = call.documents.get_all([document_path("hosts", addresses.hostname(name)) for name in wanted])
    free = tuple(name for name, host in zip(wanted, found, strict=True) if not host.exists)
    if problem:
        reason = Reason(code=problem.code, message=problem.message)
        return Answer(HostAvailability(available=False, hostname=None, reason=reason, suggestions=free))
    hostname = addresses.hostname(label)
    if label in free:
        return Answer(HostAvailability(available=True, hostname=hostname, reason=None, suggestions=()))
    reason = Reason(code="TAKEN", message="is taken by another store")
    return Answer(HostAvailability(available=False, hostname=hostname, reason=reason, suggestions=free))


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        f"{ROOT}/hosts/{{label}}",
        "check_host",
        "Addresses",
        "Say whether a store may have an address",
        check_host,
        response=HostAvailability,
    ),
)
