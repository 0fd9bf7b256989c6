#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "section.h"

namespace vitals {
struct LogOptions;
}
namespace vitals::api {
struct Token;
}
namespace vitals::evaluate {
struct Evaluator;
}
namespace vitals::events {
struct Options;
}
namespace vitals::insight {
struct PromptBenchmarks;
}
namespace vitals::metrics {
struct Options;
class Catalogue;
}  // namespace vitals::metrics
namespace vitals::net {
struct ServerOptions;
}
namespace vitals::notify {
struct Options;
struct Action;
}  // namespace vitals::notify
namespace vitals::pipeline {
struct HealthOptions;
struct Options;
}  // namespace vitals::pipeline
namespace vitals::rules {
struct ActionPolicy;
struct IncidentOptions;
struct Rule;
}  // namespace vitals::rules
namespace vitals::series {
struct Options;
}

namespace vitals::config {

struct Config;

// (The options are only named here, so that each reader compiles with its own room's door alone.)
//
// Each fills one part of the configuration from one section of the file. Adding an option is one
// line in the room's reader and one in config/vitals.yaml.

void read_listeners(Section& root, Config& config);
void read_http(Section section, net::ServerOptions& http);
void read_log(Section section, LogOptions& log);
void read_store(Section section, Config& config);
void read_retention(Section section, Config& config);
void read_dedup(Section section, events::Options& events);
void read_series(Section section, series::Options& series);
void read_metrics(Section section, metrics::Options& metrics);
void read_query(Section section, Config& config);
void read_privacy(Section section, Config& config);
void read_pipeline(Section section, pipeline::Options& pipeline);
void read_assessments(Section section, pipeline::Options& pipeline);
void read_health(Section section, pipeline::HealthOptions& health);
/// `folder` is what paths in the file are relative to.
void read_notify(Section& root, const std::filesystem::path& folder, notify::Options& notify);
/// How an item of `actions` is carried out; when it may be is up to read_action_policy().
void read_action(Section& section, const std::filesystem::path& folder, notify::Action& action);

void read_evaluators(Section& root, const std::filesystem::path& folder,
                     std::vector<evaluate::Evaluator>& evaluators);

/// What versions of prompts are held against.
void read_benchmarks(Section& root, const metrics::Catalogue& catalogue,
                     std::vector<insight::PromptBenchmarks>& benchmarks);

/// What becomes of alerts, but who is told.
void read_incidents(Section& root, rules::IncidentOptions& options);
void read_action_policy(Section& section, std::map<std::string, rules::ActionPolicy>& actions);

/// A token file.
void read_tokens(Section& root, std::vector<api::Token>& tokens);
/// A rule file; its rules are added.
void read_rules(Section& root, const metrics::Catalogue& catalogue,
                std::vector<rules::Rule>& rules);

/// `vitals.yaml` itself: everything in it, but not the rule and token files that it names.
struct FileNames {
  std::vector<std::string> rules;
  std::string tokens;
};
FileNames read_config(Section& root, const std::filesystem::path& folder, Config& config);

}  // namespace vitals::config
