//! What the proofs stand on: the real program as its own process, and its doors.

pub(crate) mod api;
pub(crate) mod http;
pub(crate) mod letters;
pub(crate) mod program;
pub(crate) mod sale;
pub(crate) mod world;

pub(crate) use api::{Answer, Api};
pub(crate) use letters::{Letter, letters};
pub(crate) use program::{Server, plenary};
pub(crate) use sale::{Sale, rub};
pub(crate) use world::{Kind, World};
