//! A small pack with every type of field, a chain of modules that belong to each other, a process, and roles.

use std::collections::BTreeMap;
use std::path::Path;

use model::pack::Pack;

const COMPANIES: &str = r#"
name = "companies"
label = { ru = "Компании", en = "Companies" }
one = { ru = "Компания", en = "Company" }
title = "name"
subtitle = "city"
owners = true
identity = "account"
search = ["name", "city", "remark", "token"]
fields = [
  { name = "name", type = "text", required = true, index = true },
  { name = "city", type = "text", index = true },
  { name = "inn", type = "text", unique = true },
  { name = "email", type = "email" },
  { name = "phone", type = "phone" },
  { name = "remark", type = "text", index = true },
  { name = "worth", type = "number" },
  { name = "token", type = "text", secret = true, default = "s3cr3tzzz" },
]
"#;

const VISITS: &str = r#"
name = "visits"
label = { ru = "Визиты", en = "Visits" }
one = { ru = "Визит", en = "Visit" }
title = "name"
belongs_to = "company"
search = ["name", "story"]
fields = [
  { name = "name", type = "text", required = true, index = true },
  { name = "story", type = "long_text" },
  { name = "seats", type = "number", index = true, validation = "seats >= 0 && seats <= 100", help = { ru = "от 0 до 100", en = "from 0 to 100" } },
  { name = "share", type = "decimal", scale = 3, index = true },
  { name = "price", type = "money", index = true },
  { name = "day", type = "date", index = true },
  { name = "hour", type = "time", index = true },
  { name = "moment", type = "datetime", index = true },
  { name = "lasts", type = "duration" },
  { name = "mood", type = "choice", index = true, default = "calm", options = [
    { value = "calm", label = { ru = "Спокойно", en = "Calm" } }, { value = "wild", label = { ru = "Бурно", en = "Wild" } } ] },
  { name = "kinds", type = "multi_choice", options = [
    { value = "a", label = { ru = "А", en = "A" } }, { value = "b", label = { ru = "Б", en = "B" } } ] },
  { name = "company", type = "link", module = "companies" },
  { name = "guests", type = "links", module = "companies" },
  { name = "thing", type = "record" },
  { name = "host", type = "person" },
  { name = "email", type = "email" },
  { name = "phone", type = "phone" },
  { name = "site", type = "url" },
  { name = "place", type = "address", index = true },
  { name = "done", type = "checkbox", index = true },
  { name = "stars", type = "rating" },
  { name = "paint", type = "colour" },
  { name = "extra", type = "json" },
  { name = "code", type = "text", unique = true },
  { name = "stamp", type = "text", set_by = "process" },
  { name = "born", type = "text", set_by = "creation" },
  { name = "total", type = "number", computed = true },
]
"#;

const NOTES: &str = r#"
name = "notes"
label = { ru = "Заметки", en = "Notes" }
one = { ru = "Заметка", en = "Note" }
title = "name"
belongs_to = "visit"
search = ["name"]
fields = [
  { name = "name", type = "text", required = true },
  { name = "seats", type = "number" },
  { name = "visit", type = "link", module = "visits" },
]
"#;

const TASKS: &str = r#"
name = "tasks"
label = { ru = "Дела", en = "Tasks" }
one = { ru = "Дело", en = "Task" }
title = "name"
owners = true
fields = [
  { name = "name", type = "text", required = true },
  { name = "status", type = "choice" },
]
"#;

const PROCESS: &str = r#"
name = "tasks"
label = { ru = "Дела", en = "Tasks" }
module = "tasks"
initial = "open"
states = [ { name = "open", label = { ru = "Открыто", en = "Open" } }, { name = "shut", label = { ru = "Закрыто", en = "Shut" }, phase = "won" } ]
transitions = [ { name = "shut", label = { ru = "Закрыть", en = "Shut" }, from = ["open"], to = "shut" } ]
"#;

/// Every scope, as packs spell it.
pub(crate) const SCOPES: [&str; 4] = ["none", "own", "team", "all"];

/// The pack, with one role for every pair of scopes (`own_team` reads its own and would write its team's).
pub(crate) fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let manifest = "name = \"visiting\"\nlabel = { ru = \"Визиты\", en = \"Visiting\" }\nversion = 1\n";
    files.insert("pack.toml".to_owned(), manifest.to_owned());
    for (name, text) in [("companies", COMPANIES), ("visits", VISITS), ("notes", NOTES), ("tasks", TASKS)] {
        files.insert(format!("modules/{name}.toml"), text.to_owned());
    }
    files.insert("processes/tasks.toml".to_owned(), PROCESS.to_owned());
    for read in SCOPES {
        for write in SCOPES {
            let grant = format!("read = \"{read}\"\ncreate = true\nupdate = \"{write}\"\ndelete = \"{write}\"\n");
            files.insert(
                format!("roles/{read}_{write}.toml"),
                role(&format!("{read}_{write}"), &format!("[modules.\"*\"]\n{grant}")),
            );
        }
    }
    let clerk = "[modules.companies]\nread = \"all\"\ncreate = true\nupdate = \"all\"\ndelete = \"all\"\nhidden = [\"remark\"]\n\
        read_only = [\"city\", \"owner\"]\n[modules.visits]\nread = \"all\"\nupdate = \"all\"\n";
    files.insert("roles/clerk.toml".to_owned(), role("clerk", clerk));
    files.insert("roles/scribe.toml".to_owned(), role("scribe", "[modules.notes]\nread = \"all\"\ncreate = true\n"));
    let chief = "capabilities = [\"administer\"]\n[modules.\"*\"]\nread = \"all\"\ncreate = true\nupdate = \"all\"\ndelete = \"all\"\npurge = true\n";
    files.insert("roles/chief.toml".to_owned(), role("chief", chief));
    files
}

fn role(name: &str, rest: &str) -> String {
    format!("name = \"{name}\"\nlabel = {{ ru = \"{name}\", en = \"{name}\" }}\n{rest}")
}

pub(crate) fn pack() -> Pack {
    read(files())
}

/// The pack with `from` replaced by `to` in one file.
pub(crate) fn changed(file: &str, from: &str, to: &str) -> Pack {
    let mut files = files();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no {from:?}");
    *text = text.replace(from, to);
    read(files)
}

pub(crate) fn read(files: BTreeMap<String, String>) -> Pack {
    Pack::read(files).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// A pack as it ships.
pub(crate) fn shipped(name: &str) -> Pack {
    read(shipped_files(name))
}

/// Its files.
pub(crate) fn shipped_files(name: &str) -> BTreeMap<String, String> {
    let root = Path::new("../../packs").join(name);
    let mut files = BTreeMap::new();
    gather(&root, &root, &mut files);
    files
}

fn gather(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}
