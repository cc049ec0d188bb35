//! Mentions: `@` and the name or the e-mail address of a user, in plain text.

use std::collections::BTreeSet;

use model::{Id, Record, Value};
use serde_json::json;

use super::COMMENTS;
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::work::Work;

/// The longest comment, in characters.
const LIMIT: usize = 10_000;

/// Mentions of one comment: who would call more people writes to them some other way.
const CALLS: usize = 30;

/// Colleagues of whom the picker asks whether they may see the record.
const LOOKED_AT: usize = 40;

/// Somebody who can be mentioned, with what they are called in small letters.
struct Person {
    id: Id,
    name: String,
    called: [String; 2],
}

/// A colleague who can be mentioned on a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub id: Id,
    /// What people call them.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What stands after the `@`: the name, or the address where several people have the name.
    pub written: String,
}

/// Whom a text mentions.
#[derive(Default)]
struct Mentioned {
    users: BTreeSet<Id>,
    /// A name that several people have.
    ambiguous: Option<String>,
}

impl Work<'_> {
    /// Judges a comment and notes whom it mentions.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a text that is empty or too long or mentions very many, for whoever is mentioned and may not
    /// see the record, for a name that several people have, and for a comment on a comment.
    pub(crate) fn note_mentions(&mut self, comment: &mut Record) -> Result<()> {
        let text = comment.text("text").unwrap_or_default().to_owned();
        if text.trim().is_empty() {
            return Err(Error::field("text", "required", "this must be filled"));
        }
        if text.chars().count() > LIMIT {
            return Err(Error::field("text", "too_long", format!("at most {LIMIT} characters")));
        }
        if calls(&text) > CALLS {
            return Err(Error::field("text", "too_many_mentions", format!("at most {CALLS} mentions")));
        }
        let Value::Record { module, id } = comment.get("about").clone() else { return Ok(()) };
        if module == COMMENTS {
            return Err(Error::field("about", "invalid_target", "a comment is about no other comment"));
        }
        let people = self.mentionable(&text)?;
        let mentioned = mentioned(&text, &people);
        if let Some(name) = mentioned.ambiguous {
            let message = format!("several people are called {name:?}: write an e-mail address after @");
            return Err(Error::field("text", "ambiguous_mention", message));
        }
        let blind = self.blind(&module, id, &mentioned.users)?;
        if !blind.is_empty() {
            let names: Vec<&str> =
                people.iter().filter(|it| blind.contains(&it.id)).map(|it| it.name.as_str()).collect();
            let message = format!("may not see this record: {}", names.join(", "));
            return Err(Error::field("text", "mention_unseen", message));
        }
        let ids: Vec<String> = mentioned.users.iter().map(ToString::to_string).collect();
        comment.set("mentions", if ids.is_empty() { Value::Null } else { Value::Json(json!(ids)) });
        Ok(())
    }

    /// The names of those whom a text about a record mentions and who may not see it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn blind_to(&mut self, module: &str, record: Id, text: &str) -> Result<Vec<String>> {
        let people = self.mentionable(text)?;
        let blind = self.blind(module, record, &mentioned(text, &people).users)?;
        Ok(people.into_iter().filter(|person| blind.contains(&person.id)).map(|person| person.name).collect())
    }

    fn blind(&mut self, module: &str, record: Id, users: &BTreeSet<Id>) -> Result<BTreeSet<Id>> {
        Ok(users.difference(&self.seeing(module, record, users)?).copied().collect())
    }

    /// Those of `users` who are active and may see a record, each under their own rights, asked of all together.
    fn seeing(&mut self, module: &str, record: Id, users: &BTreeSet<Id>) -> Result<BTreeSet<Id>> {
        if users.is_empty() {
            return Ok(BTreeSet::new());
        }
        let module = self.module(module)?;
        let mut sql = Sql::new("select u.id from users u where 1 = 0");
        for user in self.users_of(users)? {
            sql = sql.push(" or (u.id = ").bind(user.id.0).push(" and exists (select 1 from ");
            sql = sql.push_ident(&module.name)?.push(" t where t.deleted_at is null and t.id = ").bind(record.0);
            sql = self.as_user(user, |work| work.reached(sql, &module, work.grant(&module).read)).push("))");
        }
        self.rows(&sql)?.iter().map(|row| Ok(Id(row.uuid(0)?))).collect()
    }

    /// Up to `limit` colleagues who may see the record and of whose name or address a word begins with `typed`.
    ///
    /// # Errors
    /// [`Error::NoModule`].
    pub fn mention_candidates(
        &mut self,
        module: &str,
        record: Id,
        typed: &str,
        limit: usize,
    ) -> Result<Vec<Candidate>> {
        let people = self.mentionable("@")?;
        let typed = folded(typed.trim());
        let is_meant = |person: &&Person| {
            let words = person.called.iter().flat_map(|called| {
                let starts = called.char_indices().filter(|(at, _)| {
                    let before = called.get(..*at).and_then(|before| before.chars().last());
                    before.is_none_or(|before| !before.is_alphanumeric())
                });
                starts.filter_map(|(at, _)| called.get(at..)).collect::<Vec<_>>()
            });
            words.into_iter().any(|word| word.starts_with(&typed))
        };
        let meant: Vec<&Person> = people.iter().filter(is_meant).take(LOOKED_AT).collect();
        let seeing = self.seeing(module, record, &meant.iter().map(|person| person.id).collect())?;
        let candidate = |person: &Person| {
            let [name, email] = &person.called;
            let is_only = people.iter().filter(|other| other.called.contains(name)).count() == 1;
            let written = if is_only { person.name.clone() } else { email.clone() };
            Candidate { id: person.id, name: person.name.clone(), email: email.clone(), written }
        };
        let found = meant.into_iter().filter(|person| seeing.contains(&person.id)).take(limit);
        Ok(found.map(candidate).collect())
    }

    fn mentionable(&mut self, text: &str) -> Result<Vec<Person>> {
        if !text.contains('@') {
            return Ok(Vec::new());
        }
        let rows = self.rows(&Sql::new("select id, name, email from users where active order by name, id"))?;
        let person = |row: &crate::db::Row| {
            let name = row.text(1)?;
            let called = [folded(&name), folded(&row.text(2)?)];
            Ok(Person { id: Id(row.uuid(0)?), name, called })
        };
        rows.iter().map(person).collect()
    }
}

