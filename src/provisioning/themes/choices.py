"""
What a store chooses of a theme's settings: the shape alone, checked against a theme by `customisation`.

Apart from it, so that the admin API starts without what reading packages needs.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,50}$")]
TemplateName = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$", max_length=60)]
#: A section on a page as `index/hero`, or a block in it as `index/hero/first`; `header/…` and `footer/…` are on every page.
Place = Annotated[str, Field(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*(/[a-z0-9_-]{1,50}){1,2}$", max_length=170)]
SettingId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Values = dict[SettingId, Any]


class Customisation(BaseModel):
    """What a store has of its own. What is not named here is as the theme has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: The preset to begin with; None is the theme's current one.
    preset: Name | None = None
    #: Global settings by id.
    settings: Annotated[Values, Field(max_length=200)] = {}
    #: Settings of sections and blocks, by place.
    sections: Annotated[dict[Place, Values], Field(max_length=500)] = {}
    #: Which sections stand on a page, in which order, by the page's template; those that are left out are not shown.
    orders: Annotated[dict[TemplateName, tuple[Id, ...]], Field(max_length=100)] = {}

    @property
    def empty(self) -> bool:
        return self == Customisation()
