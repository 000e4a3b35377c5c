"""Locking and publishing a product with everything that is above its definition.

make      a product → its lock, engines and wording among what is hashed
check     a lock → findings: what has drifted
publish   a locked product → a published version, its number held to what changed
history   published versions → lines and plain values
"""
