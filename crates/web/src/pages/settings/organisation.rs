//! The organisation: its name, its defaults, how it is paid, its legal entities. The same service as the API's.

mod known;
mod wait;
mod working;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use model::Locale;
use model::requisites::LegalEntity;
use serde_json::{Map, Value as Json, json};
use store::{FieldError, Origin, Work};

use super::{ORGANISATION, frame, logo, tabs};
use crate::pages::start::sample;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::setup::organisation::{TERMS, apply, shown};
use crate::state::Web;
use crate::ui::shell::{self, Page};
use crate::ui::typed::Typed;
use crate::ui::{Below, Words, icon, note};

/// Texts of one line, in the order of the form; the flag says whether each is needed.
const LINES: [(&str, bool); 5] =
    [("name", true), ("time_zone", true), ("currency", true), ("sender", true), ("payment_wait", false)];
/// Whole numbers of the form, none of them needed.
const NUMBERS: [&str; 2] = ["prepayment_share", "price_asks"];
/// The same, of how long something is kept.
const KEPT: [&str; 2] = ["rule_runs_kept", "calls_kept"];
/// How long a letter can be taken back, and how many go in an hour.
const LETTERS: [&str; 2] = ["letter_wait", "letters_per_hour"];
/// What was picked as the colour, where it is not kept as one.
const PICKED: &str = "picked";
/// Legal entities that a form may hold.
const ENTITIES: usize = 50;

pub(super) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Markup, Problem> {
    drawn(&web, &visitor, None, &[]).await
}

/// Keeps what was typed, or says beside each field what is wrong with it.
pub(super) async fn change(State(web): State<Web>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    let map = read(&typed);
    let wanted = map.clone();
    let app = web.app.clone();
    let write = move |work: &mut Work<'_>| {
        let settings = work.change_settings(|settings| apply(settings, &wanted))?;
        app.issue_waiting_invoices(work, &settings)
    };
    match web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await {
        Ok(_) => Ok(Redirect::to(&format!("{ORGANISATION}?saved=true")).into_response()),
        Err(store::Error::Invalid(errors)) => {
            // What no setting has of what was typed.
            let mut shown = map;
            shown.insert(PICKED.to_owned(), json!(typed.text("accent")));
            shown.insert(wait::UNIT.to_owned(), json!(typed.text(wait::UNIT)));
            let page = drawn(&web, &visitor, Some(Json::Object(shown)), &errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The form in the form of the API. A legal entity of which nothing is written is none.
fn read(typed: &Typed) -> Map<String, Json> {
    let mut map = Map::new();
    for (name, is_needed) in LINES {
        let text = if name == wait::NAME { wait::read(typed) } else { typed.text(name).to_owned() };
        map.insert(name.to_owned(), if text.is_empty() && !is_needed { Json::Null } else { json!(text) });
    }
    map.insert("currency".to_owned(), json!(typed.text("currency").to_uppercase()));
    map.insert("locale".to_owned(), json!(typed.text("locale")));
    let terms = typed.text("payment_terms");
    map.insert("payment_terms".to_owned(), if terms.is_empty() { Json::Null } else { json!(terms) });
    for name in NUMBERS.into_iter().chain(KEPT).chain(LETTERS) {
        let text = typed.text(name);
        let number = text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number));
        map.insert(name.to_owned(), if text.is_empty() { Json::Null } else { number });
    }
    let instructions = typed.get("payment_instructions").unwrap_or_default().replace("\r\n", "\n");
    map.insert("payment_instructions".to_owned(), json!(instructions.trim()));
    let entity = |index: usize| {
        let text = |name: &&str| ((*name).to_owned(), json!(typed.text(&control("legal_entities", index, name))));
        LegalEntity::FIELDS.iter().map(text).collect::<Map<_, _>>()
    };
    let is_written = |entity: &Map<String, Json>| entity.values().any(|text| text.as_str() != Some(""));
    let entities: Vec<_> = (0..ENTITIES).map(entity).filter(is_written).collect();
    map.insert("legal_entities".to_owned(), json!(entities));
    if let Some(working) = working::read(typed) {
        map.insert(working::NAME.to_owned(), working);
    }
    if typed.has("accent") {
        let accent = if typed.has("has_accent") { json!(typed.text("accent")) } else { Json::Null };
        map.insert("accent".to_owned(), accent);
    }
    map
}

fn control(list: &str, index: usize, name: &str) -> String {
    format!("{list}.{index}.{name}")
}

pub(super) async fn drawn(
    web: &Web,
    visitor: &Visitor,
    typed: Option<Json>,
    errors: &[FieldError],
) -> Result<Markup, Problem> {
    let frame = frame(web, visitor).await?;
    let has_sample = web.app.workspace().read(visitor.actor(), sample::offers_removal).await?;
    let l = frame.locale;
    let values = typed.unwrap_or_else(|| shown(&web.app.workspace().knowledge().settings, true));
    let form = Form { l, values: &values, errors };
    let title = l.say("settings-organisation");
    let is_saved = errors.is_empty() && visitor.here.ends_with("saved=true");
    let content = html! {
        header.top { h1 { (title) } }
        (tabs(l, ORGANISATION))
        div.page.narrow {
            @if is_saved { (note::good(&l.say("saved"))) }
            @if has_sample { (sample::bar(l)) }
            form.form method="post" action=(ORGANISATION) id="organisation" data-guard novalidate {
                @if errors.iter().any(|error| error.field != "logo") { (note::bad(&l.say("form-faults"))) }
                (form.all())
                footer.actions { button.btn.main-action { (l.say("save")) } }
            }
            (logo::section(&frame.brand, errors, l))
        }
    };
    Ok(shell::page(&frame, &Page { title: &title, at: ORGANISATION, content }))
}

/// What the form is drawn from.
struct Form<'a> {
    l: Locale,
    values: &'a Json,
    errors: &'a [FieldError],
}

