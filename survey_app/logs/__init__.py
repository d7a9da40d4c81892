"""What does a process of ours write to its log, and how does nothing in it lead to a person?

One way out: JSON lines on standard error. Our own lines are made with structlog; what libraries,
gunicorn and Python itself have to say goes the same way. This package knows nothing of the rest of
the application, so that every part of it may write lines and no part decides what they may hold.
"""
