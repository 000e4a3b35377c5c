"""Regulation packs: rules are data, pure functions of the facts that the stages state.

load.rules_for          the rules of a product's jurisdiction, then the international ones
definition, wording     facts of those stages; rating and sandbox state theirs
judge.judge             rules + facts → findings
waivers.waive           findings that a named role has accepted until a day
"""
