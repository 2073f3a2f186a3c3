"""企业微信 and 政务微信: a key in the address, no signature, markdown of at most 4,096 bytes."""

from jiheng.notifying.kinds.kind import Answers, Kind

KIND = Kind(
    base_url="https://qyapi.weixin.qq.com",
    path="/cgi-bin/webhook/send?key={{ token | urlencode }}",
    payload='{"msgtype": "markdown", "markdown": {"content": {{ text | tojson }}}}',
    # 45009: more than 20 messages in a minute; -1: the system is busy.
    answers=Answers(("errcode",), busy=frozenset({45009, -1})),
)
