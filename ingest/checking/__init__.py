"""Checks: what must hold within a report, what a report must hold, and the verdict."""
