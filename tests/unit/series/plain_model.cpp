#include "plain_model.h"

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

namespace vitals::series::test {

using metrics::Measure;
using model::Label;
using model::Number;
using model::Outcome;
using model::Tri;

Batch batch_of(const std::vector<Event>& events) {
  model::ExecutionBatch batch;
  const auto set = [&batch](Label label, const std::string& text, std::size_t row) {
    if (text.empty()) return;
    batch[label].codes.resize(row, 0);
    batch[label].codes.push_back(batch[label].dictionary.intern(text));
  };
  for (std::size_t row = 0; row < events.size(); ++row) {
    const Event& event = events[row];
    batch.time_ms.push_back(event.time);
    batch.outcome.push_back(event.outcome.packed());
    set(Label::prompt, event.prompt, row);
    set(Label::version, event.version, row);
    set(Label::user, event.user, row);
    set(Label::error_type, event.error_type, row);
    for (const auto& [number, value] : event.numbers) {
      auto& column = batch.numbers[model::index(number)];
      column.resize(row, model::kAbsent);
      column.push_back(value);
    }
  }
  for (auto& column : batch.numbers) {
    if (!column.empty()) column.resize(events.size(), model::kAbsent);
  }
  for (auto& column : batch.labels) {
    if (!column.codes.empty()) column.codes.resize(events.size(), 0);
  }
  return std::make_shared<const model::ExecutionBatch>(std::move(batch));
}

std::vector<Event> random_events(std::mt19937_64& random, std::size_t count, TimeMs start,
                                 DurationMs spread_ms) {
  const auto below = [&random](std::uint64_t n) { return random() % n; };
  std::lognormal_distribution<> duration(7, 1);
  std::vector<Event> events(count);
  for (Event& event : events) {
    const auto width = static_cast<std::uint64_t>(below(4) == 0 ? spread_ms : spread_ms / 100 + 1);
    event.time = start + static_cast<TimeMs>(below(width));
    event.prompt = "prompt-" + std::to_string(below(1 + below(12)));
    if (below(3) != 0) event.version = "v" + std::to_string(below(2));
    event.user = below(5) == 0 ? "" : "u" + std::to_string(below(40));
    if (below(10) == 0) {
      event.outcome = {Tri::no, static_cast<Tri>(below(3)), static_cast<Tri>(below(3)),
                       static_cast<Tri>(below(3))};
      if (below(4) != 0) event.error_type = "error-" + std::to_string(below(4));
    } else if (below(10) != 0) {
      event.outcome.success = Tri::yes;
    }
    if (below(20) != 0) {
      event.numbers.emplace_back(Number::duration_ms, std::round(duration(random) * 10) / 10);
    }
    event.numbers.emplace_back(Number::input_tokens, static_cast<double>(below(4000)));
    if (below(2) == 0) event.numbers.emplace_back(Number::output_tokens, double(below(900)));
    if (below(3) == 0) event.numbers.emplace_back(Number::clarity, double(below(101)) / 10);
    if (below(3) == 0) event.numbers.emplace_back(Number::accuracy, double(below(101)) / 10);
    if (below(4) == 0) {
      event.numbers.emplace_back(Number::rating, double(1 + below(5)));
      event.numbers.emplace_back(Number::sentiment, double(below(201)) / 100 - 1);
    }
    if (below(6) == 0) event.numbers.emplace_back(Number::cost_usd, duration(random) / 3e6);
    if (below(6) == 0) event.numbers.emplace_back(Number::memory_bytes, double(below(1ULL << 50U)));
  }
  return events;
}

PlainCells plain_cells(const std::vector<Event>& events, Resolution resolution) {
  PlainCells cells;
  const Batch batch = batch_of(events);
  const metrics::MeasuredBatch measured(*batch, {});
  for (std::size_t row = 0; row < events.size(); ++row) {
    const Event& event = events[row];
    PlainCell& cell =
        cells[{event.prompt, event.version, bucket_start(event.time, length_ms(resolution))}];
    cell.counts.add(event.outcome);
    for (std::size_t m = 0; m < metrics::kMeasureCount; ++m) {
      const auto measure = static_cast<Measure>(m);
      const auto& column = measured.column(measure);
      if (!column.empty() && !std::isnan(column[row])) cell.values[measure].push_back(column[row]);
    }
    if (!event.user.empty()) cell.users.insert(event.user);
    if (!event.error_type.empty()) ++cell.error_types[event.error_type];
  }
  for (auto& [key, cell] : cells) {
    for (auto& [measure, values] : cell.values) std::sort(values.begin(), values.end());
  }
  return cells;
}

MergedCells merged_cells(const CellView& view, Resolution resolution, const metrics::Needs& needs,
                         TimeMs from_ms, TimeMs to_ms) {
  MergedCells cells;
  const auto add = [&](SeriesId series, TimeMs bucket, const metrics::Cell& cell) {
    const auto label = [&](std::size_t d) { return std::string(view.index().label(series, d)); };
    cells[{label(0), label(1), bucket}].merge(cell);
  };
  const Status visited = view.visit(resolution, from_ms, to_ms, needs, {}, add);
  if (!visited) FAIL(visited.error().message);
  return cells;
}

namespace {

void require_moments(const sketch::Moments& moments, const std::vector<double>& values) {
  REQUIRE(moments.count == values.size());
  if (values.empty()) return;
  long double sum = 0, squares = 0, magnitude = 0;
  for (const double value : values) {
    sum += value;
    magnitude += std::abs(value);
  }
  const long double mean = sum / values.size();
  for (const double value : values) squares += (value - mean) * (value - mean);
  REQUIRE(std::abs(moments.total() - double(sum)) <= 1e-9 * double(magnitude));
  REQUIRE(std::abs(moments.mean - double(mean)) <= 1e-9 * double(magnitude / values.size()));
  const double scale = double(squares) + 1e-12 * double(mean * mean);
  REQUIRE(std::abs(moments.m2 - double(squares)) <= 1e-8 * scale);
  REQUIRE(moments.min == Approx(values.front()).epsilon(1e-13));
  REQUIRE(moments.max == Approx(values.back()).epsilon(1e-13));
}

void require_quantiles(const sketch::Quantiles& sketch, const std::vector<double>& values) {
  REQUIRE(sketch.count() == values.size());
  if (values.empty()) return;
  const double tolerance = values.size() <= sketch::Quantiles::kExactMax ? 1e-13 : 0.01;
  for (const double q : {0.01, 0.25, 0.5, 0.9, 0.99, 1.0}) {
    const double exact = values[sketch::nearest_rank(q, values.size()) - 1];
    REQUIRE(std::abs(sketch.quantile(q) - exact) <= tolerance * std::abs(exact) * (1 + 1e-9));
  }
}

}  // namespace

void require_same(const MergedCells& cells, const PlainCells& plain) {
  REQUIRE(cells.size() == plain.size());
  for (const auto& [key, expected] : plain) {
    CAPTURE(std::get<0>(key), std::get<1>(key), std::get<2>(key));
    const auto found = cells.find(key);
    REQUIRE(found != cells.end());
    const metrics::Cell& cell = found->second;
    REQUIRE(cell.counts == expected.counts);
    for (std::size_t m = 0; m < metrics::kMeasureCount; ++m) {
      CAPTURE(m);
      const auto measure = static_cast<Measure>(m);
      const auto at = expected.values.find(measure);
      const auto values = at == expected.values.end() ? std::vector<double>{} : at->second;
      if (cell.moments(measure) != nullptr) require_moments(*cell.moments(measure), values);
      if (cell.sketch(measure) != nullptr) require_quantiles(*cell.sketch(measure), values);
    }
    if (cell.users() != nullptr) {
      REQUIRE(cell.users()->estimate() == double(expected.users.size()));
    }
    if (cell.needs().error_types) {
      const std::map<std::string, std::uint64_t> types(cell.error_types().begin(),
                                                       cell.error_types().end());
      REQUIRE(types == expected.error_types);
    }
  }
}

}  // namespace vitals::series::test
