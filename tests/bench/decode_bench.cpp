// Decoding of native JSON into columns. With VITALS_BENCH_EVENTS set, the lines of that NDJSON file
// are decoded (as made by gen_events.py); otherwise a made-up stream of about the same shape.

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include <benchmark/benchmark.h>

#include <vitals/wire/json.h>

using namespace vitals;

namespace {

constexpr TimeMs kNow = 1'790'000'000'000;

std::string made_up_lines(int count) {
  std::mt19937 random(1);
  const auto below = [&random](unsigned n) { return std::to_string(random() % n); };
  const auto tenths = [&](unsigned n) { return below(n) + '.' + below(10); };
  std::string lines;
  for (int i = 0; i < count; ++i) {
    lines += R"({"id":"event-)" + std::to_string(i) + R"(","time":)" + std::to_string(kNow - i) +
             R"(,"prompt":"team.growth.prompt-)" + below(200) + R"(","version":"v)" + below(9) +
             R"(","model":"model-)" + below(8) +
             R"(","environment":"production","status":"success","duration_ms":)" + tenths(5000) +
             R"(,"time_to_first_token_ms":)" + tenths(900) + R"(,"input_tokens":)" + below(3000) +
             R"(,"output_tokens":)" + below(900) + R"(,"iterations":1,"quality":{"clarity":)" +
             tenths(9) + R"(,"accuracy":)" + tenths(9) + R"(,"completeness":)" + tenths(9) +
             R"(,"relevance":)" + tenths(9) + R"(},"resources":{"cpu_ms":)" + tenths(400) +
             R"(,"memory_bytes":4)" + below(9'000'000) + R"(,"network_bytes":)" + below(20000) +
             R"(},"user":"u)" + below(5000) + R"(","session":"s)" + below(50000) +
             R"(","tags":{"region":"eu-west-)" + below(3) + R"(","team":"growth"}})" + '\n';
  }
  return lines;
}

std::string lines_of_events() {
  const char* path = std::getenv("VITALS_BENCH_EVENTS");
  if (path == nullptr) return made_up_lines(10'000);
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// As one JSON array.
std::string array_of(std::string lines) {
  if (!lines.empty() && lines.back() == '\n') lines.pop_back();
  for (char& c : lines) c = c == '\n' ? ',' : c;
  return '[' + lines + ']';
}

void decode(benchmark::State& state, const std::string& body, wire::Framing framing) {
  wire::ExecutionDecoder decoder;
  wire::TimeLimits limits;
  limits.now_ms = kNow + 1000LL * 86'400'000;
  std::size_t events = 0;
  for (auto _ : state) {
    const wire::Decoded decoded = decoder.decode(body, framing, limits);
    if (decoded.rejected != 0) state.SkipWithError("an event was refused");
    events += decoded.batch.rows();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
  state.SetBytesProcessed(static_cast<std::int64_t>(body.size() * state.iterations()));
  state.counters["per_event"] = benchmark::Counter(
      static_cast<double>(events), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void decode_ndjson(benchmark::State& state) {
  decode(state, lines_of_events(), wire::Framing::ndjson);
}

void decode_array(benchmark::State& state) {
  decode(state, array_of(lines_of_events()), wire::Framing::json);
}

BENCHMARK(decode_ndjson);
BENCHMARK(decode_array);

}  // namespace
