"""What a product says once its parent, its overlays and its riders have had their say.

Works on nodes, before anything is parsed, so that every value keeps its own file, line and column
and the models that read them stay strict.
"""
