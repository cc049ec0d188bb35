//! The table of identities: every e-mail, phone and name of any person or company, normalised, so that finding who
//! somebody is takes one look into an index (processes.md, 0).

use model::field::FieldType;
use model::identity::name;
use model::{Id, Module, Record, Value};

use crate::db::{Param, Sql};
use crate::error::Result;
use crate::params;
use crate::work::Work;

/// What an identity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdentityKind {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A name, its words folded and sorted.
    Name,
}

impl IdentityKind {
    /// As the table has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Name => "name",
        }
    }
}

/// A record that carries one of the identities asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its module.
    pub module: String,
    /// The record.
    pub id: Id,
    /// Which of its identities agree.
    pub kinds: Vec<IdentityKind>,
}

/// The identities that a record of `module` with these values carries.
pub(crate) fn identities(module: &Module, values: &[Value]) -> Vec<(IdentityKind, String)> {
    if module.identity.is_none() {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (position, field) in module.stored() {
        let Some(text) = values.get(position).and_then(Value::as_text) else { continue };
        match field.kind {
            FieldType::Email => all.push((IdentityKind::Email, text.to_owned())),
            FieldType::Phone => all.push((IdentityKind::Phone, text.to_owned())),
            _ if field.name == module.title => all.push((IdentityKind::Name, name::key(text))),
            _ => {}
        }
    }
    all.retain(|(_, value)| !value.is_empty());
    all
}

impl Work<'_> {
    /// Brings the identities of a record in line with its values. `before` are those it had.
    pub(crate) fn index_identities(&mut self, record: &Record, before: Option<&[Value]>) -> Result<()> {
        let wanted = identities(&record.module, &record.values);
        match before {
            Some(before) if identities(&record.module, before) == wanted => return Ok(()),
            Some(_) => self.forget_identities(record)?,
            None => {}
        }
        // One row a statement: before one that writes several, SQLite has the index of words write out what it holds.
        for (kind, value) in wanted {
            self.run_later(
                "insert into identities (kind, value, module, record) values ($1, $2, $3, $4)",
                params![kind.name(), value, record.module.name.as_str(), record.id.0],
            )?;
        }
        Ok(())
    }

    pub(crate) fn forget_identities(&mut self, record: &Record) -> Result<()> {
        if record.module.identity.is_some() {
            self.run_later("delete from identities where record = $1", params![record.id.0])?;
        }
        Ok(())
    }

    /// Everybody in `modules` who carries one of these identities, whoever asks: used by processes to decide, never shown
    /// without reading the records under the caller's rights.
    ///
    /// # Errors
    /// When the database fails.
    pub fn known(&mut self, wanted: &[(IdentityKind, String)], modules: &[&str]) -> Result<Vec<Known>> {
        let mut found: Vec<Known> = Vec::new();
        for (kind, value) in wanted {
            let sql = Sql::new("select module, record from identities where kind = ")
                .bind(kind.name())
                .push(" and value = ")
                .bind(value.as_str())
                .push(" and module in ")
                .bind_list(modules.iter().map(|name| Param::from(*name)))
                .push(" order by record limit 100");
            for row in self.rows(&sql)? {
                let (module, id) = (row.text(0)?, Id(row.uuid(1)?));
                match found.iter_mut().find(|known| known.id == id) {
                    Some(known) => known.kinds.push(*kind),
                    None => found.push(Known { module, id, kinds: vec![*kind] }),
                }
            }
        }
        Ok(found)
    }
}
