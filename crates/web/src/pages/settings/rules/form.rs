//! The form that makes or changes a rule.

use std::collections::BTreeMap;

use app::rules::AtOnce;
use axum::extract::State;
use maud::{Markup, html};
use model::Paper;
use model::field::FieldType;
use model::process::By;
use model::rule::{Rule, SortInto};
use model::{Definitions, Locale};
use store::Work;

use super::acts::Held;
use super::{CONTROLS, RULES, read, said, soon, when};
use crate::pages::settings::{inputs, roles, tabs};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::control::duration;
use crate::ui::expression::{Expression, Fault, Names, Offered, listed};
use crate::ui::frame::Frame;
use crate::ui::shell::{self, Page};
use crate::ui::told::Told;
use crate::ui::typed::{Asked, Typed};

/// The control of the condition; what may be named beside it may be named in the other expressions of a rule too.
const CONDITION: &str = "if";

/// The page of a new rule for the module that its address names, and for what sets it off there.
pub(super) async fn page(State(web): State<Web>, visitor: Visitor, Asked(asked): Asked) -> Result<Markup, Problem> {
    let mut typed = Typed::default();
    typed.set("event", asked.text("event"));
    for state in asked.all("states") {
        typed.add("states", state);
    }
    shown(&web, &visitor, asked.text("module"), &typed, None).await
}

