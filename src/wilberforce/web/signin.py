"""How people sign in: values for django-allauth, django-axes and Django's own passwords."""

from datetime import timedelta

AUTH_USER_MODEL = "agencies.User"

SIGNIN_APPS = ["allauth", "allauth.account", "allauth.mfa", "axes"]
SIGNIN_MIDDLEWARE = [
    "allauth.account.middleware.AccountMiddleware",
    "wilberforce.agencies.middleware.SittingMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my-work/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_FORMS = {
    "login": "wilberforce.agencies.forms.SignInForm",
    "change_password": "wilberforce.agencies.forms.NewPasswordForm",
}
ACCOUNT_ADAPTER = "wilberforce.agencies.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "wilberforce.agencies.adapters.name_of"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
SESSION_COOKIE_AGE = 16 * 60 * 60
"""On the server too a sign-in is over after the longest shift, whatever the browser keeps."""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": None, "reauthenticate": "10/m/user"}
"""Failed attempts are counted by axes in the database, so that every process counts the same ones."""

MFA_FORMS = {
    "authenticate": "wilberforce.agencies.forms.CodeForm",
    "reauthenticate": "wilberforce.agencies.forms.CodeAgainForm",
    "add_webauthn": "wilberforce.agencies.forms.PasskeyForm",
}
MFA_ADAPTER = "wilberforce.agencies.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_ALLOW_UNVERIFIED_EMAIL = True
"""The invitation that made the account was sent to its address, which is the proof."""
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Wilberforce"
MFA_TOTP_TOLERANCE = 0
"""A used code is remembered for its own half minute; a wider window would let it be used twice."""

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
"""Together: the name alone would let anybody lock a commander out on the day of an operation."""
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "wilberforce.agencies.adapters.name_tried"
AXES_LOCKOUT_CALLABLE = "wilberforce.agencies.adapters.locked_out"
AXES_SENSITIVE_PARAMETERS = ["login", "email", "password", "code", "username", "ip_address"]
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
