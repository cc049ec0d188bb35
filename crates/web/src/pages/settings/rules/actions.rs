//! The part of the form that says what a rule does: its actions in their order, each with the controls of its kind.

use maud::{Markup, html};
use model::field::FieldType;
use model::process::By;
use model::rule::SortInto;
use model::{Definitions, Field, Locale, Module, Paper};

use super::form::{CONDITION, Choices, select, ticks};
use super::{read, said, steps};
use crate::pages::settings::mover::Mover;
use crate::pages::settings::roles;
use crate::ui::control::duration;
use crate::ui::expression::listed;
use crate::ui::told::{Told, faults, said as said_of};
use crate::ui::typed::Typed;
use crate::ui::{Words, icon, note};

/// Kinds of actions, in the order in which they are offered, with their words.
pub(super) const KINDS: [(&str, &str); 14] = [
    ("set", "rule-do-set"),
    ("create", "rule-do-create"),
    ("assign", "rule-do-assign"),
    ("move", "rule-do-move"),
    ("letter", "rule-do-letter"),
    ("sms", "rule-do-sms"),
    ("notify", "rule-do-notify"),
    ("wait", "rule-do-wait"),
    ("approve", "rule-do-approve"),
    ("due", "rule-do-due"),
    ("survey", "rule-do-survey"),
    ("issue", "rule-do-issue"),
    ("sort", "rule-do-sort"),
    ("webhook", "rule-do-webhook"),
];

/// What actions may name.
pub(super) struct Offers<'a> {
    module: &'a Module,
    pools: &'a Choices,
    states: Choices,
    moments: Choices,
    links: Choices,
    moves: Choices,
    made: Choices,
    letters: Choices,
    surveys: Choices,
}

impl<'a> Offers<'a> {
    pub(super) fn of(module: &'a Module, definitions: &Definitions, pools: &'a Choices, l: Locale) -> Self {
        let process = definitions.process(&module.name);
        let called = |field: &Field| (field.name.clone(), field.label.or(l, &field.name).to_owned());
        let stored = || module.fields.iter().filter(|field| field.is_stored());
        let is_link = |field: &&Field| matches!(field.kind, FieldType::Link | FieldType::Links);
        let states = process.map(|process| &process.states).into_iter().flatten();
        let mut moves = Choices::new();
        for step in process.map(|process| &process.transitions).into_iter().flatten() {
            if step.by != By::Process && moves.iter().all(|(name, _)| *name != step.name) {
                moves.push((step.name.clone(), step.label.or(l, &step.name).to_owned()));
            }
        }
        let made = roles::modules(definitions);
        let made = made.iter().filter(|module| module.service.is_none() && !module.authored);
        let letters = definitions.letters().map(|(it, _)| (it.name.clone(), it.label.or(l, &it.name).to_owned()));
        Self {
            module,
            pools,
            states: states.map(|state| (state.name.clone(), state.label.or(l, &state.name).to_owned())).collect(),
            moments: stored().filter(|field| field.kind == FieldType::Datetime).map(called).collect(),
            links: stored().filter(is_link).map(called).collect(),
            moves,
            made: made.map(|module| (module.name.clone(), module.label.get(l).to_owned())).collect(),
            letters: letters.collect(),
            surveys: surveys(&module.name, definitions, l),
        }
    }

    /// Whether records of the module take an action of this kind.
    fn has(&self, kind: &str) -> bool {
        match kind {
            "assign" => self.module.owners,
            "move" => !self.moves.is_empty(),
            "due" => !self.moments.is_empty(),
            "survey" => !self.surveys.is_empty(),
            "issue" => self.module.name == "deals",
            "sort" => self.module.name == app::queue::MESSAGES,
            _ => true,
        }
    }
}

