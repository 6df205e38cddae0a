"""
Send the owner the welcome mail: addresses, next steps, and a link that signs in once. Never a password.

Mail has no key at its receiver. A refusal is tried again; where an earlier invocation never came back, or no answer came,
`Mailer.find` decides. If it cannot tell, the step completes as `unconfirmed`, and a person can resend.
"""

from __future__ import annotations

from provisioning import logs
from provisioning.errors import Transient
from provisioning.ports import Delete, Mail, Query, Sent, Unconfirmed, Where
from provisioning.steps.step import Outcome, StepContext
from provisioning.stores.activation import Launch
from provisioning.stores.welcome import welcome_token_document, write_welcome_mail

#: More of one provisioning's links are not removed at once; without its membership none works anyway.
_LINKS = 300


def run(context: StepContext) -> Outcome:
    """Make sure that what the mail names answers; then send it, at most once."""
    _check_answers(context)
    token = context.surroundings.tokens.welcome(context.effect_key)
    delivery = _deliver(context, _write_mail(context, token))
    spoken = "was sent" if delivery == "sent" else "may have been sent; resend it if the owner has none"
    return Outcome(
        writes=(
            welcome_token_document(
                token,
                store_id=context.store_id,
                uid=str(context.refs["owner_uid"]),
                provisioning_id=context.provisioning_id,
                now=context.now,
            ),
        ),
        effects=("mail",),
        delivery=delivery,
        log=(f"The welcome mail {spoken}",),
    )


def undo(context: StepContext) -> Outcome:
    """A mail cannot be taken back; its link, and every later one to this store, opens nothing any more."""
    links = context.ports.documents.query(
        Query("welcome_tokens", (Where("provisioning_id", "==", context.provisioning_id),), limit=_LINKS)
    )
    return Outcome(
        writes=tuple(Delete(link.path) for link in links),
        log=("The welcome mail cannot be taken back; its link no longer works",),
    )


def _check_answers(context: StepContext) -> None:
    addresses, request = context.surroundings.addresses, context.request
    expected = ((addresses.store(request.subdomain), 200), (addresses.dashboard(context.store_id), 401))
    for url, status in expected:
        page = context.ports.visitor.open(url)
        if page.status != status:
            raise Transient(f"{url} answered {page.status} and not {status}", code="NOT_ANSWERING")


def _write_mail(context: StepContext, token: str) -> Mail:
    addresses, request = context.surroundings.addresses, context.request
    return write_welcome_mail(
        key=context.effect_key,
        to=request.owner_email,
        store_name=request.store_name,
        store_url=addresses.store(request.subdomain),
        dashboard_url=addresses.dashboard(context.store_id),
        welcome_url=addresses.welcome(token),
        launch=Launch(request.launch),
    )


def _deliver(context: StepContext, mail: Mail) -> str:
    mailer = context.ports.mailer
    if context.in_doubt:
        known = mailer.find(mail.key)
        if known is not Sent.NOT_SENT:
            return "sent" if known is Sent.SENT else "unconfirmed"
    # Whoever is frozen past the end of its lease must not wake up and send.
    context.deadline.require(context.surroundings.client_timeout)
    try:
        mailer.send(mail)
    except Unconfirmed:
        return _after_silence(context, mail)
    logs.mail_sent(context.provisioning_id, mail.to)
    return "sent"


def _after_silence(context: StepContext, mail: Mail) -> str:
    try:
        known = context.ports.mailer.find(mail.key)
    except Transient as error:
        raise Transient(
            str(error), code=error.code, retry_after=error.retry_after, perhaps_done=True
        ) from error
    match known:
        case Sent.SENT:
            return "sent"
        case Sent.NOT_SENT:
            raise Transient("the mail was not accepted", code="MAIL_NOT_ACCEPTED")
        case Sent.UNKNOWN:
            return "unconfirmed"
