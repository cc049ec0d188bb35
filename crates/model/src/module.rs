//! A module: one kind of record (leads, tickets, an administrator's own) described as data.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::expr::Plan;
use crate::field::{Field, FieldType};
use crate::rights::Grant;
use crate::{Label, Value};

/// The module of files that are attached to records.
pub const FILES: &str = "files";

/// What the records of a module stand for when two of them may be the same (processes.md, 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// A person one talks to.
    Contact,
    /// Somebody who showed interest.
    Lead,
    /// An organisation or private buyer.
    Account,
}

/// What becomes of a module's records when a person is erased whom they name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Each is about one person: its personal fields are emptied, and with them those of what belongs to it.
    Person,
    /// Papers that the law wants kept: what is not marked as personal stays as it is.
    Paper,
}

/// Named group of fields on the record page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its heading.
    pub label: Label,
    /// Field names in order.
    pub fields: Vec<String>,
}

/// Fields that are hidden from some of those who read a record, by what stands in it (`docs/decisions/076`). Whoever
/// administers and the product itself see them in every record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Veil {
    /// The fields.
    pub fields: Vec<String>,
    /// A field: in records in which it is empty nothing is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<String>,
    /// Who sees them: a condition over the record and whoever reads it.
    pub shown: String,
    /// Whether the files that are attached to the record are hidden together with the fields.
    #[serde(default, skip_serializing_if = "is_false")]
    pub files: bool,
    /// What `shown` comes to, once the packs are joined; nothing is shown without.
    #[serde(skip)]
    pub(crate) plan: Option<Arc<Plan>>,
}

impl Veil {
    /// What its condition comes to.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_deref()
    }

    /// Whether it may hide something of a record that has these values.
    #[must_use]
    pub fn hangs_over(&self, module: &Module, values: &[Value]) -> bool {
        let at = self.over.as_ref().and_then(|over| module.position(over));
        at.and_then(|at| values.get(at)).is_none_or(|value| !value.is_null())
    }
}

/// One kind of record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Module {
    /// Stable name, plural: path of the API and name of the table.
    pub name: String,
    /// What people read, plural.
    pub label: Label,
    /// What people read, singular.
    pub one: Label,
    /// Name of its icon.
    #[serde(default)]
    pub icon: String,
    /// The field that names a record.
    pub title: String,
    /// The field shown beside the title in search and pickers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Whether records have an owner.
    #[serde(default)]
    pub owners: bool,
    /// The link through which rights of "own" and "team" are judged where records have no owner. A link to records of any
    /// module decides over every right: what is about a record is read and changed by those who read that record, and
    /// what is about nothing as its owner says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub belongs_to: Option<String>,
    /// A second link to judge them through: whoever reaches either of the two records reaches what belongs to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also_belongs_to: Option<String>,
    /// Its records are somebody's words: nobody but who made a record changes it. Who administers may also move it to the
    /// bin.
    #[serde(default, skip_serializing_if = "is_false")]
    pub authored: bool,
    /// Whether its e-mails, phones and names say who somebody is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// What its records are when a person is erased whom they name; of any other module only the name, e-mail and phone
    /// go. A contact or lead is the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// The typed service that alone creates and moves its records (`orders`, `tickets`, `payments` …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Whether the menu shows it.
    #[serde(default)]
    pub menu: bool,
    /// Columns of its list, when no view says otherwise.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Fields found by full text.
    #[serde(default)]
    pub search: Vec<String>,
    /// Groups of the record page; fields in none of them stand last.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// What is hidden from some of those who read a record. They stand in order: whoever looks for words finds a record by
    /// what no veil hides, and by what the first ones do as far as all of those are lifted for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub veils: Vec<Veil>,
    /// Indexes over several fields, for what is often asked for by all of them, the field that narrows most first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Vec<String>>,
    /// Names it had before: its table, links to it and its history are still its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<String>,
    /// Out of use: nobody sees it, and its records stay until it comes back.
    #[serde(default, skip_serializing_if = "is_false")]
    pub retired: bool,
    /// What roles may do with its records, where the role itself says nothing of the module.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rights: BTreeMap<String, Grant>,
    /// The fields in use, once the packs are joined; in a file, all of them.
    pub fields: Vec<Field>,
    /// The fields out of use, once the packs are joined.
    #[serde(skip)]
    pub retired_fields: Vec<Field>,
    #[serde(skip)]
    positions: HashMap<String, usize>,
    /// What its formulas and roll-ups work out.
    #[serde(skip)]
    pub(crate) derived: HashMap<String, Arc<Plan>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// Every record has these; no field may take their names.