/// The surveys that a rule of `module` can send.
fn surveys(module: &str, definitions: &Definitions, l: Locale) -> Choices {
    if module == model::survey::SENT {
        return vec![(read::AGAIN.to_owned(), l.say("rule-then-survey-again"))];
    }
    let fitting = definitions.surveys().map(|(survey, _)| survey).filter(|survey| survey.of(module).is_some());
    fitting.map(|survey| (survey.name.clone(), survey.label.or(l, &survey.name).to_owned())).collect()
}

/// The actions that stand in the form, and the button that adds one; `address` is where the form is sent.
pub(super) fn drawn(told: Told<'_>, typed: &Typed, offers: &Offers<'_>, address: &str) -> Markup {
    let l = told.l;
    let all = steps::all(typed);
    let last = all.len().saturating_sub(1);
    let whole = faults(told.error).iter().find(|fault| fault.field == "then");
    let kinds: Choices = KINDS
        .into_iter()
        .filter(|(kind, _)| offers.has(kind))
        .map(|(kind, words)| (kind.to_owned(), l.say(words)))
        .collect();
    html! {
        h2 id="then" tabindex="-1" { (l.say("rule-then")) }
        @if let Some(fault) = whole { (note::of_field("then", &said_of(fault, l))) }
        @if all.is_empty() { p.faint { (l.say("rule-steps-none")) } }
        @for (place, typed) in all.iter().enumerate() {
            (Step { place, typed, l }.drawn(told, offers, (place == last, address)))
        }
        div.inputs.rule-add {
            (select("add", &l.say("rule-step-kind"), "", &kinds, None))
            button.btn.small name="do" value="add:" formaction=(format!("{address}#{}", steps::id(all.len()))) formnovalidate {
                (icon(assets::icon::PLUS)) (l.say("rule-step-add"))
            }
        }
    }
}

/// An action in the form.
struct Step<'a> {
    place: usize,
    typed: &'a Typed,
    l: Locale,
}

