"""Who may use this API and the portal: looked at, given a role, and relieved of it."""

from __future__ import annotations

from typing import Any, Literal, cast

from provisioning.api.calls import ROOT, Answer, Call, Endpoint, NoQuery, Refusal
from provisioning.api.shapes import Input, Output
from provisioning.ports import Account, Claims
from provisioning.stores import administrators
from provisioning.stores.welcome import check_email

Role = Literal["admin", "support"]


class UserView(Output):
    """Somebody with a role."""

    uid: str
    email: str
    role: Role
    disabled: bool


class UserList(Output):
    """Administrators first, each by e-mail address."""

    users: tuple[UserView, ...]


class RoleWish(Input):
    """The role that somebody gets."""

    role: Role


def list_users(call: Call[NoQuery, None]) -> Answer:
    people = administrators.list_people(call.platform.ports.accounts)
    return Answer(UserList(users=tuple(map(_view, people))))


def set_role(call: Call[NoQuery, RoleWish]) -> Answer:
    accounts, documents = call.platform.ports.accounts, call.documents
    granted = administrators.grant(
        accounts, documents, _email(call), call.body.role, actor=call.actor, own_uid=_own(call)
    )
    return Answer(_view(granted))


def take_role(call: Call[NoQuery, None]) -> Answer:
    accounts, documents = call.platform.ports.accounts, call.documents
    administrators.revoke(accounts, documents, _email(call), actor=call.actor, own_uid=_own(call))
    return Answer()


def _email(call: Call[Any, Any]) -> str:
    return check_email(call.path["email"])


def _own(call: Call[Any, Any]) -> str:
    return cast("Claims", call.claims).uid


def _view(account: Account) -> UserView:
    return UserView.model_validate(
        {"uid": account.uid, "email": account.email, "role": account.role, "disabled": account.disabled}
    )


_REFUSED = (
    Refusal(409, "OWN_ROLE", "nobody changes their own role"),
    Refusal(409, "LAST_ADMIN", "it is the last administrator"),
)

ENDPOINTS = (
    Endpoint(
        "GET",
        f"{ROOT}/users",
        "list_users",
        "Users",
        "List who has a role",
        list_users,
        response=UserList,
        admins_only=True,
    ),
    Endpoint(
        "PUT",
        f"{ROOT}/users/{{email}}",
        "set_user_role",
        "Users",
        "Give somebody a role",
        set_role,
        description="An account is made where there is none. It holds from the next sign-in on.",
        body=RoleWish,
        response=UserView,
        refusals=_REFUSED,
        example={"role": "support"},
    ),
    Endpoint(
        "DELETE",
        f"{ROOT}/users/{{email}}/role",
        "take_user_role",
        "Users",
        "Take somebody's role away",
        take_role,
        status=204,
        refusals=(Refusal(404, "NOT_FOUND", "nobody with this address has a role"), *_REFUSED),
    ),
)
