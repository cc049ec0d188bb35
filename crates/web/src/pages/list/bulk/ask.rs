//! What an act on many records asks before it is done: a dialog over the list where htmx asks, else a page.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::field::FieldType;
use model::process::By;
use model::rights::Scope;
use model::{Field, Id, Locale, Module};
use store::{Error, FieldError, Result, Work};

use super::super::query::Query;
use super::super::saved;
use super::deed::{Deed, Outcome, Picked, What};
use super::{PICK, at_once};
use crate::pages::errors::sentence;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::ui::frame::Frame;
use crate::ui::inputs::{self, Input};
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::typed::{self, Typed};
use crate::ui::{Lens, Words, note};

/// What comes next.
pub(super) enum Step {
    Ask(Box<Ask>),
    /// The act, and the list that it came from.
    Do(Box<Deed>, String),
}

/// What is asked.
pub(super) struct Ask {
    frame: Frame,
    module: Arc<Module>,
    title: String,
    /// What stands above the form.
    says: String,
    /// What the form carries along.
    kept: Vec<(String, String)>,
    choice: Option<Choice>,
    inputs: Vec<Input>,
    faults: Vec<String>,
    /// What the button says; nothing where there is nothing to be done.
    button: Option<String>,
    /// Whether the form does it, or asks on.
    is_last: bool,
    /// The list that it came from.
    back: String,
}

/// One of several.
struct Choice {
    /// Its name in the form.
    name: &'static str,
    label: String,
    /// Values and what they are called.
    options: Vec<(String, String)>,
}

/// A form of the bar, or of a question before.
struct Asked<'a> {
    visitor: &'a Visitor,
    module: Arc<Module>,
    query: Query,
    form: &'a Typed,
}

/// What is to be asked, or done.
pub(super) fn step(work: &mut Work<'_>, visitor: &Visitor, module: &str, form: &Typed) -> Result<Step> {
    let asked = Asked::read(work, visitor, module, form)?;
    let is_sure = form.has("bulk.sure");
    let picked = asked.picked();
    let count = asked.count(work, &picked)?;
    let most = at_once(&asked.module);
    if count == 0 || count > most {
        let key = if count == 0 { "bulk-nothing" } else { "bulk-too-many" };
        let ask = asked.ask(work, "bulk-title", visitor.locale.say_with(key, &[("count", most.into())]))?;
        return Ok(Step::Ask(Box::new(ask)));
    }
    let says = visitor.locale.say_with("bulk-count", &[("count", count.into())]);
    let what = match form.text("bulk.do") {
        "delete" | "restore" if form.has("bulk.all") && !is_sure => {
            let is_delete = form.text("bulk.do") == "delete";
            let title = if is_delete { "to-bin" } else { "restore" };
            let mut ask = asked.ask(work, title, says)?;
            ask.button = Some(visitor.locale.say(title));
            ask.is_last = true;
            return Ok(Step::Ask(Box::new(ask)));
        }
        "delete" => What::Delete,
        "restore" => What::Restore,
        "move" => match asked.move_of(work)? {
            Some((name, fields)) if fields.is_empty() || is_sure => What::Move(name, fields, form.clone()),
            _ => return Ok(Step::Ask(Box::new(asked.question(work, says)?))),
        },
        _ => match asked.field(work) {
            Some(field) if is_sure && empties(&field, form) && !form.has("bulk.clear") => {
                return Ok(Step::Ask(Box::new(asked.clearing(work, &field, count)?)));
            }
            Some(field) if is_sure => What::Set(Box::new(field), form.clone()),
            _ => return Ok(Step::Ask(Box::new(asked.question(work, says)?))),
        },
    };
    let list = asked.query.address(&asked.module.name);
    Ok(Step::Do(
        Box::new(Deed { module: asked.module.clone(), what, to: picked, count: usize::try_from(count).unwrap_or(0) }),
        list,
    ))
}

/// Whether nothing was typed for a field. An empty box to tick says no, which is something.
fn empties(field: &Field, form: &Typed) -> bool {
    field.kind != FieldType::Checkbox && form.all(&field.name).all(|text| text.trim().is_empty())
}

/// The last question again, with what was typed; nothing where nothing is typed for the act.
pub(super) fn again(work: &mut Work<'_>, visitor: &Visitor, module: &str, form: &Typed) -> Result<Option<Box<Ask>>> {
    let asked = Asked::read(work, visitor, module, form)?;
    let count = asked.count(work, &asked.picked())?;
    let mut ask = asked.question(work, visitor.locale.say_with("bulk-count", &[("count", count.into())]))?;
    inputs::type_in(work, &mut ask.inputs, form, visitor.locale)?;
    Ok((!ask.inputs.is_empty()).then(|| Box::new(ask)))
}

