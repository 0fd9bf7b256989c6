// Log and cells over power cuts in the middle of whatever writes.
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <set>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/events/log_view.h>
#include <vitals/series/cell_view.h>
#include <vitals/store/rocks.h>

#include "house.h"
#include "support/faulty_file_system.h"
#include "support/few_events.h"
#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;
using model::Number;

namespace {

/// Counts and sums of one prompt in one bucket.
struct Sums {
  metrics::Counts counts;
  std::uint64_t durations = 0;
  double duration_ms = 0;
  bool operator==(const Sums&) const = default;
};
using Buckets = std::map<std::pair<std::string, TimeMs>, Sums>;

/// Prompt and bucket of the first difference, with the executions that each has; "" when equal.
std::string difference(Buckets cells, Buckets log) {
  for (const auto& bucket : log) cells.try_emplace(bucket.first);
  for (const auto& [bucket, sums] : cells) {
    if (sums == log[bucket]) continue;
    return bucket.first + " at " + std::to_string(bucket.second) + ": cells " +
           std::to_string(sums.counts.executions) + ", log " +
           std::to_string(log[bucket].counts.executions);
  }
  return "";
}

Options fold_often() {
  Options options;
  options.fold_events = 20;
  return options;
}

/// A house on a disk that loses power.
class PowerCuts {
 public:
  explicit PowerCuts(std::uint64_t seed) : random_(seed), house_(fold_often()) {}
  ~PowerCuts() {
    house_.stop();
    house_.store.replace(nullptr);
  }

  /// From a start to a power cut, with the log held against the cells after the start.
  void live() {
    start();
    finish_what_was_cut_off();
    require_agreement();
    faulty_.files->crash_after(below(60), random_() % 2 == 0 ? random_() : 0);
    for (std::uint64_t rounds = below(40); rounds > 0 && !faulty_.files->crashed(); --rounds) {
      work();
    }
    faulty_.files->crash();
    stop();
  }

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  void start() {
    auto opened = store::open_rocks(
        {folder_.file("store"), 64ULL << 10U, 1ULL << 20U, faulty_.env.get()}, quiet_logger());
    if (!opened) FAIL(opened.error().message);
    house_.stop();
    house_.store.replace(std::move(opened).value());
    house_.start();
  }

  void stop() {
    house_.stop();
    house_.store.replace(nullptr);
    faulty_.files->restart();
  }

  void work() {
    house_.clock.advance(static_cast<DurationMs>(below(3'600'000)));
    const std::uint64_t dice = below(20);
    if (dice < 12) {
      post(new_batch());
    } else if (dice < 17) {
      house_.maintenance->step();
    } else if (dice < 19) {
      (void)house_.maintenance->fold_all();
    } else {
      erase("p" + std::to_string(below(4)));
    }
  }

  model::ExecutionBatch new_batch() {
    std::vector<vitals::test::FewEvent> events(1 + below(30));
    for (auto& event : events) {
      const auto age = static_cast<DurationMs>(below(4) == 0 ? below(3 * kDayMs) : below(60'000));
      event = {house_.now() - age, "p" + std::to_string(below(4)), model::Tri(below(3))};
      if (below(5) != 0) event.numbers = {{Number::duration_ms, double(below(1'000'000))}};
    }
    auto batch = vitals::test::batch_of(events);
    batch.ids = {};
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      batch.ids.push_back("id-" + std::to_string(next_id_++));
    }
    return batch;
  }

  /// Whoever has no answer sends again, after the next start.
  void post(const model::ExecutionBatch& batch) {
    unanswered_ = batch;
    Writer writer;
    REQUIRE(house_.spine->submit(model::ExecutionBatch(batch), writer.done()));
    house_.spine->step();
    if (!writer.answer()) return;
    REQUIRE(writer.accepted() + writer.duplicates() == batch.rows());
    unanswered_.reset();
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      stored_[std::string(batch[model::Label::prompt].at(row))].emplace(batch.ids.at(row));
    }
  }

  void erase(const std::string& prompt) {
    unerased_ = prompt;
    const TimeMs end = house_.now() + kDayMs;
    if (!house_.maintenance->erase({model::Filter{"prompt", false, {prompt}}}, 0, end)) return;
    unerased_.reset();
    stored_.erase(prompt);
  }

