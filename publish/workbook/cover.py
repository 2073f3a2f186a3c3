"""说明: what the workbook is, of which edition, and how to read it."""

from __future__ import annotations

from collections.abc import Sequence

from publish import format, labels
from publish.data import About
from publish.workbook.sheet import MOST_ROWS, Context, Printer, Sheet


def write(printer: Printer, sheets: Sequence[Sheet]) -> None:
    """Write the first sheet: heads on the left, words on the right."""
    page = printer.book.add_worksheet("说明")
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 90)
    bold = printer.book.add_format({"bold": True, "valign": "top"})
    wrapped = printer.book.add_format({"text_wrap": True, "valign": "top"})
    for position, (head, text) in enumerate(_lines(printer.context, sheets)):
        page.write_string(position, 0, head, bold)
        page.write_string(position, 1, text, wrapped)
    printer.set_print(page)


def _lines(context: Context, sheets: Sequence[Sheet]) -> list[tuple[str, str]]:
    about = context.about
    return [
        ("名称", "部门整体支出绩效排名（绩衡 Jiheng）"),
        ("数据时间", format.moment(about.as_of)),
        ("期号", about.edition_id),
        ("门禁", labels.zh("gate_decision", about.gate_decision)),
        *_marks(about),
        ("方法", context.method_id or format.null("missing")),
        ("排名范围", "名次只在同一省、同一财政年度、同一同类组（部门为同一职能）内比较。进步排名与得分高低分开排。"),
        ("得分", "只依据能够核实的事实，不采用自评得分；名次按未舍入的得分排定，表中按两位小数显示。"),
        ("区间", "90%区间是名次可能的范围。没有显著差别的区划、增减不显著的区划，不宜解读为有先后或进退。"),
        ("空值", "未提供：报告没有写。不适用：没有意义或不可评。未知：没有应报名册。三者都不是0。"),
        *((sheet.name, f"{sheet.one_row[0]}。{sheet.one_row[1]}.") for sheet in sheets),
        ("指标说明", "每一列的含义、英文名称和出处。The meaning of every column, with its English name and source."),
        ("合计", "各表末行的合计由数据仓库按表中各行算出，不随筛选变化；未知的不计入。"),
        ("自评与证据", "证据得分只看已核实的执行与目标实现，自评还包括管理等内容；差距是需要了解的疑问，不是结论。"),
        ("明细", "分科目的预算与支出、逐项指标的目标与完成，行数很多，见 csv/、parquet/ 与 warehouse.duckdb。"),
        ("行数上限", f"每张表最多{MOST_ROWS:,}行；超出部分见 csv/。"),
        ("出处", "每个数字的原文句子、来源文件及校验值见 site/index.html。"),
    ]


def _marks(about: About) -> list[tuple[str, str]]:
    """An override, the waivers that were used, and the years that were declared final, where there are any."""
    marks = []
    if about.override:
        who, why = about.override["who"], about.override["why"]
        ids = "、".join(about.override["expectations"])
        at = format.moment(about.override["at"])
        marks.append(("人工放行", f"本期未全部通过门禁，由{who}于{at}放行发布。理由：{why}。放行的校验：{ids}。"))
    if about.waivers:
        named = "；".join(f"{one['expectation_id']}（{one['why']}，至 {one['valid_until']}）" for one in about.waivers)
        marks.append(("豁免", f"{len(about.waivers)} 项：{named}"))
    for year, final in sorted(about.finals.items()):
        mark = about.final_mark(year)
        marks.append(("定稿", f"{year} 年度：{mark}（{final['frozen_on']} 定稿，{final['edition_id']} 期）"))
    return marks
