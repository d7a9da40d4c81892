"""What providers tell us, and what strangers pretend that they do."""
