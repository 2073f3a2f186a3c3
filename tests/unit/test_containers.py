"""Dockerfile, compose, Helm values, nginx and requirements agree; nobody gets a default password or a whole machine."""

import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from jiheng.monitoring.health import CHECKS
from jiheng.settings import PROJECT_ROOT
from tests.conftest import missing

COMPOSE = yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
DOCKERFILE = (PROJECT_ROOT / "Dockerfile").read_text(encoding="utf-8")
HELM = yaml.safe_load((PROJECT_ROOT / "deploy" / "helm" / "values.yaml").read_text(encoding="utf-8"))
OURS = {name: one for name, one in SERVICES.items() if "JIHENG_IMAGE" in one["image"]}
PINNED = re.compile(r"[\w./-]+:v?\d+(\.\d+)+[\w.-]*")


def test_the_services_are_those_that_were_agreed() -> None:
    assert set(SERVICES) - {"sql-page"} == {
        *("postgres", "redis", "objects", "airflow-init", "api-server", "scheduler"),
        *("dag-processor", "triggerer", "worker", "site"),
    }
    assert SERVICES["worker"]["scale"] == 2


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_limits_a_health_check_and_fewer_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"] and service["cpus"] and service["pids_limit"] and service["restart"]
    assert "no-new-privileges:true" in service["security_opt"]
    ends = name in ("airflow-init", "sql-page")
    assert service["healthcheck"].get("disable", False) is ends
    assert service["logging"]["options"]["max-size"]


def test_health_checks_ask_what_the_program_knows() -> None:
    asked = {one["healthcheck"]["test"][-1] for name, one in OURS.items() if name != "airflow-init"}
    assert asked == set(CHECKS)


