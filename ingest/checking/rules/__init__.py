"""One rule, one module, named by its id; title, severity and messages are rows of `dbt_project/seeds/rules.csv`."""
