//! Whatever anybody types into any text is text on every page: no element, handler, style or address comes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;
use serde_json::{Value as Json, json};

use super::addresses::every_form;
use super::elements::{Piece, read};
use super::filled::{OWN, encoded};
use super::{Filled, every_address};
use crate::pages::tests::browser::Answer;
use crate::tests::{routes, sources};

/// Ends whatever it may stand in and begins an element with a handler; behind it, what would be an element if it were
/// unescaped once too often.
const HOSTILE: &str = "\"'></title></textarea></script><zz onzz=zz>&#60;zz&#62;";
/// How the end of it looks where nothing escaped it.
const UNESCAPED: &str = "&#60;zz";

/// Elements that no page of ours has.
const NEVER: [&str; 7] = ["zz", "object", "embed", "applet", "base", "math", "frameset"];
/// Attributes that lead somewhere or fetch something.
const LEADING: [&str; 13] = [
    "href",
    "src",
    "action",
    "formaction",
    "poster",
    "hx-get",
    "hx-post",
    "hx-put",
    "hx-patch",
    "hx-delete",
    "hx-push-url",
    "data-at",
    "data-make",
];
/// Attributes that the script reads as a language of its own.
const CODED: [&str; 7] = ["class", "hx-target", "hx-select", "hx-swap", "hx-trigger", "hx-include", "hx-swap-oob"];

/// Routes that answer nothing here: the picture is of another edition, no sample is there.
const QUIET: [&str; 2] = ["/help/pictures/{mark}/{language}/{file}", "/settings/sample"];

/// Routes whose pages show what somebody typed.
const SHOWING: [&str; 52] = [
    "/{module}",
    "/{module}/new",
    "/{module}/{id}",
    "/{module}/{id}/edit",
    "/{module}/{id}/history",
    "/{module}/{id}/access",
    "/{module}/{id}/mentions",
    "/search",
    "/search/palette",
    "/search/hits",
    "/search/links",
    "/search/people",
    "/undo",
    "/undo/{set}",
    "/{module}/{id}/when",
    "/messages/{id}/sort",
    "/rejected_requests/{id}/resubmit",
    "/settings/packs/{pack}/past/{number}",
    "/notifications",
    "/me",
    "/me/menu",
    "/settings/organisation",
    "/settings/users",
    "/settings/teams",
    "/settings/roles",
    "/settings/modules",
    "/settings/modules/{module}",
    "/e/{slug}",
    "/p/o/{token}",
    "/p/s/{token}",
    "/p/c/{token}",
    "/p/u/{token}",
    "/p/w/{token}",
    "/surveys/results/{survey}",
    "/settings/letters",
    "/settings/letters/{letter}",
    "/forms/{form}",
    "/settings/forms/{form}",
    "/settings/forms/{form}/test",
    "/settings/forms/{form}/fields/{field}",
    "/settings/mailboxes",
    "/settings/mailboxes/{mailbox}",
    "/settings/mailboxes/{mailbox}/letters",
    "/settings/site-letters",
    "/settings/site-letters/{site_letter}",
    "/settings/lines",
    "/settings/lines/{line}",
    "/settings/requests",
    "/settings/requests/{source}",
    "/settings/webhooks",
    "/settings/surveys/{survey}",
    "/settings/surveys/{survey}/questions/{question}",
];

/// Forms that would end the session, or look through the eyes of another.
const NOT_SENT: [&str; 4] = ["/sign-out", "/sees-as/end", "/settings/users/{user}/see", "/settings/sample/remove"];

