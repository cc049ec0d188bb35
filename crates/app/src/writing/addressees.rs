//! To whom a letter about a record may go: the addresses of the record, and of those to whom it links.

use model::field::FieldType;
use model::identity::email;
use model::{Id, Record};
use store::{Error, Result, Work};

/// Records to which one links that are asked for their addresses.
const LINKED: usize = 20;

/// Somebody with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// What people call them.
    pub name: Option<String>,
    /// Their address, as it is stored.
    pub email: String,
}

/// The addresses on offer, each once: of whoever wrote the letter that is answered, of the record, of those to whom it links.
/// What the roles of whoever works hide is no address.
pub(super) fn of(work: &mut Work<'_>, record: &Record, about: Option<&Record>) -> Result<Vec<Addressee>> {
    let mut all: Vec<Addressee> = Vec::new();
    if let Some(email) = record.text("from").filter(|_| record.text("direction") == Some("in")) {
        add(&mut all, record.text("from_name"), email);
    }
    let Some(about) = about else { return Ok(all) };
    add_own(&mut all, about);
    let links = about.module.fields.iter().filter(|field| field.kind == FieldType::Link);
    let linked = links.filter_map(|field| Some((field.module.clone()?, about.link(&field.name)?)));
    // Only those are read that may have an address.
    let has_email =
        |module: &String| work.module(module).is_ok_and(|it| it.fields.iter().any(|f| f.kind == FieldType::Email));
    let linked: Vec<(String, Id)> = linked.filter(|(module, _)| has_email(module)).take(LINKED).collect();
    for (module, id) in linked {
        match work.get(&module, id) {
            Ok(other) if other.deleted_at.is_none() => add_own(&mut all, &other),
            Ok(_) | Err(Error::NotFound { .. } | Error::Forbidden { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

fn add_own(all: &mut Vec<Addressee>, record: &Record) {
    for field in record.module.fields.iter().filter(|field| field.kind == FieldType::Email) {
        let Some(email) = record.text(&field.name) else { continue };
        // `buyer_email` stands beside `buyer_name`.
        let beside = field.name.strip_suffix("email").map(|start| format!("{start}name"));
        let title = record.title();
        let name = beside.and_then(|name| record.text(&name)).unwrap_or(&title);
        add(all, Some(name), email);
    }
}

fn add(all: &mut Vec<Addressee>, name: Option<&str>, email: &str) {
    // What is written in the words of a mailbox, or is a number, is no address that a letter goes to.
    let Ok(email) = email::normalise(email) else { return };
    let email = String::from(email);
    if all.iter().all(|other| other.email != email) {
        let name = name.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
        all.push(Addressee { name, email });
    }
}
