//! A workspace of its own on each database, and the API over it as a program would call it.

use app::setup::{Setup, set_up};
use app::{App, Doors};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use model::{Actor, Id, Locale};
use serde_json::{Value, json};
use store::testing::{TestDatabase, copies};
use store::{Files, NewUser, Origin, Workspace};
use tempfile::TempDir;
use tower::ServiceExt as _;
use web::Web;

const ADMIN: &str = "admin@example.org";
/// The administrator's password.
pub(crate) const PASSWORD: &str = "a long password";

/// An installation whose administrator has a token.
pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) workspace: Workspace,
    pub(crate) admin: Api,
    pub(crate) admin_id: Id,
    pub(crate) folder: TempDir,
}

/// Somebody at the API's door.
#[derive(Clone)]
pub(crate) struct Api {
    router: Router,
    /// `Bearer …`.
    token: Option<String>,
    database: &'static str,
    /// The last part of the address that it calls from.
    pub(crate) from: u8,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) json: Value,
    what: String,
}

/// A fresh installation on each database.
pub(crate) fn worlds() -> Vec<World> {
    let databases = copies("an installation", |database| {
        let workspace = Workspace::open(database.options.clone()).unwrap();
        set_up(&workspace, &setup(&[])).unwrap();
        workspace.db().close_blocking();
    });
    databases.into_iter().map(World::over).collect()
}

fn setup(packs: &[&str]) -> Setup {
    Setup {
        admin_email: ADMIN.to_owned(),
        admin_password: PASSWORD.to_owned(),
        admin_name: "Admin".to_owned(),
        organisation: "Harbour".to_owned(),
        packs: packs.iter().map(|&pack| pack.to_owned()).collect(),
        locale: Locale::Ru,
        sandbox: true,
    }
}

impl World {
    pub(crate) fn new(database: TestDatabase) -> Self {
        Self::with_packs(database, &[])
    }

    /// One that begins with these packs, by name or folder.
    pub(crate) fn with_packs(database: TestDatabase, packs: &[&str]) -> Self {
        let workspace = Workspace::open(database.options.clone()).unwrap();
        set_up(&workspace, &setup(packs)).unwrap();
        workspace.db().close_blocking();
        Self::over(database)
    }

    /// One that is set up.
    fn over(database: TestDatabase) -> Self {
        let workspace = Workspace::open(database.options.clone()).unwrap();
        let admin = workspace.read_blocking(Actor::System("test"), |work| work.account_by_email(ADMIN));
        let admin_id = admin.unwrap().unwrap().id;
        let folder = TempDir::with_prefix("plenary-contract-").unwrap();
        let mut world = Self {
            admin: Api { router: router(&workspace, &folder, 6_000), token: None, database: database.name, from: 1 },
            database,
            workspace,
            admin_id,
            folder,
        };
        world.admin.token = Some(world.token(admin_id, "admin", &[]));
        world
    }

    /// The same installation served by a second program.
    pub(crate) fn second_program(&self) -> (Workspace, Api) {
        let workspace = Workspace::open(self.database.options.clone()).unwrap();
        let api = self.api_over(router(&workspace, &self.folder, 6_000));
        (workspace, api)
    }

    /// The administrator's API of another program.
    pub(crate) fn api_over(&self, router: Router) -> Api {
        Api { router, ..self.admin.clone() }
    }

    /// What is served.
    pub(crate) fn router(&self) -> Router {
        self.admin.router.clone()
    }

    /// The API without a token over the same store when it is no rehearsal; one address may knock so often a minute.
    pub(crate) fn in_earnest(&self, per_minute: u32) -> Api {
        let settings = self.workspace.knowledge().settings.as_ref().clone();
        self.workspace.save_settings(store::Settings { sandbox: false, ..settings }).unwrap();
        Api { router: router(&self.workspace, &self.folder, per_minute), token: None, ..self.admin.clone() }
    }

    /// The API without a token.
    pub(crate) fn anybody(&self) -> Api {
        Api { token: None, ..self.admin.clone() }
    }

    /// A new user with a role.
    pub(crate) fn user(&self, name: &str, role: &str) -> (Id, Api) {
        let account = NewUser {
            email: format!("{name}@example.org"),
            name: name.to_owned(),
            password_hash: "-".to_owned(),
            roles: vec![role.to_owned()],
            locale: Locale::Ru,
        };
        let add = move |work: &mut store::Work<'_>| work.add_user(&account);
        let id = self.workspace.write_blocking(Actor::System("test"), Origin::from("test"), add).unwrap();
        (id, self.with_token(&self.token(id, name, &[])))
    }

