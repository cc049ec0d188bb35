//! What may be named in an expression over the records of a module: its fields, those one link further, functions.

use maud::{Markup, html};
use model::expr::{FUNCTIONS, of_every_record, written};
use model::field::FieldType;
use model::rights::Scope;
use model::rule::BEFORE;
use model::{Actor, Definitions, Field, Locale, Module};
use serde_json::json;

use crate::ui::Words;
use crate::ui::lens::field_of;

/// Functions that are written behind a dot.
const METHODS: [&str; 10] =
    ["contains", "startsWith", "endsWith", "exists", "all", "text", "number", "whole", "flag", "moment"];

/// The names of a module.
pub(crate) struct Names<'a> {
    l: Locale,
    definitions: &'a Definitions,
    module: &'a Module,
    /// Whose eyes see them; who shapes the workspace sees them all.
    reader: Option<&'a Actor>,
    has_before: bool,
}

impl<'a> Names<'a> {
    /// Everything that may be named, for who shapes the workspace.
    pub(crate) fn all(l: Locale, definitions: &'a Definitions, module: &'a Module) -> Self {
        Self { l, definitions, module, reader: None, has_before: false }
    }

    /// What a reader may see of it.
    pub(crate) fn seen_by(l: Locale, definitions: &'a Definitions, module: &'a Module, reader: &'a Actor) -> Self {
        Self { reader: Some(reader), ..Self::all(l, definitions, module) }
    }

    /// The same where the values before a change may be named too.
    pub(crate) fn with_before(self) -> Self {
        Self { has_before: true, ..self }
    }

    /// All of them.
    pub(crate) fn list(&self) -> Markup {
        let (l, own) = (self.l, self.fields(self.module));
        let links = own.iter().filter(|field| matches!(field.kind, FieldType::Link | FieldType::File));
        let further: Vec<_> = links.filter_map(|field| Some((field, self.target(field)?))).collect();
        html! {
            div.named data-before=[self.has_before.then_some(BEFORE)] {
                h3 { (l.say("names-fields")) }
                ul { @for field in &own { (self.item(&field.name, &self.label(self.module, field), field)) } }
                @if self.has_before { p.help { (l.say("names-before")) } }
                @for (link, target) in &further {
                    @let way = self.label(self.module, link);
                    h3 { (l.say_with("names-through", &[("name", way.as_str().into())])) }
                    ul {
                        @for field in self.fields(target) {
                            @let label = format!("{way}: {}", self.label(target, &field));
                            (self.item(&format!("{}.{}", link.name, field.name), &label, &field))
                        }
                    }
                }
                h3 { (l.say("names-functions")) }
                ul {
                    @for name in FUNCTIONS {
                        @let is_method = METHODS.contains(&name);
                        li data-insert=(if is_nullary(name) { format!("{name}()") } else { format!("{name}(") }) data-method[is_method] {
                            code { (written(name)) } " " span { (l.say(&format!("function-{name}"))) }
                        }
                    }
                }
                p.help { (l.say("names-operators")) " " code { "==  !=  <  <=  >  >=  in  &&  ||  !  ?:  +  -  *  /" } }
            }
        }
    }

    fn item(&self, path: &str, label: &str, field: &Field) -> Markup {
        html! { li data-insert=(path) { code { (path) } " " span { (label) } " " small { (kind(field, self.l)) } } }
    }

    fn label(&self, module: &Module, field: &Field) -> String {
        field_of(module, &field.name, self.l)
    }

    /// The fields of a module that may stand in an expression.
    fn fields(&self, module: &Module) -> Vec<Field> {
        let hidden = self.reader.map(|reader| reader.grant(self.definitions, &module.name).hidden).unwrap_or_default();
        let is_there = |field: &&Field| !field.secret && (field.is_stored() || module.derived(&field.name).is_some());
        let own = module.fields.iter().filter(is_there).cloned();
        let every = of_every_record(module).filter(|(name, _)| *name != "deleted_at" && module.field(name).is_none());
        let every = every.map(|(name, kind)| Field::new(name, kind));
        own.chain(every).filter(|field| !hidden.contains(&field.name)).collect()
    }

    /// Where a link leads, where its records may be seen at all.
    fn target(&self, link: &Field) -> Option<&Module> {
        let target = self.definitions.module(link.module.as_deref()?)?;
        let sees = |reader: &Actor| reader.grant(self.definitions, &target.name).read != Scope::None;
        self.reader.is_none_or(sees).then_some(&**target)
    }
}

/// Whether a function takes nothing.
fn is_nullary(name: &str) -> bool {
    matches!(name, "now" | "today" | "me" | "my_team")
}

/// What a field holds, in words.
fn kind(field: &Field, l: Locale) -> String {
    let name = json!(field.read_as()).as_str().unwrap_or_default().replace('_', "-");
    l.say_if(&format!("type-{name}")).unwrap_or(name)
}
