"""SendGrid's v3 API: mail send, and the Email Activity API."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.fakes.server import Answer, FakeServer, Request, Reset, Silence

KEY = "SG.canary-key.never-to-be-seen"
_QUERY = re.compile(r"\(unique_args\['([^']+)'\]=\"([^\"]*)\"\)")


class FakeSendGrid(FakeServer):
    """
    Accepts mail like SendGrid; `next_answers` are given first, one to each mail.

    `accepts_first` puts a mail among the accepted ones before such an answer is given. The Email Activity API answers 403
    unless `activity` is on, as it does for accounts that have not bought it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.accepted: list[dict[str, Any]] = []
        self.next_answers: list[Answer | Silence | Reset] = []
        self.accepts_first = False
        self.activity = False

    def answer(self, request: Request) -> Answer | Silence | Reset:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _errors(401, "The provided authorization grant is invalid, expired, or revoked", None)
        if (request.method, request.path) == ("POST", "/v3/mail/send"):
            return self._take(request)
        if request.method == "GET" and request.path.startswith("/v3/messages"):
            return self._search(request) if self.activity else _errors(403, "access forbidden", None)
        return _errors(404, "not found", None)

    def _take(self, request: Request) -> Answer | Silence | Reset:
        mail = request.json
        if self.next_answers:
            if self.accepts_first:
                self.accepted.append(mail)
            return self.next_answers.pop(0)
        problem = _problem(mail)
        if problem:
            return _errors(400, *problem)
        self.accepted.append(mail)
        return Answer(202, headers={"x-message-id": f"m{len(self.accepted)}"})

    def _search(self, request: Request) -> Answer:
        number = request.path.removeprefix("/v3/messages").strip("/")
        if number:
            mail = self.accepted[int(number.removeprefix("m")) - 1]
            return Answer.of_json(
                200, _listed(number, mail) | {"unique_args": json.dumps(mail["custom_args"])}
            )
        asked = _QUERY.fullmatch(request.query.get("query", ""))
        if not asked:
            return _errors(400, "invalid query", "query")
        name, value = asked.groups()
        found = [
            _listed(f"m{index}", mail)
            for index, mail in enumerate(self.accepted, start=1)
            if mail.get("custom_args", {}).get(name) == value
        ]
        return Answer.of_json(200, {"messages": found})


def _problem(mail: dict[str, Any]) -> tuple[str, str] | None:
    """What SendGrid would say of a malformed mail, and of which field."""
    for index, person in enumerate(mail["personalizations"]):
        for number, to in enumerate(person["to"]):
            if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", to.get("email", "")):
                field = f"personalizations.{index}.to.{number}.email"
                return "Does not contain a valid address.", field
    if [part["type"] for part in mail["content"]] != ["text/plain", "text/html"]:
        return "Content must be text/plain first, then text/html.", "content"
    if not mail.get("subject"):
        return "The subject is required.", "subject"
    return None


def _errors(status: int, message: str, field: str | None) -> Answer:
    return Answer.of_json(status, {"errors": [{"message": message, "field": field, "help": None}]})


def _listed(number: str, mail: dict[str, Any]) -> dict[str, Any]:
    return {
        "from_email": mail["from"]["email"],
        "msg_id": number,
        "subject": mail["subject"],
        "to_email": mail["personalizations"][0]["to"][0]["email"],
        "status": "delivered",
        "opens_count": 0,
        "clicks_count": 0,
        "last_event_time": "2026-01-01T00:00:00Z",
    }
