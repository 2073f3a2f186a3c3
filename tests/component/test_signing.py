"""Signed manifests: made by a key that nobody else can read, checked by Jiheng and by minisign itself."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from jiheng.settings import PROJECT_ROOT
from publish import acts, editions, signing
from publish.verification.checks import Impossible
from publish.verification.signature import signature
from tests.component import edition_fixture as made
from tests.conftest import missing

SEED = 20261122


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JIHENG_SIGNING_KEY", "JIHENG_SIGNING_PASSWORD_FILE", "JIHENG_PUBLIC_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key that is configured."""
    made_key, _ = signing.new_keys(tmp_path / "keys")
    monkeypatch.setenv("JIHENG_SIGNING_KEY", str(made_key))
    return made_key


def private(folder: Path, edition_id: str = "e1") -> Path:
    edition = folder / f"private-{edition_id}"
    edition.mkdir()
    with duckdb.connect(str(edition / "warehouse.duckdb")) as con:
        con.execute("CREATE TABLE rank_division AS SELECT 1 AS division_key")
    editions.begin(edition, made.facts(edition_id))
    return edition


def published(folder: Path, edition_id: str = "e1") -> Path:
    edition = private(folder, edition_id)
    editions.complete(edition, made.facts(edition_id))
    acts.publish(edition, folder / "editions")
    return folder / "editions" / edition_id


def test_nothing_is_signed_without_a_key(tmp_path: Path) -> None:
    edition = published(tmp_path)
    assert not (edition / signing.SIGNATURE_NAME).exists()
    assert not list(edition.parent.glob("*.pub"))
    with pytest.raises(Impossible):
        signature(edition, None)


def test_a_signature_names_its_edition_and_is_no_file_of_the_manifest(secret: Path, tmp_path: Path) -> None:
    edition = published(tmp_path)
    public = secret.with_name("minisign.pub")
    comment = signing.verified(edition / "manifest.json", edition / signing.SIGNATURE_NAME, public)
    assert comment == f"edition e1 as-of {made.AS_OF}"
    assert editions.verify(edition) == []
    assert signature(edition, public).problems == []
    assert (edition.parent / "minisign.pub").read_bytes() == public.read_bytes()
    beside = signature(edition, None)
    assert beside.problems == [] and "不证明出自谁手" in beside.looked_at


def test_the_program_minisign_agrees(secret: Path, tmp_path: Path) -> None:
    program = shutil.which("minisign")
    if not program:
        missing("there is no minisign (a Debian package)")
    edition = published(tmp_path)
    command = [program, "-Vm", str(edition / "manifest.json"), "-p", str(secret.with_name("minisign.pub"))]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0 and "edition e1" in ran.stdout
    (edition / "manifest.json").chmod(0o644)
    (edition / "manifest.json").write_bytes((edition / "manifest.json").read_bytes() + b" ")
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_a_bit_changed_in_the_signature_or_the_manifest_is_found(secret: Path, tmp_path: Path) -> None:
    edition, public, chance = published(tmp_path), secret.with_name("minisign.pub"), random.Random(SEED)
    for name in (signing.SIGNATURE_NAME, "manifest.json"):
        path = edition / name
        path.chmod(0o644)
        sound = path.read_bytes()
        for _ in range(60):
            changed = bytearray(sound)
            place = chance.randrange(len(changed))
            changed[place] ^= 1 << chance.randrange(8)
            path.write_bytes(changed)
            with pytest.raises((signing.SigningError, ValueError)):
                signature(edition, public)
        path.write_bytes(sound)
    assert signature(edition, public).problems == []


def test_a_signature_of_another_edition_or_key_does_not_serve(secret: Path, tmp_path: Path) -> None:
    one, two = published(tmp_path), published(tmp_path, "e2")
    _, stranger = signing.new_keys(tmp_path / "stranger")
    with pytest.raises(signing.SigningError, match="不符"):
        signature(one, stranger)
    for name in ("manifest.json", signing.SIGNATURE_NAME):
        (one / name).chmod(0o644)
        shutil.copy(two / name, one / name)
    assert "e2" in signature(one, secret.with_name("minisign.pub")).problems[0]
    (two / signing.SIGNATURE_NAME).unlink()
    assert "缺失" in signature(two, secret.with_name("minisign.pub")).problems[0]


def test_old_signatures_hold_after_a_change_of_keys(
    secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = published(tmp_path)
    newer, _ = signing.new_keys(tmp_path / "newer")
    monkeypatch.setenv("JIHENG_SIGNING_KEY", str(newer))
    new = published(tmp_path, "e2")
    assert signature(old, None).problems == signature(new, None).problems == []
    assert len(list(old.parent.glob("minisign-*.pub"))) == 2


def test_a_key_that_cannot_be_used_stops_the_publication(
    secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = tmp_path / "password"
    password.write_text("秘密\n", encoding="utf-8")
    password.chmod(0o600)
    locked, _ = signing.new_keys(tmp_path / "locked", "秘密")
    wrong = tmp_path / "wrong"
    wrong.write_text("another\n")
    wrong.chmod(0o600)
    damaged = tmp_path / "damaged.key"
    content = bytearray(secret.read_bytes())
    content[-60] ^= 1
    damaged.write_bytes(content)
    damaged.chmod(0o600)
    nonsense = tmp_path / "nonsense.key"
    nonsense.write_text("nonsense")
    nonsense.chmod(0o600)
    edition = private(tmp_path)
    for key, said, words in (
        (tmp_path / "none.key", None, "无法读取"),
        (nonsense, None, "无法使用"),
        (damaged, None, "无法使用|损坏"),
        (locked, None, "JIHENG_SIGNING_PASSWORD_FILE"),
        (locked, wrong, "无法使用"),
    ):
        monkeypatch.setenv("JIHENG_SIGNING_KEY", str(key))
        monkeypatch.setenv("JIHENG_SIGNING_PASSWORD_FILE", str(said or ""))
        with pytest.raises(signing.SigningError, match=words):
            editions.complete(edition, made.facts())
    monkeypatch.setenv("JIHENG_SIGNING_PASSWORD_FILE", str(password))
    editions.complete(edition, made.facts())
    assert (edition / signing.SIGNATURE_NAME).exists()
    locked.chmod(0o640)
    with pytest.raises(signing.SigningError, match="chmod 600"):
        editions.complete(edition, made.facts())


def test_a_key_that_is_not_the_one_announced_stops_the_publication(
    secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, announced = signing.new_keys(tmp_path / "announced")
    monkeypatch.setenv("JIHENG_PUBLIC_KEY", str(announced))
    edition = private(tmp_path)
    with pytest.raises(signing.SigningError, match="不符"):
        editions.complete(edition, made.facts())
    assert not (edition / signing.SIGNATURE_NAME).exists()


def test_keys_are_made_for_their_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jiheng", "keys", "new", str(tmp_path / "keys")]
    ran = subprocess.run(command, cwd=PROJECT_ROOT, env=os.environ.copy(), capture_output=True, text=True, check=False)
    assert ran.returncode == 0 and "JIHENG_SIGNING_KEY" in ran.stdout
    secret = tmp_path / "keys" / "minisign.key"
    assert secret.stat().st_mode & 0o777 == 0o600
    before = secret.read_bytes()
    ran = subprocess.run(command, cwd=PROJECT_ROOT, env=os.environ.copy(), capture_output=True, text=True, check=False)
    assert ran.returncode == 1 and "不覆盖" in ran.stderr and secret.read_bytes() == before
