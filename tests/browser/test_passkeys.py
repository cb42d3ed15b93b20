"""A passkey in a real browser, whose authenticator is played by Chromium itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from wilberforce.agencies.cast import cast_already_here
from wilberforce.agencies.models import Membership, SignedIn

PASSWORD = "three little invented words"
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def officer(lasting_db: None) -> Membership:
    officer = cast_already_here()["intel_officer"]
    officer.user.set_password(PASSWORD)
    officer.user.save()
    return officer


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address)
    opened = context.new_page()
    touch = context.new_cdp_session(opened)
    touch.send("WebAuthn.enable")
    touch.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    yield opened
    context.close()


def newest_sitting(officer: Membership) -> Any:
    return SignedIn.objects.filter(user=officer.user).latest("signed_in_at")


def test_a_passkey_is_enrolled_signs_in_and_is_a_fresh_proof(page: Page, officer: Membership) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Email").fill(officer.user.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What do you call it?").fill("Work phone")
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("body")).to_contain_text("10 of 10 codes are unused")
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work")

    page.get_by_role("button", name="Sign out").click()
    page.goto("/sign-in/")
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
    assert newest_sitting(officer).second_factor
    assert newest_sitting(officer).stepped_up_at is not None

    SignedIn.objects.update(stepped_up_at=None)
    page.goto("/sign-in/again/?next=/sign-in/sessions/")
    page.get_by_role("button", name="Use your passkey or security key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    assert newest_sitting(officer).stepped_up_at is not None
