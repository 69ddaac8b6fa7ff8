"""What a study's files must hold for its `study.toml` to be right; checked when it is opened.

Only what would make a figure wrong or broken is refused: a variable that ADSL does not have, a
flag or a value that no patient can have, a parameter without records. A value that may still come,
as the data of a running trial grow, is not.
"""
