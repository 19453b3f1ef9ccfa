//! What may be written behind `aplomb`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::reach::Reach;
use crate::span;

/// Looks into running services.
#[derive(Parser, Debug)]
#[command(name = "aplomb", version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) noun: Noun,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Noun {
    /// Look into a running service: its requests, where their time goes, and what they bring
    Live(LiveArguments),
}

#[derive(Args, Debug)]
pub(crate) struct LiveArguments {
    #[command(flatten)]
    pub(crate) reach: Reach,
    /// Print one JSON value a line
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// List routes with their handlers, rates and latencies
    Routes {
        /// Over how long rates are measured
        #[arg(long, value_parser = span::read, default_value = "1s")]
        over: Duration,
        /// Show the points of each route and what expressions may name there
        #[arg(long)]
        points: bool,
    },
    /// List the requests that are being answered, the oldest first
    Requests,
    /// List requests that were slow, failed, were shed or timed out
    Slow {
        /// Only those of one kind
        #[arg(long, value_enum)]
        kind: Option<Kind>,
        /// How many of each kind
        #[arg(long, default_value_t = 10)]
        most: usize,
    },
    /// Say where the time went: of one request, or of those that were slow
    Why(WhyArguments),
    /// Log a line whenever a point of a route is passed
    Log {
        /// Route and point: `POST /items @invalid`
        target: String,
        /// What to say, with expressions between braces: `refused {body.name}`
        template: String,
        /// The level with which the service logs it too
        #[arg(long, value_enum, default_value_t = Level::Info)]
        level: Level,
        #[command(flatten)]
        probe: ProbeArguments,
    },
    /// Count or measure at a point of a route
    Metric(MetricArguments),
    /// Capture what requests bring and what became of them
    #[command(alias = "snap")]
    Snapshot {
        /// Route and point: `POST /items @handler`
        target: String,
        #[command(flatten)]
        probe: ProbeArguments,
    },
    /// Raise or lower what events and spans give out
    Level(LevelArguments),
    /// Take a profile: a flame graph of what the processors work at
    Profile(ProfileArguments),
    /// List the probes that are set, and those that ended last
    Probes,
    /// Follow what a probe emits that somebody has set
    Follow {
        /// The id of the probe
        id: String,
    },
    /// Remove probes
    #[command(alias = "rm")]
    Remove {
        /// The ids of the probes
        #[arg(required_unless_present = "every")]
        ids: Vec<String>,
        /// Remove all that are there, whoever set them
        #[arg(long)]
        every: bool,
    },
    /// Watch routes, lanes and shedding
    Top {
        /// How often it is drawn anew
        #[arg(long, value_parser = span::read, default_value = "2s")]
        every: Duration,
        /// Print it once
        #[arg(long)]
        once: bool,
    },
}

#[derive(Args, Debug)]
pub(crate) struct WhyArguments {
    /// The number of a request, or its request id, or a route such as `GET /items/{id}`; the route
    /// that is slowest without it
    #[arg(value_name = "REQUEST OR ROUTE")]
    pub(crate) subject: Vec<String>,
    /// Only requests that took longer
    #[arg(long, value_parser = span::read, value_name = "TIME")]
    pub(crate) slower_than: Option<Duration>,
    /// Only requests that came not longer ago
    #[arg(long, value_parser = span::read, value_name = "TIME")]
    pub(crate) last: Option<Duration>,
}

#[derive(Args, Debug)]
pub(crate) struct MetricArguments {
    /// Route and point: `POST /orders @dep:db`
    pub(crate) target: String,
    /// What to make
    #[arg(value_enum)]
    pub(crate) kind: MetricKind,
    /// The number that a gauge or histogram takes
    pub(crate) expression: Option<String>,
    /// Its name on `/metrics`, behind `live_`; made from the target without it
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The point where a duration begins; that of the target itself without it
    #[arg(long, value_name = "POINT")]
    pub(crate) from: Option<String>,
    /// A label: `plan=dep.account.plan`; two at the most
    #[arg(long, value_name = "NAME=EXPRESSION")]
    pub(crate) label: Vec<String>,
    /// How often the numbers are printed
    #[arg(long, value_parser = span::read, default_value = "5s")]
    pub(crate) every: Duration,
    #[command(flatten)]
    pub(crate) probe: ProbeArguments,
}

