"""Notices on loopback: chats that verify signatures and answer as theirs do, a mail server, once and on record."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.reasons import reasons
from jiheng import chain, notifying
from jiheng.files import write_json
from jiheng.notifying import ledger
from jiheng.settings import PROJECT_ROOT, Settings
from publish import editions, records
from tests import chats
from tests.component import edition_fixture as made

TOKEN, SECRET = chats.TOKEN, chats.SECRET
CHANNEL = {"token_file": "secrets/token", "secret_file": "secrets/secret", "pause_seconds": 0, "timeout_seconds": 0.7}
SITE = "https://jixiao.example.gov.cn/jiheng"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two editions with movements, complete, in a home without channels."""
    home = tmp_path_factory.mktemp("published")
    first, second = made.make_pair(tmp_path_factory.mktemp("pair"))
    for name, edition in (("e1", first), ("e2", second)):
        shutil.copytree(edition, home / "editions" / name)
        if not (home / "editions" / name / editions.MANIFEST_NAME).exists():
            editions.complete(home / "editions" / name, made.facts(name))
    (home / "editions" / "current").symlink_to("e2")
    return home


def keep_secret(name: str, value: str) -> None:
    """Write a file of secrets below the directory that a test runs in."""
    path = Path("secrets") / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{value}\n", encoding="utf-8")


