//! `plenary pack` with folders: two packs extend one module, rename and retire without loss, and go back, while the
//! workspace is served.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::api::id;
use crate::harness::http::escaped;
use crate::harness::world::on_both;
use crate::harness::{Api, World};

on_both!(folders, super::folders);

const RANKS: &str = "extends = \"leads\"\ncolumns = [\"rank\"]\nfields = [\n\
    { name = \"rank\", type = \"rating\", label = { ru = \"Ранг\", en = \"Rank\" } },\n\
    { name = \"budget\", type = \"money\", label = { ru = \"Бюджет\", en = \"Budget\" } },\n]\n";
const MOTTOS: &str = "extends = \"leads\"\nsearch = [\"motto\"]\nfields = [\n\
    { name = \"motto\", type = \"text\", unique = true, label = { ru = \"Девиз\", en = \"Motto\" } },\n]\n\
    [[changes]]\nfield = \"need\"\nlabel = { ru = \"Чего хочет\", en = \"Wish\" }\n";

/// How long a program that serves may take to learn what the command line did.
const PATIENCE: Duration = Duration::from_secs(20);

/// Writes a pack that extends leads; answers its folder.
fn written(world: &World, name: &str, extension: &str) -> String {
    let folder = world.folder().join(name);
    fs::create_dir_all(folder.join("modules")).unwrap();
    let manifest =
        format!("name = \"{name}\"\nlabel = {{ ru = \"П\", en = \"P\" }}\nversion = 1\nrequires = [\"crm\"]\n");
    fs::write(folder.join("pack.toml"), manifest).unwrap();
    fs::write(folder.join("modules/leads.toml"), extension).unwrap();
    folder.display().to_string()
}

