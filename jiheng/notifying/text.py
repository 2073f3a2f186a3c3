"""A notice as the text of a chat: short enough, cut only between lines, and nothing in it that the chat would obey."""

from __future__ import annotations

from collections.abc import Sequence

from jiheng.notifying.kinds import Kind
from publish.digest import Message

# 企业微信 takes 2,048 bytes of text and 4,096 of markdown; the smaller bound holds everywhere.
MOST_BYTES = 2048
MORE = {
    "zh": ("（内容较长，全文见下列页面）", "（内容较长，全文见本期网站）"),
    "en": ("(There is more on the pages below.)", "(There is more on the pages of the edition.)"),
}
BETWEEN_LANGUAGES = "----"
# Signs by which names could become mentions, links or headings, and those that look like them and do nothing.
HARMLESS = str.maketrans("<>[]*`\\", "＜＞［］＊｀＼")


def chat_text(messages: Sequence[Message], kind: Kind, limit: int = MOST_BYTES) -> str:
    """The messages of one notice, a part for each language, in at most `limit` bytes of UTF-8."""
    between = f"{kind.line_end}{BETWEEN_LANGUAGES}{kind.line_end}"
    room = (limit - len(between.encode()) * (len(messages) - 1)) // max(len(messages), 1)
    return between.join(_fitted(message, kind, room) for message in messages)


def plain_text(messages: Sequence[Message]) -> str:
    """The messages whole, as plain text: for letters."""
    parts = []
    for message in messages:
        links = [f"{words}：{at}" if message.language == "zh" else f"{words}: {at}" for words, at in message.links]
        parts.append("\n".join([message.title, "", *message.lines, *([""] if links else []), *links]))
    return f"\n\n{BETWEEN_LANGUAGES}\n\n".join(parts) + "\n"


def _fitted(message: Message, kind: Kind, limit: int) -> str:
    """Title and links stay; of the lines between them the last go first."""
    title, lines = kind.bold.format(_harmless(message.title)), [_harmless(line) for line in message.lines]
    links = [kind.link.format(words, at) for words, at in message.links]
    more = MORE[message.language][0 if links else 1]
    text = kind.line_end.join([title, *lines, *links])
    while len(text.encode()) > limit and (lines or links):
        # Where even title and links are too long, links go too.
        (lines or links).pop()
        text = kind.line_end.join([title, *lines, more, *links])
    return text if len(text.encode()) <= limit else text.encode()[:limit].decode(errors="ignore")


def _harmless(words: str) -> str:
    return words.translate(HARMLESS)
