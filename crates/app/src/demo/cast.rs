//! Who plays: the team, and the people who come.

use model::actor::User;
use model::{Actor, Id};
use rand::RngExt;
use store::{NewUser, Result};
use ticketing::PersonRequest;

use super::EMAIL;
use super::stage::Stage;
use super::story::{Names, Story};

/// Buyers of all conferences; who has been once comes again.
pub(super) const BUYERS: usize = 260;

/// The team by their parts.
#[derive(Default)]
pub(super) struct Cast {
    team: Vec<User>,
}

impl Cast {
    /// Whoever has the role; the product itself where nobody has.
    pub(super) fn with_role(&self, role: &str) -> Actor {
        let user = self.team.iter().find(|user| user.roles.iter().any(|has| has == role));
        user.map_or(Actor::System("demo"), |user| Actor::User(Box::new(user.clone())))
    }

    /// Those who sell, in turn.
    pub(super) fn seller(&self, turn: usize) -> Option<Id> {
        let sellers: Vec<_> =
            self.team.iter().filter(|user| user.roles.iter().any(|role| role == "salesperson")).collect();
        sellers.get(turn.checked_rem(sellers.len())?).map(|user| user.id)
    }

    /// The user with this id as an actor.
    pub(super) fn actor(&self, id: Option<Id>) -> Actor {
        let user = self.team.iter().find(|user| Some(user.id) == id);
        user.map_or(Actor::System("demo"), |user| Actor::User(Box::new(user.clone())))
    }
}

/// Parts that are played when one user plays them all.
const PARTS: [&str; 5] = ["organiser", "salesperson", "secretary", "accountant", "door"];

impl Stage<'_> {
    /// Lets one user play every part.
    pub(super) fn alone(&mut self, user: Id) -> Result<()> {
        let now = self.now;
        let user = self.work(now, &Actor::System("demo"), "read", |work| work.user(user))?;
        self.cast.team = user.into_iter().collect();
        for user in &mut self.cast.team {
            user.roles.extend(PARTS.map(str::to_owned));
        }
        Ok(())
    }

    /// Takes the team on: the first of them is the administrator who is there already.
    pub(super) fn gather(&mut self, story: &Story, password_hash: &str) -> Result<()> {
        let domain = story.sender.rsplit_once('@').map_or("club.example", |(_, domain)| domain).to_owned();
        let (system, now, locale) = (Actor::System("demo"), self.now, self.locale);
        let members = story.team.clone();
        self.cast.team = self.work(now, &system, "command", |work| {
            let mut team = Vec::new();
            for (index, member) in members.iter().enumerate() {
                let id = if index == 0 {
                    work.account_by_email(EMAIL)?.map(|account| account.id).unwrap_or_default()
                } else {
                    work.add_user(&NewUser {
                        email: format!("{}@{domain}", member.login),
                        name: member.name.clone(),
                        password_hash: password_hash.to_owned(),
                        roles: member.roles.clone(),
                        locale,
                    })?
                };
                if let Some(name) = &member.team {
                    work.join_team(id, name)?;
                }
                team.push(id);
            }
            let users = team.into_iter().map(|id| work.user(id)).collect::<Result<Vec<_>>>()?;
            Ok(users.into_iter().flatten().collect())
        })?;
        Ok(())
    }
}

/// The person with this number: the same name, address and phone whenever they come.
pub(super) fn person(story: &Story, number: usize) -> PersonRequest {
    let names: &Names = if number.is_multiple_of(2) { &story.women } else { &story.men };
    let half = number / 2;
    let pick = |list: &[(String, String)], at: usize| {
        at.checked_rem(list.len()).and_then(|at| list.get(at)).cloned().unwrap_or_default()
    };
    let first = pick(&names.first, half);
    // Each round over the first names meets the last names one place further on.
    let last = pick(&names.last, half + half.checked_div(names.first.len()).unwrap_or(0));
    PersonRequest {
        name: Some(format!("{} {}", first.0, last.0)),
        email: Some(format!("{}.{}{number}@{}", first.1, last.1, story.mail)),
        phone: (!number.is_multiple_of(3)).then(|| format!("{}{number:03}", story.phone)),
    }
}

/// A number below `most`.
pub(super) fn below(stage: &mut Stage<'_>, most: usize) -> usize {
    if most == 0 { 0 } else { stage.chance.random_range(0..most) }
}
