"""Who is at the door: a person whom Airflow knows, with the acts of their role, and no request forged elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.core_api.security import get_user
from fastapi import Depends, HTTPException, Request

from jiheng import access
from jiheng.settings import Settings

LOOKS_ONLY = ("GET", "HEAD")


@dataclass(frozen=True)
class Person:
    """Somebody who is logged in: the account, and the names of the acts that they may do."""

    account: str
    acts: frozenset[str]


class Refused(Exception):
    """A door that stays closed: the status, and a sentence in both languages that says what to do."""

    def __init__(self, status: int, zh: str, en: str) -> None:
        super().__init__(f"{zh} · {en}")
        self.status, self.zh, self.en = status, zh, en


async def person(request: Request) -> Person:
    """Whoever Airflow's own login says is calling. Raises `Refused` for anybody else."""
    try:
        user = await _known_to_airflow(request)
    except HTTPException as error:
        raise Refused(
            401, "请先登录 Airflow，再打开工作台。", "Log in to Airflow first, then open the desk again."
        ) from error
    settings: Settings = request.app.state.settings
    return Person(user.get_name(), access.acts_of(settings, user, get_auth_manager()))


async def _known_to_airflow(request: Request) -> Any:
    from airflow.api_fastapi.core_api.security import bearer_scheme

    return await get_user(request, None, await bearer_scheme(request))


def may(act: str) -> Callable[[Request, Person], Coroutine[Any, Any, Person]]:
    """A dependency that lets in who may do the act, and tells others who may; for acts, only from our own pages."""

    async def admitted(request: Request, caller: Annotated[Person, Depends(person)]) -> Person:
        """Give the caller, or raise `Refused`."""
        if act not in caller.acts:
            one, roles = access.acts()[act], access.who_may(act)
            zh, en = "、".join(role.zh for role in roles), ", ".join(role.name for role in roles)
            raise Refused(
                403,
                f"账号 {caller.account} 没有“{one.zh}”的权限；可以做的角色：{zh}。需要的话，请联系运维。",
                f"{caller.account} may not {one.en}. These roles may: {en}. Ask the operator if you need it.",
            )
        if request.method not in LOOKS_ONLY and not is_from_here(request):
            raise Refused(
                403,
                "这个请求不是从工作台的页面发出的，没有执行。请在工作台里重做一次。",
                "This request did not come from a page of the desk and was not carried out. Do it again there.",
            )
        return caller

    return admitted


def is_from_here(request: Request) -> bool:
    """Whether a page of ours sent it. A program that bears a token of its own cannot be made to by another page."""
    if request.headers.get("authorization", "").lower().startswith("bearer "):
        return True
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site == "same-origin"
    # Browsers leave Sec-Fetch-Site out on plain http, and then tell the origin.
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")
