// Queries over a million executions of one day, 200 prompts, in RocksDB; the newest block is not
// folded yet, as in a running daemon.

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>

#include <benchmark/benchmark.h>

#include <vitals/base/clock.h>
#include <vitals/events/event_log.h>
#include <vitals/query/engine.h>
#include <vitals/series/rollups.h>
#include <vitals/store/rocks.h>

using namespace vitals;

namespace {

constexpr TimeMs kNow = 20'000 * kDayMs + 7 * kHourMs + 1'234'567;
constexpr std::size_t kBlocks = 100;
constexpr std::size_t kBlockRows = 10'000;

class BenchClock final : public Clock {
 public:
  TimeMs now_ms() const override { return kNow; }
  std::int64_t monotonic_us() const override { return system_.monotonic_us(); }

 private:
  SystemClock system_;
};

model::ExecutionBatch make_block(std::mt19937_64& random, std::size_t number) {
  using model::Label;
  using model::Number;
  model::ExecutionBatch batch;
  std::lognormal_distribution<> duration(7.6, 0.7);
  model::Outcome good, bad;
  good.success = model::Tri::yes;
  bad.success = model::Tri::no;
  const auto label = [&](Label which, const std::string& text) {
    batch[which].codes.push_back(batch[which].dictionary.intern(text));
  };
  for (std::size_t row = 0; row < kBlockRows; ++row) {
    const std::size_t count = number * kBlockRows + row;
    const double spread =
        std::exponential_distribution<>(1.0 / 25)(random);  // few prompts are many
    const auto prompt = static_cast<unsigned>(spread) % 200;
    batch.time_ms.push_back(kNow - kDayMs +
                            static_cast<TimeMs>(count * kDayMs / (kBlocks * kBlockRows)));
    batch.ids.push_back("event-" + std::to_string(count));
    batch.outcome.push_back((random() % 25 == 0 ? bad : good).packed());
    label(Label::prompt, "team.growth.prompt-" + std::to_string(prompt));
    label(Label::version, "v" + std::to_string(1 + random() % 2));
    label(Label::model, "model-" + std::to_string(prompt % 8));
    label(Label::environment, random() % 10 == 0 ? "staging" : "production");
    label(Label::user, "user-" + std::to_string(random() % 5000));
    batch.numbers[index(Number::duration_ms)].push_back(std::round(duration(random)));
    batch.numbers[index(Number::input_tokens)].push_back(static_cast<double>(random() % 3000));
    batch.numbers[index(Number::output_tokens)].push_back(static_cast<double>(random() % 900));
    for (const Number score :
         {Number::clarity, Number::accuracy, Number::completeness, Number::relevance}) {
      batch.numbers[index(score)].push_back(static_cast<double>(60 + random() % 41) / 10);
    }
    batch.attributes.codes.push_back(batch.attributes.pairs.intern(
        std::string("tags.region") + '\0' + "region-" + std::to_string(random() % 5)));
    batch.attributes.ends.push_back(static_cast<std::uint32_t>(batch.attributes.codes.size()));
  }
  return batch;
}

void require(bool ok, const std::string& what) {
  if (ok) return;
  std::fprintf(stderr, "query_bench: %s\n", what.c_str());
  std::abort();
}

template <class Value>
Value need(Result<Value> result) {
  require(result.ok(), result.ok() ? "" : result.error().message);
  return *std::move(result);
}

/// A day of executions behind an engine, made once.
class Day {
 public:
  Day() : folder_(std::filesystem::temp_directory_path() / ("query_bench." + unique())) {
    store_ = need(store::open_rocks({.folder = folder_.string()}, quiet_logger()));
    log_ = need(events::EventLog::open(*store_, clock_, {}, quiet_logger(), telemetry_));
    series::Options options;
    options.retention_ms = {30 * kDayMs, 400 * kDayMs, events::kForever};
    rollups_ = need(series::Rollups::open(*store_, clock_, options, quiet_logger(), telemetry_));
    fill();
    const auto engine = [this](query::QueryThreads threads) {
      return std::make_unique<query::Engine>(*store_, *log_, *rollups_, catalogue_, clock_,
                                             query::Options{}, quiet_logger(), telemetry_, threads);
    };
    alone_ = engine({});
    helped_ = engine({&tasks_, 2});
  }
  ~Day() {
    tasks_.close();
    helper_.join();
    alone_.reset();
    helped_.reset();
    rollups_.reset();
    log_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  const query::Engine& engine(std::int64_t threads = 1) const {
    return threads == 1 ? *alone_ : *helped_;
  }

 private:
  static std::string unique() { return std::to_string(std::random_device{}()); }

  void fill() {
    std::mt19937_64 random(1);
    std::vector<std::shared_ptr<const model::ExecutionBatch>> unfolded;
    for (std::size_t i = 0; i < kBlocks; ++i) {
      std::vector<model::ExecutionBatch> batches;
      batches.push_back(make_block(random, i));
      unfolded.push_back(need(log_->append(std::move(batches))).rows);
      if (i % 6 != 4) continue;  // leaves the last block out
      if (i + 1 == kBlocks) break;
      require(rollups_->fold(unfolded, log_->end()).ok(), "fold failed");
      unfolded.clear();
      while (need(rollups_->compact()) > 0) continue;
    }
  }

  std::filesystem::path folder_;
  BenchClock clock_;
  telemetry::Registry telemetry_;
  metrics::Catalogue catalogue_{metrics::Options{}};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<events::EventLog> log_;
  std::unique_ptr<series::Rollups> rollups_;
  std::unique_ptr<query::Engine> alone_;
  std::unique_ptr<query::Engine> helped_;
  TaskQueue tasks_{16};
  std::thread helper_{[this] { tasks_.run(); }};
};

const Day& day() {
  static const Day made;  // kept between the benchmarks of one run
  return made;
}

/// The argument is how many threads work on the question.
void run(benchmark::State& state, const query::MetricRequest& request) {
  const query::Engine& engine = day().engine(state.range(0));
  query::MetricAnswer answer;
  for (auto _ : state) {
    answer = need(engine.metric(request));
    benchmark::DoNotOptimize(answer.groups.data());
  }
  state.counters["groups"] = static_cast<double>(answer.groups.size());
  state.SetLabel(answer.resolution);
}

query::MetricRequest ask(const char* metric, const char* stat, DurationMs window_ms) {
  query::MetricRequest request;
  request.metric = metric;
  request.stat_given = *stat != '\0';
  if (request.stat_given) request.stat = need(metrics::parse_stat(stat));
  request.to_ms = kNow + 1;
  request.from_ms = request.to_ms - window_ms;
  return request;
}

void query_hour_by_prompt(benchmark::State& state) {
  query::MetricRequest request = ask("execution_success_rate", "", kHourMs);
  request.group_by = {"prompt"};
  run(state, request);
}

void query_hour_mean_by_prompt_version(benchmark::State& state) {
  query::MetricRequest request = ask("duration_ms", "mean", kHourMs);
  request.group_by = {"prompt", "version"};
  run(state, request);
}

void query_day_by_prompt_per_hour(benchmark::State& state) {
  query::MetricRequest request = ask("duration_ms", "mean", kDayMs);
  request.group_by = {"prompt"};
  request.step_ms = kHourMs;
  run(state, request);
}

void query_day_p95_by_prompt_version(benchmark::State& state) {
  query::MetricRequest request = ask("duration_ms", "p95", kDayMs);
  request.group_by = {"prompt", "version"};
  run(state, request);
}

void query_day_p95_by_prompt_version_raw(benchmark::State& state) {
  query::MetricRequest request = ask("duration_ms", "p95", kDayMs);
  request.group_by = {"prompt", "version"};
  request.raw_only = true;
  run(state, request);
}

void query_day_mean_by_region(benchmark::State& state) {
  query::MetricRequest request = ask("duration_ms", "mean", kDayMs);
  request.group_by = {"tags.region"};
  run(state, request);
}

/// Raw blocks: items are the events that were looked at.
void query_day_quality_by_model_of_a_region(benchmark::State& state) {
  query::MetricRequest request = ask("response_quality_score", "", kDayMs);
  request.group_by = {"model"};
  request.filters = {need(model::parse_filter("tags.region:region-1"))};
  run(state, request);
  state.SetItemsProcessed(static_cast<std::int64_t>(kBlocks * kBlockRows) * state.iterations());
}

void query_day_of_a_prompt_per_minute(benchmark::State& state) {
  query::MetricRequest request = ask("execution_success_rate", "", kDayMs);
  request.filters = {need(model::parse_filter("prompt:team.growth.prompt-0"))};
  request.step_ms = 60'000;
  run(state, request);
}

void query_executions_page(benchmark::State& state) {
  query::ExecutionsRequest request;
  request.limit = static_cast<std::uint32_t>(state.range(0));
  for (auto _ : state) {
    const query::ExecutionsPage page = need(day().engine().executions(request));
    request.cursor = page.next_cursor.value_or("");
  }
}

void by_threads(benchmark::internal::Benchmark* bench) {
  bench->Arg(1)->Arg(2)->ArgName("threads")->UseRealTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK(query_hour_by_prompt)->Apply(by_threads);
BENCHMARK(query_hour_mean_by_prompt_version)->Apply(by_threads);
BENCHMARK(query_day_by_prompt_per_hour)->Apply(by_threads);
BENCHMARK(query_day_p95_by_prompt_version)->Apply(by_threads);
BENCHMARK(query_day_p95_by_prompt_version_raw)->Apply(by_threads);
BENCHMARK(query_day_mean_by_region)->Apply(by_threads);
BENCHMARK(query_day_quality_by_model_of_a_region)->Apply(by_threads);
BENCHMARK(query_day_of_a_prompt_per_minute)->Apply(by_threads);
BENCHMARK(query_executions_page)->Arg(100)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace
