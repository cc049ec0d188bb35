//! The control of a question, by its kind.

use maud::{Markup, html};
use model::survey::{Column, Kind, Question};
use model::{ChoiceOption, Locale};

use super::form::{ADD, ASKED, Form, control, taken_away};
use crate::ui::{Words, icon, note};
use crate::uploads::FILE;

/// A question with what was typed and what is wrong.
pub(in crate::pages::public) fn question(form: &Form, question: &Question, l: Locale) -> Markup {
    let line = Line { form, question, l, name: control(&question.key) };
    html! {
        input type="hidden" name=(ASKED) value=(question.key);
        @match question.kind {
            Kind::Text => (line.input("text", None)),
            Kind::Email => (line.input("email", Some("email"))),
            Kind::Phone => (line.input("tel", Some("tel"))),
            Kind::Date => (line.input("date", None)),
            Kind::Number => (line.input("number", None)),
            Kind::LongText => (line.long_text()),
            Kind::YesNo => (line.choices(&yes_no(l), "radio", "options row")),
            Kind::One => (line.choices(&line.options(), "radio", "options")),
            Kind::Several => (line.choices(&line.options(), "checkbox", "options")),
            Kind::Ranking => (line.ranking()),
            Kind::Scale => (line.scale(0..=10)),
            Kind::Stars => (line.scale(1..=5)),
            Kind::Matrix => (line.matrix()),
            Kind::Lines => (line.lines()),
            Kind::File => (line.file()),
        }
    }
}

fn yes_no(l: Locale) -> Vec<(String, String)> {
    vec![("yes".to_owned(), l.say("survey-yes")), ("no".to_owned(), l.say("survey-no"))]
}

struct Line<'a> {
    form: &'a Form,
    question: &'a Question,
    l: Locale,
    name: String,
}

