"""What holds a product fast: its lock, and its published versions.

lock       the hashes of everything that a product was made from and amounts to
drift      a lock and the product as it is → what has drifted, by file and by value
published  a version as it was published: append-only, each naming the one before
raising    which number a change asks for
history    published versions in order, with what changed from one to the next
stored     reading what stands beside a product as JSON
"""
