"""Documents by a seed: planned posts and profiles of made-up content."""

from __future__ import annotations

import random
from collections.abc import Iterator

Document = dict

_VOCABULARY = (
    "our team met partners in the new hall to talk about water energy school music garden "
    "bridges maps and the plan for next spring with many local people who build repair plant "
    "teach cook paint write count and carry things from here to there every single day "
)
_WORDS = _VOCABULARY.split()


def text_of(random_: random.Random, size: int) -> str:
    """Return running text of exactly `size` characters."""
    words: list[str] = []
    total = 0
    while total <= size:
        word = random_.choice(_WORDS)
        word = word.capitalize() if random_.random() < 0.12 else word
        word += "." if random_.random() < 0.1 else ""
        words.append(word)
        total += len(word) + 1
    return " ".join(words)[:size]


def _attachment(random_: random.Random, number: int) -> Document:
    return {
        "type": random_.choice(("image", "image", "video", "audio")),
        "rights_holder": random_.choice(("Example Ltd", "The municipality", "Studio Nine")),
        "licence": random_.choice(("owned", "cc-by", "cc0", "cc-by-nc", "licensed")),
        "consent": True,
        "alt_text": f"Description of attachment number {number}",
        "depicted": random_.choice((0, 0, 1, 3)),
        "minors": False,
        "ai_generated": False,
        "expires_on": f"20{random_.randint(26, 35)}-0{random_.randint(1, 9)}-15",
        "size_kb": random_.randint(20, 20_000),
    }


def allowed(seed: int = 1, media: int = 3, text: int = 600) -> Document:
    """Return a document that violates nothing, with enough switched on to make rules look further."""
    random_ = random.Random(seed)
    return {
        "kind": "post",
        "id": "planned-1",
        "platform": "instagram",
        "audience": "public",
        "language": "en",
        "campaign": "c00003",
        "region": "EU",
        "title": "Opening of the new hall",
        "text": text_of(random_, text),
        "publish_on": "2025-09-01",
        "hashtags": ["#hall", "#open", "#city"],
        "confidential_categories": ["press_release"],
        "author": {
            "role": "editor",
            "age": 34,
            "verified": True,
            "employee": True,
            "training_done": True,
            "contract_end": "2027-12-31",
        },
        "org": {"sector": "finance", "regulated": True, "listed": True},
        "commercial": {
            "sponsored": True,
            "disclosed": True,
            "affiliate": False,
            "sponsor": "Example Bank",
            "amount_eur": 2500,
        },
        "approval": {
            "status": "approved",
            "approver_role": "legal",
            "approved_on": "2025-08-20",
            "count": 2,
        },
        "ai": {"generated": True, "labelled": True, "share_pct": 30},
        "persons": {
            "minors": False,
            "guardian_consent": False,
            "third_parties": 2,
            "third_party_consent": True,
        },
        "links": {"count": 2, "tracking": False, "shortened": False},
        "location": {"shared": True, "precision": "city"},
        "media": [_attachment(random_, number) for number in range(media)],
    }


def five(seed: int = 1, media: int = 3, text: int = 600) -> Document:
    """Return a document with five violations: R06, R14 (R33 without media), R19, R32 and R36."""
    document = allowed(seed, media, text)
    document["ai"]["labelled"] = False
    if media:
        document["media"][-1].update(type="image", alt_text="")
    else:
        document["links"]["count"] = 9
    document["confidential_categories"] = ["press_release", "trade_secret"]
    document["links"]["tracking"] = True
    document["text"] = document["text"][: text - 40] + " write to somebody@example.org about it "
    return document


def for_synthetic(seed: int = 1) -> Document:
    """Return the allowed document with values out of the constants of synthetic rules."""
    document = allowed(seed)
    document |= {"platform": "platform-3", "region": "region-4"}
    document["author"]["role"] = "role-7"
    document["org"]["sector"] = "sector-9"
    document["approval"]["approver_role"] = "approver-11"
    return document


def varied_for_synthetic(count: int, seed: int = 5) -> Iterator[Document]:
    """Yield documents for synthetic rules that differ in campaign, switches and numbers."""
    random_ = random.Random(seed)
    for number in range(count):
        document = for_synthetic(number)
        document["campaign"] = f"c{random_.randrange(2500):05d}"
        document["commercial"] |= {
            "sponsored": random_.random() < 0.5,
            "disclosed": random_.random() < 0.5,
            "amount_eur": random_.randrange(5000),
        }
        document["ai"] |= {"labelled": random_.random() < 0.5, "share_pct": random_.randrange(100)}
        document["author"]["age"] = random_.randrange(90)
        document["links"] |= {"tracking": random_.random() < 0.5, "count": random_.randrange(20)}
        yield document


