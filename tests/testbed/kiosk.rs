//! The kiosk's commands for the testbed's guest, without the screens: what a command does is the
//! program's own, only the list is shorter, so that it is built in a minute and fits a small guest.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use kiosk::command::survey;

#[derive(Parser, Debug)]
#[command(name = "kiosk", disable_help_subcommand = true)]
enum Command {
    Survey(survey::SurveyArgs),
}

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    let done = match Command::parse() {
        Command::Survey(args) => survey::run(&args, &mut out),
    };
    let Err(error) = done else { return ExitCode::SUCCESS };
    drop(writeln!(std::io::stderr(), "kiosk failed to {error:#}"));
    ExitCode::FAILURE
}
