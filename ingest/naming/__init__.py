"""Names that the alias table does not know: what they may mean, and what people have said they mean."""
