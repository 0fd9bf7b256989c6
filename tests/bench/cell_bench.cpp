#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <vitals/metrics/cell.h>
#include <vitals/model/batch.h>

// What summing up costs per event: rows of one batch, cut into groups as series and buckets cut
// them. Arguments: rows per cell.

namespace {

using vitals::metrics::Cell;
using vitals::metrics::Measure;
using vitals::metrics::measure_of;
using vitals::metrics::MeasuredBatch;
using vitals::metrics::Needs;
using vitals::model::ExecutionBatch;
using vitals::model::Label;
using vitals::model::Number;

constexpr std::size_t kRows = 10'000;

/// Ten thousand executions as runners send them.
ExecutionBatch make_batch() {
  std::mt19937_64 random(1);
  std::lognormal_distribution<double> duration(7, 0.8), tokens(6, 0.6);
  ExecutionBatch batch;
  const auto number = [&](Number n, std::size_t row, double value) {
    auto& column = batch.numbers[index(n)];
    column.resize(kRows, vitals::model::kAbsent);
    column[row] = value;
  };
  const auto label = [&](Label l, const std::string& text) {
    batch[l].codes.push_back(batch[l].dictionary.intern(text));
  };
  for (std::size_t row = 0; row < kRows; ++row) {
    batch.time_ms.push_back(static_cast<vitals::TimeMs>(row));
    const bool success = random() % 20 != 0;
    batch.outcome.push_back(success ? 2 : 1);
    number(Number::duration_ms, row, std::round(duration(random)));
    number(Number::input_tokens, row, std::round(tokens(random)));
    number(Number::output_tokens, row, std::round(tokens(random)));
    number(Number::cost_usd, row, std::round(tokens(random)) / 1e5);
    number(Number::iterations, row, static_cast<double>(1 + random() % 3));
    number(Number::clarity, row, static_cast<double>(random() % 101) / 10);
    number(Number::accuracy, row, static_cast<double>(random() % 101) / 10);
    if (random() % 10 == 0) number(Number::rating, row, static_cast<double>(1 + random() % 5));
    label(Label::user, "pseudonym-of-a-user-" + std::to_string(random() % 5000));
    label(Label::session, "pseudonym-of-a-session-" + std::to_string(random() % 50'000));
    label(Label::error_type, success ? "" : "timeout");
  }
  return batch;
}

/// Counts and the sums of the core metrics, as a 1-minute cell carries them.
Needs thin_needs() {
  Needs needs;
  needs.add_moments(measure_of(Number::duration_ms));
  needs.add_moments(Measure::total_tokens);
  needs.add_moments(measure_of(Number::iterations));
  needs.add_moments(measure_of(Number::cost_usd));
  needs.add_moments(Measure::response_quality);
  needs.add_moments(Measure::satisfaction);
  return needs;
}

void fill_cells(benchmark::State& state, const Needs& needs) {
  const ExecutionBatch batch = make_batch();
  const MeasuredBatch measured(batch, {});
  std::vector<std::uint32_t> rows(kRows);
  std::iota(rows.begin(), rows.end(), 0U);
  std::shuffle(rows.begin(), rows.end(), std::mt19937_64(2));
  const auto per_cell = static_cast<std::size_t>(state.range(0));
  for (auto at = rows.begin(); at != rows.end();) {  // rows of a cell ascend
    const auto end = at + std::min<std::ptrdiff_t>(state.range(0), rows.end() - at);
    std::sort(at, end);
    at = end;
  }
  for ([[maybe_unused]] auto round : state) {
    for (std::size_t at = 0; at < kRows; at += per_cell) {
      Cell cell(needs);
      cell.add(measured, std::span(rows).subspan(at, std::min(per_cell, kRows - at)));
      benchmark::DoNotOptimize(cell);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
}

void cell_thin(benchmark::State& state) { fill_cells(state, thin_needs()); }
void cell_full(benchmark::State& state) { fill_cells(state, Needs::everything()); }
BENCHMARK(cell_thin)->Arg(3)->Arg(44)->Arg(10'000);
BENCHMARK(cell_full)->Arg(3)->Arg(44)->Arg(10'000);

void cell_derived_measures(benchmark::State& state) {
  const ExecutionBatch batch = make_batch();
  for ([[maybe_unused]] auto round : state) {
    benchmark::DoNotOptimize(MeasuredBatch(batch, {}));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
}
BENCHMARK(cell_derived_measures);

void cell_merge(benchmark::State& state) {
  const ExecutionBatch batch = make_batch();
  const MeasuredBatch measured(batch, {});
  const auto per_cell = static_cast<std::size_t>(state.range(0));
  std::vector<Cell> cells;
  std::vector<std::uint32_t> rows(kRows);
  std::iota(rows.begin(), rows.end(), 0U);
  for (std::size_t at = 0; at < kRows; at += per_cell) {
    cells.emplace_back(Needs::everything())
        .add(measured, std::span(rows).subspan(at, std::min(per_cell, kRows - at)));
  }
  for ([[maybe_unused]] auto round : state) {
    Cell all;
    for (const Cell& cell : cells) all.merge(cell);
    benchmark::DoNotOptimize(all);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(cells.size()));
}
BENCHMARK(cell_merge)->Arg(10)->Arg(1000);

void quantiles_add(benchmark::State& state) {
  const ExecutionBatch batch = make_batch();
  const auto& durations = batch.numbers[index(Number::duration_ms)];
  for ([[maybe_unused]] auto round : state) {
    vitals::sketch::Quantiles sketch;
    sketch.add(durations);
    benchmark::DoNotOptimize(sketch);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kRows));
}
BENCHMARK(quantiles_add);

void quantiles_encode(benchmark::State& state) {
  const ExecutionBatch batch = make_batch();
  vitals::sketch::Quantiles sketch;
  sketch.add(std::span(batch.numbers[index(Number::cost_usd)])
                 .first(static_cast<std::size_t>(state.range(0))));
  std::string bytes;
  for ([[maybe_unused]] auto round : state) {
    bytes.clear();
    sketch.encode(bytes);
    benchmark::DoNotOptimize(bytes);
  }
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(quantiles_encode)->Arg(25)->Arg(10'000);

}  // namespace
