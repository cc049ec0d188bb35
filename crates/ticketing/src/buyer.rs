//! The buyer becomes a client: an account, a contact, and a lead that has come to its end.

use model::identity::NameMatch;
use model::identity::name;
use model::{Id, Locale, Record, Value};
use store::{Draft, IdentityKind, Person, Result, Who, Work};

use crate::Ticketing;
use crate::order::Order;

/// Who pays.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    pub(crate) account: Id,
    pub(crate) contact: Id,
}

impl Ticketing {
    /// The account and contact of an order's buyer, found or made; its lead is converted. The caller holds the buyer's
    /// identities.
    pub(crate) fn make_client(&self, work: &mut Work<'_>, order: &Order) -> Result<Client> {
        let buyer = order.buyer();
        let lead = order.record.link("lead").map(|id| work.get("leads", id)).transpose()?.filter(in_use);
        let known = order.record.link("contact").or_else(|| lead.as_ref()?.link("converted_contact"));
        let known = known.map(|id| work.get("contacts", id)).transpose()?.filter(in_use);
        let contact = match known {
            Some(contact) => Some(contact),
            None => match work.who_is(&buyer)? {
                Who::Known(record) if record.module.name == "contacts" => Some(record),
                _ => None,
            },
        };
        let account = match order.record.link("buyer").or_else(|| contact.as_ref()?.link("account")) {
            Some(account) => account,
            None => account_of(work, &buyer)?,
        };
        let contact = match contact {
            Some(contact) if contact.link("account").is_some() => contact.id,
            Some(contact) => work.update("contacts", contact.id, Draft::new().set("account", account), None)?.id,
            None => {
                let doubts = lead.as_ref().map_or(Value::Null, |lead| lead.get("possible_duplicates").clone());
                let draft = described(&buyer).set("account", account).set("possible_duplicates", doubts);
                let owner = match lead.as_ref().and_then(|lead| lead.owner).or(order.record.owner) {
                    Some(owner) => work.user(owner)?.map(|user| user.id),
                    None => None,
                };
                work.create("contacts", draft.owned_by(owner))?.id
            }
        };
        if let Some(lead) = lead.filter(|lead| lead.text("status") != Some("converted")) {
            let draft = Draft::new()
                .set("status", "converted")
                .set("converted_account", account)
                .set("converted_contact", contact);
            work.update("leads", lead.id, draft, None)?;
        }
        Ok(Client { account, contact })
    }
}

fn in_use(record: &Record) -> bool {
    record.deleted_at.is_none()
}

/// A private person's account by e-mail or phone, under a name that does not contradict; else a new one.
fn account_of(work: &mut Work<'_>, buyer: &Person) -> Result<Id> {
    let email = buyer.email.clone().map(|email| (IdentityKind::Email, email));
    let phone = buyer.phone.clone().map(|phone| (IdentityKind::Phone, phone));
    let identities: Vec<_> = email.into_iter().chain(phone).collect();
    for known in work.known(&identities, &["accounts"])? {
        let account = work.get("accounts", known.id)?;
        let agrees = name::compare(buyer.name.as_deref(), account.text("name")) != NameMatch::Contradicts;
        if in_use(&account) && account.text("kind") == Some("person") && agrees {
            return Ok(account.id);
        }
    }
    let relations = Value::List(vec!["buyer".to_owned()]);
    // Nobody asked where they live: where the workspace is not a Russian one, nothing is guessed.
    let country = (work.settings().locale == Locale::Ru).then_some("RU");
    let draft = described(buyer).set("kind", "person").set("relations", relations).set("country", country);
    Ok(work.create("accounts", draft)?.id)
}

fn described(person: &Person) -> Draft {
    let draft = Draft::new().set("name", person.name.clone()).set("email", person.email.clone());
    draft.set("phone", person.phone.clone())
}
