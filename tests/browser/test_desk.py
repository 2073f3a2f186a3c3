"""The desk behind Airflow's real login: who gets in, who may act, what is put on record, how it looks."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from ingest.lake import Lake
from ingest.registers import division_rows
from jiheng import journal
from jiheng.airflow.installation import environment
from jiheng.settings import PROJECT_ROOT, Settings
from tests.desks import Desk, furnish, served
from tests.nights import SAMPLE, Home, Run, lose_a_division

pytestmark = pytest.mark.night
ROUTES = """
import json
from jiheng.desk.app import make_app
from jiheng.settings import Settings
app = make_app(Settings.from_environment())
print(json.dumps(sorted((route.path, sorted(route.methods)[0]) for route in app.routes)))
"""
HERE = {"Sec-Fetch-Site": "same-origin"}
# What everybody may look at who has a role, and what an analyst may not.
PAGES = ("", "gate", "filing", "review", "waivers", "runs", "audit")
CLOSED_TO_ANALYSTS = ("review", "waivers", "runs", "audit", "receipts/a.回执/b.html")


@pytest.fixture(scope="module")
def desk(sample_night: tuple[Home, Run], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The sample province, published once; the night after is held for a division that is gone from the lake."""
    home = sample_night[0].copy_to(tmp_path_factory.mktemp("desk") / "home")
    furnish(home)
    lose_a_division(home)
    held = home.command("publish")
    assert held.returncode == 3, held.stderr
    with served(home) as running:
        yield running


def held_edition(desk: Desk) -> str:
    [path] = (desk.home.path / "held").glob("*/held.json")
    return path.parent.name


def every_route(desk: Desk) -> list[tuple[str, str]]:
    clean = environment(Settings(desk.home.path))
    ran = subprocess.run(
        [sys.executable, "-c", ROUTES], cwd=PROJECT_ROOT, env=clean, check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return [(path, method) for path, method in json.loads(ran.stdout.splitlines()[-1])]


def filled(path: str) -> str:
    """A path with something in place of its parameters."""
    return "/desk" + "".join(part if not part.startswith("{") else "x" for part in path.replace("}", "}\0").split("\0"))


def test_no_route_opens_without_a_login_or_with_a_countys_token(desk: Desk) -> None:
    routes = every_route(desk)
    assert len(routes) >= 15 and {method for _, method in routes} == {"GET", "POST"}
    division = next(row["division_key"] for row in division_rows([SAMPLE / "registers"]))
    os.environ.pop("JIHENG_REGISTERS", None)
    for name in ("divisions.csv",):
        (desk.home.path / "registers" / name).write_bytes((SAMPLE / "registers" / name).read_bytes())
    issued = desk.home.command("token", "issue", division, "--by", "经办人", "--until", "2999-12-31")
    assert issued.returncode == 0, issued.stderr
    county = {"Authorization": f"Bearer {issued.stdout.strip()}"}
    with desk.client() as nobody:
        for path, method in routes:
            for headers in (HERE, HERE | county, HERE | {"Cookie": f"_token={issued.stdout.strip()}"}):
                answer = nobody.request(method, filled(path), headers=headers)
                assert answer.status_code == 401, f"{method} {path}: {answer.status_code}"
                assert "请先登录" in answer.text


def test_an_analyst_reads_what_is_published_and_nothing_else(desk: Desk) -> None:
    with desk.client("analyst") as analyst:
        for page in ("", "gate", "filing", f"editions/{desk.home.current.name}/site/index.html"):
            assert analyst.get(f"/desk/{page}").status_code == 200, page
        for page in (*CLOSED_TO_ANALYSTS, f"editions/{held_edition(desk)}/gate.json"):
            answer = analyst.get(f"/desk/{page}")
            assert answer.status_code == 403 and "财政干部" in answer.text, page
        for path, method in every_route(desk):
            if method == "POST":
                answer = analyst.post(filled(path), headers=HERE, data={"reason": "试一试看看"})
                assert answer.status_code == 403, path


@pytest.mark.parametrize("page", PAGES)
def test_whoever_decides_sees_every_page(desk: Desk, page: str) -> None:
    with desk.client("yi") as person:
        answer = person.get(f"/desk/{page}")
        assert answer.status_code == 200
        assert "绩衡工作台" in answer.text and 'class="en"' in answer.text
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_a_forged_request_does_nothing(desk: Desk) -> None:
    """A page elsewhere can make a browser send the cookie; what the browser says of that page gives it away."""
    form = {"expectation": "K10", "reason": "程序更新已核对", "until": "2999-12-31"}
    before = journal.events(Settings(desk.home.path))
    with desk.client("yi") as person:
        forged: list[dict[str, str]] = [
            {},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "http://elsewhere.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site", "Origin": desk.root},
        ]
        for headers in forged:
            assert person.post("/desk/waivers", headers=headers, data=form).status_code == 403
        assert person.post("/desk/rollback", headers=forged[1], data=form).status_code == 403
    assert journal.events(Settings(desk.home.path)) == before


