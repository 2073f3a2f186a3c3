"""The warehouse on Apache Spark: the same dbt project, translated as it runs (decision 0046)."""
