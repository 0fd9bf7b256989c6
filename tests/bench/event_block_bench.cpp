// Encoding and decoding of event blocks: CPU per event, bytes per event and per column.
#include <cstdlib>
#include <fstream>

#include <benchmark/benchmark.h>

#include <vitals/registry/pseudonyms.h>
#include <vitals/wire/json.h>

#include "events/codec/block_codec.h"
#include "events/name_writer.h"
#include "support/event_stream.h"

using namespace vitals;

namespace {

events::BlockSource source(const model::ExecutionBatch& batch) {
  return {batch, 0, batch.rows(), 0, {}, 0};
}

void report(benchmark::State& state, std::size_t rows, std::size_t bytes) {
  const auto events = static_cast<double>(state.iterations()) * static_cast<double>(rows);
  state.counters["us/event"] =
      benchmark::Counter(events / 1e6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["B/event"] = static_cast<double>(bytes) / static_cast<double>(rows);
}

void encode_block(benchmark::State& state) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const model::ExecutionBatch batch = test::EventStream(1).next(rows);
  events::BlockEncoder encoder;
  std::size_t bytes = 0;
  for (auto _ : state) bytes = encoder.encode(source(batch)).value().size();
  report(state, rows, bytes);
  if (rows != 10'000) return;
  for (std::size_t tag = 0; tag < encoder.section_bytes().size(); ++tag) {
    if (const std::size_t section = encoder.section_bytes()[tag]; section > 0) {
      state.counters["B" + std::to_string(tag)] =
          static_cast<double>(section) / static_cast<double>(rows);
    }
  }
}
BENCHMARK(encode_block)->Arg(30)->Arg(1'000)->Arg(10'000);

constexpr std::size_t kPost = 10'000;

/// Posts of the NDJSON file that VITALS_BENCH_EVENTS names, or of the made-up stream.
std::vector<model::ExecutionBatch> posts() {
  std::vector<model::ExecutionBatch> batches;
  const char* path = std::getenv("VITALS_BENCH_EVENTS");
  if (path == nullptr) {
    test::EventStream stream(1);
    while (batches.size() < 20) batches.push_back(stream.next(kPost));
    return batches;
  }
  const registry::Pseudonyms pseudonyms(registry::Pseudonyms::Key{});
  wire::ExecutionDecoder decoder;
  wire::TimeLimits limits;
  limits.now_ms = 1'790'000'000'000 + 1000LL * 86'400'000;
  std::ifstream file(path);
  std::string line, body;
  std::size_t lines = 0;
  while (std::getline(file, line)) {
    body += line + '\n';
    if (++lines % kPost != 0) continue;
    batches.push_back(decoder.decode(body, wire::Framing::ndjson, limits).batch);
    pseudonyms.apply(batches.back());
    body.clear();
  }
  return batches;
}

/// What a log of posts of 10,000 takes, by section, without and with names that outlive blocks;
/// B256 are those.
void encode_log(benchmark::State& state) {
  const std::vector<model::ExecutionBatch> batches = posts();
  std::array<std::size_t, 257> section_bytes{};
  std::size_t bytes = 0;
  const bool with_names = state.range(0) != 0;
  for (auto _ : state) {
    section_bytes = {};
    bytes = 0;
    events::BlockEncoder encoder;
    events::NameWriter names(events::NameLimits{}, 1);
    for (const model::ExecutionBatch& batch : batches) {
      store::WriteBatch changes;
      names.begin_block(batch.rows(), 0);
      bytes += encoder.encode(source(batch), with_names ? &names : nullptr).value().size();
      if (!names.write(changes, {})) return state.SkipWithError("names cannot be written");
      for (const auto& change : changes.changes()) section_bytes.back() += change.value.size();
      for (std::size_t tag = 0; tag < 256; ++tag)
        section_bytes[tag] += encoder.section_bytes()[tag];
    }
    bytes += section_bytes.back();
  }
  const std::size_t rows = batches.size() * kPost;
  report(state, rows, bytes);
  for (std::size_t tag = 0; tag < section_bytes.size(); ++tag) {
    if (section_bytes[tag] == 0) continue;
    state.counters["B" + std::to_string(tag)] =
        static_cast<double>(section_bytes[tag]) / static_cast<double>(rows);
  }
}
BENCHMARK(encode_log)->Arg(0)->Arg(1);

void decode(benchmark::State& state, const model::ColumnSet& columns) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const model::ExecutionBatch batch = test::EventStream(1).next(rows);
  events::BlockEncoder encoder;
  const std::string bytes = encoder.encode(source(batch)).value();
  events::BlockDecoder decoder;
  events::Block block;
  for (auto _ : state) {
    if (!decoder.decode(bytes, columns, block)) state.SkipWithError("damaged");
  }
  report(state, rows, bytes.size());
}

void decode_all_columns(benchmark::State& state) { decode(state, model::ColumnSet::all()); }
BENCHMARK(decode_all_columns)->Arg(30)->Arg(1'000)->Arg(10'000);

void decode_ids(benchmark::State& state) {
  model::ColumnSet columns;
  columns.ids = true;
  decode(state, columns);
}
BENCHMARK(decode_ids)->Arg(10'000);

void decode_one_number_by_prompt(benchmark::State& state) {
  model::ColumnSet columns;
  columns.add(model::Label::prompt);
  columns.add(model::Number::duration_ms);
  decode(state, columns);
}
BENCHMARK(decode_one_number_by_prompt)->Arg(10'000);

}  // namespace
