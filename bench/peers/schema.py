"""What a document looks like: the JSON Schema of each kind."""

from __future__ import annotations

import copy


def _text(most: int = 200) -> dict:
    return {"type": "string", "maxLength": most}


def _one_of(*values: str) -> dict:
    return {"type": "string", "enum": list(values)}


def _count(most: int | None = None) -> dict:
    bound = {} if most is None else {"maximum": most}
    return {"type": "integer", "minimum": 0, **bound}


def _object(**members: dict) -> dict:
    closed = {"required": list(members), "additionalProperties": False}
    return {"type": "object", "properties": members, **closed}


def _list(items: dict, most: int) -> dict:
    return {"type": "array", "items": items, "maxItems": most}


_SWITCH = {"type": "boolean"}
_DATE = {"type": "string", "format": "date"}
_POST = _object(
    kind=_one_of("post"),
    id=_text(100),
    platform=_one_of("facebook", "instagram", "mastodon", "tiktok"),
    audience=_one_of("public", "followers", "private"),
    language=_text(8),
    campaign=_text(16),
    region=_one_of("EU", "UK", "US", "APAC"),
    title=_text(),
    text=_text(1_000_000),
    publish_on=_DATE,
    hashtags=_list(_text(60), 100),
    confidential_categories=_list(_text(60), 100),
    author=_object(
        role=_text(40),
        age=_count(130),
        verified=_SWITCH,
        employee=_SWITCH,
        training_done=_SWITCH,
        contract_end=_DATE,
    ),
    org=_object(sector=_text(40), regulated=_SWITCH, listed=_SWITCH),
    commercial=_object(
        sponsored=_SWITCH,
        disclosed=_SWITCH,
        affiliate=_SWITCH,
        sponsor=_text(),
        amount_eur=_count(),
    ),
    approval=_object(
        status=_one_of("none", "pending", "approved"),
        approver_role=_text(40),
        approved_on=_DATE,
        count=_count(),
    ),
    ai=_object(generated=_SWITCH, labelled=_SWITCH, share_pct=_count(100)),
    persons=_object(
        minors=_SWITCH,
        guardian_consent=_SWITCH,
        third_parties=_count(),
        third_party_consent=_SWITCH,
    ),
    links=_object(count=_count(), tracking=_SWITCH, shortened=_SWITCH),
    location=_object(shared=_SWITCH, precision=_one_of("none", "city", "exact")),
    media=_list(
        _object(
            type=_one_of("image", "video", "audio"),
            rights_holder=_text(),
            licence=_one_of("owned", "licensed", "cc0", "cc-by", "cc-by-nc", "none", "unknown"),
            consent=_SWITCH,
            alt_text=_text(500),
            depicted=_count(),
            minors=_SWITCH,
            ai_generated=_SWITCH,
            expires_on=_DATE,
            size_kb=_count(),
        ),
        1000,
    ),
)


def schema(kind: str, *, synthetic: bool = False) -> dict:
    """Return the JSON Schema of a kind.

    `synthetic`: platform and region are any text, as the synthetic rules need it.
    """
    made = copy.deepcopy(_POST)
    made["properties"]["kind"]["enum"] = [kind]
    if synthetic:
        made["properties"] |= {"platform": _text(40), "region": _text(40)}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
