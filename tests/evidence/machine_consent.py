"""The person's own answer opens a record, and taking it back closes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .ground import Seat
from .machines import DAY, HOUR, LASTING, Answer, Machine, Reader, Sent, begin_identity, begin_person, disclose, on

LATE = HOUR + timedelta(milliseconds=500)
"""Steps take whole seconds, so that two answers never bear one time."""


class Consent(Machine):
    """DWP reads what a claim needs while the person's newest answer is a yes, and what rests on it stands."""

    def seats(self) -> list[Seat]:
        self.worker = self.ground.seat("reception_worker", "reception_worker", "reception")
        self.dwp = self.ground.seat("partner_dwp", "benefit_support", "support")
        self.city = self.ground.seat("housing_officer", "housing_officer", "support")
        return [self.dwp]

    def __init__(self) -> None:
        super().__init__()
        self.person, self.record = uuid4(), uuid4()
        self.languages = {"ro"}
        self.answers: list[Answer] = []
        self.sent: list[Sent] = []
        self.works_until: datetime | None = None
        self.blocked = False
        begin_person(self.ground, self.person, self.worker, "ro")
        begin_identity(self.ground, self.record, self.person, self.worker)
        self.opens()
        self.passes(timedelta(seconds=1))

    def opens(self) -> None:
        self.speaks("ro")
        self.blocks(False)
        self.names_somebody(20 * DAY)
        self.answered(Answer(uuid4(), self.now, "identity", self.dwp.agency, "given", "ro", None))
        self.lets_go(Sent(uuid4(), None, self.answers[-1], done=True))

    def looks(self) -> list[tuple[Reader, str, UUID, bool]]:
        reader = self.readers[0]
        works = self.works_until is not None and self.works_until > self.now
        may = works and reader.device(self.now) and not self.blocked and self.said_yes() and self.let_go()
        return [(reader, "survivors_identity", self.record, may)]

    def said_yes(self) -> bool:
        to_them = [a for a in self.answers if (a.about, a.to) == ("identity", self.dwp.agency)]
        newest = max(to_them, key=lambda a: a.said_at, default=None)
        return newest is not None and newest.said == "given" and newest.language in self.languages and on(newest, self)

    def let_go(self) -> bool:
        return any(
            s.done and not s.over and on(s, self) and (s.answer is None or on(s.answer, self)) for s in self.sent
        )

    @rule(
        said=st.sampled_from(["given", "given", "not_now", "declined", "withdrawn"]),
        about=st.sampled_from(["identity", "identity", "identity", "health"]),
        dwp=st.sampled_from([True, True, False]),
        language=st.sampled_from(["ro", "ro", "sq"]),
        lasts=LASTING,
        late=st.sampled_from([timedelta(0), timedelta(0), LATE]),
    )
    def the_person_answers(self, said: str, about: str, dwp: bool, language: str, lasts: Any, late: timedelta) -> None:
        """``late``: it was written down on a tablet that was offline until now."""
        to = self.dwp.agency if dwp else self.city.agency
        ends = self.now + lasts if lasts else None
        self.answered(Answer(uuid4(), self.now - late, about, to, said, language, ends))
        self.happened()

    def answered(self, answer: Answer) -> None:
        self.ground.do(
            "INSERT INTO survivors_answer VALUES (%s, %s, %s, %s, %s, %s, 'support', %s, '', %s, 'consent', %s,"
            " 'spoken', true, %s)",
            answer.id,
            self.worker.agency,
            self.person,
            self.worker.membership,
            answer.said_at,
            answer.about,
            answer.to,
            answer.said,
            answer.language,
            answer.ends,
        )
        self.answers.append(answer)
        if answer.said == "withdrawn":
            self.ground.do("SELECT set_config('wb.token', %s, true)", str(self.worker.token))
            self.ground.do("SELECT * FROM sharing_stop(%s)", answer.id)
            for sent in self.sent:
                rested = sent.answer
                sent.over |= rested is not None and (rested.about, rested.to) == (answer.about, answer.to)

    @rule(rests=st.booleans(), lasts=LASTING)
    def something_is_let_go(self, rests: bool, lasts: Any) -> None:
        yes = [a for a in self.answers if a.said == "given" and (a.about, a.to) == ("identity", self.dwp.agency)]
        self.lets_go(Sent(uuid4(), self.now + lasts if lasts else None, yes[-1] if rests and yes else None, done=True))
        self.happened()

    def lets_go(self, sent: Sent) -> None:
        disclose(self.ground, sent, self.person, self.worker, self.dwp, ("identity", "claim_min", "support"), self.now)
        self.sent.append(sent)

    @precondition(lambda self: any(not s.over for s in self.sent))
    @rule()
    def the_last_is_called_back(self) -> None:
        sent = [s for s in self.sent if not s.over][-1]
        sent.over = True
        self.ground.do("UPDATE sharing_disclosure SET recalled_at = %s WHERE id = %s", self.now, sent.id)
        self.happened()

    @rule(lasts=st.sampled_from([HOUR, 5 * HOUR, 20 * DAY]))
    def somebody_is_named_to_work_with_them(self, lasts: timedelta) -> None:
        self.names_somebody(lasts)
        self.happened()

    def names_somebody(self, lasts: timedelta) -> None:
        self.ground.do("DELETE FROM survivors_assignment WHERE person_id = %s", self.person)
        self.works_until = self.now + lasts
        self.ground.do(
            "INSERT INTO survivors_assignment VALUES (%s, %s, %s, %s, %s, NULL, %s)",
            uuid4(),
            self.person,
            self.dwp.membership,
            self.now,
            self.works_until,
            self.worker.membership,
        )

    @rule()
    def their_work_ends(self) -> None:
        self.works_until = None
        self.ground.do("UPDATE survivors_assignment SET ended_at = %s WHERE person_id = %s", self.now, self.person)
        self.happened()

    @rule(language=st.sampled_from(["ro", "sq"]))
    def it_turns_out_which_language_they_speak(self, language: str) -> None:
        self.speaks(language)
        self.happened()

    def speaks(self, language: str) -> None:
        self.languages = {language}
        self.ground.do("UPDATE survivors_person SET languages = %s WHERE id = %s", [language], self.person)

    @rule(blocked=st.booleans())
    def the_person_asks_to_keep_them_away_or_relents(self, blocked: bool) -> None:
        self.blocks(blocked)
        self.happened()

    def blocks(self, blocked: bool) -> None:
        if blocked == self.blocked:
            return
        self.blocked = blocked
        if blocked:
            self.ground.do(
                "INSERT INTO agencies_subjectblock VALUES (%s, %s, %s, NULL, %s, NULL)",
                uuid4(),
                self.person,
                self.now,
                self.dwp.agency,
            )
        else:
            self.ground.do(
                "UPDATE agencies_subjectblock SET lifted_at = %s WHERE subject_id = %s", self.now, self.person
            )
