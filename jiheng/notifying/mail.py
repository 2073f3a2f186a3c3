"""One letter to a list of addresses: plain text and a simple page beside it, over SMTP with STARTTLS unless told."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Any

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from jiheng.files import key_of
from jiheng.notifying.configuration import Mail
from jiheng.notifying.masking import masked
from jiheng.notifying.outcome import (
    FAILED,
    REFUSED,
    SENT,
    UNCLEAR,
    NotDeliveredError,
    Outcome,
    RefusedError,
    UnclearError,
)
from jiheng.notifying.secrets import Access
from jiheng.notifying.text import plain_text
from jiheng.settings import LOCAL_TIME
from publish.digest import Message

PORTS = {"starttls": 587, "tls": 465, "none": 25}
TEMPORARY = range(400, 500)
STYLE = "font-family:sans-serif;line-height:1.6;max-width:40em"


def letter(channel: Mail, key: str, messages: Sequence[Message], moment: datetime) -> EmailMessage:
    """The letter. Its id and date come from the notice, so that the same notice is the same letter."""
    made = EmailMessage(policy=SMTP)
    made["Subject"] = messages[0].title
    made["From"], made["To"] = channel.sender, ", ".join(channel.to)
    made["Date"] = format_datetime(moment.astimezone(LOCAL_TIME))
    made["Message-ID"] = f"<{key_of(key, channel.name)}.jiheng@{channel.sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(plain_text(messages))
    made.add_alternative("".join(_page(message) for message in messages), subtype="html")
    # No time and no chance in the letter: what parts it is made from what it says.
    made.set_boundary(f"jiheng-{key_of(key, plain_text(messages), length=32)}")
    return made


def _page(message: Message) -> str:
    lines = "".join(f"<p style='margin:.3em 0'>{escape(line)}</p>" for line in message.lines)
    links = "　".join(f'<a href="{escape(at)}">{escape(words)}</a>' for words, at in message.links)
    tongue = {"zh": "zh-CN"}.get(message.language, message.language)
    title = f"<h2 style='font-size:1.1em'>{escape(message.title)}</h2>"
    return f'<div lang="{tongue}" style="{STYLE}">{title}{lines}<p>{links}</p></div>\n'


def send(channel: Mail, access: Access, made: EmailMessage) -> Outcome:
    """Hand the letter over, again after a while where it certainly was not taken. Never raises for the network."""
    retrying = Retrying(
        stop=stop_after_attempt(channel.attempts),
        wait=wait_exponential(channel.pause_seconds, exp_base=4, max=60),
        retry=retry_if_exception_type(NotDeliveredError),
        reraise=True,
    )
    words = ""
    try:
        for attempt in retrying:
            with attempt:
                words = _hand_over(channel, access, made)
    except NotDeliveredError as error:
        return Outcome(FAILED, masked(str(error), access.secrets), channel.attempts)
    except UnclearError as error:
        return Outcome(UNCLEAR, masked(str(error), access.secrets), _attempts(retrying))
    except RefusedError as error:
        return Outcome(REFUSED, masked(str(error), access.secrets), _attempts(retrying))
    return Outcome(SENT, masked(words, access.secrets), _attempts(retrying))


def _attempts(retrying: Retrying) -> int:
    return int(retrying.statistics.get("attempt_number", 1))


def _hand_over(channel: Mail, access: Access, made: EmailMessage) -> str:
    """Gives the addresses that were refused while others were not, as words."""
    server = _reached(channel, access)
    try:
        refused = server.send_message(made, channel.sender, list(channel.to))
    except smtplib.SMTPRecipientsRefused as error:
        raise _as_said(next(iter(error.recipients.values()), (550, b""))) from None
    except smtplib.SMTPResponseException as error:
        raise _as_said((error.smtp_code, error.smtp_error)) from None
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        raise UnclearError(f"已发出，没有收到答复 sent, and no answer came: {type(error).__name__}") from None
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
    return f"被拒的地址 refused: {'、'.join(sorted(refused))}" if refused else ""


def _reached(channel: Mail, access: Access) -> smtplib.SMTP:
    """A connection that is encrypted and logged in, as the channel asks."""
    host, port = str(access.host), access.port or PORTS[channel.security]
    try:
        trusted = ssl.create_default_context(cafile=str(channel.ca_file) if channel.ca_file else None)
        if channel.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=channel.timeout_seconds, context=trusted)
        else:
            server = smtplib.SMTP(host, port, timeout=channel.timeout_seconds)
        if channel.security == "starttls":
            server.starttls(context=trusted)
        if access.login:
            server.login(access.login, access.password or "")
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
        raise RefusedError(f"加密不成 no encryption: {error}") from None
    except smtplib.SMTPResponseException as error:
        raise _as_said((error.smtp_code, error.smtp_error)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotDeliveredError(f"连接不上 cannot be reached: {type(error).__name__}: {error}") from None
    return server


def _as_said(said: tuple[int, Any]) -> Exception:
    """What a server's answer means: a code from 400 asks to try again later."""
    code, words = said
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return (NotDeliveredError if code in TEMPORARY else RefusedError)(f"{code} {text}"[:200])
