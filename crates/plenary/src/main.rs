//! `plenary`: the whole product in one program.

#[macro_use]
mod printing;

mod arguments;
mod commands;
mod configuration;
mod opening;
mod serving;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};

/// Each answer makes and drops thousands of small values on several threads at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
        Command::Backup(backup) => commands::backup::run(&backup),
        Command::Restore(restore) => commands::restore::run(&restore),
        Command::Check(check) => commands::check::run(&check),
        Command::Copy(copy) => commands::copy::run(&copy),
        Command::Release(release) => commands::release::run(&release),
        Command::Rehearse(rehearse) => commands::rehearse::run(&rehearse),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            aside!("plenary: {error}");
            ExitCode::FAILURE
        }
    }
}
