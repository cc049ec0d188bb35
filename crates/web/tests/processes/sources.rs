//! How records come to be: by hand where the module lets people make them, else as they do in life.

use model::{Definitions, Module};
use serde_json::{Value as Json, json};

use crate::dice::Dice;
use crate::people::Person;
use crate::values::{is_set, record};
use crate::world::{Answer, Api, World};

/// The event for which tickets are bought.
pub(crate) struct Stall {
    event: String,
    kind: String,
}

/// Sets up what is sold, and by whom.
pub(crate) async fn stall(world: &World) -> Stall {
    let entity = json!({
        "name": "OOO Harbour", "inn": "7736207543", "kpp": "773601001", "address": "Moscow", "bik": "044525225",
        "bank_name": "Bank", "bank_account": "40702810138250123017", "corr_account": "30101810400000000225", "vat_rate": "22",
    });
    let organisation = json!({"name": "Harbour", "legal_entities": [entity]});
    world.admin.patch("/api/v1/meta/organisation", organisation).await.expect(200);
    let event =
        json!({"name": "Fair", "slug": "fair", "status": "on_sale", "starts_on": "2046-05-10", "capacity": 90_000});
    let event = world.admin.post("/api/v1/events", event).await.expect(201);
    let tiers = json!([{"price": {"amount": "100.00", "currency": "RUB"}, "from": null, "until": null}]);
    let kind = json!({"event": event["id"], "name": "Guest", "quota": 90_000, "price_tiers": tiers});
    let kind = world.admin.post("/api/v1/ticket_types", kind).await.expect(201);
    for (path, name) in [("accounts", "Romashka"), ("contacts", "Vera Orlova")] {
        world.admin.post(&format!("/api/v1/{path}"), json!({"name": name})).await.expect(201);
    }
    let text = |json: &Json| json.as_str().unwrap().to_owned();
    Stall { event: text(&event["id"]), kind: text(&kind["id"]) }
}

/// Whether people make records of a module by hand.
pub(crate) fn is_made_by_hand(module: &Module, definitions: &Definitions) -> bool {
    let lacks = |field: &&model::field::Field| {
        field.required && field.default.is_none() && !is_set(field, module, definitions, true)
    };
    module.service.is_none() && module.fields.iter().find(lacks).is_none()
}

/// Makes a record by hand, as `person`.
pub(crate) async fn by_hand(
    dice: &mut Dice,
    person: &Person,
    module: &Module,
    definitions: &Definitions,
) -> (Json, Answer) {
    let fields = Json::Object(record(dice, person, module, definitions).await);
    let answer = person.api.post(&format!("/api/v1/{}", module.name), fields.clone()).await;
    (fields, answer)
}

impl Stall {
    /// Lets records of a module that nobody makes by hand come to be. A module of which nobody says how is a fault of this
    /// test: its process would go unproved.
    /// Answers the deal that a typed service leads from then on.
    pub(crate) async fn come_to_be(&self, dice: &mut Dice, api: &Api, module: &str) -> Option<String> {
        let number = dice.below(1_000_000_000);
        match module {
            "orders" | "tickets" => drop(self.order(api, number, 1 + dice.below(3)).await),
            "payments" => {
                let amount = [50, 100, 150, 200, 300][dice.below(5)];
                let mut payment = json!({
                    "amount": {"amount": format!("{amount}.00"), "currency": "RUB"}, "method": "card", "provider": "bank",
                    "external_id": format!("pay-{number}"),
                });
                if !dice.one_in(4) {
                    payment["order"] = self.order(api, number, 1 + dice.below(2)).await["id"].clone();
                }
                api.post("/api/v1/payments", payment).await.expect(201);
            }
            "invoices" => return Some(self.invoice(api, number).await),
            "contracts" => return Some(contract(api, number).await),
            "rejected_requests" => {
                let fields = json!({"name": "Anna Kotova", "email": "nowhere"});
                let form =
                    json!({"source": "form", "module": "leads", "fields": fields, "external_id": number.to_string()});
                api.post("/api/v1/intake", form).await.expect(202);
            }
            "surveys" => {
                let lead = json!({"name": "Anna", "email": format!("lead{number}@example.org")});
                let lead = api.post("/api/v1/leads", lead).await.expect(201);
                let about = json!({"module": "leads", "id": lead["id"]});
                api.post("/api/v1/surveys/send", json!({"survey": "decline", "about": about})).await.expect(200);
            }
            other => panic!("nobody makes {other} by hand, and nobody says here how else they come to be"),
        }
        None
    }

    async fn order(&self, api: &Api, number: usize, tickets: usize) -> Json {
        let person = json!({"name": "Anna Reed", "email": format!("buyer{number}@example.org")});
        let ticket = json!({"ticket_type": self.kind, "attendee": person});
        let order = json!({
            "event": self.event, "buyer": person, "tickets": std::iter::repeat_n(ticket, tickets).collect::<Vec<_>>(),
        });
        api.post("/api/v1/orders", order).await.expect(201)
    }

    /// An organisation asks for tickets, and is invoiced; answers its deal.
    async fn invoice(&self, api: &Api, number: usize) -> String {
        let email = format!("vera{number}@example.org");
        let body = json!({"company": {"name": format!("Romashka {number}")}, "contact": {"name": "Vera Orlova", "email": email}});
        api.post("/api/public/v1/events/fair/group-orders", body).await.expect(201);
        let filter: String =
            format!("contact.email == \"{email}\"").bytes().map(|byte| format!("%{byte:02X}")).collect();
        let deals = api.get(&format!("/api/v1/deals?filter={filter}")).await.expect(200);
        let answers = json!({
            "lines": [{"ticket_type": self.kind, "quantity": 2}], "name": "OOO Romashka", "inn": "7707083893",
            "kpp": "773601001", "address": "Moscow, Prichal 1", "bik": "044525225",
            "bank_account": "40702810138250123017", "corr_account": "30101810400000000225",
        });
        let deal = deals["data"][0]["id"].as_str().unwrap().to_owned();
        api.post(&format!("/api/v1/deals/{deal}/questionnaire"), answers).await.expect(201);
        deal
    }
}

/// A sponsor gets a contract; answers its deal, which is won by a signature.
async fn contract(api: &Api, number: usize) -> String {
    let account = json!({
        "name": format!("Vasilek {number}"), "inn": "7707083893", "kpp": "773601001", "legal_address": "Moscow, Prichal 1",
    });
    let account = api.post("/api/v1/accounts", account).await.expect(201);
    let amount = json!({"amount": "1000.00", "currency": "RUB"});
    let deal = json!({"name": format!("Gold {number}"), "pipeline": "sponsorship", "account": account["id"], "amount": amount});
    let deal = api.post("/api/v1/deals", deal).await.expect(201)["id"].as_str().unwrap().to_owned();
    api.post(&format!("/api/v1/deals/{deal}/contract"), json!({})).await.expect(201);
    deal
}
