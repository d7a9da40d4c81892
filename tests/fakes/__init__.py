"""Far ends of real providers, served on loopback, each with a state of its own."""
