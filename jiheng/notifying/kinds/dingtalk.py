"""钉钉 and 专属钉钉: a token in the address, and beside it the time and a signature made with the secret (加签)."""

from datetime import datetime

from jiheng.notifying.kinds.kind import Answers, Kind, Signature, hmac_of


def sign(secret: str, moment: datetime) -> Signature:
    """The secret signs milliseconds, a line end and itself."""
    timestamp = str(round(moment.timestamp() * 1000))
    return Signature(timestamp, hmac_of(secret, f"{timestamp}\n{secret}"))


KIND = Kind(
    base_url="https://oapi.dingtalk.com",
    path=(
        "/robot/send?access_token={{ token | urlencode }}"
        "{% if sign %}&timestamp={{ timestamp }}&sign={{ sign | urlencode }}{% endif %}"
    ),
    payload='{"msgtype": "markdown", "markdown": {"title": {{ title | tojson }}, "text": {{ text | tojson }}}}',
    # 130101 and 410100: more than 20 messages in a minute; -1: the system is busy.
    answers=Answers(("errcode",), busy=frozenset({130101, 410100, -1})),
    sign=sign,
    # A line ends only with two spaces on either side of the break.
    line_end="  \n  ",
)