/// How many times a text may mean somebody: an `@` that does not stand inside a word, with something behind it.
fn calls(text: &str) -> usize {
    let before = std::iter::once(' ').chain(text.chars());
    let after = text.chars().skip(1);
    let places = before.zip(text.chars()).zip(after);
    places.filter(|((before, sign), after)| *sign == '@' && !before.is_alphanumeric() && !after.is_whitespace()).count()
}

/// Whom `text` mentions: after an `@` that does not stand inside a word, the longest name or address that follows.
fn mentioned(text: &str, people: &[Person]) -> Mentioned {
    let text: Vec<char> = folded(text).chars().collect();
    let mut found = Mentioned::default();
    for (at, _) in text.iter().enumerate().filter(|(_, character)| **character == '@') {
        let is_inside = at.checked_sub(1).and_then(|before| text.get(before)).is_some_and(|it| it.is_alphanumeric());
        if is_inside {
            continue;
        }
        let rest = text.get(at + 1..).unwrap_or_default();
        let longest =
            people.iter().flat_map(|it| &it.called).filter(|name| begins(rest, name)).max_by_key(|it| it.len());
        let Some(longest) = longest else { continue };
        let mut meant = people.iter().filter(|person| person.called.contains(longest));
        let (first, second) = (meant.next(), meant.next());
        match (first, second) {
            (Some(person), Some(_)) => found.ambiguous = Some(person.name.clone()),
            (Some(person), None) => drop(found.users.insert(person.id)),
            (None, _) => {}
        }
    }
    found
}

/// Whether `rest` begins with the whole words of `name`.
fn begins(rest: &[char], name: &str) -> bool {
    let mut left = rest.iter();
    !name.is_empty()
        && name.chars().all(|letter| left.next() == Some(&letter))
        && left.next().is_none_or(|next| !next.is_alphanumeric())
}

/// Small letters, and е for ё, one character for one.
fn folded(text: &str) -> String {
    let small = |letter: char| match letter.to_lowercase().next().unwrap_or(letter) {
        'ё' => 'е',
        '\u{a0}' => ' ',
        small => small,
    };
    text.chars().map(small).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> Vec<Person> {
        let of = |(name, email): &(&str, &str)| Person {
            id: Id::new(),
            name: (*name).to_owned(),
            called: [folded(name), folded(email)],
        };
        let all = [("Анна", "a@x.org"), ("Анна Ли", "li@x.org"), ("Пётр Ли", "p@x.org"), ("Пётр Ли", "p2@x.org")];
        all.iter().map(of).collect()
    }

    fn names(text: &str) -> (Vec<usize>, bool) {
        let people = people();
        let found = mentioned(text, &people);
        let places = people.iter().enumerate().filter(|(_, it)| found.users.contains(&it.id)).map(|(at, _)| at);
        (places.collect(), found.ambiguous.is_some())
    }

    #[test]
    fn the_longest_whole_name_after_a_sign_is_meant() {
        assert_eq!(names("@Анна, взгляни"), (vec![0], false));
        assert_eq!(names("спроси @анна ли и @p2@x.org"), (vec![1, 3], false));
        assert_eq!(names("@Аннаберг и mail@a@x.org, a@x.org"), (vec![], false), "inside a word nobody is meant");
        assert_eq!(names("@Петр Ли"), (vec![], true), "two are called so");
        assert_eq!(names("(@li@x.org)"), (vec![1], false));
        assert_eq!(names("@"), (vec![], false));
    }

    #[test]
    fn what_may_mean_somebody_is_counted() {
        for (text, count) in [("@Анна, (@li) a@x.org @ и @", 2), ("@", 0), ("", 0), ("@@a", 2)] {
            assert_eq!(calls(text), count, "{text}");
        }
    }
}