def test_images_are_pinned() -> None:
    named = [re.sub(r"^\$\{\w+:-(.+)\}$", r"\1", one["image"]) for name, one in SERVICES.items() if name not in OURS]
    bases = re.findall(r"^ARG (?:PYTHON|NODE)=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    for image in {*named, *bases} - {"jiheng-sql-page"}:
        assert PINNED.fullmatch(image), image


def test_every_secret_is_a_file_that_the_start_makes() -> None:
    script = (PROJECT_ROOT / "deploy" / "containers" / "secrets.sh").read_text(encoding="utf-8")
    made = set(re.findall(r"\| put (\w+)", script))
    assert made == set(COMPOSE["secrets"])
    assert {one["file"] for one in COMPOSE["secrets"].values()} == {f"./secrets/{name}" for name in made}
    assert {name for one in SERVICES.values() for name in one.get("secrets", [])} == made


def test_no_environment_holds_a_password() -> None:
    secret = re.compile(r"PASSWORD|SECRET|_KEY|SQL_ALCHEMY_CONN|BROKER_URL|RESULT_BACKEND|CREDENTIALS")
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if secret.search(key):
                assert "/run/secrets/" in value, (name, key)
    assert "secrets" in (PROJECT_ROOT / ".dockerignore").read_text().split()
    assert "/secrets/" in (PROJECT_ROOT / ".gitignore").read_text().split()


def test_secrets_are_made_once_and_nobody_else_enters_their_folder(tmp_path: Path) -> None:
    script = tmp_path / "deploy" / "containers" / "secrets.sh"
    script.parent.mkdir(parents=True)
    shutil.copy(PROJECT_ROOT / "deploy" / "containers" / "secrets.sh", script)
    subprocess.run(["sh", script], check=True, capture_output=True)
    folder = tmp_path / "secrets"
    first = {file.name: file.read_text() for file in folder.iterdir()}
    assert set(first) == set(COMPOSE["secrets"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all((text and "\n" not in text.rstrip("\n")) or name == "s3_credentials" for name, text in first.items())
    assert first["postgres_password"] in first["database_url"] and not first["database_url"].endswith("\n")
    assert first["s3_auth_key"].count(",") == 1 and all(
        key in first["s3_credentials"] for key in first["s3_auth_key"].split(",")
    )
    (folder / "redis_password").unlink()
    subprocess.run(["sh", script], check=True, capture_output=True)
    second = {file.name: file.read_text() for file in folder.iterdir()}
    assert {name for name in first if first[name] != second[name]} == {"redis_password"}


def test_make_up_says_what_is_missing_where_there_is_no_docker(tmp_path: Path) -> None:
    ran = subprocess.run(
        ["/bin/sh", PROJECT_ROOT / "deploy" / "containers" / "up.sh"],
        env={"PATH": "/bin", "DOCKER_HOST": f"unix://{tmp_path}/none.sock"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 4 and "Docker" in ran.stderr and "怎么办 help" in ran.stderr


def test_a_lost_worker_is_noticed_in_about_a_minute_and_no_running_task_is_handed_out_twice() -> None:
    environment = SERVICES["worker"]["environment"]
    assert 30 <= int(environment["AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT"]) <= 90
    hours = [
        int(h) for h in re.findall(r"timedelta\(hours=(\d+)\)", (PROJECT_ROOT / "dags/nightly_rankings.py").read_text())
    ]
    assert int(environment["AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT"]) > 3600 * max(hours)
    assert environment["AIRFLOW__CELERY__TASK_ACKS_LATE"] == "True"
    places = int(environment["AIRFLOW__CELERY__WORKER_CONCURRENCY"]) * SERVICES["worker"]["scale"]
    assert f":-{places}}}" in environment["AIRFLOW__CORE__PARALLELISM"]


def test_requirements_of_the_image_are_locked_with_hashes() -> None:
    used = set(re.findall(r"-r (requirements/[\w-]+\.txt)", DOCKERFILE))
    assert {f"requirements/{name}.txt" for name in ("bootstrap", "runtime", "ocr", "object-store", "cluster")} == used
    assert DOCKERFILE.count("--require-hashes") == 3
    assert all("--hash=sha256:" in (PROJECT_ROOT / name).read_text() for name in used)


def test_helm_and_compose_say_the_same_to_airflow() -> None:
    environment = SERVICES["worker"]["environment"]
    told = {one["name"]: one["value"] for one in HELM["env"]}
    assert {"JIHENG_HOME", "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT"} <= told.keys()
    for name in told.keys() & environment.keys() - {"JIHENG_INBOX", "JIHENG_PUBLISH_TO", "AWS_ENDPOINT_URL"}:
        assert told[name] == environment[name], name
    assert HELM["airflowHome"] == environment["AIRFLOW_HOME"]


def test_compose_itself_takes_the_file() -> None:
    if not shutil.which("docker-compose"):
        missing("there is no docker-compose; `make system-packages` installs it")
    ran = subprocess.run(["docker-compose", "config", "--quiet"], cwd=PROJECT_ROOT, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if not nginx:
        missing("there is no nginx; `make system-packages` installs it")
    site = (
        (PROJECT_ROOT / "deploy" / "nginx.conf")
        .read_text(encoding="utf-8")
        .replace("listen 80", "listen 127.0.0.1:18081")
    )
    (tmp_path / "site.conf").write_text(
        site.replace("/etc/nginx/jiheng/*.conf", f"{PROJECT_ROOT}/deploy/containers/*.conf")
    )
    conf = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; include {tmp_path}/site.conf; }}"
    (tmp_path / "nginx.conf").write_text(conf)
    ran = subprocess.run([nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_services_that_read_the_home_do_not_write_it() -> None:
    assert "home:/var/lib/jiheng:ro" in COMPOSE["services"]["site"]["volumes"]
    assert "JIHENG_HOME=/var/lib/jiheng" in DOCKERFILE


def test_what_is_copied_and_mounted_exists() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    for name in [word for line in copied for word in line.split()[:-1]]:
        assert (PROJECT_ROOT / name).exists(), name
    assert (PROJECT_ROOT / "deploy" / "nginx.conf").exists()


def test_pages_are_only_offered_to_this_machine_and_nobody_is_root() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert len(ports) == 2 and all(port.startswith("127.0.0.1:") for port in ports)
    assert DOCKERFILE.count("\nUSER jiheng\n") == 2


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
