//! The tables that are not modules: numbered steps, each written once for both databases.

use super::columns::ColumnType;
use crate::db::Dialect;

/// One step of the system tables' history. Steps are never changed once released; new ones are added.
pub struct Step {
    /// Its number; steps run in order.
    pub number: i64,
    /// SQL with `{uuid}`, `{instant}`, `{json}`, `{bool}`, `{bytes}`, `{text}`, `{int}`, `{serial}` for the types.
    sql: &'static str,
    /// Whether the index of words is to be made anew afterwards.
    pub(crate) reindexes: bool,
    /// What only SQLite needs.
    sqlite: &'static str,
    /// What only PostgreSQL needs.
    postgres: &'static str,
}

impl Step {
    /// The step in the language of `dialect`.
    #[must_use]
    pub fn sql(&self, dialect: Dialect) -> String {
        let serial = match dialect {
            Dialect::Sqlite => "integer primary key autoincrement",
            Dialect::Postgres => "bigint generated always as identity primary key",
        };
        let row = match dialect {
            Dialect::Sqlite => "integer",
            Dialect::Postgres => "bigint",
        };
        let own = match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        };
        let mut sql = format!("{}\n{own}", self.sql).replace("{serial}", serial).replace("{row}", row);
        for (name, kind) in [
            ("{uuid}", ColumnType::Uuid),
            ("{instant}", ColumnType::Instant),
            ("{json}", ColumnType::Json),
            ("{bool}", ColumnType::Bool),
            ("{bytes}", ColumnType::Bytes),
            ("{text}", ColumnType::Text),
            ("{int}", ColumnType::Int),
        ] {
            sql = sql.replace(name, kind.sql(dialect));
        }
        sql
    }

    /// Its texts: for both databases, for SQLite, for PostgreSQL.
    pub(super) fn texts(&self) -> [&'static str; 3] {
        [self.sql, self.sqlite, self.postgres]
    }
}

/// The tables of the steps, and those that SQLite makes for them: no module takes their names. Later steps make tables
/// whose names begin with `_`, as no module's can.
pub(crate) const TABLES: [&str; 41] = [
    "settings",
    "packs",
    "packs_past",
    "users",
    "teams",
    "team_members",
    "sessions",
    "tokens",
    "idempotency",
    "change_sets",
    "changes",
    "undos",
    "seals",
    "identities",
    "jobs",
    "counters",
    "followers",
    "notifications",
    "search_rows",
    "search_words",
    "search_words_data",
    "search_words_idx",
    "search_words_docsize",
    "search_words_config",
    "search_words_content",
    "search_modules",
    "search_vocabulary",
    "search_slips",
    "access_stamp",
    "views",
    "user_preferences",
    "_rule_runs",
    "_rule_states",
    "_turns",
    "_webhooks",
    "_taken_in",
    "_erasures",
    "_mailboxes",
    "_mailbox_letters",
    "_sights",
    "_sight_readers",
];

/// All steps, oldest first.
pub const STEPS: [Step; 20] = [
    FIRST,
    UNDO,
    SEALS,
    PAST,
    FOUND,
    STAMP,
    VIEWS,
    NOTICES,
    UNDOS,
    PREFERENCES,
    ACTS,
    STRETCHES,
    RULES,
    WEBHOOKS,
    ONCE,
    ERASURES,
    MOVES,
    MAIL,
    LETTERS,
    SIGHTS,
];

