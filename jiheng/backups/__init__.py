"""Backups of an installation: files by their SHA-256 in a folder or a bucket, and a list of them for each backup.

A backup is its list, written last: one that was killed has none, and the one before it stands. Files that are in the
store already are not copied again.
"""