def test_files_of_an_edition_are_read_and_nothing_beside_them(desk: Desk) -> None:
    name = desk.home.current.name
    with desk.client("analyst") as analyst:
        part = analyst.get(f"/desk/editions/{name}/warehouse.duckdb", headers={"Range": "bytes=8-11"})
        assert (part.status_code, part.content) == (206, b"DUCK")
        page = analyst.get(f"/desk/editions/{name}/site/index.html")
        assert page.headers["content-type"].startswith("text/html")
        assert (
            f"connect-src {httpx.URL(desk.root).netloc.decode()}/desk/editions/;"
            in page.headers["content-security-policy"]
        )
        assert analyst.get("/desk/editions/status.json").status_code == 200
        for path in (
            "publications.jsonl",
            "corrections.jsonl",
            ".publish.lock",
            f"{name}/..%2fpublications.jsonl",
            f"{name}/%2e%2e/%2e%2e/airflow/passwords.json",
            f"{name}/..%2f..%2fairflow%2fpasswords.json",
            "..%2fairflow%2fpasswords.json",
            f"{name}/%2fetc%2fpasswd",
            f"{name}/a%00b",
        ):
            answer = analyst.get(f"/desk/editions/{path}")
            assert answer.status_code == 404, path
            assert "admin" not in answer.text


def test_the_gate_page_tells_why_an_edition_is_held(desk: Desk) -> None:
    with desk.client("analyst") as analyst:
        held = analyst.get(f"/desk/gate/{held_edition(desk)}").text
        assert "K01" in held and "数据工程" in held and "/release" not in held
        assert analyst.get("/desk/gate/..%2f..").status_code == 404
    with desk.client("jia") as officer:
        assert "/release" in officer.get(f"/desk/gate/{held_edition(desk)}").text


def test_arrivals_of_a_run_lead_to_their_receipts(desk: Desk) -> None:
    with desk.client("yi") as person:
        listed = person.get("/desk/runs").text
        keys = {part.partition('"')[0] for part in listed.split('href="/desk/runs/')[1:]}
        pages = [person.get(f"/desk/runs/{key}").text for key in sorted(keys)]
        links = [part.partition('"')[0] for text in pages for part in text.split('href="/desk/receipts/')[1:]]
        assert len(links) > 20
        receipt = person.get(f"/desk/receipts/{links[0]}")
        assert receipt.status_code == 200 and "回执" in receipt.text
        assert "sandbox" in receipt.headers["content-security-policy"]
        assert person.get("/desk/runs/0000000000000000").status_code == 404


def test_an_exception_takes_two_people_of_whom_one_is_registered(desk: Desk) -> None:
    settings = Settings(desk.home.path)
    form = {"expectation": "K10", "reason": "程序更新，已逐条核对", "until": "2999-12-31", "keys": "b\na\n"}
    with desk.client("jia") as officer, desk.client("yi") as other, desk.client("admin") as admin:
        assert other.post("/desk/waivers", headers=HERE, data=form | {"expectation": "K01"}).status_code == 409
        far = other.post("/desk/waivers", headers=HERE, data=form)
        assert far.status_code == 303
        [asked] = journal.open_requests(settings)
        assert (asked.asked_by, asked.keys) == ("yi", ("a", "b"))
        approve = f"/desk/waivers/{asked.request_id}/approve"
        assert (
            "92" in officer.post(approve, headers=HERE).text or officer.post(approve, headers=HERE).status_code == 409
        )
        assert "名册" in other.post(approve, headers=HERE).text, "who is not registered approves nothing"
        assert "名册" in admin.post(approve, headers=HERE).text, "nor does the operator"
        refuse = f"/desk/waivers/{asked.request_id}/refuse"
        assert officer.post(refuse, headers=HERE, data={"reason": "期限太长，请改短"}).status_code == 303
        assert journal.open_requests(settings) == [] and officer.post(approve, headers=HERE).status_code == 409


