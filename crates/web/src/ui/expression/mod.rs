//! An expression as it is written in a form: its control, what may be named in it, and where it is wrong. The script offers
//! the names while one types; without it they stand folded beside the control.

mod fault;
mod names;

use maud::{Markup, Render, html};
use model::Locale;

pub(crate) use self::fault::Fault;
pub(crate) use self::names::Names;

use super::{Words, note};

/// Where the names come from that may stand in it.
#[derive(Clone, Copy)]
pub(crate) enum Offered<'a> {
    /// They stand beside the control.
    Here(&'a Names<'a>),
    /// They are fetched from an address once they are wanted, so that the page stays small.
    At(&'a str),
    /// The same; the module in the address is what a control of the form says in front of its dot.
    By {
        /// The address, with `{module}` in it.
        address: &'a str,
        /// The name of the control.
        control: &'a str,
        /// What stands there now, where the page knows it.
        now: Option<&'a Names<'a>>,
    },
}

/// A control in which an expression is written.
pub(crate) struct Expression<'a> {
    pub(crate) l: Locale,
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) label: Markup,
    pub(crate) text: &'a str,
    pub(crate) required: bool,
    pub(crate) help: Option<String>,
    pub(crate) fault: Option<&'a Fault>,
    /// Whether the page is about it, so that one writes there at once.
    pub(crate) focused: bool,
    pub(crate) offered: Offered<'a>,
}

impl<'a> Expression<'a> {
    /// A control that is called as its field, with nothing to be told of it.
    pub(crate) fn new(l: Locale, id: &'a str, text: &'a str, offered: Offered<'a>) -> Self {
        let label = html! {};
        Self { l, id, name: id, label, text, required: false, help: None, fault: None, focused: false, offered }
    }

    fn described(&self) -> Option<String> {
        match (self.fault, &self.help) {
            (Some(_), _) => Some(format!("{}-error", self.id)),
            (None, Some(_)) => Some(format!("{}-help", self.id)),
            (None, None) => None,
        }
    }

    /// What may be named, folded.
    fn names(&self) -> Markup {
        let l = self.l;
        let (from, by, inside) = match self.offered {
            Offered::Here(names) => (None, None, Some(names.list())),
            Offered::At(address) => (Some(address), None, None),
            Offered::By { address, control, now } => (Some(address), Some(control), now.map(Names::list)),
        };
        // A module that the form says must be known before its names can be.
        let way = from.filter(|_| by.is_none() && inside.is_none());
        html! {
            details.names id=(listed(self.id)) data-from=[from] data-by=[by] {
                summary.link { (l.say("names-summary")) }
                div.inside tabindex="0" role="group" aria-label=(l.say("names-summary")) {
                    @if let Some(list) = inside { (list) }
                    @if let Some(address) = way { a.link href=(address) target="_blank" { (l.say("names-open")) } }
                    @if by.is_some() { p.help data-none { (l.say("names-by")) } }
                }
            }
        }
    }
}

impl Render for Expression<'_> {
    /// What stands in a field of a form.
    fn render(&self) -> Markup {
        let fault = self.fault;
        html! {
            label for=(self.id) { (self.label) }
            textarea.code id=(self.id) name=(self.name) rows="2" required[self.required] autofocus[self.focused] autocapitalize="off" autocomplete="off" spellcheck="false"
                data-names=(listed(self.id)) data-fault=[fault.and_then(Fault::place)]
                aria-invalid=[fault.map(|_| "true")] aria-describedby=[self.described()] { (self.text) }
            @match (fault, &self.help) {
                (Some(fault), _) => {
                    (note::of_field(self.id, fault.says()))
                    (fault.line())
                }
                (None, Some(help)) => p.help id=(format!("{}-help", self.id)) { (help) },
                (None, None) => {}
            }
            (self.names())
        }
    }
}

/// The id of what is folded beside a control; another control takes its names by it.
pub(crate) fn listed(id: &str) -> String {
    format!("{id}-names")
}
