"""What is written: the clause text of a product, composed from templates, with every figure traced.

    facts = facts_of(assembled)        names, values and their places
    wording = compose(facts)           the immutable tree
    markdown(wording), docx(wording)   documents
    trace(wording), untraced(wording), unprinted(facts, wording)
"""