/// What was done and what was not.
pub(super) fn told(work: &mut Work<'_>, visitor: &Visitor, outcome: &Outcome, list: &str) -> Result<Box<Ask>> {
    let l = visitor.locale;
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let counts = [("done", number(outcome.done).into()), ("failed", number(outcome.refused).into())];
    let fault = |(title, error): &(String, Error)| format!("{title}: {}", why(l, error));
    let stopped = outcome.stopped.then(|| l.say("bulk-stopped")).into_iter();
    let broken = outcome.broken.iter().map(|error| l.say_with("bulk-broken", &[("why", why(l, error).into())]));
    let module = list.trim_start_matches('/').split(['?', '/']).next().unwrap_or_default();
    Ok(Box::new(Ask {
        frame: Frame::unless_partial(work, visitor)?,
        module: work.module(module)?,
        title: l.say("bulk-partly"),
        says: l.say_with("bulk-partly-text", &counts),
        kept: Vec::new(),
        choice: None,
        inputs: Vec::new(),
        faults: stopped.chain(broken).chain(outcome.failed.iter().map(fault)).collect(),
        button: None,
        is_last: false,
        back: list.to_owned(),
    }))
}

fn why(l: Locale, error: &Error) -> String {
    sentence(l, &Problem::from(error.clone()))
}

impl<'a> Asked<'a> {
    fn read(work: &mut Work<'_>, visitor: &'a Visitor, module: &str, form: &'a Typed) -> Result<Self> {
        let module = work.module(module)?;
        if work.grant(&module).read == Scope::None {
            return Err(Error::NoModule(module.name.clone()));
        }
        let list = typed::read(form.text("bulk.in").as_bytes()).unwrap_or_default();
        let view = saved::asked(work, &module, list.text("view"))?;
        Ok(Self { visitor, query: Query::read(&list, view.as_ref()), module, form })
    }

    fn picked(&self) -> Picked {
        if self.form.has("bulk.all") {
            return Picked::Found(Box::new(self.query.clone()));
        }
        let mut ids: Vec<Id> = self.form.all(PICK).filter_map(|id| id.parse().ok()).collect();
        ids.sort_unstable();
        ids.dedup();
        Picked::These(ids)
    }

