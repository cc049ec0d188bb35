//! A lead as a struct: what one writes by hand where the shape is fixed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::people::now;

/// The columns of a lead, in the order in which Plenary reads them.
pub(super) const COLUMNS: &str = "t.id, t.version, t.created_at, t.updated_at, t.created_by, t.deleted_at, t.owner, \
     t.name, t.name_key, t.email, t.phone, t.company, t.company_key, t.source, t.source_key, t.need, t.status, \
     t.readiness, t.contact, t.account, t.lost_reason, t.lost_reason_key, t.client_reason, t.client_reason_key, t.quality_report, \
     t.converted_account, t.converted_contact, t.converted_deal, t.possible_duplicates, t.tags, \
     (select count(*) from cases c where c.lead = t.id and c.deleted_at is null), \
     (t.email is not null or t.phone is not null)";

/// One page by a filter over one indexed field in the order of another.
pub(super) const LIST: &str =
    " from leads t where t.deleted_at is null and t.status = $1 order by t.name_key asc, t.id asc limit 51";

/// How many records the same filter finds, as far as a page for people tells it.
pub(super) const COUNT: &str =
    "select count(*) from (select 1 from leads t where t.deleted_at is null and t.status = $1 limit 10001) as found";

/// One record.
pub(super) const READ: &str = " from leads t where t.id = $1";

/// The columns that a new lead fills.
pub(super) const INSERT: &str = "insert into leads (id, version, created_at, updated_at, created_by, owner, \
     name, name_key, email, phone, company, company_key, source, source_key, need, status, readiness) \
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

#[derive(Serialize)]
pub(super) struct Lead {
    pub(super) id: Uuid,
    pub(super) version: i64,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) created_by: Option<Uuid>,
    pub(super) owner: Option<Uuid>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) company: Option<String>,
    pub(super) source: Option<String>,
    pub(super) need: Option<String>,
    pub(super) status: Option<String>,
    pub(super) readiness: Option<String>,
    pub(super) contact: Option<Uuid>,
    pub(super) account: Option<Uuid>,
    pub(super) requests: i64,
    pub(super) is_reachable: bool,
    pub(super) lost_reason: Option<String>,
    pub(super) client_reason: Option<String>,
    pub(super) quality_report: Option<String>,
    pub(super) converted_account: Option<Uuid>,
    pub(super) converted_contact: Option<Uuid>,
    pub(super) converted_deal: Option<Uuid>,
    pub(super) possible_duplicates: Option<Json>,
    pub(super) tags: Option<Json>,
}

/// What a request brings.
#[derive(Deserialize)]
pub(super) struct NewLead {
    name: String,
    email: String,
    phone: String,
    company: String,
    source: String,
    need: String,
    readiness: String,
}

impl Lead {
    pub(super) fn of(new: NewLead) -> Self {
        let now = now();
        Self {
            id: Uuid::now_v7(),
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: None,
            owner: None,
            name: Some(new.name),
            email: Some(new.email),
            phone: Some(new.phone),
            company: Some(new.company),
            source: Some(new.source),
            need: Some(new.need),
            is_reachable: true,
            status: Some("new".to_owned()),
            readiness: Some(new.readiness),
            contact: None,
            account: None,
            requests: 0,
            lost_reason: None,
            client_reason: None,
            quality_report: None,
            converted_account: None,
            converted_contact: None,
            converted_deal: None,
            possible_duplicates: None,
            tags: None,
        }
    }
}

/// A key by which text is sorted: good enough for a floor.
pub(super) fn key(text: Option<&String>) -> Option<String> {
    text.map(|text| text.to_lowercase())
}
