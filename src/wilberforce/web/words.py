"""The trade's words for purposes and roles, as pages say them."""

PURPOSES = {
    "triage": "Report desk",
    "intelligence": "Intelligence",
    "op_planning": "Planning",
    "op_safety": "The day",
    "custody": "Custody",
    "reception": "Reception centre",
    "support": "Support",
    "nrm": "Referrals",
    "criminal_investigation": "Investigation",
    "regulatory": "Employers and businesses",
    "public_info": "Bulletins",
    "statistics": "Figures",
    "oversight": "Oversight",
    "platform_ops": "The machine",
}
GROUPS = {
    "oversight": {
        "Shared": ("index", "disclosures", "emergencies", "access_requests"),
        "Looked at": ("seen", "ledger", "odd", "caps", "canaries"),
        "Kept": ("retention", "papers", "breaches", "checkpoint", "keys"),
    }
}
"""The lists of a workspace that has too many for one row, under what a tired person looks for. By their names."""
