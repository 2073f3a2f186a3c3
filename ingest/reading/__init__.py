"""From a document to claims: normalise, find every figure, say what each one is. The grammar is data in `grammar/`."""