impl Step<'_> {
    fn drawn(&self, told: Told<'_>, offers: &Offers<'_>, (is_last, address): (bool, &str)) -> Markup {
        let (l, place, id) = (self.l, self.place.to_string(), steps::id(self.place));
        let kind = self.typed.text("do");
        let words = KINDS.iter().find(|(name, _)| *name == kind).map_or_else(|| kind.to_owned(), |(_, key)| l.say(key));
        let named = l.say_with("rule-step", &[("number", (self.place + 1).into()), ("action", words.into())]);
        let back = |place: usize| format!("{address}#{}", steps::id(place));
        let (up, down) = (format!("up:{place}"), format!("down:{place}"));
        let mover = Mover {
            label: &named,
            up: ("do", &up),
            down: ("do", &down),
            is_first: self.place == 0,
            is_last,
            back: Some((back(self.place.saturating_sub(1)), back(self.place + 1))),
        };
        html! {
            fieldset.field.card.roomy.rule-step id=(id) {
                legend.visually-hidden { (named) }
                input type="hidden" name=(self.name("do")) value=(kind);
                header {
                    b { (named) }
                    div.buttons {
                        (mover.buttons(l))
                        button.btn.quiet.small.icon name="do" value=(format!("remove:{place}")) formaction=(format!("{address}#then")) formnovalidate
                            aria-label=(l.say_with("rule-step-remove", &[("name", named.as_str().into())])) { (icon(assets::icon::TRASH_2)) }
                    }
                }
                (self.wrong(told))
                (self.controls(kind, offers))
            }
        }
    }

    /// What is wrong with it.
    fn wrong(&self, told: Told<'_>) -> Markup {
        let at = format!("then[{}]", self.place);
        let of = faults(told.error).iter().filter_map(|fault| {
            let within = fault.field.strip_prefix(&at)?;
            Some((within.trim_start_matches('.'), fault)).filter(|_| within.is_empty() || within.starts_with('.'))
        });
        html! {
            @for (index, (within, fault)) in of.enumerate() {
                @let words = said_of(fault, self.l);
                @let words = if within.is_empty() { words } else { format!("{within}: {words}") };
                (note::of_field(&format!("{}-{index}", steps::id(self.place)), &words))
            }
        }
    }

    fn controls(&self, kind: &str, offers: &Offers<'_>) -> Markup {
        let l = self.l;
        let help = l.say("rule-lines-help");
        let none = l.say("rule-nothing");
        match kind {
            "set" => html! {
                @if !offers.links.is_empty() { (self.one("of", "rule-set-of", &offers.links, Some(&l.say("rule-set-own")))) }
                (self.lines("fields", "rule-set-fields", &help))
            },
            "create" => html! {
                (self.one("module", "settings-module", &offers.made, None))
                (self.lines("fields", "rule-do-create-fields", &help))
                div.pair { (self.one("owner", "rule-do-create-owner", offers.pools, Some(&none))) (self.share()) }
            },
            "assign" => html! { div.pair { (self.one("to", "rule-assign-from", offers.pools, None)) (self.share()) } },
            "move" => html! {
                (self.one("transition", "rule-move-which", &offers.moves, None))
                (self.lines("fields", "rule-do-move-fields", &help))
            },
            "letter" => html! {
                (self.one("template", "rule-letter-which", &offers.letters, None))
                div.pair { (self.line("to", "rule-do-letter-to")) (self.line("name", "rule-do-letter-name")) }
            },
            "sms" => html! {
                div.pair { (self.line("to", "rule-sms-to")) (self.plain("through", "rule-sms-through")) }
                div.pair { (self.words("text_ru", "rule-sms-ru")) (self.words("text_en", "rule-sms-en")) }
                p.help { (l.say("rule-sms-help")) }
            },
            "notify" => {
                let owner = offers.module.owners.then(|| (read::OWNER.to_owned(), l.say("rule-owner")));
                let readers: Choices = owner.into_iter().chain(offers.pools.iter().cloned()).collect();
                self.several("to", "rule-notify-whom", &readers)
            }
            "wait" => html! {
                div.field {
                    label for=(self.name("after")) { (l.say("rule-wait-after")) }
                    input id=(self.name("after")) name=(self.name("after")) value=(duration::shown(l, self.typed.text("after"))) spellcheck="false" autocapitalize="off" aria-describedby=(self.name("after-hint"));
                    p.help id=(self.name("after-hint")) { (l.say("rule-do-wait-help")) }
                }
                (self.tick("working", "rule-working"))
            },
            "approve" => self.one("by", "rule-approve-by", offers.pools, None),
            "due" => self.due(offers),
            "survey" => self.one("survey", "survey-survey", &offers.surveys, None),
            "issue" => {
                let papers = Paper::ALL.map(|paper| (paper.name().to_owned(), l.say(said::issued(paper))));
                html! { (self.several("papers", "rule-issue-which", &papers)) (self.tick("send", "rule-do-issue-send")) }
            }
            "sort" => {
                let sorts = SortInto::ALL.map(|into| (into.name().to_owned(), l.say(said::sorted(into))));
                html! {
                    (self.one("into", "rule-sort-into", &sorts, None))
                    (self.lines("fields", "rule-do-sort-fields", &help))
                    div.pair { (self.one("to", "rule-do-sort-to", offers.pools, Some(&none))) (self.share()) }
                }
            }
            "webhook" => html! {
                div.field {
                    label for=(self.name("url")) { (l.say("rule-webhook-url")) }
                    input id=(self.name("url")) name=(self.name("url")) type="url" value=(self.typed.text("url")) spellcheck="false" autocapitalize="off" aria-describedby=(self.name("url-hint"));
                    p.help id=(self.name("url-hint")) { (l.say("rule-do-webhook-help")) }
                }
            },
            _ => html! {},
        }
    }

    /// By when something is to be done: which field says it, how long it may take, when time stands still.
    fn due(&self, offers: &Offers<'_>) -> Markup {
        let (l, share) = (self.l, self.typed.text("share"));
        let (within, hint) = (self.name("within"), self.name("within-hint"));
        html! {
            div.pair {
                (self.one("field", "rule-due-field", &offers.moments, None))
                (self.one("since", "rule-due-since", &offers.moments, Some(&l.say("rule-due-since-made"))))
            }
            div.field {
                label for=(within) { (l.say("rule-due-within")) }
                textarea id=(within) name=(within) rows="2" spellcheck="false" autocapitalize="off" autocomplete="off" data-names=(listed(CONDITION)) aria-describedby=(hint) { (self.typed.text("within")) }
                p.help id=(hint) { (l.say("rule-due-within-help")) " " code { r#"priority == "urgent" ? "PT2H" : "P1D""# } }
            }
            @if !offers.states.is_empty() { (self.several("stands_in", "rule-due-stands", &offers.states)) }
            div.pair {
                (self.one("warn", "rule-due-warn", &offers.moments, Some(&l.say("rule-nothing"))))
                div.field {
                    label for=(self.name("share")) { (l.say("rule-due-share")) }
                    input id=(self.name("share")) name=(self.name("share")) inputmode="numeric" value=(if share.is_empty() { "75" } else { share });
                }
            }
        }
    }

    /// The name and the id of one of its controls.
    fn name(&self, key: &str) -> String {
        format!("{}.{key}", steps::id(self.place))
    }

    fn one(&self, key: &str, label: &str, options: &[(String, String)], none: Option<&str>) -> Markup {
        select(&self.name(key), &self.l.say(label), self.typed.text(key), options, none)
    }

    /// How those are found who get something.
    fn share(&self) -> Markup {
        let shares = [("turns", "rule-share-turns"), ("load", "rule-share-load")];
        self.one("by", "rule-share", &shares.map(|(name, words)| (name.to_owned(), self.l.say(words))), None)
    }

    fn several(&self, key: &str, label: &str, options: &[(String, String)]) -> Markup {
        let (label, chosen) = (self.l.say(label), self.typed.all(key).collect::<Vec<_>>());
        html! {
            fieldset.field {
                legend { (label) }
                (ticks(&self.name(key), &label, &chosen, options))
            }
        }
    }

    fn tick(&self, key: &str, label: &str) -> Markup {
        html! { label.option { input type="checkbox" name=(self.name(key)) value="yes" checked[self.typed.has(key)]; (self.l.say(label)) } }
    }

    fn line(&self, key: &str, label: &str) -> Markup {
        html! {
            div.field {
                label for=(self.name(key)) { (self.l.say(label)) }
                input id=(self.name(key)) name=(self.name(key)) value=(self.typed.text(key)) spellcheck="false" autocapitalize="off" autocomplete="off" data-names=(listed(CONDITION));
            }
        }
    }

    /// A line that is no expression.
    fn plain(&self, key: &str, label: &str) -> Markup {
        html! {
            div.field {
                label for=(self.name(key)) { (self.l.say(label)) " " small { (self.l.say("optional")) } }
                input id=(self.name(key)) name=(self.name(key)) value=(self.typed.text(key)) maxlength="200" autocomplete="off";
            }
        }
    }

    /// A text in one language.
    fn words(&self, key: &str, label: &str) -> Markup {
        html! {
            div.field {
                label for=(self.name(key)) { (self.l.say(label)) }
                // A browser leaves out a line break that stands first.
                textarea id=(self.name(key)) name=(self.name(key)) rows="3" { "\n" (self.typed.text(key)) }
            }
        }
    }

    fn lines(&self, key: &str, label: &str, help: &str) -> Markup {
        let hint = self.name(&format!("{key}-hint"));
        html! {
            div.field {
                label for=(self.name(key)) { (self.l.say(label)) }
                textarea id=(self.name(key)) name=(self.name(key)) rows="3" spellcheck="false" autocapitalize="off" autocomplete="off" data-names=(listed(CONDITION)) aria-describedby=(hint) { (self.typed.text(key)) }
                p.help id=(hint) { (help) }
            }
        }
    }
}
