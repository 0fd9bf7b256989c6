#include "stand.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/model/signal.h>
#include <vitals/store/memory.h>

#include "support/need.h"

namespace vitals::test {
namespace {

void set_label(model::ExecutionBatch& batch, model::Label label, std::size_t row,
               const std::string& text) {
  if (text.empty()) return;
  model::SymbolColumn& column = batch[label];
  column.codes.resize(batch.rows(), model::Dictionary::kAbsentCode);
  column.codes[row] = column.dictionary.intern(text);
}

void set_number(model::ExecutionBatch& batch, model::Number number, std::size_t row, double value) {
  if (value != value) return;
  std::vector<double>& column = batch.numbers[index(number)];
  column.resize(batch.rows(), model::kAbsent);
  column[row] = value;
}

}  // namespace

std::string Event::field(const std::string& name) const {
  if (name == "id") return id;
  if (name == "prompt") return prompt;
  if (name == "version") return version;
  if (name == "model") return model;
  if (name == "environment") return environment;
  if (name == "error.type") return error_type;
  if (name == "user") return user;
  if (name == "tags.region") return region;
  if (name == "parameters.temperature") return temperature;
  if (name == "status") {
    if (success == model::Tri::unknown) return "";
    return success == model::Tri::yes ? "success" : "error";
  }
  return "";
}

model::ExecutionBatch to_batch(const std::vector<Event>& events) {
  using model::Label;
  using model::Number;
  model::ExecutionBatch batch;
  for (const Event& event : events) {
    batch.time_ms.push_back(event.time_ms);
    const bool interaction = !event.action.empty();
    batch.ids.push_back(interaction
                            ? model::row_id({model::RowKind::interaction, event.about, event.id})
                            : event.id);
    model::Outcome outcome;
    outcome.success = event.success;
    outcome.recovered = event.recovered;
    batch.outcome.push_back(outcome.packed());
    batch.kinds.push_back(interaction      ? model::RowKind::interaction
                          : event.feedback ? model::RowKind::feedback
                                           : model::RowKind::execution);
  }
  const auto add_attribute = [&](const std::string& key, const std::string& value) {
    if (!value.empty()) {
      batch.attributes.codes.push_back(batch.attributes.pairs.intern(key + '\0' + value));
    }
  };
  for (std::size_t row = 0; row < events.size(); ++row) {
    const Event& event = events[row];
    set_label(batch, Label::prompt, row, event.prompt);
    set_label(batch, Label::version, row, event.version);
    set_label(batch, Label::model, row, event.model);
    set_label(batch, Label::environment, row, event.environment);
    set_label(batch, Label::error_type, row, event.error_type);
    set_label(batch, Label::user, row, event.user);
    set_label(batch, Label::session, row, event.session);
    set_number(batch, Number::duration_ms, row, event.duration_ms);
    set_number(batch, Number::sentiment, row, event.sentiment);
    set_number(batch, Number::input_tokens, row, event.input_tokens);
    set_number(batch, Number::output_tokens, row, event.output_tokens);
    set_number(batch, Number::rating, row, event.rating);
    add_attribute("tags.region", event.region);
    add_attribute("parameters.temperature", event.temperature);
    add_attribute("comment", event.comment);
    add_attribute(std::string(model::kActionKey), event.action);
    batch.attributes.ends.push_back(static_cast<std::uint32_t>(batch.attributes.codes.size()));
  }
  if (batch.attributes.codes.empty()) batch.attributes.ends.clear();
  return batch;
}

Stand::Stand(const Options& options) : store(store::open_memory()) {
  for (std::size_t i = 1; i < options.threads; ++i) {
    threads_.emplace_back([this] { tasks_.run(); });
  }
  reopen(options);
}

Stand::~Stand() {
  tasks_.close();
  for (std::thread& thread : threads_) thread.join();
}

void Stand::reopen(const Options& options) {
  options_ = options;
  events::Options log_options;
  log_options.raw_retention_ms = options.raw_retention_ms;
  log_options.block_rows = 500;
  log_options.dedup_age_ms = kMinuteMs;  // blocks stay as long
  log = need(events::EventLog::open(*store, clock, log_options, quiet_logger(), telemetry));
  series::Options series_options;
  series_options.series_max = options.series_max;
  series_options.retention_ms = options.cell_retention_ms;
  series_options.raw_retention_ms = options.raw_retention_ms;
  rollups = need(series::Rollups::open(*store, clock, series_options, quiet_logger(), telemetry));
  engine = std::make_unique<query::Engine>(*store, *log, *rollups, catalogue, clock, options.query,
                                           quiet_logger(), telemetry, helpers());
}

void Stand::append(const std::vector<Event>& events) {
  std::vector<model::ExecutionBatch> batches;
  batches.push_back(to_batch(events));
  events::Appended appended = need(log->append(std::move(batches)));
  REQUIRE(appended.rows != nullptr);
  REQUIRE(appended.rows->rows() == events.size());
  unfolded_.push_back(std::move(appended));
}

void Stand::fold(std::size_t blocks) {
  blocks = std::min(blocks, unfolded_.size());
  if (blocks == 0) return;
  std::vector<std::shared_ptr<const model::ExecutionBatch>> rows;
  for (std::size_t i = 0; i < blocks; ++i) rows.push_back(unfolded_[i].rows);
  const events::Appended& last = unfolded_[blocks - 1];
  const Status folded = rollups->fold(rows, last.first + last.rows->rows());
  if (!folded.ok()) FAIL(folded.error().message);
  unfolded_.erase(unfolded_.begin(), unfolded_.begin() + static_cast<std::ptrdiff_t>(blocks));
}

query::MetricAnswer Stand::metric(const query::MetricRequest& request) const {
  return need(engine->metric(request));
}

Error Stand::metric_error(const query::MetricRequest& request) const {
  const auto answer = engine->metric(request);
  REQUIRE_FALSE(answer.ok());
  return answer.error();
}

query::MetricRequest ask(const std::string& metric, TimeMs from, TimeMs to,
                         const std::string& stat) {
  query::MetricRequest request;
  request.metric = metric;
  request.from_ms = from;
  request.to_ms = to;
  if (!stat.empty()) {
    request.stat = need(metrics::parse_stat(stat));
    request.stat_given = true;
  }
  return request;
}

std::vector<model::Filter> filters(const std::vector<std::string>& texts) {
  std::vector<model::Filter> all;
  for (const std::string& text : texts) all.push_back(need(model::parse_filter(text)));
  return all;
}

}  // namespace vitals::test
