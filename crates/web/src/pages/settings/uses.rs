//! Who says something of a field, each with the way there: what is looked at before it is taken out of use.

use maud::{Markup, html};
use model::definitions::Use;
use model::{Definitions, Locale};
use store::{Result, View, Work};

use super::{MODULES, ROLES, forms, letters, processes, rules, site_letters, surveys};
use crate::ui::Words;

/// Something that says something of a field: what it is, what people call it, and its page.
struct UsedBy {
    kind: &'static str,
    label: String,
    address: String,
}

/// Views that show a field of a module, as far as the caller sees them; those of packs among them.
pub(super) fn views(work: &mut Work<'_>, module: &str, field: &str) -> Result<Vec<View>> {
    let mut views = work.views()?;
    views.retain(|view| work.definitions().shows(&view.module, &view.look, module, field));
    Ok(views)
}

/// What a field is named by.
pub(super) fn section(definitions: &Definitions, (module, field): (&str, &str), views: &[View], l: Locale) -> Markup {
    let said = definitions.uses(module, field).into_iter();
    let said = said.filter_map(|it| user(definitions, &it, module, l));
    let shown = views.iter().map(|view| UsedBy {
        kind: "uses-view",
        label: view.name.get(l).to_owned(),
        address: format!("/{}?view={}", view.module, view.id),
    });
    let users: Vec<UsedBy> = said.chain(shown).collect();
    html! {
        h2 id="uses" { (l.say("uses-title")) }
        @if users.is_empty() { p.help { (l.say("uses-nobody")) } } @else {
            p.help { (l.say("uses-help")) }
            ul.plain-links {
                @for UsedBy { kind, label, address } in &users {
                    li { span.faint { (l.say(kind)) ": " } a.link href=(address) { (label) } }
                }
            }
        }
    }
}

fn user(definitions: &Definitions, it: &Use, of: &str, l: Locale) -> Option<UsedBy> {
    let (kind, label, address) = match it {
        Use::Field { module, field } => {
            let at = definitions.module(module)?;
            let label = format!("{}, {}", at.label.get(l), at.field(field)?.called(l));
            ("uses-field", label, format!("{MODULES}/{module}/fields/{field}"))
        }
        Use::Layout => {
            let at = definitions.module(of)?;
            ("uses-layout", at.label.get(l).to_owned(), format!("{MODULES}/{of}#layout"))
        }
        Use::Process(name) => {
            let process = definitions.process_named(name)?;
            ("uses-process", process.label.or(l, name).to_owned(), format!("{}/{name}", processes::PROCESSES))
        }
        Use::Move(name, key) => {
            let process = definitions.process_named(name)?;
            let step = process.transitions.iter().find(|step| step.key == *key)?;
            let label = format!("{}, {}", process.label.or(l, name), step.label.or(l, &step.name));
            ("uses-move", label, format!("{}/{name}/moves/{key}", processes::PROCESSES))
        }
        Use::Rule(name) => {
            let label = definitions.rule(name)?.label.or(l, name).to_owned();
            ("uses-rule", label, format!("{}/{name}", rules::RULES))
        }
        Use::Letter(name) => {
            let label = definitions.letter(name)?.label.or(l, name).to_owned();
            ("uses-letter", label, format!("{}/{name}", letters::LETTERS))
        }
        Use::Survey(name) => {
            let label = definitions.survey(name)?.label.or(l, name).to_owned();
            ("uses-survey", label, format!("{}/{name}", surveys::SURVEYS))
        }
        Use::Form(name) => {
            let label = definitions.form(name)?.label.or(l, name).to_owned();
            ("uses-form", label, format!("{}/{name}", forms::FORMS))
        }
        Use::SiteLetter(name) => {
            let label = definitions.site_letter(name)?.label.or(l, name).to_owned();
            ("uses-site-letter", label, format!("{}/{name}", site_letters::SITE_LETTERS))
        }
        Use::Role(name) => ("uses-role", definitions.role(name)?.called(l).to_owned(), format!("{ROLES}/{name}")),
    };
    Some(UsedBy { kind, label, address })
}
