"""The obvious alternative, written fairly: one script with pandas, python-docx and regular expressions.

It reads the same files as a night does, in as many processes as there are processors, and makes the tables that a first
attempt would: who filed for which year, budget, spending and rates by category, targets and outcomes, score and grade,
and a ranking of departments and divisions. `benchmarks/alternative.py` runs both and counts what each got right.

    python -m benchmarks.script INBOX REGISTERS TARGET
"""

from __future__ import annotations

import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
from docx import Document

AMOUNT = r"(-?[\d,]+(?:\.\d+)?)\s*(亿元|万元|元)"
UNITS = {"亿元": 100_000_000, "万元": 10_000, "元": 1}
PARTS = {
    "basic": "基本支出",
    "project": "(?<!部门)(?<!公共)项目支出",
    "department_project": "部门项目支出",
    "public_project": "公共项目支出",
}
# How far behind a total its parts are told.
REACH = 110
RESPECTIVELY = re.compile(
    r"((?:[\u4e00-\u9fff]+、)+[\u4e00-\u9fff]+)分别为((?:[\d,.]+(?:亿元|万元|元)、)+[\d,.]+(?:亿元|万元|元))"
)
COLUMNS = {"年初预算": "initial", "全年预算": "adjusted", "全年执行": "spent"}
# The words that stand before the total of each stage, in the reports that the author had before him.
STAGES = {
    "initial": r"(?:年初预算|年初部门预算|部门预算批复|收入预算|初始预算)(?:数)?(?:为|合计|共)?",
    "adjusted": r"(?:调整后预算|调整预算数|全年预算数|实际下达预算)(?:为|合计|共)?",
    "spent": r"(?:支出决算|全年执行数|当年预算支出|总支出|全年支出|实际支出|决算支出)(?:为|合计|共)?",
}
RATE = re.compile(r"(?:执行率|支出进度)(?:为|达到?)?\s*(\d+(?:\.\d+)?)\s*%")
SCORE = re.compile(r"(?:自评得分|自评结果为|自评总分|综合得分|自评分)(?:为|：|:)?\s*(\d+(?:\.\d+)?)\s*分")
GRADE = re.compile(r"等级(?:为|：|:)?[“”\"]?(优秀?|良好?|中|差|合格)")
YEAR = re.compile(r"(20\d{2})\s*年度?")
OUTCOMES = (
    re.compile(
        r"目标[:：](?P<name>[^\d。，；:：]{2,20}?)(?P<target>[\d,.]+)(?P<unit>[^\d。，；]{1,4})。"
        r"完成情况[:：](?P=name)(?P<actual>[\d,.]+)"
    ),
    re.compile(
        r"(?P<name>[^\d。，；:：)]{2,20}?)年度目标(?P<target>[\d,.]+)(?P<unit>[^\d。，；]{1,4})，实际完成(?P<actual>[\d,.]+)"
    ),
    re.compile(
        r"(?P<name>[^\d。，；:：)]{2,20}?)达到(?P<actual>[\d,.]+)(?P<unit>[^\d。，；]{1,4})，"
        r"(?:为)?年度目标(?P<target>[\d,.]+)"
    ),
)


def text_of(path: Path) -> str:
    """The words of a file: paragraphs and rows of tables, one a line."""
    if path.suffix == ".docx":
        document = Document(str(path))
        rows = ("\t".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows)
        return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *rows])
    content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def read(path: Path, departments: dict[str, tuple[str, str]]) -> dict[str, Any] | None:
    """The facts of one report; None for a file that is none."""
    try:
        text = re.sub(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff\d])|(?<=[\d%]) +(?=[\u4e00-\u9fff])", "", text_of(path))
    except Exception:
        return None
    head = text[:400]
    sender = max((name for name in departments if name in head), key=len, default=None)
    year = YEAR.search(head)
    if "绩效" not in text or sender is None:
        return None
    found: dict[str, Any] = {"source_name": path.name, "fiscal_year": int(year[1]) if year else None}
    found["division_key"], found["department"] = departments[sender]
    for stage, words in STAGES.items():
        found |= {f"{stage}.{category}": value for category, value in amounts(text, words).items()}
    found |= table_amounts(text)
    rate, score, grade = RATE.search(text), SCORE.search(text), GRADE.search(text)
    found |= {"rate": rate and float(rate[1]), "score": score and float(score[1]), "grade": grade and grade[1]}
    found["outcomes"] = [match.groupdict() for pattern in OUTCOMES for match in pattern.finditer(text)]
    return found