#[tokio::test(flavor = "multi_thread")]
async fn what_people_type_is_text_on_every_page() {
    let mut filled = Filled::new(Locale::En, HOSTILE).await;
    filled.large_undo().await;
    let (mut faults, mut answering, mut showing) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for address in every_address(&filled) {
        for headers in [&[][..], &[("hx-request", "true")]] {
            let answer = filled.browser.send(Method::GET, &address.path, Body::empty(), headers).await;
            faults.extend(wrong_with(&address.path, &answer));
            if answer.status.is_success() || answer.status.is_redirection() {
                answering.insert(address.route.clone());
            }
            if shows(&answer) {
                showing.insert(address.route.clone());
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    let got = routes("src/pages").into_iter().filter(|(_, handler)| handler.contains("get(")).map(|(route, _)| route);
    let silent: Vec<_> = got.filter(|route| !answering.contains(route) && !QUIET.contains(&route.as_str())).collect();
    assert!(silent.is_empty(), "nothing at these was looked at; say in addresses.rs what they need: {silent:?}");
    let empty: Vec<_> = SHOWING.iter().filter(|route| !showing.contains(**route)).collect();
    assert!(empty.is_empty(), "what was typed is not seen at {empty:?}");

    // A text that is refused has a form of its own that judges it.
    let modules: BTreeMap<_, _> = filled.modules().into_iter().map(|module| (module.name.clone(), module)).collect();
    let is_judged = |name: &&String| {
        let (module, field) = name.split_once('.').unwrap();
        let field = modules[module].field(field).unwrap();
        field.format.is_some() || field.series.is_some()
    };
    let refused: Vec<_> = filled.refused.iter().filter(|name| !is_judged(name)).collect();
    assert!(refused.is_empty(), "why are these refused? {refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_address_asks_for_is_text() {
    let mut filled = Filled::new(Locale::Ru, HOSTILE).await;
    let names = asked_names();
    assert!(names.len() > 60, "{names:?}");
    let all: Vec<_> = names.iter().map(|name| (name.as_str(), HOSTILE)).collect();
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for address in every_address(&filled) {
        if !address.path.contains('?') && seen.insert(address.route.clone()) {
            let path = format!("{}?{}", address.path, encoded(&all));
            faults.extend(wrong_with(&path, &filled.browser.get(&path).await));
        }
    }
    for page in ["/leads", "/leads/new", "/undo", "/search"] {
        for pair in &all {
            let path = format!("{page}?{}", encoded(&[*pair]));
            faults.extend(wrong_with(&path, &filled.browser.get(&path).await));
        }
    }
    let nowhere = encoded(&[("", HOSTILE)]).trim_start_matches('=').replace('+', "%20");
    for path in [format!("/{nowhere}"), format!("/leads/{nowhere}"), format!("/e/{nowhere}"), format!("/p/o/{nowhere}")]
    {
        let answer = filled.browser.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        faults.extend(wrong_with(&path, &answer));
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_form_sends_back_is_text() {
    let mut filled = Filled::new(Locale::En, HOSTILE).await;
    let names = asked_names();
    let mut forms = every_form(&filled);
    assert!(forms.len() > 40, "{}", forms.len());
    // What takes away comes last.
    forms.sort_by_key(|form| form.route.contains("delete"));
    let (mut faults, mut echoes) = (Vec::new(), 0);
    for form in forms.iter().filter(|form| !NOT_SENT.contains(&form.route.as_str())) {
        let module = form.path.split('/').nth(1).unwrap_or_default();
        let module = filled.modules().into_iter().find(|known| known.name == module);
        let fields = module.iter().flat_map(|module| module.fields.iter().map(|field| field.name.as_str()));
        let body: Vec<_> = fields.chain(names.iter().map(String::as_str)).map(|name| (name, HOSTILE)).collect();
        let answer = filled.browser.post(&form.path, &encoded(&body)).await;
        faults.extend(wrong_with(&form.path, &answer));
        echoes += usize::from(shows(&answer));
        if answer.status.is_redirection() && answer.location().starts_with('/') {
            let next = answer.location().to_owned();
            faults.extend(wrong_with(&next, &filled.browser.get(&next).await));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(echoes > 8, "only {echoes} forms show what was typed");
    let script = json!({"name": "x", "a_url": "javascript:zz()"});
    let refused = filled.api(Method::POST, &format!("/api/v1/{OWN}"), &script).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_carry_what_people_typed_as_text() {
    let mut filled = Filled::new(Locale::Ru, HOSTILE).await;
    let letters = filled.found("/api/v1/sandbox/outbox").await;
    let formatted: Vec<_> = letters.iter().filter_map(|letter| letter["html"].as_str()).collect();
    let mut faults = Vec::new();
    for html in &formatted {
        faults.extend(elements(html, true));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(formatted.iter().any(|html| html.contains("&lt;zz onzz=zz&gt;")), "{formatted:?}");
}

/// Names of controls and of what addresses ask for, as the pages read them.
fn asked_names() -> BTreeSet<String> {
    let mut files = Vec::new();
    for folder in ["src/pages", "src/ui"] {
        sources(Path::new(folder), &mut files);
    }
    let mut names = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        for call in [".text(\"", ".get(\"", ".has(\"", ".all(\"", "short(\""] {
            names.extend(text.split(call).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
    names.retain(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)));
    names
}

/// Whether what was typed is seen somewhere on the page.
fn shows(answer: &Answer) -> bool {
    answer.text.contains("&lt;zz onzz=zz&gt;")
}

/// What is wrong with an answer.
fn wrong_with(path: &str, answer: &Answer) -> Vec<String> {
    let header = |name: &str| answer.headers.get(name).map_or("", |value| value.to_str().unwrap());
    let is_letter = path.split('?').next().unwrap_or_default().ends_with("/letter");
    let is_html = header("content-type").starts_with("text/html");
    let policy = header("content-security-policy");
    let mut faults = Vec::new();
    if answer.status.is_server_error() {
        faults.push(format!("{}: {}", answer.status, answer.text));
    }
    if !policy.contains("default-src 'none'") || policy.contains("unsafe-eval") {
        faults.push(format!("the policy is {policy:?}"));
    }
    // What is not ours may have styles, in a frame that has nothing else.
    if is_html
        && policy.contains("unsafe-inline")
        && !(is_letter && policy.contains("sandbox") && !policy.contains("allow-scripts"))
    {
        faults.push(format!("the policy lets in what stands in the page: {policy:?}"));
    }
    if header("x-content-type-options") != "nosniff" {
        faults.push("browsers may guess what it is".to_owned());
    }
    if is_html {
        faults.extend(elements(&answer.text, is_letter));
    }
    faults.into_iter().map(|fault| format!("{path}: {fault}")).collect()
}

/// What is wrong with the elements of a page.
fn elements(html: &str, is_letter: bool) -> Vec<String> {
    let pieces = match read(html) {
        Ok(pieces) => pieces,
        Err(fault) => return vec![fault],
    };
    let mut faults = Vec::new();
    if html.contains(UNESCAPED) {
        faults.push("an & stands as it was typed".to_owned());
    }
    let mut within = "";
    for piece in &pieces {
        match piece {
            Piece::Open { name, attributes } => {
                within = name;
                let is_known = is_letter && *name == "base";
                if NEVER.contains(name) && !is_known || (*name == "style" && !is_letter) {
                    faults.push(format!("<{name}>"));
                }
                let has = |wanted: &str| attributes.iter().any(|(attribute, _)| *attribute == wanted);
                if *name == "script"
                    && !attributes.iter().any(|(name, value)| *name == "src" && value.starts_with("/assets/"))
                {
                    faults.push("a script in the page".to_owned());
                }
                if *name == "meta" && has("http-equiv") && !is_letter {
                    faults.push("a page that says what a header would".to_owned());
                }
                let wrong = attributes.iter().filter(|(name, value)| is_wrong(name, value, is_letter));
                faults.extend(wrong.map(|(attribute, value)| format!("<{name} {attribute}={value:?}>")));
            }
            Piece::Text(text) if within == "script" && !text.is_empty() => {
                faults.push("a script in the page".to_owned())
            }
            Piece::Close("zz") => faults.push("</zz>".to_owned()),
            Piece::Comment(text) if !is_letter => faults.push(format!("a comment: {text}")),
            Piece::Close(_) => within = "",
            _ => {}
        }
    }
    faults
}

fn is_wrong(attribute: &str, value: &str, is_letter: bool) -> bool {
    let is_named = attribute.chars().all(|c| c.is_ascii_alphanumeric() || "-:_".contains(c));
    let is_code = attribute.starts_with("on") || attribute.starts_with("hx-on") || attribute == "srcdoc";
    let is_json = ["hx-vals", "hx-headers"].contains(&attribute);
    !is_named
        || is_code
        || (attribute == "style" && !is_letter)
        || (LEADING.contains(&attribute) && leads_astray(value))
        || (CODED.contains(&attribute) && value.contains("zz"))
        || (is_json && serde_json::from_str::<Json>(value).is_err())
}

/// Whether an address is of a kind that runs something, or leads elsewhere without saying so.
fn leads_astray(address: &str) -> bool {
    let bare: String = address.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let bare = bare.to_lowercase();
    let scheme = bare.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| !scheme.contains(['/', '?', '#']));
    // No scheme begins with a digit: that is a time of day.
    let scheme = scheme.filter(|scheme| scheme.starts_with(|first: char| !first.is_ascii_digit()));
    let is_known = scheme.is_none_or(|scheme| ["http", "https", "mailto", "tel"].contains(&scheme));
    bare.starts_with("//") || bare.starts_with("\\") || !(is_known || bare.starts_with("data:image/"))
}

#[test]
fn harm_is_recognised() {
    let ours = "<!DOCTYPE html><html lang=\"en\"><body><a href=\"/leads?q=a%3Ab\" class=\"x\">&lt;zz onzz=zz&gt; &amp;#60;zz</a>\
                <svg viewBox=\"0 0 1 1\"></svg><script type=\"module\" src=\"/assets/app.js\"></script></body></html>";
    assert_eq!(elements(ours, false), Vec::<String>::new());
    for harm in [
        HOSTILE,
        "<zz>",
        "<p onclick=\"x\">",
        "<p style=\"x\">",
        "<style></style>",
        "<a href=\"javascript:zz()\">",
        "<a href=\" java\nscript:zz()\">",
        "<a href=\"//evil.example\">",
        "<a href=\"data:text/html,x\">",
        "<script>zz</script>",
        "<script src=\"https://evil.example/x.js\"></script>",
        "<p hx-on:click=\"x\">",
        "<p class=\"zz\">",
        "<!-- zz -->",
        "<iframe srcdoc=\"x\"></iframe>",
        "<p>&#60;zz</p>",
        "<p hx-vals=\"js:x\">",
    ] {
        assert!(!elements(harm, false).is_empty(), "{harm}");
    }
}
