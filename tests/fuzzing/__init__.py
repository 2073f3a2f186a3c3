"""Fuzzing of the readers: targets, the seeds they begin with, and the inputs that once broke one."""
