//! What pages are made of: words in the reader's language, values worded and marked up, form controls, the frame. Pages
//! put these together; nothing here reads the database but [`lens`], [`offers`], [`frame`] and [`visitor`], which say what they read.

pub(crate) mod addresses;
pub(crate) mod below;
pub(crate) mod control;
pub(crate) mod door;
pub(crate) mod expression;
pub(crate) mod face;
pub(crate) mod fonts;
pub(crate) mod frame;
pub(crate) mod headers;
pub(crate) mod help;
pub(crate) mod htmx;
pub(crate) mod icon;
pub(crate) mod inputs;
pub(crate) mod lens;
pub(crate) mod marks;
pub(crate) mod markup;
pub(crate) mod next;
pub(crate) mod note;
pub(crate) mod offers;
pub(crate) mod ringing;
pub(crate) mod says;
pub(crate) mod sees_as;
pub(crate) mod sheet;
pub(crate) mod shell;
pub(crate) mod shortcuts;
pub(crate) mod site_letter;
pub(crate) mod tag;
pub(crate) mod told;
pub(crate) mod typed;
pub(crate) mod veil;
pub(crate) mod views;
pub(crate) mod visitor;
pub(crate) mod words;

pub(crate) use below::Below;
pub(crate) use icon::icon;
pub(crate) use lens::Lens;
pub(crate) use words::Words;
