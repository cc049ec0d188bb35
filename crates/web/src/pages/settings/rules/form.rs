//! The form that makes or changes a rule.

use std::collections::BTreeMap;

use app::rules::AtOnce;
use axum::extract::State;
use maud::{Markup, html};
use model::rule::Rule;
use model::{Definitions, Locale};
use store::Work;

use super::actions::{self, Offers};
use super::acts::Held;
use super::{CONTROLS, RULES, read, soon, when};
use crate::pages::settings::{inputs, tabs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::expression::{Expression, Fault, Names, Offered};
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::{Asked, Typed};

/// The control of the condition; what may be named beside it may be named in the other expressions of a rule too.
pub(super) const CONDITION: &str = "if";

/// The page of a new rule for the module that its address names, and for what sets it off there.
pub(super) async fn page(State(web): State<Web>, visitor: Visitor, Asked(asked): Asked) -> Result<Markup, Problem> {
    let mut typed = Typed::default();
    typed.set("event", asked.text("event"));
    for key in ["states", "transitions"] {
        for name in asked.all(key) {
            typed.add(key, name);
        }
    }
    shown(&web, &visitor, asked.text("module"), &typed, None).await
}

/// The address of a new rule that is set off so by records of a module in a state, or by a move.
pub(in crate::pages::settings) fn address(module: &str, event: &str, name: &str) -> String {
    let key = if event == "moved" { "transitions" } else { "states" };
    let asked = serde_urlencoded::to_string([("module", module), ("event", event), (key, name)]);
    format!("{RULES}/new?{}", asked.unwrap_or_default())
}

pub(super) async fn shown(
    web: &Web,
    visitor: &Visitor,
    module: &str,
    typed: &Typed,
    held: Option<&Held>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    app::shape::may_shape(&visitor.actor(), &definitions)?;
    let module = if definitions.module(module).is_some() { module } else { "leads" };
    let reader = visitor.clone();
    let read = move |work: &mut Work<'_>| {
        let teams = work.teams()?.into_iter().map(|team| (team.id.to_string(), team.name));
        let teams: BTreeMap<String, String> = teams.collect();
        Ok((Frame::read(work, &reader)?, teams))
    };
    let (frame, teams) = web.app.workspace().read(visitor.actor(), read).await?;
    let (l, title) = (frame.locale, frame.locale.say("rule-new"));
    let mut typed = typed.clone();
    typed.set("module", module);
    let told = Told { l, error: held.and_then(Held::error), controls: CONTROLS };
    let at_once = held.and_then(Held::at_once);
    let content = html! {
        header.top {
            nav.crumbs aria-label=(l.say("crumbs")) { a href=(RULES) { (l.say("rules")) } }
            h1 { (title) }
        }
        (tabs(l, RULES))
        div.page.narrow {
            (told.above(&definitions))
            (Filled { typed, is_new: true, at_once }.drawn(told, &definitions, &teams, RULES))
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: RULES, content }))
}

/// What stands in the form.
pub(super) struct Filled {
    typed: Typed,
    is_new: bool,
    /// What the rule would do at once, where that is asked about.
    at_once: Option<AtOnce>,
}

impl Filled {
    /// The form of a rule that is there, or what was typed into it.
    pub(super) fn of(rule: &Rule, typed: Option<&Typed>, at_once: Option<AtOnce>) -> Self {
        let mut filled = typed.cloned().unwrap_or_else(|| read::typed(rule));
        filled.set("module", rule.module.clone());
        Self { typed: filled, is_new: false, at_once }
    }