const FIRST: Step = Step {
    number: 1,
    reindexes: false,
    sql: "
-- What the workspace is set to: organisation, clock, defaults.
create table settings (key {text} primary key, value {json} not null);

-- The packs as they were applied, file by file.
create table packs (
  name {text} primary key, version {int} not null, position {int} not null, files {json} not null, applied_at {instant} not null
);

create table users (
  id {uuid} primary key, email {text} not null unique, name {text} not null, password_hash {text} not null,
  roles {json} not null, locale {text} not null, active {bool} not null, created_at {instant} not null
);
create table teams (id {uuid} primary key, name {text} not null unique, created_at {instant} not null);
create table team_members (
  team_id {uuid} not null references teams (id), user_id {uuid} not null references users (id), primary key (team_id, user_id)
);
create index team_members_user on team_members (user_id);

-- Only the digest of a secret is kept.
create table sessions (
  digest {bytes} primary key, user_id {uuid} not null references users (id), created_at {instant} not null,
  expires_at {instant} not null, agent {text}
);
create table tokens (
  id {uuid} primary key, digest {bytes} not null unique, user_id {uuid} not null references users (id), name {text} not null,
  scopes {json} not null, created_at {instant} not null
);

-- Answers kept for a repeat of the same request.
create table idempotency (
  caller {text} not null, key {text} not null, request {bytes} not null, status {int} not null, headers {json} not null,
  body {bytes} not null, created_at {instant} not null, primary key (caller, key)
);
create index idempotency_created on idempotency (created_at);

-- The log of everything: a change set is one act of somebody, its changes are record by record.
create table change_sets (
  id {uuid} primary key, at {instant} not null, actor {uuid}, source {text} not null, reason {text}
);
create table changes (
  seq {serial}, change_set {uuid} not null references change_sets (id), module {text} not null, record {uuid} not null,
  operation {text} not null, version {int} not null, at {instant} not null, delta {json} not null
);
create index changes_record on changes (record, seq);
create index changes_set on changes (change_set);

-- Every e-mail, phone and name of any person or company, normalised.
create table identities (
  kind {text} not null, value {text} not null, module {text} not null, record {uuid} not null
);
create index identities_value on identities (kind, value);
create index identities_record on identities (record);

-- Work that is due at a moment; written in the same transaction as its cause.
create table jobs (
  id {uuid} primary key, kind {text} not null, key {text} unique, due_at {instant} not null, payload {json} not null,
  attempts {int} not null, error {text}, created_at {instant} not null
);
create index jobs_due on jobs (due_at, id);

-- Numbers without gaps: taken under lock in the transaction that uses them.
create table counters (name {text} primary key, value {int} not null);

-- What full text finds: one row per record; words are folded and stemmed by the product, the same for both databases.
create table search_rows (
  id {serial}, module {text} not null, record {uuid} not null unique, title {text} not null, subtitle {text} not null
);
",
    sqlite: "create virtual table search_words using fts5 (words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');",
    postgres: "
alter table search_rows add column words tsvector not null default ''::tsvector;
create index search_words on search_rows using gin (words);
",
};

/// A change set may take back another; none is taken back twice.
const UNDO: Step = Step {
    number: 2,
    reindexes: false,
    sql: "
alter table change_sets add column undoes {uuid} references change_sets (id);
create unique index change_sets_undoes on change_sets (undoes);
",
    sqlite: "",
    postgres: "",
};

/// The change log is sealed: a chain of digests over its entries.
const SEALS: Step = Step {
    number: 3,
    reindexes: false,
    sql: "
create table seals (number {int} primary key, at {instant} not null, entries {int} not null, digest {bytes} not null);
alter table changes add column seal {int};
alter table changes add column digest {bytes};
create index changes_seal on changes (seal, seq);
",
    sqlite: "",
    postgres: "",
};

/// Packs keep what they were and who applied them.
const PAST: Step = Step {
    number: 4,
    reindexes: false,
    sql: "
create table packs_past (
  id {serial}, name {text} not null, version {int}, files {json}, applied_at {instant}, applied_by {uuid},
  replaced_at {instant} not null, replaced_by {uuid}
);
create index packs_past_name on packs_past (name, id);
alter table packs add column applied_by {uuid};
",
    sqlite: "",
    postgres: "",
};

