//! The command line. Every option has an environment variable `PLENARY_…` and a key in `plenary.toml`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use model::{Id, Locale};
use store::operations::Chain;

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
    /// Users: add, list, disable, enable, reset-password, set-role.
    #[command(subcommand)]
    User(User),
    /// Tokens for programs.
    #[command(subcommand)]
    Token(Token),
    /// Packs: what a workspace is made of.
    #[command(subcommand)]
    Pack(Pack),
    /// Back the workspace up into one file, also while it is served.
    Backup(Backup),
    /// Make a workspace from a backup, in an empty place. Its letters, webhooks and timers are held until `plenary release`.
    Restore(Restore),
    /// Check that everything fits together: tables, links, seats, money, numbers, index, change log.
    Check(Check),
    /// Copy a workspace into another database, of either kind.
    Copy(Copy),
    /// Let letters, webhooks and timers of a restored or copied workspace go.
    Release(Release),
    /// Tell what would happen in the time ahead, on a copy: as the workspace is, and with a pack applied. Nothing leaves the machine.
    Rehearse(Rehearse),
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The file, which is made.
    pub(crate) file: PathBuf,
    /// Replace the file if it is there.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The backup.
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Make the search index and identities anew where they differ from the records.
    #[arg(long)]
    pub(crate) repair: bool,
    /// A seal that was noted earlier, NUMBER:DIGEST: check that the log has not been rewritten since.
    #[arg(long, value_parser = chain)]
    pub(crate) seal: Option<Chain>,
}

#[derive(Debug, Args)]
pub(crate) struct Copy {
    /// The database that is copied: sqlite:PATH or postgres://…
    #[arg(long)]
    pub(crate) from: String,
    /// The empty database that it is copied into.
    #[arg(long)]
    pub(crate) to: String,
    /// The data folder with its files [default: the folder of the SQLite file; for PostgreSQL ./plenary-data].
    #[arg(long)]
    pub(crate) from_data: Option<PathBuf>,
    /// The data folder for the files of the copy [default: as for --from-data].
    #[arg(long)]
    pub(crate) to_data: Option<PathBuf>,
    /// The organisation.
    #[arg(long, env = "PLENARY_WORKSPACE", default_value = "main")]
    pub(crate) workspace: String,
}

#[derive(Debug, Args)]
pub(crate) struct Release {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Only say what is held.
    #[arg(long)]
    pub(crate) show: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Rehearse {
    #[command(flatten)]
    pub(crate) place: Place,
    /// How long the copy's clock goes on, as ISO 8601 writes it: `P7D`.
    #[arg(long, default_value = "P7D")]
    pub(crate) ahead: String,
    /// A pack that is applied in the copy: one of the program's, or a folder.
    #[arg(long)]
    pub(crate) pack: Option<String>,
}

/// Where the store is.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Place {
    /// Folder of the data [default: ./plenary-data].
    #[arg(long, env = "PLENARY_DATA", global = true)]
    pub(crate) data: Option<PathBuf>,
    /// The database: sqlite:PATH or postgres://… [default: sqlite:<data>/plenary.db].
    #[arg(long, env = "PLENARY_DATABASE", global = true, hide_env_values = true)]
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
    /// A proxy, or a network of them, whose X-Forwarded-For is believed; several for several. One on this machine always is.
    #[arg(long = "trusted-proxy", env = "PLENARY_TRUSTED_PROXY", value_delimiter = ',')]
    pub(crate) trusted_proxies: Vec<web::Network>,
    /// For developers: webhooks may go to this machine itself, also over http. Never on an installation that others use.
    #[arg(long, env = "PLENARY_LOOPBACK_WEBHOOKS")]
    pub(crate) loopback_webhooks: bool,
    /// Mailboxes may be at servers of networks that are not public, and on this machine.
    #[arg(long, env = "PLENARY_PRIVATE_MAIL")]
    pub(crate) private_mail: bool,
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
    /// Let a user in again who was kept out.
    Enable {
        #[command(flatten)]
        place: Place,
        /// Who.
        #[arg(long)]
        email: String,
    },
    /// Set a new password; ends the user's sessions and revokes their tokens.
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
    /// List tokens: id, user, name, what they are narrowed to.
    List {
        #[command(flatten)]
        place: Place,
        /// Only those of this user: the e-mail.
        #[arg(long)]
        user: Option<String>,
    },
    /// Make a token worthless, for good.
    Revoke {
        #[command(flatten)]
        place: Place,
        /// Its id, as `plenary token list` prints it.
        id: Id,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Pack {
    /// Packs that ship and packs that are applied.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// What is in a pack: a name, a folder, or a file that was downloaded.
    Show {
        /// Name, folder or file.
        pack: String,
    },
    /// How a pack differs from the applied one, and what applying it would change in the database.
    Diff {
        #[command(flatten)]
        place: Place,
        /// Name, folder or file.
        pack: String,
    },
    /// Apply a pack.
    Apply {
        #[command(flatten)]
        place: Place,
        /// Name, folder or file.
        pack: String,
        /// Take an older version in place of a newer one.
        #[arg(long)]
        force: bool,
    },
    /// Bring a pack back to what it was before its last apply; a second time brings it forward again.
    Revert {
        #[command(flatten)]
        place: Place,
        /// Name.
        pack: String,
        /// Only say what would change.
        #[arg(long)]
        dry_run: bool,
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

fn chain(text: &str) -> Result<Chain, String> {
    let parts = text.split_once(':').and_then(|(number, digest)| Some((number.parse().ok()?, digest)));
    let (number, digest) =
        parts.ok_or_else(|| format!("a seal is NUMBER:DIGEST, as `plenary check` prints it, not {text:?}"))?;
    Ok(Chain { number, digest: digest.to_lowercase() })
}
