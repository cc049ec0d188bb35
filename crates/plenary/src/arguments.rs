//! The command line. Every option has an environment variable `PLENARY_…` and a key in `plenary.toml`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use model::Locale;

/// The CRM for people who bring people together.
#[derive(Debug, Parser)]
#[command(name = "plenary", version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the interface, the API and the public pages.
    Serve(Serve),
    /// Set a workspace up: packs, settings, the first administrator.
    Init(Init),
    /// Serve a sandbox with sample data, in a temporary folder unless --data is given.
    Demo(Demo),
    /// Users: add, list, disable, reset-password, set-role.
    #[command(subcommand)]
    User(User),
    /// Tokens for programs.
    #[command(subcommand)]
    Token(Token),
    /// Packs: what a workspace is made of.
    #[command(subcommand)]
    Pack(Pack),
}

/// Where the store is.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Place {
    /// Folder of the data [default: ./plenary-data].
    #[arg(long, env = "PLENARY_DATA", global = true)]
    pub(crate) data: Option<PathBuf>,
    /// The database: sqlite:PATH or postgres://… [default: sqlite:<data>/plenary.db].
    #[arg(long, env = "PLENARY_DATABASE", global = true)]
    pub(crate) database: Option<String>,
    /// The organisation [default: main].
    #[arg(long, env = "PLENARY_WORKSPACE", global = true)]
    pub(crate) workspace: Option<String>,
    /// A file with these options [default: plenary.toml, if it is there].
    #[arg(long, env = "PLENARY_CONFIG", global = true)]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Address and port; port 0 picks a free one [default: 127.0.0.1:8080].
    #[arg(long, env = "PLENARY_LISTEN")]
    pub(crate) listen: Option<String>,
    /// Where people reach this installation, for the links in letters.
    #[arg(long, env = "PLENARY_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
    /// The mail server: smtps://user:password@host:465 or smtp://user:password@host:587. Without it letters wait.
    #[arg(long, env = "PLENARY_SMTP", hide_env_values = true)]
    pub(crate) smtp: Option<String>,
    /// Requests that one address may send to the public pages and endpoints a minute; 0 is no limit [default: 600].
    #[arg(long, env = "PLENARY_PUBLIC_LIMIT")]
    pub(crate) public_limit: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) place: Place,
    /// E-mail of the first administrator.
    #[arg(long, env = "PLENARY_ADMIN_EMAIL")]
    pub(crate) admin_email: String,
    /// Password of the first administrator, at least 10 characters.
    #[arg(long, env = "PLENARY_ADMIN_PASSWORD", hide_env_values = true)]
    pub(crate) admin_password: String,
    /// What people call the first administrator.
    #[arg(long, default_value = "Administrator")]
    pub(crate) admin_name: String,
    /// Name of the organisation.
    #[arg(long, default_value = "Plenary")]
    pub(crate) organisation: String,
    /// Packs to apply, by name or folder [default: conference].
    #[arg(long = "pack")]
    pub(crate) packs: Vec<String>,
    /// Language of what the workspace says on its own: ru or en.
    #[arg(long, default_value = "ru", value_parser = locale)]
    pub(crate) locale: Locale,
    /// A rehearsal: the clock can be moved and no letter leaves the machine.
    #[arg(long)]
    pub(crate) sandbox: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Address and port; port 0 picks a free one [default: 127.0.0.1:8080].
    #[arg(long, env = "PLENARY_LISTEN")]
    pub(crate) listen: Option<String>,
    /// Where people reach this installation, for the links in letters.
    #[arg(long, env = "PLENARY_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
    /// Language of the sample data: ru or en.
    #[arg(long, default_value = "ru", value_parser = locale)]
    pub(crate) locale: Locale,
}

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Add a user.
    Add {
        #[command(flatten)]
        place: Place,
        /// The name to sign in by.
        #[arg(long)]
        email: String,
        /// What people call them.
        #[arg(long)]
        name: String,
        /// A role; several for several.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// A team; made where it does not exist.
        #[arg(long)]
        team: Option<String>,
        /// At least 10 characters.
        #[arg(long, env = "PLENARY_USER_PASSWORD", hide_env_values = true)]
        password: String,
    },
    /// List users.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Keep a user out and end their sessions.
    Disable {
        #[command(flatten)]
        place: Place,
        /// Who.
        #[arg(long)]
        email: String,
    },
    /// Set a new password and end the user's sessions.
    ResetPassword {
        #[command(flatten)]
        place: Place,
        /// Whose.
        #[arg(long)]
        email: String,
        /// At least 10 characters.
        #[arg(long, env = "PLENARY_USER_PASSWORD", hide_env_values = true)]
        password: String,
    },
    /// Replace a user's roles.
    SetRole {
        #[command(flatten)]
        place: Place,
        /// Whose.
        #[arg(long)]
        email: String,
        /// A role; several for several.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token; it is printed once, alone.
    Create {
        #[command(flatten)]
        place: Place,
        /// Whose rights it has: the user's e-mail.
        #[arg(long)]
        user: String,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// Narrows it: read, write, or MODULE:read, MODULE:write; several for several.
        #[arg(long = "scope")]
        scopes: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Pack {
    /// Packs that ship and packs that are applied.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// What is in a pack: a name or a folder.
    Show {
        /// Name or folder.
        pack: String,
    },
    /// How a pack differs from the applied one, and what applying it would change in the database.
    Diff {
        #[command(flatten)]
        place: Place,
        /// Name or folder.
        pack: String,
    },
    /// Apply a pack.
    Apply {
        #[command(flatten)]
        place: Place,
        /// Name or folder.
        pack: String,
    },
    /// Write an applied pack's files into a folder.
    Export {
        #[command(flatten)]
        place: Place,
        /// Name.
        pack: String,
        /// The folder, which is made.
        folder: PathBuf,
    },
}

fn locale(text: &str) -> Result<Locale, String> {
    Locale::parse(text).ok_or_else(|| format!("the languages are ru and en, not {text:?}"))
}
