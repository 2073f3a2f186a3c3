"""The second reader: a language model behind an HTTP address that may vote on role and subject, and on nothing else."""
