//! Is this somebody we know? (processes.md, 0)

use model::identity::name;
use model::identity::{Candidate, Decision, PersonKind, Reason, match_person};
use model::module::Identity;
use model::{Id, Record};

use crate::counters::space;
use crate::db::LockKey;
use crate::error::Result;
use crate::work::Work;
use crate::write::IdentityKind;

/// Somebody who makes a request; e-mail and phone normalised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Full name as given.
    pub name: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Phone, E.164.
    pub phone: Option<String>,
}

/// Whom a request belongs to.
#[derive(Clone, Debug)]
pub enum Who {
    /// A contact or lead that is known.
    Known(Record),
    /// Nobody known; those who may be the same after all, with the reason.
    New(Vec<(Id, Reason)>),
}

impl Person {
    fn identities(&self) -> Vec<(IdentityKind, String)> {
        let email = self.email.clone().map(|email| (IdentityKind::Email, email));
        let phone = self.phone.clone().map(|phone| (IdentityKind::Phone, phone));
        let name =
            self.name.as_deref().map(name::key).filter(|key| !key.is_empty()).map(|key| (IdentityKind::Name, key));
        email.into_iter().chain(phone).chain(name).collect()
    }
}

impl Work<'_> {
    /// Finds the contact or lead that a request belongs to, and holds its identities so that two requests of one
    /// unknown person at once make one lead. Sees everybody, whoever asks: what it finds is for the process, not shown.
    ///
    /// # Errors
    /// When the database fails.
    pub fn who_is(&mut self, person: &Person) -> Result<Who> {
        let identities = person.identities();
        let sure = identities.iter().filter(|(kind, _)| *kind != IdentityKind::Name);
        let locks: Vec<_> =
            sure.map(|(kind, value)| LockKey::new(space::IDENTITY, format!("{}:{value}", kind.name()))).collect();
        self.lock(&locks)?;
        let modules: Vec<String> = self
            .definitions()
            .modules()
            .filter(|module| matches!(module.identity, Some(Identity::Contact | Identity::Lead)))
            .map(|module| module.name.clone())
            .collect();
        let names: Vec<&str> = modules.iter().map(String::as_str).collect();
        let known = self.known(&identities, &names)?;
        self.as_process(|work| {
            let mut records = Vec::new();
            for name in names {
                let ids = known.iter().filter(|known| known.module == name).map(|known| known.id).collect();
                let module = work.module(name)?;
                records.extend(work.several(&module, &ids)?.into_iter().filter_map(|record| {
                    let kinds = known.iter().find(|known| known.id == record.id)?.kinds.clone();
                    Some((record, kinds))
                }));
            }
            let candidates: Vec<_> = records.iter().map(|(record, kinds)| candidate(work, record, kinds)).collect();
            Ok(match match_person(person.name.as_deref(), &candidates) {
                Decision::New { possible_duplicates } => Who::New(possible_duplicates),
                Decision::Attach(found) => match records.iter().find(|(record, _)| record.id == found.id) {
                    Some((record, _)) => Who::Known(record.clone()),
                    None => Who::New(Vec::new()),
                },
            })
        })
    }
}

fn candidate<'a>(work: &Work<'_>, record: &'a Record, kinds: &[IdentityKind]) -> Candidate<'a> {
    let is_lead = record.module.identity == Some(Identity::Lead);
    let open = work.definitions().process(&record.module.name).filter(|_| is_lead).is_none_or(|process| {
        let state = record.text(&process.field).and_then(|name| process.state(name));
        state.is_none_or(|state| state.phase == model::process::Phase::Open)
    });
    Candidate {
        kind: if is_lead { PersonKind::Lead } else { PersonKind::Contact },
        id: record.id,
        name: record.text(&record.module.title),
        same_email: kinds.contains(&IdentityKind::Email),
        same_phone: kinds.contains(&IdentityKind::Phone),
        updated_at: record.updated_at,
        open,
    }
}
