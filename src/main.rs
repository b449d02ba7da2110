//! The command line.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kiosk::command::{
    beacon, check, choose_pins, decode, derive, encounters, eval, exposure, in_words, log, pins,
    radio, record, run, survey, tour, venue,
};

/// Writes visitors into a logbook and sees whether a phone runs a contact-tracing app
#[derive(Parser, Debug)]
#[command(name = "kiosk", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Run(run::RunArgs),
    Check(check::CheckArgs),
    Log(log::LogArgs),
    Encounters(encounters::EncountersArgs),
    Exposure(exposure::ExposureArgs),
    Tour(tour::TourArgs),
    Radio(radio::RadioArgs),
    Beacon(beacon::BeaconArgs),
    Record(record::RecordArgs),
    Survey(survey::SurveyArgs),
    Decode(decode::DecodeArgs),
    Derive(derive::DeriveArgs),
    Eval(eval::EvalArgs),
    Pins(pins::PinsArgs),
    ChoosePins(choose_pins::ChoosePinsArgs),
    Venue(venue::VenueArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = io::stdout().lock();
    let done = match &cli.command {
        Command::Run(args) => run::run(args, &mut out),
        Command::Check(args) => match check::run(args, &mut out) {
            Ok(check::Health::Fail) => return ExitCode::FAILURE,
            Ok(check::Health::Ok | check::Health::Note) => Ok(()),
            Err(error) => Err(error),
        },
        Command::Log(args) => log::show(args, &mut out),
        Command::Encounters(args) => encounters::run(args, &mut out),
        Command::Exposure(args) => exposure::run(args, &mut out),
        Command::Tour(args) => tour::run(args, &mut out),
        Command::Radio(args) => radio::run(args, &mut out),
        Command::Beacon(args) => beacon::run(args, &mut out),
        Command::Record(args) => record::run(args, &mut out),
        Command::Survey(args) => survey::run(args, &mut out),
        Command::Decode(args) => decode::run(args, &mut out),
        Command::Derive(args) => derive::run(args, &mut out),
        Command::Eval(args) => eval::run(args, &mut out),
        Command::Pins(args) => pins::run(args, &mut out),
        Command::ChoosePins(args) => choose_pins::run(args, &mut io::stdin().lock(), &mut out),
        Command::Venue(args) => venue::run(args, &mut out),
    };
    // Of a closed pipe somebody has read enough: `kiosk log | head`.
    let Some(error) = done.err().filter(|error| !is_closed_pipe(error)) else {
        return ExitCode::SUCCESS;
    };
    drop(writeln!(io::stderr(), "kiosk failed to {}", in_words(&error)));
    ExitCode::FAILURE
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