/// The address of a new rule that is set off so by records of a module in a state.
pub(in crate::pages::settings) fn address(module: &str, event: &str, state: &str) -> String {
    let asked = serde_urlencoded::to_string([("module", module), ("event", event), ("states", state)]);
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
    /// The form of a rule that is there, or what was typed into it; nothing where it says more than the form can.
    pub(super) fn of(rule: &Rule, typed: Option<&Typed>, at_once: Option<AtOnce>) -> Option<Self> {
        let mut filled = read::typed(rule)?;
        if let Some(typed) = typed {
            filled = typed.clone();
            filled.set("module", rule.module.clone());
        }
        Some(Self { typed: filled, is_new: false, at_once })
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
        let budget = told.below("budget", "budget", None);
        let pools = pools(definitions, teams, l);
        html! {
            form.form method="post" action=(action) id="rule" data-guard {
                input type="hidden" name="module" value=(module.name);
                p { (l.say("settings-module")) ": " b { (module.label.get(l)) } }
                (inputs::labels(told, &inputs::typed_label(typed)))
                @if self.is_new { (inputs::name(told, typed)) }
                (when::drawn(told, typed, module, definitions))
                div.field { (condition) }
                (then(told, typed, definitions, &pools))
                div.field {
                    label for="budget" { (l.say("rule-budget")) " " small { (l.say("optional")) } }
                    input id="budget" name="budget" inputmode="numeric" value=(typed.text("budget")) aria-invalid=[budget.invalid()] aria-describedby="budget-hint";
                    p.help id="budget-hint" { (l.say_with("rule-budget-help", &[("count", i64::from(model::rule::BUDGET).into())])) }
                    (budget)
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

/// Who records may be shared among: for programs, and for people.
type Pools = Vec<(String, String)>;

fn pools(definitions: &Definitions, teams: &BTreeMap<String, String>, l: Locale) -> Pools {
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

pub(super) fn ticks(name: &str, label: &str, typed: &Typed, options: &[(String, String)]) -> Markup {
    html! {
        div.options role="group" aria-label=(label) {
            @for (value, words) in options {
                label.option { input type="checkbox" name=(name) value=(value) checked[typed.all(name).any(|it| it == value)]; (words) }
            }
        }
    }
}

fn lines(id: &str, label: &str, typed: &Typed, help: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            textarea id=(id) name=(id) rows="3" spellcheck="false" autocapitalize="off" autocomplete="off" data-names=(listed(CONDITION)) aria-describedby=(format!("{id}-hint")) { (typed.text(id)) }
            p.help id=(format!("{id}-hint")) { (help) }
        }
    }
}

fn then(told: Told<'_>, typed: &Typed, definitions: &Definitions, pools: &Pools) -> Markup {
    let (l, none) = (told.l, told.l.say("rule-nothing"));
    let below = told.below("then", "then", None);
    let shares = [("turns".to_owned(), l.say("rule-share-turns")), ("load".to_owned(), l.say("rule-share-load"))];
    let sorts: Vec<_> =
        SortInto::ALL.into_iter().map(|into| (into.name().to_owned(), l.say(said::sorted(into)))).collect();
    let process = definitions.process(typed.text("module"));
    let mut moves: Vec<(String, String)> = Vec::new();
    for step in process.map(|process| &process.transitions).into_iter().flatten() {
        if step.by != By::Process && moves.iter().all(|(name, _)| *name != step.name) {
            moves.push((step.name.clone(), step.label.or(l, &step.name).to_owned()));
        }
    }
    let made = roles::modules(definitions);
    let made = made.iter().filter(|module| module.service.is_none() && !module.authored);
    let made: Vec<_> = made.map(|module| (module.name.clone(), module.label.get(l).to_owned())).collect();
    let letters: Vec<_> =
        definitions.letters().map(|(it, _)| (it.name.clone(), it.label.or(l, &it.name).to_owned())).collect();
    let surveys = surveys(typed.text("module"), definitions, l);
    let papers = Paper::ALL.map(|paper| (paper.name().to_owned(), l.say(said::issued(paper))));
    let help = l.say("rule-lines-help");
    let mut readers = vec![("owner".to_owned(), l.say("rule-owner"))];
    readers.extend(pools.iter().cloned());
    html! {
        h2 id="then" { (l.say("rule-then")) }
        (below)
        div.pair {
            div.field {
                label for="wait" { (l.say("rule-do-wait")) " " small { (l.say("optional")) } }
                input id="wait" name="wait" value=(duration::shown(l, typed.text("wait"))) spellcheck="false" autocapitalize="off" aria-describedby="wait-hint";
                p.help id="wait-hint" { (l.say("rule-do-wait-help")) }
            }
            div.field { label.option { input type="checkbox" name="wait_working" value="yes" checked[typed.has("wait_working")]; (l.say("rule-working")) } }
        }
        (select("approve", &l.say("rule-do-approve"), typed.text("approve"), pools, Some(&none)))
        (lines("set", &l.say("rule-do-set"), typed, &l.say("rule-do-set-help")))
        (due(typed, definitions, l))
        @if typed.text("module") == app::queue::MESSAGES {
            (select("sort", &l.say("rule-do-sort"), typed.text("sort"), &sorts, Some(&none)))
            (lines("sort_fields", &l.say("rule-do-sort-fields"), typed, &help))
            div.pair {
                (select("sort_to", &l.say("rule-do-sort-to"), typed.text("sort_to"), pools, Some(&none)))
                (select("sort_by", &l.say("rule-share"), typed.text("sort_by"), &shares, None))
            }
        }
        @if !moves.is_empty() {
            (select("transition", &l.say("rule-do-move"), typed.text("transition"), &moves, Some(&none)))
            @if !typed.text("move").is_empty() { (lines("move", &l.say("rule-do-move-fields"), typed, &help)) }
        }
        div.pair {
            (select("assign", &l.say("rule-do-assign"), typed.text("assign"), pools, Some(&none)))
            (select("assign_by", &l.say("rule-share"), typed.text("assign_by"), &shares, None))
        }
        (select("create_module", &l.say("rule-do-create"), typed.text("create_module"), &made, Some(&none)))
        (lines("create", &l.say("rule-do-create-fields"), typed, &format!("{help} {}", l.say("rule-do-create-more"))))
        div.pair {
            (select("create_owner", &l.say("rule-do-create-owner"), typed.text("create_owner"), pools, Some(&none)))
            (select("create_by", &l.say("rule-share"), typed.text("create_by"), &shares, None))
        }
        (select("template", &l.say("rule-do-letter"), typed.text("template"), &letters, Some(&none)))
        div.pair {
            (expression("letter_to", &l.say("rule-do-letter-to"), typed))
            (expression("letter_name", &l.say("rule-do-letter-name"), typed))
        }
        @if !surveys.is_empty() { (select("survey", &l.say("rule-do-survey"), typed.text("survey"), &surveys, Some(&none))) }
        @if typed.text("module") == "deals" {
            fieldset.field {
                legend { (l.say("rule-do-issue")) }
                (ticks("issue", &l.say("rule-do-issue"), typed, &papers))
                label.option { input type="checkbox" name="issue_send" value="yes" checked[typed.has("issue_send")]; (l.say("rule-do-issue-send")) }
            }
        }
        fieldset.field { legend { (l.say("rule-do-notify")) } (ticks("notify", &l.say("rule-do-notify"), typed, &readers)) }
        div.field {
            label for="webhook" { (l.say("rule-do-webhook")) }
            input id="webhook" name="webhook" type="url" value=(typed.text("webhook")) spellcheck="false" autocapitalize="off" aria-describedby="webhook-hint";
            p.help id="webhook-hint" { (l.say("rule-do-webhook-help")) }
        }
    }
}

/// By when something is to be done: which field says it, how long it may take, when time stands still.
fn due(typed: &Typed, definitions: &Definitions, l: Locale) -> Markup {
    let module = definitions.module(typed.text("module"));
    let fields = module.map(|module| &module.fields).into_iter().flatten();
    let moments = fields.filter(|field| field.is_stored() && field.kind == FieldType::Datetime);
    let moments: Vec<_> =
        moments.map(|field| (field.name.clone(), field.label.or(l, &field.name).to_owned())).collect();
    let process = definitions.process(typed.text("module"));
    let states = process.map(|process| &process.states).into_iter().flatten();
    let states: Vec<_> = states.map(|state| (state.name.clone(), state.label.or(l, &state.name).to_owned())).collect();
    if moments.is_empty() {
        return html! {};
    }
    let share = typed.text("due_share");
    html! {
        details open[!typed.text("due").is_empty()] {
            summary.link { (l.say("rule-do-due")) }
            div.pair {
                (select("due", &l.say("rule-due-field"), typed.text("due"), &moments, Some(&l.say("rule-nothing"))))
                (select("due_since", &l.say("rule-due-since"), typed.text("due_since"), &moments, Some(&l.say("rule-due-since-made"))))
            }
            div.field {
                label for="due_within" { (l.say("rule-due-within")) }
                textarea id="due_within" name="due_within" rows="2" spellcheck="false" autocapitalize="off" autocomplete="off" data-names=(listed(CONDITION)) aria-describedby="due-within-hint" { (typed.text("due_within")) }
                p.help id="due-within-hint" { (l.say("rule-due-within-help")) " " code { r#"priority == "urgent" ? "PT2H" : "P1D""# } }
            }
            @if !states.is_empty() {
                fieldset.field { legend { (l.say("rule-due-stands")) } (ticks("due_stands", &l.say("rule-due-stands"), typed, &states)) }
            }
            div.pair {
                (select("due_warn", &l.say("rule-due-warn"), typed.text("due_warn"), &moments, Some(&l.say("rule-nothing"))))
                div.field {
                    label for="due_share" { (l.say("rule-due-share")) }
                    input id="due_share" name="due_share" inputmode="numeric" value=(if share.is_empty() { "75" } else { share });
                }
            }
        }
    }
}

/// The surveys that a rule of `module` can send.
fn surveys(module: &str, definitions: &Definitions, l: Locale) -> Vec<(String, String)> {
    if module == model::survey::SENT {
        return vec![(read::AGAIN.to_owned(), l.say("rule-then-survey-again"))];
    }
    let fitting = definitions.surveys().map(|(survey, _)| survey).filter(|survey| survey.of(module).is_some());
    fitting.map(|survey| (survey.name.clone(), survey.label.or(l, &survey.name).to_owned())).collect()
}

fn expression(id: &str, label: &str, typed: &Typed) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            input id=(id) name=(id) value=(typed.text(id)) spellcheck="false" autocapitalize="off" autocomplete="off" data-names=(listed(CONDITION));
        }
    }
}
