"""The rankings: divisions in their league, in every scope, by improvement, departments, and why ranks moved."""

from __future__ import annotations

from collections.abc import Callable

from publish import labels
from publish.data import PARTS
from publish.workbook.sheet import Column, Context, Sheet, label, year_columns, yes_or_no

DIVISION, DEPARTMENT = "rank_division", "rank_department"
LEAGUES = f"list_position({labels.codes('league')}, coalesce(league, 'none'))"
# The order of the rows in the sheets of ranks.
ORDER = {
    DIVISION: f"fiscal_year DESC, province_key, {LEAGUES}, rank NULLS LAST, division_key",
    DEPARTMENT: "fiscal_year DESC, province_key, function, rank NULLS LAST, department_key",
}
SCOPE_WORDS = {"province": "全省", "league": "同类组", "region": "区域"}
MOVES = "improvement"
MOVED = (
    "名次比上期升了几名，正数为上升；两期中有一期没有名次的不适用",
    "Places won since the last edition, above zero is upwards; not applicable where either has no rank",
)


def _rank(table: str) -> tuple[Column, ...]:
    """The rank with its interval."""
    return (
        Column("名次", "Rank", "whole", 7, "rank", f"{table}.rank", missing="not_applicable"),
        Column("并列", "Tied", "mark", 5, "is_tied", f"{table}.is_tied", words=yes_or_no),
        Column("区间下限", "Interval from", "whole", 7, "rank_low", f"{table}.rank_low", missing="not_applicable"),
        Column("区间上限", "Interval to", "whole", 7, "rank_high", f"{table}.rank_high", missing="not_applicable"),
    )


def _scores(table: str) -> tuple[Column, ...]:
    """The score and its parts."""
    return (
        Column("得分", "Score", "score", 10, "score", f"{table}.score", missing="not_applicable", bars=True),
        *(
            Column(
                *(labels.zh("part", part), labels.en("part", part), "score", 9, part, f"{table}.{part}"),
                missing="not_applicable",
            )
            for part in PARTS
        ),
    )


def _standing(table: str) -> tuple[Column, ...]:
    """How sure the rank is, what it was, and why there is none."""
    return (
        *(
            Column(
                *("核实率", "Verified share", "rate", 9, "verified_share", f"{table}.verified_share"),
                missing="not_applicable",
            ),
            Column("暂定", "Provisional", "mark", 5, "is_provisional", f"{table}.is_provisional", words=yes_or_no),
            Column(
                *("上期名次", "Last rank", "whole", 8, "previous_rank", f"{table}.previous_rank"),
                missing="no_previous",
            ),
            Column("较上期", "Moved", "places", 8, "moved", means=MOVED, missing="not_applicable", moves=True),
            Column(
                *("未排名原因", "Why unranked", "text", 26, "unranked_reason", f"{table}.unranked_reason"),
                words=label("unranked_reason"),
                missing="not_applicable",
            ),
        ),
    )


def _division(context: Context, table: str) -> Column:
    return Column("区划", "Division", "text", 18, "division_key", f"{table}.division_key", words=context.division)


def _league(table: str) -> Column:
    return Column("同类组", "League", "text", 13, "league", f"{table}.league", words=label("league"))


def divisions(context: Context) -> Sheet:
    """区划排名: every division in its league, with its coverage."""
    columns = (
        *year_columns(context, DIVISION),
        Column("省", "Province", "text", 10, "province_key", f"{DIVISION}.province_key", words=context.division),
        _division(context, DIVISION),
        _league(DIVISION),
        *_rank(DIVISION),
        *_scores(DIVISION),
        Column("应报", "Due", "whole", 7, "due", f"{DIVISION}.due", missing="unknown_due", summed=True),
        Column("已报", "Received", "whole", 7, "received", f"{DIVISION}.received", summed=True),
        Column("受理", "Accepted", "whole", 7, "accepted", f"{DIVISION}.accepted", summed=True),
        Column("可评", "Assessable", "whole", 7, "assessable", f"{DIVISION}.assessable", summed=True),
        *_standing(DIVISION),
    )
    query = f"""
        SELECT * REPLACE (coalesce(league, 'none') AS league), previous_rank - rank AS moved
        FROM main.rank_division WHERE method_id = ? ORDER BY {ORDER[DIVISION]}
    """
    one_row = ("一行是一个区划一个财政年度", "One row is a division and fiscal year")
    return Sheet("区划排名", one_row, columns, 5, query, DIVISION, (context.method_id,))


def scopes(context: Context) -> Sheet:
    """同类与分区: each division in the province, its league and its region."""
    table = "rank_division_scope"
    columns = (
        *year_columns(context, table),
        _division(context, table),
        Column("比较范围", "Scope", "text", 10, "scope", f"{table}.scope", words=SCOPE_WORDS.__getitem__),
        Column("哪一组", "Which one", "text", 18, "scope_name", f"{table}.scope_key", words=_scope_name(context)),
        *_rank(table),
        Column("得分", "Score", "score", 10, "score", f"{DIVISION}.score", missing="not_applicable", bars=True),
        Column("参加排名", "Ranked there", "whole", 10, "ranked_units", f"{table}.ranked_units"),
        Column("范围内区划", "Divisions there", "whole", 11, "units", f"{table}.units"),
        Column(
            *("没有显著差别的区划数", "Not distinct from", "whole", 13, "alike"),
            means=(
                "范围内与其没有显著差别的区划有几个，不宜与之分先后",
                "How many divisions of the scope it does not differ from; neither should be called ahead",
            ),
            missing="not_applicable",
        ),
        Column("暂定", "Provisional", "mark", 5, "is_provisional", f"{DIVISION}.is_provisional", words=yes_or_no),
    )
    query = """
        SELECT s.*, r.score, r.is_provisional, s.scope || ':' || coalesce(s.scope_key, '') AS scope_name,
               CASE WHEN s.is_ranked THEN len(s.indistinct_from) END AS alike
        FROM main.rank_division_scope AS s
        JOIN main.rank_division AS r USING (method_id, fiscal_year, division_key)
        WHERE method_id = ?
        ORDER BY fiscal_year DESC, r.province_key, array_position(['province', 'league', 'region'], s.scope),
                 s.scope_key, s.rank NULLS LAST, division_key
    """
    one_row = ("一行是一个区划在一个比较范围内", "One row is a division in a scope")
    return Sheet("同类与分区", one_row, columns, 3, query, table, (context.method_id,))


