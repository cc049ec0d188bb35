//! Everything that a pack can hold goes out of one workspace, into an empty one and out again, and is the same byte for byte:
//! what ships, a pack of one's own with a file of every kind, and what administrators change in the interface and the API.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use app::packs::find;
use serde_json::json;

use crate::harness::world::{ADMIN, on_both};
use crate::harness::{Api, World};

on_both!(everything_goes_round, super::goes_round);

/// In the order in which they stand on each other.
const PACKS: [&str; 7] = ["crm", "sponsorship", "tickets", "group_tickets", "conference", "whole", "own"];

/// Folders of a pack: each holds something in `whole`.
const FOLDERS: [&str; 10] =
    ["modules", "processes", "roles", "rules", "surveys", "forms", "site_letters", "views", "letters", "documents"];

const WHOLE: [(&str, &str); 12] = [
    (
        "pack.toml",
        "# All that a pack can hold.\nname = \"whole\"\nlabel = { ru = \"Целый\", en = \"Whole\" }\nversion = 7\nrequires = [\"tickets\", \"sponsorship\"]\n",
    ),
    ("README.md", "Слова о пакете — как есть.\r\n\tИ с табуляцией.\n\n"),
    (
        "modules/stays.toml",
        "name = \"stays\"\nlabel = { ru = \"Проживание\", en = \"Stays\" }\none = { ru = \"Проживание\", en = \"Stay\" }\ntitle = \"name\"\n\
         owners = true\nmenu = true\ncolumns = [\"name\", \"state\"]\nsearch = [\"name\"]\n\
         groups = [ { label = { ru = \"Главное\", en = \"Main\" }, fields = [\"name\", \"state\"] } ]\n\
         fields = [\n  { name = \"name\", type = \"text\", label = { ru = \"Имя\", en = \"Name\" } },\n\
         \x20 { name = \"state\", type = \"choice\", label = { ru = \"Стадия\", en = \"State\" } },\n]\n\
         [rights.salesperson]\nread = \"all\"\n",
    ),
    (
        "modules/leads.toml",
        "extends = \"leads\"\ncolumns = [\"rank\"]\ngroups = [ { label = { ru = \"Оценка\", en = \"Rank\" }, fields = [\"rank\"] } ]\n\
         fields = [ { name = \"rank\", type = \"rating\", label = { ru = \"Ранг\", en = \"Rank\" } } ]\n\
         [[changes]]\nfield = \"need\"\nlabel = { ru = \"Чего хочет\", en = \"Wish\" }\n",
    ),
    (
        "processes/stays.toml",
        "name = \"stays\"\nlabel = { ru = \"Проживание\", en = \"Stay\" }\nmodule = \"stays\"\nfield = \"state\"\ninitial = \"asked\"\n\
         [[states]]\nname = \"asked\"\nlabel = { ru = \"Запрошено\", en = \"Asked\" }\n\
         [[states]]\nname = \"given\"\nlabel = { ru = \"Дано\", en = \"Given\" }\nphase = \"won\"\n\
         [[transitions]]\nname = \"give\"\nlabel = { ru = \"Дать\", en = \"Give\" }\nfrom = [\"asked\"]\nto = \"given\"\n",
    ),
    ("processes/leads.toml", "extends = \"leads\"\n[[transition_changes]]\nname = \"qualify\"\nguard = 'has(email)'\n"),
    (
        "roles/greeter.toml",
        "name = \"greeter\"\nlabel = { ru = \"Встречающий\", en = \"Greeter\" }\ncapabilities = []\n[modules.stays]\nread = \"all\"\n",
    ),
    ("roles/door.toml", "extends = \"door\"\n[modules.stays]\nread = \"all\"\n"),
    ("rules/share_leads.toml", "extends = \"share_leads\"\nactive = false\n"),
    (
        "rules/stay_call.toml",
        "# Once there is a room.\nname = \"stay_call\"\nlabel = { ru = \"Звонок\", en = \"Call\" }\nmodule = \"stays\"\n\
         [when]\nevent = \"entered\"\nstates = [\"given\"]\n[[then]]\ndo = \"create\"\nmodule = \"activities\"\n\
         [then.fields]\nkind = '\"call\"'\nsubject = { ru = \"Позвонить\", en = \"Call\" }\nabout = \"id\"\n",
    ),
    (
        "site_letters/shop.toml",
        "# What the site tells.\nname = \"shop\"\nlabel = { ru = \"Сайт\", en = \"Shop\" }\nfrom = \"@shop.example\"\nmodule = \"leads\"\n\
         words = { \"Очень\" = \"5\" }\n[[reads]]\nto = \"name\"\nlabels = [\"Имя\", \"Name\"]\n[[reads]]\nto = \"rank\"\nlabels = [\"Важность\"]\n",
    ),
    (
        "views/ranked.toml",
        "# The best first.\nname = \"ranked\"\nmodule = \"leads\"\nlabel = { ru = \"По рангу\", en = \"By rank\" }\nfilter = '''\nhas(rank) &&\n  rank > 2\n'''\nsort = \"-rank\"\n",
    ),
];

