//! What is in files: given out in parts and not read in vain, out of reach where the record or the field is, refused whole
//! where the disk or the limits refuse; on both databases.

use serde_json::{Value, json};

use crate::access::{browse, session};
use crate::world::{Answer, Api, World, worlds};

const ROLES: &str = "/api/v1/meta/roles";

fn ids(answer: &Value) -> Vec<String> {
    answer["data"].as_array().unwrap().iter().map(|file| file["id"].as_str().unwrap().to_owned()).collect()
}

async fn lead(world: &World, owner: &str) -> String {
    let lead = world.admin.post("/api/v1/leads", json!({"name": "Wanted", "owner": owner})).await.expect(201);
    format!("/api/v1/leads/{}", lead["id"].as_str().unwrap())
}

fn said<'a>(answer: &'a Answer, header: &str) -> &'a str {
    answer.headers.get(header).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_given_out_in_parts_and_not_read_in_vain() {
    for world in worlds() {
        let files = format!("{}/files", lead(&world, &world.admin_id.to_string()).await);
        let bytes: Vec<u8> = (0..200_000_u32).map(|number| (number % 251) as u8).collect();
        let made = world.admin.upload(&files, &[("film.bin", &bytes), ("short", b"x")], None, "").await.expect(201);
        let [film, short] = &ids(&made)[..] else { panic!("{made}") };
        let at = format!("{files}/{film}");
        let ask = |headers: &'static [(&'static str, &'static str)]| {
            let (admin, at) = (world.admin.clone(), at.clone());
            async move { admin.send("GET", &at, headers, None).await }
        };

        let whole = ask(&[("accept-encoding", "gzip, br")]).await;
        assert_eq!((whole.status, said(&whole, "content-length")), (200, "200000"));
        assert_eq!((said(&whole, "accept-ranges"), said(&whole, "content-encoding")), ("bytes", ""));
        assert!(whole.bytes == bytes, "all of it comes");
        let short = world.admin.get(&format!("{files}/{short}")).await;
        assert_eq!((short.status, said(&short, "content-length"), short.bytes.len()), (200, "1", 1));
        let head = world.admin.send("HEAD", &at, &[], None).await;
        assert_eq!((head.status, said(&head, "content-length"), head.bytes.len()), (200, "200000", 0));

        let part = ask(&[("range", "bytes=65530-131080")]).await;
        assert_eq!((part.status, said(&part, "content-range")), (206, "bytes 65530-131080/200000"));
        assert_eq!(said(&part, "content-length"), "65551");
        assert!(part.bytes == bytes[65_530..=131_080], "the part that was asked for");
        // What a part may do is what the whole may do.
        assert_eq!(said(&part, "x-content-type-options"), "nosniff");
        assert!(said(&part, "content-security-policy").ends_with("sandbox"));
        assert!(said(&part, "content-disposition").starts_with("attachment; "));
        let end = ask(&[("range", "bytes=-3")]).await;
        assert_eq!((end.status, &end.bytes[..]), (206, &bytes[199_997..]));
        assert_eq!(ask(&[("range", "bytes=0-1,5-6")]).await.bytes.len(), 200_000);
        let beyond = ask(&[("range", "bytes=200000-")]).await;
        beyond.refused(416, "beyond_the_end");
        assert_eq!(said(&beyond, "content-range"), "bytes */200000");
        let other = ask(&[("range", "bytes=0-1"), ("if-range", "\"another\"")]).await;
        assert_eq!((other.status, other.bytes.len()), (200, 200_000));

        // Nothing is opened for whoever has it: it need not even be there.
        let tag = said(&whole, "etag").to_owned();
        std::fs::remove_dir_all(world.folder.path().join("files/attached")).unwrap();
        let tags = format!("\"another\", W/{tag}");
        let known = world.admin.send("GET", &at, &[("if-none-match", &tags)], None).await;
        assert_eq!((known.status, said(&known, "etag"), known.bytes.len()), (304, &*tag, 0));
        ask(&[]).await.refused(404, "not_found");
    }
}

/// Somebody with a token and a browser.
struct Reader {
    id: model::Id,
    api: Api,
    cookie: String,
}

impl Reader {
    fn new(world: &World, name: &str, role: &str) -> Self {
        let (id, api) = world.user(name, role);
        Self { id, api, cookie: session(world, id) }
    }

    async fn page(&self, world: &World, path: &str) -> Answer {
        browse(world, "GET", path, &self.cookie, None).await
    }

    /// How the doors answer to them who ask for a file: by its record, as a record, as a page and as itself.
    async fn doors(&self, world: &World, lead: &str, file: &str) -> [u16; 4] {
        [
            self.api.get(&format!("{lead}/files/{file}")).await.status,
            self.api.get(&format!("/api/v1/files/{file}")).await.status,
            self.page(world, &format!("/files/{file}")).await.status,
            self.page(world, &format!("/files/{file}/content")).await.status,
        ]
    }
}

