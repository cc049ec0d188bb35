//! What must hold of every page there is: routes are read from the source, so that a new one is looked at by itself.

mod addresses;
mod came_of;
mod elements;
mod filled;
mod injection;
mod language;
mod veiled;

use self::addresses::every_address;
use self::filled::Filled;