def test_whoever_is_not_registered_releases_nothing_and_an_officer_does(desk: Desk) -> None:
    edition, before = held_edition(desk), desk.home.current.name
    path, form = f"/desk/gate/{edition}/release", {"reason": "已与该区核实，整区撤回"}
    with desk.client("admin") as admin, desk.client("jia") as officer:
        assert "名册" in admin.post(path, headers=HERE, data=form).text
        assert desk.home.current.name == before
        assert officer.post(path, headers=HERE, data=form).status_code == 303
        assert desk.home.current.name == edition
        record = officer.get("/desk/audit").text
        assert "处长甲" in record and "已与该区核实，整区撤回" in record and "工作台 desk" in record
        assert officer.post("/desk/rollback", headers=HERE, data={"reason": "再核对一遍后发布"}).status_code == 303
        assert desk.home.current.name == before
    told = json.loads(desk.home.command("audit", "--json").stdout)
    assert [(one["what"], one["via"]) for one in told if one["what"] in ("override", "rollback")] == [
        ("rollback", "desk"),
        ("override", "desk"),
    ]


def test_what_is_done_in_airflow_itself_stands_in_the_record_too(desk: Desk) -> None:
    pool = {"name": "reading_two", "slots": 2, "description": "", "include_deferred": False}
    with desk.client("yi") as person, desk.client("admin") as admin:
        assert person.post("/api/v2/pools", json=pool).status_code == 403, "finance changes no pool"
        assert admin.post("/api/v2/pools", json=pool).status_code == 201
        record = person.get("/desk/audit?by=admin").text
        assert "新建资源池" in record and "Airflow" in record
    told = json.loads(desk.home.command("audit", "--airflow", "--by", "admin", "--json").stdout)
    assert [(one["what"], one["via"]) for one in told if one["via"] == "airflow"] == [("post_pool", "airflow")]


def logged_in(browser: Any, desk: Desk, account: str) -> Any:
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="zh-CN")
    context.add_cookies([{"name": "_token", "value": desk.token(account), "url": desk.root}])
    return context


def frame_of(tab: Any, desk: Desk) -> Any:
    tab.goto(f"{desk.root}/plugin/jiheng-desk")
    frame = tab.frame_locator("iframe")
    frame.locator("header .brand").wait_for(timeout=60_000)
    return frame


def test_in_airflows_own_pages_two_people_answer_ask_and_approve(desk: Desk, browser: Any) -> None:
    faults: list[str] = []
    one, two = logged_in(browser, desk, "yi"), logged_in(browser, desk, "jia")
    tab, other = one.new_page(), two.new_page()
    for page in (tab, other):
        page.on("pageerror", lambda error: faults.append(str(error)))
    frame = frame_of(tab, desk)
    assert frame.locator("main").inner_text().count("现行期")
    for words in ("门禁", "报送进度", "运行", "操作记录", "复核队列"):
        frame.locator("nav a", has_text=words).click()
        frame.locator("nav a[aria-current]", has_text=words).wait_for()
    questions = frame.locator("main form")
    before = questions.count()
    assert before, "the sample has open questions"
    first = questions.first
    first.locator("select").select_option(index=1)
    first.locator("input[name=reason]").fill("与其他年度的用法一致")
    first.locator("button").click()
    frame.locator(".done", has_text="已记录").wait_for()
    [answer] = Lake(desk.home.path / "lake").read("review_answer")
    assert answer["answered_by"] == "yi"

    frame.locator("nav a", has_text="例外").click()
    form = frame.locator("#ask form")
    form.locator("input[name=expectation]").fill("K10")
    form.locator("input[name=reason]").fill("程序更新，已逐条核对")
    form.locator("button").click()
    frame.locator(".done", has_text="已提交").wait_for()
    assert frame.locator("button", has_text="批准").count() == 0, "not by who asked"
    seen = frame_of(other, desk)
    seen.locator("nav a", has_text="例外").click()
    seen.locator("button", has_text="批准").click()
    seen.locator(".done", has_text="已批准").wait_for()
    acts = [row for row in Lake(desk.home.path / "lake").read("act") if row["kind"] == "gate_waiver"]
    assert [(row["by"], row["approved_by"], row["rule_id"]) for row in acts] == [("yi", "处长甲", "K10")]
    assert faults == []
    one.close()
    two.close()


def test_an_analyst_sees_fewer_pages_and_is_told_calmly(desk: Desk, browser: Any) -> None:
    context = logged_in(browser, desk, "analyst")
    tab = context.new_page()
    frame = frame_of(tab, desk)
    assert frame.locator("nav a").count() == 3
    frame.locator("body").evaluate("() => { window.location.href = '/desk/review' }")
    frame.locator("[role=alert]", has_text="账号 analyst 没有").wait_for()
    context.close()
