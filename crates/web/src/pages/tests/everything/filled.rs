//! An installation in which something stands everywhere: a record of every module, and a text in every text that people
//! may type.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::field::{FieldType, SetBy};
use model::{Actor, Field, Id, Locale, Module};
use serde_json::{Map, Value as Json, json};
use store::Work;

use crate::pages::tests::browser::{Answer, Browser};
use crate::pages::tests::{World, empty};

pub(super) const PASSWORD: &str = "a long password";

/// The module that the test makes: a field of every type, with labels, help and choices of its own.
pub(super) const OWN: &str = "things";

/// Modules of which records come in other ways.
const ELSEWHERE: [&str; 6] = ["comments", "files", "messages", "rejected_requests", "surveys", "survey_answers"];

/// Types whose values are words of whoever typed them.
const WORDS: [FieldType; 3] = [FieldType::Text, FieldType::LongText, FieldType::Address];

pub(super) struct Filled {
    pub(super) world: World,
    /// The administrator's.
    pub(super) browser: Browser,
    /// What stands in every text.
    pub(super) text: String,
    /// A record of each module that has one.
    pub(super) records: BTreeMap<String, String>,
    /// Other variable parts of addresses, by their names.
    pub(super) parts: BTreeMap<&'static str, Vec<String>>,
    /// Fields that have text and refused this one.
    pub(super) refused: Vec<String>,
    locale: Locale,
}

impl Filled {
    pub(super) async fn new(locale: Locale, text: &str) -> Self {
        Self::over(empty(), locale, text).await
    }

