"""Files of any format as one `Document`: its text, its tables, and where each character stands in the source."""

from ingest.documents.detect import read_document
from ingest.documents.document import Cell, Document, DocumentError, Heading, Note, Place, Table

__all__ = ["Cell", "Document", "DocumentError", "Heading", "Note", "Place", "Table", "read_document"]
