#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vitals/api/tokens.h>
#include <vitals/backtest/backtest.h>
#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/task_queue.h>
#include <vitals/evaluate/standing.h>
#include <vitals/insight/benchmarks.h>
#include <vitals/metrics/metric.h>
#include <vitals/net/message.h>
#include <vitals/notify/outbox.h>
#include <vitals/pipeline/alert_book.h>
#include <vitals/pipeline/maintenance.h>
#include <vitals/pipeline/spine.h>
#include <vitals/query/engine.h>
#include <vitals/registry/erasures.h>
#include <vitals/registry/error_templates.h>
#include <vitals/registry/prompts.h>
#include <vitals/registry/pseudonyms.h>
#include <vitals/registry/silences.h>
#include <vitals/rules/rule.h>
#include <vitals/telemetry/registry.h>

namespace vitals::api {

/// One line of GET /api/v1/status.
struct StatusEntry {
  std::string section;  ///< `log`, `cells`, `store`
  std::string name;
  double value;
};

/// How the configuration was read last, the first time included.
struct ConfigState {
  TimeMs loaded_at = 0;    ///< when what is in force was read
  TimeMs refused_at = 0;   ///< when a later one was refused; 0: what is in force is the latest
  std::string error = {};  ///< why it was, without names of folders
};

/// What routes work with. All must outlive the Api; the functions are thread-safe.
struct Services {
  pipeline::Spine& spine;
  pipeline::Maintenance& maintenance;
  const pipeline::AlertBook& alerts;
  const registry::Silences& silences;
  const registry::Erasures& erasures;
  registry::Prompts& prompts;
  registry::ErrorTemplates& error_templates;
  const query::Engine& queries;
  const metrics::Catalogue& catalogue;
  registry::Pseudonyms& pseudonyms;
  notify::Outbox& outbox;
  const Clock& clock;
  telemetry::Registry& telemetry;
  Logger logger;
  TaskQueue& query_threads;
  DurationMs raw_retention_ms;
  bool keep_comments;  ///< redacted, with their rows
  TimeMs started_at;
  std::function<std::vector<StatusEntry>()> status;
  std::function<std::vector<std::string>()> recovery_findings;
  std::function<std::vector<std::string>()> not_ready;  ///< reasons; empty when ready
  std::function<ConfigState()> config;
  std::function<std::vector<insight::PromptBenchmarks>()> benchmarks;
  std::function<Status()> reload;
  std::function<Result<std::uint64_t>(const std::string& name)> backup;  ///< gives its bytes
  /// Rules of a text, YAML or JSON, that messages call `name`: `name:line: key: reason`.
  std::function<Result<std::vector<rules::Rule>>(std::string_view name, const std::string& text)>
      read_rules;
  std::function<Result<backtest::Report>(const backtest::Request&)> backtest;
  std::function<std::vector<evaluate::Standing>()> evaluators;  ///< that are asked
};

/// The HTTP contract: finds the route, checks the token, answers. Thread-safe.
class Api final : public net::Handler {
 public:
  Api(Services services, Tokens tokens);
  ~Api() override;

  void handle(net::Request request, net::Respond respond) override;
  net::Response refuse(int status, std::string_view reason) const override;

  /// Replaces the tokens (reload).
  void set_tokens(Tokens tokens);

  /// Method and path of every route, for tests that must not miss one.
  static std::vector<std::pair<std::string, std::string>> routes();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitals::api
