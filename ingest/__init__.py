"""From files handed in to checked claims in the lake. Knows no dbt, no gate and no site."""