#[derive(Args, Debug)]
pub(crate) struct LevelArguments {
    #[command(subcommand)]
    pub(crate) action: Option<LevelAction>,
}

#[derive(Subcommand, Debug)]
pub(crate) enum LevelAction {
    /// List the levels that are set, which is done without an action too
    List,
    /// Set a level, and follow the events and spans that it is about
    Set(SetLevel),
    /// Reset levels to what the program's own filter says
    Reset {
        /// The ids of the levels
        #[arg(required_unless_present = "every")]
        ids: Vec<String>,
        /// Reset all that are there, whoever set them
        #[arg(long)]
        every: bool,
    },
    /// List the events and spans of the program that are known
    Sites {
        /// Only those whose target, file or name has this in it
        part: Option<String>,
    },
}

#[derive(Args, Debug)]
pub(crate) struct SetLevel {
    /// `my_crate::orders=debug`, `debug` for everything, `src/orders.rs:142` for one event or span,
    /// or `span checkout`; the last two with `=off` to silence them
    pub(crate) directive: String,
    /// Only while requests of this route are answered: `GET /items/{id}`
    #[arg(long)]
    pub(crate) route: Option<String>,
    #[command(flatten)]
    pub(crate) placing: PlacingArguments,
}

/// What probes and levels have.
#[derive(Args, Debug)]
pub(crate) struct PlacingArguments {
    /// How many there may be a second in each instance
    #[arg(long, value_name = "COUNT")]
    pub(crate) per_second: Option<f64>,
    /// End after so long; a probe after 10 min without it, a level after 5
    #[arg(long = "for", value_parser = span::read, value_name = "TIME")]
    pub(crate) lasts: Option<Duration>,
    /// Leave it set when this command ends, which it does at once
    #[arg(long)]
    pub(crate) detach: bool,
    /// Only say whether it could be set
    #[arg(long, conflicts_with = "detach")]
    pub(crate) check: bool,
    /// What for, for the audit log
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Who sets it, for the audit log
    #[arg(long, env = "USER")]
    pub(crate) owner: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct ProfileArguments {
    /// How long it takes; 60 at the most
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    pub(crate) seconds: u32,
    /// How many samples there are for each second that a processor works; 250 at the most
    #[arg(long, value_name = "COUNT", default_value_t = 99)]
    pub(crate) frequency: u32,
    /// The file it is written to, `-` for none; named after the time without it
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Write a stack on each line, for other tools, instead of a graph
    #[arg(long)]
    pub(crate) folded: bool,
    /// What for, for the audit log
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// Who takes it, for the audit log
    #[arg(long, env = "USER")]
    pub(crate) owner: Option<String>,
}

/// What every probe has.
#[derive(Args, Debug)]
pub(crate) struct ProbeArguments {
    /// A condition: `path.item_id > 100 && elapsed_ms > 300`
    #[arg(long, value_name = "EXPRESSION")]
    pub(crate) when: Option<String>,
    /// End after so many hits in each instance
    #[arg(long, value_name = "COUNT")]
    pub(crate) hits: Option<u64>,
    /// End everywhere after about so many hits of all instances together
    #[arg(long, value_name = "COUNT", conflicts_with = "detach",
          value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) fleet_hits: Option<u64>,
    /// Look at one request in so many
    #[arg(long, value_name = "COUNT")]
    pub(crate) sample: Option<u32>,
    #[command(flatten)]
    pub(crate) placing: PlacingArguments,
}

/// Why a request was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Slow,
    Failed,
    Shed,
    TimedOut,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Slow, Self::Failed, Self::Shed, Self::TimedOut];

    /// As the service names it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Failed => "failed",
            Self::Shed => "shed",
            Self::TimedOut => "timed_out",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MetricKind {
    /// How often the condition held
    Counter,
    /// The last value of the expression
    Gauge,
    /// How the values of the expression are spread
    Histogram,
    /// How long the point took, in seconds
    Duration,
}

impl MetricKind {
    /// As the service names it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::Duration => "duration",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl Level {
    /// As the service names it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_commands_fit_together() {
        Arguments::command().debug_assert();
    }
}
