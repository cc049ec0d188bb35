//! The form of a layout, and a picture of what comes of it.

use app::shape::OwnPart;
use maud::{Markup, html};
use model::module::Group;
use model::{Locale, Module};

use super::super::MODULES;
use super::super::mover::Mover;
use super::state::{Layout, listed, naming, placed, searched};
use crate::ui::lens::field_of;
use crate::ui::typed::Typed;
use crate::ui::{Words, icon};

/// The section of the module's page.
pub(in super::super) fn section(module: &Module, own: &OwnPart, typed: &Typed, l: Locale) -> Markup {
    let layout = if typed.has("layout") { Layout::read(module, typed) } else { Layout::of(module) };
    let sheet = Sheet { l, module, layout: &layout };
    html! {
        section id="layout" {
            h2 { (l.say("settings-layout")) }
            p.help { (l.say("settings-layout-help")) }
            form.form.layout method="post" action=(format!("{MODULES}/{}/layout#layout", module.name)) data-guard {
                input type="hidden" name="layout" value="on";
                // Enter saves, and moves nothing.
                button.visually-hidden tabindex="-1" aria-hidden="true" { (l.say("save")) }
                div.split {
                    div.form { (sheet.groups()) }
                    div.form { (sheet.columns()) (sheet.search()) (sheet.names(own)) (sheet.preview()) }
                }
                footer.actions {
                    button.btn.main-action { (l.say("settings-save-layout")) }
                    @if own.is_laid_out && !own.is_module { button.btn.quiet name="do" value="reset" formnovalidate { (l.say("settings-layout-reset")) } }
                }
            }
        }
    }
}

/// The id of something that is moved up and down.
fn spot(what: &str, value: &str) -> String {
    format!("place-{what}-{value}")
}

struct Sheet<'a> {
    l: Locale,
    module: &'a Module,
    layout: &'a Layout,
}

