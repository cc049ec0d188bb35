//! The form of a mailbox.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::expr::start_of_day;
use serde_json::{Map, Value as Json, json};
use store::{Account, Mailbox, Team, Visibility};

use crate::pages::settings::inputs;
use crate::ui::Words;
use crate::ui::told::{Controls, Told};
use crate::ui::typed::Typed;

/// The controls of a mailbox.
pub(super) const CONTROLS: Controls = &[
    ("name", "name", "mailboxes-name"),
    ("host", "host", "mailboxes-host"),
    ("port", "port", "mailboxes-port"),
    ("security", "security", "mailboxes-security"),
    ("login", "login", "mailboxes-login"),
    ("password", "password", "password"),
    ("folder", "folder", "mailboxes-folder"),
    ("since", "since", "mailboxes-since"),
    ("owner", "owner", "mailboxes-owner"),
    ("certificate", "certificate", "mailboxes-certificate"),
    ("visibility", "visibility", "mailboxes-visibility"),
    ("readers", "readers", "mailboxes-readers"),
];
/// Ways to protect the connection, each with its words.
const SECURITIES: [(&str, &str); 3] =
    [("tls", "mailboxes-tls"), ("starttls", "mailboxes-starttls"), ("none", "mailboxes-none")];

/// What colleagues see of its letters, each with its words and what they mean.
const VISIBILITIES: [(Visibility, &str, &str); 3] = [
    (Visibility::Full, "mailboxes-full", "mailboxes-full-help"),
    (Visibility::Subject, "mailboxes-subject", "mailboxes-subject-help"),
    (Visibility::Metadata, "mailboxes-metadata", "mailboxes-metadata-help"),
];
/// The boxes of who sees all.
const USERS: &str = "reader_users";
const TEAMS: &str = "reader_teams";

/// What colleagues see of letters, in a word.
pub(super) fn called(visibility: Visibility) -> &'static str {
    VISIBILITIES.into_iter().find(|(known, ..)| *known == visibility).map_or("mailboxes-full", |(_, key, _)| key)
}

/// The form of a mailbox that is not there yet.
pub(super) fn fresh() -> Typed {
    let mut typed = Typed::default();
    for (name, text) in
        [("port", "993"), ("security", "tls"), ("folder", "INBOX"), ("active", "on"), ("visibility", "full")]
    {
        typed.set(name, text);
    }
    typed
}

/// The form of one that is.
pub(super) fn of(mailbox: &Mailbox, zone: &TimeZone) -> Typed {
    let (setup, mut typed) = (&mailbox.setup, Typed::default());
    typed.set("name", setup.name.as_str());
    typed.set("host", setup.host.as_str());
    typed.set("port", setup.port.to_string());
    typed.set("security", setup.security.as_str());
    typed.set("login", setup.login.as_str());
    typed.set("folder", setup.folder.as_str());
    typed.set("since", zone.to_datetime(setup.since).date().to_string());
    typed.set("owner", setup.owner.map(|owner| owner.to_string()).unwrap_or_default());
    typed.set("certificate", setup.certificate.as_deref().unwrap_or_default());
    if setup.active {
        typed.set("active", "on");
    }
    typed.set("visibility", setup.visibility.name());
    setup.readers.users.iter().for_each(|user| typed.add(USERS, user.to_string()));
    setup.readers.teams.iter().for_each(|team| typed.add(TEAMS, team.to_string()));
    typed
}

/// What was typed, in the form of the API. The day from which on letters are taken begins where the organisation is; one that
/// was not changed stays the moment that it was.
pub(super) fn body(typed: &Typed, zone: &TimeZone) -> Map<String, Json> {
    let mut body = Map::new();
    for name in ["name", "host", "security", "login", "folder"] {
        body.insert(name.to_owned(), json!(typed.text(name)));
    }
    let port = typed.text("port");
    body.insert("port".to_owned(), port.parse::<u64>().map_or_else(|_| json!(port), |port| json!(port)));
    let optional = |name: &str| Some(typed.text(name)).filter(|text| !text.is_empty());
    for name in ["owner", "certificate"] {
        body.insert(name.to_owned(), json!(optional(name)));
    }
    if let Some(day) = optional("since").filter(|day| *day != typed.text("since_before")) {
        let moment = day.parse::<Date>().ok().and_then(|day| start_of_day(day, zone));
        body.insert("since".to_owned(), moment.map_or_else(|| json!(day), |moment| json!(moment.to_string())));
    }
    if let Some(password) = typed.get("password").filter(|password| !password.is_empty()) {
        body.insert("password".to_owned(), json!(password));
    }
    body.insert("active".to_owned(), json!(typed.has("active")));
    // Boxes say nothing where none is ticked: the choice beside them says that they were there.
    if typed.has("visibility") {
        let ticked = |name| typed.all(name).collect::<Vec<_>>();
        body.insert("visibility".to_owned(), json!(typed.text("visibility")));
        body.insert("readers".to_owned(), json!({"users": ticked(USERS), "teams": ticked(TEAMS)}));
    }
    body
}

/// The controls.
pub(super) fn controls(
    told: Told<'_>,
    typed: &Typed,
    (accounts, teams): (&[Account], &[Team]),
    is_new: bool,
) -> Markup {
    let l = told.l;
    let line = |name: &'static str, label: &str| inputs::line(told, name, &l.say(label), typed.text(name), true);
    html! {
        (line("name", "mailboxes-name"))
        div.pair { (line("host", "mailboxes-host")) (port(told, typed)) }
        (security(told, typed))
        div.pair { (line("login", "mailboxes-login")) (password(told, is_new)) }
        div.pair { (line("folder", "mailboxes-folder")) (since(told, typed)) }
        (owner(told, typed, accounts))
        (visibility(told, typed))
        (readers(told, typed, (accounts, teams)))
        (certificate(told, typed))
        (inputs::tick_with("active", &l.say("mailboxes-active"), &l.say("mailboxes-active-help"), typed.has("active")))
    }
}