    pub(super) fn drawn(
        &self,
        told: Told<'_>,
        definitions: &Definitions,
        teams: &BTreeMap<String, String>,
        action: &str,
    ) -> Markup {
        let (l, typed) = (told.l, &self.typed);
        let Some(module) = definitions.module(typed.text("module")) else { return html! {} };
        let text = typed.text(CONDITION).replace("\r\n", "\n");
        let fault = told.fault_of(CONDITION).map(|fault| Fault::of_field(l, &text, fault));
        let names = Names::all(l, definitions, module).with_before();
        let condition = Expression {
            label: html! { (l.say("rule-if")) " " small { (l.say("optional")) } },
            help: Some(l.say("rule-if-help")),
            fault: fault.as_ref(),
            ..Expression::new(l, CONDITION, &text, Offered::Here(&names))
        };
        let (budget, letters) = (told.below("budget", "budget", None), told.below("letters", "letters", None));
        let pools = pools(definitions, teams, l);
        html! {
            form.form method="post" action=(action) id="rule" data-guard {
                // What Enter presses: saving, and no button that moves an action.
                button.visually-hidden tabindex="-1" aria-hidden="true" { (l.say("save")) }
                input type="hidden" name="module" value=(module.name);
                p { (l.say("settings-module")) ": " b { (module.label.get(l)) } }
                (inputs::labels(told, &inputs::typed_label(typed)))
                @if self.is_new { (inputs::name(told, typed)) }
                (when::drawn(told, typed, module, definitions))
                div.field { (condition) }
                (actions::drawn(told, typed, &Offers::of(module, definitions, &pools, l), action))
                div.field {
                    label for="budget" { (l.say("rule-budget")) " " small { (l.say("optional")) } }
                    input id="budget" name="budget" inputmode="numeric" value=(typed.text("budget")) aria-invalid=[budget.invalid()] aria-describedby="budget-hint";
                    p.help id="budget-hint" { (l.say_with("rule-budget-help", &[("count", i64::from(model::rule::BUDGET).into())])) }
                    (budget)
                }
                div.field {
                    label for="letters" { (l.say("rule-budget-letters")) " " small { (l.say("optional")) } }
                    input id="letters" name="letters" inputmode="numeric" value=(typed.text("letters")) aria-invalid=[letters.invalid()] aria-describedby="letters-hint";
                    p.help id="letters-hint" { (l.say("rule-budget-letters-help")) }
                    (letters)
                }
                (runs(typed, l))
                @if let Some(at_once) = self.at_once { (soon::asked(at_once, l)) }
                footer.actions { button.btn.main-action { (l.say("save")) } a.btn.quiet href=(RULES) { (l.say("cancel")) } }
            }
        }
    }
}

/// Whether the rule runs once it is saved.
fn runs(typed: &Typed, l: Locale) -> Markup {
    let is_on = typed.text("active") == "true";
    html! {
        fieldset.field {
            legend { (l.say("rule-after-saving")) }
            label.option { input type="radio" name="active" value="false" checked[!is_on]; (l.say("rule-saved-off")) }
            label.option { input type="radio" name="active" value="true" checked[is_on]; (l.say("rule-saved-on")) }
        }
    }
}

/// What is chosen from: for programs, and for people.
pub(super) type Choices = Vec<(String, String)>;

/// Who records may be shared among.
fn pools(definitions: &Definitions, teams: &BTreeMap<String, String>, l: Locale) -> Choices {
    let roles = definitions.roles().map(|role| (format!("role:{}", role.name), role.called(l).to_owned()));
    let called = |name: &str| l.say_with("rule-team", &[("team", name.into())]);
    let teams = teams.iter().map(|(id, name)| (format!("team:{id}"), called(name)));
    roles.chain(teams).collect()
}

/// One of several, or none.
pub(super) fn select(id: &str, label: &str, chosen: &str, options: &[(String, String)], none: Option<&str>) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            select id=(id) name=(id) {
                @if let Some(none) = none { option value="" { (none) } }
                @for (value, words) in options { option value=(value) selected[value == chosen] { (words) } }
                @if !chosen.is_empty() && options.iter().all(|(value, _)| value != chosen) { option value=(chosen) selected { (chosen) } }
            }
        }
    }
}

/// Any of several. What was chosen and is not offered, as it is out of use or named in another way, stays chosen until somebody
/// takes it out.
pub(super) fn ticks(name: &str, label: &str, chosen: &[&str], options: &[(String, String)]) -> Markup {
    let others = chosen.iter().filter(|it| options.iter().all(|(value, _)| value != *it));
    html! {
        div.options role="group" aria-label=(label) {
            @for (value, words) in options {
                label.option { input type="checkbox" name=(name) value=(value) checked[chosen.contains(&value.as_str())]; (words) }
            }
            @for value in others { label.option { input type="checkbox" name=(name) value=(value) checked; (value) } }
        }
    }
}
