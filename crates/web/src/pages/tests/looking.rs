//! Whoever looks through the eyes of another writes nothing, by any route there is: neither by the door in front of the
//! handlers, nor where somebody took that door away.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use model::{Actor, Locale};
use serde_json::json;
use store::db::{DbError, Sql, Tx};
use tower::ServiceExt;

use super::browser::Browser;
use super::{World, on_sale, set_up};
use crate::router;
use crate::tests::routes;

/// Doors that are not of whoever has signed in: the session opens and closes there, or nobody is asked who they are.
const NOBODYS: [&str; 4] = ["/sign-in", "/sign-out", "/set-up", "/sees-as/end"];

fn is_public(path: &str) -> bool {
    ["/e/", "/p/", "/forms/", "/api/public/", "/hooks/", "/api/hooks/"].iter().any(|door| path.starts_with(door))
}

/// Every route that writes: those of the API from its table, those of the pages from the source.
fn writing() -> Vec<(String, String)> {
    let of_api = crate::api::ROUTES.iter().filter(|route| route.method != "get");
    let of_api = of_api.map(|route| (route.method.to_uppercase(), route.path.to_owned()));
    let of_pages = routes("src/pages").into_iter().filter(|(_, handler)| handler.contains("post("));
    let all: Vec<_> = of_api.chain(of_pages.map(|(route, _)| ("POST".to_owned(), route))).collect();
    assert!(all.len() > 70, "{}", all.len());
    all
}

/// Everything that the database holds.
fn everything(world: &World) -> Vec<String> {
    let read = |tx: &mut Tx| -> Result<Vec<String>, DbError> {
        let names = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name";
        let mut all = Vec::new();
        for table in tx.query(&Sql::new(names))? {
            let table = table.text(0)?;
            let columns = Sql::new("select group_concat('quote(\"' || name || '\")', ' || ') from pragma_table_info(");
            let columns = tx.one(&columns.bind(table.as_str()).push(")"))?.text(0)?;
            let rows = Sql::new(format!(
                "select coalesce(group_concat(line, char(10)), '') from (select {columns} as line from \"{table}\")"
            ));
            all.push(format!("{table}: {}", tx.one(&rows)?.text(0)?));
        }
        Ok(all)
    };
    world.web.app.workspace().db().read_blocking(read).unwrap()
}

/// The routes without the door in front of them.
fn doorless(world: &World) -> Router {
    Router::new().merge(crate::api::routes()).merge(crate::pages::routes()).with_state(world.web.clone())
}

struct Answer {
    status: StatusCode,
    text: String,
}

