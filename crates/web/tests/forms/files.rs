//! Files that come by a form: bounded, attached to the record, nobody's to run.

use serde_json::json;

use super::world::worlds;
use super::{came, found, parts, stand};

const LARGEST: usize = 10 * 1024 * 1024;
const STAND: &str = "/api/public/v1/forms/stand";

fn texts(name: &str) -> [(&'static str, String); 3] {
    [
        ("name", name.to_owned()),
        ("email", format!("{}@example.org", name.to_lowercase())),
        ("consent", "yes".to_owned()),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_attached_to_what_the_form_makes() {
    for world in worlds() {
        let (api, site) = (&world.admin, world.anybody());
        stand(api, json!({})).await;
        let anna = texts("Anna");
        let anna: Vec<(&str, &str)> = anna.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let evil = b"<html><script>alert(1)</script>".as_slice();
        parts(&site, STAND, &anna, &[("brief", "brief.html", evil)]).await.expect(201);
        let lead = found(api, "leads", "email == \"anna@example.org\"").await.remove(0);
        let file = found(api, "files", "has(name)").await.remove(0);
        assert_eq!((&file["about"]["id"], &file["name"]), (&lead["id"], &json!("brief.html")));
        let at = format!("/api/v1/leads/{}/files/{}", lead["id"].as_str().unwrap(), file["id"].as_str().unwrap());
        let got = api.get(&at).await;
        assert_eq!((got.status, got.bytes.as_slice()), (200, evil));
        assert!(got.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        assert!(came(api, "stand").await[0]["text"].as_str().unwrap().contains("brief.html"));

        // Too large, empty, not asked for, and in the wrong words.
        let boris = texts("Boris");
        let boris: Vec<(&str, &str)> = boris.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let large = vec![7; LARGEST + 1];
        parts(&site, STAND, &boris, &[("brief", "brief.bin", large.as_slice())]).await.faulty(&["brief"]);
        parts(&site, STAND, &boris, &[("brief", "brief.txt", b"".as_slice())]).await.faulty(&["brief"]);
        let id = file["id"].as_str().unwrap();
        let named: Vec<_> = boris.iter().copied().chain([("brief", id)]).collect();
        parts(&site, STAND, &named, &[("other", "other.txt", b"x".as_slice())]).await.expect(201);
        assert_eq!(found(api, "files", "has(name)").await.len(), 1, "somebody's file is not named into a request");
        let much = vec![b'x'; 40 * 1024 * 1024];
        assert_eq!(parts(&site, STAND, &boris, &[("brief", "a.bin", much.as_slice())]).await.status, 413);
    }
}
