//! Forms over a module's fields: which of them people fill in, what stands in them, what was typed.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::field::{FieldType, SetBy};
use model::rights::Grant;
use model::{Currency, Field, Id, Locale, Module, Record};
use serde_json::{Map, Value as Json};
use store::{FieldError, Result, Work};

use super::control::soon::{self, Soon};
use super::control::{self, Control, is_typed};
use super::offers::{self, Offers};
use super::typed::Typed;
use super::{Lens, Words, icon};

/// One field of a form.
pub(crate) struct Input {
    pub(crate) field: Field,
    pub(crate) label: String,
    /// What stands in the control.
    pub(crate) text: String,
    pub(crate) error: Option<String>,
    pub(crate) required: bool,
    /// What is told below the control besides what is wrong with it.
    pub(crate) told: Option<Markup>,
    /// What it leads to, where it is a link.
    pub(super) links: Offers,
    /// Moments on offer beside the control.
    moments: Vec<Soon>,
}

impl Input {
    fn new(lens: &Lens, field: Field, text: String) -> Self {
        let label = if field.label == model::Label::default() {
            lens.locale.say_if(&format!("field-{}", field.name)).unwrap_or_else(|| field.name.clone())
        } else {
            lens.field_label(&field)
        };
        let required = field.required;
        Self { field, label, text, error: None, required, told: None, links: Offers::default(), moments: Vec::new() }
    }

    /// Label, control, help or error.
    pub(crate) fn row(&self, locale: Locale) -> Markup {
        if self.moments.is_empty() {
            return self.control(locale).row();
        }
        // A control that is not seen cannot be asked for by the browser.
        soon::row(&Control { required: false, ..self.control(locale) }, self.required, &self.moments)
    }

    /// Puts moments on offer beside the control of a date and time; it stands right behind the title of the record then.
    pub(crate) fn offer_soon(&mut self, lens: &Lens) {
        self.moments = soon::offers(lens);
    }

    /// The control alone.
    pub(crate) fn bare(&self, locale: Locale) -> Markup {
        self.control(locale).input()
    }

    fn control(&self, locale: Locale) -> Control<'_> {
        Control {
            locale,
            field: &self.field,
            name: &self.field.name,
            label: &self.label,
            text: &self.text,
            error: self.error.as_deref(),
            required: self.required,
            told: self.told.as_ref(),
            links: &self.links,
        }
    }
}

/// The controls of fields with the texts that stand in them. What else links may lead to is read for whole pages alone: a
/// part of a page is asked for by the script, which asks for that as well.
pub(crate) fn of(
    work: &mut Work<'_>,
    lens: &mut Lens,
    fields: impl IntoIterator<Item = (Field, String)>,
    is_part: bool,
) -> Result<Vec<Input>> {
    let mut inputs: Vec<Input> = fields.into_iter().map(|(field, text)| Input::new(lens, field, text)).collect();
    offers::name(work, lens, &mut inputs)?;
    if !is_part {
        offers::offer(work, lens, &mut inputs)?;
    }
    Ok(inputs)
}

/// Takes over what was typed.
pub(crate) fn type_in(work: &mut Work<'_>, inputs: &mut [Input], typed: &Typed, locale: Locale) -> Result<()> {
    for input in inputs.iter_mut() {
        input.text = control::typed_text(&input.field, &input.field.name, typed);
    }
    let mut lens = Lens::of(work, locale);
    offers::name(work, &mut lens, inputs)
}

/// The owner as a field.
pub(crate) fn owner() -> Field {
    Field::new("owner", FieldType::Person)
}

/// The fields of a module that people fill in by hand; `is_new` for those that are set at creation only.
pub(crate) fn filled_by_hand(work: &Work<'_>, module: &Module, grant: &Grant, is_new: bool) -> Vec<Field> {
    let governed = work.definitions().process(&module.name).map(|process| process.field.clone());
    let settable = |field: &&Field| match field.set_by {
        SetBy::Anyone => true,
        SetBy::Creation => is_new,
        SetBy::Process => false,
    };
    let open = |field: &&Field| {
        is_typed(field)
            && governed.as_deref() != Some(field.name.as_str())
            && !grant.hidden.contains(&field.name)
            && !grant.read_only.contains(&field.name)
    };
    let begins = work.definitions().process(&module.name).filter(|process| is_new && process.starts.is_empty());
    let asked = |field: Field| {
        let is_asked = begins.is_some_and(|process| field.required_at.contains(&process.initial));
        Field { required: field.required || is_asked, ..field }
    };
    let mut fields: Vec<Field> = module.fields.iter().filter(settable).filter(open).cloned().map(asked).collect();
    if module.owners {
        fields.push(owner());
    }
    fields
}

/// Whether the control of a field has room in a cell of a list.
pub(crate) fn fits_a_cell(field: &Field) -> bool {
    field.kind != FieldType::Json || control::is_code(field)
}

