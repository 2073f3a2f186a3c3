"""The parts of the ranking method that are not SQL: uncertainty by simulation, and the comparison of methods."""