    /// The same in an installation that nobody has set up.
    pub(super) async fn over(world: World, locale: Locale, text: &str) -> Self {
        let mut browser = Browser::new(&world, locale);
        let form = [
            ("organisation", text),
            ("organises", "conference"),
            ("locale", locale.tag()),
            ("sandbox", "true"),
            ("name", text),
            ("email", "admin@example.org"),
            ("password", PASSWORD),
        ];
        let answer = browser.post("/set-up", &encoded(&form)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let text = text.to_owned();
        let (records, parts, refused) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let mut filled = Self { world, browser, text, records, parts, refused, locale };
        filled.shape().await;
        filled.records().await;
        filled.past().await;
        filled.people().await;
        filled.sale().await;
        filled.surveys().await;
        filled.forms().await;
        filled.cases().await;
        filled.consent().await;
        filled.waiting().await;
        filled.rules().await;
        filled.came_in().await;
        filled.pack().await;
        filled.changed_since().await;
        filled.learn().await;
        filled
    }

    /// A request to the API by the session of the browser.
    pub(super) async fn api(&mut self, method: Method, path: &str, body: &Json) -> Answer {
        let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
        self.browser.send(method, path, Body::from(body.to_string()), &headers).await
    }

    pub(super) async fn made(&mut self, path: &str, body: Json) -> Json {
        let answer = self.api(Method::POST, path, &body).await;
        assert!(answer.status.is_success(), "{path}: {body}: {}", answer.text);
        serde_json::from_str(&answer.text).unwrap()
    }

    pub(super) async fn changed(&mut self, path: &str, body: Json) -> Answer {
        let answer = self.api(Method::PATCH, path, &body).await;
        assert!(answer.status.is_success(), "{path}: {body}: {}", answer.text);
        answer
    }

    async fn posted(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let answer = self.browser.post(path, &encoded(form)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text);
        answer
    }

    /// The records of a list.
    pub(super) async fn found(&mut self, path: &str) -> Vec<Json> {
        let answer = self.browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        let answer: Json = serde_json::from_str(&answer.text).unwrap();
        answer["data"].as_array().unwrap().clone()
    }

    pub(super) fn modules(&self) -> Vec<Arc<Module>> {
        self.world.web.app.workspace().knowledge().definitions.modules().cloned().collect()
    }

    fn label(&self) -> Json {
        json!({"ru": self.text, "en": self.text})
    }

    /// A rule that ran, one that asks, and one that tells another program.
    async fn rules(&mut self) {
        let rule = json!({
            "name": "asks", "label": self.label(), "module": "leads", "when": {"event": "created"},
            "then": [{"do": "approve", "by": {"role": "administrator"}}, {"do": "set", "fields": {"need": "name"}}],
        });
        self.made("/api/v1/meta/rules", rule).await;
        self.made("/api/v1/meta/webhook-secret", json!({})).await;
        let then = json!([{"do": "webhook", "url": "https://example.org/hook"}]);
        let rule = json!({"name": "tells", "label": self.label(), "module": "leads", "when": {"event": "created"}, "then": then});
        self.made("/api/v1/meta/rules", rule).await;
        let name = if self.locale == Locale::Ru { "Пропажа" } else { "Lost" };
        let lead = self.made("/api/v1/leads", json!({"name": name})).await;
        let lose = format!("/api/v1/leads/{}/transitions/lose", lead["id"].as_str().unwrap());
        self.made(&lose, json!({"lost_reason": self.text.clone()})).await;
        self.world.web.app.run_due().await.unwrap();
        let runs = self.found("/api/v1/meta/rules/quality_check_leads/runs").await;
        self.parts.insert("run", vec![runs[0]["id"].as_str().unwrap().to_owned()]);
        let webhooks = self.found("/api/v1/meta/webhooks").await;
        self.parts.insert("webhook", vec![webhooks[0]["id"].as_str().unwrap().to_owned()]);
    }

    /// The administrator's own module, role and organisation.
    async fn shape(&mut self) {
        let (label, text) = (self.label(), self.text.clone());
        // Fields of a module are told apart by their labels.
        let count = std::cell::Cell::new(0);
        let field = |name: &str, more: Json| {
            count.set(count.get() + 1);
            let called = format!("{text} {}", count.get());
            let called = json!({"ru": called, "en": called});
            let mut field = json!({"name": format!("a_{name}"), "type": name, "label": called, "help": label});
            field.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
            field
        };
        let plain = ["number", "money", "date", "time", "datetime", "person", "email", "phone", "url", "address"];
        let mut fields = vec![
            field("text", json!({"name": "name", "required": true})),
            field("text", json!({"name": "wish", "default": text})),
            field("long_text", json!({})),
            field(
                "choice",
                json!({"options": [{"value": "one", "label": label}, {"value": "two", "label": format!("{text} 2")}]}),
            ),
            field("multi_choice", json!({"options": [{"value": "one", "label": label}]})),
            field("link", json!({"module": "leads"})),
            field("links", json!({"module": "contacts"})),
            field("file", json!({})),
        ];
        let others = plain.iter().chain(&["checkbox", "rating", "colour", "duration", "json"]);
        fields.extend(others.map(|kind| field(kind, json!({}))));
        let module =
            json!({"name": OWN, "label": label, "one": label, "title": "name", "menu": true, "fields": fields});
        self.made("/api/v1/meta/modules", module).await;
        self.made("/api/v1/meta/roles", json!({"name": "interns", "label": label})).await;
        let entity = json!({
            "name": text, "inn": "7707083893", "kpp": "773601001", "ogrn": "1027700132195", "address": text,
            "bik": "044525225", "bank_name": text, "bank_account": "40702810138250123017",
            "corr_account": "30101810400000000225", "tax_mode": "general", "vat_rate": "22",
        });
        let organisation = json!({"payment_instructions": text, "legal_entities": [entity]});
        self.changed("/api/v1/meta/organisation", organisation).await;
    }

    /// A record of every module that is made by hand, with every text that one may type; what links lead to comes first.
    async fn records(&mut self) {
        let is_free = |module: &Arc<Module>| module.service.is_none() && !ELSEWHERE.contains(&module.name.as_str());
        let mut left: Vec<_> = self.modules().into_iter().filter(is_free).collect();
        while !left.is_empty() {
            let is_ready = |module: &Arc<Module>| {
                let needs = module.fields.iter().filter(|field| field.required && field.kind == FieldType::Link);
                needs.filter_map(|field| field.module.as_ref()).all(|target| self.records.contains_key(target))
            };
            let (ready, later): (Vec<_>, Vec<_>) = left.into_iter().partition(is_ready);
            let names: Vec<_> = later.iter().map(|module| &module.name).collect();
            assert!(!ready.is_empty(), "what these lead to is nowhere: {names:?}");
            for module in ready {
                let id = self.record(&module).await;
                self.records.insert(module.name.clone(), id);
            }
            left = later;
        }
    }

    /// A record; texts that its fields refuse are left out and remembered.
    async fn record(&mut self, module: &Module) -> String {
        let governed =
            self.world.web.app.workspace().knowledge().definitions.process(&module.name).map(|it| it.field.clone());
        let is_open = |field: &&Field| {
            let is_governed = governed.as_deref() == Some(&field.name);
            field.is_stored() && field.set_by != SetBy::Process && !is_governed
        };
        let value = |field: &Field| Some((field.name.clone(), self.value(field)?));
        let mut body: Map<String, Json> = module.fields.iter().filter(is_open).filter_map(value).collect();
        body.extend(given(&module.name));
        let path = format!("/api/v1/{}", module.name);
        for _ in 0..4 {
            let answer = self.api(Method::POST, &path, &Json::Object(body.clone())).await;
            let told: Json = serde_json::from_str(&answer.text).unwrap();
            if answer.status == StatusCode::CREATED {
                return told["id"].as_str().unwrap().to_owned();
            }
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", answer.text);
            for fault in told["errors"].as_array().unwrap() {
                let name = fault["field"].as_str().unwrap().split(['.', '[']).next().unwrap().to_owned();
                let was = body.remove(&name);
                assert!(was.is_some(), "{path}: {}", answer.text);
                if was == Some(json!(self.text)) {
                    self.refused.push(format!("{}.{name}", module.name));
                }
            }
        }
        panic!("{path}: {body:?} is refused")
    }

    /// What stands in a field.
    fn value(&self, field: &Field) -> Option<Json> {
        let of = |module: &Option<String>| self.records.get(module.as_ref()?);
        Some(match field.kind {
            kind if WORDS.contains(&kind) => json!(self.text),
            FieldType::MultiChoice if field.open => json!([self.text.replace(',', " ")]),
            FieldType::Link => json!(of(&field.module)?),
            FieldType::Links => json!([of(&field.module)?]),
            FieldType::Record => json!({"module": "leads", "id": self.records.get("leads")?}),
            FieldType::Email => json!("somebody@example.org"),
            FieldType::Phone => json!("+79211234567"),
            FieldType::Choice if field.required && field.name == "locale" => json!(self.locale.tag()),
            FieldType::Choice if field.required => json!(field.options.first()?.value),
            _ => return None,
        })
    }

    /// A lead whose values changed, one in the bin, what was said of it, and a file.
    async fn past(&mut self) {
        let lead = self.records["leads"].clone();
        let page = format!("/leads/{lead}");
        let later = format!("{0} {0}", self.text);
        let change = self.changed(&format!("/api/v1{page}"), json!({"company": later, "need": later})).await;
        let set = change.headers["change-set"].to_str().unwrap().to_owned();
        self.parts.insert("set", vec![set]);
        let text = self.text.clone();
        let other = self.made("/api/v1/leads", json!({"name": text})).await["id"].as_str().unwrap().to_owned();
        let gone = self.api(Method::DELETE, &format!("/api/v1/leads/{other}"), &Json::Null).await;
        assert!(gone.status.is_success(), "{}", gone.text);
        let view = json!({"module": "leads", "name": text, "audience": "all", "q": text, "filter": format!("company != {}", json!(text))});
        let view = self.made("/api/v1/meta/views", view).await["id"].as_str().unwrap().to_owned();
        self.parts.insert("view", vec![view]);

        self.posted(&format!("{page}/follow"), &[("follow", "true")]).await;
        self.posted(&format!("{page}/comments"), &[("text", &text)]).await;
        // As browsers write names of files.
        let name = format!("{}.txt", text.replace('"', "%22").replace('/', "_"));
        let part = format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n--x--\r\n"
        );
        let headers = [("content-type", "multipart/form-data; boundary=x"), ("sec-fetch-site", "same-origin")];
        let sent = self.browser.send(Method::POST, &format!("{page}/files"), Body::from(part), &headers).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    }

