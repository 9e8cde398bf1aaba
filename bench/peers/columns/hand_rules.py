"""The 40 rules as a person would write them in Python for speed.

Patterns are RE2's meaning on Python's `re`, and none runs where a text it needs is not there;
the e-mail pattern starts at its `@`, which finds the same texts.
"""

from __future__ import annotations

import re

NAME = "hand-written Python, no validation"
NOTE = "plain `if`s, one pass over the media, patterns behind the literal they need"
FORTY_ONLY = True
_LOCAL_PART = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._%+-")


def prepare(rules, folder, synthetic):
    from peers.rules import CAPITALS, CLAIM, EMAIL, EXPIRY, PHONE, PROJECT

    after_at = EMAIL[EMAIL.index("@") :]
    return [after_at, PHONE, CLAIM, PROJECT, CAPITALS, EXPIRY.isoformat()]


def load(artefact):
    *patterns, expiry = artefact
    after_at, phone, claim, project, capitals = (re.compile(text).search for text in patterns)

    def email(text):
        found = after_at(text)
        while found:
            start = found.start()
            if start and text[start - 1] in _LOCAL_PART:
                return True
            found = after_at(text, start + 1)
        return False

    def attachments(elements, public, sponsored, add):
        for item in elements:
            licence = item["licence"]
            if licence in ("none", "unknown"):
                add("R11")
            if item["rights_holder"] == "":
                add("R12")
            if not item["consent"]:
                if item["depicted"] > 0:
                    add("R13")
                if public and item["minors"]:
                    add("R15")
            kind = item["type"]
            if kind == "image":
                if item["alt_text"] == "":
                    add("R14")
            elif kind == "video" and item["size_kb"] > 100_000:
                add("R18")
            if item["expires_on"] < expiry:
                add("R16")
            if sponsored and licence == "cc-by-nc" and item["ai_generated"]:
                add("R17")

    def secrets(document, audience, add):
        for category in document["confidential_categories"]:
            if category == "trade_secret":
                add("R19")
            elif category == "health":
                if audience != "private":
                    add("R20")
            elif category in ("customer_data", "personnel"):
                if audience in ("public", "followers"):
                    add("R21")
            elif (
                category == "financial_results"
                and document["org"]["listed"]
                and document["approval"]["approver_role"] != "legal"
            ):
                add("R22")

    def decide(document):
        violated = set()
        add = violated.add
        audience = document["audience"]
        public = audience == "public"
        commercial, approval, author = (
            document["commercial"],
            document["approval"],
            document["author"],
        )
        generated, persons, org = document["ai"], document["persons"], document["org"]
        links, location = document["links"], document["location"]
        approved = approval["status"] == "approved"
        sponsored, age, approvals = commercial["sponsored"], author["age"], approval["count"]
        sector, role = org["sector"], approval["approver_role"]
        if sponsored:
            if not commercial["disclosed"]:
                add("R01")
            if not approved and commercial["amount_eur"] > 1000:
                add("R02")
            if commercial["sponsor"] == "":
                add("R04")
            if age < 18:
                add("R05")
        if commercial["affiliate"] and not commercial["disclosed"]:
            add("R03")
        if not generated["labelled"]:
            if generated["generated"]:
                add("R06")
            if public and generated["share_pct"] > 50:
                add("R07")
        if approvals < 1 and generated["share_pct"] > 80:
            add("R08")
        if persons["minors"] and not persons["guardian_consent"]:
            add("R09")
        if persons["third_parties"] > 0 and not persons["third_party_consent"]:
            add("R10")
        attachments(document["media"], public, sponsored, add)
        secrets(document, audience, add)
        if approved:
            if document["publish_on"] < approval["approved_on"]:
                add("R25")
        elif org["regulated"]:
            add("R23")
        if public:
            if sector in ("pharma", "finance", "gambling") and role not in ("legal", "compliance"):
                add("R24")
            if approvals < 2 and author["role"] == "intern":
                add("R29")
            if org["listed"] and not author["verified"]:
                add("R30")
        if author["employee"]:
            if author["contract_end"] < document["publish_on"]:
                add("R26")
            if public and not author["training_done"]:
                add("R27")
        if age < 16 and document["platform"] in ("facebook", "instagram", "tiktok"):
            add("R28")
        if links["shortened"]:
            add("R31")
        if links["tracking"] and document["region"] in ("EU", "UK"):
            add("R32")
        if links["count"] > 5:
            add("R33")
        if location["shared"]:
            if location["precision"] == "exact":
                add("R34")
            if persons["minors"]:
                add("R35")
        text = document["text"]
        if "@" in text and email(text):
            add("R36")
        if "+" in text and phone(text):
            add("R37")
        if sector in ("pharma", "finance"):
            small = text.lower()
            if ("guaranteed" in small or "risk" in small or "miracle" in small) and claim(text):
                add("R38")
        if "Project " in text and audience != "private" and project(text):
            add("R39")
        if capitals(document["title"]):
            add("R40")
        return violated

    return decide
