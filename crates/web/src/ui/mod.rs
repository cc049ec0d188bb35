//! What pages are made of: words in the reader's language, values worded and marked up, form controls, the frame. Pages
//! put these together; nothing here reads the database but [`lens`], [`offers`] and [`frame`], which say what they read.

pub(crate) mod attach;
pub(crate) mod control;
pub(crate) mod door;
pub(crate) mod face;
pub(crate) mod frame;
pub(crate) mod htmx;
pub(crate) mod icon;
pub(crate) mod inputs;
pub(crate) mod lens;
pub(crate) mod markup;
pub(crate) mod note;
pub(crate) mod offers;
pub(crate) mod says;
pub(crate) mod shell;
pub(crate) mod tag;
pub(crate) mod typed;
pub(crate) mod views;
pub(crate) mod words;

pub(crate) use icon::icon;
pub(crate) use lens::Lens;
pub(crate) use words::Words;
