//! Measures Plenary beside a floor: the bare engine behind a bare handler, in the same run on the same machine.
//!
//! ```text
//! bench run --program target/release/plenary --records 1000000 [--engine sqlite|postgres] [--seconds 3]
//! bench fill --database sqlite:/somewhere/plenary.db --records 1000000
//! ```

mod bulk;
mod cases;
mod floor;
mod load;
mod mail;
mod people;
mod place;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};

use cases::{Bench, CLIENTS, Outcome, PAIRS};
use mail::Mail;
use place::Place;

/// Leads that a workspace has at least which was filled before.
const STANDING: u64 = 10_000;

/// The same as Plenary's: the floor is to differ by what it does, not by how it gets its memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Anything that stops a measurement.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(about = "Measures Plenary beside the bare engine")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fills a fresh workspace and measures everything in it.
    Run(Run),
    /// Fills a workspace that `plenary init` made, and leaves it: for trying things out at a size.
    Fill {
        /// `sqlite:PATH` or `postgres://…`.
        #[arg(long)]
        database: String,
        /// The number of the first lead.
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// How many.
        #[arg(long, default_value_t = 100_000)]
        records: u64,
    },
    /// Serves the floor; `run` starts it by itself.
    Floor {
        /// `sqlite:PATH` or `postgres://…`.
        #[arg(long)]
        database: String,
    },
}

#[derive(clap::Args)]
struct Run {
    /// The built program.
    #[arg(long)]
    program: PathBuf,
    /// Leads in the workspace; of several sizes each is measured while the workspace grows.
    #[arg(long, default_value = "100000", value_delimiter = ',')]
    records: Vec<u64>,
    /// Which database; both where nothing is said.
    #[arg(long)]
    engine: Option<String>,
    /// A workspace that `fill` filled, to be measured as it stands instead of a fresh one: `sqlite:PATH` or `postgres://…`.
    #[arg(long)]
    database: Option<String>,
    /// How long each of the runs of a pair lasts.
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Records of the bulk comparison.
    #[arg(long, default_value_t = 20_000)]
    bulk: u64,
    /// Letters that are imported, in five parts.
    #[arg(long, default_value_t = 5_000)]
    letters: u64,
    /// Only these: list, page, read, create, search, bulk, mail.
    #[arg(long = "only")]
    only: Vec<String>,
}

fn main() -> Result<(), Failure> {
    match Arguments::parse().command {
        Command::Fill { database, from, records } => {
            let workspace = store::Workspace::open(place::options(&database))?;
            place::is_for_measuring(&workspace)?;
            let took = place::fill(&workspace, from, from + records)?;
            place::settle(&workspace)?;
            println!("{records} leads in {took:.1?}");
            Ok(())
        }
        Command::Floor { database } => tokio::runtime::Runtime::new()?.block_on(floor::serve(&database)),
        Command::Run(run) => {
            println!(
                "| case | Plenary | floor | ratio | median | p99 | floor's median | floor's p99 |\n|---|---|---|---|---|---|---|---|"
            );
            if let Some(database) = &run.database {
                let folder = tempfile::Builder::new().prefix("plenary-bench-").tempdir()?;
                let place = Place::standing(&run.program, folder.path(), database);
                let token = place.token()?;
                place.still_rules(&token)?;
                return at_size(&run, &place, &place.open()?, &token, 1 << 40);
            }
            for engine in ["sqlite", "postgres"] {
                if run.engine.as_deref().is_none_or(|only| only == engine) {
                    measure(&run, engine)?;
                }
            }
            Ok(())
        }
    }
}

fn measure(run: &Run, engine: &str) -> Result<(), Failure> {
    let folder = tempfile::Builder::new().prefix("plenary-bench-").tempdir()?;
    let place = match engine {
        "sqlite" => Place::sqlite(&run.program, folder.path())?,
        _ => Place::postgres(&run.program, folder.path())?,
    };
    let token = place.token()?;
    place.still_rules(&token)?;
    let mut sizes = run.records.clone();
    sizes.sort_unstable();
    let mut filled = 0;
    for size in sizes {
        let workspace = place.open()?;
        let took = place::fill(&workspace, filled, size)?;
        let per_second = (size - filled) as f64 / took.as_secs_f64();
        println!("| {engine}: filled up to {size} leads | {per_second:.0}/s | | | | | | |");
        filled = size;
        at_size(run, &place, &workspace, &token, size)?;
    }
    Ok(())
}

/// `next` is the number of the next lead.
fn at_size(run: &Run, place: &Place, workspace: &store::Workspace, token: &str, next: u64) -> Result<(), Failure> {
    let wanted = |case: &str| run.only.is_empty() || run.only.iter().any(|only| only == case);
    let engine = place.engine;
    if wanted("bulk") {
        let bulk::Bulk { ours, raw, ratio } = bulk::measure(workspace, next, run.bulk)?;
        let of = run.bulk / PAIRS as u64;
        println!("| {engine}: bulk of {of}, {PAIRS} times | {ours:.2?} | {raw:.2?} | {ratio:.2} × the time | | | | |");
    }
    place::settle(workspace)?;
    let ids = place.some_ids(workspace)?;
    workspace.db().close_blocking();
    let (plenary, floor) = (place.plenary()?, place.floor()?);
    let lasting = Duration::from_secs_f64(run.seconds);
    let bench = Bench { place, plenary: &plenary, floor: &floor, token: token.to_owned(), lasting };
    tokio::runtime::Runtime::new()?.block_on(async {
        if wanted("list") {
            show(&bench.list().await?);
        }
        if wanted("page") {
            show(&bench.page().await?);
        }
        if wanted("read") {
            show(&bench.read(ids).await?);
        }
        if wanted("search") {
            for (name, words) in [("200 searches", people::searches()), ("200 with a typo", people::misspelt())] {
                let times = bench.search(words).await?;
                let (median, p99) = (times.within(0.5), times.within(0.99));
                println!("| {engine}: {name}, one client | | | | {median:.2?} | {p99:.2?} | | |");
            }
        }
        if wanted("create") {
            show(&bench.create(1).await?);
            show(&bench.create(CLIENTS).await?);
        }
        if wanted("mail") {
            // Of a workspace that was filled before it is not known how many there are.
            let people = if run.database.is_some() { STANDING } else { next };
            show_mail(engine, &mail::measure(&plenary, token, run.letters, people).await?);
        }
        Ok(())
    })
}

fn show_mail(engine: &str, mail: &Mail) {
    let Mail { part, rate, floor, ratio, first, last } = mail;
    println!(
        "| {engine}: letters imported and matched | {rate:.0}/s | {floor:.0}/s | {:.0} % | | | | |",
        ratio * 100.0
    );
    let megabytes = |bytes: u64| bytes as f64 / 1_048_576.0;
    for (what, first, last) in [("memory", first.all, last.all), ("memory without files", first.own, last.own)] {
        let (first, last) = (megabytes(first), megabytes(last));
        let grown = last - first;
        println!(
            "| {engine}: {what} after {part} letters and after all | {first:.1} MB, {last:.1} MB | | {grown:+.1} MB | | | | |"
        );
    }
}

fn show(outcome: &Outcome) {
    let Outcome { name, rate, floor, ratio, median, p99, floor_median, floor_p99 } = outcome;
    println!(
        "| {name} | {rate:.0}/s | {floor:.0}/s | {:.0} % | {median:.2?} | {p99:.2?} | {floor_median:.2?} | {floor_p99:.2?} |",
        ratio * 100.0
    );
}
