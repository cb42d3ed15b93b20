"""What of a machine a page may use: the camera on the desk, for cards, and nothing anywhere else."""

import pytest

HEADER = "Permissions-Policy"


@pytest.mark.parametrize("address", ["/", "/sign-in/", "/reception/", "/no-such-page/", "/desk/worker.js"])
def test_no_page_may_use_camera_microphone_or_place(address, client):
    said = client.get(address)[HEADER]
    for thing in ("camera", "microphone", "geolocation"):
        assert f"{thing}=()" in said


def test_the_desk_alone_may_use_the_camera_and_only_itself(client):
    said = client.get("/desk/")[HEADER]
    assert "camera=(self)" in said
    assert "microphone=()" in said
