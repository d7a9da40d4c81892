"""The figures pages: each answers one question."""
