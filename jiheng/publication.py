"""The act of publication: an edition is made and published, held for people to look at, or released by an officer."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from jiheng.bulletin_style import bulletin_style
from jiheng.files import alone, key_of, write_json
from jiheng.identity import code_version, method_ids
from jiheng.settings import LOCAL_TIME, Settings
from jiheng.warehouse import WAREHOUSE, NothingBuiltError

GATE = "gate.json"
HELD_FACTS = "held.json"
LEAST_WORDS = 4
GONE = "这次运行建好的一期已不在，请从“建仓”起清除再运行 · what this run built is gone: clear from build_warehouse on"
OVERRIDDEN = "override"
# What the log says of a release.
SAID = ("who", "why", "expectations")


class GateHeld(RuntimeError):
    """The gate holds tonight's edition, the last one stands; `why` tells each expectation that holds it."""

    def __init__(self, why: list[str]) -> None:
        super().__init__("; ".join(why))
        self.why = why


class OverrideError(ValueError):
    """An edition that cannot be released in spite of the gate, and why."""


@dataclass(frozen=True)
class Candidate:
    """A private edition with a gate decision: where it lies, what it was built from, the edition it follows, and the
    time up to which the lake and the log are looked at.
    """

    private: Path
    edition: Mapping[str, str]
    previous: Path | None
    as_of: datetime
    override: Mapping[str, Any] | None = None

    @property
    def edition_id(self) -> str:
        """The name that it will be published under."""
        return self.edition["edition_id"]

    @property
    def gate(self) -> dict[str, Any]:
        """What the gate said of it."""
        found: dict[str, Any] = json.loads((self.private / GATE).read_text(encoding="utf-8"))
        return found


def publish(settings: Settings, candidate: Candidate, event: Mapping[str, Any], past: bool = False) -> dict[str, Any]:
    """Make every file of the candidate, complete it, and point at it. Gives its facts and what became of it.

    `past` says that an edition with older data than the current one is meant.

    Raises `GateHeld` when the gate holds it, or when the finished files show what they must not: nothing is moved then.
    """
    from jiheng import sending
    from publish import acts, editions

    if not candidate.private.is_dir():
        return _published_before(settings, candidate, event)
    if candidate.gate["decision"] == "hold":
        raise GateHeld(_why(candidate.private))
    facts = _facts(settings, candidate)
    _write_edition(settings, candidate, facts)
    _inspect(candidate)
    editions.complete(candidate.private, facts)
    about = {"gate": facts["gate_decision"], "finals": {year: one["revision"] for year, one in facts["finals"].items()}}
    # What an officer looked at and released follows the edition that stood then, and no other.
    follows = (candidate.previous.name if candidate.previous else "") if candidate.override else None
    outcome = acts.publish(candidate.private, settings.editions, {**event, **about}, past, follows)
    ranked = facts["coverage"]["ranked_divisions"]
    return {"publication": outcome, "ranked": ranked, "sent": sending.send(settings)}


def _published_before(settings: Settings, candidate: Candidate, event: Mapping[str, Any]) -> dict[str, Any]:
    """What became of an edition whose private files an earlier try of this step has put into their place.

    Raises `GateHeld` where it was held, `NothingBuiltError` where its files are nowhere any more.
    """
    from jiheng import sending
    from publish import acts

    if (settings.home / "held" / candidate.edition_id / HELD_FACTS).is_file():
        raise GateHeld(_why(settings.home / "held" / candidate.edition_id))
    place = settings.editions / candidate.edition_id
    outcome = acts.finish(candidate.edition_id, settings.editions, candidate.edition["data_time"], event)
    if outcome is None:
        raise NothingBuiltError(GONE)
    return {"publication": outcome, **_ranked(place), "sent": sending.send(settings)}


def _ranked(edition: Path) -> dict[str, int]:
    """How many divisions an edition ranks; nothing where it is not there, overtaken before it was in its place."""
    from publish import editions

    return {"ranked": editions.manifest_of(edition)["coverage"]["ranked_divisions"]} if edition.is_dir() else {}


