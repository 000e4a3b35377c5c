"""Two products compared by meaning: each value that differs, of what kind, where it stands.

change    the nouns;  compare: two sets of values → what differs
cells     two tables → how many cells moved, and which moved most
told      what differs, for a terminal, a program or a pull request
"""
