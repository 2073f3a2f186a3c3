"""The gate: Great Expectations over a private edition. A critical failure holds it; the decision is data."""
