//! A workspace with a little of everything, and what of it must not change.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::api::{id, text};
use crate::harness::{Api, Sale, rub};

/// One record of most modules.
pub(crate) struct Sample {
    pub(crate) sale: Sale,
    /// Module → a record's id.
    pub(crate) ids: BTreeMap<String, String>,
    /// Secret of the order's link.
    pub(crate) token: String,
    /// Secret of the link of a survey that nobody waits for any more.
    pub(crate) link: String,
    /// Code of the paid order's ticket.
    pub(crate) code: String,
    modules: Vec<String>,
}

/// How many there are of each.
pub(crate) type Counts = Vec<(String, i64)>;

impl Sample {
    pub(crate) fn make(admin: &Api) -> Self {
        let sale = Sale::open(admin, "hostile", &[("Participant", 20, 1_000_000, 1_200_000, 240)]);
        let mut ids = BTreeMap::new();
        let made = [
            ("leads", json!({"name": "Lead Somebody", "email": "lead@example.com"})),
            ("contacts", json!({"name": "Contact Somebody", "email": "contact@example.com"})),
            ("accounts", json!({"name": "Roga i Kopyta", "kind": "organisation"})),
            ("deals", json!({"name": "Sponsor", "pipeline": "sponsorship"})),
            ("cases", json!({"subject": "A question", "body": "When?", "channel": "email"})),
            ("activities", json!({"kind": "task", "subject": "Call back"})),
            ("participants", json!({"name": "Guest Somebody", "event": sale.event})),
        ];
        for (module, fields) in made {
            ids.insert(module.to_owned(), id(&admin.create(module, fields)).to_owned());
        }
        let request = json!({"source": "form", "module": "leads", "fields": {"name": "Bad Somebody", "email": "bad"}});
        let rejected = admin.post("/api/v1/intake", request).expect(202);
        ids.insert("rejected_requests".to_owned(), id(&rejected["rejected"]).to_owned());
        let site = json!({"name": "shop", "label": {"ru": "Сайт", "en": "Site"}, "from": "robot@shop.example", "module": "leads",
            "reads": [{"to": "name", "labels": ["Name"]}]});
        admin.post("/api/v1/meta/site_letters", site).expect(201);
        let about = json!({"module": "leads", "id": ids["leads"]});
        let sent = admin.post("/api/v1/surveys/send", json!({"survey": "decline", "about": about})).expect(200);
        let close = format!("/api/v1/surveys/{}/transitions/close", id(&sent));
        admin.post(&close, json!({})).expect(200);
        ids.insert("surveys".to_owned(), id(&sent).to_owned());
        let letters = admin.get("/api/v1/sandbox/outbox?to=lead@example.com").expect(200);
        let (_, link) = text(&letters["data"][0], "text").split_once("/p/s/").unwrap();
        let link = link.split_whitespace().next().unwrap().to_owned();
        let public = Api::new(admin.address, None);
        let placed = sale.order(&public, sale.request("Order Somebody", "order@example.com", None, &[0])).expect(201);
        let order = admin.all("orders", &[])[0].clone();
        let payment =
            admin.create("payments", json!({"amount": rub(1_000_000), "order": id(&order), "external_id": "x1"}));
        // What is sent is sent now, and not while somebody counts what has changed.
        admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).expect(200);
        let ticket = admin.all("tickets", &[])[0].clone();
        let letter = admin.all("messages", &[])[0].clone();
        for (module, record) in
            [("orders", &order), ("payments", &payment), ("tickets", &ticket), ("messages", &letter)]
        {
            ids.insert(module.to_owned(), id(record).to_owned());
        }
        ids.insert("events".to_owned(), sale.event.clone());
        ids.insert("ticket_types".to_owned(), sale.types[0].id.clone());
        let meta = admin.get("/api/v1/meta/modules").expect(200);
        let modules = meta["data"].as_array().unwrap().iter().map(|module| text(module, "name").to_owned()).collect();
        let token = text(&placed, "public_url").rsplit('/').next().unwrap().to_owned();
        Self { sale, ids, token, link, code: text(&ticket, "code").to_owned(), modules }
    }

    /// How many records there are, and the versions of these.
    pub(crate) fn state(&self, admin: &Api) -> (Counts, Counts) {
        let counts = self.modules.iter().map(|module| (module.clone(), admin.count(module)));
        let version = |module: &str, id: &str| admin.record(module, id)["version"].as_i64().unwrap();
        let versions = self.ids.iter().map(|(module, id)| (module.clone(), version(module, id)));
        (counts.collect(), versions.collect())
    }

    /// The definition of every module.
    pub(crate) fn definitions(&self, admin: &Api) -> Vec<Value> {
        admin.get("/api/v1/meta/modules").expect(200)["data"].as_array().unwrap().clone()
    }

    /// What stands for a variable part of a path when that part is not what is proved.
    pub(crate) fn part(&self, name: &str) -> String {
        match name {
            "module" => "leads".to_owned(),
            "id" => self.ids["leads"].clone(),
            "slug" => self.sale.slug.clone(),
            "token" => self.token.clone(),
            "name" => "contact".to_owned(),
            "field" => "need".to_owned(),
            "pack" => "own".to_owned(),
            "role" => "reviewer".to_owned(),
            "process" => "leads".to_owned(),
            "rule" => "quality_check_leads".to_owned(),
            "letter" => "order_received".to_owned(),
            "site_letter" => "shop".to_owned(),
            "survey" => "decline".to_owned(),
            "form" => "request".to_owned(),
            "sent" => self.ids["surveys"].clone(),
            "link" => self.link.clone(),
            "deal" => self.ids["deals"].clone(),
            "message" => self.ids["messages"].clone(),
            "rejected" => self.ids["rejected_requests"].clone(),
            _ => "0".to_owned(),
        }
    }
}
