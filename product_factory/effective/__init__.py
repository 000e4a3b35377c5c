"""What a product amounts to, value by value: the text whose digest is the product's hash.

product.effective   assembled product → every value by path, resolved, with its kind and place
kinds               price, benefit, wording, rule or metadata, by path and by who reads it
text                expressions, conditions and assumptions as canonical text
walk                any part of a file → paths and values, what is left at its default left out

How something is written (layout, order of keys, a default spelt out, 0.3 for 30%) does not count.
"""
