// Folding events into rollup cells, merging them, reading them. With VITALS_BENCH_EVENTS set, the
// events of that NDJSON file (as made by gen_events.py); otherwise a made-up stream of that shape.

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <string>

#include <benchmark/benchmark.h>

#include <vitals/base/clock.h>
#include <vitals/series/cell_view.h>
#include <vitals/series/rollups.h>
#include <vitals/store/memory.h>
#include <vitals/wire/json.h>

#include "series/bytes.h"

using namespace vitals;

namespace {

constexpr std::size_t kBlockRows = 10'000;
constexpr std::size_t kFoldBlocks = 6;
constexpr TimeMs kNow = 1'790'000'000'000 + 2 * kDayMs;

using Batches = std::vector<std::shared_ptr<const model::ExecutionBatch>>;

class StillClock final : public Clock {
 public:
  TimeMs now_ms() const override { return now; }
  std::int64_t monotonic_us() const override { return now * 1000; }
  TimeMs now = kNow;
};

std::string made_up_lines(std::size_t count) {
  std::mt19937 random(1);
  std::lognormal_distribution<> duration(7.6, 0.7);
  const auto below = [&random](unsigned n) { return std::to_string(random() % n); };
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) {
    lines += R"({"id":"event-)" + std::to_string(i) + R"(","time":)" +
             std::to_string(kNow - 2 * kDayMs + static_cast<TimeMs>(i) * 864) +
             R"(,"prompt":"team.growth.prompt-)" + below(1 + random() % 200) + R"(","version":"v)" +
             below(2) + R"(","model":"model-)" + below(2) +
             R"(","environment":"production","status":"success","duration_ms":)" +
             std::to_string(std::round(duration(random))) + R"(,"input_tokens":)" + below(3000) +
             R"(,"output_tokens":)" + below(900) + R"(,"iterations":1,"quality":{"clarity":)" +
             below(9) + '.' + below(10) + R"(},"user":"u)" + below(5000) + R"(","session":"s)" +
             below(50000) + R"("})" + '\n';
  }
  return lines;
}

/// Blocks as the event log gives them.
Batches blocks_of(std::istream& lines) {
  Batches blocks;
  wire::ExecutionDecoder decoder;
  wire::TimeLimits limits;
  limits.now_ms = kNow;
  std::string body, line;
  std::size_t rows = 0;
  const auto flush = [&] {
    auto decoded = decoder.decode(body, wire::Framing::ndjson, limits);
    blocks.push_back(std::make_shared<const model::ExecutionBatch>(std::move(decoded.batch)));
    body.clear();
    rows = 0;
  };
  while (std::getline(lines, line)) {
    body += line + '\n';
    if (++rows == kBlockRows) flush();
  }
  if (rows > 0) flush();
  return blocks;
}

const Batches& blocks() {
  static const Batches kBlocks = [] {
    if (const char* path = std::getenv("VITALS_BENCH_EVENTS")) {
      std::ifstream file(path, std::ios::binary);
      return blocks_of(file);
    }
    std::istringstream lines(made_up_lines(100'000));
    return blocks_of(lines);
  }();
  return kBlocks;
}

std::size_t events() {
  std::size_t rows = 0;
  for (const auto& block : blocks()) rows += block->rows();
  return rows;
}

series::Options options() {
  series::Options chosen;
  chosen.retention_ms = {30 * kDayMs, 400 * kDayMs, 4000 * kDayMs};
  return chosen;
}

struct Folded {
  StillClock clock;
  telemetry::Registry telemetry;
  std::unique_ptr<store::Store> store = store::open_memory();
  std::unique_ptr<series::Rollups> rollups =
      std::move(*series::Rollups::open(*store, clock, options(), quiet_logger(), telemetry));

  void fold(std::size_t begin) {
    const auto part =
        std::span(blocks()).subspan(begin, std::min(kFoldBlocks, blocks().size() - begin));
    std::uint64_t through = rollups->watermark();
    for (const auto& block : part) through += block->rows();
    if (!rollups->fold(part, through)) std::abort();
  }
  void compact() {
    while (*rollups->compact() > 0) {
    }
  }
  void fold_all() {
    for (std::size_t at = 0; at < blocks().size(); at += kFoldBlocks) fold(at);
  }
  void settle() {
    clock.now += kDayMs;
    compact();
  }
};

void per_event(benchmark::State& state) {
  state.counters["s/event"] = benchmark::Counter(
      static_cast<double>(events()),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void BM_fold(benchmark::State& state) {
  blocks();
  for (auto _ : state) {
    Folded folded;
    folded.fold_all();
  }
  per_event(state);
}

/// Between the folds and once all is quiet.
void BM_compact(benchmark::State& state) {
  blocks();
  double bytes = 0;
  for (auto _ : state) {
    Folded folded;
    for (std::size_t at = 0; at < blocks().size(); at += kFoldBlocks) {
      state.PauseTiming();
      folded.fold(at);
      state.ResumeTiming();
      folded.compact();
    }
    folded.settle();
    bytes = static_cast<double>(folded.rollups->stats().bytes);
  }
  per_event(state);
  state.counters["bytes/event"] = bytes / static_cast<double>(events());
}

void BM_visit(benchmark::State& state) {
  const auto resolution = static_cast<series::Resolution>(state.range(0));
  Folded folded;
  folded.fold_all();
  folded.settle();
  metrics::Needs needs;
  needs.add_moments(metrics::measure_of(model::Number::duration_ms));
  if (resolution != series::Resolution::minute) {
    needs.add_sketch(metrics::measure_of(model::Number::duration_ms));
  }
  std::size_t cells = 0;
  for (auto _ : state) {
    cells = 0;
    const series::CellView view(*folded.rollups, folded.store->snapshot());
    const Status seen =
        view.visit(resolution, 0, kNow, needs, {},
                   [&cells](series::SeriesId, TimeMs, const metrics::Cell&) { ++cells; });
    if (!seen) state.SkipWithError(seen.error().message.c_str());
  }
  state.counters["cells"] = static_cast<double>(cells);
}

/// What the cells of one resolution cost on disk, section by section (docs/formats/cell-chunk.md).
void BM_cell_bytes(benchmark::State& state) {
  const auto resolution = static_cast<char>(state.range(0));
  Folded folded;
  folded.fold_all();
  folded.settle();
  std::map<std::uint64_t, double> sections;  // 0 are the keys
  for (auto _ : state) {
    sections.clear();
    const auto cursor = folded.store->snapshot()->scan(*folded.store->table("cells"), {}, {});
    for (; cursor->valid(); cursor->next()) {
      if (cursor->key()[0] != resolution) continue;
      series::ByteReader chunk(cursor->value());
      chunk.take(11);
      chunk.varint();
      chunk.varint();
      for (std::uint64_t id = 0; chunk.ok();) {
        sections[id] += static_cast<double>(chunk.text().size());
        if (chunk.at_end()) break;
        id = chunk.varint();
      }
    }
  }
  for (const auto& [id, bytes] : sections) {
    state.counters["B" + std::to_string(id)] = bytes / static_cast<double>(events());
  }
}

BENCHMARK(BM_fold)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_compact)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_cell_bytes)->Arg(0)->Arg(1)->Arg(2)->Iterations(1);
BENCHMARK(BM_visit)->Arg(0)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);

}  // namespace
