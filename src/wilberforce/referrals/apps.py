from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "wilberforce.referrals"
    label = "referrals"
