//! The frame around the pages of the interface, as markup.

use maud::{DOCTYPE, Markup, html};
use model::Locale;

use super::addresses::{ACTS, ME, NOTICES, ORGANISATION, OWN_MENU, START};
use super::frame::Frame;
use super::ringing::ringing;
use super::shortcuts::shortcuts;
use super::{Words, face, fonts, help, icon, says, sees_as, views};
use crate::install;

/// What a page says about itself.
pub(crate) struct Page<'a> {
    /// Title of the window; the organisation stands behind it.
    pub(crate) title: &'a str,
    /// The module or event whose entry of the menu is the present one: its address.
    pub(crate) at: &'a str,
    /// Everything inside `main`.
    pub(crate) content: Markup,
}

/// The whole page.
pub(crate) fn page(frame: &Frame, page: &Page<'_>) -> Markup {
    let l = frame.locale;
    html! {
        (DOCTYPE)
        html lang=(l.tag()) data-theme=[frame.theme] data-density=[frame.is_compact.then_some("compact")] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (page.title) " · " (frame.organisation) }
                link rel="icon" href=(assets::LOGO_SVG);
                link rel="stylesheet" href=(assets::APP_CSS);
                (fonts::ahead(l))
                (frame.brand.styles())
                (install::head())
                script type="module" src=(assets::APP_JS) {}
            }
            body.app data-say-failed=(l.say("say-failed")) data-say-offline=(l.say("say-offline")) data-say-close=(l.say("close")) {
                a.skip href="#main" { (l.say("skip-to-content")) }
                input.side-toggle type="checkbox" id="side-toggle" aria-label=(l.say("menu"));
                (side(frame, page.at))
                main.main id="main" tabindex="-1" { (sees_as::banner(frame)) (page.content) }
                (ringing(frame))
                div.toasts id="toasts" role="status" aria-live="polite" { @if let Some(toast) = &frame.toast { (toast) } }
                (shortcuts(l))
                (says::says(frame))
            }
        }
    }
}

fn side(frame: &Frame, at: &str) -> Markup {
    let l = frame.locale;
    let initial: String = frame
        .organisation
        .chars()
        .find(|letter| letter.is_alphanumeric())
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    html! {
        header.side {
            div.org {
                @if let Some(logo) = frame.brand.mark() { (logo) } @else { b aria-hidden="true" { (initial) } }
                span title=(frame.organisation) { (frame.organisation) }
                a.find-here href="/search" aria-label=(l.say("search-everywhere")) title=(l.say("search-everywhere")) { (icon(assets::icon::SEARCH)) }
                (help::sign(frame))
                (bell(frame, at))
                label.fold for="side-toggle" { (icon(assets::icon::MENU)) }
            }
            form.find role="search" action="/search" {
                (icon(assets::icon::SEARCH))
                input type="search" name="q" placeholder=(l.say("search-placeholder")) aria-label=(l.say("search")) data-search;
                kbd { "Ctrl K" }
            }
            nav.side-menu aria-label=(l.say("sections")) {
                @if frame.has_inbox { (views::inbox(frame, at)) }
                @for entry in &frame.modules {
                    @let address = format!("/{}", entry.name);
                    a href=(address) title=(entry.label) aria-current=[(at == address).then_some("page")] {
                        (icon::named(&entry.icon)) span { (entry.label) }
                    }
                    (views::of_module(frame, &entry.name))
                }
                @if !frame.events.is_empty() {
                    h3 { (l.say("on-sale")) }
                    @for event in &frame.events {
                        @let address = format!("/events/{}", event.id);
                        a href=(address) title=(event.name) aria-current=[(at == address).then_some("page")] {
                            span.dot {} span { (event.name) }
                            @if let Some(share) = event.share { small { (share) "\u{a0}%" } }
                        }
                    }
                }
            }
            @if let Some(clock) = &frame.sandbox {
                div.note.warn { (icon(assets::icon::CLOCK)) div { b { (l.say("sandbox")) } br; (clock) } }
            }
            div.side-foot { (user_menu(frame)) }
        }
    }
}

/// What one is told of, with how much of it is new.
pub(crate) fn bell(frame: &Frame, at: &str) -> Markup {
    let l = frame.locale;
    let label = if frame.unread > 0 {
        l.say_with("notices-count", &[("count", frame.unread.into())])
    } else {
        l.say("notices")
    };
    html! {
        a.bell href=(NOTICES) aria-label=(label) title=(label) aria-current=[(at == NOTICES).then_some("page")] {
            (icon(assets::icon::BELL))
            @if frame.unread > 0 { b aria-hidden="true" { (counted(frame.unread)) } }
        }
    }
}

/// As many as are counted.
pub(crate) fn counted(unread: i64) -> String {
    if unread > 99 { "99+".to_owned() } else { unread.to_string() }
}

fn user_menu(frame: &Frame) -> Markup {
    let l = frame.locale;
    let (id, name) = &frame.user;
    html! {
        details.menu {
            summary { (face::face(*id, name)) span { (name) } }
            div.pop {
                @if frame.may_shape { a href=(ORGANISATION) { (icon(assets::icon::SETTINGS)) (l.say("settings")) } }
                a href=(ME) { (icon(assets::icon::USER_ROUND)) (l.say("me-title")) }
                a href=(ACTS) { (icon(assets::icon::HISTORY)) (l.say("acts")) }
                a href=(START) { (icon(assets::icon::LIST_CHECKS)) (l.say("start")) }
                a href=(OWN_MENU) { (icon(assets::icon::PANEL_LEFT)) (l.say("own-menu")) }
                a href="/notifications#letters" { (icon(assets::icon::MAIL)) (l.say("letters-menu")) }
                (help::of_menu(l))
                button type="button" data-opens="shortcuts" { (icon(assets::icon::KEYBOARD)) (l.say("keys")) kbd { "?" } }
                hr;
                h3 { (l.say("density")) }
                fieldset.switch data-density-switch {
                    legend.visually-hidden { (l.say("density")) }
                    @for (value, key, is_on) in [("roomy", "density-roomy", !frame.is_compact), ("compact", "density-compact", frame.is_compact)] {
                        label { input type="radio" name="density" value=(value) checked[is_on]; (l.say(key)) }
                    }
                }
                h3 { (l.say("theme")) }
                fieldset.switch data-theme-switch {
                    legend.visually-hidden { (l.say("theme")) }
                    @for (value, key) in [("auto", "theme-auto"), ("light", "theme-light"), ("dark", "theme-dark")] {
                        label { input type="radio" name="theme" value=(value) checked[frame.theme.unwrap_or("auto") == value]; (l.say(key)) }
                    }
                }
                h3 { (l.say("language")) }
                @for (language, key) in [(Locale::Ru, "language-ru"), (Locale::En, "language-en")] {
                    form method="post" action="/language" {
                        input type="hidden" name="next" value=(frame.here);
                        button name="lang" value=(language.tag()) aria-current=[(language == l).then_some("true")] lang=(language.tag()) {
                            (icon(if language == l { assets::icon::CHECK } else { assets::icon::LANGUAGES })) (l.say(key))
                        }
                    }
                }
                hr;
                form method="post" action="/sign-out" { button { (icon(assets::icon::LOG_OUT)) (l.say("sign-out")) } }
            }
        }
    }
}
