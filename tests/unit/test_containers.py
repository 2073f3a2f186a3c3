"""The container files agree with the project: what they copy, mount and run is there."""

import re

import yaml

from jiheng.settings import PROJECT_ROOT

COMPOSE = yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (PROJECT_ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_services_that_read_the_home_do_not_write_it() -> None:
    assert "home:/var/lib/jiheng:ro" in COMPOSE["services"]["site"]["volumes"]
    assert "JIHENG_HOME=/var/lib/jiheng" in DOCKERFILE


def test_what_is_copied_and_mounted_exists() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    for name in [word for line in copied for word in line.split()[:-1]]:
        assert (PROJECT_ROOT / name).exists(), name
    assert (PROJECT_ROOT / "deploy" / "nginx.conf").exists()


def test_pages_are_only_offered_to_this_machine_and_nobody_is_root() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service["ports"]]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert "USER jiheng" in DOCKERFILE


def test_the_web_server_reaches_every_edition_and_what_stands_beside_them() -> None:
    """Pages of an edition look for status.css and the archive two folders above them, also under `current`."""
    conf = (PROJECT_ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    root = re.search(r"root (\S+);", conf)
    assert root and root[1] == "/var/lib/jiheng/editions"
    assert "return 302 /current/site/index.html;" in conf
    hidden = re.search(r"location ~ (\S+) \{\s+return 404;", conf)
    moved = re.search(r"location ~ (\S+) \{\s+return 302 /current\$request_uri;", conf)
    assert hidden and moved
    for name in (
        "/publications.jsonl",
        "/corrections.jsonl",
        "/.publish.lock",
        "/.2026-11-23-aa.incoming/site/index.html",
    ):
        assert re.search(hidden[1], name), name
    for name in ("/status.css", "/status.json", "/index.html", "/archive.css", "/2026-11-23-aa/site/index.html"):
        assert not re.search(hidden[1], name) and not re.search(moved[1], name), name
    for name in ("/site/index.html", "/rankings.xlsx", "/parquet/rank_division.parquet"):
        assert re.search(moved[1], name), name
