"""What the application's role may do where no class is kept: exactly this, so that a new table is looked at once."""

import pytest
from django.db import connection

from wilberforce.access.protect import PROTECTED

pytestmark = pytest.mark.django_db
GRANTED = """
    SELECT c.relname::text, concat_ws(' ',
        string_agg(lower(left(p.one, 1)), '' ORDER BY p.place) FILTER (WHERE has_table_privilege(c.oid, p.one)),
        (SELECT string_agg(a.attname, ' ' ORDER BY a.attname) FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           AND has_column_privilege(c.oid, a.attnum, 'UPDATE') AND NOT has_table_privilege(c.oid, 'UPDATE')))
    FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
        WITH ORDINALITY AS p(one, place)
    WHERE c.relkind IN ('r', 'v', 'm', 'p') AND c.relnamespace = 'public'::regnamespace GROUP BY c.oid, c.relname
"""
EXPECTED = """
access_class: s
access_dynamic: s
access_fact: s
access_forbid: s
access_kind_role: s
access_matrix: s
access_policy_version: s
access_purpose: s
access_role_purpose: s
access_rule: s
account_emailaddress: s
agencies_agency: siu
agencies_area: si ended_at
agencies_areaasked: si answered_at answered_by_id yes
agencies_canary: siu
agencies_conflictdeclared: si
agencies_device: siu
agencies_heldletterbox: si lock recovery
agencies_invitation: siu
agencies_keysasked: si answered_at second_id taken_over_at
agencies_membership: si clinician_checked_on ends starts vetting
agencies_openkey: siud
agencies_ownkey: siud
agencies_roleheld: si ended_by_id ends why_ended
agencies_secondyes: siu
agencies_shift: siu
agencies_signedin: si device_id ended_at membership_id second_factor session_key_hash stepped_up_at
agencies_subjectblock: siu
agencies_unlocked: si
agencies_unlocking: siud
agencies_user: siu
agencies_wrap: siud
axes_accessattempt: siud
axes_accessattemptexpiration: sd
concerns_claim: siu
deadlines_deadline: si cancelled_at due_at escalated_at met_at told_at
django_migrations: s
django_session: siud
ledger_checkpoint: s
ledger_cosignature: s
ledger_node: s
ledger_once: siud
ledger_position: s
mfa_authenticator: siud
operations_bronze: siu
operations_casemember: siu
operations_centrelink: siu
operations_command: siu
operations_life: s
operations_orderreading: si
operations_phone: siu
operations_phonerow: siu
operations_phoneseat: siu
operations_roster: siu
procrastinate_events: si
procrastinate_jobs: siud
procrastinate_periodic_defers: siud
procrastinate_workers: siud
reception_envelope: si
reception_epoch: s
reception_picturechunk: si
reception_seat: siu
reception_settled: si
reception_standing: s
reception_tablet: siu
sharing_accessrequest: si closed_at closed_by left_out verified_at verified_by verified_how way
sharing_agreement: si basis dpia_ref ended_at ends paper_by paper_on signed_at signed_by_from signed_by_to starts
sharing_before: s
sharing_disclosure: si approved_at approved_by completed_at recalled_at refusal refused_at
sharing_emergency: si holder_review holder_review_at holder_review_by own_review own_review_at own_review_by peer_at
  peer_by peer_said second_at second_by
sharing_emergencyalarm: s said seen_at
sharing_outsider: si checked_at checked_by ended_at name number_from reached
sharing_pack: si gone gone_at gone_by handed_at payload taken_at told_at told_by
sharing_request: si answered_by disclosure_id disputed_at refusal refused_at
sharing_victimrequest: si answer answered_at answered_by chosen_at chosen_by disclosure_id excused_at excused_by
  expires_at given_because given_to given_who language letter_id narrowed notice_may_at noticed_at noticed_by
  records refusal refused_at refused_by said senior_at senior_by sent_at taken_back_at view
stewardship_breach: si commissioner_told_at people_told_at
stewardship_due: si
stewardship_hold: si ended_at ended_by owner_id review_on
stewardship_paper: si
stewardship_review: si
survivors_assignment: siu
survivors_placement: siu
web_cache: siud
"""
"""Select, insert, update, delete; or the columns that alone are changed."""


def test_the_application_may_do_exactly_this_where_no_class_is_kept() -> None:
    with connection.cursor() as cursor:
        cursor.execute(GRANTED)
        found = {table: rights for table, rights in cursor.fetchall() if rights and table not in PROTECTED}
    assert found == dict(line.split(": ") for line in EXPECTED.replace("\n  ", " ").strip().splitlines())