def decided(settings: Settings, private: Path) -> dict[str, Any]:
    """What the gate said of an edition that was made from the private one, wherever it lies by now.

    Raises `NothingBuiltError` where it is nowhere any more.
    """
    places = (private, settings.editions / private.name, settings.home / "held" / private.name)
    for place in places:
        if (place / GATE).is_file():
            found = json.loads((place / GATE).read_text(encoding="utf-8"))
            return {"decision": found["decision"], "holding": _why(place), "waivers": found.get("waivers", [])}
    raise NothingBuiltError(GONE)


def _inspect(candidate: Candidate) -> None:
    """Scan every file that was written. What an officer has released stays released, but no personal data with it."""
    from jiheng import gate

    if why := gate.inspect(candidate.private, candidate.previous):
        raise GateHeld(why)
    if candidate.override:
        decided = {"decision": OVERRIDDEN, "override": candidate.override}
        write_json(candidate.private / GATE, candidate.gate | decided)


def hold(settings: Settings, candidate: Candidate, why: list[str], night: Mapping[str, str]) -> dict[str, Any]:
    """Set a held edition aside where people can look at it, and put the hold on record, once. Gives what stands."""
    held = settings.home / "held" / candidate.edition_id
    if candidate.private.is_dir():
        _set_aside(settings, candidate, why, night)
    ids = [row["expectation_id"] for row in _holding(held)]
    return record_hold(settings, candidate.edition_id, why, ids, night["run_id"]) | {"held": str(held)}


def _set_aside(settings: Settings, candidate: Candidate, why: list[str], night: Mapping[str, str]) -> None:
    held = settings.home / "held" / candidate.edition_id
    previous = candidate.previous.name if candidate.previous else None
    kept: dict[str, Any] = {"edition": dict(candidate.edition), "night": dict(night), "previous": previous}
    kept |= {"code_version": code_version(), "why": why}
    write_json(candidate.private / HELD_FACTS, kept)
    held.parent.mkdir(parents=True, exist_ok=True)
    with alone(settings.home / ".held.lock"):
        shutil.rmtree(held, ignore_errors=True)
        candidate.private.rename(held)


def record_hold(
    settings: Settings, edition_id: str | None, why: list[str], ids: list[str], run_id: str | None = None
) -> dict[str, Any]:
    """Put a hold on record; without an edition when the night ended before one was built. Gives what stands.

    One without an edition is told once a day: an intake tries again every few minutes. One of a run is told once.
    """
    from jiheng import sending
    from publish import acts, editions

    hold = {"event": "hold", "edition_id": edition_id, "why": why, "expectations": ids}
    is_told = _was_told(settings, edition_id, run_id) if edition_id else _was_told_today(settings, ids)
    if not is_told:
        acts.note(settings.editions, hold | ({"run_id": run_id} if run_id else {}))
        sending.send(settings)
    standing = editions.current(settings.editions)
    return {"publication": "held", "gate": "hold", "holding": why, "standing": standing.name if standing else None}


def _was_told(settings: Settings, edition_id: str, run_id: str | None) -> bool:
    from publish import editions

    holds = (one for one in editions.history(settings.editions) if one.get("event") == "hold")
    return run_id is not None and (edition_id, run_id) in {(one["edition_id"], one.get("run_id")) for one in holds}


def _was_told_today(settings: Settings, ids: list[str]) -> bool:
    from publish import editions

    for last in editions.history(settings.editions)[-1:]:
        day = datetime.fromisoformat(last["at"]).astimezone(LOCAL_TIME).date()
        return last.get("expectations") == ids and day == datetime.now(LOCAL_TIME).date()
    return False


