//! Lines as they are set up and changed.

use std::collections::BTreeMap;

use app::App;
use channels::requests::Source;
use channels::short::Carrier;
use channels::telephone::Provider;
use model::Id;
use model::rights::Capability;
use serde_json::{Map, Value};
use store::{Error, LineSetup, Result, Work};

use super::body::Body;

const FIELDS: [&str; 14] = [
    "name",
    "kind",
    "account",
    "secret",
    "hook_secret",
    "sender",
    "address",
    "body",
    "form",
    "confirmation",
    "header",
    "id_path",
    "extensions",
    "active",
];
/// The longest name of a header, in bytes.
const HEADER: usize = 100;

/// What a body says of a line; what it does not say stays.
struct Said {
    name: Option<String>,
    kind: Option<String>,
    account: Option<Option<String>>,
    secret: Option<String>,
    hook: Option<String>,
    sender: Option<Option<String>>,
    url: Option<Option<String>>,
    body: Option<Option<String>>,
    form: Option<Option<String>>,
    confirmation: Option<Option<String>>,
    header: Option<Option<String>>,
    id_path: Option<Option<String>>,
    extensions: Option<BTreeMap<String, Id>>,
    active: Option<bool>,
}

impl Said {
    fn of(body: &mut Body) -> Self {
        let mut part = |name: &str| body.text(name, false).map(|text| Some(text).filter(|text| !text.is_empty()));
        let (account, sender, url, template) = (part("account"), part("sender"), part("address"), part("body"));
        let (form, confirmation, header) = (part("form"), part("confirmation"), part("header"));
        let id_path = part("id_path");
        Self {
            name: body.text("name", true),
            kind: kind(body),
            account,
            secret: body.text("secret", true),
            hook: body.text("hook_secret", true),
            sender,
            url,
            body: template.map(|text| text.map(|text| text.replace("\r\n", "\n"))),
            form,
            confirmation,
            header,
            id_path,
            extensions: extensions(body),
            active: body.flag("active"),
        }
    }

    fn over(&self, app: &App, work: &Work<'_>, setup: LineSetup) -> Result<LineSetup> {
        let setup = LineSetup {
            name: self.name.clone().unwrap_or(setup.name),
            kind: self.kind.clone().unwrap_or(setup.kind),
            account: self.account.clone().unwrap_or(setup.account),
            sender: self.sender.clone().unwrap_or(setup.sender),
            url: self.url.clone().unwrap_or(setup.url),
            body: self.body.clone().unwrap_or(setup.body),
            form: self.form.clone().unwrap_or(setup.form),
            confirmation: self.confirmation.clone().unwrap_or(setup.confirmation),
            header: self.header.clone().unwrap_or(setup.header),
            id_path: self.id_path.clone().unwrap_or(setup.id_path),
            extensions: self.extensions.clone().unwrap_or(setup.extensions),
            active: self.active.unwrap_or(setup.active),
        };
        if setup.kind == Provider::Mango.name() && setup.account.is_none() {
            return Err(Error::field("account", "required", "Mango Office signs the key of the exchange too"));
        }
        if setup.kind == Carrier::Http.name() && setup.url.is_none() {
            return Err(Error::field("address", "required", "where are messages handed over?"));
        }
        // A number for messages is nothing without the account.
        if setup.kind == Carrier::Twilio.name() && setup.sender.is_some() && setup.account.is_none() {
            return Err(Error::field("account", "required", "Twilio sends messages from an account"));
        }
        if Source::parse(&setup.kind).is_some() {
            check_source(work, &setup)?;
        }
        if let Some(why) = setup.url.as_deref().and_then(|url| app.refuses_address(url)) {
            return Err(Error::field("address", "not_public", why));
        }
        Ok(setup)
    }
}

/// What makes the line that `map` describes.
pub(crate) fn made(app: App, map: Map<String, Value>) -> impl Fn(&mut Work<'_>) -> Result<Id> + Send + 'static {
    let mut body = Body::new(map, &FIELDS);
    for field in ["name", "kind", "secret"] {
        if !body.has(field) {
            body.wrong::<()>(field, "required", "a line is known by this");
        }
    }
    let said = Said::of(&mut body);
    move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        body.check()?;
        let setup = said.over(&app, work, LineSetup { active: true, ..LineSetup::default() })?;
        if setup.kind == Source::Meta.name() && said.hook.is_none() {
            return Err(Error::field("hook_secret", "required", "Meta signs with the secret of the app"));
        }
        work.add_line(&setup, said.secret.as_deref().unwrap_or_default(), said.hook.as_deref())
    }
}

/// What changes a line as `map` says.
pub(crate) fn changed(
    app: App,
    id: Id,
    map: Map<String, Value>,
) -> impl Fn(&mut Work<'_>) -> Result<()> + Send + 'static {
    let mut body = Body::new(map, &FIELDS);
    let said = Said::of(&mut body);
    move |work: &mut Work<'_>| {
        work.require(Capability::Administer)?;
        body.check()?;
        let before = work.line(id)?.setup;
        let setup = said.over(&app, work, before)?;
        work.change_line(id, &setup, said.secret.as_deref(), said.hook.as_deref())
    }
}

fn kind(body: &mut Body) -> Option<String> {
    let kind = body.text("kind", true)?;
    if Provider::parse(&kind).is_some() || Carrier::parse(&kind).is_some() || Source::parse(&kind).is_some() {
        return Some(kind);
    }
    let mut known: Vec<&str> = Provider::ALL.map(Provider::name).to_vec();
    known.extend(Carrier::ALL.map(Carrier::name).iter().filter(|name| Provider::parse(name).is_none()));
    known.extend(Source::ALL.map(Source::name));
    let known = known.join(", ");
    body.wrong("kind", "invalid_choice", format!("one of {known}"))
}

/// Users by their extensions.
fn extensions(body: &mut Body) -> Option<BTreeMap<String, Id>> {
    let said = match body.raw("extensions")? {
        Value::Null => Some(BTreeMap::new()),
        Value::Object(map) => {
            let pair = |(extension, user): (&String, &Value)| {
                let user = user.as_str()?.parse::<Id>().ok()?;
                Some((extension.trim().to_owned(), user))
            };
            map.iter().map(pair).collect()
        }
        _ => None,
    };
    said.or_else(|| body.wrong("extensions", "invalid_type", "expected ids of users by their extensions"))
}

/// What a line needs that brings requests.
fn check_source(work: &Work<'_>, setup: &LineSetup) -> Result<()> {
    let Some(form) = setup.form.as_deref() else {
        return Err(Error::field("form", "required", "by which form is read what it brings?"));
    };
    if work.definitions().form(form).is_none() {
        return Err(Error::field("form", "no_form", format!("there is no form {form:?}")));
    }
    let is_number = |text: &str| (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if setup.kind != Source::Webhook.name() && setup.account.as_deref().is_some_and(|account| !is_number(account)) {
        return Err(Error::field("account", "invalid_number", "the number of the community or page"));
    }
    let is_name =
        |text: &str| text.len() <= HEADER && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if setup.header.as_deref().is_some_and(|header| !is_name(header)) {
        return Err(Error::field("header", "header_name", "a header is named by Latin letters, digits and -"));
    }
    Ok(())
}
