"""Reading archived files again with a newer reader: what to read, what became of it, what of that is landed.

A re-reading is a further record of the same version: same bytes, same time of receipt. Nothing that was landed is
changed, and for a time before the re-reading the lake says what it said.
"""
