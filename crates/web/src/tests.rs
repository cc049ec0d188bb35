//! Routes as they stand in the source: for what must hold of every one of them.

use std::fs;
use std::path::{Path, PathBuf};

use model::definitions::{RESERVED_MODULES, is_name};

/// The sources in a folder, without tests.
pub(crate) fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_test = path.ends_with("tests") || path.ends_with("tests.rs");
        if path.is_dir() && !is_test {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test {
            into.push(path);
        }
    }
}

/// Every route that a file in `folder` adds to a router, and what answers it. Those of the API stand in a table instead.
pub(crate) fn routes(folder: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut routes = Vec::new();
    let texts: Vec<(&PathBuf, String)> = files.iter().map(|file| (file, fs::read_to_string(file).unwrap())).collect();
    for (file, text) in texts.iter().filter(|(file, _)| file.starts_with(folder) && !file.starts_with("src/api")) {
        for rest in text.split(".route(").skip(1) {
            let (name, handler) = rest.split_once(',').unwrap();
            let name = name.trim();
            // A constant of the same file, else of any.
            let constant = name.rsplit("::").next().unwrap_or(name);
            let elsewhere = || texts.iter().find_map(|(_, text)| value(text, constant));
            let known = || value(text, constant).filter(|_| constant == name).or_else(elsewhere);
            let route = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).map_or_else(
                || known().unwrap_or_else(|| panic!("{}: what is {name}?", file.display())),
                str::to_owned,
            );
            // Up to the next route, else to the end of the function.
            let handler = handler.split("\n}").next().unwrap_or(handler);
            routes.push((route, handler.to_owned()));
        }
    }
    routes
}

/// The text of a constant of a file.
fn value(text: &str, name: &str) -> Option<String> {
    let value = text.split(&format!("const {name}: &str = \"")).nth(1)?;
    value.split('"').next().map(str::to_owned)
}

#[test]
fn no_module_can_take_the_address_of_another_page() {
    let packs = app::packs::shipped().into_iter().filter_map(app::packs::shipped_pack);
    let modules: Vec<String> = packs.flat_map(|pack| pack.unwrap().modules).map(|module| module.name).collect();
    let pages = routes("src");
    let of_pages = pages.iter().map(|(route, _)| route.as_str());
    let of_api = crate::api::addresses().flat_map(|route| [Some(route), route.strip_prefix("/api/v1")]).flatten();
    let first = |route: &str| route.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
    let words: Vec<String> = of_pages.chain(of_api).map(first).filter(|word| is_name(word)).collect();
    for word in ["settings", "undo", "meta", "orders", "api"] {
        assert!(words.iter().any(|known| known == word), "{word}: {words:?}");
    }
    // A page of a module that ships stands under its own name.
    let is_kept = |word: &String| RESERVED_MODULES.contains(&word.as_str()) || modules.contains(word);
    let open: Vec<_> = words.iter().filter(|word| !is_kept(word)).collect();
    assert!(open.is_empty(), "a module of such a name could not be reached; add it to RESERVED_MODULES: {open:?}");
}
