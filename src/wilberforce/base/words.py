"""The trade's words for codes, as pages say them. A code without words of its own is said as it stands."""

WORDS = {
    "op_commander": "commander",
    "op_member": "member of the operation",
    "intel_officer": "intelligence officer",
    "comms_officer": "communications officer",
    "emergency_duty": "emergency duty team",
    "intel": "intelligence",
    "person_ref": "reference and needs",
    "report_raw": "report",
    "op_planning": "planning",
    "op_safety": "the day",
    "nrm": "referral",
    "public_info": "bulletins",
    "sar_bundle": "copy for the person",
}


def spoken(code: object) -> str:
    return WORDS.get(str(code or ""), str(code or "").replace("_", " "))
