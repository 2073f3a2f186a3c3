"""Jiheng (绩衡): checked facts and rankings from self-evaluation reports. Settings, commands, steps."""

__version__ = "0.1.0"
