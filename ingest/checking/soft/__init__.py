"""Observations that inform: each module looks at one subject of a report and gives what it finds there."""
