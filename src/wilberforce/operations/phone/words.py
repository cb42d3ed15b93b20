"""Why something that a phone wrote waits for somebody, in words that say what to do."""

REASONS = {
    "sequence": "The phone used this number twice. Ask whether it was copied or restored.",
    "tamper": "The same entry came twice with different content. Ask who held the phone.",
    "chain": "It does not follow from what the phone sent before. Ask who held the phone.",
    "signature": "It is not signed by the phone that it names.",
    "seal": "It could not be opened: the seal is broken or the key unknown.",
    "newer": "The phone is newer than this server. Update the server, then take it in.",
    "sense": "Something in it is on no list. Write it on the board by hand.",
    "site": "It was written for another site.",
    "author": "Nobody by this seat was at this phone.",
    "proof": "It was written under a wrong PIN. Ask the person named whether it is theirs.",
    "lost": "The phone was lost and found again. Ask the person named whether this is theirs.",
    "roster": "Whoever wrote it was no longer on the roster, or the hours were over.",
    "claimed": "Two claim the same person. Ask both, then say who it is.",
    "reference": "Nobody of this operation has this reference. Ask who is meant.",
    "rule": "It can't be recorded as it stands.",
}
SETTLED = {
    "again": "Take it in as it was written",
    "same": "It is the same person",
    "other": "It is somebody else, who gets a new reference",
    "aside": "Set it aside",
}


def clock_said(offset_ms: int) -> str:
    """Beyond two minutes the clock of the phone is called wrong: people write whole minutes."""
    if abs(offset_ms) < 120_000:
        return ""
    minutes = round(abs(offset_ms) / 60_000)
    far = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    return f"phone clock {far} {'slow' if offset_ms > 0 else 'fast'}"
