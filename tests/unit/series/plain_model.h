#pragma once

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <vitals/metrics/cell.h>
#include <vitals/model/batch.h>
#include <vitals/series/cell_view.h>
#include <vitals/series/rollups.h>

namespace vitals::series::test {

using Batch = std::shared_ptr<const model::ExecutionBatch>;

/// One execution as a test writes it: labels by name are prompt and version only.
struct Event {
  TimeMs time = 0;
  std::string prompt = "p";
  std::string version;
  model::Outcome outcome{};
  std::vector<std::pair<model::Number, double>> numbers{};
  std::string user{};
  std::string error_type{};
};

Batch batch_of(const std::vector<Event>& events);

/// Events around `start`: some prompts are busy, some fields are missing, numbers are decimals,
/// odd fractions, negative and huge.
std::vector<Event> random_events(std::mt19937_64& random, std::size_t count, TimeMs start,
                                 DurationMs spread_ms);

/// Everything a bucket saw, kept as it came.
struct PlainCell {
  metrics::Counts counts;
  std::map<metrics::Measure, std::vector<double>> values;
  std::set<std::string> users;
  std::map<std::string, std::uint64_t> error_types;
};

/// (prompt, version, bucket) → cell; the overflow series is ("", "").
using PlainCells = std::map<std::tuple<std::string, std::string, TimeMs>, PlainCell>;

PlainCells plain_cells(const std::vector<Event>& events, Resolution resolution);

/// All cells of a view, partial ones merged. REQUIREs that reading works.
using MergedCells = std::map<std::tuple<std::string, std::string, TimeMs>, metrics::Cell>;
MergedCells merged_cells(const CellView& view, Resolution resolution, const metrics::Needs& needs,
                         TimeMs from_ms, TimeMs to_ms);

/// REQUIREs equal keys, exact counts, sums to 1e-9, quantiles exact when few and else within 1 %.
void require_same(const MergedCells& cells, const PlainCells& plain);

}  // namespace vitals::series::test
