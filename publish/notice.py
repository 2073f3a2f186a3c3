"""The notice of an edition (通知): one digest, in Chinese and then in English, written from the data.

It tells of each unit what it was and is, and never says of two units that one is ahead of the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jiheng.files import write_json, write_text
from publish import data, format, labels
from publish.bulletin.style import EVERYTHING, Style
from publish.data import Edition, Row
from publish.site import filing, views
from publish.site.book import Book
from publish.site.changes import divisions_moved

TEXT_NAME, FACTS_NAME = "notice.txt", "notice.json"
# So many movements are told; the page has them all.
MOST_MOVES = 10
COUNTED = (
    ("added", "新增报送", "new"),
    ("restated", "补正", "handed in again"),
    ("withdrawn", "撤回", "withdrawn"),
    ("reassessed", "结论变化", "reassessed"),
    ("restated_figures", "数字被补正", "figures restated"),
)
PLACES = (
    ("site/index.html", "排名", "rankings"),
    ("site/changes.html", "谁变了、为什么", "who moved and why"),
    ("site/corrections.html", "更正记录", "corrections"),
    ("site/filing.html", "报送情况", "filings"),
    ("site/gate.html", "门禁", "gate"),
)


def write(edition: Path, style: Style = EVERYTHING) -> None:
    """Write `notice.json` (the facts) and `notice.txt` (the words) of an edition. Reads its tables and `diff.json`.

    `style` says how much of each list the province publishes: others are not named where a notice leaves the house.
    """
    facts = compose(data.load(edition), style)
    write_json(edition / FACTS_NAME, facts)
    write_text(edition / TEXT_NAME, text(facts))


def compose(edition: Edition, style: Style = EVERYTHING) -> Row:
    """What the notice tells, as plain values for `text` and for programs."""
    told = edition.difference
    about, strip = edition.about, views.strip(edition)
    is_first, is_unchanged = bool(told.get("first")), bool(told.get("unchanged", not told))
    moved = [] if is_first or is_unchanged else [row for row in divisions_moved(Book(edition)) if _is_move(row)]
    shown = _publishable(edition, style)
    return {
        "edition_id": about.edition_id,
        "as_of": about.as_of,
        "method_id": edition.method_id,
        "gate": {"decision": about.gate_decision, "checks": strip["checks"], "noticed": strip["noticed"]},
        "override": about.override,
        "waivers": list(about.waivers),
        "finals": dict(about.finals),
        "coverage": {name: strip[name] for name in ("divisions", "submissions", "returned")},
        "years": _years(edition),
        "to_verify": {"provisional": _provisional(edition), "returned": _returned(edition)},
        "first": is_first,
        "unchanged": is_unchanged,
        "counts": {name: told["counts"][name] for name, *_ in COUNTED} if moved or "counts" in told else {},
        "ranks_moved": len(moved),
        "moves": [_move(row, shown) for row in sorted(moved, key=_longest)[:MOST_MOVES]],
    }


def _publishable(edition: Edition, style: Style) -> set[tuple[int, str]]:
    """Whose rank the province publishes, by year and division."""
    return {
        (row["fiscal_year"], row["division_key"])
        for section in views.sections(edition)
        for league in section["leagues"]
        for row in style.chosen(league["rows"])
    }


def _is_move(row: Row) -> bool:
    return bool(row["rank_before"] != row["rank_now"])


def _longest(row: Row) -> tuple[Any, ...]:
    """Movements beyond the interval before those that may be chance, the longest first."""
    return row["within"], row["places"] is None, -abs(row["places"] or 0), -row["fiscal_year"], row["key"]


def _move(row: Row, shown: set[tuple[int, str]]) -> Row:
    causes = [{name: cause[name] for name in ("name", "name_en", "points", "places")} for cause in row["causes"]]
    kept = ("name", "fiscal_year", "league", "rank_before", "rank_now", "is_tied", "interval", "within", "indistinct")
    return {name: row[name] for name in (*kept, "only_others", "is_provisional", "unranked_reason")} | {
        "causes": causes,
        "is_publishable": (row["fiscal_year"], row["key"]) in shown,
    }


def _years(edition: Edition) -> list[Row]:
    """How many reports of each year and province are awaited, newest year first."""
    counted = []
    for section in filing.page(edition)["sections"]:
        totals = {name: section["totals"][name] for name in ("due", "received", "overdue", "returned", "mending_late")}
        counted.append(
            {"fiscal_year": section["fiscal_year"], "province": edition.division_name(section["province_key"])} | totals
        )
    return counted


def _provisional(edition: Edition) -> list[Row]:
    """Whose rank is provisional, by year, newest first."""
    names: dict[int, list[str]] = {}
    for row in sorted(views.shown_ranks(edition), key=lambda row: (-row["fiscal_year"], row["division_key"])):
        if row["is_provisional"] and row["rank"] is not None:
            names.setdefault(row["fiscal_year"], []).append(edition.division_name(row["division_key"]))
    return [{"fiscal_year": year, "count": len(found), "names": found} for year, found in names.items()]


def _returned(edition: Edition) -> list[Row]:
    """Whose reports were returned and have not come again, by year, newest first; the divisions with most before."""
    counts = Counter((row["fiscal_year"], row["division_key"]) for row in edition.filings if row["state"] == "returned")
    found: dict[int, list[Row]] = {}
    for (year, key), count in sorted(counts.items(), key=lambda one: (-one[0][0], -one[1], one[0][1])):
        found.setdefault(year, []).append({"name": edition.division_name(key), "count": count})
    return [
        {"fiscal_year": year, "returned": sum(one["count"] for one in named), "divisions": named}
        for year, named in found.items()
    ]


def text(facts: Row) -> str:
    """The notice as plain text, Chinese and then English."""
    return "\n".join([*_chinese(facts), "", "----", "", *_english(facts)]) + "\n"


def _chinese(facts: Row) -> list[str]:
    gate, coverage = facts["gate"], facts["coverage"]
    noticed = f"，{gate['noticed']} 项提醒" if gate["noticed"] else ""
    waived = f"，豁免 {len(facts['waivers'])} 项" if facts["waivers"] else ""
    lines = [
        f"绩衡通知：{facts['edition_id']} 期已发布",
        "",
        f"数据时间：{format.moment(facts['as_of'])}　方法：{facts['method_id'] or format.null('missing')}",
        f"门禁：{labels.zh('gate_decision', gate['decision'])}（校验 {gate['checks']} 项{noticed}{waived}）",
        f"覆盖：{coverage['divisions']} 个区划，现行报送 {coverage['submissions']} 份，"
        f"其中退回 {coverage['returned']} 份",
    ]
    if facts["override"]:
        lines.insert(1, _overridden(facts["override"]))
    for year, final in sorted(facts["finals"].items()):
        revised = f"，本期为定稿后的第 {final['revision']} 次修订" if final["revision"] else "，本期与定稿一致"
        lines.append(f"定稿：{year} 年度，{final['frozen_on']}（{final['edition_id']} 期）{revised}")
    for row in facts["years"]:
        late = f"（其中 {row['mending_late']} 份已过重报期限）" if row["mending_late"] else ""
        lines.append(
            f"报送：{row['province']} {row['fiscal_year']} 年度应报 {format.count(row['due'], 'unknown_due')}，"
            f"已报 {row['received']}，逾期未报 {row['overdue']}，退回后尚未重报 {row['returned']}{late}"
        )
    return [
        *lines,
        "",
        *_changes_zh(facts),
        "",
        "查看（在本期目录内）：",
        *(f"  {word}：{at}" for at, word, _ in PLACES),
    ]


def _overridden(override: Mapping[str, Any]) -> str:
    return (
        f"【人工放行】本期未全部通过门禁，由{override['who']}于{format.moment(override['at'])}放行发布。"
        f"理由：{override['why']}。放行的校验：{'、'.join(override['expectations'])}。"
    )


def _changes_zh(facts: Row) -> list[str]:
    if facts["first"]:
        return ["本期为首期，没有上期可比。"]
    if facts["unchanged"]:
        return ["与上期相比，报送、结论、得分、名次均无变化。"]
    counted = "，".join(f"{word} {facts['counts'][name]}" for name, word, _ in COUNTED)
    lines = [f"与上期相比：区划名次变动 {facts['ranks_moved']} 个；{counted}。"]
    if facts["moves"]:
        lines.append("变动较大的（名次升降不等于有显著差别）：")
    for row in facts["moves"]:
        group = labels.zh("league", row["league"] or "none") + ("，暂定" if row["is_provisional"] else "")
        ends = f"{format.rank(row['rank_before'], False)} → {format.rank(row['rank_now'], row['is_tied'])}"
        if row["unranked_reason"]:
            ends += f"（{labels.zh('unranked_reason', row['unranked_reason'])}）"
        chance = "。上期名次仍在本期 90% 区间之内" if row["within"] else ""
        chance += f"。与同类组 {row['indistinct']} 个区划没有显著差别" if row["indistinct"] else ""
        lines.append(f"  {row['fiscal_year']} 年度 {row['name']}（{group}）：{ends}。原因：{_causes_zh(row)}{chance}。")
    return lines


def _causes_zh(row: Row) -> str:
    if row["only_others"]:
        return "本区划没有变化，只因其他单位变动"
    told = []
    for cause in row["causes"]:
        points = f" {format.points_moved(cause['points'])} 分" if cause["points"] is not None else ""
        places = f"（{format.places_moved(cause['places'])[1]} 名）" if cause["places"] else ""
        told.append(f"{cause['name']}{points}{places}")
    return "，".join(told) or "上期由旧版程序生成，未分解"


def _english(facts: Row) -> list[str]:
    gate, coverage = facts["gate"], facts["coverage"]
    waived = f", {len(facts['waivers'])} waived" if facts["waivers"] else ""
    decision = labels.en("gate_decision", gate["decision"])
    lines = [
        f"Jiheng: edition {facts['edition_id']} is published",
        "",
        f"Data as of: {facts['as_of']}   Method: {facts['method_id'] or labels.en('null_word', 'missing')}",
        f"Gate: {decision} ({gate['checks']} checks, {gate['noticed']} notices{waived})",
        f"Coverage: {coverage['divisions']} divisions, {coverage['submissions']} submissions, "
        f"{coverage['returned']} of them returned",
    ]
    if facts["override"]:
        one = facts["override"]
        told = f"PUBLISHED BY OVERRIDE of {one['who']} at {one['at']}: {one['why']} ({', '.join(one['expectations'])})"
        lines.insert(1, told)
    for year, final in sorted(facts["finals"].items()):
        state = f"revision {final['revision']} of" if final["revision"] else "as in"
        lines.append(
            f"Final year {year}: {state} edition {final['edition_id']}, declared final on {final['frozen_on']}"
        )
    for row in facts["years"]:
        due = labels.en("null_word", "unknown_due").lower() if row["due"] is None else row["due"]
        lines.append(
            f"Filings of {row['fiscal_year']}, {row['province']}: due {due}, received {row['received']}, overdue "
            f"{row['overdue']}, returned and awaited {row['returned']} ({row['mending_late']} past their day)"
        )
    return [
        *lines,
        "",
        *_changes_en(facts),
        "",
        "Where to look, in the edition:",
        *(f"  {at}: {en}" for at, _, en in PLACES),
    ]


def _changes_en(facts: Row) -> list[str]:
    if facts["first"]:
        return ["This is the first edition; there is nothing to compare it with."]
    if facts["unchanged"]:
        return ["Reports, verdicts, scores and ranks are those of the last edition."]
    counted = ", ".join(f"{facts['counts'][name]} {word}" for name, _, word in COUNTED)
    lines = [f"Since the last edition: {facts['ranks_moved']} divisions moved in rank; {counted}."]
    if facts["moves"]:
        lines.append("The largest movements (a rank may move without a significant difference):")
    for row in facts["moves"]:
        chance = " The last rank lies within the 90 % interval of now." if row["within"] else ""
        why = "only others moved" if row["only_others"] else ", ".join(cause["name_en"] for cause in row["causes"])
        chance += f" No significant difference from {row['indistinct']} others." if row["indistinct"] else ""
        tied = " (tied)" if row["is_tied"] else ""
        ends = f"{row['rank_before'] or 'unranked'} to {row['rank_now'] or 'unranked'}{tied}"
        if row["unranked_reason"]:
            ends += f" ({labels.en('unranked_reason', row['unranked_reason'])})"
        group = labels.en("league", row["league"] or "none")
        lines.append(f"  {row['fiscal_year']} {row['name']} ({group}): {ends}; {why or 'causes not split'}.{chance}")
    return lines
