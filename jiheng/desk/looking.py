"""Pages to look at: what stands, the gate, filings, runs, the review queue, exceptions, the record of acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from jiheng import audit, journal
from jiheng.desk import facts
from jiheng.desk.guard import Person, may
from jiheng.desk.pages import page
from jiheng.monitoring.runs import ENDINGS, NAMES
from jiheng.settings import LOCAL_TIME, Settings

routes = APIRouter()
Reader = Annotated[Person, Depends(may("read"))]
Receiver = Annotated[Person, Depends(may("receipts"))]
Asker = Annotated[Person, Depends(may("ask"))]
Reviewer = Annotated[Person, Depends(may("review"))]
Auditor = Annotated[Person, Depends(may("audit"))]
# Questions on a page, and days that the record of acts goes back without being asked for more.
MOST_QUESTIONS, DAYS_BACK = 30, 92
MOST_DAYS_OF_EXCEPTION = 30


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


@routes.get("/")
def overview(request: Request, person: Reader) -> Response:
    """What stands, who is ahead, how far the filing has come, the last nights."""
    return page(request, "overview.html", person, **facts.overview(_settings(request), datetime.now(UTC)))


@routes.get("/gate")
def gate_of_the_newest(request: Request, person: Reader) -> Response:
    """The newest decision of the gate."""
    from jiheng import gate_words

    told = gate_words.explain(_settings(request))
    if told.edition_id is None:
        return page(request, "gate.html", person, told=told, gate={}, failed=[], is_held=False)
    return gate(request, person, told.edition_id)


@routes.get("/gate/{edition_id}")
def gate(request: Request, person: Reader, edition_id: str) -> Response:
    """Why the gate held or passed an edition, and what would release it."""
    return page(request, "gate.html", person, **facts.gate_of(_settings(request), edition_id))


@routes.get("/filing")
def filing(request: Request, person: Reader) -> Response:
    """Filings by division and state, each year."""
    return page(request, "filing.html", person, rows=facts.filing(_settings(request)), awaited=None, division=None)


@routes.get("/filing/{fiscal_year}/{division_key}")
def filing_of(request: Request, person: Reader, fiscal_year: int, division_key: str) -> Response:
    """The departments of one division in a year."""
    awaited = facts.departments(_settings(request), division_key, fiscal_year)
    title = f"{awaited[0]['division']} {fiscal_year}" if awaited else "–"
    return page(request, "filing.html", person, rows=[], awaited=awaited, division=title)


@routes.get("/runs")
def runs(request: Request, person: Receiver) -> Response:
    """The last runs and how their steps ended."""
    return page(request, "runs.html", person, runs=facts.runs(_settings(request)), run=None, steps=NAMES, ends=ENDINGS)


@routes.get("/runs/{key}")
def run(request: Request, person: Receiver, key: str) -> Response:
    """What one run took in, with the receipts."""
    from starlette.exceptions import HTTPException

    found = facts.run_of(_settings(request), key)
    if found is None:
        raise HTTPException(404)
    return page(request, "runs.html", person, runs=[], run=found, steps=NAMES, ends=ENDINGS)


@routes.get("/review")
def review(request: Request, person: Reviewer, told: str = "") -> Response:
    """The open questions, those first that most figures hang on."""
    from ingest.naming.answers import ROLES
    from jiheng import review as queue_of
    from jiheng.warehouse import NothingBuiltError

    try:
        queue: Any = queue_of.open_queue(_settings(request))
    except NothingBuiltError:
        queue = None
    words = {"queue": queue, "items": queue.items[:MOST_QUESTIONS] if queue else [], "roles": ROLES}
    return page(request, "review.html", person, **words, asks=queue_of.QUESTION_WORDS, told=told)


@routes.get("/waivers")
def waivers(request: Request, person: Asker, expectation: str = "", told: str = "") -> Response:
    """Exceptions: asked for, in force, over; and the form to ask for one."""
    from ingest.acts import waivers_in_force
    from ingest.lake import Lake

    settings, today = _settings(request), datetime.now(LOCAL_TIME).date()
    rows = Lake(settings.lake).read("act")
    holding = {row["act_id"] for kind in ("waiver", "gate_waiver") for row in waivers_in_force(rows, today, kind)}  # type: ignore[arg-type]
    given = [row for row in rows if row["kind"] in ("waiver", "gate_waiver")]
    return page(
        *(request, "waivers.html", person),
        asked=journal.open_requests(settings),
        given=sorted(given, key=lambda row: (row["at"], row["act_id"]), reverse=True),
        holding=holding,
        overrides=[one for one in audit.entries(settings) if one.what in ("override", "rollback", "restore")],
        expectation=expectation,
        until=today + timedelta(days=MOST_DAYS_OF_EXCEPTION),
        told=told,
    )


@routes.get("/audit")
def record_of_acts(request: Request, person: Auditor, since: str = "", by: str = "") -> Response:
    """Every act of a person, newest first."""
    try:
        begin = datetime.fromisoformat(since).replace(tzinfo=LOCAL_TIME)
    except ValueError:
        begin = datetime.now(LOCAL_TIME) - timedelta(days=DAYS_BACK)
    found = audit.entries(_settings(request), begin, by.strip() or None, airflow=True)
    damage = journal.damage(_settings(request))
    return page(request, "audit.html", person, entries=found, since=begin.date(), by=by, damage=damage)
