#include "house.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/series/cell_view.h>
#include <vitals/store/keys.h>

#include "support/few_events.h"
#include "support/need.h"

namespace vitals::pipeline::test {
namespace {

using vitals::test::need;

notify::Options everything_to_one_receiver() {
  notify::Options options;
  notify::Receiver& ops = options.receivers.emplace_back();
  ops.name = "ops";
  ops.timeout_ms = 1'000;
  ops.target = notify::WebhookTarget{"http://127.0.0.1:1/hook", "", {}};
  options.routes.receiver = "ops";
  return options;
}

}  // namespace

model::ExecutionBatch executions(const std::string& prompt, int first, int count, TimeMs time_ms,
                                 model::Tri success) {
  const vitals::test::FewEvent event{time_ms, prompt, success, {{model::Number::duration_ms, 1.0}}};
  auto batch = vitals::test::batch_of({static_cast<std::size_t>(count), event});
  batch.ids = {};
  for (int i = first; i < first + count; ++i) batch.ids.push_back(prompt + '-' + std::to_string(i));
  return batch;
}

const Result<events::BatchOutcome>& Writer::answer() const {
  REQUIRE(told_.size() == 1);
  return told_.front();
}

std::uint32_t Writer::accepted() const { return need(answer()).accepted; }
std::uint32_t Writer::duplicates() const { return need(answer()).duplicates; }

House::House(Options chosen, events::Options of_log, series::Options of_series)
    : options(chosen), log_options(of_log), series_options(std::move(of_series)) {
  restart();
}

void House::restart(std::vector<rules::Rule> rules) {
  stop();
  start(std::move(rules));
}

void House::stop() {
  maintenance.reset();
  spine.reset();
  outbox.reset();
  rollups.reset();
  log.reset();
}

void House::start(std::vector<rules::Rule> rules) {
  telemetry = std::make_unique<telemetry::Registry>();

  const Logger logger = quiet_logger();
  log = need(events::EventLog::open(store, clock, log_options, logger, *telemetry));
  rollups = need(series::Rollups::open(store, clock, series_options, logger, *telemetry));
  outbox = need(
      notify::Outbox::open(store, clock, everything_to_one_receiver(), calls, logger, *telemetry));
  alerts = std::make_unique<AlertBook>(need(AlertBook::open(store)));
  spine = need(Spine::make(
      {store,
       *log,
       *outbox,
       catalogue,
       clock,
       logger,
       *telemetry,
       [this] { ++couriers_woken; },
       {},
       read_history,
       run_elsewhere,
       [this](std::vector<Revision> revisions, std::function<void(Result<Revisions>)> done) {
         return maintenance->revise(std::move(revisions), std::move(done));
       }},
      options));
  REQUIRE(spine->load_rules(std::move(rules)));
  maintenance =
      std::make_unique<Maintenance>(MaintenanceParts{store, *log, *rollups, *alerts, pseudonyms,
                                                     clock, logger, *telemetry, memories()},
                                    options);
}

OtherMemories House::memories() {
  return {[this](const model::Persons& persons) -> Result<OtherMemories::Forgotten> {
            const auto of_alerts = spine->forget(persons);
            if (!of_alerts) return of_alerts.error();
            const auto deliveries = outbox->forget(persons);
            if (!deliveries) return deliveries.error();
            return OtherMemories::Forgotten{*of_alerts, *deliveries};
          },
          [this]() -> Result<bool> {
            const auto of_alerts = alerts->purge();
            const auto deliveries = outbox->purge();
            if (!of_alerts || !deliveries) return Error{Errc::io, "not purged"};
            return *of_alerts && *deliveries;
          }};
}

void House::post(model::ExecutionBatch batch) {
  const std::size_t rows = batch.rows();
  Writer writer;
  REQUIRE(spine->submit(std::move(batch), writer.done()));
  spine->step();
  REQUIRE(writer.accepted() == rows);
}

Result<SignalsOutcome> House::say(std::vector<model::Signal> signals) {
  std::optional<Result<SignalsOutcome>> told;
  REQUIRE(spine->submit(std::move(signals),
                        [&told](const Result<SignalsOutcome>& outcome) { told = outcome; }));
  for (int step = 0; step < 10 && !told; ++step) {
    spine->step();
    maintenance->run_commands();  // revisions
  }
  REQUIRE(told);
  return *told;
}

SignalsOutcome House::said(std::vector<model::Signal> signals) {
  return need(say(std::move(signals)));
}

void House::turn() {
  clock.advance(options.evaluate_every_ms);
  spine->step();
}

std::vector<model::Alert> House::open_alerts() const { return need(alerts->open_alerts()); }
std::vector<model::Alert> House::history() const { return need(alerts->history(1'000)); }

std::vector<std::string> House::told() const {
  std::vector<std::string> events;
  for (const notify::Delivery& delivery : need(outbox->deliveries({{}, {}, {}, 1'000}))) {
    events.push_back(delivery.event);
  }
  std::reverse(events.begin(), events.end());
  return events;
}

std::uint64_t House::in_cells(series::Resolution resolution) const {
  std::uint64_t executions = 0;
  const series::CellView view(*rollups, store.snapshot());
  const Status visited = view.visit(resolution, 0, now() + 86'400'000, metrics::Needs{}, {},
                                    [&](series::SeriesId, TimeMs, const metrics::Cell& cell) {
                                      executions += cell.counts.executions;
                                    });
  REQUIRE(visited);
  return executions;
}

std::vector<TimeMs> House::stale_days() const {
  std::vector<TimeMs> days;
  for (const auto& span : need(series::CellView(*rollups, store.snapshot()).stale())) {
    for (TimeMs day = span.from_ms; day < span.to_ms; day += kDayMs) days.push_back(day);
  }
  return days;
}

void House::restart_with_stale(TimeMs from_ms, TimeMs to_ms) {
  store::WriteBatch changes;
  rollups->mark_dirty(changes, from_ms, to_ms);
  REQUIRE(store.commit(changes, store::Sync::yes));
  restart();
}

std::function<void()> House::damage(events::Position first) {
  const store::Table table = log->tables().blocks;
  const auto snapshot = store.snapshot();
  std::string key;
  store::put_u64(key, first);
  const auto cursor = snapshot->scan(table, key, {});
  REQUIRE(cursor->valid());
  key = cursor->key();
  const auto put = [this, table, key](std::string_view bytes) {
    store::WriteBatch changes;
    changes.put(table, key, bytes);
    REQUIRE(store.commit(changes, store::Sync::yes));
  };
  const std::string whole(cursor->value());
  put("damaged");
  return [put, whole] { put(whole); };
}

void House::require_everywhere(std::uint64_t executions) const {
  REQUIRE(log->stats().events == executions);
  for (const series::Resolution resolution : series::kResolutions) {
    CAPTURE(to_string(resolution));
    REQUIRE(in_cells(resolution) == executions);
  }
}

rules::Rule success_rule(const std::string& name) {
  rules::Rule rule;
  rule.name = name;
  rule.condition = rules::Threshold{"execution_success_rate", {}, rules::Comparison::below, 90};
  rule.min_samples = 10;
  rule.group_by = {"prompt"};
  return rule;
}

}  // namespace vitals::pipeline::test
