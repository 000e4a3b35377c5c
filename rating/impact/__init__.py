"""What a change does to a book: rated under two tariffs, told by size, segment, change and case.

parts      an assembled product in parts, and one mixed of the parts of two
chain      the changes that move a premium, in order, each as a tariff that has it and all before
side       one tariff over a block of the book;  money: premiums as whole numbers of units
walk       totals, sizes, what each change brings;  segments, flips, worst, capping
impact     all of it over one book;  told: as data and as lines
"""
