from wilberforce.base.forms import KitForm


class SignForm(KitForm):
    submit = "Sign for your agency"


class ApproveForm(KitForm):
    submit = "Let it go"


class RefuseForm(KitForm):
    submit = "Refuse"
