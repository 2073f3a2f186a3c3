"""Publication: an edition directory becomes files that people open, and one pointer says which edition stands.

This package reads an edition directory only. It knows neither the lake nor the way the figures came about.
"""