async fn send(router: Router, method: &str, path: &str, cookies: &str, kind: &str, body: &str) -> Answer {
    let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
    for (name, value) in [("sec-fetch-site", "same-origin"), ("accept-language", "en"), ("cookie", cookies)] {
        request = request.header(name, value);
    }
    // Another kind of authorisation is none of ours: it leaves the request to the cookie.
    request = request.header(header::AUTHORIZATION, "Basic eA==").header(header::CONTENT_TYPE, kind);
    let response = router.oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    Answer { status, text: String::from_utf8_lossy(&bytes).into_owned() }
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A world with a second administrator, the first one's cookies, and the same looking through the other's eyes: what is
/// refused is refused for looking alone.
async fn looking() -> (World, Browser, String, String) {
    let (world, mut browser) = set_up(Locale::En).await;
    let account = store::NewUser {
        email: "second@java.example".to_owned(),
        name: "Second".to_owned(),
        password_hash: "-".to_owned(),
        roles: vec!["administrator".to_owned()],
        locale: Locale::En,
    };
    let add = move |work: &mut store::Work<'_>| work.add_user(&account);
    let origin = store::Origin::from("command");
    let (second, _) = world.web.app.workspace().write(Actor::System("test"), origin, add).await.unwrap();
    on_sale(&mut browser).await;
    let me = format!("plenary_session={}", browser.cookies["plenary_session"]);
    let looks = format!("{me}; sees_as={second}");
    (world, browser, me, looks)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_writes_for_whoever_looks() {
    let (world, mut browser, _, looks) = looking().await;
    let lead = browser.post("/leads/new", "name=Olga").await.made();
    let before = everything(&world);
    for (method, path) in writing() {
        if is_public(&path) || NOBODYS.contains(&path.as_str()) {
            continue;
        }
        let part = |part: &str| match part {
            "{module}" => "leads".to_owned(),
            "{name}" => "contact".to_owned(),
            "{field}" => "need".to_owned(),
            "{role}" => "salesperson".to_owned(),
            "{pack}" => "crm".to_owned(),
            "{number}" => "1".to_owned(),
            other if other.starts_with('{') => lead.clone(),
            other => other.to_owned(),
        };
        let address = path.split('/').map(part).collect::<Vec<_>>().join("/");
        let (kind, body) = if path.starts_with("/api/") { (JSON, "{}") } else { (FORM, "name=Eve") };
        let refused = send(router(world.web.clone()), &method, &address, &looks, kind, body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{method} {path}: {}", refused.text);
        let is_said = refused.text.contains("only_looking") || refused.text.contains("looking as another");
        assert!(is_said, "{method} {path}: {}", refused.text);
        send(doorless(&world), &method, &address, &looks, kind, body).await;
        assert_eq!(everything(&world), before, "without the door, {method} {path} wrote");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_the_door_every_write_is_refused_that_would_be_done() {
    let (world, mut browser, me, looks) = looking().await;
    let lead = browser.post("/leads/new", "name=Olga").await.made();
    let (api, page) = (format!("/api/v1/leads/{lead}"), format!("/leads/{lead}"));
    let files = "multipart/form-data; boundary=x";
    let file = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--x--\r\n";
    let batch = json!({"atomic": true, "operations": [{"op": "create", "fields": {"name": "Eve"}}]});
    let user = json!({"email": "eve@java.example", "name": "Eve", "roles": ["door"], "password": "a long password"});
    let acts: Vec<(&str, String, &str, String)> = vec![
        ("POST", "/api/v1/leads".to_owned(), JSON, json!({"name": "Eve"}).to_string()),
        ("PATCH", api.clone(), JSON, json!({"company": "Evil"}).to_string()),
        ("POST", "/api/v1/leads/batch".to_owned(), JSON, batch.to_string()),
        ("POST", format!("{api}/transitions/contact"), JSON, "{}".to_owned()),
        ("POST", format!("{api}/files"), files, file.to_owned()),
        ("PUT", format!("{api}/follow"), JSON, json!({"follow": false}).to_string()),
        ("POST", "/api/v1/notifications/read".to_owned(), JSON, json!({"all": true}).to_string()),
        ("PATCH", "/api/v1/me".to_owned(), JSON, json!({"name": "Eve"}).to_string()),
        ("POST", "/api/v1/meta/users".to_owned(), JSON, user.to_string()),
        ("POST", "/api/v1/meta/teams".to_owned(), JSON, json!({"name": "Evil"}).to_string()),
        ("PATCH", "/api/v1/meta/organisation".to_owned(), JSON, json!({"name": "Evil"}).to_string()),
        ("POST", "/api/v1/meta/roles".to_owned(), JSON, json!({"name": "evil"}).to_string()),
        ("PATCH", "/api/v1/meta/roles/evil".to_owned(), JSON, json!({"label": "Worse"}).to_string()),
        ("DELETE", "/api/v1/meta/roles/evil".to_owned(), JSON, String::new()),
        (
            "POST",
            "/api/v1/meta/modules/leads/fields".to_owned(),
            JSON,
            json!({"name": "evil", "type": "text"}).to_string(),
        ),
        ("PATCH", "/api/v1/meta/processes/deals".to_owned(), JSON, json!({"label": "Evil"}).to_string()),
        ("POST", "/api/v1/meta/packs/own/revert".to_owned(), JSON, "{}".to_owned()),
        ("POST", "/api/v1/sandbox/clock".to_owned(), JSON, json!({"advance": "PT1H"}).to_string()),
        ("POST", format!("{page}/comments"), FORM, "text=Evil".to_owned()),
        ("POST", format!("{page}/follow"), FORM, "follow=true".to_owned()),
        ("POST", format!("{page}/files"), files, file.to_owned()),
        ("POST", format!("{page}/delete"), FORM, String::new()),
        ("POST", format!("{page}/restore"), FORM, String::new()),
        ("POST", "/leads/new".to_owned(), FORM, "name=Eve".to_owned()),
        ("POST", "/settings/packs/conference/apply".to_owned(), FORM, String::new()),
        ("DELETE", api.clone(), JSON, String::new()),
    ];
    let mut idle = Vec::new();
    for (method, path, kind, body) in &acts {
        let before = everything(&world);
        let refused = send(doorless(&world), method, path, &looks, kind, body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{method} {path}: {}", refused.text);
        assert!(refused.text.contains("only_looking"), "{method} {path}: {}", refused.text);
        assert_eq!(everything(&world), before, "{method} {path} wrote");
        // The same by oneself is done: nothing else stood in its way.
        let done = send(doorless(&world), method, path, &me, kind, body).await;
        assert!(done.status.is_success() || done.status.is_redirection(), "{method} {path}: {}", done.text);
        if everything(&world) == before {
            idle.push(path);
        }
    }
    // Notices that were read and what one follows already may change nothing.
    assert!(idle.len() < 4, "these prove nothing: {idle:?}");
}