    /// A colleague in a team, who says something of the lead.
    async fn people(&mut self) {
        let text = self.text.clone();
        let roles = json!(["head_of_sales", "interns"]);
        let user = json!({"email": "colleague@example.org", "name": text, "roles": roles, "password": PASSWORD, "locale": self.locale.tag()});
        let user = self.made("/api/v1/meta/users", user).await["id"].as_str().unwrap().to_owned();
        let team = self.made("/api/v1/meta/teams", json!({"name": text, "members": [user]})).await;
        let mailbox = json!({"name": text, "host": "127.0.0.1", "login": text, "password": text, "active": false});
        let mailbox = self.made("/api/v1/meta/mailboxes", mailbox).await;
        self.parts.insert("mailbox", vec![mailbox["id"].as_str().unwrap().to_owned()]);
        let line = json!({"name": text, "kind": "mango", "account": text, "secret": "a long secret"});
        let line = self.made("/api/v1/meta/lines", line).await;
        self.parts.insert("line", vec![line["id"].as_str().unwrap().to_owned()]);
        self.parts.insert("user", vec![user]);
        self.parts.insert("team", vec![team["id"].as_str().unwrap().to_owned()]);
        let mut colleague = Browser::new(&self.world, self.locale);
        let form = [("email", "colleague@example.org"), ("password", PASSWORD), ("next", "/leads")];
        assert_eq!(colleague.post("/sign-in", &encoded(&form)).await.location(), "/leads");
        let talk = format!("/leads/{}/comments", self.records["leads"]);
        let said = colleague.post(&talk, &encoded(&[("text", &text)])).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text);
    }

    /// An order by the public form, paid.
    async fn sale(&mut self) {
        let (kind, text) = (self.records["ticket_types"].clone(), self.text.clone());
        let mut buyer = Browser::new(&self.world, self.locale);
        let (count, first, second) =
            (format!("count.{kind}"), format!("attendee.{kind}.1.name"), format!("attendee.{kind}.2.name"));
        let form = [
            (count.as_str(), "2"),
            ("buyer_name", &text),
            ("buyer_email", "buyer@example.org"),
            ("buyer_phone", ""),
            ("consent", "yes"),
            ("attendees", "asked"),
            (&first, &text),
            (&second, &text),
            ("utm_source", &text),
        ];
        let placed = buyer.post("/e/spring", &encoded(&form)).await;
        assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.text);
        let token = placed.location().split(['/', '?']).nth(3).unwrap().to_owned();
        let order = self.found("/api/v1/orders").await.remove(0);
        let payment = json!({
            "order": order["id"], "amount": order["total"], "method": "bank", "external_id": "bank-1",
            "payer_name": text, "purpose": text, "reference": text,
        });
        self.made("/api/v1/payments", payment).await;
        let unpaid =
            [(count.as_str(), "1"), ("buyer_name", &text), ("buyer_email", "other@example.org"), ("consent", "yes")];
        let second = buyer.post("/e/spring", &encoded(&unpaid)).await;
        assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text);
        let second = second.location().split(['/', '?']).nth(3).unwrap().to_owned();
        let third = self.group_sale(&kind).await;
        self.parts.insert("token", vec![token, second, third]);
    }

    /// An order of an organisation; answers the secret of its link.
    async fn group_sale(&mut self, kind: &str) -> String {
        let text = self.text.clone();
        let request = json!({"company": {"name": text}, "contact": {"name": text, "email": "group@example.org"}});
        self.made("/api/public/v1/events/spring/group-orders", request).await;
        let deals = self.found("/api/v1/deals?filter=pipeline%20%3D%3D%20%22group_tickets%22&sort=-created_at").await;
        let answers = json!({
            "lines": [{"ticket_type": kind, "quantity": 2}], "name": text, "inn": "7707083893", "kpp": "773601001", "address": text,
        });
        let path = format!("/api/v1/deals/{}/questionnaire", deals[0]["id"].as_str().unwrap());
        let order = self.made(&path, answers).await;
        order["public_url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
    }

    /// A survey of every kind of question about a lead, answered; and another that waits.
    async fn surveys(&mut self) {
        let (label, text) = (self.label(), self.text.clone());
        let options = json!([{"value": "one", "label": label}]);
        let column = |key: &str, kind: &str| json!({"key": key, "label": label, "kind": kind});
        let question = |kind: &model::survey::Kind| {
            let mut question =
                json!({"key": format!("a_{}", kind.name()), "kind": kind, "label": label, "help": label});
            if kind.has_options() {
                question["options"] = options.clone();
            }
            match kind.name() {
                "matrix" => question["rows"] = options.clone(),
                "lines" => question["columns"] = json!([column("what", "text"), column("many", "number")]),
                _ => {}
            }
            question
        };
        let questions: Vec<Json> = model::survey::Kind::ALL.iter().map(question).collect();
        let survey = json!({
            "name": "asked", "label": label, "introduction": label, "thanks": label, "corrections": true,
            "about": [{"module": "leads", "to": "email", "called": "name"}], "questions": questions,
        });
        self.made("/api/v1/meta/surveys", survey).await;
        let letter = json!({"name": "written", "label": label, "subject": "About", "text": "Text"});
        self.made("/api/v1/meta/letters", letter).await;
        let lead = self.records["leads"].clone();
        let mut tokens = Vec::new();
        for to in ["first@example.org", "second@example.org"] {
            let about = json!({"module": "leads", "id": lead});
            self.made("/api/v1/surveys/send", json!({"survey": "asked", "about": about, "to": to, "person": text}))
                .await;
            let letter = self.found(&format!("/api/v1/sandbox/outbox?to={to}")).await.remove(0);
            let link = letter["text"].as_str().unwrap().split_once("/p/s/").unwrap().1.to_owned();
            tokens.push(link.split_whitespace().next().unwrap().to_owned());
        }
        let answers =
            json!({"a_text": text, "a_long_text": text, "a_scale": 9, "a_lines": [{"what": text, "many": 1}]});
        self.made(&format!("/api/public/v1/surveys/{}", tokens[0]), json!({"answers": answers})).await;
        self.parts.insert("survey token", tokens);
    }

    /// A form in which every text is said, and a request that came by it.
    async fn forms(&mut self) {
        let (label, text) = (self.label(), self.text.clone());
        let field = |name: &str| json!({"field": name, "label": label, "help": label});
        let fields = [("name", true), ("need", false), ("company", false)].map(|(name, is_wanted)| {
            let mut field = field(name);
            field["required"] = json!(is_wanted);
            field
        });
        let form = json!({
            "name": "filled", "label": label, "introduction": label, "thanks": label, "consent": label,
            "module": "leads", "values": {"source": text}, "fields": fields,
        });
        self.made("/api/v1/meta/forms", form).await;
        let said = json!({"name": text, "need": text, "company": text, "consent": true, "utm_source": text});
        self.made("/api/public/v1/forms/filled", said).await;
        let labels = json!([text]);
        let letter = json!({
            "name": "posted", "label": label, "from": "robot@shop.example", "subject": text, "module": "leads",
            "words": {text.clone(): text}, "values": {"source": text}, "reads": [{"to": "name", "labels": labels}],
        });
        self.made("/api/v1/meta/site_letters", letter).await;
    }

    /// A case that came in, with the page of whoever asked.
    async fn cases(&mut self) {
        let text = self.text.clone();
        let case = json!({"subject": text, "body": text, "from_name": text, "email": "asks@example.org"});
        self.made("/api/v1/cases", case).await;
        self.world.web.app.run_due().await.unwrap();
        let letter = self.found("/api/v1/sandbox/outbox?to=asks@example.org").await.remove(0);
        let link = letter["text"].as_str().unwrap().split_once("/p/c/").unwrap().1.to_owned();
        self.parts.insert("case token", vec![link.split_whitespace().next().unwrap().to_owned()]);
    }

    /// The page of whoever agreed to news.
    async fn consent(&mut self) {
        let id: Id = self.records["consents"].parse().unwrap();
        let read = move |work: &mut Work<'_>| work.as_process(|work| work.get("consents", id));
        let consent = self.world.web.app.workspace().read(Actor::System("test"), read).await.unwrap();
        self.parts.insert("consent token", vec![consent.text("token").unwrap().to_owned()]);
    }

    /// The page of whoever stands in the waiting list.
    async fn waiting(&mut self) {
        let letters = self.found("/api/v1/sandbox/outbox?to=somebody@example.org").await;
        let letter = letters.iter().find(|letter| letter["template"] == "waiting_joined").unwrap();
        let link = letter["text"].as_str().unwrap().split_once("/p/w/").unwrap().1.to_owned();
        self.parts.insert("waiting token", vec![link.split_whitespace().next().unwrap().to_owned()]);
    }

    /// Whatever records there are now.
    async fn learn(&mut self) {
        for module in self.modules() {
            let found = self.found(&format!("/api/v1/{}?limit=50", module.name)).await;
            // A letter that is formatted and brings something along, rather than a plain one.
            let is_formatted = |record: &&Json| record["html"].is_string();
            let brings = |record: &&Json| record["attachments"].as_array().is_some_and(|those| !those.is_empty());
            let letter = found.iter().filter(is_formatted).find(brings).or(found.iter().find(is_formatted));
            let record = letter.or(found.first());
            if let Some(record) = record {
                self.records.entry(module.name.clone()).or_insert(record["id"].as_str().unwrap().to_owned());
            }
        }
        let notices = self.found("/api/v1/notifications").await;
        let notices = notices.iter().map(|notice| notice["id"].as_str().unwrap().to_owned()).take(2).collect();
        self.parts.insert("notice", notices);
    }
}

/// What the records of some modules need besides texts.
fn given(module: &str) -> Map<String, Json> {
    let given = match module {
        "events" => json!({
            "slug": "spring", "status": "on_sale", "starts_on": "2099-04-13", "ends_on": "2099-04-14", "capacity": 10,
            "currency": "RUB",
        }),
        // A promised contact: whoever moves it says why.
        "activities" => json!({"kind": "call", "due_at": "2099-02-10T09:00:00Z"}),
        "ticket_types" => {
            let price = json!({"amount": "10000.00", "currency": "RUB"});
            json!({"quota": 10, "price_tiers": [{"price": price, "from": null, "until": null}]})
        }
        _ => json!({}),
    };
    given.as_object().cloned().unwrap_or_default()
}

pub(super) fn encoded(form: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(form).unwrap()
}
