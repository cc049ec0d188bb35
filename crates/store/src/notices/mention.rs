//! Mentions: `@` and the name or the e-mail address of a user, in plain text.

use std::collections::BTreeSet;

use model::{Id, Record, Value};
use serde_json::json;

use super::COMMENTS;
use crate::db::{DbError, Sql, Tx};
use crate::error::{Error, Result};
use crate::params;
use crate::search::Colleague;
use crate::work::Work;

/// The longest comment, in characters.
const LIMIT: usize = 10_000;

/// Mentions of one comment: who would call more people writes to them some other way.
const CALLS: usize = 30;

/// Colleagues of whom the picker asks whether they may see the record.
const LOOKED_AT: usize = 40;

/// The longest words that are looked for, in characters.
const LONGEST: usize = 200;

/// Words behind an `@` that are looked for in one text.
const SOUGHT: usize = 100;

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

    /// Up to `limit` colleagues who may see the record and whose names or addresses begin with `typed`, word by word.
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
        let mut meant = self.colleagues_called(typed)?;
        meant.truncate(LOOKED_AT);
        let seeing = self.seeing(module, record, &meant.iter().map(|colleague| colleague.id).collect())?;
        let found = meant.into_iter().filter(|colleague| seeing.contains(&colleague.id)).take(limit);
        Ok(found
            .map(|Colleague { id, name, email }| Candidate { id, written: email.unwrap_or_else(|| name.clone()), name })
            .collect())
    }

    /// Those whom a text may mention, and some whom it does not.
    fn mentionable(&mut self, text: &str) -> Result<Vec<Person>> {
        self.people_called(sought(text).into_iter().map(|word| format!("% {word} %")))
    }

    /// The active users whose words are like one of `patterns`, by name.
    fn people_called(&mut self, patterns: impl IntoIterator<Item = String>) -> Result<Vec<Person>> {
        let mut patterns = patterns.into_iter().peekable();
        if patterns.peek().is_none() {
            return Ok(Vec::new());
        }
        // Of whoever no words are kept yet, nothing is known.
        let mut sql = Sql::new("select id, name, email from users where active and (called is null");
        for pattern in patterns {
            sql = sql.push(" or called like ").bind(pattern);
        }
        let rows = self.rows(&sql.push(") order by name, id"))?;
        let person = |row: &crate::db::Row| {
            let name = row.text(1)?;
            let called = [folded(&name), folded(&row.text(2)?)];
            Ok(Person { id: Id(row.uuid(0)?), name, called })
        };
        rows.iter().map(person).collect()
    }
}

/// Keeps the words of users of whom none are kept: those who were there before words were.
pub(crate) fn note_words(tx: &mut Tx) -> std::result::Result<(), DbError> {
    for row in tx.query(&Sql::new("select id, name, email from users where called is null"))? {
        let called = called(&row.text(1)?, &row.text(2)?);
        tx.execute(&Sql::with("update users set called = $1 where id = $2", params![called, row.uuid(0)?]))?;
    }
    Ok(())
}

/// What a user is looked up by: the words of their name and address.
pub(crate) fn called(name: &str, email: &str) -> String {
    words(&format!("{name} {email}"))
}

/// Words in small letters, one blank before each and one behind the last. They hold nothing that a pattern could mean.
fn words(text: &str) -> String {
    let plain = |letter: char| if letter.is_alphanumeric() { letter } else { ' ' };
    let text: String = folded(text).chars().map(plain).collect();
    text.split_whitespace().fold(" ".to_owned(), |words, word| words + word + " ")
}

/// The first word behind each `@` that does not stand inside a word: whoever is meant there has it.
fn sought(text: &str) -> BTreeSet<String> {
    let text: Vec<char> = folded(text).chars().collect();
    let is_word = |letter: &&char| letter.is_alphanumeric();
    let mut found = BTreeSet::new();
    for (at, _) in text.iter().enumerate().filter(|(_, letter)| **letter == '@') {
        let is_inside = at.checked_sub(1).and_then(|before| text.get(before)).is_some_and(|it| it.is_alphanumeric());
        let rest = text.get(at + 1..).unwrap_or_default().iter().skip_while(|letter| !is_word(letter));
        let word: String = rest.take_while(is_word).collect();
        if !is_inside && !word.is_empty() && word.chars().count() <= LONGEST && found.len() < SOUGHT {
            found.insert(word);
        }
    }
    found
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
    fn whoever_is_meant_has_a_word_that_is_sought() {
        assert_eq!(called("Анна  Ёлкина-Ли", "A.Li@x.org"), " анна елкина ли a li x org ");
        assert_eq!((words("%_'").as_str(), words("").as_str()), (" ", " "));
        assert_eq!(sought("@«Анна» mail@x.org (@Li) @ Ли @"), BTreeSet::from(["анна", "li", "ли"].map(str::to_owned)));
        let people = people();
        for text in ["@Анна, взгляни", "спроси @анна ли и @p2@x.org", "(@li@x.org)", "@Петр Ли", "@Анна\u{a0}Ли!"]
        {
            let sought: Vec<String> = sought(text).iter().map(|word| format!(" {word} ")).collect();
            for person in people.iter().filter(|person| mentioned(text, &people).users.contains(&person.id)) {
                let called = called(&person.name, &person.called[1]);
                assert!(sought.iter().any(|word| called.contains(word)), "{text}: {called}");
            }
        }
    }

    #[test]
    fn what_may_mean_somebody_is_counted() {
        for (text, count) in [("@Анна, (@li) a@x.org @ и @", 2), ("@", 0), ("", 0), ("@@a", 2)] {
            assert_eq!(calls(text), count, "{text}");
        }
    }
}