impl Line<'_> {
    fn label(&self) -> Markup {
        html! {
            (self.question.label.or(self.l, &self.question.key))
            @if !self.question.required { " " small { (self.l.say("optional")) } }
        }
    }

    fn help(&self) -> Markup {
        html! { @if let Some(help) = &self.question.help { p.help id=(format!("{}-help", self.name)) { (help.get(self.l)) } } }
    }

    fn error(&self) -> Option<&String> {
        self.form.errors.get(&self.name)
    }

    fn below(&self) -> Markup {
        html! { @if let Some(error) = self.error() { (note::of_field(&self.name, error)) } }
    }

    /// What the control is described by.
    fn described(&self) -> Option<String> {
        let help = self.question.help.as_ref().map(|_| format!("{}-help", self.name));
        let error = self.error().map(|_| format!("{}-error", self.name));
        let ids: Vec<String> = help.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error().map(|_| "true")
    }

    fn input(&self, kind: &str, auto: Option<&str>) -> Markup {
        html! {
            div.field {
                label for=(self.name) { (self.label()) }
                input id=(self.name) name=(self.name) type=(kind) autocomplete=[auto] required[self.question.required]
                    min=[self.question.min] max=[self.question.max] value=(self.form.typed.text(&self.name))
                    aria-invalid=[self.invalid()] aria-describedby=[self.described()];
                (self.help()) (self.below())
            }
        }
    }

    fn long_text(&self) -> Markup {
        html! {
            div.field {
                label for=(self.name) { (self.label()) }
                textarea id=(self.name) name=(self.name) rows="4" required[self.question.required]
                    aria-invalid=[self.invalid()] aria-describedby=[self.described()] { (self.form.typed.text(&self.name)) }
                (self.help()) (self.below())
            }
        }
    }

    fn options(&self) -> Vec<(String, String)> {
        worded(&self.question.options, self.l)
    }

    fn group(&self, inner: &Markup) -> Markup {
        html! {
            fieldset.field id=(self.name) aria-describedby=[self.described()] {
                legend { (self.label()) }
                (self.help())
                (inner)
                (self.below())
            }
        }
    }

    fn choices(&self, options: &[(String, String)], kind: &str, class: &str) -> Markup {
        self.group(&html! { div class=(class) { (self.ticks(&self.name, options, kind)) } })
    }

    fn ticks(&self, name: &str, options: &[(String, String)], kind: &str) -> Markup {
        html! {
            @for (value, words) in options {
                label.option {
                    input type=(kind) name=(name) value=(value) checked[self.form.typed.all(name).any(|it| it == value)];
                    (words)
                }
            }
        }
    }

    fn scale(&self, numbers: std::ops::RangeInclusive<i64>) -> Markup {
        let is_scale = self.question.kind == Kind::Scale;
        let numbers: Vec<_> = numbers.map(|number| (number.to_string(), number.to_string())).collect();
        self.group(&html! {
            div.options.scale { (self.ticks(&self.name, &numbers, "radio")) }
            @if is_scale { p.help.ends-of-scale { span { (self.l.say("survey-scale-least")) } span { (self.l.say("survey-scale-most")) } } }
        })
    }

    /// A place for each option: chosen by its number, so that it needs no script.
    fn ranking(&self) -> Markup {
        let places = 1..=self.question.options.len();
        self.group(&html! {
            p.help { (self.l.say("survey-ranking-help")) }
            @for option in &self.question.options {
                @let name = format!("{}.{}", self.name, option.value);
                div.field.ranked {
                    label for=(name) { (option.label.or(self.l, &option.value)) }
                    select id=(name) name=(name) required[self.question.required] aria-invalid=[self.invalid()] {
                        option value="" { "—" }
                        @for place in places.clone() { option value=(place) selected[self.form.typed.text(&name) == place.to_string()] { (place) } }
                    }
                }
            }
        })
    }

    fn matrix(&self) -> Markup {
        let options = self.options();
        self.group(&html! {
            @for row in &self.question.rows {
                @let name = format!("{}.{}", self.name, row.value);
                fieldset.field id=(name) {
                    legend { (row.label.or(self.l, &row.value)) }
                    div.options.row { (self.ticks(&name, &options, "radio")) }
                    @if let Some(error) = self.form.errors.get(&name) { (note::of_field(&name, error)) }
                }
            }
        })
    }

    fn lines(&self) -> Markup {
        let count = self.form.lines(&self.question.key);
        self.group(&html! {
            input type="hidden" name=(format!("{}.lines", self.name)) value=(count);
            @for line in 0..count {
                div.pair {
                    @for column in &self.question.columns { (self.cell(line, column)) }
                }
            }
            @if count < model::survey::LINES_LIMIT {
                button.btn.quiet name=(ADD) value=(self.question.key) formnovalidate { (icon(assets::icon::PLUS)) (self.l.say("survey-add-line")) }
            }
        })
    }

    /// A file, and the one that was sent before.
    fn file(&self) -> Markup {
        let (key, l) = (&self.question.key, self.l);
        let held = self.form.files.get(key);
        html! {
            div.field {
                label for=(self.name) { (self.label()) }
                @if let Some(name) = held {
                    input type="hidden" name=(self.name) value=(self.form.typed.text(&self.name));
                    p.help { (l.say_with("survey-file-sent", &[("name", name.as_str().into())])) }
                    @if !self.question.required {
                        label.option { input type="checkbox" name=(taken_away(key)) value="yes"; (l.say("survey-file-remove")) }
                    }
                }
                input id=(self.name) name=(format!("{FILE}{key}")) type="file" required[self.question.required && held.is_none()]
                    aria-invalid=[self.invalid()] aria-describedby=[self.described()];
                p.help { (l.say(if held.is_some() { "survey-file-other" } else { "survey-file-most" })) }
                (self.help()) (self.below())
            }
        }
    }

    fn cell(&self, line: usize, column: &Column) -> Markup {
        let name = format!("{}.{line}.{}", self.name, column.key);
        let text = self.form.typed.text(&name);
        let error = self.form.errors.get(&name);
        let (invalid, described) = (error.map(|_| "true"), error.map(|_| format!("{name}-error")));
        html! {
            div.field {
                label for=(name) { (column.label.or(self.l, &column.key)) }
                @if column.kind == Kind::One {
                    select id=(name) name=(name) aria-invalid=[invalid] aria-describedby=[described] {
                        option value="" {}
                        @for (value, words) in worded(&column.options, self.l) { option value=(value) selected[text == value] { (words) } }
                    }
                } @else {
                    input id=(name) name=(name) type=(if column.kind == Kind::Number { "number" } else { "text" }) min=[column.min] max=[column.max]
                        value=(text) aria-invalid=[invalid] aria-describedby=[described];
                }
                @if let Some(error) = error { (note::of_field(&name, error)) }
            }
        }
    }
}

fn worded(options: &[ChoiceOption], l: Locale) -> Vec<(String, String)> {
    options.iter().map(|option| (option.value.clone(), option.label.or(l, &option.value).to_owned())).collect()
}
