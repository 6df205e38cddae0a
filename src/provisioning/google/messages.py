"""
`Messages` on Pub/Sub.

The plain client is used, not the batching one: that one publishes from a daemon thread, and a message still in its batch is lost when
the process ends. It honours `PUBSUB_EMULATOR_HOST`.
"""
# The client library is typed only in part.
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from google.api_core import exceptions as google

from provisioning.errors import FieldError, InvalidInput, Misconfigured
from provisioning.google.errors import bounded_retry, translated
from provisioning.ports import check_id

if TYPE_CHECKING:
    from google.pubsub_v1 import PublisherClient


class PubSubMessages:
    """Messages to topics of one project. `timeout` is in seconds and bounds each call with all its repetitions."""

    def __init__(self, project: str, timeout: float = 3.0) -> None:
        self._project = project
        self._timeout = timeout

    @cached_property
    def _client(self) -> PublisherClient:
        from google.pubsub_v1 import PublisherClient

        return PublisherClient()

    def publish(self, topic: str, data: bytes, attributes: Mapping[str, str] | None = None) -> None:
        check_id(topic, "topic")
        if not data:
            raise InvalidInput((FieldError("data", "EMPTY", "must not be empty"),))
        from google.pubsub_v1 import PubsubMessage

        message = PubsubMessage(data=data, attributes=_checked(attributes or {}))
        with translated("Pub/Sub"):
            try:
                self._client.publish(
                    topic=f"projects/{self._project}/topics/{topic}",
                    messages=[message],
                    # A message that arrives twice is one that its readers fold; one that is lost is not.
                    retry=bounded_retry(self._timeout),
                    timeout=self._timeout,
                )
            except google.NotFound:
                raise Misconfigured(
                    f"the topic {topic} does not exist: apply the Terraform configuration"
                ) from None
            except google.InvalidArgument:
                raise InvalidInput(
                    (FieldError("message", "REFUSED", "is too large or of a wrong form"),)
                ) from None


def _checked(attributes: Mapping[str, str]) -> dict[str, str]:
    for name, value in attributes.items():
        # As the callers' types promise; protobuf's own complaint would quote the value.
        if not name or not isinstance(name, str) or not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidInput(
                (FieldError("attributes", "NOT_TEXT", "names and values must be text, names not empty"),)
            )
    return dict(attributes)
