"""An operation that is live, a bronze at one of its sites, and as many officers as are to watch its board."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import SimpleCookie
from django.test import Client
from django.urls import reverse

from wilberforce.agencies.cast import FIRST_DAY, Cast, found_cast
from wilberforce.agencies.demo import client_of, seat_without_browser
from wilberforce.agencies.models import Agency, Membership, RoleHeld, User
from wilberforce.base import clock
from wilberforce.ledger.doors import at_work
from wilberforce.operations import actions


@dataclass(frozen=True)
class Scene:
    """``viewers`` and ``bronze``: the cookies of browsers that are signed in."""

    board: str
    tap: str
    answers: dict[str, str]
    bronze: dict[str, str]
    viewers: list[dict[str, str]]


def set_the_scene(viewers: int) -> Scene:
    cast = found_cast()
    officers = [_officer(cast.agencies["derbyshire-police"], number) for number in range(viewers)]
    with at_work(seat_without_browser(cast["op_commander"]), "op_planning") as actor:
        operation = actions.plan(
            actor, name="A measurement", objectives="-", strand="pursue", planned_for=clock.now() - timedelta(hours=1)
        )
        for ref in "ABC":
            site = actions.add_site(actor, operation.pk, ref=ref, place="Normanton (Derby)", premises="house")
        for post in (cast["op_member_a"], *officers):
            actions.join_roster(actor, operation.pk, membership_id=post.pk, part="search")
    with at_work(seat_without_browser(cast["op_commander"]), "op_safety") as actor:
        actions.go_live(actor, operation.pk)
        actions.move_site(actor, site.pk, state="entered", power="pace-17")
    return Scene(
        board=reverse("op_safety:day", args=[operation.pk]),
        tap=reverse("op_safety:site_found", args=[site.pk]),
        answers={"age": "adult", "sex": "female", "injury": "none"},
        bronze=_cookies(cast, cast["op_member_a"]),
        viewers=[_cookies(cast, post) for post in officers],
    )


def _officer(force: Agency, number: int) -> Membership:
    user = User.objects.join(f"viewer.{number}@bench.example.org", f"Viewer {number}", None)
    begins = clock.now().replace(year=FIRST_DAY.year)
    post = Membership.objects.create(user=user, agency=force, starts=begins, vetting=1)
    RoleHeld.objects.create(membership=post, role="op_member", starts=begins)
    return post


def _cookies(cast: Cast, post: Membership) -> dict[str, str]:
    held: SimpleCookie = client_of(post, Client()).cookies
    return {name: morsel.value for name, morsel in held.items()}
