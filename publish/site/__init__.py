"""The edition's web pages: plain files that work from a server, from a folder and from a zip, with no script needed."""

from publish.site.pages import render

__all__ = ["render"]
