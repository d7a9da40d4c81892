"""A cases file lands: `run.import_cases` reads it, each batch of rows is one transaction."""