  bool is_dirty() const {
    const auto day = house_.rollups->dirty_day(std::numeric_limits<TimeMs>::min());
    REQUIRE(day);
    return day->has_value();
  }

  void finish_what_was_cut_off() {
    // Cells of a day at a time.
    for (int days = 0; days < 100 && is_dirty(); ++days) house_.maintenance->step();
    require_agreement_of_cells();
    if (unanswered_) post(*std::exchange(unanswered_, {}));
    if (unerased_) erase(*std::exchange(unerased_, {}));
    REQUIRE_FALSE((unanswered_ || unerased_));
  }

  /// Everything that was acknowledged is in the log, once, and nothing else is.
  void require_agreement() {
    std::map<std::string, std::set<std::string>> logged;
    std::size_t rows = 0;
    visit_log([&](const events::Block& block) {
      for (std::size_t row = 0; row < block.rows.rows(); ++row, ++rows) {
        logged[std::string(block.rows[model::Label::prompt].at(row))].emplace(
            block.rows.ids.at(row));
      }
    });
    REQUIRE(logged == stored_);
    std::size_t ids = 0;
    for (const auto& [prompt, of_prompt] : stored_) ids += of_prompt.size();
    REQUIRE(rows == ids);
    require_agreement_of_cells();
  }

  void require_agreement_of_cells() {
    REQUIRE(house_.maintenance->fold_all());
    for (const series::Resolution resolution : series::kResolutions) {
      CAPTURE(to_string(resolution));
      REQUIRE(difference(from_cells(resolution), from_log(resolution)) == "");
    }
  }

  template <class Visit>
  void visit_log(const Visit& visit) const {
    const events::LogView view(*house_.log, house_.store.snapshot());
    events::ScanRequest request;
    request.columns = model::ColumnSet::all();
    const auto scan = view.scan(request);
    events::Block block;
    while (true) {
      const auto more = scan->next(block);
      if (!more) FAIL(more.error().message);
      if (!*more) return;
      visit(block);
    }
  }

  Buckets from_log(series::Resolution resolution) const {
    Buckets buckets;
    visit_log([&](const events::Block& block) {
      for (std::size_t row = 0; row < block.rows.rows(); ++row) {
        const TimeMs start =
            series::bucket_start(block.rows.time_ms[row], series::length_ms(resolution));
        Sums& sums = buckets[{std::string(block.rows[model::Label::prompt].at(row)), start}];
        sums.counts.add(block.rows.outcome_at(row));
        const double duration_ms = block.rows.number(Number::duration_ms, row);
        if (duration_ms != duration_ms) continue;
        ++sums.durations;
        sums.duration_ms += duration_ms;
      }
    });
    return buckets;
  }

  Buckets from_cells(series::Resolution resolution) const {
    const auto duration = metrics::measure_of(Number::duration_ms);
    metrics::Needs needs;
    needs.add_moments(duration);
    Buckets buckets;
    const series::CellView view(*house_.rollups, house_.store.snapshot());
    const Status visited =
        view.visit(resolution, 0, house_.now() + kDayMs, needs, {},
                   [&](series::SeriesId series, TimeMs start, const metrics::Cell& cell) {
                     Sums& sums = buckets[{std::string(view.index().label(series, 0)), start}];
                     sums.counts.merge(cell.counts);
                     sums.durations += cell.moments(duration)->count;
                     sums.duration_ms += cell.moments(duration)->total();  // whole numbers: exact
                   });
    REQUIRE(visited);
    return buckets;
  }

  std::mt19937_64 random_;
  vitals::test::TempFolder folder_;
  vitals::test::FaultyEnv faulty_;
  House house_;
  std::uint64_t next_id_ = 0;
  std::map<std::string, std::set<std::string>> stored_;  ///< ids by prompt, as acknowledged
  std::optional<model::ExecutionBatch> unanswered_;
  std::optional<std::string> unerased_;
};

}  // namespace

TEST_CASE("after power cuts at any write the cells tell what the log holds") {
  std::random_device device;
  for (int world = 0; world < 8; ++world) {
    const std::uint64_t seed = device();
    CAPTURE(seed);
    PowerCuts cuts(seed);
    for (int life = 0; life < 12; ++life) {
      CAPTURE(life);
      cuts.live();
    }
  }
}
