//! List views: how the list of a module is looked at. Those of a pack are data of the pack, seen by everybody who sees
//! something of the module; people's own are kept in the store.

use serde::{Deserialize, Serialize};

use crate::expr::{Named, renamed};
use crate::{Definitions, Id, Label, Module};

/// The ways in which a list is shown.
pub const VIEW_KINDS: [&str; 5] = ["table", "board", "calendar", "timeline", "chart"];

/// How much a calendar shows at once; a month where nothing is said.
pub const VIEW_SPANS: [&str; 4] = ["", "week", "day", "agenda"];

/// Whose records a calendar shows: everybody's where nothing is said.
pub const VIEW_OWNERS: [&str; 3] = ["", "me", "team"];

/// What a view shows of its module, and how. Everything empty is the module's list as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    /// One of [`VIEW_KINDS`].
    pub kind: String,
    /// An expression.
    pub filter: String,
    /// Words to be found.
    pub q: String,
    /// The field to sort by, with `-` in front when the largest come first.
    pub sort: String,
    /// Fields shown, in their order.
    pub columns: Vec<String>,
    /// The field whose values part the list into groups; of a date with a period behind a point.
    pub group_by: String,
    /// The field of a board's columns or of a calendar's and timeline's days; two, with a point between them, where the
    /// second stands in for the first.
    pub by: String,
    /// How much a calendar shows at once, one of [`VIEW_SPANS`].
    pub span: String,
    /// Whose records a calendar shows, one of [`VIEW_OWNERS`].
    pub who: String,
}

impl Look {
    /// The same of a module whose fields may have been renamed since it was kept.
    pub fn follow(&mut self, module: &Module, definitions: &Definitions) {
        let parts = |text: &str| text.split('.').map(|name| module.present_name(name)).collect::<Vec<_>>().join(".");
        self.filter = followed(&self.filter, module, definitions);
        let (minus, field) = self.sort.strip_prefix('-').map_or(("", self.sort.as_str()), |field| ("-", field));
        self.sort = format!("{minus}{}", module.present_name(field));
        for column in &mut self.columns {
            *column = module.present_name(column).to_owned();
        }
        (self.group_by, self.by) = (parts(&self.group_by), parts(&self.by));
    }
}

/// An expression with the present names of fields, also of linked records; as it was where it cannot be read.
fn followed(text: &str, module: &Module, definitions: &Definitions) -> String {
    let now = |named: &Named| {
        let present = definitions.module(&named.module)?.present_name(&named.field);
        (present != named.field).then(|| present.to_owned())
    };
    renamed(text, module, definitions, now).unwrap_or_else(|| text.to_owned())
}

/// A view of a pack. In its file the properties of its [`Look`] stand beside the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct PackView {
    /// Stable name.
    pub name: String,
    /// The module it is a view of.
    pub module: String,
    /// What people call it.
    pub label: Label,
    /// Whether it is in use.
    pub active: bool,
    /// What it shows.
    pub look: Look,
}

impl PackView {
    /// Its id among all views: the same in every workspace and after every apply, so that addresses, widths of columns and
    /// what lists open with hold.
    #[must_use]
    pub fn id(&self) -> Id {
        // FNV-1a over 128 bits: names are few, and what they make only has to be told apart.
        let hash = self.name.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        });
        Id(uuid::Builder::from_custom_bytes(hash.to_be_bytes()).into_uuid())
    }
}

/// A view as its file has it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    module: String,
    #[serde(default = "table")]
    kind: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    filter: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sort: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    columns: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    group_by: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    by: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    span: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    who: String,
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    active: bool,
    label: Label,
}

fn table() -> String {
    "table".to_owned()
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_true(flag: &bool) -> bool {
    *flag
}

impl From<Written> for PackView {
    fn from(written: Written) -> Self {
        let Written { name, module, kind, filter, q, sort, columns, group_by, by, span, who, active, label } = written;
        let filter = filter.trim().to_owned();
        Self { name, module, label, active, look: Look { kind, filter, q, sort, columns, group_by, by, span, who } }
    }
}

impl From<PackView> for Written {
    fn from(view: PackView) -> Self {
        let PackView { name, module, label, active, look } = view;
        let Look { kind, filter, q, sort, columns, group_by, by, span, who } = look;
        Self { name, module, kind, filter, q, sort, columns, group_by, by, span, who, active, label }
    }
}
