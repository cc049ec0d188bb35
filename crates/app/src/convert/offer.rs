//! Who a lead may be already: what the caller may see of it, and by what it is recognised.

use std::cmp::Reverse;

use model::field::FieldType;
use model::identity::name;
use model::rights::Scope;
use model::{Id, Record};
use store::{IdentityKind, Result, Work};

use super::{agree, visible};

/// The most of a kind that are offered.
const OFFERED: usize = 6;

/// By what a record is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// The lead links to it.
    Linked,
    /// The contact belongs to it.
    OfContact,
    /// The same e-mail.
    Email,
    /// The same phone.
    Phone,
    /// The same name, and nothing else: never taken without somebody's word.
    Name,
}

impl Sign {
    /// Its stable code, and what its words are found by.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::OfContact => "of_contact",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Name => "name",
        }
    }
}

/// A record that the lead may be.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// As the caller sees it.
    pub record: Record,
    /// By what it is recognised.
    pub signs: Vec<Sign>,
    /// Whether it is taken where nobody chooses.
    pub is_sure: bool,
}

impl Candidate {
    pub(super) fn is_linked(&self) -> bool {
        self.signs.contains(&Sign::Linked)
    }
}

impl From<&Candidate> for Record {
    fn from(candidate: &Candidate) -> Self {
        candidate.record.clone()
    }
}

/// Contacts and accounts that the lead may be, the surest first.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// People.
    pub contacts: Vec<Candidate>,
    /// Clients.
    pub accounts: Vec<Candidate>,
}

impl Offer {
    /// The contact that is known for certain.
    #[must_use]
    pub fn contact(&self) -> Option<&Candidate> {
        self.contacts.iter().find(|candidate| candidate.is_sure)
    }

    /// The account that is known for certain.
    #[must_use]
    pub fn account(&self) -> Option<&Candidate> {
        self.accounts.iter().find(|candidate| candidate.is_sure)
    }
}

/// Whom the lead may be of those whom the caller sees. What is hidden from them, of the lead or of the others, is no sign.
///
/// # Errors
/// When the database fails.
pub fn of(work: &mut Work<'_>, lead: &Record) -> Result<Offer> {
    let mut contacts = alike(work, "contacts", lead, lead.text("name"))?;
    link(work, &mut contacts, "contacts", lead.link("contact"), Sign::Linked)?;
    let titled = lead.text("company").or_else(|| lead.text("name"));
    let mut accounts = alike(work, "accounts", lead, titled)?;
    settle(&mut contacts);
    let of_contact = contacts.iter().find(|contact| contact.is_sure).and_then(|contact| contact.record.link("account"));
    link(work, &mut accounts, "accounts", of_contact, Sign::OfContact)?;
    link(work, &mut accounts, "accounts", lead.link("account"), Sign::Linked)?;
    settle(&mut accounts);
    Ok(Offer { contacts, accounts })
}

/// The surest first, and only so many.
fn settle(candidates: &mut Vec<Candidate>) {
    candidates.sort_by_key(|candidate| {
        let first = candidate.signs.iter().min().copied().unwrap_or(Sign::Name);
        (!candidate.is_sure, first.min(Sign::Email), Reverse(candidate.record.updated_at), Reverse(candidate.record.id))
    });
    candidates.truncate(OFFERED);
}

/// Records of `module` that share an e-mail, a phone or the name with the lead.
fn alike(work: &mut Work<'_>, module: &str, lead: &Record, title: Option<&str>) -> Result<Vec<Candidate>> {
    let module = work.module(module)?;
    if work.grant(&module).read == Scope::None {
        return Ok(Vec::new());
    }
    let (email, phone) = (lead.text("email"), lead.text("phone"));
    let key = title.map(name::key).unwrap_or_default();
    let wanted = [
        email.map(|email| (IdentityKind::Email, email.to_owned())),
        phone.map(|phone| (IdentityKind::Phone, phone.to_owned())),
        Some(key.clone()).filter(|key| !key.is_empty()).map(|key| (IdentityKind::Name, key)),
    ];
    let wanted: Vec<_> = wanted.into_iter().flatten().collect();
    let ids = work.known(&wanted, &[module.name.as_str()])?.into_iter().map(|known| known.id).collect();
    let mut found = Vec::new();
    for record in work.several(&module, &ids)?.into_iter().filter(|record| record.deleted_at.is_none()) {
        let named = record.text(&module.title);
        let same = [
            (Sign::Email, holds(&record, FieldType::Email, email)),
            (Sign::Phone, holds(&record, FieldType::Phone, phone)),
            (Sign::Name, !key.is_empty() && named.is_some_and(|named| name::key(named) == key)),
        ];
        let signs: Vec<Sign> = same.into_iter().filter(|(_, holds)| *holds).map(|(sign, _)| sign).collect();
        let is_reached = signs.iter().any(|sign| matches!(sign, Sign::Email | Sign::Phone));
        let is_sure = is_reached && agree(title, named);
        if !signs.is_empty() {
            found.push(Candidate { record, signs, is_sure });
        }
    }
    Ok(found)
}

/// Whether a field of this kind, as the caller sees it, says `wanted`.
fn holds(record: &Record, kind: FieldType, wanted: Option<&str>) -> bool {
    let fields = record.module.fields.iter().zip(&record.values);
    wanted.is_some() && fields.filter(|(field, _)| field.kind == kind).any(|(_, value)| value.as_text() == wanted)
}

/// Adds the record that something links to; it is what it is.
fn link(work: &mut Work<'_>, candidates: &mut Vec<Candidate>, module: &str, id: Option<Id>, sign: Sign) -> Result<()> {
    let Some(record) = id.map(|id| visible(work, module, id)).transpose()?.flatten() else { return Ok(()) };
    let mut signs = vec![sign];
    if let Some(at) = candidates.iter().position(|candidate| candidate.record.id == record.id) {
        signs.extend(candidates.swap_remove(at).signs);
    }
    candidates.push(Candidate { record, signs, is_sure: true });
    Ok(())
}
