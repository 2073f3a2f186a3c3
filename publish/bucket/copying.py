"""An edition copied to a place: what is there and the same is not sent again, and the manifest comes last."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publish.bucket.store import BucketError, content, found, sha256_of_object
from publish.editions import MANIFEST_NAME, verify
from publish.signing import SIGNATURE_NAME

if TYPE_CHECKING:
    from upath import UPath

# How many objects travel at once: an edition of a province is some 15,000 files, most of them small.
AT_ONCE = 16
# Larger files travel in parts of this size; a store's mark of such an object is made from the marks of its parts.
PART_BYTES = 50 << 20
# How often a file is sent that does not arrive, and the seconds before the next time.
TRIES, PAUSE = 4, 1.0
# Sent after everything else, in this order: where there is a manifest, all of the edition is there.
LAST = (SIGNATURE_NAME, MANIFEST_NAME)


class NotTheSameError(BucketError):
    """The place has another edition under this id."""


@dataclass(frozen=True)
class Copied:
    """How many objects were sent, and how many were there already."""

    sent: int
    kept: int


def copy(place: UPath, edition: Path) -> Copied:
    """Copy an edition to `<place>/<edition_id>/`, each object compared with its file. May be killed and done again.

    Nothing is sent of an edition that is not as its manifest says.

    Raises NotTheSameError when a complete edition of this id says otherwise there, BucketError when an object is not
    as sent, and whatever the store raises.
    """
    target = place / edition.name
    manifest = (edition / MANIFEST_NAME).read_bytes()
    there = content(target / MANIFEST_NAME)
    if there is not None and there != manifest:
        raise NotTheSameError(
            f"{target} 已有另一份同号的期，没有改动 · the place has another edition of this id, which was left alone"
        )
    if changed := verify(edition):
        raise BucketError(f"{edition.name} 与清单不符，没有发送 is not as published: {'；'.join(changed[:5])}")
    hashes = {name: str(entry["sha256"]) for name, entry in json.loads(manifest)["files"].items()}
    wanted = [*hashes, *(name for name in LAST if (edition / name).exists())]
    missing = _differing(target, edition, wanted, hashes)
    for batch in ([name for name in missing if name not in LAST], *([name] for name in LAST if name in missing)):
        _send_surely(target, edition, batch, hashes)
    return Copied(len(missing), len(wanted) - len(missing))


def _send_surely(target: UPath, edition: Path, names: list[str], hashes: Mapping[str, str]) -> None:
    """Send files until all are there as they are here: a store may refuse one of many for a moment."""
    for left in reversed(range(TRIES)):
        try:
            _send(target, edition, names)
        except OSError:  # what the store answered; one that does not answer raises something else
            if not left:
                raise
            time.sleep(PAUSE)
        names = _differing(target, edition, names, hashes)
        if not names:
            return
    raise BucketError(f"{target}: 送到后与原件不符 not as sent: {'、'.join(names[:5])}")


def _send(target: UPath, edition: Path, names: list[str]) -> None:
    """Send files, many at once where the store's client can."""
    if not names:
        return
    here, there = [str(edition / name) for name in names], [(target / name).path for name in names]
    if getattr(target.fs, "async_impl", False):
        parts = {"chunksize": PART_BYTES} if hasattr(target.fs, "call_s3") else {}
        target.fs.put(here, there, batch_size=AT_ONCE, **parts)
        return
    for parent in sorted({str(Path(path).parent) for path in there}):
        target.fs.makedirs(parent, exist_ok=True)
    for path, destination in zip(here, there, strict=True):
        target.fs.put_file(path, destination)


def _differing(target: UPath, edition: Path, names: Iterable[str], hashes: Mapping[str, str]) -> list[str]:
    """Which of the files are not there, or not the same."""
    listing = found(target)
    same = partial(_is_same, target, edition, listing, hashes)
    wanted = list(names)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [name for name, is_same in zip(wanted, threads.map(same, wanted), strict=True) if not is_same]


def _is_same(
    target: UPath, edition: Path, listing: Mapping[str, Mapping[str, Any]], hashes: Mapping[str, str], name: str
) -> bool:
    """Whether an object is the file: by length, and by the store's mark where it is made from the content, else by
    reading the object back.
    """
    facts, path = listing.get(name), edition / name
    if facts is None or facts.get("size") != path.stat().st_size:
        return False
    if str(facts.get("ETag") or "").strip('"') in _marks(path):
        return True
    expected = hashes.get(name) or hashlib.sha256(path.read_bytes()).hexdigest()
    return sha256_of_object(target / name) == expected


def _marks(path: Path) -> tuple[str, str]:
    """The marks that an S3-compatible store gives a file: MD5 of the whole, or of the MD5s of its parts."""
    whole, parts, count = hashlib.md5(usedforsecurity=False), hashlib.md5(usedforsecurity=False), 0
    with path.open("rb") as stream:
        while part := stream.read(PART_BYTES):
            whole.update(part)
            parts.update(hashlib.md5(part, usedforsecurity=False).digest())
            count += 1
    return whole.hexdigest(), f"{parts.hexdigest()}-{count}"
