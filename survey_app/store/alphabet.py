"""Which characters do links and codes use, so that what is read aloud or copied arrives?"""

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""No 0/o, 1/i/l (FORMATS.md, "Victim pages")."""
