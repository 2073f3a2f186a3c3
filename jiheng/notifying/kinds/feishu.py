"""飞书 and its private installations: a token in the address, time and signature in the body (签名校验)."""

from datetime import datetime

from jiheng.notifying.kinds.kind import Answers, Kind, Signature, hmac_of


def sign(secret: str, moment: datetime) -> Signature:
    """Seconds, a line end and the secret are the key, and nothing is what they sign: so Feishu asks for it."""
    timestamp = str(int(moment.timestamp()))
    return Signature(timestamp, hmac_of(f"{timestamp}\n{secret}", ""))


KIND = Kind(
    base_url="https://open.feishu.cn",
    path="/open-apis/bot/v2/hook/{{ token | urlencode }}",
    payload=(
        '{ {% if sign %}"timestamp": {{ timestamp | tojson }}, "sign": {{ sign | tojson }}, {% endif %}'
        '"msg_type": "interactive", "card": {'
        '"header": {"title": {"tag": "plain_text", "content": {{ title | tojson }}}}, '
        '"elements": [{"tag": "markdown", "content": {{ text | tojson }}}]}}'
    ),
    # Older installations say StatusCode. 11232 and 9499: too many messages in a minute or a second.
    answers=Answers(("code", "StatusCode"), busy=frozenset({11232, 9499})),
    sign=sign,
)