const OPEN: [u16; 4] = [200; 4];
const SHUT: [u16; 4] = [404; 4];

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_hidden_hides_its_file_at_every_door() {
    for world in worlds() {
        for name in ["passport", "contract"] {
            let field = json!({"name": name, "type": "file", "label": {"ru": name, "en": name}});
            world.admin.post("/api/v1/meta/modules/leads/fields", field).await.expect(201);
        }
        let grant = json!({"read": "own", "create": true, "update": "own", "hidden": ["passport"]});
        world.admin.patch(&format!("{ROLES}/salesperson"), json!({"modules": {"leads": grant}})).await.expect(200);
        let (anna, boris) = (Reader::new(&world, "anna", "salesperson"), Reader::new(&world, "boris", "salesperson"));
        let head = Reader::new(&world, "head", "head_of_sales");
        let porter = Reader::new(&world, "door", "door");
        let lead = lead(&world, &anna.id.to_string()).await;
        let files = format!("{lead}/files");
        let made =
            world.admin.upload(&files, &[("Ulysses.png", b"p"), ("plain.txt", b"q")], Some("passport"), "").await;
        let set = made.headers["change-set"].to_str().unwrap().to_owned();
        let made = made.expect(201);
        let [passport, plain] = &ids(&made)[..] else { panic!("{made}") };

        assert_eq!(anna.doors(&world, &lead, passport).await, SHUT);
        assert_eq!(anna.doors(&world, &lead, plain).await, OPEN);
        for file in [passport, plain] {
            assert_eq!(head.doors(&world, &lead, file).await, OPEN);
            assert_eq!(boris.doors(&world, &lead, file).await, SHUT);
            let door = porter.doors(&world, &lead, file).await;
            assert!(door.iter().all(|status| matches!(status, 403 | 404)), "{door:?}");
        }
        // Also from somebody who reads whatever there is.
        let modules = json!({"*": {"read": "all"}, "leads": {"read": "all", "hidden": ["passport"]}});
        world.admin.post(ROLES, json!({"name": "auditor", "modules": modules})).await.expect(201);
        let auditor = Reader::new(&world, "auditor", "auditor");
        assert_eq!(auditor.doors(&world, &lead, passport).await, SHUT);
        assert_eq!(auditor.doors(&world, &lead, plain).await, OPEN);
        // Nothing else tells of it either.
        let page = format!("/leads/{}", lead.rsplit('/').next().unwrap());
        let shown = anna.page(&world, &page).await;
        assert!(shown.status == 200 && shown.text.contains("plain.txt") && !shown.text.contains("Ulysses"));
        for path in [
            lead.clone(),
            format!("{lead}/timeline"),
            format!("{lead}/history"),
            "/api/v1/files".to_owned(),
            "/api/v1/files?q=Ulysses".to_owned(),
            "/api/v1/files?filter=name%20%3D%3D%20%22Ulysses.png%22".to_owned(),
            "/api/v1/search?q=Ulysses".to_owned(),
            format!("/api/v1/change-sets/{set}"),
        ] {
            let answer = anna.api.get(&path).await;
            let tells = answer.text.contains("Ulysses.png") || answer.text.contains(passport.as_str());
            assert!(!tells, "{path}: {}", answer.text);
        }
        for method in ["DELETE", "PATCH"] {
            let body = (method == "PATCH").then(|| json!({"name": "x"}));
            anna.api.send(method, &format!("/api/v1/files/{passport}"), &[], body).await.refused(404, "not_found");
        }
        anna.api.patch(&lead, json!({"contract": passport})).await.faulty(&["contract"]);
        anna.api.patch(&lead, json!({"contract": plain})).await.expect(200);

        // It is the field that hides: another file in it is hidden, and what it lets go of is a file among others.
        world.admin.patch(&lead, json!({"passport": plain})).await.expect(200);
        assert_eq!(anna.doors(&world, &lead, passport).await, OPEN);
        assert_eq!(anna.doors(&world, &lead, plain).await, SHUT);
        world.admin.patch(&lead, json!({"passport": null})).await.expect(200);
        assert_eq!(anna.doors(&world, &lead, plain).await, OPEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_a_file_does_not_depend_on_which_of_its_fields_are_seen() {
    for world in worlds() {
        let grant = json!({"read": "all", "create": true, "update": "all", "delete": "all",
            "hidden": ["digest", "about", "content_type", "size"]});
        world.admin.patch(&format!("{ROLES}/salesperson"), json!({"modules": {"files": grant}})).await.expect(200);
        let anna = Reader::new(&world, "anna", "salesperson");
        let lead = lead(&world, &anna.id.to_string()).await;
        let made = world.admin.upload(&format!("{lead}/files"), &[("a.txt", b"text")], None, "").await.expect(201);
        let file = &ids(&made)[0];
        assert_eq!(anna.doors(&world, &lead, file).await, OPEN);
        assert_eq!(anna.api.get(&format!("{lead}/files/{file}")).await.bytes, b"text");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_together_and_a_disk_that_refuses_attach_nothing() {
    for world in worlds() {
        let files = format!("{}/files", lead(&world, &world.admin_id.to_string()).await);
        let large = vec![0_u8; 22 * 1024 * 1024];
        let many: Vec<(&str, &[u8])> = vec![("large", &large); 6];
        world.admin.upload(&files, &many, None, "").await.refused(413, "files_too_large");
        // A folder that cannot be written: a file stands where it would be.
        let folder = world.folder.path().join("files");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        std::fs::write(&folder, "").unwrap();
        let refused = world.admin.upload(&files, &[("a.txt", b"text"), ("b.txt", b"text")], None, "").await;
        refused.refused(503, "not_kept");
        assert!(refused.headers.contains_key("retry-after"));
        assert!(world.admin.get("/api/v1/files").await.expect(200)["data"].as_array().unwrap().is_empty());
        std::fs::remove_file(&folder).unwrap();
        world.admin.upload(&files, &[("a.txt", b"text")], None, "").await.expect(201);
    }
}
