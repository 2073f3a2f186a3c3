"""What an installation is made of, and what is known against it: `python -m deploy.supply audit | sbom`.

`audit` asks the vulnerability service of PyPI about every locked package (pip-audit). Where it cannot be reached,
nothing is known, and that is an outcome of its own: it ends with 4, or with 0 and the same words where
`--unreachable-is-told` says that somebody else will ask. `sbom` writes a CycloneDX list of each set of requirements.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from jiheng.files import sha256_of_file

if TYPE_CHECKING:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component
    from pip_requirements_parser import InstallRequirement  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"
BIN = Path(sys.executable).parent
OK, FOUND, UNKNOWN = 0, 1, 4
# Between them these hold every package of every other set.
AUDITED = ("develop", "spark")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.supply", description=__doc__)
    parser.add_argument("act", choices=("audit", "sbom"))
    parser.add_argument("--unreachable-is-told", action="store_true")
    parser.add_argument("--to", type=Path, default=ROOT / "var" / "sbom")
    given = parser.parse_args()
    sets = sorted(REQUIREMENTS.glob("*.txt"))
    if given.act == "sbom":
        write_sboms(sets, given.to)
        return
    code, told = verdict({name: audited(REQUIREMENTS / f"{name}.txt") for name in AUDITED})
    sys.stdout.write("\n".join(told) + "\n")
    sys.exit(OK if code == UNKNOWN and given.unreachable_is_told else code)


def audited(requirements: Path) -> Sequence[Mapping[str, Any]]:
    """What pip-audit says of each package of a set, as it is locked and without looking for others."""
    command = [str(BIN / "pip-audit"), "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    ended = subprocess.run([*command, "-r", str(requirements)], capture_output=True, text=True, check=False)
    try:
        found: list[dict[str, Any]] = json.loads(ended.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [{"name": requirements.stem, "skip_reason": ended.stderr.strip().splitlines()[-1:] or ["no answer"]}]
    return found


def verdict(answers: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[int, list[str]]:
    """How the audit ended, and what to say: faults that are known, then packages that nothing is known of."""
    packages = {row["name"]: row for rows in answers.values() for row in rows}
    faults = [line for row in packages.values() for line in _faults(row)]
    skipped = sorted(name for name, row in packages.items() if "skip_reason" in row)
    if len(skipped) == len(packages):
        return UNKNOWN, [
            "未能查询已知漏洞：连不上漏洞数据服务，等于没有检查 · NOT AUDITED: the service did not answer",
            "怎么办 help: 在能访问 PyPI 的机器上运行 make audit · run make audit where PyPI can be reached",
        ]
    unknown = [f"没有查到 not audited: {', '.join(skipped)}"] if skipped else []
    summary = f"查过 audited: {len(packages) - len(skipped)}，有已知漏洞 with known faults: {len(faults)}"
    return (FOUND if faults or skipped else OK), [*faults, *unknown, summary]


def _faults(row: Mapping[str, Any]) -> Iterable[str]:
    for fault in row.get("vulns", ()):
        mended = ", ".join(fault["fix_versions"]) or "尚无 none yet"
        yield f"{row['name']} {row['version']}: {fault['id']}，修复版本 mended in {mended}"


def write_sboms(sets: Iterable[Path], target: Path) -> None:
    """A CycloneDX list for each set, with the hashes that it is locked with; the same lock gives the same bytes."""
    from cyclonedx.output.json import JsonV1Dot6

    target.mkdir(parents=True, exist_ok=True)
    for requirements in sets:
        to = target / f"{requirements.stem}.cdx.json"
        to.write_text(JsonV1Dot6(sbom(requirements)).output_as_string(indent=2) + "\n", encoding="utf-8")
        sys.stdout.write(f"已写 written: {to}\n")


def sbom(requirements: Path) -> Bom:
    """What a locked set consists of, named after the lock's own bytes and without a time.

    Raises ValueError for a line that is no package in one version.
    """
    from cyclonedx.model.bom import Bom, BomMetaData
    from pip_requirements_parser import RequirementsFile

    lock = RequirementsFile.from_file(str(requirements))
    lines = [*lock.invalid_lines, *(one.requirement_line for one in lock.requirements if not one.is_pinned)]
    if unread := [one.line for one in lines]:
        raise ValueError(f"{requirements}: {'; '.join(unread)}")
    program = _program()
    metadata = BomMetaData(component=program)
    metadata.timestamp = None  # type: ignore[assignment]
    name = uuid5(NAMESPACE_URL, sha256_of_file(requirements))
    bom = Bom(serial_number=name, metadata=metadata, components=map(_part, lock.requirements))
    # A lock does not tell what is asked for from what that needs.
    bom.register_dependency(program, bom.components)
    return bom


def _program() -> Component:
    """What the parts are parts of, as pyproject.toml tells."""
    from cyclonedx.factory.license import LicenseFactory
    from cyclonedx.model.component import Component, ComponentType

    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    licences = [LicenseFactory().make_from_string(told["license"])]
    about = {"name": told["name"], "description": told["description"], "licenses": licences}
    return Component(type=ComponentType.APPLICATION, bom_ref=told["name"], **about)


def _part(locked: InstallRequirement) -> Component:
    from cyclonedx.model import ExternalReference, ExternalReferenceType, HashType, XsUri
    from cyclonedx.model.component import Component
    from packageurl import PackageURL

    url = PackageURL("pypi", name=locked.name, version=locked.get_pinned_version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(f"https://pypi.org/simple/{locked.name}/"),
        hashes=map(HashType.from_composite_str, locked.hash_options),
    )
    return Component(name=url.name, version=url.version, purl=url, bom_ref=str(url), external_references=[files])


if __name__ == "__main__":
    main()
