//! The control of the control: a model that is wrong in one place is found out.

use store::testing::databases;

use crate::driver::Driver;
use crate::table::{By, Table};
use crate::world::World;

/// What one table says otherwise than it is.
type Twist = fn(&mut Table) -> bool;

const TWISTS: [(&str, Twist); 7] = [
    ("a guard is forgotten", |table| {
        let step = table.steps.iter_mut().find(|step| step.guard.is_some());
        step.map(|step| step.guard = None).is_some()
    }),
    ("a guard says the opposite", |table| {
        let step = table.steps.iter_mut().find(|step| step.guard.is_some());
        step.and_then(|step| step.guard.as_mut()).map(|guard| *guard = format!("!({guard})")).is_some()
    }),
    ("a check list is forgotten", |table| {
        let step = table.steps.iter_mut().find(|step| !step.checklist.is_empty());
        step.map(|step| step.checklist.clear()).is_some()
    }),
    ("a field is not asked", |table| {
        let step = table.steps.iter_mut().find(|step| !step.asks.is_empty() && step.by == By::Editor);
        step.map(|step| step.asks.clear()).is_some()
    }),
    ("a move leads elsewhere", |table| {
        let initial = table.initial.clone();
        let step = table.steps.iter_mut().find(|step| step.from.contains(&initial) && step.by == By::Editor);
        step.map(|step| step.to.clone_from(&initial)).is_some()
    }),
    ("a move starts from more states", |table| {
        let all: Vec<String> = table.states.iter().map(|state| state.name.clone()).collect();
        let step = table.steps.iter_mut().find(|step| step.by == By::Editor && step.from.len() == 1);
        step.map(|step| step.from = all).is_some()
    }),
    ("anybody may", |table| {
        let step = table.steps.iter_mut().find(|step| matches!(step.by, By::Roles(_)));
        step.map(|step| step.by = By::Editor).is_some()
    }),
];

/// Presses of one module within which it must be found out.
const PATIENCE: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn a_model_with_one_thing_wrong_is_found_out() {
    for (number, (what, twist)) in TWISTS.into_iter().enumerate() {
        let database = databases().into_iter().find(|database| database.name == "sqlite").unwrap();
        let mut driver = Driver::new(World::new(database), u64::try_from(number).unwrap()).await;
        driver.list_checks().await;
        driver.begin().await.unwrap_or_else(|why| panic!("{why}"));
        let right: Vec<Table> = driver.tables.values().cloned().collect();
        let mut found = None;
        for table in &right {
            let mut wrong = table.clone();
            if driver.module(&table.module).service.is_some() || !twist(&mut wrong) {
                continue;
            }
            // As it is, nothing differs.
            driver.press_all(&table.module, PATIENCE / 10).await.unwrap_or_else(|why| panic!("{why}"));
            driver.tables.insert(table.module.clone(), wrong);
            found = driver.press_all(&table.module, PATIENCE).await.err();
            driver.tables.insert(table.module.clone(), table.clone());
            if found.is_some() {
                break;
            }
        }
        assert!(found.is_some(), "{what}, and nothing differed");
    }
}
