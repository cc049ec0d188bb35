//! To whom a message about a record may go: the addresses or numbers of the record, and of those to whom it links.

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
    let all = reached(work, record, about, FieldType::Email)?.into_iter();
    Ok(all.map(|(name, email)| Addressee { name, email }).collect())
}

/// The numbers on offer, in the same order, each with whose it is.
pub(super) fn numbers(
    work: &mut Work<'_>,
    record: &Record,
    about: Option<&Record>,
) -> Result<Vec<(Option<String>, String)>> {
    reached(work, record, about, FieldType::Phone)
}

fn reached(
    work: &mut Work<'_>,
    record: &Record,
    about: Option<&Record>,
    kind: FieldType,
) -> Result<Vec<(Option<String>, String)>> {
    let mut all = Vec::new();
    // What came in says by which way it is answered.
    let is_of_kind = |from: &&str| from.contains('@') == (kind == FieldType::Email) && !from.contains(':');
    if let Some(from) = record.text("from").filter(|_| record.text("direction") == Some("in")).filter(is_of_kind) {
        add(&mut all, record.text("from_name"), from, kind);
    }
    let Some(about) = about else { return Ok(all) };
    add_own(&mut all, about, kind);
    let links = about.module.fields.iter().filter(|field| field.kind == FieldType::Link);
    let linked = links.filter_map(|field| Some((field.module.clone()?, about.link(&field.name)?)));
    // Only those are read that may have an address.
    let has_one = |module: &String| work.module(module).is_ok_and(|it| it.fields.iter().any(|f| f.kind == kind));
    let linked: Vec<(String, Id)> = linked.filter(|(module, _)| has_one(module)).take(LINKED).collect();
    for (module, id) in linked {
        match work.get(&module, id) {
            Ok(other) if other.deleted_at.is_none() => add_own(&mut all, &other, kind),
            Ok(_) | Err(Error::NotFound { .. } | Error::Forbidden { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

fn add_own(all: &mut Vec<(Option<String>, String)>, record: &Record, kind: FieldType) {
    let beside = if kind == FieldType::Email { "email" } else { "phone" };
    for field in record.module.fields.iter().filter(|field| field.kind == kind) {
        let Some(address) = record.text(&field.name) else { continue };
        // `buyer_email` stands beside `buyer_name`.
        let beside = field.name.strip_suffix(beside).map(|start| format!("{start}name"));
        let title = record.title();
        let name = beside.and_then(|name| record.text(&name)).unwrap_or(&title);
        add(all, Some(name), address, kind);
    }
}

fn add(all: &mut Vec<(Option<String>, String)>, name: Option<&str>, address: &str, kind: FieldType) {
    // What is written in the words of a mailbox, or is a number, is no address that a letter goes to.
    let address = if kind == FieldType::Email {
        email::normalise(address).ok().map(String::from)
    } else {
        Some(address.trim().to_lowercase())
    };
    let Some(address) = address.filter(|address| !address.is_empty()) else { return };
    if all.iter().all(|(_, other)| *other != address) {
        let name = name.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
        all.push((name, address));
    }
}