def question(settings: Settings, edition_id: str) -> dict[str, str]:
    """What an officer is asked about a held edition: subject and body (Markdown), and the edition's id.

    Raises `OverrideError` while nothing is set aside under this id.
    """
    candidate = _held(settings, edition_id)
    standing = candidate.previous.name if candidate.previous else "（无 none）"
    lines = [
        f"- **{row['expectation_id']}** {row['message_zh']} · {row['message_en']}"
        for row in _holding(candidate.private)
    ]
    body = [
        f"现行期 still standing: `{standing}`",
        *lines,
        "放行须写明理由，放行人与理由将印在每一页上。 A release needs a reason; name and reason stand on every page.",
    ]
    subject = f"{edition_id} 期被门禁拦截，是否放行？ The gate holds it: release?"
    return {"edition_id": edition_id, "subject": subject, "body": "\n\n".join(body)}


def release(
    settings: Settings, edition_id: str, who: str, why: str, moment: datetime, via: str = "airflow"
) -> dict[str, Any]:
    """Publish a held edition in spite of the gate, on an officer's word, which every page of it will bear.

    `who` is the officer's name or account in the register, `via` where they said so (airflow, cli or desk).
    Raises `OverrideError` for an edition that is not held, that a later one has overtaken, or that no one may release;
    `NotAuthorisedError` for somebody who is not registered.
    """
    from ingest.officers import authorised
    from publish import acts

    officer = authorised(settings.registers, who, OVERRIDDEN, moment.astimezone(LOCAL_TIME).date())
    candidate = _held(settings, edition_id)
    ids = _released(candidate, why)
    override = {
        "who": officer.name,
        "why": why.strip(),
        "at": moment.isoformat(timespec="seconds"),
        "expectations": ids,
    }
    about = {key: override[key] for key in SAID}
    made = replace(_copy(settings, candidate), override=override)
    write_json(made.private / GATE, made.gate | {"decision": OVERRIDDEN, "override": override})
    result = publish(settings, made, {"run_id": f"override__{override['at']}", "override": about}, past=True)
    if result["publication"] != "published":
        raise OverrideError(f"{edition_id} 期没有发布：其间另有一期发布 · another edition was published meanwhile")
    acts.note(settings.editions, {"event": OVERRIDDEN, "edition_id": edition_id, "via": via, **about})
    shutil.rmtree(candidate.private)
    return {"edition_id": edition_id, "override": override, **result}


def released(settings: Settings, edition_id: str) -> dict[str, Any] | None:
    """The release of an edition that stands already, for a step that is run again; None where it was not released.

    What a try that was killed has left undone is made up for.
    """
    from publish import acts, editions

    standing = editions.current(settings.editions)
    if standing is None or standing.name != edition_id:
        return None
    override = editions.manifest_of(standing).get("override")
    if not override:
        return None
    told = [one for one in editions.history(settings.editions) if one.get("event") == OVERRIDDEN]
    if edition_id not in {one["edition_id"] for one in told}:
        acts.note(settings.editions, {"event": OVERRIDDEN, "edition_id": edition_id} | {k: override[k] for k in SAID})
    shutil.rmtree(settings.home / "held" / edition_id, ignore_errors=True)
    return {"edition_id": edition_id, "override": override, "publication": "unchanged"}


def _held(settings: Settings, edition_id: str) -> Candidate:
    """A held edition as it was set aside. Raises `OverrideError` where there is none to release any more."""
    from publish import editions

    held = settings.home / "held" / edition_id
    if not (held / HELD_FACTS).is_file():
        raise OverrideError(f"没有被拦截的 {edition_id} 期 · no edition {edition_id} is held")
    kept = json.loads((held / HELD_FACTS).read_text(encoding="utf-8"))
    standing = editions.current(settings.editions)
    if (standing.name if standing else None) != kept["previous"]:
        raise OverrideError(
            f"{edition_id} 期被拦截之后，现行期已变为 {standing.name if standing else '无'}，请重新运行一夜"
            " · another edition stands now; run the night again"
        )
    if kept["code_version"] != code_version():
        raise OverrideError(
            f"{edition_id} 期由程序 {kept['code_version']} 建成，现为 {code_version()}，请重新运行一夜"
            " · the program has changed since; run the night again"
        )
    return Candidate(held, kept["edition"], standing, datetime.fromisoformat(kept["night"]["as_of"]))


