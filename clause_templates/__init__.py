"""What is written: the clause text of a product, composed from templates, every figure traced.

from_product.facts_of           assembled product → names, values and their places
compose.compose                 facts → the immutable tree
render.markdown, render.word    tree → documents
trace                           what every figure traces to, and what breaks that law
"""
