//! Users and teams through the API, and what users change of themselves.

use serde_json::json;

use crate::world::{PASSWORD, worlds};

const USERS: &str = "/api/v1/meta/users";
const TEAMS: &str = "/api/v1/meta/teams";

#[tokio::test(flavor = "multi_thread")]
async fn administrators_add_change_and_keep_out() {
    for world in worlds() {
        let api = &world.admin;
        let team = api.post(TEAMS, json!({"name": "Sales"})).await.expect(201);
        let body = json!({
            "email": "Maria@Example.org", "name": "Maria", "roles": ["salesperson"], "teams": [team["id"]], "locale": "en",
            "password": "correct horse",
        });
        let maria = api.post(USERS, body.clone()).await.expect(201);
        assert_eq!(
            (&maria["email"], &maria["active"], &maria["teams"]),
            (&json!("maria@example.org"), &json!(true), &json!([team["id"]]))
        );
        assert!(!maria.to_string().contains("argon2") && maria.get("password").is_none());
        api.post(USERS, body).await.refused(409, "duplicate");
        let address = format!("{USERS}/{}", maria["id"].as_str().unwrap());
        let changed =
            api.patch(&address, json!({"name": "Maria V.", "roles": ["head_of_sales"], "teams": []})).await.expect(200);
        assert_eq!(
            (&changed["name"], &changed["roles"], &changed["teams"]),
            (&json!("Maria V."), &json!(["head_of_sales"]), &json!([]))
        );
        let listed = api.get(USERS).await.expect(200);
        assert!(listed["data"].as_array().unwrap().contains(&changed));

        let id = maria["id"].as_str().unwrap().parse().unwrap();
        let hers = world.with_token(&world.token(id, "maria", &[]));
        hers.get("/api/v1/me").await.expect(200);
        api.patch(&address, json!({"active": false})).await.expect(200);
        hers.get("/api/v1/me").await.refused(401, "unauthenticated");
        api.patch(&address, json!({"active": true})).await.expect(200);
        hers.get("/api/v1/me").await.refused(401, "unauthenticated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_by_field() {
    for world in worlds() {
        let api = &world.admin;
        api.post(USERS, json!({})).await.faulty(&["email", "name", "roles", "password"]);
        let whole = |field: &str, value: serde_json::Value| {
            let mut body =
                json!({"email": "a@example.org", "name": "A", "roles": ["door"], "password": "correct horse"});
            body[field] = value;
            body
        };
        let nobody = "0190a000-0000-7000-8000-000000000000";
        for (field, value) in [
            ("email", json!("nowhere")),
            ("name", json!(" ")),
            ("roles", json!(["emperor"])),
            ("roles", json!("door")),
            ("roles", json!([])),
            ("teams", json!([nobody])),
            ("teams", json!(["x"])),
            ("locale", json!("de")),
            ("password", json!("short")),
            ("password", json!("x".repeat(201))),
            ("active", json!(true)),
        ] {
            api.post(USERS, whole(field, value)).await.faulty(&[field]);
        }
        assert_eq!(api.get(USERS).await.expect(200)["data"].as_array().unwrap().len(), 1);
        api.patch(&format!("{USERS}/{nobody}"), json!({"name": "x"})).await.refused(404, "not_found");
        api.patch(&format!("{USERS}/x"), json!({"name": "x"})).await.refused(404, "not_found");
        let (_, seller) = world.user("seller", "salesperson");
        seller.get(USERS).await.refused(403, "missing_right");
        seller.post(USERS, whole("name", json!("Eve"))).await.refused(403, "missing_right");
        seller
            .patch(&format!("{USERS}/{}", world.admin_id), json!({"active": false}))
            .await
            .refused(403, "missing_right");
        seller.post(TEAMS, json!({"name": "x"})).await.refused(403, "missing_right");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_always_left_to_administer() {
    for world in worlds() {
        let first = format!("{USERS}/{}", world.admin_id);
        for change in [json!({"active": false}), json!({"roles": ["door"]})] {
            world.admin.patch(&first, change).await.refused(409, "last_administrator");
        }
        let (second, their) = world.user("second", "administrator");
        world.admin.patch(&first, json!({"roles": ["door"]})).await.expect(200);
        world.admin.get(USERS).await.refused(403, "missing_right");
        their.patch(&format!("{USERS}/{second}"), json!({"active": false})).await.refused(409, "last_administrator");
        their.get(USERS).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_have_names_and_members() {
    for world in worlds() {
        let api = &world.admin;
        let (seller, _) = world.user("seller", "salesperson");
        let team = api.post(TEAMS, json!({"name": "Sales", "members": [seller.to_string()]})).await.expect(201);
        let address = format!("{TEAMS}/{}", team["id"].as_str().unwrap());
        api.post(TEAMS, json!({"name": "Sales"})).await.refused(409, "duplicate");
        api.post(TEAMS, json!({})).await.faulty(&["name"]);
        let other = api.post(TEAMS, json!({"name": "Door"})).await.expect(201);
        api.patch(&address, json!({"name": "Door"})).await.refused(409, "duplicate");
        let members = json!([world.admin_id.to_string()]);
        let changed = api.patch(&address, json!({"name": "Selling", "members": members})).await.expect(200);
        assert_eq!((&changed["name"], &changed["members"]), (&json!("Selling"), &members));
        assert_eq!(api.get(TEAMS).await.expect(200), json!({"data": [other, changed]}));
        api.patch(&address, json!({"members": ["0190a000-0000-7000-8000-000000000000"]})).await.faulty(&["members"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_is_taken_apart_unless_views_rest_on_it() {
    for world in worlds() {
        let api = &world.admin;
        let (seller, their) = world.user("seller", "salesperson");
        let members = json!([seller.to_string(), world.admin_id.to_string()]);
        let team = api.post(TEAMS, json!({"name": "Sales", "members": members})).await.expect(201);
        let address = format!("{TEAMS}/{}", team["id"].as_str().unwrap());
        their.send("DELETE", &address, &[], None).await.refused(403, "missing_right");
        let view = json!({"module": "leads", "name": "Hot", "team": team["id"]});
        let view = api.post("/api/v1/meta/views", view).await.expect(201);
        api.send("DELETE", &address, &[], None).await.refused(409, "team_in_use");
        assert_eq!(
            api.get(TEAMS).await.expect(200)["data"][0]["members"].as_array().unwrap().len(),
            2,
            "nothing is half done"
        );
        api.patch(
            &format!("/api/v1/meta/views/{}", view["id"].as_str().unwrap()),
            json!({"audience": "all", "team": null}),
        )
        .await
        .expect(200);
        assert_eq!(api.send("DELETE", &address, &[], None).await.status, 204);
        assert_eq!(api.get(TEAMS).await.expect(200), json!({"data": []}));
        api.send("DELETE", &address, &[], None).await.refused(404, "not_found");
        let again = api.post(TEAMS, json!({"name": "Sales"})).await.expect(201);
        assert_eq!(again["members"], json!([]), "a new team of that name is another one");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_is_told_of_its_field() {
    for world in worlds() {
        let api = &world.admin;
        let user = json!({"email": "Anna@example.org", "name": "Anna", "roles": ["door"], "password": "correct horse battery"});
        api.post(USERS, user.clone()).await.expect(201);
        let refused = api.post(USERS, user).await;
        assert_eq!((refused.status, &refused.json["errors"][0]["field"]), (409, &json!("email")));
        assert_eq!(refused.json["errors"][0]["code"], "user_exists");
        api.post(TEAMS, json!({"name": "Sales"})).await.expect(201);
        let refused = api.post(TEAMS, json!({"name": "Sales"})).await;
        assert_eq!(
            (&refused.json["errors"][0]["field"], &refused.json["errors"][0]["code"]),
            (&json!("name"), &json!("team_exists"))
        );
        for (name, code) in [("Hotels", "invalid_program_name"), ("undo", "reserved_name")] {
            let refused = api.post("/api/v1/meta/modules", json!({"name": name, "label": "x"})).await;
            refused.faulty(&["name"]);
            assert_eq!(refused.json["errors"][0]["code"], code);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn users_change_themselves_and_are_spoken_to_in_their_language() {
    for world in worlds() {
        let me = "/api/v1/me";
        let api = &world.admin;
        let changed = api.patch(me, json!({"name": "Boss", "locale": "en"})).await.expect(200);
        assert_eq!((&changed["name"], &changed["locale"]), (&json!("Boss"), &json!("en")));
        let detail = async |headers: &[(&str, &str)]| {
            let answer = api.send("POST", "/api/v1/leads", headers, Some(json!({"email": "nowhere"}))).await;
            answer.json["errors"]
                .as_array()
                .unwrap()
                .iter()
                .map(|error| error["message"].as_str().unwrap().to_owned())
                .collect::<String>()
        };
        let is_russian = |text: &str| text.chars().any(|letter| ('а'..='я').contains(&letter));
        assert!(!is_russian(&detail(&[]).await));
        assert!(is_russian(&detail(&[("accept-language", "ru")]).await), "a program may ask for another one");
        api.patch(me, json!({"locale": "ru"})).await.expect(200);
        assert!(is_russian(&detail(&[]).await));

        api.patch(me, json!({"roles": ["door"]})).await.faulty(&["roles"]);
        api.patch(me, json!({"password": "another password"})).await.faulty(&["present_password"]);
        let wrong = json!({"password": "another password", "present_password": "not this one"});
        api.patch(me, wrong).await.faulty(&["present_password"]);
        api.patch(me, json!({"password": "another password", "present_password": PASSWORD})).await.expect(200);
        let again = json!({"password": "a third password", "present_password": PASSWORD});
        api.patch(me, again).await.faulty(&["present_password"]);
        let narrowed = world.with_token(&world.token(world.admin_id, "narrowed", &["write"]));
        narrowed.patch(me, json!({"name": "Eve"})).await.refused(403, "missing_right");
        // The wait grows with each guess: on a slow machine the first waits are over before the next guess.
        let guess = json!({"password": "another password", "present_password": "guess"});
        let mut answer = api.patch(me, guess.clone()).await;
        for _ in 0..12 {
            if answer.status != 429 {
                answer = api.patch(me, guess.clone()).await;
            }
        }
        answer.refused(429, "too_many_requests");
    }
}
