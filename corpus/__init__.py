"""Labelled texts in the phrasings of many provinces, and the score of the reader against them."""