@pytest.fixture
def settings(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """That home, its last edition published a moment ago."""
    home = tmp_path / "home"
    shutil.copytree(published, home, symlinks=True)
    for name in ("JIHENG_REGISTERS", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    kept = {"token": TOKEN, "secret": SECRET, "login": chats.LOGIN, "password": chats.PASSWORD}
    for name, value in kept.items():
        keep_secret(name, value)
    records.record(home / "editions", {"event": "publish", "edition_id": "e1", "at": "2026-11-20T18:10:00+00:00"})
    happened(Settings(home), {"event": "publish", "edition_id": "e2"})
    return Settings(home)


@pytest.fixture
def chat() -> Iterator[chats.ChatServer]:
    with chats.chat_server() as server:
        yield server


def now() -> datetime:
    return datetime.now(UTC)


def happened(settings: Settings, event: dict[str, Any]) -> None:
    records.record(settings.editions, event)


def configure(settings: Settings, *channels: dict[str, Any], **more: Any) -> None:
    folder = settings.home / "registers"
    folder.mkdir(exist_ok=True)
    said = {"site": SITE, "channels": [_with_paths(one) for one in channels], **more}
    (folder / "notices.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")


def _with_paths(channel: dict[str, Any]) -> dict[str, Any]:
    files = {key: str(Path(value).resolve()) for key, value in channel.items() if key.endswith("_file") and value}
    return {**channel, **files}


def channel(chat: chats.ChatServer, kind: str = "wecom", **more: Any) -> dict[str, Any]:
    return {"name": kind, "kind": kind, "base_url": chat.url, **CHANNEL, **more}


def told(settings: Settings, **asked: Any) -> list[tuple[str, str, str]]:
    return [(one.notice, one.channel, one.became.outcome) for one in notifying.notify(settings, now(), **asked)]


def everything_written(home: Path) -> str:
    return "".join(path.read_text(errors="replace") for path in (home / "notices").rglob("*") if path.is_file())


# What is sent


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_a_digest_reaches_each_kind_of_chat_signed_as_it_asks(
    settings: Settings, chat: chats.ChatServer, kind: str
) -> None:
    configure(settings, channel(chat, kind))
    assert told(settings) == [("digest/e2", kind, "sent")]
    [text] = chat.texts
    for words in ("：已发布", "期号 e2", "待核实：2024 年度 1 个区划的名次为暂定（五区）", "逾期未报：2024 年度 4 份"):
        assert words in text
    assert f"[排名]({SITE}/e2/site/index.html)" in text and "一县（县与县级市）：第2名 → 并列第1名" in text
    assert len(text.encode()) <= 2048


@pytest.mark.parametrize(("kind", "what"), [("dingtalk", "sign not match"), ("feishu", "sign match fail")])
def test_a_wrong_secret_is_refused_and_said(settings: Settings, chat: chats.ChatServer, kind: str, what: str) -> None:
    """HTTP 200 is no success; nor is it tried again at once."""
    keep_secret("secret", "another")
    configure(settings, channel(chat, kind))
    [one] = notifying.notify(settings, now())
    assert one.became.outcome == "refused" and what in one.became.words and chat.seen == 1


def test_no_score_and_only_ranked_units_are_named(settings: Settings, chat: chats.ChatServer) -> None:
    """Neither scores nor points stand in a chat, and who is not ranked or not to be published is not named as mover."""
    path = settings.editions / "e2" / "notice.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["moves"][0] |= {"name": "落榜县", "rank_now": None, "unranked_reason": "returned"}
    facts["moves"][1] |= {"name": "不公布区", "is_publishable": False}
    write_json(path, facts)
    configure(settings, channel(chat, languages=["zh", "en"]))
    told(settings)
    [text] = chat.texts
    assert "一县" in text and "落榜县" not in text and "不公布区" not in text
    points = [cause["points"] for move in facts["moves"] for cause in move["causes"] if cause["points"]]
    assert points and not any(str(point) in text or str(point)[:4] in text for point in points)
    assert "分）" not in text and "score of" not in text


def test_names_cannot_mention_or_link(settings: Settings, chat: chats.ChatServer) -> None:
    path = settings.editions / "e2" / "notice.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["moves"][0]["name"] = "<@all> [点我](http://evil) **"
    write_json(path, facts)
    configure(settings, channel(chat))
    told(settings)
    [text] = chat.texts
    assert "<@all>" not in text and "[点我]" not in text and "＜@all＞" in text


def test_a_held_night_tells_why_and_nothing_of_the_held_edition(settings: Settings, chat: chats.ChatServer) -> None:
    """It is that night's digest as well: a channel that wants both is told once."""
    held = settings.home / "held" / "e3"
    shutil.copytree(settings.editions / "e2", held)
    why = ["K01 上一期已经发布的报送，这一期不见了。"]
    configure(settings, channel(chat, languages=["zh", "en"]), channel(chat, name="值班", events=["digest"]))
    happened(settings, {"event": "hold", "edition_id": "e3", "why": why, "expectations": ["K01"]})
    assert told(settings) == [("held/e3", "wecom", "sent"), ("held/e3", "值班", "sent")]
    text = chat.texts[0]
    assert "门禁拦截，本夜未发布" in text and why[0] in text and "jiheng gate explain" in text
    assert "仍展示 e2 期" in text and "held by the gate" in text and "Edition e2 still stands" in text
    english = text.partition("----")[2]
    assert "K01 " in english and why[0] not in english, "English has its own words"
    assert "第1名" not in text and "名次变动" not in text and "一县" not in text
    assert told(settings) == []


def test_a_missing_publication_is_told_and_a_hold_not_twice(settings: Settings, chat: chats.ChatServer) -> None:
    configure(settings, channel(chat, events=["missing"]))
    happened(settings, {"event": "alarm", "why": ["被门禁拦截 · held"], "kinds": ["held"]})
    assert told(settings) == []
    why = ["没有发布，也没有拦截记录：这一夜没有运行完 · the night did not end"]
    happened(settings, {"event": "alarm", "why": why, "kinds": ["missing"]})
    [(notice, _, outcome)] = told(settings)
    assert notice.startswith("missing/") and outcome == "sent" and "这一夜没有运行完" in chat.texts[0]
    happened(settings, {"event": "alarm", "why": why, "kinds": ["missing"]})
    assert told(settings) == [], "a second look on the same morning says nothing new"


def quarantine(settings: Settings, count: int, reason: str, at: datetime | None = None) -> None:
    for number in range(count):
        words = {name: reasons()[reason][name] for name in ("reason_zh", "reason_en")}
        row = {"reason_code": reason, "recorded_at": (at or now()).isoformat(), "source_name": "张三13800138000.doc"}
        row |= words
        write_json(settings.quarantine / f"{reason}-{number}-{at}.json", row)


def test_many_files_in_quarantine_are_told_once_a_day_without_their_names(
    settings: Settings, chat: chats.ChatServer
) -> None:
    configure(settings, channel(chat, events=["quarantine"]), quarantine_files=5)
    quarantine(settings, 4, "UNKNOWN_DIVISION")
    quarantine(settings, 9, "DUPLICATE")
    quarantine(settings, 9, "EMPTY_FILE", now() - timedelta(days=2))
    assert told(settings) == [], "known files and those of other days do not count"
    quarantine(settings, 3, "EMPTY_FILE")
    assert [one[2] for one in told(settings)] == ["sent"]
    assert "今日隔离文件 7 份" in chat.texts[0] and "文中没有可以识别的区划名称：4 份" in chat.texts[0]
    assert "张三" not in chat.texts[0]
    quarantine(settings, 30, "UNKNOWN_YEAR")
    assert told(settings) == []


def test_old_news_and_what_was_taken_back_is_not_sent(settings: Settings, chat: chats.ChatServer) -> None:
    configure(settings, channel(chat))
    assert notifying.notify(settings, now() + timedelta(days=3)) == []
    happened(settings, {"event": "rollback", "from": "e2", "edition_id": "e1"})
    assert told(settings) == [] and chat.seen == 0


# Private hosts and gateways


def test_a_gateway_with_a_shape_of_its_own_needs_no_code(settings: Settings, chat: chats.ChatServer) -> None:
    configure(
        settings,
        channel(
            chat,
            "gateway",
            path="/oa/notice",
            template="oa.json.j2",
            headers={"Authorization": "Bearer {{ token }}"},
            answers={"field": "errcode", "accepted": [0]},
        ),
    )
    template = (
        '{"to": "绩效处", "subject": {{ title | tojson }}, "text": {{ text | tojson }}, "no": {{ edition | tojson }}}'
    )
    (settings.home / "registers" / "oa.json.j2").write_text(template, encoding="utf-8")
    assert [one[2] for one in told(settings)] == ["sent"]
    assert chat.taken[0]["to"] == "绩效处" and chat.taken[0]["no"] == "e2" and "已发布" in chat.taken[0]["subject"]


def test_templates_run_in_a_sandbox(settings: Settings, chat: chats.ChatServer) -> None:
    configure(settings, channel(chat, path="/{{ ''.__class__.__mro__[1].__subclasses__() }}"))
    [(_, _, outcome)] = told(settings)
    assert outcome == "refused" and chat.seen == 0
    assert "模板有误" in notifying.state(settings)[0]


# Faults of the network


@pytest.mark.parametrize(
    ("plan", "outcome", "seen"),
    [
        (["busy", "busy"], "sent", 3),
        ([429, 503, 500], "sent", 4),
        (["busy"] * 9, "failed", 4),
        (["refuse"], "refused", 1),
        ([404], "refused", 1),
        ([302], "refused", 1),
        (["slow"], "unclear", 1),
        (["cut"], "unclear", 1),
        (["garbled"], "unclear", 1),
    ],
)
def test_what_was_not_taken_is_sent_again_and_what_may_have_been_is_not(
    settings: Settings, chat: chats.ChatServer, plan: list[Any], outcome: str, seen: int
) -> None:
    chat.plan = plan
    configure(settings, channel(chat))
    assert told(settings) == [("digest/e2", "wecom", outcome)]
    assert chat.seen == seen


def test_a_failure_is_shown_and_made_up_for_by_the_next_run(settings: Settings, chat: chats.ChatServer) -> None:
    chat.plan = ["refuse"]
    configure(settings, channel(chat))
    told(settings)
    assert notifying.state(settings) and "93000" in notifying.state(settings)[0]
    assert told(settings) == [("digest/e2", "wecom", "sent")] and notifying.state(settings) == []
    assert told(settings) == [] and len(chat.taken) == 1


def test_what_stays_unclear_is_sent_twice_and_not_a_third_time(settings: Settings, chat: chats.ChatServer) -> None:
    chat.plan = ["garbled"] * 9
    configure(settings, channel(chat))
    for _ in range(4):
        told(settings)
    assert chat.seen == 2
    assert [one[2] for one in told(settings, again=True)] == ["unclear"], "a person may insist"


def test_a_chat_that_cannot_be_reached_fails_nothing(settings: Settings, chat: chats.ChatServer) -> None:
    configure(settings, channel(chat) | {"base_url": "http://127.0.0.1:9"}, channel(chat, "feishu"))
    lines = notifying.notify_quietly(settings, now())
    assert "failed" in lines[0] and lines[1].startswith("✓"), "one channel does not keep back another"


def test_whatever_is_wrong_with_the_configuration_fails_no_night(settings: Settings) -> None:
    configure(settings, {"name": "x", "kind": "telegram"})
    [line] = notifying.notify_quietly(settings, now())
    assert line.startswith("✗") and "notices.yaml: channels[1]: kind 须为" in line


# Once


def test_two_at_once_send_once(settings: Settings, chat: chats.ChatServer) -> None:
    chat.plan = ["slow"]
    configure(settings, channel(chat) | {"timeout_seconds": 5})
    command = [sys.executable, "-m", "jiheng", "notify"]
    environment = os.environ | {"JIHENG_HOME": str(settings.home), "NO_PROXY": "*"}
    both = [subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stdout=subprocess.PIPE) for _ in range(2)]
    said = sorted(one.communicate(timeout=60)[0].decode() for one in both)
    assert chat.seen == len(chat.taken) == 1
    assert any("✓ digest/e2 → wecom sent" in one for one in said) and any("nothing to send" in one for one in said)


def test_a_run_that_is_killed_while_sending_sends_once_more_at_most(settings: Settings, chat: chats.ChatServer) -> None:
    configure(settings, channel(chat) | {"timeout_seconds": 30})
    for _ in range(3):
        chat.plan = ["slow"]
        before = chat.seen
        environment = os.environ | {"JIHENG_HOME": str(settings.home), "NO_PROXY": "*"}
        running = subprocess.Popen([sys.executable, "-m", "jiheng", "notify"], cwd=PROJECT_ROOT, env=environment)
        while chat.seen == before and running.poll() is None:
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert chat.seen == 2
    assert [line["outcome"] for line in ledger.lines(settings.home / "notices")] == ["trying", "trying"]
    assert "trying" in notifying.state(settings)[0], "and somebody sees that it is not known to have arrived"
    assert chain.broken(settings.home / "notices", ledger.NAME) == []


def test_threads_of_one_process_send_once(settings: Settings, chat: chats.ChatServer) -> None:
    configure(settings, channel(chat))
    threads = [threading.Thread(target=notifying.notify, args=(settings, now())) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert chat.seen == 1


# Secrets


@pytest.mark.parametrize("plan", [[], ["refuse"], ["busy"] * 9, ["slow"], [403]])
def test_no_secret_is_logged_recorded_or_told(
    settings: Settings, chat: chats.ChatServer, plan: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    chat.plan = plan
    configure(settings, channel(chat, "dingtalk"))
    lines = notifying.notify_quietly(settings, now())
    shown = json.dumps(notifying.preview(settings, now()), ensure_ascii=False)
    written = [*lines, shown, caplog.text, everything_written(settings.home), *notifying.state(settings)]
    for words in written:
        for secret in (TOKEN, SECRET, "token-7f3a%2F9%2Bc", "token-7f3a/9%2Bc"):
            assert secret not in words
    assert "access_token=***" in shown and "sign=***" in shown and '"told_before"' in shown


def test_a_file_without_its_secret_is_told(settings: Settings, chat: chats.ChatServer) -> None:
    configure(settings, channel(chat))
    Path("secrets/token").unlink()
    [(_, missing)] = notifying.usable(settings)
    keep_secret("token", "")
    [(_, empty)] = notifying.usable(settings)
    assert "token_file 所指的文件" in str(missing) and "无法读取" in str(missing) and "是空的" in str(empty)
    keep_secret("token", TOKEN)
    assert notifying.usable(settings) == [("wecom", None)]
    assert [one[2] for one in told(settings)] == ["sent"]


def test_a_connection_gives_host_and_secrets(settings: Settings, chat: chats.ChatServer) -> None:
    connection = {"host": "127.0.0.1", "port": chat.port, "schema": "http", "login": None, "password": TOKEN}
    one = {"name": "c", "kind": "dingtalk", "connection": "jiheng_chat"}
    configure(settings, one)
    assert told(settings, lookup=lambda name: connection | {"extra": {"secret": SECRET}}) == [
        ("digest/e2", "c", "sent")
    ]


def test_a_secret_in_the_address_is_refused_with_where_and_how(settings: Settings) -> None:
    url = "https://oapi.dingtalk.com/robot/send?access_token=abc"
    configure(settings, {"name": "x", "kind": "dingtalk", "base_url": url, "adress": 1}, {"kind": "mail"})
    with pytest.raises(notifying.NoticesError) as found:
        notifying.notify(settings, now())
    words = str(found.value)
    assert "notices.yaml" in words and "channels[1].base_url: 须为 https://主机" in words
    assert "channels[1].adress: 没有这样的项" in words and "channels[2].sender: 缺少这一项" in words
    assert "abc" not in words


def test_the_example_is_a_configuration(settings: Settings) -> None:
    example = PROJECT_ROOT / "docs" / "operator" / "notices.example.yaml"
    (settings.home / "registers").mkdir()
    shutil.copy(example, settings.home / "registers" / "notices.yaml")
    problems = dict(notifying.usable(settings))
    assert list(problems) == ["绩效处工作群", "预算局群", "值班群", "邮件"]
    assert "/etc/jiheng/wecom-token" in str(problems["绩效处工作群"])
    assert "airflow connections add" in str(problems["预算局群"])


# Letters


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return chats.make_certificate(tmp_path_factory.mktemp("certificate"))


def mail(server: chats.MailServer, trusted: Path, **more: Any) -> dict[str, Any]:
    return {
        "name": "mail",
        "kind": "mail",
        "host": "127.0.0.1",
        "port": server.port,
        "sender": "jiheng@czt.example.gov.cn",
        "to": ["chu@czt.example.gov.cn", "ju@czt.example.gov.cn"],
        "ca_file": str(trusted),
        "languages": ["zh", "en"],
        "pause_seconds": 0,
        "login_file": "secrets/login",
        "password_file": "secrets/password",
        **more,
    }


@pytest.fixture
def letters(certificate: tuple[Path, Path]) -> Iterator[chats.MailServer]:
    with chats.mail_server(certificate[0]) as server:
        yield server


def test_one_letter_goes_to_the_list_encrypted(
    settings: Settings, letters: chats.MailServer, certificate: tuple[Path, Path]
) -> None:
    configure(settings, mail(letters, certificate[1]))
    assert told(settings) == [("digest/e2", "mail", "sent")] and told(settings) == []
    [letter], [recipients], [encrypted] = letters.letters, letters.recipients, letters.encrypted
    assert encrypted and recipients == ["chu@czt.example.gov.cn", "ju@czt.example.gov.cn"]
    assert letter["Subject"].endswith("：已发布") and letter["Message-ID"].endswith(".jiheng@czt.example.gov.cn>")
    text, page = letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()
    assert "待核实" in text and "To be verified" in text and f"排名：{SITE}/e2/site/index.html" in text
    assert f'<a href="{SITE}/e2/site/index.html">' in page and made.MARKUP_NAME not in page
    told(settings, again=True)
    assert bytes(letters.letters[1]) == bytes(letter), "the same notice is the same letter"


@pytest.mark.parametrize(
    ("plan", "outcome"), [(["later", "later"], "sent"), (["refuse"], "refused"), (["cut"], "unclear")]
)
def test_a_letter_is_tried_again_only_where_it_was_not_taken(
    settings: Settings, letters: chats.MailServer, certificate: tuple[Path, Path], plan: list[str], outcome: str
) -> None:
    letters.plan = plan
    configure(settings, mail(letters, certificate[1]))
    assert [one[2] for one in told(settings)] == [outcome] and letters.plan == []


def test_a_wrong_password_and_a_stranger_s_certificate_are_told_without_the_password(
    settings: Settings, letters: chats.MailServer, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = mail(letters, certificate[1])
    configure(
        settings, one | {"name": "login", "login_file": "secrets/token"}, one | {"name": "stranger", "ca_file": None}
    )
    login, stranger = notifying.notify(settings, now())
    assert login.became.outcome == "refused" and login.became.words == "535 no: ***"
    assert stranger.became.outcome == "refused" and "certificate" in stranger.became.words.lower()
    assert letters.letters == [] and chats.PASSWORD not in everything_written(settings.home)


def test_addresses_that_are_refused_are_named(
    settings: Settings, letters: chats.MailServer, certificate: tuple[Path, Path]
) -> None:
    configure(settings, mail(letters, certificate[1], to=["unknown@x.cn", "chu@x.cn"]))
    [one] = notifying.notify(settings, now())
    assert one.became.outcome == "sent" and "unknown@x.cn" in one.became.words
    assert letters.recipients == [["chu@x.cn"]]


# The command


def test_the_command_shows_what_would_be_sent_and_sends_nothing(settings: Settings, chat: chats.ChatServer) -> None:
    configure(settings, channel(chat, audience="绩效处工作群"))
    environment = os.environ | {"JIHENG_HOME": str(settings.home)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "jiheng", *arguments]
        return subprocess.run(command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False)

    shown = run("notify", "--dry-run")
    assert shown.returncode == 0 and chat.seen == 0 and TOKEN not in shown.stdout
    assert "绩效处工作群" in shown.stdout and "send?key=***" in shown.stdout and "：已发布**" in shown.stdout
    [row] = json.loads(run("notify", "e1", "--dry-run", "--json").stdout)
    assert row["notice"] == "digest/e1" and row["body"]["msgtype"] == "markdown"
    wrong = run("notify", "--channel", "没有")
    assert wrong.returncode == 2 and "error[E2010]" in wrong.stderr and "wecom" in wrong.stderr
    assert run("notify", "e9").returncode == 2
    doctor = json.loads(run("doctor", "--json").stdout)
    assert {row["what"]: row["good"] for row in doctor}["notices wecom"] is True
    assert run("notify").returncode == 0 and chat.seen == 1
    assert json.loads(run("status", "--json").stdout)["notices"] == []
