//! What administrators and everybody do on pages of their own: teams, the history of acts, one's profile. On both databases.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::world::{Api, PASSWORD, World, worlds};

const TEAMS: &str = "/settings/teams";
const OWN: &str = "correct horse battery";

/// Somebody signed in, as a browser without script.
struct Signed {
    router: Router,
    cookie: String,
}

struct Page {
    status: u16,
    location: String,
    text: String,
}

impl Signed {
    async fn new(world: &World, email: &str, password: &str) -> Self {
        let mut signed = Self { router: world.router(), cookie: String::new() };
        let (page, cookie) = signed.send("POST", "/sign-in", &[("email", email), ("password", password)]).await;
        assert_eq!(page.status, 303, "{}", page.text);
        signed.cookie = cookie.unwrap();
        signed
    }

    async fn send(&self, method: &str, path: &str, form: &[(&str, &str)]) -> (Page, Option<String>) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .extension(ConnectInfo(std::net::SocketAddr::from(([192, 0, 2, 9], 1))))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, &self.cookie)
            .header("sec-fetch-site", "same-origin");
        let body = Body::from(serde_urlencoded::to_string(form).unwrap());
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let cookies = parts.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
        let session =
            cookies.filter_map(|cookie| cookie.split(';').next()).find(|pair| pair.starts_with("plenary_session="));
        let location = parts.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap()).to_owned();
        let text = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        assert!(!text.contains('⟨'), "a message is missing: {path}\n{text}");
        (Page { status: parts.status.as_u16(), location, text }, session.map(str::to_owned))
    }

    async fn get(&self, path: &str) -> Page {
        self.send("GET", path, &[]).await.0
    }

    /// A page that is there.
    async fn page(&self, path: &str) -> String {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        page.text
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        self.send("POST", path, form).await.0
    }

    /// A form that is taken, and leads on.
    async fn done(&self, path: &str, form: &[(&str, &str)]) -> String {
        let page = self.post(path, form).await;
        assert_eq!(page.status, 303, "{path}: {}", page.text);
        page.location
    }

    /// A form that is refused.
    async fn refused(&self, path: &str, form: &[(&str, &str)]) -> String {
        let page = self.post(path, form).await;
        assert_eq!(page.status, 422, "{path}: {}", page.text);
        page.text
    }
}

/// A user with a password, and what they call the API with.
async fn user(world: &World, name: &str, role: &str) -> (String, Api) {
    let user = json!({"email": format!("{name}@example.org"), "name": name, "roles": [role], "password": OWN});
    let id = world.admin.post("/api/v1/meta/users", user).await.expect(201)["id"].as_str().unwrap().to_owned();
    let token = world.token(id.parse().unwrap(), name, &[]);
    (id, world.with_token(&token))
}

async fn administrator(world: &World) -> Signed {
    Signed::new(world, "admin@example.org", PASSWORD).await
}

