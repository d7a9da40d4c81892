"""A caseworker scores a star with the person: drafted, recorded, corrected with a reason.

`star` says which instrument; `record` and `correct` are what happens; `drafts` keeps what is not
recorded yet; `history` is what was recorded. None of them commits.
"""
