"""Reading the tables of a form: words, layouts, figures and rows. `ingest.reading.form` holds the outline."""