/// What stands in `text` behind `before`, up to a quotation mark.
fn behind<'t>(text: &'t str, before: &str) -> &'t str {
    let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in\n{text}"));
    rest.split('"').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_are_made_filled_renamed_and_taken_apart() {
    for world in worlds() {
        let (seller, _) = user(&world, "seller", "salesperson").await;
        let admin = administrator(&world).await;
        let teams = async || world.admin.get("/api/v1/meta/teams").await.expect(200)["data"].clone();
        assert!(admin.page(TEAMS).await.contains("Команд пока нет"));
        let form = [("name", "Отдел продаж"), ("members", seller.as_str())];
        assert_eq!(admin.done(TEAMS, &form).await, TEAMS);
        let list = admin.page(TEAMS).await;
        assert!(list.contains("Отдел продаж") && list.contains(">seller</span>"), "{list}");
        let again = admin.refused(TEAMS, &form).await;
        assert!(again.contains("id=\"name-error\"") && again.contains("Команда с таким названием уже есть"), "{again}");
        assert!(again.contains("value=\"Отдел продаж\"") && again.contains(&format!("value=\"{seller}\" checked")));
        let id = behind(&list, "href=\"/settings/teams/").to_owned();
        let at = format!("{TEAMS}/{id}");
        assert!(admin.page(&at).await.contains(&format!("href=\"/settings/users/{seller}\"")));
        admin.done(&at, &[("name", "Продажи")]).await;
        assert_eq!(teams().await, json!([{"id": id, "name": "Продажи", "members": []}]));

        let of_user = format!("/settings/users/{seller}");
        assert!(admin.page(&of_user).await.contains(&format!("name=\"teams\" value=\"{id}\"")));
        let whole = [("name", "seller"), ("roles", "salesperson"), ("has_teams", "yes"), ("teams", id.as_str())];
        admin.done(&of_user, &whole).await;
        assert_eq!(teams().await[0]["members"], json!([seller]));
        assert!(admin.page("/settings/users").await.contains("Продажи"));
        admin.done(&of_user, &whole[..2]).await;
        assert_eq!(
            teams().await[0]["members"],
            json!([seller]),
            "a form that does not ask for teams says nothing of them"
        );
        admin.done(&of_user, &whole[..3]).await;
        assert_eq!(teams().await[0]["members"], json!([]));

        let view = json!({"module": "leads", "name": "Горячие", "team": id});
        let view = world.admin.post("/api/v1/meta/views", view).await.expect(201)["id"].as_str().unwrap().to_owned();
        let kept = admin.page(&at).await;
        assert!(kept.contains(&format!("href=\"/leads?view={view}\"")) && !kept.contains("name=\"delete\""), "{kept}");
        let refused = admin.refused(&at, &[("delete", "yes")]).await;
        assert!(refused.contains("role=\"alert\"") && refused.contains("сначала поделитесь ими иначе"), "{refused}");
        let of_all = json!({"audience": "all", "team": null});
        world.admin.patch(&format!("/api/v1/meta/views/{view}"), of_all).await.expect(200);
        assert!(admin.page(&at).await.contains("name=\"delete\""));
        assert_eq!(admin.done(&at, &[("delete", "yes")]).await, TEAMS);
        assert_eq!(teams().await, json!([]));
        assert_eq!(admin.get(&at).await.status, 404);

        let seller = Signed::new(&world, "seller@example.org", OWN).await;
        assert_eq!(seller.get(TEAMS).await.status, 403);
        assert_eq!(seller.post(TEAMS, &form).await.status, 403);
        assert_eq!(teams().await, json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_user_stands_beside_the_field() {
    for world in worlds() {
        let admin = administrator(&world).await;
        let form =
            [("name", "Анна"), ("email", "Admin@example.org"), ("roles", "door"), ("password", "a rather long one")];
        let refused = admin.refused("/settings/users", &form).await;
        assert!(refused.contains("id=\"email-error\"") && refused.contains("Пользователь с такой почтой уже есть"));
        assert!(
            refused.contains("value=\"Анна\"") && refused.contains("value=\"door\" checked"),
            "what was typed is kept"
        );
        assert!(!refused.contains("there is already") && !refused.contains("a rather long one"), "{refused}");
        let short = [("name", "Анна"), ("email", "anna@example.org"), ("password", "short")];
        let refused = admin.refused("/settings/users", &short).await;
        assert!(refused.contains("id=\"password-error\"") && refused.contains("не меньше 10 символов"), "{refused}");
        let at = format!("/settings/users/{}", world.admin_id);
        let refused = admin.refused(&at, &[("name", "Администратор"), ("roles", "door")]).await;
        assert!(refused.contains("Никого не останется, кто администрирует"), "{refused}");
        assert!(refused.contains("value=\"Администратор\"") && refused.contains("value=\"door\" checked"));
        let refused = admin.refused("/settings/modules", &[("name", "Hotels"), ("label_ru", "Гостиницы")]).await;
        assert!(
            refused.contains("id=\"name-error\"") && refused.contains("Только строчные латинские буквы"),
            "{refused}"
        );
        assert!(refused.contains("value=\"Гостиницы\"") && refused.contains("value=\"Hotels\""));
    }
}

/// The change set of the last write.
async fn lead(api: &Api, name: &str) -> (String, String) {
    let made = api.post("/api/v1/leads", json!({"name": name})).await;
    let set = made.headers["change-set"].to_str().unwrap().to_owned();
    (made.expect(201)["id"].as_str().unwrap().to_owned(), set)
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_are_shown_to_who_may_see_them_and_undone() {
    for world in worlds() {
        let (_, api) = user(&world, "seller", "salesperson").await;
        let (admin, seller) = (administrator(&world).await, Signed::new(&world, "seller@example.org", OWN).await);
        let (own, set) = lead(&api, "Vera").await;
        lead(&world.admin, "Boris").await;
        let page = seller.page("/undo").await;
        assert!(page.contains(&format!("href=\"/leads/{own}\">Vera</a>")) && !page.contains("Boris"), "{page}");
        assert!(page.contains(&format!("action=\"/undo/{set}\"")));
        assert!(!seller.page("/undo?of=all").await.contains("Boris"), "everybody's are for administrators");
        let page = admin.page("/undo").await;
        assert!(page.contains("Boris") && !page.contains("Vera"));
        let page = admin.page("/undo?of=all&module=leads").await;
        assert!(page.contains("Boris") && page.contains("Vera") && page.contains(">seller · "), "{page}");
        assert!(!admin.page("/undo?of=all&module=deals").await.contains("Vera"));

        world.admin.patch(&format!("/api/v1/leads/{own}"), json!({"company": "Vector"})).await.expect(200);
        let page = admin.page("/undo").await;
        assert!(page.contains("Правка</b>") && page.contains("Компания"), "{page}");
        api.post(&format!("/api/v1/leads/{own}/transitions/contact"), json!({})).await.expect(200);
        assert!(seller.page("/undo").await.contains("Переход</b>"));
        let me = json!({"owner": world.admin_id.to_string()});
        world.admin.patch(&format!("/api/v1/leads/{own}"), me).await.expect(200);
        let page = seller.page("/undo").await;
        assert!(!page.contains("Vera") && !page.contains("action=\"/undo/"), "handed over, it is seen no more: {page}");

        let (_, set) = lead(&world.admin, "Gleb").await;
        let next = admin.done(&format!("/undo/{set}"), &[("next", "/undo?module=leads")]).await;
        let page = admin.page(&next).await;
        assert!(!page.contains(&format!("action=\"/undo/{set}\"")) && page.contains("отменено"), "{page}");
        assert!(page.contains("Отмена прежнего действия"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acts_come_page_by_page() {
    for world in worlds() {
        let admin = administrator(&world).await;
        for number in 0..45 {
            lead(&world.admin, &format!("Lead {number}.")).await;
        }
        let page = admin.page("/undo?module=leads").await;
        assert!(page.contains("Lead 44.") && page.contains("Lead 5.") && !page.contains("Lead 4."));
        let older = format!(
            "/undo?module=leads&before={}",
            behind(&page.replace("&amp;", "&"), "href=\"/undo?module=leads&before=")
        );
        let page = admin.page(&older).await;
        assert!(page.contains("Lead 4.") && page.contains("Lead 0.") && !page.contains("Lead 5."), "{page}");
        assert!(!page.contains("Более ранние"), "that was all");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_on_many_records_is_one_line_and_goes_back_whole() {
    for world in worlds() {
        let admin = administrator(&world).await;
        let create = |number: usize| json!({"op": "create", "fields": {"name": format!("Lead {number}")}});
        let operations: Vec<Value> = (0..600).map(create).collect();
        world.admin.post("/api/v1/leads/batch", json!({"atomic": true, "operations": operations})).await.expect(200);
        let form = [
            ("bulk.in", "sort=name"),
            ("bulk.all", "true"),
            ("bulk.do", "set"),
            ("bulk.field", "source"),
            ("bulk.sure", "true"),
            ("source", "Fair"),
        ];
        let list = admin.done("/leads/bulk", &form).await;
        assert!(
            admin.page(&list).await.contains("aria-label=\"История действий\""),
            "the message leads to the history"
        );
        let page = admin.page("/undo?module=leads").await;
        assert_eq!(page.matches("600 записей").count(), 2, "one line for each act: {page}");
        assert!(page.contains("Правка многих записей") && page.contains("Источник"));
        let fair = async || {
            let path = "/api/v1/leads?limit=1&count=exact&filter=source%20%3D%3D%20%22Fair%22";
            world.admin.get(path).await.expect(200)["total"].clone()
        };
        assert_eq!(fair().await, json!(600));
        let set = behind(&page, "action=\"/undo/");
        admin.done(&format!("/undo/{set}"), &[("next", "/undo")]).await;
        assert_eq!(fair().await, json!(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_changes_themselves() {
    for world in worlds() {
        user(&world, "anna", "salesperson").await;
        let (here, there) =
            (Signed::new(&world, "anna@example.org", OWN).await, Signed::new(&world, "anna@example.org", OWN).await);
        let page = here.page("/me").await;
        assert!(page.contains("Мой профиль") && page.contains("anna@example.org"));
        let refused = here.refused("/me", &[("name", " "), ("locale", "ru"), ("letters", "all")]).await;
        assert!(refused.contains("id=\"name-error\"") && refused.contains("value=\"all\" checked"), "{refused}");
        let next = here.done("/me", &[("name", "Анна Ли"), ("locale", "en"), ("letters", "all")]).await;
        let page = here.page(&next).await;
        assert!(
            page.contains("My profile") && page.contains("value=\"Анна Ли\"") && page.contains("value=\"all\" checked")
        );

        let wrong = [("present_password", "not the present one"), ("password", "a new long password")];
        let refused = here.refused("/me", &wrong).await;
        assert!(refused.contains("id=\"present_password-error\"") && refused.contains("not the present password"));
        assert!(!refused.contains("a new long password"));
        let refused = here.refused("/me", &[("present_password", OWN), ("password", "short")]).await;
        assert!(refused.contains("id=\"password-error\""), "{refused}");
        let both = here.refused("/me", &[("present_password", "not the present one"), ("password", "short")]).await;
        for name in ["password", "present_password"] {
            assert!(both.contains(&format!("id=\"{name}-error\"")), "{name} is judged too: {both}");
        }
        assert_eq!(there.get("/me").await.status, 200, "nothing was changed");
        let next = here.done("/me", &[("present_password", OWN), ("password", "a new long password")]).await;
        assert!(here.page(&next).await.contains("all other sessions are over"));
        let turned_away = there.get("/me").await;
        assert_eq!((turned_away.status, turned_away.location.starts_with("/sign-in")), (303, true));
        Signed::new(&world, "anna@example.org", "a new long password").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_at_an_open_session_keeps_nobody_from_signing_in() {
    for world in worlds() {
        user(&world, "anna", "salesperson").await;
        let here = Signed::new(&world, "anna@example.org", OWN).await;
        for _ in 0..8 {
            let wrong = [("present_password", "not the present one"), ("password", "a new long password")];
            let refused = here.refused("/me", &wrong).await;
            assert!(refused.contains("id=\"present_password-error\""), "{refused}");
        }
        Signed::new(&world, "anna@example.org", OWN).await;
    }
}
