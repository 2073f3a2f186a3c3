"""The kinds of chat that a notice can be sent to; each module says how one of them wants to be spoken to."""

from __future__ import annotations

from jiheng.notifying.kinds import dingtalk, feishu, gateway, wecom
from jiheng.notifying.kinds.kind import Answers, Kind, Signature

__all__ = ["KINDS", "Answers", "Kind", "Signature"]
KINDS = {"wecom": wecom.KIND, "dingtalk": dingtalk.KIND, "feishu": feishu.KIND, "gateway": gateway.KIND}