def amounts(text: str, words: str) -> dict[str, float]:
    """The total that follows the words of a stage, and the parts that follow it in the same sentence."""
    total = re.search(words + AMOUNT, text)
    if total is None:
        return {}
    found = {"total": yuan(total[1], total[2])}
    rest = text[total.end() : total.end() + REACH]
    listed = RESPECTIVELY.match(rest.lstrip("，；,;"))
    pairs = zip(listed[1].split("、"), listed[2].split("、"), strict=False) if listed else ()
    told = "；".join(f"{name}{amount}" for name, amount in pairs) or rest
    for category, name in PARTS.items():
        part = re.search(name + r"[^\d。，；]{0,6}" + AMOUNT, told)
        if part:
            found[category] = yuan(part[1], part[2])
    return found


def table_amounts(text: str) -> dict[str, float]:
    """The amounts of a table in ten thousand yuan, a category a row and a stage a column."""
    lines = [line.split("\t") for line in text.split("\n") if "\t" in line]
    head = next((cells for cells in lines if sum(any(word in cell for word in COLUMNS) for cell in cells) >= 2), None)
    if head is None:
        return {}
    places = {stage: n for n, cell in enumerate(head) for word, stage in COLUMNS.items() if word in cell}
    found = {}
    for cells in lines:
        category = next((key for key, name in PARTS.items() if re.fullmatch(name, cells[0])), None)
        category = "total" if cells[0] == "合计" else category
        for stage, place in places.items() if category else ():
            if place < len(cells) and re.fullmatch(r"[\d,]+(\.\d+)?", cells[place]):
                found[f"{stage}.{category}"] = yuan(cells[place], "万元")
    return found


def yuan(number: str, unit: str) -> float:
    """An amount in yuan."""
    return round(float(number.replace(",", "")) * UNITS[unit], 2)


def known_departments(registers: Path) -> dict[str, tuple[str, str]]:
    """Division and name by the title that a report bears."""
    divisions = pd.read_csv(registers / "divisions.csv", dtype=str).set_index("division_key")["name"]
    due = pd.read_csv(registers / "due_submissions.csv", dtype=str)
    return {
        divisions[row.division_key] + row.department_name: (row.division_key, row.department_name)
        for row in due.itertuples()
    }


def read_some(given: tuple[list[Path], dict[str, tuple[str, str]]]) -> list[dict[str, Any]]:
    """The facts of a part of the files."""
    paths, departments = given
    return [found for path in paths if (found := read(path, departments))]


def main() -> None:
    """Read everything, rank, and write the tables as Parquet."""
    inbox, registers, target = map(Path, sys.argv[1:])
    departments, files = known_departments(registers), sorted(inbox.iterdir())
    parts = [(files[number :: os.cpu_count() or 1], departments) for number in range(os.cpu_count() or 1)]
    with ProcessPoolExecutor() as pool:
        rows = [row for part in pool.map(read_some, parts) for row in part]
    target.mkdir(parents=True, exist_ok=True)
    outcomes = [{"source_name": row["source_name"], **one} for row in rows for one in row.pop("outcomes")]
    pd.DataFrame(outcomes).to_parquet(target / "outcomes.parquet")
    reports = pd.DataFrame(rows)
    reports.to_parquet(target / "reports.parquet")
    # The last version of a department stands; it is scored by what it spent of its budget and by its own score.
    latest = reports.sort_values("source_name").drop_duplicates(
        ["division_key", "department", "fiscal_year"], keep="last"
    )
    executed = (latest["spent.total"] / latest["adjusted.total"]).clip(0, 1)
    ranked = latest.assign(points=executed.fillna(0) * 50 + latest["score"].fillna(0) / 2)
    ranked["rank"] = ranked.groupby("fiscal_year")["points"].rank(ascending=False, method="min")
    ranked.to_parquet(target / "departments.parquet")
    divisions = ranked.groupby(["division_key", "fiscal_year"])["points"].mean().reset_index()
    divisions["rank"] = divisions["points"].rank(ascending=False, method="min")
    divisions.to_parquet(target / "divisions.parquet")


if __name__ == "__main__":
    main()
