//! The program as administrators and scripts call it: exit codes, messages, and what stands on standard output.

use std::fs;

use serde_json::json;

use crate::harness::world::{ADMIN, on_both};
use crate::harness::{Api, Kind, Server, World, plenary};

on_both!(administration, super::administration);

/// What is wrong is said on standard error, and what to do about it; 2 is for what cannot be understood.
#[test]
fn usage() {
    for arguments in [
        &[][..],
        &["nothing"],
        &["serve", "--nothing"],
        &["serve", "--listen"],
        &["serve", "--trusted-proxy", "proxy.example"],
        &["init"],
        &["init", "--admin-email", "a@example.com"],
        &["init", "--admin-email", "a@example.com", "--admin-password", "correct horse", "--locale", "xx"],
        &["user"],
        &["user", "add", "--email", "a@example.com"],
        &["token", "create", "--user", "a@example.com"],
        &["pack", "show"],
    ] {
        let output = plenary(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{arguments:?} says it on standard error");
    }
    for arguments in [&["--help"][..], &["serve", "--help"], &["--version"]] {
        let output = plenary(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{arguments:?}");
    }
    let help = String::from_utf8(plenary(&["--help"]).stdout).unwrap();
    for command in ["serve", "init", "demo", "user", "token", "pack"] {
        assert!(help.contains(command), "{command}: {help}");
    }
    let shown = String::from_utf8(plenary(&["pack", "show", "tickets"]).stdout).unwrap();
    assert!(shown.contains("module orders") && shown.contains("process orders"), "{shown}");
}

/// What cannot be done says why in one sentence and ends with 1.
#[test]
fn failures() {
    let world = World::empty(Kind::Sqlite);
    let place = world.place();
    let data = place[1].as_str();
    let file = world.folder().join("file");
    fs::write(&file, "not a folder").unwrap();
    let one_file = format!("sqlite:{}", world.folder().join("one.db").display());
    let wrong_proxy = world.folder().join("proxy.toml");
    fs::write(&wrong_proxy, "trusted_proxies = [\"10.0.0.0/99\"]\n").unwrap();
    let wrong_proxy = wrong_proxy.display().to_string();
    let wrong_toml = world.folder().join("wrong.toml");
    fs::write(&wrong_toml, "listen = 5\nnothing = true\n").unwrap();
    let (file, wrong_toml) = (file.display().to_string(), wrong_toml.display().to_string());
    let init = ["init", "--admin-password", "correct horse", "--data", data, "--admin-email"];
    let with =
        |rest: &[&'static str]| -> Vec<String> { init.iter().chain(rest).map(|word| (*word).to_owned()).collect() };
    let words = |all: &[&str]| -> Vec<String> { all.iter().map(|word| (*word).to_owned()).collect() };
    for (arguments, word) in [
        (with(&["no e-mail"]), "e-mail"),
        (with(&["a@example.com", "--pack", "nothing"]), "conference"),
        (
            words(&["init", "--data", data, "--admin-email", "a@example.com", "--admin-password", "short"]),
            "10 characters",
        ),
        (words(&["serve", "--data", data, "--database", "mysql://x"]), "postgres://"),
        (words(&["serve", "--data", data, "--database", "postgres://nobody@127.0.0.1:1/x"]), ""),
        (words(&["serve", "--data", &file]), ""),
        (words(&["serve", "--data", data, "--config", "/nothing/plenary.toml"]), "/nothing/plenary.toml"),
        (words(&["serve", "--data", data, "--config", &wrong_toml]), "wrong.toml"),
        (words(&["serve", "--data", data, "--workspace", "No Such"]), "workspace"),
        (words(&["serve", "--data", data, "--database", &one_file, "--workspace", "other"]), "one workspace"),
        (words(&["serve", "--data", data, "--config", &wrong_proxy]), "10.0.0.0/99"),
        (words(&["serve", "--data", data, "--listen", "nowhere"]), "nowhere"),
        (words(&["serve", "--data", data, "--listen", "192.0.2.1:80"]), "192.0.2.1:80"),
        (
            words(&[
                "user",
                "add",
                "--data",
                data,
                "--email",
                "a@example.com",
                "--name",
                "A",
                "--role",
                "door",
                "--password",
                "correct horse",
            ]),
            "plenary init",
        ),
        (words(&["token", "create", "--data", data, "--user", "a@example.com", "--name", "x"]), "a@example.com"),
        (
            words(&[
                "token",
                "create",
                "--data",
                data,
                "--user",
                "a@example.com",
                "--name",
                "x",
                "--scope",
                "everything",
            ]),
            "--scope",
        ),
        (words(&["pack", "show", "nothing"]), "conference"),
        (words(&["pack", "export", "conference", "/tmp/never", "--data", data]), "plenary pack list"),
    ] {
        let output = plenary(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(
            said.starts_with("plenary: ") && said.contains(word) && !said.contains("panicked"),
            "{arguments:?}: {said}"
        );
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

/// An empty folder is served: the set-up page waits, and nobody gets in.
#[test]
fn serves_an_empty_folder() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let mut world = World::empty(kind);
        world.start();
        let anybody = world.anybody();
        assert_ne!(anybody.address.port(), 0, "it says which port it took");
        assert_eq!(anybody.get("/healthz").status, 200);
        assert_eq!(anybody.get("/readyz").status, 200);
        assert_eq!(anybody.get("/api/v1/leads").status, 401);
        // A second one on the same port says so and leaves.
        let address = anybody.address.to_string();
        let other = world.folder().join("other").display().to_string();
        let output = plenary(&["serve", "--data", &other, "--listen", &address]);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains(&address));
        world.end();
    }
}

/// A sandbox with data, without a word of set-up; kept in a folder it is a workspace as sound as any.
#[test]
fn demo() {
    let folder = World::empty(Kind::Sqlite);
    let server = Server::start(&["demo".to_owned()], folder.folder());
    assert_eq!(Api::new(server.address, None).get("/healthz").status, 200);
    assert!(server.log().contains("sign in as"), "{}", server.log());
    assert_eq!(server.terminate(), Some(0));
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let world = World::empty(kind);
        let arguments = ["demo".to_owned()].into_iter().chain(world.place()).collect::<Vec<_>>();
        let server = Server::start(&arguments, world.folder());
        server.assert_calm();
        assert_eq!(server.terminate(), Some(0));
        let checked = world.run(&["check"]);
        let records: u64 = checked.split(' ').next().unwrap().parse().unwrap();
        assert!(records > 1_500, "{checked}");
    }
}

/// Who says nothing gets Russian sample data; English is asked for.
#[test]
fn demo_in_either_language() {
    for (words, own, other) in [
        (&["demo"][..], "Регистрация с 9:00", "Doors at 9:00"),
        (&["demo", "--locale", "ru"], "Регистрация с 9:00", "Doors at 9:00"),
        (&["demo", "--locale", "en"], "Doors at 9:00", "Регистрация с 9:00"),
    ] {
        let world = World::empty(Kind::Sqlite);
        let arguments = words.iter().map(|word| (*word).to_owned()).chain(world.place()).collect::<Vec<_>>();
        let server = Server::start(&arguments, world.folder());
        let token = world.run(&["token", "create", "--user", "demo@plenary.example", "--name", "proof"]);
        let api = Api::new(server.address, Some(token.trim().to_owned()));
        let events = api.get("/api/v1/events?limit=500").expect(200).to_string();
        assert!(events.contains(own) && !events.contains(other), "{words:?}: {events}");
        assert_eq!(api.count("orders"), 300, "{words:?}");
        let sponsors = api.all("deals", &[("filter", "pipeline == \"sponsorship\"")]);
        assert!(sponsors.len() >= 5, "{words:?}: {sponsors:?}");
        let me = api.get("/api/v1/me").expect(200);
        assert_eq!(me["locale"], if words.contains(&"en") { "en" } else { "ru" }, "{me}");
        server.assert_calm();
    }
    let refused = plenary(&["demo", "--locale", "de"]);
    assert_ne!(refused.status.code(), Some(0));
}

fn administration(world: &mut World) {
    let again = world.try_run(&["init", "--admin-email", "other@example.com", "--admin-password", "correct horse"]);
    assert_eq!(again.0, 1, "{again:?}");
    assert!(again.2.contains("already set up"), "{again:?}");
    users(world);
    tokens(world);
    packs(world);
    rehearsal(world);
}

/// What would happen is told of a copy; the served workspace stays as it is.
fn rehearsal(world: &World) {
    let (code, out, err) = world.try_run(&["rehearse", "--ahead", "P7D"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("from ") && out.contains("  jobs"), "{out}");
    let (code, out, err) = world.try_run(&["rehearse", "--pack", "conference"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.lines().last().is_some_and(|line| line.split_whitespace().count() == 3), "two columns: {out}");
    for (arguments, word) in
        [(["rehearse", "--ahead", "soon"], "--ahead"), (["rehearse", "--pack", "nothing"], "nothing")]
    {
        let (code, out, err) = world.try_run(&arguments);
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.contains(word), "{err}");
    }
}

fn users(world: &World) {
    let add = |email: &str, role: &str| {
        world.try_run(&[
            "user",
            "add",
            "--email",
            email,
            "--name",
            "Ольга",
            "--role",
            role,
            "--password",
            "correct horse",
            "--team",
            "Sales",
        ])
    };
    assert_eq!(add("Olga@Example.com", "salesperson").0, 0);
    for (email, role, word) in
        [("olga@example.com", "door", "already"), ("x@example.com", "king", "king"), ("no e-mail", "door", "--email")]
    {
        let (code, out, err) = add(email, role);
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.contains(word), "{word}: {err}");
    }
    let listed = world.run(&["user", "list"]);
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(listed.contains("olga@example.com  Ольга  salesperson  [Sales]") && listed.contains(ADMIN), "{listed}");

    let token = world.run(&["token", "create", "--user", "olga@example.com", "--name", "phone"]);
    let olga = Api::new(world.address(), Some(token.trim().to_owned()));
    assert_eq!(olga.get("/api/v1/me").expect(200)["roles"], json!(["salesperson"]));
    world.run(&["user", "set-role", "--email", "olga@example.com", "--role", "secretary", "--role", "door"]);
    assert_eq!(olga.get("/api/v1/me").expect(200)["roles"], json!(["secretary", "door"]), "at once");
    world.run(&["user", "reset-password", "--email", "olga@example.com", "--password", "battery staple"]);
    for (arguments, word) in [
        (&["user", "set-role", "--email", "nobody@example.com", "--role", "door"][..], "nobody@example.com"),
        (&["user", "set-role", "--email", "olga@example.com", "--role", "king"], "king"),
        (&["user", "reset-password", "--email", "olga@example.com", "--password", "short"], "10 characters"),
        (&["user", "disable", "--email", "nobody@example.com"], "nobody@example.com"),
        (&["user", "disable", "--email", ADMIN], "last administrator"),
    ] {
        let (code, _, err) = world.try_run(arguments);
        assert_eq!(code, 1, "{arguments:?}: {err}");
        assert!(err.contains(word), "{arguments:?}: {err}");
    }
    world.run(&["user", "disable", "--email", "olga@example.com"]);
    assert_eq!(olga.get("/api/v1/me").status, 401, "kept out at once");
    assert!(world.run(&["user", "list"]).contains("(disabled)"));
    assert_eq!(world.try_run(&["token", "create", "--user", "olga@example.com", "--name", "phone"]).0, 1);
    world.run(&["user", "enable", "--email", "olga@example.com"]);
    assert!(!world.run(&["user", "list"]).contains("(disabled)"));
}

fn tokens(world: &World) {
    let printed = world.run(&["token", "create", "--user", ADMIN, "--name", "script"]);
    let token = printed.strip_suffix('\n').unwrap();
    assert!(!token.contains(char::is_whitespace) && token.len() > 20, "the token alone: {printed:?}");
    assert_eq!(Api::new(world.address(), Some(token.to_owned())).get("/api/v1/me").status, 200);
}

fn packs(world: &World) {
    let listed = world.run(&["pack", "list"]);
    assert!(listed.lines().any(|line| line.starts_with("crm ") && line.contains("applied, version")), "{listed}");
    assert!(
        listed.lines().any(|line| line.starts_with("conference ") && line.contains("applied, version")),
        "{listed}"
    );
    assert_eq!(world.run(&["pack", "diff", "conference"]), "", "what ships is what is applied");

    let folder = world.folder().join("tickets").display().to_string();
    world.run(&["pack", "export", "tickets", &folder]);
    assert_eq!(world.run(&["pack", "diff", &folder]), "", "what comes out is what went in");
    let shipped = plenary(&["pack", "show", "tickets"]).stdout;
    assert_eq!(plenary(&["pack", "show", &folder]).stdout, shipped);

    // A field more: seen before it is there, then there, and gone from nowhere.
    let events = world.folder().join("tickets/modules/events.toml");
    let text = fs::read_to_string(&events).unwrap();
    let field = "\n[[fields]]\nname = \"hashtag\"\ntype = \"text\"\nlabel = { ru = \"Хештег\", en = \"Hashtag\" }\n";
    fs::write(&events, format!("{text}{field}")).unwrap();
    let diff = world.run(&["pack", "diff", &folder]);
    assert!(
        diff.contains("changed  modules/events.toml")
            && diff.contains("+ name = \"hashtag\"")
            && diff.contains("in the database:"),
        "{diff}"
    );
    world.run(&["pack", "apply", &folder]);
    assert_eq!(world.run(&["pack", "diff", &folder]), "");
    let second = world.folder().join("second").display().to_string();
    world.run(&["pack", "export", "tickets", &second]);
    assert_eq!(fs::read_to_string(format!("{second}/modules/events.toml")).unwrap(), format!("{text}{field}"));

    fs::write(&events, format!("{text}\n[[fields]]\nname = \"hashtag\"\ntype = \"no such type\"\n")).unwrap();
    let (code, out, err) = world.try_run(&["pack", "apply", &folder]);
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(err.contains("events.toml"), "it says where: {err}");
    assert_eq!(world.run(&["pack", "diff", &second]), "", "a broken pack changes nothing");

    // The server that was running all the while learns of it by itself.
    let api = world.admin();
    let event = json!({"name": "Tagged", "kind": "conference", "hashtag": "#plenary"});
    let began = std::time::Instant::now();
    let answer = loop {
        let answer = api.post("/api/v1/events", event.clone());
        if answer.status == 201 || began.elapsed() > std::time::Duration::from_secs(15) {
            break answer;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    };
    assert_eq!(answer.expect(201)["hashtag"], "#plenary");
}
