"""Files to read: the site of an edition inside Airflow, receipts, and the desk's own style. No path leads out."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from ingest.receipts import FOLDER_ENDING
from jiheng import access
from jiheng.desk.guard import Person, Refused, may, person
from jiheng.settings import Settings
from publish.editions import MANIFEST_NAME, POINTER_NAME, SAFE_ID

routes = APIRouter()
Reader = Annotated[Person, Depends(may("read"))]
Receiver = Annotated[Person, Depends(may("receipts"))]
# What stands beside the editions and is theirs; the logs there are not for reading.
BESIDE = ("index.html", "archive.css", "status.css", "status.json")
ASSETS = {"desk.css": "text/css", "desk.js": "text/javascript"}
# An edition's pages may fetch what belongs to editions and nothing of Airflow's, whose origin they share here.
EDITION_POLICY = (
    "default-src 'self' 'unsafe-inline' data: blob:; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:; "
    "connect-src {host}{base}/editions/; form-action 'none'; frame-ancestors 'self'"
)
# A receipt is a page with styles of its own and nothing else.
RECEIPT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"


@routes.get("/assets/{name}")
def asset(name: str, _: Annotated[Person, Depends(person)]) -> Response:
    """How the desk looks."""
    if name not in ASSETS:
        raise HTTPException(404)
    content = resources.files("jiheng.desk").joinpath("assets", name).read_bytes()
    return Response(content, media_type=ASSETS[name], headers={"Cache-Control": "private, max-age=300"})


@routes.get("/editions/{path:path}")
def edition_file(request: Request, caller: Reader, path: str) -> Response:
    """A file of a published edition, also in ranges of bytes; of a held one for those who may."""
    settings: Settings = request.app.state.settings
    edition_id, _, rest = path.partition("/")
    if path in BESIDE or edition_id == "assets":
        root, rest = settings.editions, path
    else:
        root = _edition(settings, caller, edition_id)
    host, base = request.headers.get("host", ""), str(request.scope.get("root_path", "")).rstrip("/")
    policy = EDITION_POLICY.format(host=host, base=base)
    return FileResponse(_below(root, rest), headers={"Content-Security-Policy": policy})


def _edition(settings: Settings, caller: Person, edition_id: str) -> Path:
    """The folder of an edition that the caller may read; `current` is the one that stands."""
    if not SAFE_ID.fullmatch(edition_id):
        raise HTTPException(404)
    published, held = settings.editions / edition_id, settings.home / "held" / edition_id
    if edition_id == POINTER_NAME or (published / MANIFEST_NAME).is_file():
        return published
    if (held / "held.json").is_file():
        if "held" not in caller.acts:
            roles = "、".join(role.zh for role in access.who_may("held"))
            raise Refused(403, f"被拦截的一期只给以下角色看：{roles}。", "A held edition is not for your role.")
        return held
    raise HTTPException(404)


@routes.get("/receipts/{path:path}")
def receipt(request: Request, _: Receiver, path: str) -> Response:
    """A receipt."""
    settings: Settings = request.app.state.settings
    found = _below(settings.receipts, path)
    # Receipts may lie in the inbox itself, beside the reports; those are not shown here.
    if found.suffix != ".html" or not found.parent.name.endswith(FOLDER_ENDING):
        raise HTTPException(404)
    return FileResponse(found, headers={"Content-Security-Policy": RECEIPT_POLICY})


def _below(root: Path, path: str) -> Path:
    """The file of this path below a folder. Raises 404 for one that is not there, is hidden, or lies elsewhere."""
    base = root.resolve()
    try:
        found = (base / path).resolve()
        lies_here = found.is_relative_to(base) and found.is_file()
    except (OSError, ValueError):  # a name that no file can have
        lies_here = False
    if not lies_here or _is_hidden(found.relative_to(base)):
        raise HTTPException(404)
    return found


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") and part != FOLDER_ENDING for part in path.parts)
