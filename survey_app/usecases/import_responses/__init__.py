"""A responses file lands: `run.import_responses` gathers its rows into responses and keeps them."""
