from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.db.models import Q

from wilberforce.base.forms import DayField, KitForm, radios
from wilberforce.base.paging import Filters
from wilberforce.base.references import ANY, ReferenceField

from .models import Link, Vetting, Why

Choices = list[tuple[str, str]]


class SignInForm(LoginForm):  # type: ignore[misc]
    """The page itself says what somebody does who can't get in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        says = {
            "oldpassword": ("Your password now", ""),
            "password1": ("New password", "At least 12 characters. Three random words are easy to remember."),
            "password2": ("New password again", ""),
        }
        for name, (label, hint) in says.items():
            self.fields[name].label, self.fields[name].help_text = label, hint


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "What do you call it?"
        alone = self.fields["passwordless"]
        alone.label = "Sign in with it alone"
        alone.help_text = "Then it asks for your finger, your face or its PIN each time, and you need no password."


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """A code is not even tried while the account is locked out."""

    def clean_code(self) -> str:
        refuse_while_locked_out(self.user.email)
        return str(super().clean_code())


class CodeAgainForm(ReauthenticateForm):  # type: ignore[misc]
    def clean_code(self) -> str:
        refuse_while_locked_out(self.user.email)
        return str(super().clean_code())


def refuse_while_locked_out(email: str) -> None:
    request = context.request
    credentials = {"email": email}
    if not AxesProxyHandler.is_allowed(request, credentials):
        request.axes_locked_out = True
        request.axes_credentials = credentials
        raise get_adapter().validation_error("too_many_login_attempts")


class JoinForm(KitForm):
    submit = "Join"
    sensitive = False
    name = forms.CharField(label="Your name, as colleagues know it", max_length=120)
    password = forms.CharField(
        label="Password",
        help_text="At least 12 characters. Three random words are easy to remember. "
        "If you already sign in here for another agency, enter that password.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class DeviceForm(KitForm):
    submit = "Use this device"
    code = forms.CharField(label="Code from your data guardian", max_length=20, help_text="For example D-7K3MQX2H9RTW")


class LeaveForm(KitForm):
    submit = "Leave now"
    sure = forms.BooleanField(label="I am sure", error_messages={"required": "Tick this if you want to leave."})


class TheyLeaveForm(KitForm):
    submit = "They have left"
    warn = True
    sure = forms.BooleanField(
        label="I am sure",
        help_text="Every role, device and open screen of theirs ends at once. What they recorded stays.",
        error_messages={"required": "Tick this if they have left."},
    )  # fmt: skip


class InviteForm(KitForm):
    submit = "Send the invitation"
    email = forms.EmailField(label="Work e-mail address")
    roles = forms.MultipleChoiceField(label="Roles", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = choices  # type: ignore[attr-defined]


class RoleForm(KitForm):
    submit = "Give this role"
    role = forms.ChoiceField(label="Role")
    last_day = DayField(
        label="Its last day", what="The last day", required=False,
        help_text="For an operation, or while somebody is away. Leave it empty if it has no end.",
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]


class EndRoleForm(KitForm):
    submit = "Change its end"
    held = forms.ChoiceField(label="Which role?")
    until = radios("When does it end?", [("now", "Now"), ("day", "At the end of a day"), ("never", "It has no end")])
    last_day = DayField(label="Which day?", what="The last day", required=False)
    why = forms.CharField(label="Why?", max_length=300, help_text="Kept with the role.")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("until") == "day" and not cleaned.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", "Enter the day.")
        return cleaned


class EnrolForm(KitForm):
    submit = "Enrol a device"
    label = forms.CharField(label="What is on its label?", max_length=80)


class ChecksForm(KitForm):
    submit = "Record the checks"
    vetting = forms.TypedChoiceField(label="Vetting", choices=Vetting.choices, coerce=int)
    clinician_checked_on = DayField(label="Clinical registration checked on", required=False)


class UnlockForm(KitForm):
    submit = "Let them go on"
    member = forms.TypedChoiceField(label="Who?", coerce=UUID)
    why = forms.ChoiceField(label="Why did they open so many?", choices=[("", "Choose"), *Why.choices])

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]


class PlantForm(KitForm):
    submit = "Plant it"
    reference = ReferenceField(
        label="Reference of a record that was invented for this", prefixes=ANY,
        help_text="You are not told whether there is such a record. Another guardian has to say yes.",
    )  # fmt: skip


class SecondCanaryForm(KitForm):
    submit = "Say yes to it"
    canary = forms.ChoiceField(label="Which one?")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["canary"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]


class AskedForm(KitForm):
    submit = "I have asked about all of these"


class TieForm(KitForm):
    submit = "Record the link"
    reference = ReferenceField(
        label="Reference of the person or the operation",
        prefixes=ANY,
        help_text="For example P-7K3MQX. You are not told whether there is such a record; if so, it closes at once.",
    )
    why = forms.ChoiceField(label="How are you linked?", choices=[("", "Choose"), *Link.choices])


class ColleagueTieForm(TieForm):
    why = forms.ChoiceField(label="How are they linked?", choices=[("", "Choose"), *Link.choices])


class BlockForm(KitForm):
    submit = "Record the person's wish"
    reference = ReferenceField(label="Reference of the person", prefixes=ANY, help_text="For example P-7K3MQX")


class AreaForm(KitForm):
    submit = "Ask the other agency"
    place = forms.CharField(
        label="Place", max_length=120, help_text="As people call it when they say where somebody was found: Derby."
    )
    police = forms.TypedChoiceField(label="Which force polices it?", coerce=UUID)
    council = forms.TypedChoiceField(
        label="Which council is responsible there?", coerce=UUID,
        help_text="The unitary council, or in a county with districts the county council.",
    )  # fmt: skip
    why = forms.CharField(label="Why?", max_length=300, help_text="The other agency reads it before it answers.")

    def __init__(self, *args: Any, forces: Choices, councils: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in (("police", forces), ("council", councils)):
            self.fields[name].choices = [("", "Choose"), *offered]  # type: ignore[attr-defined]


class EndAreaForm(KitForm):
    submit = "Ask to end it"
    why = forms.CharField(label="Why does it end?", max_length=300, help_text="The other agency reads it.")


class AreaFilters(Filters):
    place = forms.CharField(label="Place", required=False, max_length=120)
    state = forms.ChoiceField(label="Which", required=False, choices=[("", "In force"), ("ended", "Ended")])

    def where(self) -> Q:
        place = self.answer("place")
        return Q(ended_at__isnull=self.answer("state") != "ended") & (Q(place__icontains=place) if place else Q())


class WayBackForm(KitForm):
    submit = "Set this password"
    sensitive = False
    password = forms.CharField(
        label="New password",
        help_text="At least 12 characters. Three random words are easy to remember.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
