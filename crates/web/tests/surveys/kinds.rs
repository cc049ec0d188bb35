//! Every kind of question: answered once right and once wrong, refused with its place and code, and counted.

use std::collections::BTreeSet;

use model::survey::Kind;
use serde_json::{Value, json};

use super::world::{Api, World, worlds};
use super::{PUBLIC, SURVEYS, found, token};

/// A kind, two right answers, a wrong one with the place and the code by which it is refused.
type Case = (&'static str, [Value; 2], Value, &'static str, &'static str);

fn cases() -> Vec<Case> {
    let email = "Anna@Example.org";
    vec![
        ("text", [json!("One"), json!("Two")], json!(1), "", "invalid_type"),
        ("long_text", [json!("Many\nwords"), json!("Few")], json!(["x"]), "", "invalid_type"),
        ("email", [json!(email), json!("b@example.org")], json!("nobody"), "", "invalid_email"),
        ("phone", [json!("+7 999 123-45-67"), json!("+44 20 7946 0958")], json!("call me"), "", "invalid_phone"),
        ("number", [json!(3), json!(6)], json!("three"), "", "invalid_type"),
        ("date", [json!("2027-03-01"), json!("2027-03-02")], json!("in March"), "", "invalid_date"),
        ("yes_no", [json!(true), json!(false)], json!("yes"), "", "invalid_type"),
        ("one", [json!("a"), json!("b")], json!("x"), "", "invalid_choice"),
        ("several", [json!(["a", "b"]), json!(["b"])], json!(["a", "x"]), "", "invalid_choice"),
        ("ranking", [json!(["b", "a"]), json!(["b", "a"])], json!(["a", "a"]), "", "not_ranked"),
        ("scale", [json!(10), json!(0)], json!(11), "", "out_of_range"),
        ("stars", [json!(5), json!(2)], json!(6), "", "out_of_range"),
        ("matrix", [json!({"a": "a"}), json!({"a": "b", "b": "b"})], json!({"a": "x"}), ".a", "invalid_choice"),
        (
            "lines",
            [json!([{"what": "x", "many": 2}]), json!([{"what": "y", "many": 1}])],
            json!([{"what": "x"}]),
            "[0].many",
            "required",
        ),
    ]
}

/// The survey of all of them, and of a file.
async fn make(api: &Api) {
    let label = |text: &str| json!({"ru": text, "en": text});
    let options = json!([{"value": "a", "label": label("A")}, {"value": "b", "label": label("B")}]);
    let column = |key: &str, kind: &str| json!({"key": key, "label": label(key), "kind": kind});
    let question = |kind: &Kind| {
        let mut question = json!({"key": format!("q_{}", kind.name()), "kind": kind, "label": label(kind.name())});
        if kind.has_options() {
            question["options"] = options.clone();
        }
        match kind {
            Kind::Matrix => question["rows"] = options.clone(),
            Kind::Lines => question["columns"] = json!([column("what", "text"), column("many", "number")]),
            _ => {}
        }
        question
    };
    let questions: Vec<Value> = Kind::ALL.iter().map(question).collect();
    let about = json!([{"module": "leads", "to": "email"}]);
    let body = json!({"name": "all", "label": label("All"), "about": about, "questions": questions});
    api.post(SURVEYS, body).await.expect(201);
}

/// Sends it about a new lead; answers where it is answered.
async fn sent(world: &World, who: &str) -> String {
    let (api, email) = (&world.admin, format!("{who}@example.org"));
    let lead = api.post("/api/v1/leads", json!({"name": who, "email": email})).await.expect(201);
    let body = json!({"survey": "all", "about": {"module": "leads", "id": lead["id"]}});
    api.post("/api/v1/surveys/send", body).await.expect(200);
    format!("{PUBLIC}/{}", token(api, &email).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_is_answered_right_and_wrong_and_counted() {
    let known: BTreeSet<&str> = cases().iter().map(|(kind, ..)| *kind).chain(["file"]).collect();
    let all: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(known, all, "a kind that nobody answers here");
    for world in worlds() {
        let (api, anybody) = (&world.admin, world.anybody());
        make(api).await;
        let links = [sent(&world, "anna").await, sent(&world, "boris").await];
        let key = |kind: &str| format!("q_{kind}");
        for (kind, _, wrong, place, code) in cases() {
            let refused = anybody.post(&links[0], json!({"answers": {key(kind): wrong}})).await;
            let fault = json!({"field": format!("{}{place}", key(kind)), "code": code});
            let errors = refused.json["errors"].as_array().cloned().unwrap_or_default();
            let told: Vec<Value> = errors.iter().map(|it| json!({"field": it["field"], "code": it["code"]})).collect();
            assert_eq!((refused.status, told), (422, vec![fault]), "{kind}: {}", refused.text);
        }
        // A file is named by what was sent by the link: nothing was. Sent ones are told of in tests of their own.
        let stranger = json!({"answers": {"q_file": "01981c2b-0000-7000-8000-000000000001"}});
        anybody.post(&links[0], stranger).await.faulty(&["q_file"]);
        assert!(found(api, "survey_answers", "questionnaire == \"all\"").await.is_empty());

        for (index, link) in links.iter().enumerate() {
            let answers: serde_json::Map<_, _> =
                cases().into_iter().map(|(kind, right, ..)| (key(kind), right[index].clone())).collect();
            anybody.post(link, json!({"answers": answers})).await.expect(201);
        }
        let results = api.get(&format!("{SURVEYS}/all/results")).await.expect(200);
        let of = |kind: &str| {
            results["questions"].as_array().unwrap().iter().find(|it| it["key"] == key(kind).as_str()).unwrap().clone()
        };
        let counts = |kind: &str| -> Vec<Vec<(Value, Value)>> {
            let rows = of(kind)["counts"].as_array().unwrap().clone();
            let row = |row: &Value| -> Vec<(Value, Value)> {
                let counts = row["counts"].as_array().unwrap().iter();
                counts.filter(|it| it["count"] != 0).map(|it| (it["value"].clone(), it["count"].clone())).collect()
            };
            rows.iter().map(row).collect()
        };
        let texts = |kind: &str| -> Vec<Value> {
            of(kind)["texts"].as_array().unwrap().iter().map(|it| it["text"].clone()).collect()
        };
        for (kind, ..) in cases() {
            assert_eq!(of(kind)["answered"], 2, "{kind}");
        }
        let row = |pairs: &[(&str, i64)]| -> Vec<(Value, Value)> {
            pairs.iter().map(|(value, count)| (json!(value), json!(count))).collect()
        };
        assert_eq!(texts("text"), [json!("Two"), json!("One")]);
        assert_eq!(texts("long_text"), [json!("Few"), json!("Many\nwords")]);
        assert_eq!(texts("lines"), [json!("y · 1"), json!("x · 2")]);
        assert_eq!((&of("number")["mean"], &of("stars")["mean"]), (&json!("4.50"), &json!("3.50")));
        assert_eq!((&of("scale")["mean"], &of("scale")["nps"]), (&json!("5.00"), &json!(0)));
        assert_eq!(counts("scale"), [row(&[("0", 1), ("10", 1)])]);
        assert_eq!(counts("stars"), [row(&[("2", 1), ("5", 1)])]);
        assert_eq!(counts("yes_no"), [row(&[("true", 1), ("false", 1)])]);
        assert_eq!(counts("one"), [row(&[("a", 1), ("b", 1)])]);
        assert_eq!(counts("several"), [row(&[("a", 1), ("b", 2)])]);
        assert_eq!(counts("matrix"), [row(&[("a", 1), ("b", 1)]), row(&[("b", 1)])]);
        let places: Vec<_> = of("ranking")["places"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["value"].clone(), it["mean"].clone()))
            .collect();
        assert_eq!(places, [(json!("b"), json!("1.00")), (json!("a"), json!("2.00"))], "the best first");
        let kept = |question: &str| format!("questionnaire == \"all\" && question == \"{question}\"");
        let email = found(api, "survey_answers", &kept("q_email")).await;
        assert_eq!(email[0]["value"], "anna@example.org");
        let ranked = found(api, "survey_answers", &kept("q_ranking")).await;
        assert_eq!((&ranked[0]["value"], &ranked[0]["answer"]), (&json!(["b", "a"]), &json!("1. B\n2. A")));
        let date = found(api, "survey_answers", &kept("q_date")).await;
        assert_eq!(date[1]["value"], "2027-03-02");
    }
}
