"""The policy of 40 rules on posts and profiles that every column is given.

Made for measuring: switches, thresholds, lists of media, dates and five patterns on free text.
"""

from __future__ import annotations

import datetime

from peers.conditions import (
    Compare,
    Condition,
    Earlier,
    Either,
    Found,
    Holds,
    Not,
    OneOf,
    Rule,
    Some,
    both,
)

EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}"
PHONE = r"\+[0-9]{2}[ 0-9-]{8,}"
CLAIM = r"(?i)\b(guaranteed|risk[- ]free|miracle)\b"
PROJECT = r"\bProject [A-Z][a-z]{3,}\b"
CAPITALS = r"^[A-Z0-9 !]{12,}$"
EXPIRY = datetime.date(2025, 7, 1)


def yes(path: str) -> Condition:
    return Compare(path, "==", True)


def no(path: str) -> Condition:
    return Compare(path, "==", False)


def media(*parts: Condition) -> Condition:
    return Some("media", both(parts))


PUBLIC = Compare("audience", "==", "public")
NOT_PRIVATE = Compare("audience", "!=", "private")
NOT_APPROVED = Compare("approval.status", "!=", "approved")
SPONSORED = yes("commercial.sponsored")

# the clause each group of rules is under, and the rules in their order: R01, R02, …
_TABLE: tuple[tuple[str, tuple[tuple[Condition, ...], ...]], ...] = (
    (
        "commercial",
        (
            (SPONSORED, no("commercial.disclosed")),
            (SPONSORED, Compare("commercial.amount_eur", ">", 1000), NOT_APPROVED),
            (yes("commercial.affiliate"), no("commercial.disclosed")),
            (SPONSORED, Compare("commercial.sponsor", "==", "")),
            (SPONSORED, Compare("author.age", "<", 18)),
        ),
    ),
    (
        "generated",
        (
            (yes("ai.generated"), no("ai.labelled")),
            (Compare("ai.share_pct", ">", 50), PUBLIC, no("ai.labelled")),
            (Compare("ai.share_pct", ">", 80), Compare("approval.count", "<", 1)),
        ),
    ),
    (
        "persons",
        (
            (yes("persons.minors"), no("persons.guardian_consent")),
            (Compare("persons.third_parties", ">", 0), no("persons.third_party_consent")),
        ),
    ),
    (
        "media",
        (
            (media(OneOf("item.licence", ("none", "unknown"))),),
            (media(Compare("item.rights_holder", "==", "")),),
            (media(Compare("item.depicted", ">", 0), no("item.consent")),),
            (media(Compare("item.type", "==", "image"), Compare("item.alt_text", "==", "")),),
            (PUBLIC, media(yes("item.minors"), no("item.consent"))),
            (media(Compare("item.expires_on", "<", EXPIRY)),),
            (SPONSORED, media(yes("item.ai_generated"), Compare("item.licence", "==", "cc-by-nc"))),
            (media(Compare("item.type", "==", "video"), Compare("item.size_kb", ">", 100_000)),),
        ),
    ),
    (
        "confidential",
        (
            (Holds("confidential_categories", "trade_secret"),),
            (Holds("confidential_categories", "health"), NOT_PRIVATE),
            (
                Either(
                    (
                        Holds("confidential_categories", "customer_data"),
                        Holds("confidential_categories", "personnel"),
                    )
                ),
                OneOf("audience", ("public", "followers")),
            ),
            (
                Holds("confidential_categories", "financial_results"),
                yes("org.listed"),
                Compare("approval.approver_role", "!=", "legal"),
            ),
        ),
    ),
    (
        "approval",
        (
            (yes("org.regulated"), NOT_APPROVED),
            (
                OneOf("org.sector", ("pharma", "finance", "gambling")),
                PUBLIC,
                Not(OneOf("approval.approver_role", ("legal", "compliance"))),
            ),
            (
                Compare("approval.status", "==", "approved"),
                Earlier("publish_on", "approval.approved_on"),
            ),
        ),
    ),
    (
        "author",
        (
            (yes("author.employee"), Earlier("author.contract_end", "publish_on")),
            (yes("author.employee"), no("author.training_done"), PUBLIC),
            (
                Compare("author.age", "<", 16),
                OneOf("platform", ("facebook", "instagram", "tiktok")),
            ),
            (
                Compare("author.role", "==", "intern"),
                PUBLIC,
                Compare("approval.count", "<", 2),
            ),
            (no("author.verified"), yes("org.listed"), PUBLIC),
        ),
    ),
    (
        "links",
        (
            (yes("links.shortened"),),
            (yes("links.tracking"), OneOf("region", ("EU", "UK"))),
            (Compare("links.count", ">", 5),),
            (yes("location.shared"), Compare("location.precision", "==", "exact")),
            (yes("location.shared"), yes("persons.minors")),
        ),
    ),
    (
        "text",
        (
            (Found("text", EMAIL),),
            (Found("text", PHONE),),
            (OneOf("org.sector", ("pharma", "finance")), Found("text", CLAIM)),
            (NOT_PRIVATE, Found("text", PROJECT)),
            (Found("title", CAPITALS),),
        ),
    ),
)


def forty_rules() -> tuple[Rule, ...]:
    """Return R01 to R40, each with a clause of its own."""
    rows = [(group, at, row) for group, rows in _TABLE for at, row in enumerate(rows, 1)]
    return tuple(
        Rule(f"R{number:02d}", f"{group}.c{at}", both(row))
        for number, (group, at, row) in enumerate(rows, 1)
    )
