"""Someone answers: a link is opened, begun, answered step by step, and finished.

`links` finds what a token leads to, `questionnaire` what it asks, `sheet` what was answered so far;
`begin`, `answer` and `finish` are what happens. None of them commits: the page's request does.
"""
