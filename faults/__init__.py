"""The fault test: are texts lost or doubled when everything around them breaks? `make faults`."""
