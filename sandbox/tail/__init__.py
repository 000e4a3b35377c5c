"""The far tail by importance sampling: once in 200, 1,000 and 10,000 years, with an honest error.

Years are drawn by laws that make bad years frequent, and each counts for what it is worth by the
original law. A `Law` multiplies mean counts and the rates of storms and draws sizes in other
shares; what it says of a year is exact, whatever the year costs, since the same random numbers are
read again. A part of the years is drawn by the original law, so that none counts for more than one
over that part.
"""
