//! Roles as an administrator shapes them, looking as another user, and who sees a record and why; on both databases.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use model::{Actor, Id};
use serde_json::{Value, json};
use store::Origin;

use crate::world::{Answer, Api, World, worlds};

const ROLES: &str = "/api/v1/meta/roles";
const LEADS: &str = "/api/v1/leads";

fn id(record: &Value) -> String {
    record["id"].as_str().unwrap().to_owned()
}

/// A session of a user; answers the cookie.
pub(crate) fn session(world: &World, user: Id) -> String {
    let secret = format!("a_session_of_{user}");
    let ends = world.workspace.clock().now().checked_add(SignedDuration::from_hours(24 * 365)).unwrap();
    let kept = secret.clone();
    let open = move |work: &mut store::Work<'_>| work.open_session(user, &kept, ends, None);
    world.workspace.write_blocking(Actor::System("test"), Origin::from("test"), open).unwrap();
    format!("plenary_session={secret}")
}

/// A request of a browser with these cookies.
pub(crate) async fn browse(world: &World, method: &str, path: &str, cookies: &str, body: Option<Value>) -> Answer {
    let headers = [("cookie", cookies), ("sec-fetch-site", "same-origin")];
    world.anybody().send(method, path, &headers, body).await
}

async fn role(world: &World, name: &str) -> Value {
    let all = world.admin.get(ROLES).await.expect(200);
    all["data"].as_array().unwrap().iter().find(|role| role["name"] == name).cloned().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_made_out_of_another_and_lives() {
    for world in worlds() {
        let wanted = json!({"name": "intern", "label": {"ru": "Стажёр", "en": "Intern"}, "copy_of": "salesperson",
            "capabilities": ["check_in"], "modules": {"leads": {"read": "all"}, "deals": null}});
        let plan = world.admin.post(&format!("{ROLES}?dry_run=true"), wanted.clone()).await.expect(200);
        assert!(plan["steps"].is_array(), "{plan}");
        assert_eq!(role(&world, "intern").await, Value::Null, "nothing was done");
        let made = world.admin.post(ROLES, wanted.clone()).await;
        assert!(made.headers.contains_key("etag"));
        let made = made.expect(201);
        assert_eq!((&made["label"]["en"], &made["capabilities"]), (&json!("Intern"), &json!(["check_in"])));
        assert_eq!(made["modules"]["leads"]["read"], "all");
        assert_eq!(
            made["modules"]["leads"]["update"], "none",
            "a module that is named gets the whole of what is given"
        );
        assert!(made["modules"].get("deals").is_none(), "{made}");
        let seller = role(&world, "salesperson").await;
        assert_eq!(made["modules"]["contacts"], seller["modules"]["contacts"]);
        world.admin.post(ROLES, wanted).await.refused(409, "name_taken");

        let (_, intern) = world.user("intern", "intern");
        let lead =
            world.admin.post(LEADS, json!({"name": "Anna", "owner": world.admin_id.to_string()})).await.expect(201);
        let at = format!("{LEADS}/{}", id(&lead));
        intern.get(&at).await.expect(200);
        intern.patch(&at, json!({"company": "x"})).await.refused(403, "update_forbidden");
        let deals = intern.get("/api/v1/deals").await.status;
        assert!(matches!(deals, 403 | 404), "{deals}");
        world.admin.patch(&format!("{ROLES}/intern"), json!({"modules": {"leads": null}})).await.expect(200);
        intern.get(&at).await.expect(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_of_a_pack_is_changed_and_taken_back() {
    for world in worlds() {
        let (_, seller) = world.user("seller", "salesperson");
        let lead = json!({"name": "Anna", "phone": "+79160000001", "owner": world.admin_id.to_string()});
        let lead = world.admin.post(LEADS, lead).await.expect(201);
        let at = format!("{LEADS}/{}", id(&lead));
        seller.get(&at).await.expect(404);
        let before = role(&world, "salesperson").await;
        let salesperson = format!("{ROLES}/salesperson");
        let wider = json!({"label": "Manager", "modules": {"leads": {"read": "all", "update": "own", "hidden": ["phone"], "read_only": ["company"]}}});
        let changed = world.admin.patch(&salesperson, wider).await.expect(200);
        assert_eq!(changed["label"], json!({"ru": "Manager", "en": "Manager"}));
        assert_eq!(
            (&changed["modules"]["deals"], &changed["capabilities"]),
            (&before["modules"]["deals"], &before["capabilities"])
        );
        let seen = seller.get(&at).await.expect(200);
        assert!(seen.get("phone").is_none() && seen["name"] == "Anna", "{seen}");
        seller.patch(&at, json!({"name": "Eve"})).await.refused(403, "update_forbidden");
        // The pack that ships comes again and does not undo it.
        let crm = app::packs::find("crm").unwrap();
        let workspace = world.workspace.clone();
        tokio::task::spawn_blocking(move || workspace.apply_pack(&crm).unwrap()).await.unwrap();
        seller.get(&at).await.expect(200);
        let packs = world.admin.get("/api/v1/meta/packs").await.expect(200).to_string();
        assert!(packs.contains("\"own\""), "{packs}");
        world.admin.patch(&salesperson, json!({"label": null, "modules": {"leads": null}})).await.expect(200);
        assert_eq!(role(&world, "salesperson").await, before);
        seller.get(&at).await.expect(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_role_says_of_a_field_follows_its_name() {
    for world in worlds() {
        let fields = "/api/v1/meta/modules/leads/fields";
        world.admin.post(fields, json!({"name": "budget_x", "type": "number"})).await.expect(201);
        let hides = json!({"modules": {"leads": {"read": "all", "hidden": ["budget_x"]}}});
        world.admin.patch(&format!("{ROLES}/secretary"), hides).await.expect(200);
        world.admin.patch(&format!("{fields}/budget_x"), json!({"name": "budget_y"})).await.expect(200);
        let secretary = role(&world, "secretary").await;
        assert_eq!(secretary["modules"]["leads"]["hidden"], json!(["budget_y"]), "or it would be seen again");
        let (_, reader) = world.user("reader", "secretary");
        let lead = world.admin.post(LEADS, json!({"name": "Anna", "budget_y": 7})).await.expect(201);
        assert!(reader.get(&format!("{LEADS}/{}", id(&lead))).await.expect(200).get("budget_y").is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_refused_with_its_place() {
    for world in worlds() {
        let administrator = format!("{ROLES}/administrator");
        let none = world.admin.patch(&administrator, json!({"capabilities": ["rehearse"]})).await;
        none.faulty(&["capabilities"]);
        assert_eq!(none.json["errors"][0]["code"], "always_administers");
        let fewer = world.admin.patch(&administrator, json!({"capabilities": ["administer"]})).await.expect(200);
        assert_eq!(fewer["capabilities"], json!(["administer"]));
        world.admin.patch(&administrator, json!({"capabilities": null})).await.expect(200);

        let door = format!("{ROLES}/door");
        let change = async |body: Value| world.admin.patch(&door, body).await;
        change(json!({"modules": {"nothing": {"read": "all"}}})).await.faulty(&["modules.nothing"]);
        let misnamed =
            json!({"modules": {"leads": {"read": "all", "hidden": ["name", "nothing"], "read_only": ["nowhere"]}}});
        change(misnamed).await.faulty(&["modules.leads.hidden[1]", "modules.leads.read_only[0]"]);
        change(json!({"modules": {"*": {"read": "all", "hidden": ["name"]}}})).await.faulty(&["modules.*.hidden[0]"]);
        change(json!({"modules": {"leads": {"read": "some"}}})).await.faulty(&["modules.leads.read"]);
        change(json!({"capabilities": ["fly"]})).await.faulty(&["capabilities[0]"]);
        change(json!({"name": "gate"})).await.faulty(&["name"]);
        world.admin.post(ROLES, json!({"name": "Big Boss"})).await.faulty(&["name"]);
        world.admin.post(ROLES, json!({"label": "Boss"})).await.faulty(&["name"]);
        world.admin.post(ROLES, json!({"name": "boss", "copy_of": "nobody"})).await.faulty(&["copy_of"]);
        world.admin.patch(&format!("{ROLES}/nobody"), json!({})).await.refused(404, "not_found");
        let stale = world.admin.send("PATCH", &door, &[("if-match", "\"999\"")], Some(json!({"modules": {}}))).await;
        stale.refused(412, "stale");

        let (_, organiser) = world.user("organiser", "organiser");
        organiser.post(ROLES, json!({"name": "boss"})).await.refused(403, "missing_right");
        organiser.patch(&door, json!({"modules": {}})).await.refused(403, "missing_right");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_always_left_who_administers() {
    for world in worlds() {
        world.admin.post(ROLES, json!({"name": "boss", "copy_of": "administrator"})).await.expect(201);
        let roles = json!({"roles": ["boss"]});
        world.admin.patch(&format!("/api/v1/meta/users/{}", world.admin_id), roles).await.expect(200);
        let boss = format!("{ROLES}/boss");
        world.admin.patch(&boss, json!({"capabilities": []})).await.refused(409, "last_administrator");
        world.user("second", "administrator");
        world.admin.patch(&boss, json!({"capabilities": []})).await.expect(200);
        world.admin.get("/api/v1/meta/users").await.refused(403, "missing_right");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_looks_as_another_and_changes_nothing() {
    for world in worlds() {
        let (seller_id, seller) = world.user("seller", "salesperson");
        let own = world.admin.post(LEADS, json!({"name": "Own", "owner": seller_id.to_string()})).await.expect(201);
        let foreign =
            world.admin.post(LEADS, json!({"name": "Foreign", "owner": world.admin_id.to_string()})).await.expect(201);
        let (own, foreign) = (id(&own), id(&foreign));
        let me = session(&world, world.admin_id);
        let cookies = format!("{me}; sees_as={seller_id}");
        let get = async |path: &str, cookies: &str| browse(&world, "GET", path, cookies, None).await;

        // Pages, and what pages fetch.
        let page = get(&format!("/leads/{own}"), &cookies).await;
        assert!(page.status == 200 && page.text.contains("action=\"/sees-as/end\""), "{}", page.text);
        assert!(!page.text.contains("/settings/organisation"), "the menu is the other's");
        for (path, mine, theirs) in [
            (format!("/leads/{foreign}"), 200, 404),
            (format!("{LEADS}/{foreign}"), 200, 404),
            (format!("/leads/{own}/access"), 200, 403),
            ("/settings/users".to_owned(), 200, 403),
            ("/api/v1/meta/users".to_owned(), 200, 403),
        ] {
            assert_eq!(get(&path, &me).await.status, mine, "{path}");
            assert_eq!(get(&path, &cookies).await.status, theirs, "{path}");
        }
        assert_eq!(get("/api/v1/me", &cookies).await.expect(200)["id"], seller_id.to_string());
        assert!(!get("/leads", &cookies).await.text.contains("Foreign"));
        assert!(!get(&format!("/leads/{own}"), &me).await.text.contains("/sees-as/end"), "no banner over oneself");

        // Nothing is written, by any door.
        let version = world.admin.get(&format!("{LEADS}/{own}")).await.expect(200)["version"].clone();
        for (method, path) in [
            ("POST", "/leads/new".to_owned()),
            ("POST", format!("/leads/{own}/edit")),
            ("POST", format!("/leads/{own}/delete")),
            ("POST", format!("/leads/{own}/follow")),
            ("POST", "/language".to_owned()),
            ("POST", "/notifications/read".to_owned()),
            ("POST", "/views".to_owned()),
            ("POST", format!("/settings/users/{}/see", world.admin_id)),
            ("POST", "/no/such/page".to_owned()),
        ] {
            let refused = browse(&world, method, &path, &cookies, None).await;
            assert_eq!(refused.status, 403, "{method} {path}: {}", refused.text);
            assert!(refused.text.contains("глазами другого"), "{path} says why: {}", refused.text);
        }
        for (method, path) in [
            ("POST", LEADS.to_owned()),
            ("PATCH", format!("{LEADS}/{own}")),
            ("DELETE", format!("{LEADS}/{own}")),
            ("PATCH", "/api/v1/me".to_owned()),
            ("PUT", format!("{LEADS}/{own}/follow")),
            ("POST", "/api/v1/notifications/read".to_owned()),
            ("DELETE", format!("/api/v1/tokens/{own}")),
        ] {
            browse(&world, method, &path, &cookies, Some(json!({"name": "x"}))).await.refused(403, "only_looking");
            // Another kind of authorisation is none of ours: it leaves the request to the cookie.
            let proxied = [("cookie", &*cookies), ("sec-fetch-site", "same-origin"), ("authorization", "Basic eA==")];
            let body = Some(json!({"name": "x"}));
            world.anybody().send(method, &path, &proxied, body).await.refused(403, "only_looking");
        }
        assert_eq!(world.admin.get(&format!("{LEADS}/{own}")).await.expect(200)["version"], version);

        // A token is nobody's eyes: it goes on as it did.
        let headers = [("cookie", cookies.as_str())];
        let body = Some(json!({"company": "Ardent"}));
        world.admin.send("PATCH", &format!("{LEADS}/{own}"), &headers, body).await.expect(200);
        assert_eq!(
            world.admin.send("GET", "/api/v1/me", &headers, None).await.expect(200)["id"],
            world.admin_id.to_string()
        );

        // Nor are notices read by it.
        let about = json!({"module": "leads", "id": own});
        world.admin.post("/api/v1/comments", json!({"text": "@seller look", "about": about})).await.expect(201);
        let told = seller.get("/api/v1/notifications").await.expect(200);
        assert!(told["unread"].as_i64().unwrap() > 0, "{told}");
        let notice = told["data"][0]["id"].as_str().unwrap();
        assert_eq!(get(&format!("/notifications/{notice}"), &cookies).await.status, 303);
        assert_eq!(seller.get("/api/v1/notifications").await.expect(200)["unread"], told["unread"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_look_and_only_as_whoever_may_come_in() {
    for world in worlds() {
        let (seller_id, _) = world.user("seller", "salesperson");
        let (second_id, _) = world.user("second", "administrator");
        let whose =
            async |cookies: &str| browse(&world, "GET", "/api/v1/me", cookies, None).await.expect(200)["id"].clone();
        let (admin, seller, second) =
            (session(&world, world.admin_id), session(&world, seller_id), session(&world, second_id));

        let begin = async |cookies: &str, user: Id| {
            browse(&world, "POST", &format!("/settings/users/{user}/see"), cookies, None).await
        };
        assert_eq!(begin(&seller, world.admin_id).await.status, 403);
        assert_eq!(begin(&admin, world.admin_id).await.status, 409, "not as oneself");
        let begun = begin(&admin, seller_id).await;
        assert_eq!((begun.status, begun.headers["location"].to_str().unwrap()), (303, "/"));
        let cookie = begun.headers["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let sees_as = cookie.split(';').next().unwrap();
        assert_eq!(whose(&format!("{admin}; {sees_as}")).await, seller_id.to_string());

        // The cookie alone is worth nothing, nor beside the session of somebody else.
        assert_eq!(browse(&world, "GET", "/api/v1/me", sees_as, None).await.status, 401);
        assert_eq!(whose(&format!("{seller}; sees_as={}", world.admin_id)).await, seller_id.to_string());
        let lead = json!({"name": "Made by myself"});
        browse(&world, "POST", LEADS, &format!("{seller}; sees_as={}", world.admin_id), Some(lead)).await.expect(201);

        // It ends with the right to administer, and with the other's being let in.
        let looks = format!("{second}; sees_as={seller_id}");
        assert_eq!(whose(&looks).await, seller_id.to_string());
        let users = |user: Id| format!("/api/v1/meta/users/{user}");
        world.admin.patch(&users(second_id), json!({"roles": ["organiser"]})).await.expect(200);
        assert_eq!(whose(&looks).await, second_id.to_string());
        world.admin.patch(&users(second_id), json!({"roles": ["administrator"]})).await.expect(200);
        world.admin.patch(&users(seller_id), json!({"active": false})).await.expect(200);
        assert_eq!(whose(&looks).await, second_id.to_string());
        assert_eq!(begin(&admin, seller_id).await.status, 409);

        world.admin.patch(&users(seller_id), json!({"active": true})).await.expect(200);
        let ended = browse(&world, "POST", "/sees-as/end", &format!("{admin}; {sees_as}"), None).await;
        assert_eq!(ended.headers["location"], format!("/settings/users/{seller_id}"));
        assert!(ended.headers["set-cookie"].to_str().unwrap().starts_with("sees_as=;"));
    }
}

/// What the page says of each user: reads, updates, deletes.
fn told(page: &str) -> BTreeMap<String, (bool, bool, bool)> {
    let said = |rest: &str, name: &str| rest.split_once(&format!("data-{name}=\"")).unwrap().1.starts_with("true");
    let one = |rest: &str| {
        let user = rest.split('"').next().unwrap().to_owned();
        (user, (said(rest, "reads"), said(rest, "updates"), said(rest, "deletes")))
    };
    page.split("data-user=\"").skip(1).map(one).collect()
}

/// Somebody of whom the page speaks.
struct Somebody {
    id: Id,
    api: Api,
    what: String,
}

/// Two of each role: one who shares a team with the owner of the foreign records, and one who does not.
async fn people(world: &World, owner: Id) -> Vec<Somebody> {
    let team_leads = json!({"read": "team", "update": "team", "delete": "own"});
    let lead = json!({"name": "team_lead", "modules": {"leads": team_leads, "deals": {"read": "team", "update": "own"}, "activities": {"read": "team"}}});
    world.admin.post(ROLES, lead).await.expect(201);
    let roles: Vec<String> = world.admin.get(ROLES).await.expect(200)["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|role| role["name"].as_str().unwrap().to_owned())
        .collect();
    let mut people = Vec::new();
    let mut team = vec![owner.to_string()];
    for role in &roles {
        for near in [true, false] {
            let what = format!("{role}_{}", if near { "near" } else { "far" });
            let (id, api) = world.user(&what, role);
            if near {
                team.push(id.to_string());
            }
            people.push(Somebody { id, api, what });
        }
    }
    let made = world.admin.post("/api/v1/meta/teams", json!({"name": "Harbour team"})).await.expect(201);
    world.admin.patch(&format!("/api/v1/meta/teams/{}", id(&made)), json!({"members": team})).await.expect(200);
    people
}

/// Records of every kind of belonging: module, id, and a field that may be changed.
async fn records(
    world: &World,
    owner: Id,
    owner_api: &Api,
    people: &[Somebody],
) -> Vec<(&'static str, String, Option<&'static str>)> {
    let mut records = Vec::new();
    let owners = people.iter().map(|somebody| json!(somebody.id.to_string()));
    for owner in owners.chain([json!(owner.to_string()), Value::Null]) {
        let lead = world.admin.post(LEADS, json!({"name": "Anna", "owner": owner})).await.expect(201);
        records.push(("leads", id(&lead), Some("company")));
    }
    let foreign = records.iter().rev().nth(1).unwrap().1.clone();
    let deal = json!({"name": "Stand", "owner": owner.to_string()});
    records.push(("deals", id(&world.admin.post("/api/v1/deals", deal).await.expect(201)), Some("name")));
    let about = json!({"module": "leads", "id": foreign});
    let call = json!({"subject": "Call", "about": about, "owner": owner.to_string()});
    records.push(("activities", id(&world.admin.post("/api/v1/activities", call).await.expect(201)), None));
    let said = json!({"text": "Zebra", "about": about});
    records.push(("comments", id(&owner_api.post("/api/v1/comments", said).await.expect(201)), Some("text")));
    let kind = world.event("harbour").await;
    let event = world.admin.get("/api/v1/events").await.expect(200)["data"][0]["id"].clone();
    let order = json!({"event": event, "buyer_name": "Anna B", "buyer_email": "a@example.org", "tickets": [{"ticket_type": kind}]});
    let order = id(&owner_api.post("/api/v1/orders", order).await.expect(201));
    let tickets = world.admin.get(&format!("/api/v1/tickets?filter=order%20%3D%3D%20%22{order}%22")).await.expect(200);
    records.push(("tickets", id(&tickets["data"][0]), None));
    records.push(("orders", order, None));
    records.push(("events", event.as_str().unwrap().to_owned(), Some("venue")));
    records
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_each_user_is_what_they_get() {
    for world in worlds() {
        let (owner, owner_api) = world.user("owner", "salesperson");
        let people = people(&world, owner).await;
        let cookies = session(&world, world.admin_id);
        let (mut seen, mut unseen) = (0, 0);
        for (module, record, field) in records(&world, owner, &owner_api, &people).await {
            let page = browse(&world, "GET", &format!("/{module}/{record}/access"), &cookies, None).await;
            assert_eq!(page.status, 200, "{}", page.text);
            let told = told(&page.text);
            assert_eq!(told.len(), people.len() + 2, "everybody is named");
            let at = format!("/api/v1/{module}/{record}");
            for somebody in &people {
                let what = format!("{} and {module} {record} on {}", somebody.what, world.database.name);
                let (reads, updates, deletes) = told[&somebody.id.to_string()];
                let got = somebody.api.get(&at).await.status;
                assert_eq!(got, if reads { 200 } else { 404 }, "{what}");
                if reads {
                    seen += 1
                } else {
                    unseen += 1
                }
                if let Some(field) = field {
                    let changed = somebody.api.patch(&at, json!({field: "Other"})).await;
                    // A field that is locked is another matter than a record that is.
                    let may = matches!(changed.status, 200 | 422);
                    assert_eq!(may, updates, "{what}: {}", changed.text);
                }
                if module == "leads" || module == "deals" {
                    let gone = somebody.api.send("DELETE", &at, &[], None).await.status;
                    assert_eq!(gone == 204, deletes, "{what}: {gone}");
                    if gone == 204 {
                        world.admin.post(&format!("{at}/restore"), json!({})).await.expect(200);
                    }
                }
            }
        }
        assert!(seen > 100 && unseen > 100, "both are proved: {seen} and {unseen}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reason_is_said_in_words() {
    for world in worlds() {
        let (owner, owner_api) = world.user("owner", "salesperson");
        let people = people(&world, owner).await;
        let cookies = session(&world, world.admin_id);
        let records = records(&world, owner, &owner_api, &people).await;
        let page = async |module: &str, record: &str| {
            browse(&world, "GET", &format!("/{module}/{record}/access"), &cookies, None).await.text
        };
        let of = |page: &str, user: Id| {
            let rest = page.split(&format!("data-user=\"{user}\"")).nth(1).unwrap().to_owned();
            rest.split("</li>").next().unwrap().to_owned()
        };
        let somebody = |what: &str| people.iter().find(|somebody| somebody.what == what).unwrap().id;
        let leads: Vec<&String> = records.iter().filter(|it| it.0 == "leads").map(|it| &it.1).collect();
        let [foreign, nobodys] = leads[leads.len() - 2..] else { panic!("two leads") };
        let foreign = page("leads", foreign).await;
        for (user, words) in [
            (owner, "за эту отвечает сам пользователь"),
            (world.admin_id, "все записи"),
            (somebody("team_lead_near"), "общая команда — «Harbour team»"),
            (somebody("team_lead_far"), "общей команды нет"),
            (somebody("salesperson_far"), "только свои записи, а ответственный — owner"),
            (somebody("accountant_far"), "таких записей не видит"),
        ] {
            assert!(of(&foreign, user).contains(words), "{words}: {}", of(&foreign, user));
        }
        assert!(of(&page("leads", nobodys).await, somebody("salesperson_far")).contains("нет ответственного"));
        let comment = &records.iter().find(|it| it.0 == "comments").unwrap().1;
        let comment = page("comments", comment).await;
        assert!(of(&comment, owner).contains("видит то, о чём эта запись"), "{comment}");
        assert!(of(&comment, somebody("salesperson_far")).contains("не видит того, о чём эта запись"));
        let ticket = &records.iter().find(|it| it.0 == "tickets").unwrap().1;
        let ticket = page("tickets", ticket).await;
        assert!(
            of(&ticket, somebody("salesperson_far")).contains("не видит записи, к которой относится эта"),
            "{ticket}"
        );
        assert!(of(&ticket, somebody("door_far")).contains("Не видит полей"), "{}", of(&ticket, somebody("door_far")));
        // It is for administrators.
        let seller = session(&world, owner);
        let (module, record, _) = &records[0];
        assert_eq!(browse(&world, "GET", &format!("/{module}/{record}/access"), &seller, None).await.status, 403);
    }
}
