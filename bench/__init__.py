"""Measures what the product promises about time and memory, each beside a floor in the same run."""
