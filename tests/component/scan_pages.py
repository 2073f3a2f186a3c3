"""A made-up report as PDF, and its pages as a scanner, a stamp, a crooked tray and a thrifty JPEG would give them."""

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pypdfium2
import typst
from PIL import Image, ImageDraw, ImageFont

from samples.write_pdf import font_folder

PAGE = """#set document(date: none)
#set page(paper: "a4", margin: (x: 2.4cm, y: 2.2cm), numbering: "— 1 —")
#set text(font: "Noto Sans SC", size: 12pt, lang: "zh", region: "cn")
#set par(leading: 0.9em, justify: true, first-line-indent: (amount: 2em, all: true))
"""
NARRATIVE = """#align(center, text(size: 18pt)[溪桥县水利局部门整体支出绩效自评报告])

#align(center)[（2023年度）]

一、部门基本情况

溪桥县水利局内设股室7个，下属单位3个，年末在职人员86人，比上年减少2人。全年整治河道48.6公里，新修渠道12.35公里，巩固提升供水工程29处，受益人口10.47万人，群众满意度96.8%。

二、预算执行情况

2023年部门预算收入合计3268.45万元，其中一般公共预算拨款2975.10万元，政府性基金预算拨款293.35万元。年初预算安排3410.00万元，年中调减141.55万元，调整后预算数3268.45万元。全年支出3104.77万元，预算执行率94.99%，其中基本支出1486.20万元，项目支出1618.57万元，结余163.68万元，比上年增长-8.92%。

三、绩效目标完成情况

1.水库除险加固。年度计划完成5座，实际完成6座，完成率120%，完成投资1,046.32万元，亩均成本较计划下降3.7%。

2.农村供水保障。新建管网63.9公里，改造水厂4座，水质达标率99.2%，较上年提高1.5个百分点，户均投入1085元，受益3.2万户。

3.河湖管护。巡河11204人次，清理漂浮物587吨，整改问题73个，整改率100%，投入资金218.06万元。

四、自评结论

综合自评得分93.6分，等次为优。其中投入指标19.4分，过程指标18.75分，产出指标28.95分，效益指标26.5分。
"""
HEADER = ("一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分")
BODY = (
    ("产出指标", "整治河道长度（公里）", "45", "48.6", "8", "8"),
    ("产出指标", "水库除险加固（座）", "5", "6", "7", "7"),
    ("产出指标", "供水工程巩固提升（处）", "30", "29", "10", "9.67"),
    ("产出指标", "项目验收合格率", "100%", "98.5%", "6", "5.91"),
    ("成本指标", "项目支出（万元）", "1,650.00", "1618.57", "9", "8.8"),
    ("成本指标", "户均投入（元）", "≤1100", "1085", "5", "5"),
    ("效益指标", "受益人口（万人）", "10", "10.47", "15", "15"),
    ("效益指标", "水质达标率", "≥98%", "99.2%", "12", "12"),
    ("满意度指标", "群众满意度", "≥95%", "96.8%", "10", "10"),
)
TABLE_ROWS = (HEADER, *BODY)


def form_source() -> str:
    """The score form: equal neighbours in the first column are one merged cell."""
    cells = [f"[{text}]" for text in HEADER]
    for index, row in enumerate(BODY):
        same = [other[0] for other in BODY[index:]]
        run = next((n for n, name in enumerate(same) if name != row[0]), len(same))
        if not index or BODY[index - 1][0] != row[0]:
            cells.append(f"table.cell(rowspan: {run})[{row[0]}]")
        cells += [f"[{text}]" for text in row[1:]]
    columns = "(2.6cm, 5cm, 2.6cm, 2.6cm, 1.6cm, 1.6cm)"
    return f"#table(columns: {columns}, align: center + horizon, inset: 7pt, {', '.join(cells)})\n"


def pdf_of(source: str) -> bytes:
    """Typst source below the common page setting, as PDF."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(font_folder())])
    compiler = typst.Compiler(font_paths=fonts)
    return compiler.compile(input=(PAGE + source).encode(), format="pdf", timestamp=0, pdf_tags=False)


def report_pdf() -> bytes:
    """Two pages: running text, and a form with merged cells."""
    return pdf_of(NARRATIVE + "#pagebreak()\n附件：部门整体支出绩效自评表\n\n" + form_source())


def rendered(pdf: bytes, dots_per_inch: int = 200) -> list[Image.Image]:
    """The pages as pictures."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dots_per_inch / 72).to_pil().convert("RGB") for page in document]


def scan_pdf(pages: Sequence[Image.Image], dots_per_inch: int = 200) -> bytes:
    """Pictures as a PDF without any text."""
    stream = io.BytesIO()
    # Pillow notes on a picture how it was saved, and would save it so again.
    pages = [page.copy() for page in pages]
    pages[0].save(stream, "PDF", resolution=dots_per_inch, save_all=True, append_images=pages[1:], quality=92)
    return stream.getvalue()


def png(page: Image.Image) -> bytes:
    stream = io.BytesIO()
    page.save(stream, "PNG")
    return stream.getvalue()


def jpeg(page: Image.Image, quality: int = 30) -> bytes:
    stream = io.BytesIO()
    page.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def squeezed(page: Image.Image) -> Image.Image:
    return Image.open(io.BytesIO(jpeg(page))).convert("RGB")


def skewed(page: Image.Image) -> Image.Image:
    return page.rotate(2, resample=Image.Resampling.BICUBIC, fillcolor=(252, 252, 250))


def stamped(page: Image.Image) -> Image.Image:
    """A round red seal over the figures, as ink: what is black below stays black."""
    seal = Image.new("RGB", page.size, "white")
    draw = ImageDraw.Draw(seal)
    red, x, y, radius = (222, 48, 52), int(page.width * 0.6), int(page.height * 0.33), int(page.width * 0.115)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=red, width=page.width // 150)
    star = [(0.36 if corner % 2 == 0 else 0.15, corner * math.pi / 5) for corner in range(10)]
    draw.polygon([(x + radius * far * math.sin(a), y - radius * far * math.cos(a)) for far, a in star], fill=red)
    font = ImageFont.truetype(str(next(font_folder().glob("*.ttf"))), int(radius * 0.3))
    for index, character in enumerate("溪桥县水利局"):
        angle = math.radians(-75 + 30 * index)
        place = (x + radius * 0.75 * math.sin(angle), y - radius * 0.75 * math.cos(angle))
        draw.text(place, character, font=font, fill=red, anchor="mm")
    both = np.asarray(page).astype(np.uint16) * np.asarray(seal) // 255
    return Image.fromarray(both.astype(np.uint8))


RENDERINGS: dict[str, Any] = {
    "clean": lambda page: page,
    "stamp": stamped,
    "skew": skewed,
    "jpeg": squeezed,
    "all": lambda page: squeezed(skewed(stamped(page))),
}
