"""A demonstration: invented services, whose cases and answers go through the real use cases."""
