//! What comes of acts, and has pages of its own: what came in and waits, a pack that was applied, an undo that is asked about.

use axum::http::Method;
use model::Actor;
use serde_json::{Value as Json, json};
use store::{Draft, Origin, Work};

use super::Filled;

impl Filled {
    /// A message that waits to be sorted, and a request that was rejected.
    pub(super) async fn came_in(&mut self) {
        let text = self.text.clone();
        let message = json!({
            "channel": "email", "direction": "in", "subject": text, "from": "asks@example.org", "from_name": text, "text": text,
        });
        let message = self.made("/api/v1/messages", message).await["id"].as_str().unwrap().to_owned();
        // One of one's own that waits to go: a letter, and an SMS.
        let line = json!({"name": format!("{text} 2"), "kind": "http", "account": text, "secret": "a long secret", "sender": text,
            "address": "https://sms.example.org/send", "body": text});
        let line = self.made("/api/v1/meta/lines", line).await["id"].as_str().unwrap().to_owned();
        self.parts.entry("line").or_default().push(line);
        let lead = json!({"name": text, "phone": "+79217770011", "email": "waits@example.org"});
        let lead = self.made("/api/v1/leads", lead).await;
        let lead = format!("/api/v1/leads/{}", lead["id"].as_str().unwrap());
        let letter = self.made(&format!("{lead}/letters"), json!({"subject": "x", "text": text})).await;
        let sms = self.made(&format!("{lead}/messages"), json!({"text": text})).await;
        let own = [letter, sms].map(|one| one["id"].as_str().unwrap().to_owned());
        self.parts.insert("message", [vec![message], own.to_vec()].concat());
        let fields = json!({"name": text, "company": text, "email": text});
        self.made("/api/v1/intake", json!({"source": "form", "module": "leads", "fields": fields})).await;
        self.sources().await;
    }

    /// A line of each kind that brings requests.
    async fn sources(&mut self) {
        let text = self.text.clone();
        let mut sources = Vec::new();
        for (number, kind, more) in [
            (3, "webhook", json!({"id_path": text})),
            (4, "vk", json!({"account": "1", "confirmation": text})),
            (5, "meta", json!({"hook_secret": "another long secret"})),
        ] {
            let mut line = json!({"name": format!("{text} {number}"), "kind": kind, "form": "lead_form", "secret": "a long secret"});
            line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let line = self.made("/api/v1/meta/lines", line).await;
            sources.push(line["id"].as_str().unwrap().to_owned());
        }
        self.parts.insert("source", sources);
    }

    /// A pack of one's own, which was not there before.
    pub(super) async fn pack(&mut self) {
        let label = json!(self.text);
        let manifest =
            format!("name = \"extra\"\nlabel = {{ ru = {label}, en = {label} }}\nversion = 1\nrequires = [\"crm\"]\n");
        let leads = format!(
            "extends = \"leads\"\nfields = [ {{ name = \"motto\", type = \"text\", label = {{ ru = {label}, en = {label} }} }} ]\n"
        );
        let files = json!({"pack.toml": manifest, "modules/leads.toml": leads});
        self.made("/api/v1/meta/packs", json!({"files": files})).await;
        let page = self.browser.page("/settings/packs/extra").await;
        let past = page.split("/settings/packs/extra/past/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        self.parts.insert("number", vec!["1".to_owned(), "2".to_owned(), past.to_owned()]);
    }

    /// Something changes after the act that is taken back, which then asks.
    pub(super) async fn changed_since(&mut self) {
        let lead = format!("/api/v1/leads/{}", self.records["leads"]);
        let later = format!("{0} {0} {0}", self.text);
        self.changed(&lead, json!({"company": later})).await;
    }

    /// The same of so many records that it is taken back in turns: what stands in the way, and how far another one is.
    pub(super) async fn large_undo(&mut self) {
        for stands_in_the_way in [true, false] {
            let text = self.text.clone();
            let make = move |work: &mut Work<'_>| {
                let first = work.create("accounts", Draft::new().set("name", text.clone()))?.id;
                for number in 0..5_000 {
                    work.create("accounts", Draft::new().set("name", format!("{text} {number}")))?;
                }
                Ok((first, work.change_set().unwrap().to_string()))
            };
            let workspace = self.world.web.app.workspace();
            let ((first, set), _) = workspace.write(Actor::System("test"), Origin::from("import"), make).await.unwrap();
            let path = format!("/api/v1/undo/{set}");
            if stands_in_the_way {
                let later = format!("{0} {0}", self.text);
                self.changed(&format!("/api/v1/accounts/{first}"), json!({"name": later})).await;
            }
            let begun = self.api(Method::POST, &path, &json!({})).await;
            assert!(begun.status.is_success(), "{}", begun.text);
            if stands_in_the_way {
                self.world.web.app.run_due().await.unwrap();
                let refused: Json = serde_json::from_str(&self.browser.get(&path).await.text).unwrap();
                assert_eq!(refused["state"], "refused", "{refused}");
            }
            self.parts.get_mut("set").unwrap().push(set);
        }
    }
}
