//! Mailboxes through the API: administrators set them up, nobody is given their passwords.

use serde_json::{Value, json};

use crate::world::worlds;

const MAILBOXES: &str = "/api/v1/meta/mailboxes";

fn office() -> Value {
    json!({"name": "Office", "host": "mail.example.org", "login": "office@example.org", "password": "for-programs"})
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_set_mailboxes_up_and_change_them() {
    for world in worlds() {
        let api = &world.admin;
        let made = api.post(MAILBOXES, office()).await.expect(201);
        assert_eq!(
            (&made["port"], &made["security"], &made["folder"], &made["owner"], &made["active"]),
            (&json!(993), &json!("tls"), &json!("INBOX"), &Value::Null, &json!(true))
        );
        assert!(!made.to_string().contains("for-programs"), "{made}");
        let nobody = json!({"users": [], "teams": []});
        assert_eq!((&made["visibility"], &made["readers"]), (&json!("full"), &nobody));
        let address = format!("{MAILBOXES}/{}", made["id"].as_str().unwrap());
        let changed = api.patch(&address, json!({"name": "Front office", "active": false})).await.expect(200);
        assert_eq!((&changed["name"], &changed["active"]), (&json!("Front office"), &json!(false)));
        assert_eq!(api.get(MAILBOXES).await.expect(200)["data"], json!([changed]));
        let team = api.post("/api/v1/meta/teams", json!({"name": "Board"})).await.expect(201)["id"].clone();
        let readers = json!({"users": [world.admin_id], "teams": [team]});
        let seen = api.patch(&address, json!({"visibility": "subject", "readers": readers})).await.expect(200);
        assert_eq!((&seen["visibility"], &seen["readers"]), (&json!("subject"), &readers));
        let told = api.patch(&address, json!({"visibility": "metadata"})).await.expect(200);
        assert_eq!((&told["visibility"], &told["readers"]), (&json!("metadata"), &readers), "what is not named stays");
        let emptied = api.patch(&address, json!({"readers": {"users": [world.admin_id]}})).await.expect(200);
        assert_eq!(emptied["readers"], json!({"users": [world.admin_id], "teams": []}));
        api.post(&format!("{address}/look"), json!({})).await.refused(409, "mailbox_rests");
        api.post(&format!("{address}/try"), json!({})).await.refused(409, "mailbox_sandbox");
        let letters = api.get(&format!("{address}/letters?q=nothing&state=taken")).await.expect(200);
        assert_eq!(letters, json!({"data": [], "next_cursor": null}));
        api.get(&format!("{address}/letters?state=lost")).await.refused(400, "invalid_parameter");
        api.send("DELETE", &address, &[], None).await.expect(204);
        api.get(&format!("{address}/letters")).await.refused(404, "not_found");
        assert_eq!(api.get(MAILBOXES).await.expect(200)["data"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_by_its_field() {
    for world in worlds() {
        let api = &world.admin;
        api.post(MAILBOXES, json!({})).await.faulty(&["name", "host", "login", "password"]);
        let nobody = "0190a000-0000-7000-8000-000000000000";
        for (field, value) in [
            ("name", json!(" ")),
            ("host", json!("two\nlines")),
            ("port", json!(0)),
            ("port", json!("993")),
            ("security", json!("ssl")),
            ("password", json!("")),
            ("owner", json!(nobody)),
            ("since", json!("yesterday")),
            ("active", json!("yes")),
            ("mailbox", json!("INBOX")),
            ("visibility", json!("half")),
            ("visibility", json!(null)),
            ("readers", json!(["everybody"])),
            ("readers", json!({"users": [nobody]})),
            ("readers", json!({"teams": [nobody]})),
            ("readers", json!({"roles": []})),
        ] {
            let mut body = office();
            body[field] = value;
            api.post(MAILBOXES, body).await.faulty(&[field]);
        }
        let made = api.post(MAILBOXES, office()).await.expect(201);
        api.post(MAILBOXES, office()).await.refused(409, "duplicate");
        let address = format!("{MAILBOXES}/{}", made["id"].as_str().unwrap());
        // The password goes to no server that whoever names it was not given it for.
        api.patch(&address, json!({"host": "thief.example.org"})).await.faulty(&["password"]);
        api.patch(&address, json!({"host": "new.example.org", "password": "again"})).await.expect(200);
        let (_, organiser) = world.user("organiser", "organiser");
        organiser.get(MAILBOXES).await.refused(403, "missing_right");
        organiser.post(MAILBOXES, office()).await.refused(403, "missing_right");
        organiser.get(&format!("{address}/letters")).await.refused(403, "missing_right");
    }
}
