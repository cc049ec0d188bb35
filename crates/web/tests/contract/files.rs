//! Files attached to records: who attaches, reads and takes them away, what a browser may do with them; on both databases.

use axum::body::Body;
use futures_util::{StreamExt as _, stream};
use model::Actor;
use serde_json::{Value, json};
use store::Origin;

use crate::world::{World, worlds};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

fn ids(answer: &Value) -> Vec<String> {
    answer["data"].as_array().unwrap().iter().map(|file| file["id"].as_str().unwrap().to_owned()).collect()
}

async fn lead(world: &World, owner: &str) -> String {
    let lead = world.admin.post("/api/v1/leads", json!({"name": "Wanted", "owner": owner})).await.expect(201);
    format!("/api/v1/leads/{}", lead["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_read_with_its_record_and_taken_away_by_who_attached_it() {
    for world in worlds() {
        let ((anna_id, anna), (_, boris)) = (world.user("anna", "salesperson"), world.user("boris", "salesperson"));
        let (_, head) = world.user("head", "head_of_sales");
        let (_, door) = world.user("door", "door");
        let lead = lead(&world, &anna_id.to_string()).await;
        let files = format!("{lead}/files");
        let made = anna.upload(&files, &[("../Счёт 7.pdf", b"%PDF-1.7 x"), ("a.html", b"<script>")], None, "").await;
        let set = made.headers["change-set"].to_str().unwrap().to_owned();
        let made = made.expect(201);
        assert_eq!(made["data"][0]["name"], "Счёт 7.pdf");
        assert_eq!(made["data"][0]["content_type"], "application/pdf");
        assert_eq!(made["data"][1]["content_type"], "application/octet-stream");
        assert_eq!(made["data"][0]["size"], 10);
        let [pdf, page] = &ids(&made)[..] else { panic!("{made}") };

        for reader in [&anna, &head, &world.admin] {
            let file = reader.get(&format!("{files}/{pdf}")).await;
            assert_eq!((file.status, &file.bytes[..]), (200, &b"%PDF-1.7 x"[..]));
            assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment; "));
            let tag = file.headers["etag"].to_str().unwrap().to_owned();
            let again = reader.send("GET", &format!("{files}/{pdf}"), &[("if-none-match", &tag)], None).await;
            assert_eq!((again.status, again.bytes.len()), (304, 0));
            let story = reader.get(&format!("{lead}/timeline")).await.expect(200);
            assert!(story["data"].as_array().unwrap().iter().any(|entry| entry["kind"] == "files"), "{story}");
        }
        boris.get(&format!("{files}/{pdf}")).await.refused(404, "not_found");
        boris.get(&format!("/api/v1/files/{pdf}")).await.refused(404, "not_found");
        assert!(boris.get("/api/v1/files").await.expect(200)["data"].as_array().unwrap().is_empty());
        boris.upload(&files, &[("x", b"x")], None, "").await.refused(404, "not_found");
        assert!([403, 404].contains(&door.upload(&files, &[("x", b"x")], None, "").await.status));
        let other = self::lead(&world, &anna_id.to_string()).await;
        anna.get(&format!("{other}/files/{pdf}")).await.refused(404, "not_found");
        world.anybody().get(&format!("{files}/{pdf}")).await.refused(401, "unauthenticated");

        // Its author alone renames it, nobody says what is in it, and nobody describes a file that was never sent.
        anna.patch(&format!("/api/v1/files/{pdf}"), json!({"name": "Счёт 8.pdf"})).await.expect(200);
        head.patch(&format!("/api/v1/files/{pdf}"), json!({"name": "No"})).await.refused(403, "update_forbidden");
        anna.patch(&format!("/api/v1/files/{page}"), json!({"digest": "00", "content_type": "text/html"}))
            .await
            .faulty(&["content_type", "digest"]);
        let about = json!({"name": "x", "about": {"module": "leads", "id": lead.rsplit('/').next()}});
        anna.post("/api/v1/files", about).await.refused(409, "use_upload");

        // Undone and done again, as everything.
        anna.post(&format!("/api/v1/undo/{set}"), json!({"conflicts": "overwrite"})).await.expect(200);
        anna.get(&format!("{files}/{page}")).await.refused(404, "not_found");
        anna.post(&format!("/api/v1/files/{page}/restore"), json!({})).await.expect(200);
        assert_eq!(anna.get(&format!("{files}/{page}")).await.bytes, b"<script>");
        head.send("DELETE", &format!("/api/v1/files/{page}"), &[], None).await.refused(403, "delete_forbidden");
        world.admin.send("DELETE", &format!("/api/v1/files/{page}"), &[], None).await.expect(204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_holds_one_of_the_files_of_its_record() {
    for world in worlds() {
        let field = json!({"name": "contract", "type": "file", "label": {"ru": "Договор", "en": "Contract"}});
        world.admin.post("/api/v1/meta/modules/leads/fields", field).await.expect(201);
        let (one, other) =
            (lead(&world, &world.admin_id.to_string()).await, lead(&world, &world.admin_id.to_string()).await);
        let made = world
            .admin
            .upload(&format!("{one}/files"), &[("a.png", PNG), ("b.txt", b"b")], Some("contract"), "")
            .await
            .expect(201);
        let [first, second] = &ids(&made)[..] else { panic!("{made}") };
        let shown = world.admin.get(&format!("{one}?expand=contract")).await.expect(200);
        assert_eq!(
            (shown["contract"]["id"].as_str(), &shown["contract"]["title"]),
            (Some(&**first), &json!("a.png")),
            "{shown}"
        );
        world.admin.patch(&one, json!({"contract": second})).await.expect(200);
        world.admin.patch(&other, json!({"contract": second})).await.faulty(&["contract"]);
        world.admin.post("/api/v1/leads", json!({"name": "New", "contract": second})).await.faulty(&["contract"]);
        let found = world.admin.get("/api/v1/leads?filter=contract.name%20%3D%3D%20%22b.txt%22").await.expect(200);
        assert_eq!(found["data"].as_array().unwrap().len(), 1, "{found}");
        world.admin.upload(&format!("{one}/files"), &[("c", b"c")], Some("name"), "").await.faulty(&["name"]);
        let kept = world.admin.get("/api/v1/files").await.expect(200);
        assert_eq!(kept["data"].as_array().unwrap().len(), 2, "what is refused attaches nothing: {kept}");
        world.admin.patch(&one, json!({"contract": null})).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_twice_under_a_key_is_attached_once_and_too_much_is_refused() {
    for world in worlds() {
        let lead = lead(&world, &world.admin_id.to_string()).await;
        let files = format!("{lead}/files");
        let send = |bytes: &'static [u8]| {
            let (admin, files) = (world.admin.clone(), files.clone());
            async move { admin.upload(&files, &[("a.png", bytes)], None, "once").await }
        };
        let first = ids(&send(PNG).await.expect(201));
        assert_eq!(ids(&send(PNG).await.expect(201)), first);
        send(b"other").await.faulty(&["Idempotency-Key"]);
        let huge = vec![0_u8; 25 * 1024 * 1024 + 1];
        world.admin.upload(&files, &[("huge", &huge)], None, "").await.refused(413, "file_too_large");
        world.admin.upload(&files, &[("fits", &huge[1..])], None, "").await.expect(201);
        let many: Vec<(&str, &[u8])> = vec![("x", b"x"); 21];
        world.admin.upload(&files, &many, None, "").await.refused(413, "too_many_files");
        world.admin.upload(&files, &[], None, "").await.faulty(&["file"]);
        world.admin.upload(&files, &[("full", b"x"), ("empty", b"")], None, "").await.faulty(&["file"]);
        world.admin.post(&files, json!({})).await.refused(415, "unsupported_media_type");
        assert_eq!(world.admin.get("/api/v1/files").await.expect(200)["data"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_shut_out_while_they_send_has_sent_nothing() {
    for world in worlds() {
        let (anna_id, anna) = world.user("anna", "salesperson");
        let files = format!("{}/files", lead(&world, &anna_id.to_string()).await);
        let workspace = world.workspace.clone();
        let head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"plan.txt\"\r\n\r\n";
        let rest = async move {
            let shut = move |work: &mut store::Work<'_>| work.set_active(anna_id, false);
            workspace.write(Actor::System("test"), Origin::from("test"), shut).await.unwrap();
            Ok::<_, std::io::Error>("secret\r\n--x--\r\n")
        };
        let parts = stream::once(async move { Ok(head) }).chain(stream::once(rest));
        let kind = [("content-type", "multipart/form-data; boundary=x")];
        anna.call("POST", &files, &kind, Body::from_stream(parts)).await.refused(401, "unauthenticated");
        assert!(world.admin.get("/api/v1/files").await.expect(200)["data"].as_array().unwrap().is_empty());
    }
}