fn port(told: Told<'_>, typed: &Typed) -> Markup {
    let below = told.below("port", "port", None);
    html! {
        div.field {
            label for="port" { (told.l.say("mailboxes-port")) }
            input id="port" name="port" type="number" min="1" max="65535" value=(typed.text("port")) required
                aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}

fn security(told: Told<'_>, typed: &Typed) -> Markup {
    let below = told.below("security", "security", None);
    html! {
        div.field {
            label for="security" { (told.l.say("mailboxes-security")) }
            select id="security" name="security" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                @for (value, key) in SECURITIES {
                    option value=(value) selected[typed.text("security") == value] { (told.l.say(key)) }
                }
            }
            (below)
        }
    }
}

/// It is never shown: an empty one leaves the one that is kept.
fn password(told: Told<'_>, is_new: bool) -> Markup {
    let help = told.l.say(if is_new { "mailboxes-password-help" } else { "mailboxes-password-keep" });
    let below = told.below("password", "password", Some(&help));
    html! {
        div.field {
            label for="password" { (told.l.say("password")) @if !is_new { " " small { (told.l.say("optional")) } } }
            input id="password" name="password" type="password" autocomplete="new-password" required[is_new] maxlength="200"
                aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}

fn since(told: Told<'_>, typed: &Typed) -> Markup {
    let help = told.l.say("mailboxes-since-help");
    let below = told.below("since", "since", Some(&help));
    let before = if typed.has("since_before") { typed.text("since_before") } else { typed.text("since") };
    html! {
        div.field {
            label for="since" { (told.l.say("mailboxes-since")) " " small { (told.l.say("optional")) } }
            input type="hidden" name="since_before" value=(before);
            input id="since" name="since" type="date" value=(typed.text("since"))
                aria-invalid=[below.invalid()] aria-describedby=[below.described()];
            (below)
        }
    }
}

fn owner(told: Told<'_>, typed: &Typed, accounts: &[Account]) -> Markup {
    let help = told.l.say("mailboxes-owner-help");
    let below = told.below("owner", "owner", Some(&help));
    let chosen = typed.text("owner");
    html! {
        div.field {
            label for="owner" { (told.l.say("mailboxes-owner")) }
            select id="owner" name="owner" aria-invalid=[below.invalid()] aria-describedby=[below.described()] {
                option value="" selected[chosen.is_empty()] { (told.l.say("mailboxes-shared")) }
                @for account in accounts.iter().filter(|account| account.active || account.id.to_string() == chosen) {
                    option value=(account.id) selected[account.id.to_string() == chosen] { (account.name) }
                }
            }
            (below)
        }
    }
}

fn visibility(told: Told<'_>, typed: &Typed) -> Markup {
    let (l, help) = (told.l, told.l.say("mailboxes-visibility-help"));
    let below = told.below("visibility", "visibility", Some(&help));
    html! {
        fieldset.field id="visibility" aria-describedby=[below.described()] {
            legend { (l.say("mailboxes-visibility")) }
            div.options {
                @for (value, key, help) in VISIBILITIES {
                    label.option {
                        input type="radio" name="visibility" value=(value.name()) checked[typed.text("visibility") == value.name()];
                        (l.say(key)) small { (l.say(help)) }
                    }
                }
            }
            (below)
        }
    }
}

/// Everybody with a box, and every team; who is kept out only while they are among the readers still.
fn readers(told: Told<'_>, typed: &Typed, (accounts, teams): (&[Account], &[Team])) -> Markup {
    let (l, help) = (told.l, told.l.say("mailboxes-readers-help"));
    let below = told.below("readers", "readers", Some(&help));
    let is_ticked = |name: &str, id: String| typed.all(name).any(|ticked| ticked == id);
    let offered = accounts.iter().filter(|it| it.active || is_ticked(USERS, it.id.to_string()));
    html! {
        fieldset.field id="readers" aria-describedby=[below.described()] {
            legend { (l.say("mailboxes-readers")) }
            div.options.many {
                @for team in teams {
                    label.option {
                        input type="checkbox" name=(TEAMS) value=(team.id) checked[is_ticked(TEAMS, team.id.to_string())];
                        (team.name) small { (l.say("mailboxes-reader-team")) }
                    }
                }
                @for account in offered {
                    label.option {
                        input type="checkbox" name=(USERS) value=(account.id) checked[is_ticked(USERS, account.id.to_string())];
                        (account.name)
                        small { (account.email) @if !account.active { " · " (l.say("users-disabled")) } }
                    }
                }
            }
            (below)
        }
    }
}

fn certificate(told: Told<'_>, typed: &Typed) -> Markup {
    let help = told.l.say("mailboxes-certificate-help");
    let below = told.below("certificate", "certificate", Some(&help));
    html! {
        details open[!typed.text("certificate").is_empty() || below.invalid().is_some()] {
            summary.link { (told.l.say("mailboxes-certificate")) }
            div.field {
                label for="certificate" { (told.l.say("mailboxes-certificate")) " " small { (told.l.say("optional")) } }
                textarea id="certificate" name="certificate" rows="4" spellcheck="false"
                    aria-invalid=[below.invalid()] aria-describedby=[below.described()] { (typed.text("certificate")) }
                (below)
            }
        }
    }
}