/// Names of fields group by group, with the heading of each; fields in none of the groups stand last.
pub(crate) fn grouped(module: &Module, locale: Locale) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> =
        module.groups.iter().map(|group| (group.label.get(locale).to_owned(), group.fields.clone())).collect();
    let system = module.owners.then(|| "owner".to_owned());
    let rest = module.fields.iter().map(|field| field.name.clone()).chain(system);
    let rest: Vec<String> = rest.filter(|name| !groups.iter().any(|(_, names)| names.contains(name))).collect();
    if !rest.is_empty() {
        groups.push((locale.say("other-fields"), rest));
    }
    groups
}

/// A form's rows under the headings of the module's groups.
pub(crate) fn rows(module: &Module, inputs: &[Input], locale: Locale) -> Markup {
    let of_group = |names: &[String]| -> Vec<&Input> {
        names.iter().filter_map(|name| inputs.iter().find(|input| input.field.name == *name)).collect()
    };
    let mut groups = grouped(module, locale);
    for input in inputs.iter().filter(|input| !input.moments.is_empty()) {
        lift(&mut groups, &module.title, &input.field.name);
    }
    html! {
        @for (label, names) in groups {
            @let shown = of_group(&names);
            @if !shown.is_empty() {
                @if inputs.len() > 4 { h2 { (label) } }
                @for input in shown { (input.row(locale)) }
            }
        }
    }
}

/// Moves a field behind the title of the record: it is asked for first.
fn lift(groups: &mut [(String, Vec<String>)], title: &str, name: &str) {
    groups.iter_mut().for_each(|(_, names)| names.retain(|other| other != name));
    let behind = |names: &Vec<String>| names.iter().position(|other| other == title).map(|place| place + 1);
    let place = groups.iter().enumerate().find_map(|(index, (_, names))| Some((index, behind(names)?)));
    let (index, place) = place.unwrap_or_default();
    if let Some((_, names)) = groups.get_mut(index) {
        names.insert(place, name.to_owned());
    }
}

/// What is wrong, above a form: each fault leads to its control, and the page begins here.
pub(crate) fn summary(inputs: &[Input], locale: Locale) -> Markup {
    let faults = || inputs.iter().filter_map(|input| Some((input, input.error.as_deref()?)));
    html! {
        @if faults().next().is_some() {
            div.note.bad role="alert" tabindex="-1" autofocus {
                (icon(assets::icon::CIRCLE_ALERT))
                div {
                    (locale.say("form-faults"))
                    @for (input, error) in faults() { br; a href=(format!("#{}", input.field.name)) { (input.label) } ": " (error) }
                }
            }
        }
    }
}

/// Says of controls that must not stay empty that they are: what cannot be read is refused before that is asked.
pub(crate) fn mark_missing(inputs: &mut [Input], locale: Locale) {
    let is_missing = |input: &&mut Input| {
        input.required && input.error.is_none() && input.text.is_empty() && input.field.default.is_none()
    };
    inputs.iter_mut().filter(is_missing).for_each(|input| input.error = Some(locale.say("error-required")));
}

/// What was typed into the controls of `fields`, in the form of the API. Needs no [`Input`]: what links may lead to is read
/// for drawing alone.
///
/// # Errors
/// [`store::Error::Invalid`] where a text that was to be JSON is none.
pub(crate) fn to_json(
    fields: &[Field],
    typed: &Typed,
    zone: &TimeZone,
    currency: Currency,
) -> store::Result<Map<String, Json>> {
    control::readable(fields, typed)?;
    let json = |field: &Field| (field.name.clone(), control::read(field, &field.name, typed, zone, currency));
    Ok(fields.iter().map(json).collect())
}

/// Puts errors beside the fields they speak of; answers those that belong to none.
pub(crate) fn place_errors(inputs: &mut [Input], errors: &[FieldError], locale: Locale) -> Vec<String> {
    let mut others = Vec::new();
    for error in errors {
        let name = error.field.split(['.', '[']).next().unwrap_or_default();
        match inputs.iter_mut().find(|input| input.field.name == name) {
            Some(input) => input.error = Some(locale.error(error)),
            // What they may not know of has no name here.
            None if name.is_empty() => others.push(locale.error(error)),
            None => others.push(format!("{}: {}", error.field, locale.error(error))),
        }
    }
    others
}

/// [`place_errors`] where a field of `module` that the form does not show is told by its label.
pub(crate) fn place_errors_of(
    module: &Module,
    inputs: &mut [Input],
    errors: &[FieldError],
    locale: Locale,
) -> Vec<String> {
    let named = |error: &FieldError| {
        let is_shown = inputs.iter().any(|input| input.field.name == error.field);
        let label = module.field(&error.field).map(|field| field.label.get(locale));
        let label = label.filter(|label| !is_shown && !label.is_empty());
        FieldError { field: label.map_or_else(|| error.field.clone(), str::to_owned), ..error.clone() }
    };
    let errors: Vec<FieldError> = errors.iter().map(named).collect();
    place_errors(inputs, &errors, locale)
}

/// The currency of amounts without one: the event's that a record belongs to, else the organisation's.
pub(crate) fn currency(work: &mut Work<'_>, event: Option<Id>) -> Currency {
    let of_event = event.and_then(|id| work.get("events", id).ok());
    let code = of_event.as_ref().and_then(|event: &Record| event.text("currency"));
    code.and_then(|code| Currency::parse(code).ok()).unwrap_or(work.settings().currency)
}
