"""The two addresses of older clients, in their words: a job with a status instead of a provisioning."""

from __future__ import annotations

from pydantic import ValidationError

from provisioning.api.calls import KEY_REUSED, UNKNOWN, Answer, Call, Endpoint, Header, NoQuery, Refusal
from provisioning.api.provisionings import IDEMPOTENCY_KEY, derived_id, newest, request_id_for, submit_as
from provisioning.api.shapes import LegacyJob, LegacyRequest, LegacyStatus
from provisioning.errors import FieldError, InvalidInput, NotFound
from provisioning.ports import Documents, check_id, document_path
from provisioning.stores.activation import explain
from provisioning.stores.merchants import Merchant
from provisioning.workflow.records import Provisioning, Status, read_provisioning

_STATUS = {Status.PENDING: "queued", Status.IN_PROGRESS: "processing", Status.COMPLETED: "deployed"}
_FAILED = "failed"


def provision_store(call: Call[NoQuery, LegacyRequest]) -> Answer:
    """Older clients know no keys: while a job for the same address is under way or done, it is the answer."""
    merchant = _read_merchant(call.documents, call.body.tenantId)
    choices = merchant.saved_choices
    if choices.missing():
        raise InvalidInput(
            tuple(FieldError(name, "NOT_CHOSEN", "has not been chosen yet") for name in choices.missing())
        )
    last = newest(call.documents, merchant.id)
    if last is not None and last.data is not None:
        record = read_provisioning(last.data)
        if record.status in _STATUS and record.subdomain == choices.subdomain:
            return Answer(LegacyJob(jobId=last.id))
    key = call.headers.get("Idempotency-Key")
    request_id = (
        derived_id(merchant.id, "after", last.id if last else "")
        if key is None
        else request_id_for(merchant.id, key)
    )
    asked = {
        **choices.model_dump(mode="json"),
        "merchant_id": merchant.id,
        "store_name": merchant.name,
        "owner_email": merchant.owner_email,
    }
    return Answer(LegacyJob(jobId=submit_as(call, asked, request_id).provisioning_id))


def show_job(call: Call[NoQuery, None]) -> Answer:
    id = check_id(call.path["job_id"], "job_id")
    found, request = call.documents.get_all(
        [document_path("provisionings", id), document_path("activation_requests", id)]
    )
    if found.data is None:
        if not request.exists:
            raise NotFound("there is no job with this id")
        return Answer(LegacyStatus(jobId=id, status="queued", logs=()))
    record = read_provisioning(found.data)
    status = _STATUS.get(record.status, _FAILED)
    return Answer(LegacyStatus.model_validate({"jobId": id, "status": status, "logs": _logs(record)}))


def _logs(record: Provisioning) -> tuple[str, ...]:
    lines = tuple(f"{entry.at:%Y-%m-%dT%H:%M:%SZ} {entry.message}" for entry in record.log)
    if record.error is None:
        return lines
    why = f"{record.error.title}. {record.error.detail} {record.error.action}"
    return (*lines, " ".join(why.split()))


def _read_merchant(documents: Documents, merchant_id: str) -> Merchant:
    data = documents.get(document_path("merchants", merchant_id)).data
    if data is None:
        raise NotFound("there is no merchant with this id", code="NO_MERCHANT")
    try:
        return Merchant.from_document(merchant_id, dict(data))
    except ValidationError as error:
        # The portal writes merchants: what it left out must be said to whoever can add it.
        raise InvalidInput(explain(error)) from None


# --- Endpoints -------------------------------------------------------------------------------------------

#: Any text: while a job is under way it is the answer, whatever the key.
_KEY = Header(IDEMPOTENCY_KEY.name, IDEMPOTENCY_KEY.description, "5c0d9e14-store-1")

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "POST",
        "/provision/store",
        "provision_store",
        "Older clients",
        "Activate a merchant with its saved choices",
        provision_store,
        description="While a job for the same address is under way or done, that job is the answer.",
        status=202,
        body=LegacyRequest,
        response=LegacyJob,
        headers=(_KEY,),
        refusals=(Refusal(404, "NO_MERCHANT", "there is no merchant with this id"), KEY_REUSED),
        example={"tenantId": "merchant-awesome"},
    ),
    Endpoint(
        "GET",
        "/provision/status/{job_id}",
        "show_job",
        "Older clients",
        "Show the progress of a job",
        show_job,
        response=LegacyStatus,
        refusals=(UNKNOWN,),
    ),
)
