#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <vitals/api/api.h>
#include <vitals/config/rule_files.h>
#include <vitals/net/calls.h>
#include <vitals/net/client.h>
#include <vitals/store/memory.h>

#include "support/manual_clock.h"

namespace vitals::test {

template <class Value>
Value need(Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

/// The API over a store in memory. What runs on query threads or on the spine is run by ask().
class ApiHouse {
 public:
  explicit ApiHouse(const query::Options& options = {}, api::Tokens tokens = {},
                    bool keep_comments = false)
      : engine_(*store_, *log_, *rollups_, catalogue_, clock, options, quiet_logger(), telemetry),
        api({*spine_,
             maintenance_,
             alerts_,
             silences_,
             erasures_,
             *prompts_,
             *error_templates_,
             engine_,
             catalogue_,
             pseudonyms_,
             *outbox_,
             clock,
             telemetry,
             quiet_logger(),
             tasks,
             events::kForever,
             keep_comments,
             0,
             [] { return std::vector<api::StatusEntry>(); },
             [] { return std::vector<std::string>(); },
             [] { return std::vector<std::string>(); },
             [this] { return config; },
             [this] { return benchmarks; },
             [] { return Status(); },
             [this](const std::string& name) -> Result<std::uint64_t> {
               backups.push_back(name);
               if (name == "taken") return Error{Errc::already_exists, "there is a backup 'taken'"};
               return std::uint64_t{4096};
             },
             [](std::string_view name, const std::string& text) {
               return config::parse_rules(name, text, {});
             },
             [this](const backtest::Request& request) {
               during_backtest();
               return backtest::run({*store_, *log_, engine_, catalogue_, clock}, request);
             },
             [] { return std::vector<evaluate::Standing>(); }},
            std::move(tokens)) {}

  /// Once for each house: a task queue is not opened again.
  net::Response ask(net::Request request) {
    std::optional<net::Response> answer;
    api.handle(std::move(request), [&](net::Response response) { answer = std::move(response); });
    spine_->step();
    tasks.close();
    tasks.run();
    if (!answer) throw std::runtime_error("no answer");
    return *std::move(answer);
  }

  /// Posts executions, all of which must be taken.
  void store(const std::string& body) {
    int status = 0;
    api.handle(request("POST", "/api/v1/executions", body),
               [&](const net::Response& response) { status = response.status; });
    spine_->step();
    if (status != 200) throw std::runtime_error("the executions were not stored");
  }

  const registry::Erasures& erasures() const { return erasures_; }
  registry::Pseudonyms& pseudonyms() { return pseudonyms_; }
  notify::Outbox& outbox() { return *outbox_; }
  /// As the spine does with an alert's state.
  void commit(const store::WriteBatch& changes) {
    if (!store_->commit(changes, store::Sync::yes)) throw std::runtime_error("no commit");
  }

  std::string exposition() const {
    std::string text;
    telemetry.write_prometheus(text);
    return text;
  }

  /// A request from this host; `target` is a path with a query.
  static net::Request request(const std::string& method, const std::string& target,
                              const std::string& body = "") {
    net::Request request;
    request.method = method;
    request.path = target.substr(0, target.find('?'));
    for (std::size_t at = 0; at != std::string::npos;) {
      const std::size_t slash = request.path.find('/', at + 1);
      request.segments.push_back(request.path.substr(at + 1, slash - at - 1));
      at = slash;
    }
    for (std::size_t at = target.find('?'); at != std::string::npos;) {
      const std::size_t end = target.find('&', at + 1);
      const std::string pair = target.substr(at + 1, end - at - 1);
      request.query.emplace_back(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
      at = end;
    }
    request.headers = {{"host", "127.0.0.1:8610"}, {"content-length", std::to_string(body.size())}};
    request.body = body;
    request.loopback = true;
    return request;
  }

  ManualClock clock;
  telemetry::Registry telemetry;
  TaskQueue tasks{10};
  std::function<void()> during_backtest = [] {};
  api::ConfigState config;  ///< that the status shows
  std::vector<insight::PromptBenchmarks> benchmarks;
  std::vector<std::string> backups;  ///< that were asked for, by name

 private:
  const metrics::Catalogue catalogue_{metrics::Options{}};
  registry::Pseudonyms pseudonyms_{registry::Pseudonyms::Key{}};
  std::unique_ptr<store::Store> store_ = store::open_memory();
  std::unique_ptr<events::EventLog> log_ =
      need(events::EventLog::open(*store_, clock, {}, quiet_logger(), telemetry));
  std::unique_ptr<series::Rollups> rollups_ =
      need(series::Rollups::open(*store_, clock, {}, quiet_logger(), telemetry));
  const registry::Silences silences_ = need(registry::Silences::open(*store_));
  const registry::Erasures erasures_ = need(registry::Erasures::open(*store_));
  const std::unique_ptr<registry::Prompts> prompts_ = need(registry::Prompts::open(*store_));
  const std::unique_ptr<registry::ErrorTemplates> error_templates_ =
      need(registry::ErrorTemplates::open(*store_));
  const pipeline::AlertBook alerts_ = need(pipeline::AlertBook::open(*store_));
  std::unique_ptr<net::Calls> calls_ = net::make_calls();
  std::unique_ptr<notify::Outbox> outbox_ =
      need(notify::Outbox::open(*store_, clock, {}, *calls_, quiet_logger(), telemetry));
  std::unique_ptr<pipeline::Spine> spine_ = need(pipeline::Spine::make(
      {*store_, *log_, *outbox_, catalogue_, clock, quiet_logger(), telemetry, [] {}}, {}));
  pipeline::Maintenance maintenance_{
      {*store_, *log_, *rollups_, alerts_, pseudonyms_, clock, quiet_logger(), telemetry}, {}};
  const query::Engine engine_;

 public:
  api::Api api;
};

}  // namespace vitals::test
