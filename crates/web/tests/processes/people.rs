//! Who acts: somebody of each role.

use model::{Actor, Locale};
use store::{NewUser, Origin};

use crate::world::{Api, World};

/// Somebody with roles.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) roles: Vec<String>,
    pub(crate) api: Api,
}

/// One of each role that there is, a second administrator, and somebody with two roles.
pub(crate) async fn everybody(world: &World) -> Vec<Person> {
    let roles = world.admin.get("/api/v1/meta/roles").await.expect(200);
    let names = roles["data"].as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap().to_owned());
    let mut all: Vec<Vec<String>> = names.map(|name| vec![name]).collect();
    all.push(vec!["salesperson".to_owned(), "secretary".to_owned()]);
    let admin =
        Person { id: world.admin_id.to_string(), roles: vec!["administrator".to_owned()], api: world.admin.clone() };
    all.into_iter().map(|roles| somebody(world, roles)).chain([admin]).collect()
}

fn somebody(world: &World, roles: Vec<String>) -> Person {
    let name = roles.join("_and_");
    let account = NewUser {
        email: format!("{name}@example.org"),
        name: name.clone(),
        password_hash: "-".to_owned(),
        roles: roles.clone(),
        locale: Locale::Ru,
    };
    let add = move |work: &mut store::Work<'_>| work.add_user(&account);
    let id = world.workspace.write_blocking(Actor::System("test"), Origin::from("test"), add).unwrap();
    Person { id: id.to_string(), roles, api: world.with_token(&world.token(id, &name, &[])) }
}
