"""What reports say of themselves beside what is verified: self scores, budget execution, and open findings."""

from __future__ import annotations

from publish.workbook.sheet import Column, Context, Sheet, label, year_columns

# min() of a verification is its worst: contradicted < unverifiable < verified, in the order of the alphabet.
BUDGETS = """
WITH spent AS (
  SELECT submission_version_id, amount_yuan, adjusted_budget_yuan, execution_rate, stated_execution_rate, verification
  FROM main.fct_expenditure WHERE category = 'total'
), budget AS (
  SELECT submission_version_id, max(amount_yuan) FILTER (stage = 'initial') AS initial_yuan,
         max(amount_yuan) FILTER (stage = 'adjusted') AS adjusted_yuan, min(verification) AS verification
  FROM main.fct_budget WHERE category = 'total' GROUP BY ALL
)
SELECT s.fiscal_year, s.division_key, s.department_key, s.status, b.initial_yuan * 0.0001 AS initial_wan_yuan,
       coalesce(b.adjusted_yuan, e.adjusted_budget_yuan) * 0.0001 AS adjusted_wan_yuan,
       e.amount_yuan * 0.0001 AS amount_wan_yuan, e.execution_rate, e.stated_execution_rate,
       coalesce(e.verification, b.verification) AS verification
FROM spent AS e FULL JOIN budget AS b USING (submission_version_id)
JOIN main.dim_submission AS s USING (submission_version_id)
WHERE s.is_current AND s.status <> 'withdrawn'
ORDER BY s.fiscal_year DESC, s.division_key, s.department_key, s.submission_version_id
"""
FINDINGS = """
SELECT s.fiscal_year, s.division_key, s.department_key, s.source_name, f.severity, f.rule_id, f.message_zh, f.expected,
       f.found, f.remedy_zh
FROM main.fct_finding AS f JOIN main.dim_submission AS s USING (submission_version_id)
WHERE s.is_current AND f.outcome = 'fail'
ORDER BY f.severity, s.fiscal_year DESC, s.division_key, s.department_key, s.submission_version_id, f.rule_id,
         f.finding_id
"""


def _unit(context: Context, table: str) -> tuple[Column, ...]:
    return (
        *year_columns(context, table),
        Column("区划", "Division", "text", 20, "division_key", f"{table}.division_key", words=context.division),
        Column(
            *("部门", "Department", "text", 28, "department_key", f"{table}.department_key"), words=context.department
        ),
    )


def self_scores(context: Context) -> Sheet:
    """自评与证据: what departments score themselves, and what verified execution and outcome show."""
    table, absent = "inflation_department", "not_applicable"
    columns = (
        *_unit(context, table),
        Column("自评得分", "Self score", "score", 10, "self_score", f"{table}.self_score"),
        Column("证据得分", "Evidence score", "score", 10, "evidence_score", f"{table}.evidence_score", missing=absent),
        Column("差距（分）", "Gap", "points", 10, "gap", f"{table}.gap", missing=absent),
        Column(
            "其中：执行率", "Execution rate", "rate", 11, "execution_rate", f"{table}.execution_rate", missing=absent
        ),
        Column(
            *("其中：目标完成率", "Completion", "rate", 13, "completion_rate", f"{table}.completion_rate"),
            missing=absent,
        ),
        Column("自称等级", "Claimed grade", "text", 9, "claimed_grade", f"{table}.claimed_grade"),
        Column(
            *("证据所在等级", "Grade of evidence", "text", 11, "evidence_grade", f"{table}.evidence_grade"),
            missing=absent,
        ),
        Column(
            *("没有差距的原因", "Why no gap", "text", 36, "no_gap_reason", f"{table}.no_gap_reason"),
            words=label("no_gap_reason"),
            missing=absent,
        ),
    )
    query = """
        SELECT * FROM main.inflation_department WHERE method_id = ? ORDER BY fiscal_year DESC, division_key,
        department_key
    """
    one_row = ("一行是一个部门一个财政年度", "One row is a department and fiscal year")
    return Sheet("自评与证据", one_row, columns, 4, query, table, (context.method_id,))


def budgets(context: Context) -> Sheet:
    """预算执行: the total of each department's current report; the categories are in csv/."""
    table = "fct_expenditure"
    columns = (
        *_unit(context, "dim_submission"),
        Column("报送状态", "Status", "text", 16, "status", "dim_submission.status", words=label("status")),
        Column(
            *("年初预算（万元）", "Initial budget, 10,000 yuan", "money", 16, "initial_wan_yuan"),
            means=("部门年初预算合计，万元", "Total of the initial budget, in 10,000 yuan"),
            summed=True,
        ),
        Column(
            *("调整预算（万元）", "Adjusted budget, 10,000 yuan", "money", 16, "adjusted_wan_yuan"),
            means=(
                "部门调整后预算合计，万元，是执行率的分母",
                "Total of the adjusted budget, the execution rate's base",
            ),
            summed=True,
        ),
        Column(
            *("支出（万元）", "Expenditure, 10,000 yuan", "money", 16, "amount_wan_yuan"),
            means=("部门支出合计，万元", "Total expenditure, in 10,000 yuan"),
            summed=True,
        ),
        Column("执行率（重算）", "Execution rate, recomputed", "rate", 13, "execution_rate", f"{table}.execution_rate"),
        Column(
            *("执行率（自报）", "Execution rate, stated", "rate", 13, "stated_execution_rate"),
            source=f"{table}.stated_execution_rate",
        ),
        Column(
            *("核实", "Verification", "text", 10, "verification", f"{table}.verification"), words=label("verification")
        ),
    )
    one_row = (
        "一行是一份现行报告的合计；没有写合计的报告不列，分科目的见 csv/fct_expenditure.csv",
        "One row is the total of a current report; categories are in csv/fct_expenditure.csv",
    )
    return Sheet("预算执行", one_row, columns, 4, BUDGETS, table)


def findings(context: Context) -> Sheet:
    """问题清单: what checks of current reports found wrong, the gravest first."""
    table = "fct_finding"
    columns = (
        *_unit(context, "dim_submission"),
        Column("级别", "Severity", "text", 7, "severity", f"{table}.severity"),
        Column("规则", "Rule", "text", 14, "rule_id", f"{table}.rule_id"),
        Column("问题", "Finding", "text", 50, "message_zh", f"{table}.message_zh"),
        Column("应为", "Expected", "text", 26, "expected", f"{table}.expected", missing="not_applicable"),
        Column("实为", "Found", "text", 26, "found", f"{table}.found"),
        Column("怎样改正", "Remedy", "text", 50, "remedy_zh", f"{table}.remedy_zh"),
        Column("来源文件", "Source file", "text", 36, "source_name", "dim_submission.source_name"),
    )
    one_row = ("一行是一份现行报告的一个问题", "One row is a finding of a current report")
    return Sheet("问题清单", one_row, columns, 4, FINDINGS, table)