def _scope_name(context: Context) -> Callable[[str], str]:
    def name(value: str) -> str:
        scope, _, key = value.partition(":")
        if scope == "league":
            return labels.zh("league", key)
        return context.division(key) if scope == "province" else key

    return name


def improvement(context: Context) -> Sheet:
    """进步: by how much each score rose since the year before."""
    table = "rank_division_improvement"
    columns = (
        *year_columns(context, table),
        _division(context, table),
        _league(table),
        *_rank(table),
        *(
            Column(head, english, look, width, name, f"{table}.{name}", missing="not_applicable", moves=name == MOVES)
            for head, english, look, width, name in (
                ("上年度得分", "Score the year before", "score", 11, "score_before"),
                ("本年度得分", "Score", "score", 11, "score"),
                ("增减（分）", "Points won or lost", "points", 11, MOVES),
                ("增减区间下端", "Interval of it from", "points", 11, "improvement_low"),
                ("增减区间上端", "Interval of it to", "points", 11, "improvement_high"),
            )
        ),
        Column(
            *("结论", "Verdict", "text", 12, "verdict"),
            means=(
                "90%区间两端同号为显著；区间含0的不显著，不宜解读为进步或退步",
                "Significant when both ends of the 90 % interval have one sign; otherwise it may be chance",
            ),
            missing="not_applicable",
        ),
        Column(
            *("未参加原因", "Why not ranked", "text", 30, "unranked_reason", f"{table}.unranked_reason"),
            words=label("improvement_reason"),
            missing="not_applicable",
        ),
    )
    query = f"""
        SELECT * REPLACE (coalesce(league, 'none') AS league),
               CASE WHEN NOT is_ranked THEN NULL WHEN improvement_low > 0 THEN '显著上升'
                    WHEN improvement_high < 0 THEN '显著下降' ELSE '不显著' END AS verdict
        FROM main.rank_division_improvement WHERE method_id = ?
        ORDER BY {ORDER[DIVISION]}
    """
    one_row = (
        "一行是一个区划一个财政年度，与上年度相比",
        "One row is a division and fiscal year against the year before",
    )
    return Sheet("进步", one_row, columns, 4, query, table, (context.method_id,))


def movements(context: Context) -> Sheet:
    """名次变动: one row for each cause of each division's movement since the last edition."""
    table = "movement_division"
    columns = (
        *year_columns(context, table),
        _division(context, table),
        Column("上期名次", "Rank then", "whole", 9, "rank_before", f"{table}.rank_before", missing="not_applicable"),
        Column("本期名次", "Rank now", "whole", 9, "rank_now", f"{table}.rank_now", missing="not_applicable"),
        Column("较上期", "Moved", "places", 8, "moved", means=MOVED, missing="not_applicable", moves=True),
        Column(
            "上期得分", "Score then", "score", 10, "score_before", f"{table}.score_before", missing="not_applicable"
        ),
        Column("本期得分", "Score now", "score", 10, "score_now", f"{table}.score_now", missing="not_applicable"),
        Column("原因", "Cause", "text", 14, "cause_zh", f"{table}.cause"),
        Column("由此增减（分）", "Points by it", "points", 12, "points", f"{table}.points", missing="not_applicable"),
        Column("由此升降（名）", "Places by it", "places", 12, "places", f"{table}.places", missing="not_applicable"),
        Column(
            "所涉部门数", "Departments", "whole", 11, "departments", f"{table}.departments", missing="not_applicable"
        ),
    )
    query = """
        SELECT m.*, m.rank_before - m.rank_now AS moved, c.zh AS cause_zh
        FROM main.movement_division AS m JOIN main.movement_causes AS c ON m.cause = c.code
        WHERE method_id = ?
        ORDER BY fiscal_year DESC, abs(m.rank_before - m.rank_now) DESC NULLS LAST, division_key, c.position
    """
    one_row = ("一行是一个区划名次或得分变动的一项原因", "One row is a cause of a division's movement")
    return Sheet("名次变动", one_row, columns, 3, query, table, (context.method_id,))


def departments(context: Context) -> Sheet:
    """部门排名: every department among those of its function."""
    columns = (
        *year_columns(context, DEPARTMENT),
        _division(context, DEPARTMENT),
        Column(
            *("部门", "Department", "text", 28, "department_key", f"{DEPARTMENT}.department_key"),
            words=context.department,
        ),
        Column("职能", "Function", "text", 10, "function", f"{DEPARTMENT}.function", words=context.function),
        *_rank(DEPARTMENT),
        *_scores(DEPARTMENT),
        *_standing(DEPARTMENT),
    )
    query = f"""
        SELECT *, previous_rank - rank AS moved FROM main.rank_department WHERE method_id = ?
        ORDER BY {ORDER[DEPARTMENT]}
    """
    one_row = ("一行是一个部门的一项职能，一个财政年度", "One row is a department's function and fiscal year")
    return Sheet("部门排名", one_row, columns, 5, query, DEPARTMENT, (context.method_id,))