    fn count(&self, work: &mut Work<'_>, picked: &Picked) -> Result<i64> {
        match picked {
            Picked::These(ids) => Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX)),
            Picked::Found(query) => {
                let list = query.list(work, &self.module, 1)?;
                work.count(&self.module.name, &list, Some(at_once(&self.module)))
            }
        }
    }

    /// The fields that can be set in many records at once: what no two records share is left out.
    fn fields(&self, work: &Work<'_>) -> Vec<Field> {
        let fields = inputs::filled_by_hand(work, &self.module, &work.grant(&self.module), false);
        fields.into_iter().filter(|field| field.kind != FieldType::Json && !field.unique).collect()
    }

    fn field(&self, work: &Work<'_>) -> Option<Field> {
        let name = if self.form.text("bulk.do") == "owner" { "owner" } else { self.form.text("bulk.field") };
        self.fields(work).into_iter().find(|field| field.name == name)
    }

    /// The moves that somebody presses, each once.
    fn moves(&self, work: &Work<'_>) -> Vec<(String, String)> {
        let mut moves: Vec<(String, String)> = Vec::new();
        if let Some(process) = work.definitions().process(&self.module.name) {
            for step in process.transitions.iter().filter(|step| step.by != By::Process) {
                if !moves.iter().any(|(name, _)| *name == step.name) {
                    moves.push((step.name.clone(), step.label.get(self.visitor.locale).to_owned()));
                }
            }
        }
        moves
    }

    /// The move that was chosen, with the fields that it asks for.
    fn move_of(&self, work: &Work<'_>) -> Result<Option<(String, Vec<Field>)>> {
        let (name, grant) = (self.form.text("bulk.move"), work.grant(&self.module));
        let Some(process) = work.definitions().process(&self.module.name) else { return Ok(None) };
        let mut steps =
            process.transitions.iter().filter(|step| step.name == name && step.by != By::Process).peekable();
        if steps.peek().is_none() {
            return Ok(None);
        }
        let mut fields: Vec<Field> = Vec::new();
        for name in steps.flat_map(|step| &step.asks) {
            let is_new = fields.iter().all(|known| known.name != *name) && !grant.hidden.contains(name);
            fields.extend(self.module.field(name).filter(|_| is_new).cloned());
        }
        Ok(Some((name.to_owned(), fields)))
    }

    /// The question that stands next.
    fn question(&self, work: &mut Work<'_>, says: String) -> Result<Ask> {
        let (l, mut lens) = (self.visitor.locale, Lens::of(work, self.visitor.locale));
        if self.form.text("bulk.do") == "move" {
            let mut ask = self.ask(work, "bulk-move", says)?;
            let moves = self.moves(work);
            let label = |name: &str| moves.iter().find(|(known, _)| known == name).map(|(_, label)| label.clone());
            match self.move_of(work)? {
                Some((name, fields)) => {
                    ask.title = label(&name).unwrap_or(ask.title);
                    ask.inputs = self.inputs(work, &mut lens, fields)?;
                    // A record that has it already keeps it where nothing is typed.
                    ask.inputs.iter_mut().for_each(|input| input.required = false);
                    ask.says = format!("{} {}", ask.says, l.say("bulk-asks"));
                    ask.kept.push(("bulk.move".to_owned(), name));
                    ask.is_last = true;
                }
                None => {
                    ask.choice = Some(Choice { name: "bulk.move", label: l.say("bulk-which-move"), options: moves });
                }
            }
            ask.button = Some(l.say(if ask.is_last { "apply" } else { "next" }));
            return Ok(ask);
        }
        let key = if self.form.text("bulk.do") == "owner" { "bulk-owner" } else { "bulk-set" };
        let mut ask = self.ask(work, key, says)?;
        match self.field(work) {
            Some(field) => {
                ask.kept.push(("bulk.field".to_owned(), field.name.clone()));
                ask.inputs = self.inputs(work, &mut lens, vec![field])?;
                ask.is_last = true;
            }
            None => {
                let fields = self.fields(work).into_iter().filter(|field| field.name != "owner");
                let named = |field: Field| (field.name.clone(), lens.label(&self.module, &field.name));
                let (label, options) = (l.say("filter-field"), fields.map(named).collect());
                ask.choice = Some(Choice { name: "bulk.field", label, options });
            }
        }
        ask.button = Some(l.say(if ask.is_last { "apply" } else { "next" }));
        Ok(ask)
    }

    /// Whether a field is really to be emptied: a box that was passed over looks the same.
    fn clearing(&self, work: &mut Work<'_>, field: &Field, count: i64) -> Result<Ask> {
        let l = self.visitor.locale;
        let name = Lens::of(work, l).label(&self.module, &field.name);
        let says = l.say_with("bulk-clears", &[("name", name.into()), ("count", count.into())]);
        let mut ask = self.ask(work, if field.name == "owner" { "bulk-owner" } else { "bulk-set" }, says)?;
        for (name, value) in [("bulk.field", field.name.as_str()), ("bulk.clear", "true"), (&field.name, "")] {
            ask.kept.push((name.to_owned(), value.to_owned()));
        }
        ask.is_last = true;
        ask.button = Some(l.say("bulk-clear"));
        Ok(ask)
    }

    fn inputs(&self, work: &mut Work<'_>, lens: &mut Lens, fields: Vec<Field>) -> Result<Vec<Input>> {
        inputs::of(work, lens, fields.into_iter().map(|field| (field, String::new())), self.visitor.partial)
    }

    fn ask(&self, work: &mut Work<'_>, title: &str, says: String) -> Result<Ask> {
        let carried = ["bulk.in", "bulk.do", "bulk.all"].into_iter();
        let mut kept: Vec<(String, String)> = carried
            .filter(|name| self.form.has(name))
            .map(|name| (name.to_owned(), self.form.text(name).to_owned()))
            .collect();
        if !self.form.has("bulk.all") {
            kept.extend(self.form.all(PICK).map(|id| (PICK.to_owned(), id.to_owned())));
        }
        Ok(Ask {
            frame: Frame::unless_partial(work, self.visitor)?,
            module: self.module.clone(),
            title: self.visitor.locale.say(title),
            says,
            kept,
            choice: None,
            inputs: Vec::new(),
            faults: Vec::new(),
            button: None,
            is_last: false,
            back: self.query.address(&self.module.name),
        })
    }
}

impl Ask {
    /// Puts what is wrong beside what was typed.
    pub(super) fn refused(&mut self, errors: &[FieldError], locale: Locale) {
        self.faults = inputs::place_errors(&mut self.inputs, errors, locale);
    }

    pub(super) fn answer(&self, status: StatusCode, partial: bool) -> Response {
        let (l, list) = (self.frame.locale, format!("/{}", self.module.name));
        let sheet = Sheet {
            frame: &self.frame,
            partial,
            id: "bulk-act",
            heading: &self.title,
            title: &self.title,
            crumbs: &[(&list, self.module.label.get(l))],
        };
        let form = Form {
            kind: Kind::Question { leads_on: !self.is_last && self.button.is_some() },
            action: &format!("{list}/bulk"),
            rows: self.body(),
            button: self.button.as_deref(),
            back: (&self.back, &l.say("back")),
        };
        (status, sheet.form(&form)).into_response()
    }

    fn body(&self) -> Markup {
        let l = self.frame.locale;
        html! {
            p { (self.says) }
            @for fault in &self.faults { (note::bad(fault)) }
            @for (name, value) in &self.kept { input type="hidden" name=(name) value=(value); }
            @if self.is_last { input type="hidden" name="bulk.sure" value="true"; }
            @if let Some(choice) = &self.choice {
                div.field {
                    label for="bulk-choice" { (choice.label) }
                    select id="bulk-choice" name=(choice.name) {
                        @for (value, label) in &choice.options { option value=(value) { (label) } }
                    }
                }
            }
            @for input in &self.inputs { (input.row(l)) }
        }
    }
}
