"""Every refusal the system gives, in one small tree.

    WilberforceError
    ├── NotAllowed    404  absent and forbidden are the same answer
    ├── NotOpened     403  this person may read it and has not opened their own key in this sitting
    ├── RuleBroken    422  the law, the doctrine or plain sense says no; says what to do
    ├── Conflict      409  somebody changed it meanwhile, or the form belongs to another workspace
    ├── Gone          410  withdrawn, recalled or erased
    └── Unavailable   503  nothing can be recorded, so nothing can be shown

Messages are sentences for the person at the screen. They never carry personal data.
"""

from collections.abc import Mapping


class WilberforceError(Exception):
    code = "error"
    status = 500
    sentence = "Something went wrong. Try again; if it happens twice, tell your system's operator."

    def __init__(self, sentence: str = "", *, code: str = "", field: str = "") -> None:
        super().__init__(sentence or self.sentence)
        self.sentence = sentence or self.sentence
        self.code = code or self.code
        self.field = field


class NotAllowed(WilberforceError):
    code = "not_allowed"
    status = 404
    sentence = "There is nothing here that you can see. Check the address, or the workspace that you are in."

    def __init__(self, *, rule: str = "", reason: str = "") -> None:
        """``rule`` and ``reason`` go to the ledger, never to the screen."""
        super().__init__()
        self.rule = rule
        self.reason = reason


class NotOpened(WilberforceError):
    code = "not_opened"
    status = 403
    sentence = "This opens only with a key of your own, for one sitting. Open it under Your account, Your own key."


class RuleBroken(WilberforceError):
    code = "rule_broken"
    status = 422
    sentence = "That can't be recorded as it stands."


class Conflict(WilberforceError):
    code = "conflict"
    status = 409
    sentence = "Somebody else changed this while you were writing. Their version is shown beside yours."

    def __init__(self, sentence: str = "", *, code: str = "", theirs: Mapping[str, object] | None = None) -> None:
        super().__init__(sentence, code=code)
        self.theirs = dict(theirs or {})
        self.labels: Mapping[str, Mapping[str, str]] = {}
        """What the form calls the answers that can be chosen: field -> code -> words."""


class Gone(WilberforceError):
    code = "gone"
    status = 410
    sentence = "This is no longer available."


class Unavailable(WilberforceError):
    code = "unavailable"
    status = 503
    sentence = "The record of who sees what can't be written just now, so nothing can be shown. Try again in a minute."


class Unreadable(Exception):
    """What a device without a network wrote can't be taken in as it stands. Carries a code and no content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
