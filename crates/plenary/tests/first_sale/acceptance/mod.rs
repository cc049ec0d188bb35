//! The first sale from its first request to its last refund: several hundred ticket requests come from a site, half are
//! paid, the clock goes on day by day past the change of prices, and in the end every one is where processes.md, 2 says.

mod days;
mod fate;
mod identity;
mod malformed;
mod money;
mod paging;
mod repeated;
mod requests;
mod verdict;

use jiff::{SignedDuration, Timestamp};

use crate::harness::world::on_both;
use crate::harness::{Api, Sale, World};

on_both!(first_sale, super::first_sale);

/// Kopecks; hours after the opening at which the price changes.
const TYPES: [(&str, i64, i64, i64, i64); 2] =
    [("Participant", 190, 1_000_000, 1_200_000, 84), ("Student", 100, 400_000, 500_000, 132)];

/// The sale under proof.
pub(crate) struct Stage {
    pub(crate) admin: Api,
    pub(crate) public: Api,
    pub(crate) sale: Sale,
    pub(crate) opened: Timestamp,
}

impl Stage {
    /// The moment `hours` after the opening, and half an hour for everything that was sent at the opening.
    pub(crate) fn hour(&self, hours: i64) -> Timestamp {
        self.opened + SignedDuration::from_mins(hours * 60 + 30)
    }
}

fn first_sale(world: &mut World) {
    let admin = world.admin();
    let opened = admin.now();
    let sale = Sale::open(&admin, "spring27", &TYPES);
    let stage = Stage { admin, public: world.anybody(), sale, opened };

    malformed::are_refused(&stage);
    let known = identity::known_people(&stage);
    let extra = repeated::make_one_order(&stage) + identity::are_recognised(&stage, &known);
    let cases = requests::send(&stage);
    requests::seats_add_up(&stage, &cases, extra);
    paging::gives_each_once(&stage);

    money::of_the_first_day(&stage, &cases);
    money::letters_bring_tickets(&stage);
    money::ends_of_the_first_day(&stage, &cases);
    days::go_by(&stage, &cases);
    money::late(&stage, &cases);

    verdict::every_case(&stage, &cases);
    verdict::books(&stage);
    verdict::outbox(&stage);
    verdict::door(&stage, &cases);
    identity::became_clients(&stage, &known);
}
