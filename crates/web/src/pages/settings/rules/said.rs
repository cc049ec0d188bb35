//! A rule in plain words.

use jiff::civil::Weekday;
use maud::{Markup, html};
use model::Paper;
use model::rule::{Action, Addressee, Period, Pool, Rule, Share, SortInto, When, Worth};
use model::{Definitions, Locale, Module, l10n};
use std::collections::BTreeMap;

use crate::ui::Words;
use crate::ui::control::duration;

/// What is said of a rule.
#[derive(Clone, Copy)]
pub(in crate::pages) struct Said<'a> {
    pub(in crate::pages) rule: &'a Rule,
    pub(in crate::pages) definitions: &'a Definitions,
    /// Names of teams by their ids.
    pub(in crate::pages) teams: &'a BTreeMap<String, String>,
    pub(in crate::pages) l: Locale,
}

impl Said<'_> {
    /// When, if, then.
    pub(super) fn whole(self) -> Markup {
        let l = self.l;
        html! {
            dl.fields.roomy.rule-said {
                dt { (l.say("rule-when")) } dd { (self.when()) }
                @if let Some(condition) = &self.rule.condition { dt { (l.say("rule-if")) } dd { code { (condition) } } }
                dt { (l.say("rule-then")) }
                dd { ol { @for action in &self.rule.then { li { (self.action(action)) } } } }
                dt { (l.say("rule-budget")) } dd { (l.say_with("rule-hourly", &[("count", i64::from(self.rule.hourly()).into())])) }
                @if let Some(letters) = self.rule.letters {
                    dt { (l.say("rule-budget-letters")) } dd { (l.say_with("rule-hourly-letters", &[("count", i64::from(letters).into())])) }
                }
            }
        }
    }

    /// What sets it off, in one line.
    pub(super) fn when(self) -> String {
        let (l, module) = (self.l, self.module(&self.rule.module));
        match &self.rule.when {
            When::Created => l.say_with("rule-when-created", &[("module", module.into())]),
            When::Changed { fields, made } => {
                let named: Vec<_> = fields.iter().map(|field| self.field(&self.rule.module, field)).collect();
                let said = if fields.is_empty() {
                    l.say_with("rule-when-changed-any", &[("module", module.into())])
                } else {
                    let args = [("module", module.into()), ("fields", named.join(", ").into())];
                    l.say_with("rule-when-changed", &args)
                };
                if *made { format!("{said}; {}", l.say("rule-when-made")) } else { said }
            }
            When::Entered { states } => {
                l.say_with("rule-when-entered", &[("module", module.into()), ("states", self.states(states).into())])
            }
            When::Left { states } => {
                l.say_with("rule-when-left", &[("module", module.into()), ("states", self.states(states).into())])
            }
            When::Moved { transitions } => {
                l.say_with("rule-when-moved", &[("module", module.into()), ("moves", self.moves(transitions).into())])
            }
            When::Stayed { states, after, every, times, working } => {
                let args = [
                    ("module", module.into()),
                    ("states", self.states(states).into()),
                    ("after", duration::shown(l, after).into()),
                ];
                self.again(l.say_with("rule-when-stayed", &args), (every.as_deref(), *times), *working)
            }
            When::Schedule { every, at, on } => {
                let key = match every {
                    Period::Day => "rule-when-daily",
                    Period::Week => "rule-when-weekly",
                    Period::Month => "rule-when-monthly",
                };
                let number = on.unwrap_or(1);
                let day = Weekday::from_monday_one_offset(number).map(|day| l10n::weekday(l, day)).unwrap_or_default();
                let args = [
                    ("module", module.into()),
                    ("at", at.as_str().into()),
                    ("on", i64::from(number).into()),
                    ("day", day.into()),
                ];
                l.say_with(key, &args)
            }
            When::Called => l.say("rule-when-called"),
            When::Date { field, offset, every, times, working } => {
                let field = self.field(&self.rule.module, field);
                let span = model::rule::read_offset(offset).unwrap_or_default();
                let key = match span.signum() {
                    1 => "rule-when-date-after",
                    -1 => "rule-when-date-before",
                    _ => "rule-when-date",
                };
                let long = l10n::duration(l, &span.abs());
                let args = [("module", module.into()), ("field", field.into()), ("offset", long.into())];
                self.again(l.say_with(key, &args), (every.as_deref(), *times), *working)
            }
        }
    }

    /// The same with how it is repeated, and in which time.
    fn again(self, mut said: String, (every, times): (Option<&str>, Option<u32>), working: bool) -> String {
        let l = self.l;
        if let (Some(every), Some(times)) = (every, times) {
            let args = [("every", duration::shown(l, every).into()), ("times", i64::from(times).into())];
            said = format!("{said}; {}", l.say_with("rule-when-again", &args));
        }
        if working { format!("{said}; {}", l.say("rule-when-working")) } else { said }
    }

    fn states(self, names: &[String]) -> String {
        let process = self.definitions.process(&self.rule.module);
        let called = |name: &String| {
            let state = process.and_then(|process| process.state(name));
            state.map_or_else(|| name.clone(), |state| state.label.or(self.l, name).to_owned())
        };
        names.iter().map(called).collect::<Vec<_>>().join(", ")
    }

    fn moves(self, names: &[String]) -> String {
        let process = self.definitions.process(&self.rule.module);
        let called = |name: &String| {
            let step = process.and_then(|process| process.made(Some(name.as_str()), None, None));
            step.map_or_else(|| name.clone(), |step| step.label.or(self.l, name).to_owned())
        };
        names.iter().map(called).collect::<Vec<_>>().join(", ")
    }

    pub(in crate::pages) fn action(self, action: &Action) -> Markup {
        let l = self.l;
        match action {
            Action::Set { of: None, fields } => {
                html! { (l.say("rule-then-set")) (self.values(&self.rule.module, fields)) }
            }
            Action::Set { of: Some(link), fields } => {
                let field = self.definitions.module(&self.rule.module).and_then(|module| module.field(link));
                let target = field.and_then(|field| field.module.as_deref()).unwrap_or_default();
                let args = [("link", self.field(&self.rule.module, link).into())];
                html! { (l.say_with("rule-then-set-of", &args)) (self.values(target, fields)) }
            }
            Action::Wait { after, working } => {
                let said = l.say_with("rule-then-wait", &[("after", duration::shown(l, after).into())]);
                html! { (said) @if *working { ", " (l.say("rule-when-working")) } }
            }
            Action::Due { field, within, since, stands_in, warn, share } => {
                let of = |name: &str| self.field(&self.rule.module, name);
                html! {
                    (l.say_with("rule-then-due", &[("field", of(field).into())])) ": " code { (within) }
                    @if since.is_some() || warn.is_some() || !stands_in.is_empty() {
                        ul {
                            @if let Some(since) = since { li { (l.say_with("rule-due-since-said", &[("field", of(since).into())])) } }
                            @if !stands_in.is_empty() { li { (l.say_with("rule-due-stands-said", &[("states", self.states(stands_in).into())])) } }
                            @if let Some(warn) = warn {
                                li { (l.say_with("rule-due-warn-said", &[("share", i64::from(*share).into()), ("field", of(warn).into())])) }
                            }
                        }
                    }
                }
            }
            Action::Move { transition, fields } => {
                let process = self.definitions.process(&self.rule.module);
                let step = process.and_then(|process| process.transition(transition));
                let called = step.map_or(transition.as_str(), |step| step.label.or(l, transition)).to_owned();
                html! { (l.say_with("rule-then-move", &[("move", called.into())])) (self.values(&self.rule.module, fields)) }
            }
            Action::Approve { by } => {
                html! { (l.say_with("rule-then-approve", &[("whom", self.pool(by).into())])) }
            }
            Action::Sort { into, fields, to, by } => html! {
                (l.say("rule-do-sort")) ": " (l.say(sorted(*into)))
                @if let Some(pool) = to { "; " (self.shared(pool, *by)) }
                (self.values(into.makes().unwrap_or_default(), fields))
            },
            Action::Create { module, fields, owner, by } => html! {
                (l.say_with("rule-then-create", &[("module", self.module(module).into())]))
                @if let Some(pool) = owner { "; " (self.shared(pool, *by)) }
                (self.values(module, fields))
            },
            Action::Assign { to, by } => html! { (l.say("rule-then-assign")) ": " (self.shared(to, *by)) },
            Action::Letter { template, to, .. } => {
                let letter = self.definitions.letter(template);
                let called = letter.map_or(template.as_str(), |letter| letter.label.or(l, template)).to_owned();
                html! { (l.say_with("rule-then-letter", &[("letter", called.into())])) " " code { (to) } }
            }
            Action::Sms { to, text, .. } => {
                html! { (l.say("rule-then-sms")) " " code { (to) } ": " (text.get(l)) }
            }
            Action::Webhook { url } => html! { (l.say("rule-then-webhook")) " " code { (url) } },
            Action::Survey { survey } => {
                let survey = survey.as_deref().map(|name| {
                    let known = self.definitions.survey(name);
                    known.map_or(name, |survey| survey.label.or(l, name)).to_owned()
                });
                match survey {
                    Some(survey) => html! { (l.say_with("rule-then-survey", &[("survey", survey.into())])) },
                    None => html! { (l.say("rule-then-survey-again")) },
                }
            }
            Action::Issue { papers, send } => {
                let named: Vec<String> = papers.iter().map(|paper| l.say(issued(*paper))).collect();
                let key = if *send { "rule-then-issue-send" } else { "rule-then-issue" };
                html! { (l.say_with(key, &[("papers", named.join(", ").into())])) }
            }
            Action::Notify { to } => {
                let whom: Vec<String> = to.iter().map(|whom| self.whom(whom)).collect();
                html! { (l.say_with("rule-then-notify", &[("whom", whom.join(", ").into())])) }
            }
        }
    }

    fn values(self, module: &str, fields: &BTreeMap<String, Worth>) -> Markup {
        html! {
            @if !fields.is_empty() {
                ul {
                    @for (name, worth) in fields {
                        li {
                            (self.field(module, name)) ": "
                            @match worth {
                                Worth::Expression(text) => code { (text) },
                                Worth::Words(words) => (words.get(self.l)),
                            }
                        }
                    }
                }
            }
        }
    }

    fn shared(self, pool: &Pool, by: Share) -> String {
        let whom = self.pool(pool);
        let key = match by {
            Share::Turns => "rule-by-turns",
            Share::Load => "rule-by-load",
        };
        self.l.say_with(key, &[("whom", whom.into())])
    }

    fn pool(self, pool: &Pool) -> String {
        match pool {
            Pool::Role(role) => self.role(role),
            Pool::Team(team) => self.team(team),
        }
    }

    fn whom(self, whom: &Addressee) -> String {
        match whom {
            Addressee::Owner => self.l.say("rule-owner"),
            Addressee::Role(role) => self.role(role),
            Addressee::Team(team) => self.team(team),
        }
    }

    fn role(self, name: &str) -> String {
        self.definitions.role(name).map_or_else(|| name.to_owned(), |role| role.called(self.l).to_owned())
    }

    fn team(self, name: &str) -> String {
        let known = self.teams.get(name).map_or(name, String::as_str);
        self.l.say_with("rule-team", &[("team", known.into())])
    }

    fn module(self, name: &str) -> String {
        let module: Option<&Module> = self.definitions.module(name).map(|module| &**module);
        module.map_or_else(|| name.to_owned(), |module| module.label.or(self.l, name).to_owned())
    }

    fn field(self, module: &str, name: &str) -> String {
        if name == "owner" {
            return self.l.say("rule-owner");
        }
        let field = self.definitions.module(module).and_then(|module| module.field(name));
        field.map_or_else(|| name.to_owned(), |field| field.label.or(self.l, name).to_owned())
    }
}

/// What becomes of a message.
pub(super) fn sorted(into: SortInto) -> &'static str {
    match into {
        SortInto::Case => "rule-sort-case",
        SortInto::Lead => "rule-sort-lead",
        SortInto::Person => "rule-sort-person",
        SortInto::Nothing => "rule-sort-nothing",
        SortInto::Queue => "rule-sort-queue",
    }
}

/// What is issued.
pub(super) fn issued(paper: Paper) -> &'static str {
    match paper {
        Paper::Contract => "rule-paper-contract",
        Paper::Invoice => "rule-paper-invoice",
    }
}