/// The lead once the program shows it so.
fn shows(api: &Api, path: &str, fields: &Value) -> Value {
    let began = Instant::now();
    loop {
        let lead = api.get(path).expect(200);
        if fields.as_object().unwrap().iter().all(|(name, value)| lead.get(name).unwrap_or(&Value::Null) == value) {
            return lead;
        }
        assert!(began.elapsed() < PATIENCE, "{fields}: {lead}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Plans, looks that nothing changed, applies, looks that there is nothing left to do.
fn apply(world: &World, folder: &str, says: &[&str]) {
    let diff = world.run(&["pack", "diff", folder]);
    assert!(says.iter().all(|says| diff.contains(says)), "{says:?}: {diff}");
    assert_eq!(world.run(&["pack", "diff", folder]), diff, "a plan changes nothing");
    let applied = world.run(&["pack", "apply", folder]);
    let in_database = diff.split("in the database:\n").nth(1).unwrap_or_default();
    for step in in_database.lines() {
        assert!(applied.contains(step.trim()), "it does what was planned: {step}: {applied}");
    }
    assert_eq!(world.run(&["pack", "diff", folder]), "", "nothing is left to do");
    world.run(&["check"]);
}

fn folders(world: &mut World) {
    let api = world.admin();
    let lead = api.create("leads", json!({"name": "Анна", "need": "Стенд"}));
    let path = format!("/api/v1/leads/{}", id(&lead));
    let (ranks, mottos) = (written(world, "ranks", RANKS), written(world, "mottos", MOTTOS));
    apply(world, &ranks, &["new      modules/leads.toml", "in the database:"]);
    apply(world, &mottos, &["new      modules/leads.toml", "in the database:"]);
    let listed = world.run(&["pack", "list"]);
    assert!(listed.contains("ranks  version 1  applied (own)") && listed.contains("mottos  version 1"), "{listed}");

    shows(&api, &path, &json!({"need": "Стенд"}));
    let values = json!({"rank": 5, "budget": {"amount": "1234.50", "currency": "RUB"}, "motto": "Ёж и лиса"});
    let full = until_taken(&api, &path, &values);
    assert_eq!((&full["rank"], &full["motto"], &full["need"]), (&json!(5), &json!("Ёж и лиса"), &json!("Стенд")));
    let changed = api.patch(&path, json!({"rank": 2}));
    let set = changed.raw.header("change-set").unwrap().to_owned();
    changed.expect(200);
    renamed(world, &api, &path, &ranks, &set);
    retired(world, &api, &path, &mottos);
    back(world, &api, &path);
    in_and_out(world, &api, &path, &[&ranks, &mottos]);
    refused(world, &ranks);
    out_of_the_folder(world, &ranks);
    older(world, &ranks);
    unheard(world);
}

/// A folder is read as far as it goes and no further: nothing is followed out of it, and nothing is waited for.
#[cfg(unix)]
fn out_of_the_folder(world: &World, ranks: &str) {
    let (before, file) = (world.run(&["pack", "list"]), PathBuf::from(ranks).join("modules/deals.toml"));
    let path = file.display().to_string();
    let secret = world.folder().join("secret.toml");
    fs::write(&secret, "extends = \"deals\"\n").unwrap();
    let refused = |what: &str| {
        for command in ["apply", "diff"] {
            let (code, out, err) = world.try_run(&["pack", command, ranks]);
            assert_eq!((code, out.as_str(), err.contains(&path)), (1, "", true), "{what}: {err}");
        }
        fs::remove_file(&file).unwrap();
    };
    for target in [secret.as_path(), std::path::Path::new("/dev/zero"), &PathBuf::from(ranks)] {
        std::os::unix::fs::symlink(target, &file).unwrap();
        refused(&target.display().to_string());
    }
    assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
    refused("a pipe");
    fs::write(&file, "#".repeat(2 * 1024 * 1024)).unwrap();
    refused("more than a pack holds");
    // A link to a file of the folder is that file.
    std::os::unix::fs::symlink("leads.toml", PathBuf::from(ranks).join("modules/README.md")).unwrap();
    let (_, _, err) = world.try_run(&["pack", "diff", ranks]);
    assert!(err.contains("not a file of a pack"), "{err}");
    fs::remove_file(PathBuf::from(ranks).join("modules/README.md")).unwrap();
    assert_eq!(world.run(&["pack", "list"]), before);
}

/// An older version over a newer one is what nobody meant, unless they say so.
fn older(world: &World, ranks: &str) {
    let manifest = PathBuf::from(ranks).join("pack.toml");
    let first = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, first.replace("version = 1", "version = 2")).unwrap();
    world.run(&["pack", "apply", ranks]);
    fs::write(&manifest, first).unwrap();
    let (code, _, err) = world.try_run(&["pack", "apply", ranks]);
    assert_eq!((code, err.contains("version 2") && err.contains("--force")), (1, true), "{err}");
    assert!(world.run(&["pack", "diff", ranks]).contains("pack.toml"), "it may be looked at");
    world.run(&["pack", "apply", "--force", ranks]);
    assert!(world.run(&["pack", "list"]).contains("ranks  version 1"));
}

/// Whoever reads what is printed may go away.
#[cfg(unix)]
fn unheard(world: &World) {
    for arguments in
        [&["pack", "show", "crm"][..], &["pack", "list"], &["pack", "diff", "tickets"], &["check"], &["user", "list"]]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let place = world.place();
        let place: Vec<_> = if arguments[1..] == ["show", "crm"] { Vec::new() } else { place };
        let mut child = crate::harness::program::command()
            .args(arguments)
            .args(place)
            .stdout(writer)
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut err = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut err).unwrap();
        assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

/// Writes the fields as soon as the program knows them.
fn until_taken(api: &Api, path: &str, values: &Value) -> Value {
    let began = Instant::now();
    loop {
        let answer = api.patch(path, values.clone());
        if answer.status == 200 || began.elapsed() > PATIENCE {
            return answer.expect(200);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A field gets another name: values, filters, history and the way back of what was done under the old one follow.
fn renamed(world: &World, api: &Api, path: &str, ranks: &str, set: &str) {
    written(
        world,
        "ranks",
        &RANKS
            .replace("name = \"rank\",", "name = \"grade\", formerly = [\"rank\"],")
            .replace("columns = [\"rank\"]", "columns = [\"grade\"]"),
    );
    apply(world, ranks, &["changed  modules/leads.toml", "leads.rank becomes grade"]);
    shows(api, path, &json!({"grade": 2, "rank": null}));
    let filter = escaped("grade == 2");
    assert_eq!(api.get(&format!("/api/v1/leads?filter={filter}")).expect(200)["data"][0]["name"], "Анна");
    api.post(&format!("/api/v1/undo/{set}"), json!({})).expect(200);
    shows(api, path, &json!({"grade": 5}));
    let past = api.get(&format!("{path}/history?field=grade")).expect(200);
    let afters: Vec<_> = past["data"].as_array().unwrap().iter().map(|it| it["fields"][0]["after"].clone()).collect();
    assert_eq!(afters, [json!(5), json!(2), json!(5)], "told under the present name");
}

/// A field out of use is nowhere to be seen, and back with what it held.
fn retired(world: &World, api: &Api, path: &str, mottos: &str) {
    written(
        world,
        "mottos",
        &MOTTOS.replace("unique = true,", "unique = true, retired = true,").replace("search = [\"motto\"]\n", ""),
    );
    apply(world, mottos, &["changed  modules/leads.toml"]);
    let without = shows(api, path, &json!({"motto": null}));
    assert!(without.get("motto").is_none(), "{without}");
    api.patch(path, json!({"motto": "x"})).refused(422, "validation_failed");
    written(world, "mottos", MOTTOS);
    apply(world, mottos, &["changed  modules/leads.toml"]);
    shows(api, path, &json!({"motto": "Ёж и лиса"}));
    let found = api.get(&format!("/api/v1/leads?q={}", escaped("лиса"))).expect(200);
    assert_eq!(found["data"][0]["name"], "Анна", "and it is found by it again");
}

/// The way back is seen before it is gone; gone twice it leads forward again.
fn back(world: &World, api: &Api, path: &str) {
    let plan = world.run(&["pack", "revert", "ranks", "--dry-run"]);
    assert!(plan.contains("leads.grade becomes rank"), "{plan}");
    shows(api, path, &json!({"grade": 5}));
    assert_eq!(world.run(&["pack", "revert", "ranks"]), plan);
    shows(api, path, &json!({"rank": 5, "grade": null, "motto": "Ёж и лиса"}));
    world.run(&["pack", "revert", "ranks"]);
    shows(api, path, &json!({"grade": 5, "budget": {"amount": "1234.50", "currency": "RUB"}}));
    world.run(&["check"]);
}

/// What comes out of one workspace makes the same of another one.
fn in_and_out(world: &World, api: &Api, path: &str, folders: &[&str]) {
    let other = World::sandbox(world.kind);
    for (name, folder) in ["ranks", "mottos"].iter().zip(folders) {
        let out = world.folder().join("out").join(name).display().to_string();
        world.run(&["pack", "export", name, &out]);
        for file in ["pack.toml", "modules/leads.toml"] {
            let text = |folder: &str| fs::read_to_string(PathBuf::from(folder).join(file)).unwrap();
            assert_eq!(text(&out), text(folder), "{file} of {name} as it went in");
        }
        other.run(&["pack", "apply", &out]);
    }
    let fields = |api: &Api| api.get("/api/v1/meta/modules/leads/fields").expect(200)["data"].clone();
    let (began, wanted) = (Instant::now(), fields(api));
    while fields(&other.admin()) != wanted {
        assert!(began.elapsed() < PATIENCE, "{}", fields(&other.admin()));
        std::thread::sleep(Duration::from_millis(100));
    }
    other.end();
    shows(api, path, &json!({"grade": 5}));
}

/// What does not fit is told by its file, and nothing of it is done.
fn refused(world: &World, ranks: &str) {
    let before = world.run(&["pack", "list"]);
    let clash = written(world, "clash", &MOTTOS.replace("unique = true, ", ""));
    for (folder, word) in [(clash.as_str(), "motto"), ("no/such/folder", "no/such/folder")] {
        let (code, out, err) = world.try_run(&["pack", "apply", folder]);
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.contains(word), "{word}: {err}");
    }
    assert_eq!(world.run(&["pack", "list"]), before);
    assert_eq!(world.run(&["pack", "diff", ranks]), "");
    let (code, _, err) = world.try_run(&["pack", "revert", "nothing"]);
    assert_eq!((code, err.contains("the past of packs")), (1, true), "{err}");
    world.run(&["check"]);
}
