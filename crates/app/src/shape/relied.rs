//! What the typed services work with: without it no ticket could be sold, so it cannot be retired.

use model::field::SetBy;
use model::{Definitions, Field, Module};
use store::{Error, Result};

/// Modules that services read and write, with the fields they need of them.
const NEEDED: &[(&str, &[&str])] = &[
    (
        "leads",
        &[
            "name",
            "email",
            "phone",
            "source",
            "status",
            "contact",
            "account",
            "converted_account",
            "converted_contact",
            "converted_deal",
            "possible_duplicates",
        ],
    ),
    ("contacts", &["name", "email", "phone", "account", "possible_duplicates"]),
    (
        "accounts",
        &[
            "name",
            "email",
            "phone",
            "kind",
            "relations",
            "country",
            "inn",
            "tax_id",
            "kpp",
            "legal_address",
            "bik",
            "bank_account",
            "corr_account",
        ],
    ),
    (
        "deals",
        &[
            "name",
            "pipeline",
            "stage",
            "amount",
            "account",
            "contact",
            "event",
            "locale",
            "payment_terms",
            "prepayment_share",
            "contract_signed_on",
            "paid_on",
            "lost_reason",
        ],
    ),
    ("deal_documents", &["name", "deal", "kind", "status"]),
    (
        "events",
        &[
            "name",
            "slug",
            "starts_on",
            "ends_on",
            "venue",
            "capacity",
            "grace",
            "waiting_hold",
            "status",
            "payment_wait",
            "currency",
            "rename_until",
            "allow_unnamed",
        ],
    ),
    (
        "ticket_types",
        &["event", "name", "quota", "payment_wait", "price_tiers", "sale_from", "sale_until", "max_per_order"],
    ),
    (
        "waiting_list",
        &["event", "ticket_type", "seats", "name", "email", "phone", "locale", "status", "order", "offered_until"],
    ),
    ("participants", &["name", "email", "phone", "event", "contact", "account", "company", "status"]),
    ("cases", &["subject", "body", "channel", "direction", "status", "lead", "contact", "account", "deal", "token"]),
    (
        "rejected_requests",
        &[
            "subject",
            "source",
            "mailbox",
            "mailbox_id",
            "target",
            "content",
            "external_id",
            "wrong",
            "faults",
            "status",
            "became",
        ],
    ),
    (
        "surveys",
        &[
            "name",
            "questionnaire",
            "about",
            "contact",
            "person",
            "email",
            "status",
            "score",
            "channel",
            "locale",
            "sent_at",
            "reminded_at",
            "expires_at",
            "answered_at",
            "refused_at",
            "not_written",
            "token",
        ],
    ),
    ("survey_answers", &["name", "answer", "number", "survey", "questionnaire", "question", "value"]),
    ("outside_calls", &["rule", "key", "body"]),
    (
        "calls",
        &[
            "number",
            "direction",
            "status",
            "about",
            "from",
            "to",
            "line",
            "extension",
            "rings_for",
            "answered_by",
            "started_at",
            "answered_at",
            "ended_at",
            "unanswered_since",
            "duration",
            "recording",
            "call_id",
            "raw",
        ],
    ),
    (
        "consents",
        &[
            "email",
            "purpose",
            "status",
            "text",
            "policy",
            "source",
            "form",
            "given_at",
            "withdrawn_at",
            "about",
            "key",
            "token",
        ],
    ),
    ("comments", &["text", "about", "mentions"]),
    ("files", &["name", "about", "content_type", "size", "digest"]),
    (
        "messages",
        &[
            "channel",
            "direction",
            "from",
            "to",
            "subject",
            "text",
            "html",
            "status",
            "about",
            "sorted",
            "turn",
            "conversation",
            "aside_reason",
            "aside_by",
            "aside_at",
            "from_name",
            "to_name",
            "locale",
            "attachments",
            "message_id",
            "cause",
            "attempts",
            "error",
            "form",
            "content",
            "source",
            "consent",
            "template",
            "sent_at",
            "delivered_at",
            "line",
            "line_id",
            "mailbox",
            "mailbox_id",
            "raw",
            "purpose",
            "writer",
            "cc",
            "answers",
            "thread",
        ],
    ),
];

/// Options that services write, or look for, in fields whose options are otherwise open.
const WRITTEN: [(&str, &str, &[&str]); 6] = [
    ("accounts", "kind", &["organisation", "sole_proprietor", "person"]),
    ("accounts", "relations", &["buyer"]),
    ("deals", "pipeline", &["group_tickets"]),
    ("deals", "payment_terms", &["prepaid", "partial", "postpaid"]),
    ("messages", "channel", &["email", "phone", "web_form", "sms", "chat"]),
    ("messages", "direction", &["in", "out"]),
];

/// Fails where a field would lose an option with which the program itself works. Without tickets for organisations nobody misses
/// their pipeline.
pub(super) fn may_lose_options(definitions: &Definitions, module: &Module, was: &Field, will_be: &Field) -> Result<()> {
    let sells_to_groups = definitions.survey(crate::groups::QUESTIONNAIRE).is_some();
    let written = WRITTEN.iter().filter(|(of, field, _)| *of == module.name && *field == was.name);
    let written = written.filter(|(_, field, _)| *field != "pipeline" || sells_to_groups);
    let mut options = written.flat_map(|(.., options)| *options);
    match options.find(|option| was.option(option).is_some() && will_be.option(option).is_none()) {
        Some(option) => Err(relied_on(&format!("{}.{} = {option}", module.name, was.name))),
        None => Ok(()),
    }
}

/// Fails where the program itself works with the module.
pub(super) fn may_retire(module: &Module) -> Result<()> {
    if module.service.is_some() || NEEDED.iter().any(|(name, _)| *name == module.name) {
        return Err(relied_on(&module.name));
    }
    Ok(())
}

/// Fails where the program itself works with the field.
pub(super) fn may_retire_field(module: &Module, field: &Field) -> Result<()> {
    let needed = NEEDED.iter().any(|(name, fields)| *name == module.name && fields.contains(&field.name.as_str()));
    let kept = module.service.is_some() && field.set_by != SetBy::Anyone || field.computed;
    if needed || kept { Err(relied_on(&format!("{}.{}", module.name, field.name))) } else { Ok(()) }
}

fn relied_on(what: &str) -> Error {
    Error::conflict("relied_on", format!("the program itself works with {what}: it cannot be retired"))
}
