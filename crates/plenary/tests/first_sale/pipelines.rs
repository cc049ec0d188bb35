//! Where records start and what they are called: deals by their pipeline, cases by their number.

use std::collections::BTreeSet;
use std::thread;

use serde_json::{Value, json};

use crate::harness::api::{id, text};
use crate::harness::world::on_both;
use crate::harness::{Api, World};

on_both!(deals, super::deals_follow_their_pipeline);
on_both!(cases, super::cases_are_numbered);

fn deals_follow_their_pipeline(world: &mut World) {
    let admin = world.admin();
    let made = |fields: Value| admin.create("deals", fields);
    let press = |deal: &Value, name: &str, fields: Value| admin.transition("deals", id(deal), name, fields);
    let stage = |deal: &Value| text(&admin.record("deals", id(deal)), "stage").to_owned();

    // A pipeline that nobody named is the general one, which goes the way of sponsorship.
    assert_eq!(text(&made(json!({"name": "Anything"})), "stage"), "event");
    let sponsor = made(json!({"name": "Sponsor", "pipeline": "sponsorship"}));
    assert_eq!(text(&sponsor, "stage"), "event");
    let group = made(json!({"name": "Twenty tickets", "pipeline": "group_tickets"}));
    assert_eq!(text(&group, "stage"), "request");
    admin.post("/api/v1/deals", json!({"name": "X", "pipeline": "group_tickets", "stage": "won"})).expect(422);

    for expected in ["questionnaire", "terms"] {
        assert_eq!(text(&press(&group, "advance", json!({})).expect(200), "stage"), expected);
    }
    let asked = press(&group, "advance", json!({}));
    asked.refused(422, "validation_failed");
    assert_eq!(asked.fields(), ["payment_terms"], "terms are asked of this pipeline, an event of the other");
    press(&group, "advance", json!({"payment_terms": "postpaid"})).expect(200);
    press(&group, "back", json!({})).expect(200);
    assert_eq!(stage(&group), "terms");
    for expected in ["invoiced", "issued"] {
        assert_eq!(text(&press(&group, "advance", json!({})).expect(200), "stage"), expected);
    }
    press(&group, "advance", json!({})).refused(409, "invalid_transition");
    // This pipeline is won by money, and by a paper: a day that somebody typed is neither order nor invoice.
    press(&group, "win", json!({})).refused(409, "invalid_transition");
    admin.patch(&format!("/api/v1/deals/{}", id(&group)), json!({"paid_on": "2036-05-10"})).expect(200);
    let refused = press(&group, "win", json!({}));
    refused.refused(409, "invalid_transition");
    assert!(refused.fields().contains(&"has_documents"), "{:?}", refused.fields());
    // What was agreed and invoiced elsewhere comes as a file.
    let invoice = admin.create("deal_documents", json!({"name": "Invoice", "deal": id(&group)}));
    admin.transition("deal_documents", id(&invoice), "receive", json!({})).refused(409, "invalid_transition");
    let body =
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"invoice.pdf\"\r\n\r\n%PDF\r\n--x--\r\n";
    let kind = ("Content-Type", "multipart/form-data; boundary=x");
    let files = format!("/api/v1/deal_documents/{}/files", id(&invoice));
    assert_eq!(admin.raw("POST", &files, &[kind], body.as_bytes()).unwrap().status, 201);
    admin.transition("deal_documents", id(&invoice), "receive", json!({})).expect(200);
    press(&group, "win", json!({})).expect(200);
    assert_eq!(stage(&group), "won");

    let lost = made(json!({"name": "Ten tickets", "pipeline": "group_tickets"}));
    for (deal, start) in [(&lost, "request"), (&sponsor, "event")] {
        press(deal, "win", json!({})).refused(409, "invalid_transition");
        press(deal, "lose", json!({"lost_reason": "No budget"})).expect(200);
        assert_eq!(text(&press(deal, "reopen", json!({})).expect(200), "stage"), start);
    }
    assert_eq!(press(&sponsor, "advance", json!({})).fields(), ["event"]);
    press(&sponsor, "win", json!({})).refused(409, "invalid_transition");
}

fn cases_are_numbered(world: &mut World) {
    let admin = world.admin();
    let case = |subject: &str| json!({"subject": subject, "channel": "email"});
    let first = admin.create("cases", case("When?"));
    assert_eq!(text(&first, "number"), "C-000001");
    assert_eq!(text(&admin.create("cases", case("Where?")), "number"), "C-000002");
    admin.post("/api/v1/cases", json!({"subject": "Mine", "number": "C-000077"})).expect(422);

    // What was refused, or undone with its batch, has used no number.
    admin.post("/api/v1/cases", json!({"channel": "email"})).expect(422);
    let batch = |atomic: bool, broken: Value| {
        let operations = [case("A"), case("B"), broken].map(|fields| json!({"op": "create", "fields": fields}));
        admin.post("/api/v1/cases/batch", json!({"atomic": atomic, "operations": operations}))
    };
    assert_eq!(batch(true, json!({"subject": "C", "channel": "pigeon"})).status, 422);
    assert_eq!(text(&admin.create("cases", case("How?")), "number"), "C-000003");
    batch(false, json!({"subject": "C", "channel": "pigeon"})).expect(200);

    // Many at once: each its own, and none is missing.
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let api: Api = admin.clone();
            thread::spawn(move || {
                for number in 0..10 {
                    api.create("cases", json!({"subject": format!("{writer}/{number}"), "channel": "api"}));
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    let numbers: BTreeSet<String> =
        admin.all("cases", &[("limit", "500")]).iter().map(|case| text(case, "number").to_owned()).collect();
    let expected: BTreeSet<String> = (1..=45).map(|number| format!("C-{number:06}")).collect();
    assert_eq!(numbers, expected);
    let found = admin.all("cases", &[("filter", "number == \"C-000001\"")]);
    assert_eq!(found.iter().map(id).collect::<Vec<_>>(), [id(&first)]);
}
