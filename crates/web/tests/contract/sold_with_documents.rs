//! E6: nothing is sold without its documents in the system, whichever the pipeline and whatever day somebody types; on both databases.

use serde_json::json;

use crate::steps_of_papers::{DEALS, all, client, deal, id, issue, listed, press, rub, seller, states, to_closing};
use crate::world::{Answer, worlds};

/// What a refusal says that the condition wants.
fn unmet(answer: &Answer) -> Vec<&str> {
    answer.refused(409, "invalid_transition");
    let errors = answer.json["errors"].as_array().unwrap().iter();
    errors.filter(|error| error["code"] == "unmet").map(|error| error["field"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn e6_a_day_that_was_typed_is_neither_a_contract_that_is_signed_nor_an_invoice_that_is_paid() {
    for world in worlds() {
        let api = &world.admin;
        seller(&world).await;
        // The pipelines win by moves of one name that lead the same way: the log says which of them it was.
        let won = json!({"name": "won", "module": "deals", "when": {"event": "moved", "transitions": ["win"]},
            "then": [{"do": "create", "module": "activities", "fields": {"subject": "\"Won\""}}]});
        api.post("/api/v1/meta/rules", won).await.expect(201);
        let deal = deal(&world, api, "Romashka").await;
        let contract = format!("/api/v1/contracts/{}", id(&issue(api, &deal, "contract").await.expect(201)));
        issue(api, &deal, "invoice").await.expect(201);
        to_closing(&world, &deal).await;
        api.patch(&deal, json!({"contract_signed_on": "2036-03-01"})).await.expect(200);
        assert_eq!(unmet(&press(api, &deal, "win", json!({})).await), ["contracts_unsigned"]);
        press(api, &contract, "sign", json!({"signed_on": "2036-03-04"})).await.expect(200);
        let won = api.get(&deal).await.expect(200);
        assert_eq!((&won["stage"], &won["contract_signed_on"]), (&json!("won"), &json!("2036-03-04")));

        // Signed elsewhere, it comes as a file: the one that was issued here and is void holds nothing up.
        let other = super::steps_of_papers::deal(&world, api, "Vasilek").await;
        let void = format!("/api/v1/contracts/{}", id(&issue(api, &other, "contract").await.expect(201)));
        issue(api, &other, "invoice").await.expect(201);
        press(api, &void, "void", json!({})).await.expect(200);
        assert_eq!(listed(api, &other).await, states("awaited", "received"));
        let filter = format!("/api/v1/deal_documents?filter=deal%3D%3D%22{}%22", other.rsplit('/').next().unwrap());
        let documents = all(api, &filter).await;
        let awaited = documents.iter().find(|document| document["kind"] == "contract").unwrap();
        let again = format!("/api/v1/deal_documents/{}", id(awaited));
        assert_eq!(unmet(&press(api, &again, "receive", json!({})).await), ["is_there"]);
        api.receive(id(awaited)).await;
        to_closing(&world, &other).await;
        api.patch(&other, json!({"contract_signed_on": "2036-03-05"})).await.expect(200);
        press(api, &other, "win", json!({})).await.expect(200);
        api.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
        let runs = all(api, "/api/v1/meta/rules/won/runs").await;
        assert_eq!(runs.iter().filter(|run| run["state"] == "done").count(), 2, "by its contract, and by hand");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e6_no_deal_of_any_pipeline_is_won_with_an_empty_list_of_documents() {
    for world in worlds() {
        let api = &world.admin;
        seller(&world).await;
        for pipeline in ["general", "exhibition"] {
            let deal = json!({"name": pipeline, "pipeline": pipeline, "account": client(api, pipeline).await, "amount": rub("10.00")});
            let deal = format!("{DEALS}/{}", id(&api.post(DEALS, deal).await.expect(201)));
            to_closing(&world, &deal).await;
            assert_eq!(unmet(&press(api, &deal, "win", json!({})).await), ["has_documents"]);
            let of_deal = json!({"name": "Application", "deal": deal.rsplit('/').next().unwrap()});
            let document = api.post("/api/v1/deal_documents", of_deal).await.expect(201);
            let refused = press(api, &deal, "win", json!({})).await;
            assert_eq!(unmet(&refused), ["has_documents", "documents_missing"], "named is not there");
            // A document that nobody needs is none either.
            let at = format!("/api/v1/deal_documents/{}", id(&document));
            press(api, &at, "drop", json!({})).await.expect(200);
            assert_eq!(unmet(&press(api, &deal, "win", json!({})).await), ["has_documents"]);
            if pipeline == "general" {
                issue(api, &deal, "invoice").await.expect(201);
            } else {
                press(api, &at, "reopen", json!({})).await.expect(200);
                api.receive(id(&document)).await;
            }
            assert_eq!(press(api, &deal, "win", json!({})).await.expect(200)["stage"], "won");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_listed_after_its_paper_was_issued_is_there_without_a_file() {
    for world in worlds() {
        let api = &world.admin;
        seller(&world).await;
        let account = client(api, "Romashka").await;
        let deal = json!({"name": "Talk", "pipeline": "general", "account": account, "amount": rub("10.00")});
        let deal = api.post(DEALS, deal).await.expect(201);
        issue(api, &format!("{DEALS}/{}", id(&deal)), "invoice").await.expect(201);
        for (kind, is_there) in [("invoice", true), ("contract", false)] {
            let document = json!({"name": kind, "kind": kind, "deal": deal["id"]});
            let document = api.post("/api/v1/deal_documents", document).await.expect(201);
            let at = format!("/api/v1/deal_documents/{}", id(&document));
            assert_eq!(api.get(&at).await.expect(200)["is_there"], is_there, "{kind}");
            let status = press(api, &at, "receive", json!({})).await.status;
            assert_eq!(status, if is_there { 200 } else { 409 }, "{kind}");
        }
        // Lists say the same as records, and are filtered by it.
        let there = all(api, "/api/v1/deal_documents?filter=is_there").await;
        assert_eq!(there.len(), 1);
        assert_eq!(there[0]["kind"], "invoice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e6_a_paper_by_which_a_deal_was_won_is_void_only_after_the_deal_is_reopened() {
    for world in worlds() {
        let api = &world.admin;
        seller(&world).await;
        // Won by its invoice alone: the one document that a general deal has.
        let deal = json!({"name": "Talk", "pipeline": "general", "account": client(api, "Talk").await, "amount": rub("10.00")});
        let deal = format!("{DEALS}/{}", id(&api.post(DEALS, deal).await.expect(201)));
        to_closing(&world, &deal).await;
        let invoice = format!("/api/v1/invoices/{}", id(&issue(api, &deal, "invoice").await.expect(201)));
        assert_eq!(press(api, &deal, "win", json!({})).await.expect(200)["stage"], "won");
        press(api, &invoice, "void", json!({})).await.refused(409, "won_with_it");
        assert_eq!(api.get(&invoice).await.expect(200)["status"], "issued", "nothing is half done");
        // Whoever sells does not take back what is won; whoever leads does.
        let (seller_id, sam) = world.user("sam", "salesperson");
        api.patch(&deal, json!({"owner": seller_id.to_string()})).await.expect(200);
        press(&sam, &deal, "reopen", json!({})).await.refused(403, "transition_forbidden");
        let (_, head) = world.user("head", "head_of_sales");
        assert_eq!(press(&head, &deal, "reopen", json!({})).await.expect(200)["stage"], "closing");
        press(&head, &invoice, "void", json!({})).await.expect(200);
        assert_eq!(unmet(&press(&head, &deal, "win", json!({})).await), ["has_documents"]);
        issue(api, &deal, "invoice").await.expect(201);
        assert_eq!(press(&head, &deal, "win", json!({})).await.expect(200)["stage"], "won");

        // A sponsorship: its contract is signed and stays; its invoice stands on the list of documents.
        let deal = super::steps_of_papers::deal(&world, api, "Romashka").await;
        let contract = format!("/api/v1/contracts/{}", id(&issue(api, &deal, "contract").await.expect(201)));
        let invoice = format!("/api/v1/invoices/{}", id(&issue(api, &deal, "invoice").await.expect(201)));
        to_closing(&world, &deal).await;
        press(api, &contract, "sign", json!({})).await.expect(200);
        assert_eq!(api.get(&deal).await.expect(200)["stage"], "won");
        press(api, &invoice, "void", json!({})).await.refused(409, "won_with_it");
        assert_eq!(listed(api, &deal).await, states("received", "received"));
        // What came as a file is a document too: the paper is not what the sale stands on any more.
        let filter = format!("/api/v1/deal_documents?filter=deal%3D%3D%22{}%22", deal.rsplit('/').next().unwrap());
        let documents = all(api, &filter).await;
        let of_invoice = documents.iter().find(|document| document["kind"] == "invoice").unwrap();
        let files = format!("/api/v1/deal_documents/{}/files", id(of_invoice));
        api.upload(&files, &[("invoice.pdf", b"%PDF-1.7")], None, "").await.expect(201);
        press(api, &invoice, "void", json!({})).await.expect(200);
        assert_eq!(api.get(&deal).await.expect(200)["stage"], "won");
    }
}
