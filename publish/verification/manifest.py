"""The edition against its manifest, the manifest against the log of publication, and the log against itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jiheng.files import canonical_json, sha256_of_file
from publish import editions, records
from publish.verification.checks import Found, Impossible


def log_beside(edition: Path) -> Path | None:
    """The folder of editions whose log of publication lies beside the edition; None for a copy elsewhere."""
    folder = edition.resolve().parent
    return folder if (folder / records.RECORD_NAME).exists() else None


def log(folder: Path | None) -> Found:
    """Every record follows the one before it and is as it was written."""
    if folder is None:
        raise Impossible("旁边没有发布记录 there is no log beside this copy")
    events, problems = records.history(folder), records.broken(folder)
    last = (folder / records.RECORD_NAME).read_bytes().rstrip(b"\n").rpartition(b"\n")[2]
    try:
        json.loads(last)
    except ValueError:
        problems.append(
            f"{records.RECORD_NAME}: 最后一行不完整 the last line is no record; a crash cut it, or it was changed"
        )
    return Found(f"{len(events)} 条记录 records", problems)


def manifest(edition: Path, folder: Path | None) -> Found:
    """The manifest has the hash that was recorded when it was published, its own form, and the facts of about.json."""
    path = edition / editions.MANIFEST_NAME
    if not path.is_file():
        return Found("", [f"{editions.MANIFEST_NAME} 缺失 is missing: 该期从未完成 it was never completed"])
    problems = _form(edition)
    recorded = _recorded(folder, edition.resolve().name) if folder else None
    if folder is not None and recorded is None:
        problems.append(f"发布记录中没有这一期 {edition.resolve().name} is not in the log of publication")
    expected = (recorded or {}).get("manifest_sha256")
    if expected and sha256_of_file(path) != expected:
        problems.append(
            f"{editions.MANIFEST_NAME} 与发布时记录的校验值不符 is not the one that was published at {recorded['at']}"  # type: ignore[index]
        )
    if expected:
        return Found(f"发布记录 {expected[:12]}… recorded", problems)
    return Found("没有发布时的校验值可比，只核对了内部一致 no recorded hash to compare with", problems)


def _recorded(folder: Path, edition_id: str) -> Mapping[str, Any] | None:
    found = [
        event
        for event in records.history(folder)
        if event.get("event") == "publish" and event.get("edition_id") == edition_id
    ]
    return found[-1] if found else None


def _form(edition: Path) -> list[str]:
    """What is wrong with the manifest as far as it can tell by itself."""
    text = (edition / editions.MANIFEST_NAME).read_bytes()
    try:
        found = json.loads(text)
        canonical = canonical_json(found, indent=2) + "\n"
        about = json.loads((edition / editions.ABOUT_NAME).read_bytes())
        differing = [name for name in about if found.get(name) != about[name]]
        found["files"].items(), found["tables"].items()
    except (ValueError, OSError, KeyError, AttributeError, TypeError) as error:
        return [f"{editions.MANIFEST_NAME} 无法解析 cannot be read: {error}"]
    problems = [f"{editions.MANIFEST_NAME} 与 {editions.ABOUT_NAME} 不一致 differ in {name}" for name in differing]
    if canonical.encode() != text:
        problems.append(f"{editions.MANIFEST_NAME} 的写法被改动 is not written as the program writes it")
    return problems


def files(edition: Path, differing: Mapping[str, str]) -> Found:
    """Hashes and lengths of all files are those of the manifest; none is missing, none is added."""
    listed = _listed(edition)
    total = sum(entry["bytes"] for entry in listed.values())
    return Found(f"{len(listed)} 个文件 files, {total:,} bytes", list(differing.values()))


def differing(edition: Path) -> dict[str, str]:
    """The files that are not as the manifest has them, each with a sentence; none where it cannot be read itself."""
    try:
        listed, problems = _listed(edition), editions.verify(edition)
    except Impossible:
        return {}
    found = {}
    for problem in problems:
        name = next((name for name in listed if problem.startswith(f"{name} ")), problem)
        found[name] = problem
    for name, entry in listed.items():
        if name not in found and (edition / name).stat().st_size != entry["bytes"]:
            found[name] = f"{name} 的长度与清单不符 has another length than the manifest says"
    return found


def _listed(edition: Path) -> dict[str, dict[str, Any]]:
    try:
        listed: dict[str, dict[str, Any]] = json.loads((edition / editions.MANIFEST_NAME).read_bytes())["files"]
        if all(isinstance(entry["bytes"], int) and entry["sha256"] for entry in listed.values()):
            return listed
    except (ValueError, OSError, KeyError, TypeError, AttributeError):
        pass
    raise Impossible("清单无法读取 the manifest cannot be read")
