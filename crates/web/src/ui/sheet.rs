//! What is asked or shown beside a page: a dialog over it where htmx asks for a part of a page, else a page of its own.

use maud::{Markup, html};

use super::frame::Frame;
use super::shell::{self, Page};
use super::{Words, icon};

/// A dialog, or a page.
pub(crate) struct Sheet<'a> {
    pub(crate) frame: &'a Frame,
    /// Whether htmx asks.
    pub(crate) partial: bool,
    /// The id of its form, and what that of its heading begins with.
    pub(crate) id: &'a str,
    pub(crate) heading: &'a str,
    /// Title of the window, where it is a page.
    pub(crate) title: &'a str,
    /// Links over the page, addresses and words: the list of the module first, which is present in the menu.
    pub(crate) crumbs: &'a [(&'a str, &'a str)],
}

/// What is asked.
pub(crate) struct Form<'a> {
    pub(crate) kind: Kind,
    /// Where it is sent.
    pub(crate) action: &'a str,
    /// Everything between its head and its buttons.
    pub(crate) rows: Markup,
    /// What the button says that sends it; nothing where there is nothing to be sent.
    pub(crate) button: Option<&'a str>,
    /// What leads back: the address, and its words.
    pub(crate) back: (&'a str, &'a str),
}

/// Which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What is typed is kept until it is sent.
    Typed,
    /// The same of what cannot be taken back.
    Final,
    /// Files go along.
    Files,
    /// Files go along, and what is typed is kept until it is sent.
    Letter,
    /// A question of a few; one that leads on to another changes places with it.
    Question { leads_on: bool },
}

impl Kind {
    fn encoding(self) -> Option<&'static str> {
        matches!(self, Self::Files | Self::Letter).then_some("multipart/form-data")
    }

    /// Whether what is typed is kept until it is sent.
    fn guards(self) -> bool {
        matches!(self, Self::Typed | Self::Final | Self::Letter)
    }
}

impl Sheet<'_> {
    /// A form.
    pub(crate) fn form(&self, form: &Form<'_>) -> Markup {
        if self.partial { self.form_over(form) } else { self.form_page(form) }
    }

    fn form_over(&self, form: &Form<'_>) -> Markup {
        let swaps = (form.kind == Kind::Question { leads_on: true }).then_some(form.action);
        let is_checked_here = !matches!(form.kind, Kind::Question { .. });
        html! {
            dialog.dialog open data-modal aria-labelledby=(self.heading_id()) {
                form method="post" action=(form.action) enctype=[form.kind.encoding()] novalidate[!is_checked_here] data-guard[form.kind.guards()]
                    hx-post=[swaps] hx-target=[swaps.map(|_| "closest dialog")] hx-swap=[swaps.map(|_| "outerHTML")] {
                    header { h2 id=(self.heading_id()) { (self.heading) } }
                    div.body { (form.rows) }
                    footer {
                        @match form.button {
                            Some(button) => {
                                button.btn type="button" data-close="forget" { (form.back.1) }
                                button.btn.main-action.danger[form.kind == Kind::Final] { (button) }
                                (self.look(form.kind))
                            },
                            None => a.btn href=(form.back.0) { (form.back.1) },
                        }
                    }
                }
            }
        }
    }

    fn form_page(&self, form: &Form<'_>) -> Markup {
        let (guards, is_checked_here) = (form.kind.guards(), form.kind == Kind::Files);
        let rows = html! {
            form.form method="post" action=(form.action) enctype=[form.kind.encoding()] id=(self.id)
                data-guard[guards] novalidate[!is_checked_here] {
                (form.rows)
                footer.actions {
                    @if let Some(button) = form.button {
                        button.btn.main-action.danger[form.kind == Kind::Final] { (button) }
                        (self.look(form.kind))
                    }
                    a.btn.quiet href=(form.back.0) { (form.back.1) }
                }
            }
        };
        self.page("page narrow", &rows, &html! {})
    }

    /// How a letter would look, behind the button that sends it: that one is pressed by Enter.
    fn look(&self, kind: Kind) -> Markup {
        html! {
            @if kind == Kind::Letter {
                button.btn.looks name="preview" value="yes" formnovalidate data-looks {
                    (icon(assets::icon::EYE)) (self.frame.locale.say("letter-preview"))
                }
            }
        }
    }

    /// What is only read.
    pub(crate) fn text(&self, content: &Markup) -> Markup {
        if !self.partial {
            return self.page("page narrow", content, &html! {});
        }
        // Nothing in it takes the focus by which it would be scrolled.
        let body = html! { div.body tabindex="0" role="region" aria-labelledby=(self.heading_id()) { (content) } };
        self.over("roomy", &body)
    }

    /// What is looked at, with what can be done with it.
    pub(crate) fn exhibit(&self, content: &Markup, acts: &Markup) -> Markup {
        if !self.partial {
            return self.page("page", content, &html! { div.actions { (acts) } });
        }
        self.over("preview", &html! { div.body { (content) } footer { (acts) } })
    }

    fn over(&self, class: &str, below: &Markup) -> Markup {
        let l = self.frame.locale;
        html! {
            dialog class=(format!("dialog {class}")) open data-modal aria-labelledby=(self.heading_id()) {
                header {
                    h2 id=(self.heading_id()) { (self.heading) }
                    form.close method="dialog" { button.btn.quiet.icon aria-label=(l.say("close")) { (icon(assets::icon::X)) } }
                }
                (below)
            }
        }
    }

    fn page(&self, class: &str, content: &Markup, beside: &Markup) -> Markup {
        let l = self.frame.locale;
        let content = html! {
            header.top {
                nav.crumbs aria-label=(l.say("crumbs")) { @for (address, words) in self.crumbs { a href=(address) { (words) } } }
                h1 { (self.heading) }
                (beside)
            }
            div class=(class) { (content) }
        };
        let at = self.crumbs.first().map_or("/", |(address, _)| *address);
        shell::page(self.frame, &Page { title: self.title, at, content })
    }

    fn heading_id(&self) -> String {
        format!("{}-title", self.id)
    }
}
