"""A Docker engine and base images, where this machine has none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import yaml

from jiheng.settings import PROJECT_ROOT

IMAGES = Path(__file__).with_name("images")
CA_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
DEBIAN = "debian:bookworm-slim"
START_SECONDS = 60
# Marks images that were made here, also by an earlier run.
STAND_IN = "jiheng.stand-in"
# Which recipe stands in for an image that cannot be had.
STAND_INS = {"python": "python", "postgres": "postgres", "redis": "redis", "nginx": "nginx", "rclone/rclone": "rclone"}


class Engine:
    """The engine that answers here, or one of our own below `scratch`, until the end."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        # Debian's own client knows BuildKit; another one on the path may lack its plugin.
        self.environment = {"PATH": f"/usr/bin:{os.environ['PATH']}", "DOCKER_BUILDKIT": "1"}
        self.daemon: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Engine:
        missing = [name for name in ("docker", "docker-compose") if not shutil.which(name, path="/usr/bin")]
        if missing:
            sys.exit(
                f"错误 error: 没有 missing {missing}. 怎么办 help: apt-get install docker.io docker-compose debootstrap"
            )
        try:
            if not self._answers():
                self._start()
            self._make_images()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.daemon:
            self.daemon.terminate()
            self.daemon.wait(60)
            self._unmount()

    def facts(self) -> dict[str, object]:
        """Versions, and which images were made here."""
        return {
            "docker": self._docker("version", "--format", "{{.Server.Version}}").strip(),
            "docker_compose": self._run("docker-compose", "version", "--short").strip(),
            "storage_driver": self._docker("info", "--format", "{{.Driver}}").strip(),
            "cores": os.cpu_count(),
            "own_engine": self.daemon is not None,
            "stand_ins": [name for name in images() if self._has(name, f"--filter=label={STAND_IN}")],
        }

    def _answers(self) -> bool:
        return subprocess.run(["docker", "info"], env=self._env(), capture_output=True, check=False).returncode == 0

    def _start(self) -> None:
        socket = f"unix://{self.scratch}/d.sock"
        self.environment |= {"DOCKER_HOST": socket, "JIHENG_BUILD_NETWORK": "host"}
        if CA_BUNDLE.exists():
            self.environment["JIHENG_CA_BUNDLE"] = str(CA_BUNDLE)
        places = {"data-root": "data", "exec-root": "exec", "pidfile": "pid"}
        options = [f"--{option}={self.scratch / name}" for option, name in places.items()]
        command = ["dockerd", *options, f"--host={socket}", "--storage-driver=overlay2"]
        log = (self.scratch / "dockerd.log").open("wb")
        self.daemon = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > end or self.daemon.poll() is not None:
                sys.exit(
                    "错误 error: dockerd 未能启动 did not start\n" + (self.scratch / "dockerd.log").read_text()[-2000:]
                )
            time.sleep(0.5)

    def _make_images(self) -> None:
        for name in images():
            if not self._has(name) and not self._pull(name):
                self._make(name)

    def _has(self, name: str, *options: str) -> bool:
        return bool(self._docker("images", "--quiet", *options, name).strip())

    def _pull(self, name: str) -> bool:
        # An engine of our own stands where no registry is reachable; asking for each image would cost a minute.
        if self.daemon:
            return False
        command = ["docker", "pull", "--quiet", name]
        return subprocess.run(command, env=self._env(), capture_output=True, check=False).returncode == 0

    def _make(self, name: str) -> None:
        if not self._has(DEBIAN):
            root = self.scratch / "debian"
            self._run("debootstrap", "--variant=minbase", "bookworm", str(root), "http://deb.debian.org/debian")
            packed = subprocess.Popen(["tar", "-C", str(root), "-c", "."], stdout=subprocess.PIPE)
            subprocess.run(
                ["docker", "import", "-", DEBIAN], env=self._env(), stdin=packed.stdout, check=True, capture_output=True
            )
            shutil.rmtree(root)
        context = self.scratch / "context"
        context.mkdir(exist_ok=True)
        shutil.copy2(Path(sys.executable).with_name("rclone"), context / "rclone")
        recipe = IMAGES / f"{STAND_INS[name.rpartition(':')[0]]}.Dockerfile"
        options = ["--network=host", "--quiet", f"--label={STAND_IN}=yes", f"--tag={name}", f"--file={recipe}"]
        self._docker("build", *options, str(context))

    def _unmount(self) -> None:
        """What a killed engine leaves mounted would keep its folder from being removed."""
        for line in reversed(Path("/proc/self/mounts").read_text().splitlines()):
            if (place := line.split()[1]).startswith(f"{self.scratch}/"):
                subprocess.run(["umount", "--lazy", place], check=False)

    def _env(self) -> dict[str, str]:
        return os.environ | self.environment

    def _docker(self, *arguments: str) -> str:
        return self._run("docker", *arguments)

    def _run(self, *command: str) -> str:
        ran = subprocess.run(command, env=self._env(), capture_output=True, text=True, check=False)
        if ran.returncode:
            raise RuntimeError(f"{' '.join(command)}\n{(ran.stdout + ran.stderr)[-2000:]}")
        return ran.stdout


def images() -> list[str]:
    """Every foreign image that Dockerfile and docker-compose.yml name, but for the optional SQL page's."""
    services = yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    named = [re.sub(r"^\$\{\w+:-(.+)\}$", r"\1", one["image"]) for one in services.values()]
    python = re.findall(r"^ARG PYTHON=(\S+)$", (PROJECT_ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    return [*python, *(name for name in dict.fromkeys(named) if not name.startswith("jiheng"))]