impl Form<'_> {
    fn all(&self) -> Markup {
        let l = self.l;
        let entities = self.values.get("legal_entities").and_then(Json::as_array).map_or(0, Vec::len);
        let instructions = self.below("payment_instructions", "payment_instructions");
        html! {
            (self.line("name", "organization", None))
            fieldset.field {
                legend { (l.say("set-up-language")) }
                div.options {
                    @for (language, key) in [(Locale::Ru, "language-ru"), (Locale::En, "language-en")] {
                        label.option { input type="radio" name="locale" value=(language.tag()) checked[self.text("locale") == language.tag()]; (l.say(key)) }
                    }
                }
            }
            div.pair { (self.line("time_zone", "off", Some("zones"))) (self.currency()) }
            (known::zones(l, "zones"))
            (self.accent())
            h2 { (l.say("organisation-orders")) }
            div.pair { (self.line("sender", "off", None)) (self.wait()) }
            div.pair { @for name in LETTERS { (self.number(name)) } }
            (self.terms())
            div.field {
                label for="payment_instructions" { (l.say("organisation-payment-instructions")) }
                textarea id="payment_instructions" name="payment_instructions" aria-invalid=[instructions.invalid()] aria-describedby=[instructions.described()] { (self.text("payment_instructions")) }
                (instructions)
            }
            (self.working())
            h2 { (l.say("organisation-kept")) }
            div.pair { @for name in KEPT { (self.number(name)) } }
            @for index in 0..=entities.min(ENTITIES - 1) { (self.entity(index, index == entities)) }
        }
    }

    fn currency(&self) -> Markup {
        let (l, below) = (self.l, self.below("currency", "currency"));
        html! {
            div.field {
                label for="currency" { (l.say("organisation-currency")) }
                select id="currency" name="currency" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                    (known::currencies(l, self.text("currency")))
                }
                (below)
            }
        }
    }

    fn wait(&self) -> Markup {
        let fault = self.error(wait::NAME).map(|_| self.l.say("organisation-wait-wrong").into());
        let below = Below { fault, ..self.below(wait::NAME, wait::NAME) };
        wait::controls(self.l, self.text(wait::NAME), self.text(wait::UNIT), &below)
    }

    fn working(&self) -> Markup {
        let is_it = |error: &&FieldError| error.field.split('.').next() == Some(working::NAME);
        let fault = self.errors.iter().find(is_it).map(|error| self.l.error(error));
        working::controls(self.l, self.values.get(working::NAME).unwrap_or(&Json::Null), fault.as_deref())
    }

    /// What holds for organisations that say nothing else.
    fn terms(&self) -> Markup {
        let (l, below) = (self.l, self.below("payment_terms", "payment_terms"));
        html! {
            div.field {
                label for="payment_terms" { (l.say("organisation-payment-terms")) }
                select id="payment_terms" name="payment_terms" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                    option value="" { (l.say("organisation-terms-default")) }
                    @for name in TERMS { option value=(name) selected[self.text("payment_terms") == name] { (l.say(&format!("organisation-terms-{name}"))) } }
                }
                (below)
            }
            div.pair { @for name in NUMBERS { (self.number(name)) } }
        }
    }

    fn number(&self, name: &str) -> Markup {
        let below = self.below(name, name);
        let value = match self.values.get(name) {
            Some(Json::String(text)) => text.clone(),
            Some(Json::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        html! {
            div.field {
                label for=(name) { (self.l.say(&format!("organisation-{}", name.replace('_', "-")))) }
                input id=(name) name=(name) value=(value) inputmode="numeric" autocomplete="off" aria-invalid=[below.invalid()] aria-describedby=[below.described()];
                (below)
            }
        }
    }

    /// A colour of one's own, if it is wanted.
    fn accent(&self) -> Markup {
        let (l, accent, below) = (self.l, self.text("accent"), self.below("accent", "accent"));
        let well =
            [accent, self.text(PICKED), "#3d55cc"].into_iter().find(|colour| !colour.is_empty()).unwrap_or_default();
        html! {
            fieldset.field {
                legend { (l.say("organisation-accent")) }
                label.option { input type="checkbox" name="has_accent" value="on" checked[!accent.is_empty()]; (l.say("organisation-has-accent")) }
                input.colour type="color" id="accent" name="accent" value=(well) data-ticks="has_accent" aria-label=(l.say("organisation-accent"))
                    aria-invalid=[below.invalid()] aria-describedby=[below.described()];
                (below)
            }
        }
    }

    /// One legal entity; the last, which is new, is folded.
    fn entity(&self, index: usize, is_new: bool) -> Markup {
        let is_wrong = self.errors.iter().any(|error| error.field.starts_with(&format!("legal_entities[{index}]")));
        let inputs = html! {
            div.form {
                @for names in LegalEntity::FIELDS.chunks(2) {
                    div.pair { @for name in names { (self.requisite(index, name)) } }
                }
            }
        };
        html! {
            @if is_new {
                details open[is_wrong] { summary.btn { (icon(assets::icon::PLUS)) (self.l.say("organisation-new-entity")) } (inputs) }
            } @else {
                h2 { (self.l.say("organisation-entity")) }
                (inputs)
            }
        }
    }

    fn requisite(&self, index: usize, name: &str) -> Markup {
        let (id, path) = (control("legal_entities", index, name), format!("legal_entities[{index}].{name}"));
        let entity = self.values.get("legal_entities").and_then(|entities| entities.get(index));
        let value = entity.and_then(|entity| entity.get(name)).and_then(Json::as_str).unwrap_or_default();
        let below = self.below(&id, &path);
        html! {
            div.field {
                label for=(id) { (self.l.say(&format!("entity-{name}"))) }
                input id=(id) name=(id) value=(value) autocomplete="off" aria-invalid=[below.invalid()] aria-describedby=[below.described()];
                (below)
            }
        }
    }

    fn line(&self, name: &str, auto: &str, list: Option<&str>) -> Markup {
        let label = self.l.say(&format!("organisation-{}", name.replace('_', "-")));
        let below = self.below(name, name);
        html! {
            div.field {
                label for=(name) { (label) }
                input id=(name) name=(name) value=(self.text(name)) autocomplete=(auto) list=[list]
                    aria-invalid=[below.invalid()] aria-describedby=[below.described()];
                (below)
            }
        }
    }

    fn text(&self, name: &str) -> &str {
        self.values.get(name).and_then(Json::as_str).unwrap_or_default()
    }

    fn error(&self, path: &str) -> Option<String> {
        self.errors.iter().find(|error| error.field == path).map(|error| self.l.error(error))
    }

    fn help(&self, name: &str) -> Option<String> {
        self.l.say_if(&format!("organisation-help-{}", name.replace('_', "-")))
    }

    /// What stands under a control: what is wrong with it, else what it is for.
    fn below<'a>(&self, id: &'a str, path: &str) -> Below<'a> {
        Below { id, fault: self.error(path).map(Into::into), help: self.help(path).map(Into::into) }
    }
}