/// Writes the pack; a survey, a form, a letter and a document are those that ship, said anew.
fn written(folder: &Path) {
    let mut files: BTreeMap<String, String> =
        WHOLE.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let (crm, tickets) = (find("crm").unwrap(), find("tickets").unwrap());
    for (pack, folder) in
        [(&crm, "surveys/"), (&crm, "forms/"), (&tickets, "letters/order_paid"), (&tickets, "documents/ticket")]
    {
        let anew = pack.files.iter().filter(|(name, _)| name.starts_with(folder));
        files.extend(anew.map(|(name, text)| (name.clone(), format!("{text}\n"))));
    }
    for part in FOLDERS {
        assert!(files.keys().any(|name| name.starts_with(&format!("{part}/"))), "{part}");
    }
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// What administrators change by hand.
fn changed(api: &Api) {
    let label = |ru: &str, en: &str| json!({"ru": ru, "en": en});
    api.post("/api/v1/meta/modules/leads/fields", json!({"name": "city", "type": "text"})).expect(201);
    let hotels = json!({"name": "hotels", "title": "name", "fields": [{"name": "name", "type": "text"}]});
    api.post("/api/v1/meta/modules", hotels).expect(201);
    let groups = json!({"groups": [{"label": "Main", "fields": ["name", "city"]}]});
    api.patch("/api/v1/meta/modules/leads", groups).expect(200);
    api.patch("/api/v1/meta/rules/quality_check_leads", json!({"active": false})).expect(200);
    api.patch("/api/v1/meta/letters/order_cancelled", json!({"subject": label("Отменён", "Cancelled")})).expect(200);
    let legal = json!({
        "states": {"legal": {"label": label("Юристы", "Lawyers"), "after": "documents"}},
        "transitions": {"advance.documents": {"to": "legal"}, "advance.legal": {"from": ["legal"], "to": "closing"}},
    });
    api.patch("/api/v1/meta/processes/deals", legal).expect(200);
}

/// Every file below a folder, by its path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        let name = name.to_string_lossy().into_owned();
        if path.is_dir() {
            all.extend(files(&path).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            all.insert(name, fs::read(path).unwrap());
        }
    }
    all
}

fn exported(world: &World, folder: &Path) -> BTreeMap<String, BTreeMap<String, Vec<u8>>> {
    let export = |name: &str| {
        let folder = folder.join(name);
        world.run(&["pack", "export", name, &folder.display().to_string()]);
        (name.to_owned(), files(&folder))
    };
    PACKS.into_iter().map(export).collect()
}

fn goes_round(world: &mut World) {
    let whole = world.folder().join("whole");
    written(&whole);
    world.run(&["pack", "apply", &whole.display().to_string()]);
    world.stop();
    world.start();
    changed(&world.admin());
    let (out, again) = (world.folder().join("out"), world.folder().join("again"));
    let told = exported(world, &out);
    assert_eq!(told["whole"], files(&whole), "as it went in");
    assert!(told["own"].len() >= 5, "{:?}", told["own"].keys());

    let other = World::empty(world.kind);
    let folders: Vec<String> = PACKS.iter().map(|name| out.join(name).display().to_string()).collect();
    let mut init = vec!["init", "--admin-email", ADMIN, "--admin-password", "correct horse"];
    folders.iter().for_each(|folder| init.extend(["--pack", folder]));
    other.run(&init);
    for folder in &folders {
        assert_eq!(other.run(&["pack", "diff", folder]), "", "{folder}: nothing is left to do");
    }
    assert_eq!(exported(&other, &again), told, "out again as it came");
    other.run(&["check"]);
    other.end();
}
