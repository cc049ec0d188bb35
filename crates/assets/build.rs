//! Builds the front-end bundles with npm and esbuild (or takes a prebuilt folder) and writes the Rust table of them.

#![expect(clippy::disallowed_methods, reason = "cargo talks to build scripts through the environment")]

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn main() -> std::process::ExitCode {
    match run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    println!("cargo::rerun-if-env-changed=PLENARY_ASSETS");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let bundles = match env::var_os("PLENARY_ASSETS") {
        Some(folder) => {
            let folder =
                fs::canonicalize(&folder).map_err(|error| format!("PLENARY_ASSETS={}: {error}", folder.display()))?;
            println!("cargo::rerun-if-changed={}", folder.display());
            folder
        }
        None => bundle(&out)?,
    };
    let manifest = bundles.join("manifest.tsv");
    let manifest = fs::read_to_string(&manifest).map_err(|error| format!("{}: {error}", manifest.display()))?;
    fs::write(out.join("table.rs"), table(&bundles, &manifest)?)?;
    Ok(())
}

/// Installs what the lock file names, if it changed, and runs esbuild into `OUT_DIR/bundles`.
fn bundle(out: &Path) -> Result<PathBuf> {
    let web = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("web");
    for input in ["src", "build.mjs", "icons.mjs", "notices.mjs", "package.json", "package-lock.json"] {
        println!("cargo::rerun-if-changed=web/{input}");
    }
    // cargo, clippy and an editor may build at once into different target folders but share node_modules.
    let lock = File::create(web.join(".install.lock"))?;
    lock.lock()?;
    install(&web)?;
    let bundles = out.join("bundles");
    let profile = env::var("PROFILE")?;
    call(Command::new("node").arg("build.mjs").arg(&bundles).arg(profile).current_dir(&web))?;
    Ok(bundles)
}

/// Runs `npm ci`, unless the stamp it left says that this very lock file is installed.
fn install(web: &Path) -> Result<()> {
    let wanted = fs::read(web.join("package-lock.json"))?;
    let stamp = web.join("node_modules/.plenary-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let flags = ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
    call(Command::new(NPM).args(flags).current_dir(web))?;
    fs::write(stamp, wanted)?;
    Ok(())
}

fn call(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!(
            "`{program}` was not found: install Node.js 20 or newer (with npm), or set PLENARY_ASSETS to a folder of prebuilt assets"
        ),
        _ => format!("`{program}` did not start: {error}"),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    for line in said.lines().filter(|line| !line.trim().is_empty()) {
        println!("cargo::error={line}");
    }
    Err(format!(
        "`{program}` failed ({}); without network, set PLENARY_ASSETS to a folder of prebuilt assets",
        output.status
    )
    .into())
}

/// The Rust source of the table: constants of addresses, the files, the icons, the fonts of documents.
fn table(bundles: &Path, manifest: &str) -> Result<String> {
    let include = |name: &str| format!("include_bytes!({:?})", bundles.join(name));
    let (mut constants, mut addresses, mut files) = (String::new(), String::new(), String::new());
    let (mut icons, mut names, mut fonts) = (String::new(), String::new(), String::new());
    let mut sprite = None;
    for line in manifest.lines() {
        match *line.split('\t').collect::<Vec<_>>() {
            ["file", logical, name, content_type, brotli] => {
                let constant = constant(logical);
                // Chunks and source maps are reached from other files only.
                if !logical.starts_with("chunk") && !logical.ends_with(".map") {
                    writeln!(
                        constants,
                        "/// Address of `{logical}`.\npub const {constant}: &str = \"/assets/{name}\";"
                    )?;
                    writeln!(addresses, "{logical:?} => Some({constant}),")?;
                }
                if logical == "icons.svg" {
                    sprite = Some(name);
                }
                let brotli = match brotli {
                    "br" => format!("Some({})", include(&format!("{name}.br"))),
                    _ => "None".to_owned(),
                };
                writeln!(
                    files,
                    "{name:?} => Some(Asset {{ bytes: {}, brotli: {brotli}, content_type: {content_type:?}, immutable: true }}),",
                    include(name)
                )?;
            }
            ["font", name] => writeln!(fonts, "{},", include(name))?,
            ["icon", name] => {
                let sprite = sprite.ok_or("the manifest names an icon before icons.svg")?;
                let constant = constant(name);
                writeln!(icons, "/// The `{name}` icon.\npub const {constant}: &str = \"/assets/{sprite}#{name}\";")?;
                writeln!(names, "({name:?}, icon::{constant}),")?;
            }
            _ => return Err(format!("manifest.tsv: not understood: {line}").into()),
        }
    }
    Ok(format!(
        "{constants}
/// Addresses of the icons, for `<use href>`.
pub mod icon {{ {icons} }}
pub(crate) const ICON_ADDRESSES: &[(&str, &str)] = &[{names}];
pub(crate) static DOCUMENT_FONTS: &[&[u8]] = &[{fonts}];
pub(crate) fn address(logical: &str) -> Option<&'static str> {{ match logical {{ {addresses} _ => None }} }}
pub(crate) fn find(name: &str) -> Option<Asset> {{ match name {{ {files} _ => None }} }}
"
    ))
}

/// `inter-latin.woff2` → `INTER_LATIN_WOFF2`.
fn constant(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' }).collect()
}
