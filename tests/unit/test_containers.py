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