def _released(candidate: Candidate, why: str) -> list[str]:
    """Ids of the expectations that a release would set aside. Raises `OverrideError` for those that none may."""
    if len(why.strip()) < LEAST_WORDS:
        raise OverrideError("请写明放行的理由 · say why, in a few words at least")
    holding = _holding(candidate.private)
    if not (candidate.private / WAREHOUSE).is_file():
        raise OverrideError("这一期没有建成数据仓库，不能放行 · it has no warehouse to publish")
    fixed = sorted(row["expectation_id"] for row in holding if not row.get("overridable", True))
    if fixed:
        raise OverrideError(f"{'、'.join(fixed)} 不能放行，须先改正 · these may not be overridden: they must be mended")
    return sorted(row["expectation_id"] for row in holding)


def _why(private: Path) -> list[str]:
    return [f"{row['expectation_id']} {row['message_zh']}" for row in _holding(private)]


def _holding(private: Path) -> list[dict[str, Any]]:
    gate = json.loads((private / GATE).read_text(encoding="utf-8"))
    return [row for row in gate["results"] if row["decision"] == "hold"]


def _copy(settings: Settings, candidate: Candidate) -> Candidate:
    """The held edition as a private one again; the held one stays until it is published."""
    private = settings.home / "private" / key_of(OVERRIDDEN) / candidate.edition_id
    shutil.rmtree(private, ignore_errors=True)
    shutil.copytree(candidate.private, private, ignore=shutil.ignore_patterns(HELD_FACTS))
    return replace(candidate, private=private)


def _write_edition(settings: Settings, candidate: Candidate, facts: Mapping[str, Any]) -> None:
    from jiheng import geometry
    from publish import bulletin, corrections, datapackage, dictionary, editions, notice, site, workbook

    private = candidate.private
    style = bulletin_style(settings)
    _remove_unfinished(private)
    # DuckDB writes them while Python, which it leaves free, writes what is no copy of a table.
    with ThreadPoolExecutor(1) as beside:
        exports = beside.submit(editions.write_exports, private)
        write_json(private / "diff.json", editions.difference(candidate.previous, private))
        editions.begin(private, facts)
        corrections.write(private, corrections.so_far(settings.editions, candidate.previous, candidate.as_of))
        notice.write(private, style)
        dictionary.write_csv(private)
        workbook.write(private)
        bulletin.write(private, style, bulletin.Typefaces.of(settings))
        geometry.write(settings, private)
    exports.result()
    # It says what is in each export; the site, how large every other file is.
    datapackage.write(private)
    site.render(private, candidate.previous)


def _remove_unfinished(private: Path) -> None:
    """Take away what a try that was killed has left: an edition is made from the warehouse and the gate's decision."""
    for path in private.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in (WAREHOUSE, GATE):
            path.unlink()


def _facts(settings: Settings, candidate: Candidate) -> dict[str, Any]:
    from publish.finals import finals_of

    gate = candidate.gate
    return {
        "edition_id": candidate.edition_id,
        "as_of": candidate.edition["data_time"],
        "method_ids": method_ids(settings),
        "code_version": code_version(),
        "lake_digest": candidate.edition["lake_digest"],
        "gate_decision": gate["decision"],
        "coverage": _coverage(candidate.private / WAREHOUSE),
        "override": candidate.override,
        "waivers": gate.get("waivers", []),
        "finals": finals_of(settings.editions, candidate.private, candidate.previous),
    }


def _coverage(warehouse: Path) -> dict[str, Any]:
    """The denominators of an edition: due, received, accepted, and divisions ranked, over all years."""
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        row = connection.execute(
            "select coalesce(sum(due), 0), coalesce(sum(received), 0), coalesce(sum(accepted), 0), "
            "count(*) filter (where is_ranked) from rank_division"
        ).fetchone()
    names = ("due", "received", "accepted", "ranked_divisions")
    return dict(zip(names, map(int, row or (0, 0, 0, 0)), strict=True))