impl Sheet<'_> {
    fn label(&self, name: &str) -> String {
        field_of(self.module, name, self.l)
    }

    fn groups(&self) -> Markup {
        let l = self.l;
        html! {
            h3 { (l.say("settings-groups")) }
            @for (index, group) in self.layout.groups.iter().enumerate() { (self.group(index, group)) }
            fieldset.field.card.roomy {
                legend { (l.say("other-fields")) }
                (self.fields(&self.layout.rest, None))
            }
            div.buttons { button.btn.small name="do" value="group-add:" formnovalidate { (icon(assets::icon::PLUS)) (l.say("settings-group-add")) } }
        }
    }

    fn group(&self, index: usize, group: &Group) -> Markup {
        let (l, last) = (self.l, self.layout.groups.len().saturating_sub(1));
        let heading = group.label.get(l);
        let named = if heading.is_empty() { (index + 1).to_string() } else { heading.to_owned() };
        let labelled = |key: &str| l.say_with(key, &[("name", named.as_str().into())]);
        html! {
            fieldset.field.card.roomy {
                legend.visually-hidden { (labelled("settings-group")) }
                div.inputs id=(spot("group", &index.to_string())) {
                    input.input name=(format!("group.{index}.ru")) value=(group.label.ru) aria-label=(labelled("settings-group-ru")) placeholder=(l.say("settings-label-ru")) maxlength="200";
                    input.input name=(format!("group.{index}.en")) value=(group.label.en) aria-label=(labelled("settings-group-en")) placeholder=(l.say("settings-label-en")) maxlength="200";
                    (self.mover("group", &index.to_string(), &named, index == 0, index == last))
                    button.btn.quiet.small.icon name="do" value=(format!("group-remove:{index}")) formnovalidate
                        aria-label=(labelled("settings-group-remove")) { (icon(assets::icon::TRASH_2)) }
                }
                (self.fields(&group.fields, Some(index)))
            }
        }
    }

    /// The fields of a group in their order; hidden and foreign names stay where they are.
    fn fields(&self, names: &[String], of: Option<usize>) -> Markup {
        let l = self.l;
        let known: Vec<&String> =
            names.iter().filter(|name| placed(self.module).any(|known| known == name.as_str())).collect();
        html! {
            @if known.is_empty() { p.faint { (l.say("settings-group-empty")) } }
            ul.plain-list {
                @for name in known {
                    @let label = self.label(name);
                    li.inputs id=(spot("field", name)) {
                        span.grow { (label) }
                        select.input name=(format!("place.{name}")) aria-label=(l.say_with("settings-group-of", &[("name", label.as_str().into())])) {
                            @for (index, group) in self.layout.groups.iter().enumerate() {
                                @let heading = group.label.get(l);
                                option value=(index) selected[of == Some(index)] { @if heading.is_empty() { (index + 1) } @else { (heading) } }
                            }
                            option value="" selected[of.is_none()] { (l.say("other-fields")) }
                        }
                        (self.mover("field", name, &label, false, false))
                    }
                }
            }
        }
    }

    /// Buttons that move something up and down; the page that comes back shows it where it went.
    fn mover(&self, what: &str, value: &str, label: &str, is_first: bool, is_last: bool) -> Markup {
        let (up, down) = (format!("{what}-up:{value}"), format!("{what}-down:{value}"));
        let back = |place: &str| format!("{MODULES}/{}/layout#{}", self.module.name, spot(what, place));
        // A group is known by its place, which it leaves.
        let beside = |by: i64| value.parse::<i64>().map_or_else(|_| value.to_owned(), |place| (place + by).to_string());
        let (above, below) =
            if what == "group" { (beside(-1), beside(1)) } else { (value.to_owned(), value.to_owned()) };
        let back = Some((back(&above), back(&below)));
        Mover { label, up: ("do", &up), down: ("do", &down), is_first, is_last, back }.buttons(self.l)
    }

    fn columns(&self) -> Markup {
        let chosen = &self.layout.columns;
        let others = listed(self.module).filter(|name| !chosen.iter().any(|there| there == name));
        html! {
            fieldset.field {
                legend { (self.l.say("settings-columns")) }
                ul.plain-list {
                    @for (index, name) in chosen.iter().enumerate() {
                        @let label = self.label(name);
                        li.inputs id=(spot("column", name)) {
                            label.option.grow { input type="checkbox" name="column" value=(name) checked; (label) }
                            (self.mover("column", name, &label, index == 0, index + 1 == chosen.len()))
                        }
                    }
                    @for name in others { li.inputs { label.option.grow { input type="checkbox" name="column" value=(name); (self.label(name)) } } }
                }
            }
        }
    }

    fn search(&self) -> Markup {
        html! {
            fieldset.field {
                legend { (self.l.say("settings-search")) }
                div.options {
                    @for field in searched(self.module) {
                        label.option {
                            input type="checkbox" name="search" value=(field.name) checked[self.layout.search.contains(&field.name)];
                            (field.called(self.l))
                        }
                    }
                }
            }
        }
    }

    fn names(&self, own: &OwnPart) -> Markup {
        let l = self.l;
        html! {
            div.pair {
                @if own.is_module { (self.select("title", &l.say("settings-title"), &self.layout.title, false)) }
                (self.select("subtitle", &l.say("settings-subtitle"), &self.layout.subtitle, true))
            }
        }
    }

    fn select(&self, name: &str, label: &str, chosen: &str, may_be_empty: bool) -> Markup {
        let id = format!("layout-{name}");
        html! {
            div.field {
                label for=(id) { (label) }
                select id=(id) name=(name) {
                    @if may_be_empty { option value="" { "—" } }
                    @for field in naming(self.module) {
                        option value=(field.name) selected[field.name == chosen] { (field.called(self.l)) }
                    }
                }
            }
        }
    }

    /// The record page as it would be, without a record.
    fn preview(&self) -> Markup {
        let l = self.l;
        let rest = (l.say("other-fields"), &self.layout.rest);
        let groups = self.layout.groups.iter().map(|group| (group.label.get(l).to_owned(), &group.fields));
        html! {
            details.preview {
                summary.link { (l.say("settings-preview")) }
                @for (heading, names) in groups.chain([rest]).filter(|(_, names)| !names.is_empty()) {
                    div.card.roomy {
                        b { (heading) }
                        dl.fields { @for name in names { dt { (self.label(name)) } dd { "—" } } }
                    }
                }
            }
        }
    }
}
