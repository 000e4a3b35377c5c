"""What a product costs and what is charged for it.

`plan` binds the tariff of a product; `quote` prices one risk, `book` many, `worksheet` shows how.
Only `book` and the engines load numba.
"""
