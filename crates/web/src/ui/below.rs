//! What stands below a control: what is wrong with it, else what it is for; and how the control points there.

use std::borrow::Cow;

use maud::{Markup, Render, html};

use super::note;

/// What stands below a control.
pub(crate) struct Below<'a> {
    /// The id of the control.
    pub(crate) id: &'a str,
    pub(crate) fault: Option<Cow<'a, str>>,
    pub(crate) help: Option<Cow<'a, str>>,
}

impl Below<'_> {
    /// For `aria-invalid`.
    pub(crate) fn invalid(&self) -> Option<&'static str> {
        self.fault.is_some().then_some("true")
    }

    /// For `aria-describedby`.
    pub(crate) fn described(&self) -> Option<String> {
        match (&self.fault, &self.help) {
            (Some(_), _) => Some(format!("{}-error", self.id)),
            (None, Some(_)) => Some(format!("{}-help", self.id)),
            (None, None) => None,
        }
    }
}

impl Render for Below<'_> {
    fn render(&self) -> Markup {
        html! {
            @match (&self.fault, &self.help) {
                (Some(fault), _) => (note::of_field(self.id, fault)),
                (None, Some(help)) => p.help id=(format!("{}-help", self.id)) { (help) },
                (None, None) => {},
            }
        }
    }
}