/// What is found is read newest first, a module's rows by themselves; a vocabulary knows words by their beginnings and
/// with a letter left out.
pub(crate) const FOUND: Step = Step {
    number: 5,
    reindexes: true,
    sql: "
drop table search_rows;
create table search_modules (module {text} primary key, number {int} not null unique);
create table search_rows (
  id {row} primary key, record {uuid} not null unique, title {text} not null, subtitle {text} not null
);
create table search_vocabulary (word {text} primary key);
create table search_slips (form {text} not null, word {text} not null);
create index search_slips_form on search_slips (form);
",
    // Words come folded and taken apart; nothing but whether a row has them is kept.
    sqlite: "
drop table search_words;
create virtual table search_words using fts5 (
  words, content='', contentless_delete=1, detail=none, tokenize=\"ascii tokenchars '^'\"
);
",
    // No word of a vocabulary is unique by force: two that meet a new word at once would wait for each other.
    postgres: "
create sequence search_rows_number owned by search_rows.id;
alter table search_rows add column words tsvector not null default ''::tsvector;
create index search_words on search_rows using gin (words);
alter table search_vocabulary drop constraint search_vocabulary_pkey;
create index search_vocabulary_word on search_vocabulary (word);
",
};

/// One row that is another after every change of who may come in and as whom: whoever finds it the same need not ask
/// again. The database itself renews it, so that no way to such a change can forget to. SQLite is asked directly.
const STAMP: Step = Step {
    number: 6,
    reindexes: false,
    sql: "
create table access_stamp (id {int} primary key, stamp {uuid} not null);
",
    sqlite: "",
    postgres: "
insert into access_stamp values (1, gen_random_uuid());
create or replace function access_changed() returns trigger language plpgsql set search_path from current as
  'begin update access_stamp set stamp = gen_random_uuid(); return null; end';
create trigger access_changed after update or delete on users for each row execute function access_changed();
create trigger access_changed after update or delete on tokens for each row execute function access_changed();
create trigger access_changed after update or delete on sessions for each row execute function access_changed();
create trigger access_changed after insert or update or delete on team_members for each row execute function access_changed();
",
};

/// How people look at lists, kept under names.
const VIEWS: Step = Step {
    number: 7,
    reindexes: false,
    sql: "
create table views (
  id {uuid} primary key, module {text} not null, name {text} not null, owner {uuid} not null references users (id),
  audience {text} not null, team {uuid} references teams (id), look {json} not null, created_at {instant} not null,
  updated_at {instant} not null
);
create index views_owner on views (owner);
",
    sqlite: "",
    postgres: "",
};

/// Who follows which record, and what people are told of.
const NOTICES: Step = Step {
    number: 8,
    reindexes: false,
    sql: "
-- Owners follow without a row; a row says who else does, and who of all does not want to.
create table followers (
  module {text} not null, record {uuid} not null, user_id {uuid} not null references users (id), follows {bool} not null,
  since {instant} not null, primary key (record, user_id)
);
create index followers_user on followers (user_id);
create table notifications (
  id {uuid} primary key, user_id {uuid} not null references users (id), kind {text} not null, module {text} not null,
  record {uuid} not null, comment {uuid}, actor {uuid}, detail {json} not null, others {int} not null, at {instant} not null,
  read_at {instant}
);
create index notifications_user on notifications (user_id, id);
create index notifications_unread on notifications (user_id, record) where read_at is null;
alter table users add column mail {text} not null default 'personal';
",
    sqlite: "",
    postgres: "",
};

/// Change sets too large to be taken back at once, and how far each is.
const UNDOS: Step = Step {
    number: 9,
    reindexes: false,
    sql: "
-- Who asked, under which scopes and through which door; which lines of the log it is about; before which of them it goes on.
create table undos (
  change_set {uuid} primary key references change_sets (id), user_id {uuid} references users (id), scopes {json} not null,
  source {text} not null, conflicts {text} not null, state {text} not null, first_line {int} not null, last_line {int} not null,
  place {int} not null, done {int} not null, total {int} not null, told {json} not null,
  undone_by {uuid} references change_sets (id), begun_at {instant} not null
);
",
    sqlite: "",
    postgres: "",
};

