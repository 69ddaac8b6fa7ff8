"""Variable mapping: from the variables of a file to those of the contract, each by a stated rule.

A variable comes from the column that the map (--map) names, or else from the first of its
candidates that holds a value. It is read as the declared type; a value that cannot be is an error
that names file, variable, value and row. Rules that need more than one variable are in `subjects`,
`laboratory`, `events`, `therapy` and `days`.
"""
