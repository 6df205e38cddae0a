"""What is asked for when a store's website is to be published anew."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from provisioning.stores.stores import LIVE

#: The actor of what nobody asked for: a change of the catalogue, an activation.
PLATFORM = "platform"


class PublicationOrder(BaseModel):
    """What a provisioning of the kind "publication" was ordered to publish; part of its document."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    store_id: str
    #: `live`, or the preview channel that the release is shown on.
    channel: str = LIVE
    #: How long a preview's link is good.
    days: Annotated[int, Field(ge=1, le=30)] = 7
    #: The theme to publish with; None is the store's own.
    theme: str | None = None
    #: With what is being worked on of that theme, rather than what is published of it.
    draft: bool = False
    #: Why, as `The catalogue changed`; shown to people.
    reason: Annotated[str, Field(max_length=200)]
    actor: Annotated[str, Field(max_length=200)]
