"""Texts: how they are worded, kept until sent, sent once, and what became of them."""
