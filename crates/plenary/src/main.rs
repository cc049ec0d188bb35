//! `plenary`: the whole product in one program.

mod arguments;
mod commands;
mod configuration;
mod opening;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    // Usage errors leave here, with exit code 2.
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Serve(serve) => commands::serve::run(serve),
        Command::Init(init) => commands::init::run(&init),
        Command::Demo(demo) => commands::demo::run(&demo),
        Command::User(user) => commands::user::run(user),
        Command::Token(token) => commands::token::run(token),
        Command::Pack(pack) => commands::pack::run(pack),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("plenary: {error}");
            ExitCode::FAILURE
        }
    }
}
