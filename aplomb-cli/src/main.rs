//! `aplomb`: looks into running services that are written with Aplomb.

mod arguments;
mod failure;
mod figures;
mod instance;
mod interrupt;
mod live;
mod output;
mod reach;
mod screen;
mod span;
mod traffic;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Noun};

fn main() -> ExitCode {
    let Noun::Live(arguments) = Arguments::parse().noun;
    match live::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(message) = failure.message() {
                eprintln!("{}", screen::lines(message));
            }
            failure.code()
        }
    }
}