pub const SYSTEM_FIELDS: [&str; 9] =
    ["id", "version", "created_at", "updated_at", "created_by", "owner", "deleted_at", "tags", "about"];

impl Module {
    /// A module of nothing but fields, for expressions over what is no record.
    pub(crate) fn of_fields(name: &str, fields: Vec<Field>) -> Self {
        let mut module = Self {
            name: name.to_owned(),
            label: Label::default(),
            one: Label::default(),
            icon: String::new(),
            title: String::new(),
            subtitle: None,
            owners: false,
            belongs_to: None,
            also_belongs_to: None,
            authored: false,
            identity: None,
            about: None,
            service: None,
            menu: false,
            columns: Vec::new(),
            search: Vec::new(),
            groups: Vec::new(),
            veils: Vec::new(),
            indexes: Vec::new(),
            formerly: Vec::new(),
            retired: false,
            rights: BTreeMap::new(),
            fields,
            retired_fields: Vec::new(),
            positions: HashMap::new(),
            derived: HashMap::new(),
        };
        module.index();
        module
    }

    /// Builds the look-up by name; called once when a definition is read.
    pub fn index(&mut self) {
        self.positions =
            self.fields.iter().enumerate().map(|(position, field)| (field.name.clone(), position)).collect();
    }

    /// The field called `name`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.position(name).and_then(|position| self.fields.get(position))
    }

    /// Where the field called `name` stands among the fields (and so in a record's values).
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// The field that is called `name` now or was before: for what was written under an earlier name.
    #[must_use]
    pub fn field_or_former(&self, name: &str) -> Option<&Field> {
        let was = |field: &&Field| field.formerly.iter().any(|former| former == name);
        self.field(name)
            .or_else(|| self.retired_fields.iter().find(|field| field.name == name))
            .or_else(|| self.fields.iter().chain(&self.retired_fields).find(was))
    }

    /// What a field that was called `name` once is called now; the name itself where nothing is known of it.
    #[must_use]
    pub fn present_name<'n>(&'n self, name: &'n str) -> &'n str {
        self.field_or_former(name).map_or(name, |field| field.name.as_str())
    }

    /// What works out the formula or roll-up called `name`.
    #[must_use]
    pub fn derived(&self, name: &str) -> Option<&Arc<Plan>> {
        self.derived.get(name)
    }

    /// Its fields whose values are kept, those out of use as well.
    pub fn kept(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().chain(&self.retired_fields).filter(|field| field.is_stored())
    }

    /// Its fields whose values are kept, with their positions.
    pub fn stored(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().enumerate().filter(|(_, field)| field.is_stored())
    }

    /// Whether a veil may hide the field.
    #[must_use]
    pub fn is_veiled(&self, name: &str) -> bool {
        self.veils.iter().any(|veil| veil.fields.iter().any(|field| field == name))
    }

    /// The links to what its records belong to.
    pub fn ways(&self) -> impl Iterator<Item = &Field> {
        self.belongs_to.iter().chain(&self.also_belongs_to).filter_map(|name| self.field(name))
    }

    /// Whether its records are people: contacts and leads.
    #[must_use]
    pub fn is_of_people(&self) -> bool {
        matches!(self.identity, Some(Identity::Contact | Identity::Lead))
    }

    /// What is wrong with its indexes.
    #[must_use]
    pub fn wrong_indexes(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for names in &self.indexes {
            let is_kept = |name: &&String| {
                let system =
                    ["created_at", "updated_at", "owner"].contains(&name.as_str()) && (*name != "owner" || self.owners);
                system || self.field(name).is_some_and(Field::is_indexed)
            };
            if !(2..=4).contains(&names.len()) {
                wrong.push(format!("an index over {names:?}: two to four fields are expected"));
            } else if let Some(name) = names.iter().find(|name| !is_kept(name)) {
                wrong.push(format!("an index over {names:?}: {name:?} is no field that can be indexed"));
            }
        }
        wrong
    }

    /// Its fields of links to many records, with the modules they lead to.
    pub fn many_links(&self) -> impl Iterator<Item = (&Field, &str)> {
        self.linking(|kind| kind == FieldType::Links)
    }

    /// Its links to other modules, each to one record.
    pub fn links(&self) -> impl Iterator<Item = (&Field, &str)> {
        self.linking(|kind| matches!(kind, FieldType::Link | FieldType::File))
    }

    fn linking(&self, is_one: fn(FieldType) -> bool) -> impl Iterator<Item = (&Field, &str)> {
        let of_kind = self.fields.iter().filter(move |field| is_one(field.kind));
        of_kind.filter_map(|field| field.module.as_deref().map(|target| (field, target)))
    }
}
