#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/api/tokens.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/evaluate/evaluator.h>
#include <vitals/events/event_log.h>
#include <vitals/insight/benchmarks.h>
#include <vitals/metrics/measure.h>
#include <vitals/net/server.h>
#include <vitals/notify/receiver.h>
#include <vitals/pipeline/spine.h>
#include <vitals/query/engine.h>
#include <vitals/rules/incidents.h>
#include <vitals/rules/rule.h>
#include <vitals/series/rollups.h>
#include <vitals/store/rocks.h>

namespace vitals::config {

/// Where a listener listens.
struct Address {
  std::string host;
  std::uint16_t port = 0;  ///< 0 takes a free one

  bool operator==(const Address&) const = default;
};

/// Everything the daemon can be told: each room's own options, filled from one file. A plain value.
/// The default value is what the daemon does without a file (data_dir aside).
struct Config {
  Config();

  std::string data_dir;
  std::string backup_dir;  ///< empty: no backups are made
  std::string key_file;    ///< of pseudonyms; empty: kKeyFile in the data folder
  net::ServerOptions http;
  std::optional<Address> otlp_listen = Address{"127.0.0.1", 4318};  ///< nothing is `off`
  bool insecure = false;  ///< a non-loopback address without tokens and TLS is wanted
  std::vector<api::Token> tokens;
  LogOptions log;
  store::RocksOptions store;  ///< without folder and env, which `app` sets
  events::Options events;
  series::Options series;
  metrics::Options metrics;  ///< the same as series.metrics
  query::Options query;
  bool keep_comments = false;                ///< of feedback, redacted; else they are dropped
  DurationMs backtest_deadline_ms = 60'000;  ///< of a rule's back-test, which reads raw events
  pipeline::Options pipeline;
  std::vector<rules::Rule> rules;
  rules::IncidentOptions incidents;
  notify::Options notify;
  std::vector<evaluate::Evaluator> evaluators;
  std::vector<insight::PromptBenchmarks> benchmarks;
};

/// The key file's name in data folders and backups.
inline constexpr std::string_view kKeyFile = "pseudonym.key";
/// Where the keys of pseudonyms are.
std::string key_file_of(const Config& config);

/// What the command line says; wins over the file. Texts as they were given.
struct Overrides {
  std::optional<std::string> data_dir;
  std::optional<std::string> listen;       ///< HOST:PORT
  std::optional<std::string> otlp_listen;  ///< HOST:PORT or `off`
};

/// Reads the file and the files it names (rules, tokens, secrets; relative to it). Without a path:
/// the defaults. The error's message has one line per problem, all of them: `file:line: key:
/// reason`. Secrets never occur in it.
Result<Config> load(const std::optional<std::string>& path, const Overrides& overrides = {});

/// load()'s message with the files' names alone, for those who ask from afar.
std::string without_folders(std::string_view problems);

/// `127.0.0.1:8610`, `[::1]:8610`, `localhost:0`.
Result<Address> parse_address(std::string_view text);
/// The text that parse_address() reads back.
std::string format_address(const Address& address);

/// Whether a reload may take over the tokens of `fresh`: the listener stays the one of `running`,
/// and a public one must not lose its tokens. Error: invalid_argument.
Status check_reload(const Config& running, const Config& fresh);

}  // namespace vitals::config
