"""The text of a chat: never longer than its bound, cut between lines only, title and links kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jiheng.notifying.kinds import KINDS
from jiheng.notifying.text import MORE, chat_text
from publish.digest import Message

LINKS = (("排名", "https://x.gov.cn/jiheng/2026-11-23-0a0a0a0a/site/index.html"),)
words = st.text(st.characters(categories=("L", "N", "P"), max_codepoint=0x1F6FF), min_size=1, max_size=80)


def message(lines: list[str], language: str = "zh", links: tuple[tuple[str, str], ...] = LINKS) -> Message:
    return Message(language, "绩衡 11月23日：已发布", tuple(lines), links)


@given(lines=st.lists(words, max_size=60), kind=st.sampled_from(sorted(KINDS)), both=st.booleans())
def test_whole_lines_within_the_bound(lines: list[str], kind: str, both: bool) -> None:
    lines = [f"第{number}行{line}" for number, line in enumerate(lines)]
    messages = [message(lines), message(lines, "en")] if both else [message(lines)]
    text = chat_text(messages, KINDS[kind])
    assert len(text.encode()) <= 2048
    for part, one in zip(text.split(f"{KINDS[kind].line_end}----{KINDS[kind].line_end}"), messages, strict=True):
        head, *rest = part.split(KINDS[kind].line_end)
        assert one.title in head and LINKS[0][1] in rest[-1]
        shown = [line for line in rest[:-1] if line not in MORE[one.language]]
        whole = chat_text([Message("zh", "", tuple(lines))], KINDS[kind], 1_000_000).split(KINDS[kind].line_end)[1:]
        assert shown == whole[: len(shown)], "a line is there whole or not at all, and the first ones stay"
        assert (len(shown) == len(lines)) == (MORE[one.language][0] not in rest)


def test_what_is_left_out_is_pointed_to() -> None:
    long = ["待核实：甲县" * 20] * 20
    assert MORE["zh"][0] in chat_text([message(long)], KINDS["wecom"])
    assert MORE["zh"][1] in chat_text([message(long, links=())], KINDS["wecom"]), "without an address, no empty promise"


def test_even_a_monstrous_title_is_cut_between_characters() -> None:
    text = chat_text([Message("zh", "县" * 3000, ("一",), LINKS)], KINDS["gateway"])
    assert text == "县" * (2048 // 3)
