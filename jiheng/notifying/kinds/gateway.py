"""A gateway of one's own: plain text in a plain JSON object, unless the channel's own template says otherwise."""

from jiheng.notifying.kinds.kind import Answers, Kind

KIND = Kind(
    base_url=None,
    path="",
    payload=(
        '{"event": {{ event | tojson }}, "edition": {{ edition | tojson }}, "title": {{ title | tojson }}, '
        '"text": {{ text | tojson }}}'
    ),
    answers=Answers(),
    bold="{}",
    link="{} {}",
)
