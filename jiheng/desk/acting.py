"""Acts: an answer, a request and its decision, the end of an exception, a release, a way back. Each is put on record.

`guard.may` has looked at the role; the register of officers is asked by the act itself.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from ingest.acts import ActError
from jiheng import exceptions, journal
from jiheng.desk.guard import Person, may
from jiheng.settings import Settings

routes = APIRouter()
Text = Annotated[str, Form()]
Reviewer = Annotated[Person, Depends(may("review"))]
Asker = Annotated[Person, Depends(may("ask"))]
Approver = Annotated[Person, Depends(may("waive"))]
Ender = Annotated[Person, Depends(may("end_waiver"))]
Releaser = Annotated[Person, Depends(may("override"))]
Undoer = Annotated[Person, Depends(may("rollback"))]
LEAST_WORDS = 4


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _done(request: Request, where: str, told: str) -> Response:
    """Back to a page that says what was done; a reload of it does nothing again."""
    base = str(request.scope.get("root_path", "")).rstrip("/")
    return RedirectResponse(f"{base}/{where}?{urlencode({'told': told})}", 303)


@routes.post("/review/{item_id}")
def answer(request: Request, person: Reviewer, item_id: str, said: Text, reason: Text) -> Response:
    """Answer a question: `said` is a kind of answer and, after a colon, an indicator's key or a role."""
    from ingest.naming.answers import Answer
    from jiheng import review

    settings, (kind, _, value) = _settings(request), said.partition(":")
    item = review.find_item(settings, item_id)
    recorded = review.take_answer(settings, item, Answer(kind, value or None), person.account, reason)
    if recorded.is_new:
        journal.note(settings, "review_answer", person.account, reason, answer_id=recorded.row["answer_id"])
    return _done(request, "review", "；".join(review.answer_lines(item, recorded)))


@routes.post("/waivers")
def ask(
    request: Request, person: Asker, expectation: Text, reason: Text, until: Annotated[date, Form()], keys: Text = ""
) -> Response:
    """Ask for an exception from the gate, for the rows named or for all."""
    exceptions.waivable(expectation)
    if len(reason.strip()) < LEAST_WORDS:
        raise ActError("请写明理由 · say why, in a few words at least")
    named = tuple(sorted({line.strip() for line in keys.splitlines() if line.strip()}))
    journal.ask(_settings(request), person.account, reason.strip(), expectation, until, named, datetime.now(UTC))
    return _done(
        request, "waivers", f"已提交 {expectation} 的申请，等另一位登记的人员批准 · asked for; waits for approval"
    )


@routes.post("/waivers/{request_id}/approve")
def approve(request: Request, person: Approver, request_id: str) -> Response:
    """Approve what somebody else asked for; from the next build on the gate lets it through."""
    settings = _settings(request)
    asked = journal.request_of(settings, request_id)
    row = exceptions.approve(
        settings,
        *(asked.expectation_id, asked.asked_by, person.account, asked.reason, asked.until, asked.keys),
        datetime.now(UTC),
    )
    about = {"request_id": request_id, "act_id": row["act_id"], "expectation_id": asked.expectation_id}
    journal.note(settings, journal.APPROVED, person.account, asked.reason, **about)
    return _done(request, "waivers", "已批准，下次建仓生效 · approved; takes effect with the next build")


@routes.post("/waivers/{request_id}/refuse")
def refuse(request: Request, person: Approver, request_id: str, reason: Text) -> Response:
    """Refuse a request, with a reason."""
    asked = journal.request_of(_settings(request), request_id)
    about = {"request_id": request_id, "expectation_id": asked.expectation_id}
    journal.note(_settings(request), journal.REFUSED, person.account, reason, **about)
    return _done(request, "waivers", "已驳回 · refused")


@routes.post("/exceptions/{act_id}/end")
def end(request: Request, person: Ender, act_id: str, reason: Text) -> Response:
    """End an exception before its last day."""
    from ingest.acts import Act, record
    from ingest.lake import Lake
    from jiheng import clock

    settings, now = _settings(request), datetime.now(UTC)
    clock.check(settings, now)
    row = record(Lake(settings.lake), Act("waiver_ended", reason, person.account, refers_to=act_id), now)
    journal.note(settings, "waiver_ended", person.account, reason, act_id=row["act_id"])
    return _done(request, "waivers", "已终止，下次建仓生效 · ended; takes effect with the next build")


@routes.post("/gate/{edition_id}/release")
def release(request: Request, person: Releaser, edition_id: str, reason: Text) -> Response:
    """Publish a held edition on the word of a registered officer."""
    from jiheng import publication
    from jiheng.notifying import notify_quietly

    settings, now = _settings(request), datetime.now(UTC)
    publication.release(settings, edition_id, person.account, reason, now, "desk")
    notify_quietly(settings, now)
    return _done(request, "waivers", f"{edition_id} 期已放行并发布 · released and published")


@routes.post("/rollback")
def rollback(request: Request, person: Undoer, reason: Text) -> Response:
    """Go back to the edition before the one that stands."""
    from jiheng import sending
    from publish import acts

    settings = _settings(request)
    if len(reason.strip()) < LEAST_WORDS:
        raise ActError("请写明理由 · say why, in a few words at least")
    standing = acts.rollback(settings.editions, {"who": person.account, "why": reason.strip(), "via": "desk"})
    sending.send(settings)
    return _done(request, "waivers", f"已退回到 {standing} · now at {standing}")