    /// Makes a token.
    pub(crate) fn token(&self, user: Id, name: &str, scopes: &[&str]) -> String {
        let secret = format!("plenary_token_of_the_tests_of_{name}_{}", scopes.join("_"));
        let (name, kept) = (name.to_owned(), secret.clone());
        let scopes: Vec<_> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let add = move |work: &mut store::Work<'_>| work.add_token(user, &name, &kept, &scopes).map(drop);
        self.workspace.write_blocking(Actor::System("test"), Origin::from("test"), add).unwrap();
        format!("Bearer {secret}")
    }

    /// Whoever holds `token`.
    pub(crate) fn with_token(&self, token: &str) -> Api {
        Api { token: Some(token.to_owned()), ..self.admin.clone() }
    }

    /// An event on sale with one ticket type of ten seats at 100; answers the ticket type's id.
    pub(crate) async fn event(&self, slug: &str) -> String {
        let event = json!({"name": slug, "slug": slug, "status": "on_sale", "starts_on": "2036-05-10", "capacity": 10});
        let event = self.admin.post("/api/v1/events", event).await.expect(201);
        let tiers = json!([{"price": {"amount": "100.00", "currency": "RUB"}, "from": null, "until": null}]);
        let kind = json!({"event": event["id"], "name": "Guest", "quota": 10, "price_tiers": tiers});
        let kind = self.admin.post("/api/v1/ticket_types", kind).await.expect(201);
        kind["id"].as_str().unwrap().to_owned()
    }
}

fn router(workspace: &Workspace, folder: &TempDir, per_minute: u32) -> Router {
    web::router(Web::new(app(workspace, folder), per_minute))
}

pub(crate) fn app(workspace: &Workspace, folder: &TempDir) -> App {
    let files = Files::at(folder.path().join("files"));
    let doors = Doors { public_url: "http://127.0.0.1".to_owned(), smtp: None, files };
    App::new(workspace.clone(), doors).unwrap()
}

impl Api {
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
        let kind = body.is_some().then_some((header::CONTENT_TYPE.as_str(), "application/json"));
        let headers: Vec<_> = headers.iter().copied().chain(kind).collect();
        self.call(method, path, &headers, body.map(|body| body.to_string()).unwrap_or_default().into_bytes()).await
    }

    /// Sends a form with files: names with what is in them, and the field that takes the first.
    pub(crate) async fn upload(&self, path: &str, files: &[(&str, &[u8])], field: Option<&str>, key: &str) -> Answer {
        let mut body = Vec::new();
        for (name, bytes) in files {
            body.extend(
                format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        if let Some(field) = field {
            body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"field\"\r\n\r\n{field}\r\n").bytes());
        }
        body.extend(b"--x--\r\n");
        let kind = ("content-type", "multipart/form-data; boundary=x");
        let headers = if key.is_empty() { vec![kind] } else { vec![kind, ("idempotency-key", key)] };
        self.call("POST", path, &headers, body).await
    }

    /// Attaches a file to a document of a deal, and says that it is there.
    pub(crate) async fn receive(&self, document: &str) {
        let at = format!("/api/v1/deal_documents/{document}");
        self.upload(&format!("{at}/files"), &[("signed.pdf", b"%PDF-1.7")], None, "").await.expect(201);
        self.post(&format!("{at}/transitions/receive"), json!({})).await.expect(200);
    }

    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        request = request.extension(ConnectInfo(std::net::SocketAddr::from(([192, 0, 2, self.from], 1))));
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        let what = format!("{method} {path} on {}", self.database);
        Answer { status: parts.status.as_u16(), headers: parts.headers, text, bytes, json, what }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, &[], Some(body)).await
    }

    /// A POST under an idempotency key.
    pub(crate) async fn post_once(&self, key: &str, path: &str, body: Value) -> Answer {
        self.send("POST", path, &[("idempotency-key", key)], Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, &[], Some(body)).await
    }
}

impl Answer {
    /// The body of an answer that must have this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text);
        self.json
    }

    /// Must be a refusal of this kind.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.json["code"].as_str()), (status, Some(code)), "{}: {}", self.what, self.text);
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.what);
    }

    /// Must be a 422 about exactly these fields.
    #[track_caller]
    pub(crate) fn faulty(&self, fields: &[&str]) {
        let named: Vec<_> =
            self.json["errors"].as_array().into_iter().flatten().filter_map(|error| error["field"].as_str()).collect();
        assert_eq!((self.status, &named[..]), (422, fields), "{}: {}", self.what, self.text);
    }
}