/// What users set for themselves alone.
const PREFERENCES: Step = Step {
    number: 10,
    reindexes: false,
    sql: "
create table user_preferences (
  user_id {uuid} not null references users (id), module {text} not null, name {text} not null, value {json} not null,
  primary key (user_id, module, name)
);
create index user_preferences_module on user_preferences (module, name);
-- Every page of a list asks for the views of its module.
create index views_module on views (module);
-- The words of name and address, by which colleagues are found; see notices::mention.
alter table users add column called {text};
",
    sqlite: "",
    postgres: "",
};

/// What somebody did lately is found without looking through what everybody did.
const ACTS: Step = Step {
    number: 11,
    reindexes: false,
    sql: "
create index change_sets_actor on change_sets (actor, id);
",
    sqlite: "",
    postgres: "",
};

/// PostgreSQL finds the newest rows with a word by the stretch of numbers in which they lie. What waits to be sorted into
/// the index is read by every search: little may.
const STRETCHES: Step = Step {
    number: 12,
    reindexes: false,
    sql: "",
    sqlite: "",
    postgres: "
drop index search_words;
create index _search_stretches on search_rows using gin ((words || array_to_tsvector(array['~a' || (id >> 13)::text,
  '~b' || (id >> 17)::text, '~c' || (id >> 21)::text, '~d' || (id >> 40)::text]))) with (gin_pending_list_limit = 256);
",
};

/// What rules did, how each stands, whose turn it is, and who is away.
const RULES: Step = Step {
    number: 13,
    reindexes: false,
    sql: "
-- A rule runs once for each cause: a version of a record, or a moment in one of its fields.
create table _rule_runs (
  id {uuid} primary key, rule {text} not null, module {text} not null, record {uuid} not null, version {int} not null,
  cause {text} not null, caused_by {uuid}, state {text} not null, reason {text}, trail {json} not null, made {uuid},
  attempts {int} not null, begun_at {instant} not null, ended_at {instant} not null
);
create unique index _rule_runs_cause on _rule_runs (rule, cause);
create index _rule_runs_state on _rule_runs (rule, state, id);
create index _rule_runs_ended on _rule_runs (rule, ended_at);
create table _rule_states (rule {text} primary key, held_at {instant}, released_at {instant}, swept_to {instant});
create table _turns (pool {text} primary key, user_id {uuid} not null, at {instant} not null);
alter table users add column absent_until {instant};
",
    sqlite: "",
    postgres: "",
};

/// Webhooks of rules, and how often a rule ran lately without a look at its rows.
const WEBHOOKS: Step = Step {
    number: 14,
    reindexes: false,
    sql: "
create table _webhooks (
  id {uuid} primary key, rule {text} not null, cause {text} not null, place {int} not null, module {text} not null,
  record {uuid} not null, url {text} not null, body {text} not null, state {text} not null, attempts {int} not null,
  answer {text}, created_at {instant} not null, ended_at {instant}
);
create unique index _webhooks_cause on _webhooks (rule, cause, place);
create index _webhooks_rule on _webhooks (rule, id);
drop index _rule_runs_ended;
create index _rule_runs_spent on _rule_runs (rule, state, ended_at);
",
    sqlite: "",
    postgres: "",
};

/// How often each job was begun and did not come to an end, so that one that kills the program is not begun for ever; and
/// which requests from outside were taken in already.
const ONCE: Step = Step {
    number: 15,
    reindexes: false,
    sql: "
alter table jobs add column starts {int} not null default 0;
-- Under what its sender knows a request, and the record that it became.
create table _taken_in (
  source {text} not null, external_id {text} not null, module {text} not null, record {uuid} not null, at {instant} not null,
  primary key (source, external_id)
);
",
    sqlite: "",
    postgres: "",
};

