"""`jiheng verify`: everything that is asked of an edition, and of the lake beneath it, in one list."""

from __future__ import annotations

from pathlib import Path

from jiheng.settings import Settings
from publish import editions, verification
from publish.verification import Check, Found, Impossible

RANK_FACTS = "parquet/"


class NoEditionError(ValueError):
    """There is no such edition."""


def find(settings: Settings, named: str | None) -> Path:
    """The edition that is meant: an id, a directory wherever it lies, or the current one. Raises NoEditionError."""
    if named is None:
        standing = editions.current(settings.editions)
        if standing is None:
            raise NoEditionError("还没有发布任何一期 nothing has been published yet")
        return standing
    for path in (settings.editions / named, Path(named)):
        if named not in (".", "..") and path.is_dir():
            return path.resolve()
    raise NoEditionError(f"没有这一期 no such edition: {named}")


def verify(settings: Settings, edition: Path, public_key: Path | None = None) -> list[Check]:
    """Do every check of an edition; where it is one of this installation's own, look at the lake too."""
    checks = verification.examine(edition, public_key or settings.public_key)
    checks.append(
        verification.looked_at(
            "ranks",
            "名次和得分可由发布的事实重新算出",
            "ranks and scores follow from the published facts",
            lambda: _ranks(edition),
        )
    )
    if settings.lake.exists() and edition.parent == settings.editions:
        checks.append(
            verification.looked_at(
                "lake",
                "数据湖中的文件与登记一致",
                "files of the lake are as recorded",
                lambda: _lake(settings),
            )
        )
    return checks


def _ranks(edition: Path) -> Found:
    """Work every rank out again from the Parquet files."""
    from ranking.recomputed import differences

    suspect = verification.suspects(edition)
    if bad := sorted(name for name in suspect.names if name.startswith(RANK_FACTS)):
        raise Impossible(f"文件已被改动 changed files: {'、'.join(bad[:5])}")
    found, compared = differences(edition / "parquet")
    return Found(f"{compared:,} 行 rows", [str(difference) for difference in found])


def _lake(settings: Settings) -> Found:
    from ingest.lake import Lake

    return Found("", Lake(settings.lake).damage())
