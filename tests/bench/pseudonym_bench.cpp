// Replacing the names of users and sessions in batches of 10,000 events, 5,000 users and 50,000
// sessions at random: µs per event.
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <vitals/registry/pseudonyms.h>

using namespace vitals;

namespace {

constexpr int kBatches = 20;
constexpr int kRows = 10'000;

std::vector<model::ExecutionBatch> named_batches() {
  std::mt19937 random(1);
  std::vector<model::ExecutionBatch> batches(kBatches);
  for (model::ExecutionBatch& batch : batches) {
    for (int row = 0; row < kRows; ++row) {
      batch[model::Label::user].dictionary.intern("u" + std::to_string(random() % 5'000));
      batch[model::Label::session].dictionary.intern("s" + std::to_string(random() % 50'000));
    }
  }
  return batches;
}

void pseudonyms(benchmark::State& state) {
  const std::vector<model::ExecutionBatch> named = named_batches();
  const registry::Pseudonyms pseudonyms{registry::Pseudonyms::Key{}};
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<model::ExecutionBatch> batches = named;
    state.ResumeTiming();
    for (model::ExecutionBatch& batch : batches) pseudonyms.apply(batch);
  }
  const double events = static_cast<double>(state.iterations()) * kBatches * kRows;
  state.counters["us/event"] =
      benchmark::Counter(events / 1e6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(pseudonyms);

}  // namespace