/// Which people were erased: their records take nothing any more.
const ERASURES: Step = Step {
    number: 16,
    reindexes: false,
    sql: "
create table _erasures (
  record {uuid} primary key, module {text} not null, change_set {uuid} not null references change_sets (id), at {instant} not null
);
create index _erasures_set on _erasures (change_set);
",
    sqlite: "",
    postgres: "",
};

/// Which move of its process a change of a record was: two may lead the same way.
const MOVES: Step = Step {
    number: 17,
    reindexes: false,
    sql: "
alter table changes add column transition {text};
",
    sqlite: "",
    postgres: "",
};

/// Mailboxes that letters are fetched from, and of every letter that was seen in one what became of it.
const MAIL: Step = Step {
    number: 18,
    reindexes: false,
    sql: "
-- `place` is another number whenever the mailbox is another folder on another server, or gone through from its beginning:
-- numbers of letters begin anew there.
create table _mailboxes (
  id {uuid} primary key, name {text} not null unique, host {text} not null, port {int} not null, security {text} not null,
  login {text} not null, folder {text} not null, certificate {text}, owner {uuid} references users (id),
  since {instant} not null, active {bool} not null, place {int} not null, created_at {instant} not null,
  looked_at {instant}, letter_at {instant}, error {text}, answer {text}, failures {int} not null, next_at {instant}
);
create table _mailbox_letters (
  id {uuid} primary key, mailbox {uuid} not null references _mailboxes (id), place {int} not null, validity {int} not null,
  uid {int} not null, message_id {text}, size {int} not null, state {text} not null, reason {text}, answer {text},
  module {text}, record {uuid}, attempts {int} not null, retry_at {instant}, at {instant} not null
);
create unique index _mailbox_letters_place on _mailbox_letters (mailbox, place, validity, uid);
create index _mailbox_letters_newest on _mailbox_letters (mailbox, id);
create index _mailbox_letters_called on _mailbox_letters (message_id);
create index _mailbox_letters_record on _mailbox_letters (record);
",
    sqlite: "",
    postgres: "",
};

/// How many letters each run of a rule has put on their way, for rules that may send so many an hour.
const LETTERS: Step = Step {
    number: 19,
    reindexes: false,
    sql: "
alter table _rule_runs add column letters {int} not null default 0;
create index _rule_runs_letters on _rule_runs (rule, ended_at) where letters > 0;
",
    sqlite: "",
    postgres: "",
};

/// Who sees what of the letters of a mailbox; and of a record of which some see less, the index of words has a row for them as
/// well: `sight` counts the veils that are closed for whoever finds by it.
pub(crate) const SIGHTS: Step = Step {
    number: 20,
    reindexes: false,
    sql: "
-- Both stay when the mailbox is taken away: its letters do.
create table _sights (keeper {text} primary key, visibility {text} not null, owner {uuid});
-- A user or a team.
create table _sight_readers (keeper {text} not null, reader {uuid} not null, primary key (keeper, reader));
-- Letters that are to be tried again, which every look asks for.
create index _mailbox_letters_again on _mailbox_letters (mailbox) where retry_at is not null;
",
    // SQLite takes no constraint off a table.
    sqlite: "
create table _search_rows_new (
  id {row} primary key, record {uuid} not null, sight {int} not null default 0, title {text} not null, subtitle {text} not null
);
insert into _search_rows_new (id, record, title, subtitle) select id, record, title, subtitle from search_rows;
drop table search_rows;
alter table _search_rows_new rename to search_rows;
create unique index _search_rows_record on search_rows (record, sight);
",
    postgres: "
alter table search_rows add column sight {int} not null default 0;
alter table search_rows drop constraint search_rows_record_key;
create unique index _search_rows_record on search_rows (record, sight);
",
};