_EITHER = (True, False)
_CHOICES: tuple[tuple[str, tuple], ...] = (
    ("audience", ("public", "followers", "private")),
    ("platform", ("facebook", "instagram", "mastodon", "tiktok")),
    ("region", ("EU", "UK", "US", "APAC")),
    ("kind", ("post", "profile")),
    ("title", ("SALE SALE SALE NOW!", "Quiet title", "All good here")),
    ("publish_on", ("2025-08-01", "2025-09-01", "2028-01-01")),
    ("author.role", ("intern", "editor", "freelancer")),
    ("author.age", (14, 15, 17, 18, 30, 61)),
    ("author.contract_end", ("2025-01-31", "2027-12-31")),
    ("org.sector", ("finance", "pharma", "retail", "gambling", "public")),
    ("commercial.sponsor", ("", "Example Bank")),
    ("commercial.amount_eur", (0, 500, 1000, 1001, 9000)),
    ("approval.status", ("none", "pending", "approved")),
    ("approval.approver_role", ("none", "legal", "compliance", "manager")),
    ("approval.approved_on", ("2025-08-20", "2025-12-01")),
    ("approval.count", (0, 0, 1, 2, 3)),
    ("ai.labelled", (False,)),
    ("ai.share_pct", (0, 51, 81, 100)),
    ("persons.third_parties", (0, 1, 4)),
    ("links.count", (0, 2, 5, 6)),
    ("location.precision", ("none", "city", "exact")),
    ("author.verified", _EITHER),
    ("author.employee", _EITHER),
    ("author.training_done", _EITHER),
    ("org.regulated", _EITHER),
    ("org.listed", _EITHER),
    ("commercial.sponsored", _EITHER),
    ("commercial.disclosed", _EITHER),
    ("commercial.affiliate", _EITHER),
    ("ai.generated", _EITHER),
    ("persons.minors", _EITHER),
    ("persons.guardian_consent", _EITHER),
    ("persons.third_party_consent", _EITHER),
    ("links.tracking", _EITHER),
    ("links.shortened", _EITHER),
    ("location.shared", _EITHER),
)
_SECRETS = (
    *("press_release", "trade_secret", "health"),
    *("customer_data", "personnel", "financial_results"),
)
_PHRASES = (
    " write to nobody@example.org now ",
    " call +47 00 00 00 00 00 today ",
    " a guaranteed gain ",
    " a Risk-Free plan ",
    " news on Project Falcon soon ",
)
_ATTACHMENT: tuple[tuple[str, object], ...] = (
    *(("licence", "none"), ("licence", "unknown"), ("licence", "cc-by-nc")),
    *(("rights_holder", ""), ("consent", False), ("alt_text", ""), ("minors", True)),
    *(("ai_generated", True), ("depicted", 2), ("expires_on", "2024-12-31")),
    *(("size_kb", 150_000), ("type", "video"), ("type", "image")),
)


def generated(count: int, seed: int = 11) -> Iterator[Document]:
    """Yield documents with up to twelve changes each; a thousand of them violate every rule."""
    random_ = random.Random(seed)
    for number in range(count):
        media = random_.choice((0, 1, 2, 3, 4, 6))
        document = allowed(random_.randrange(1 << 30), media, random_.randint(450, 750))
        document["id"] = f"planned-{number}"
        for _ in range(random_.randint(0, 12)):
            _change(random_, document)
        yield document


def _change(random_: random.Random, document: Document) -> None:
    kind = random_.random()
    if kind < 0.62:
        path, choices = random_.choice(_CHOICES)
        *parents, last = path.split(".")
        inner = document
        for name in parents:
            inner = inner[name]
        inner[last] = random_.choice(choices)
    elif kind < 0.7:
        document["confidential_categories"] = random_.sample(_SECRETS, random_.randint(0, 3))
    elif kind < 0.8:
        at = random_.randrange(len(document["text"]))
        text = document["text"]
        document["text"] = text[:at] + random_.choice(_PHRASES) + text[at:]
    elif document["media"]:
        name, value = random_.choice(_ATTACHMENT)
        random_.choice(document["media"])[name] = value
