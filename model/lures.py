"""The public names: lures, lure types and context cues. Their meaning, in every language, lies in `seeds/`."""

LURES = (
    "pay_too_good", "low_bar", "all_expenses_paid", "advance_or_debt", "hotspot_place", "hidden_place", "irregular_travel",
    "private_channel", "no_legal_employer", "urgency", "safety_denial", "exit_fee_or_documents", "scam_floor_work", "task_work",
    "money_or_parcel", "upfront_payment", "identity_harvest", "recruit_others", "obfuscation",
)  # fmt: skip
LURE_TYPES = (
    "compound", "task", "upfront_fee", "money_mule", "parcel", "fake_cheque", "identity_theft", "crime_gig", "chat_operator",
    "person_sale", "generic_fake",
)  # fmt: skip
CONTEXTS = (
    "licensed_agency", "concrete_terms", "proper_permit", "checkable_employer", "real_selection", "skill_required", "fee_refusal",
    "reporting", "asking", "advising",
)  # fmt: skip
"""What tells honest ads, warnings and questions from lures. They explain nothing away; their weight is learnt."""
