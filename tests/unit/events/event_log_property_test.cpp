// The event log against a map: random appends, duplicates, merges, erasures, expiry, restarts.
#include <algorithm>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include <vitals/events/event_log.h>
#include <vitals/events/log_view.h>
#include <vitals/store/memory.h>
#include <vitals/store/rocks.h>

#include "batches.h"
#include "events/codec/name_chunk.h"
#include "support/faulty_file_system.h"
#include "support/manual_clock.h"
#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::events;

namespace {

constexpr DurationMs kDedupAge = 24'000;  // so that blocks merge within a second of arrival
constexpr DurationMs kLater = kDedupAge / 8;

class Model {
 public:
  Model(std::uint64_t seed, bool on_disk) : random_(seed), on_disk_(on_disk) {
    options_.block_rows = static_cast<std::uint32_t>(20 + random_() % 50);
    options_.dedup_age_ms = kDedupAge;
    options_.dedup_ids_max = 50 + random_() % 500;
    options_.raw_retention_ms = 1'000'000;
    options_.names = {20 + random_() % 1000, kDedupAge, 5 + random_() % 50, 1ULL << 20U,
                      1 + random_() % 4};
    reopen();
  }

  void step() {
    switch (random_() % 17) {
      case 0:
        clock_.advance(static_cast<DurationMs>(random_() % kDedupAge));
        break;
      case 1:
      case 2:
        merge();
        break;
      case 3:
        erase();
        break;
      case 4:
        if (random_() % 3 == 0) reopen();
        break;
      case 5:
        expire();
        break;
      case 6:
        REQUIRE(log_->forget_names());
        break;
      default:
        clock_.advance(static_cast<DurationMs>(random_() % 300));
        append();
    }
  }

  void check() {
    const LogView view(*log_, store_->snapshot());
    REQUIRE(*view.end() == end_);
    REQUIRE(log_->end() == end_);
    ScanRequest request;
    request.interactions = true;
    request.columns = model::ColumnSet::all();
    const auto scan = view.scan(request);
    Block block;
    auto expected = rows_.begin();
    for (;;) {
      const auto more = scan->next(block);
      if (!more) FAIL(more.error().message);
      if (!*more) break;
      for (std::size_t row = 0; row < block.rows.rows(); ++row, ++expected) {
        REQUIRE(expected != rows_.end());
        REQUIRE(block.position(row) == expected->first);
        REQUIRE(test::describe(block.rows, row) == expected->second.text);
      }
    }
    REQUIRE(expected == rows_.end());
    REQUIRE(log_->stats().events + log_->stats().signals == rows_.size());
  }

 private:
  struct Row {
    std::string id;
    std::string text;
    std::string prompt;
    std::string user;
    std::string session;
    TimeMs time_ms;
    TimeMs arrival_ms;
  };

  void reopen() {
    log_.reset();
    if (store_ == nullptr || on_disk_) {
      store_.reset();
      store_ = on_disk_ ? open_disk() : store::open_memory();
    }
    auto opened = EventLog::open(*store_, clock_, options_, quiet_logger(), telemetry_);
    if (!opened) FAIL(opened.error().message);
    log_ = std::move(opened).value();
  }

  std::unique_ptr<store::Store> open_disk() {
    auto opened = store::open_rocks({folder_.file("store"), 128ULL << 10U, 1ULL << 20U, nullptr},
                                    quiet_logger());
    if (!opened) FAIL(opened.error().message);
    return std::move(opened).value();
  }

  std::string some_id() {
    if (!ids_.empty() && random_() % 4 == 0) return ids_[random_() % ids_.size()];
    ids_.push_back((random_() % 8 == 0 ? "odd " : "id-") + std::to_string(random_()));
    return ids_.back();
  }

  /// What the model knows of an id: it counts as long as both windows reach back to it. Blocks
  /// age together, by a few 24ths of the age later, which the model cannot know: then either answer
  /// is right.
  enum class Known { no, yes, perhaps };
  Known known(const std::string& id) const {
    for (auto row = rows_.rbegin(); row != rows_.rend(); ++row) {
      if (row->second.id != id) continue;
      if (end_ - row->first > options_.dedup_ids_max) return Known::no;
      const DurationMs age = clock_.now_ms() - row->second.arrival_ms;
      if (age <= kDedupAge) return Known::yes;
      return age <= kDedupAge + kLater ? Known::perhaps : Known::no;
    }
    return Known::no;
  }

  void append() {
    std::vector<model::ExecutionBatch> batches;
    for (std::uint64_t n = 1 + random_() % 3; n > 0; --n) {
      std::vector<std::string> ids;
      const std::uint64_t size = random_() % 10 == 0 ? random_() % 200 : 1 + random_() % 6;
      for (std::uint64_t i = size; i > 0; --i) ids.push_back(some_id());
      if (ids.empty()) ids.push_back(some_id());
      batches.push_back(test::random_batch(random_, ids, clock_.now_ms()));
    }
    const std::vector<model::ExecutionBatch> given = batches;
    auto appended = log_->append(std::move(batches));
    if (!appended) FAIL(appended.error().message);
    REQUIRE(appended->first == end_);

    // Walk what was given beside what was taken.
    std::size_t taken = 0;
    std::set<std::string> in_this;
    std::map<Position, Row> added;
    for (std::size_t b = 0; b < given.size(); ++b) {
      std::uint32_t accepted = 0;
      for (std::size_t row = 0; row < given[b].rows(); ++row) {
        const std::string id(given[b].ids.at(row));
        const bool repeated = in_this.count(id) > 0;
        const Known before = known(id);
        const bool next = appended->rows != nullptr && taken < appended->rows->rows() &&
                          test::describe(*appended->rows, taken) == test::describe(given[b], row);
        const bool is_new =
            !repeated && (before == Known::no || (before == Known::perhaps && next));
        in_this.insert(id);
        if (!is_new) continue;
        REQUIRE(next);
        added[end_ + taken] = {id,
                               test::describe(given[b], row),
                               std::string(given[b][model::Label::prompt].at(row)),
                               std::string(given[b][model::Label::user].at(row)),
                               std::string(given[b][model::Label::session].at(row)),
                               given[b].time_ms[row],
                               clock_.now_ms()};
        ++taken;
        ++accepted;
      }
      REQUIRE(appended->outcomes[b].accepted == accepted);
      REQUIRE(appended->outcomes[b].duplicates == given[b].rows() - accepted);
    }
    REQUIRE(taken == (appended->rows == nullptr ? 0 : appended->rows->rows()));
    rows_.merge(added);
    end_ += taken;
  }

  void merge() {
    const std::uint64_t blocks = log_->stats().blocks;
    const auto gone = log_->merge_small_blocks();
    REQUIRE(gone);
    REQUIRE(log_->stats().blocks == blocks - *gone);
  }

  void erase() {
    if (rows_.empty()) return;
    auto victim = rows_.begin();
    std::advance(victim, static_cast<long>(random_() % rows_.size()));
    const std::string prompt = victim->second.prompt;
    if (prompt.find_first_of("|*!") != std::string::npos) return;  // would need quoting
    const TimeMs from = victim->second.time_ms - static_cast<TimeMs>(random_() % 100'000);
    const TimeMs to = victim->second.time_ms + static_cast<TimeMs>(random_() % 100'000);
    const Position before = random_() % (end_ + 1);
    model::Filter filter;
    filter.field = "prompt";
    filter.patterns = {prompt};
    std::uint64_t erased = 0;
    for (Position at = 0; at < before;) {
      store::WriteBatch changes;
      const auto part = log_->erase({filter}, from, to, at, before, changes);
      if (!part) FAIL(part.error().message);
      REQUIRE(store_->commit(changes, store::Sync::yes));
      REQUIRE(part->next > at);
      at = part->next;
      erased += part->rows;
    }
    const std::uint64_t gone = std::erase_if(rows_, [&](const auto& entry) {
      const auto& [position, row] = entry;
      return row.prompt == prompt && row.time_ms >= from && row.time_ms < to && position < before;
    });
    REQUIRE(erased == gone);
    if (gone > 0) check_names();
  }

  /// Nobody is named whose events are gone.
  void check_names() {
    for (std::uint64_t left = 1; left > 0;) {
      const auto forgotten = log_->forget_names();
      if (!forgotten) FAIL(forgotten.error().message);
      left = *forgotten;
    }
    std::set<std::string, std::less<>> alive;
    for (const auto& [position, row] : rows_) alive.insert({row.user, row.session});
    NameChunkCodec codec;
    const auto snapshot = store_->snapshot();
    const auto cursor = snapshot->scan(log_->tables().names, "", "");
    for (; cursor->valid(); cursor->next()) {
      const auto chunk = codec.decode(cursor->key(), cursor->value());
      REQUIRE(chunk);
      for (std::size_t i = 0; i < chunk->texts.size(); ++i) {
        REQUIRE(alive.count(chunk->texts.at(i)) == 1);
      }
    }
    REQUIRE(cursor->status());
  }

  void expire() {
    const auto expired = log_->expire(log_->end());
    REQUIRE(expired);
    // Whole blocks go: take from the model what is gone, after looking that it was old enough.
    std::set<Position> left;
    const LogView view(*log_, store_->snapshot());
    ScanRequest all;
    all.interactions = true;
    const auto scan = view.scan(all);
    Block block;
    while (*scan->next(block)) {
      for (std::size_t row = 0; row < block.rows.rows(); ++row) left.insert(block.position(row));
      const bool young = block.arrival_ms >= clock_.now_ms() - kDedupAge - kLater;
      REQUIRE((young || block.max_ms >= clock_.now_ms() - options_.raw_retention_ms));
    }
    std::erase_if(rows_, [&](const auto& entry) {
      if (left.count(entry.first) > 0) return false;
      REQUIRE(entry.second.time_ms < clock_.now_ms() - options_.raw_retention_ms);
      return true;
    });
  }

  std::mt19937_64 random_;
  const bool on_disk_;
  test::TempFolder folder_;
  test::ManualClock clock_;
  telemetry::Registry telemetry_;
  Options options_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<EventLog> log_;

  std::map<Position, Row> rows_;
  Position end_ = 0;
  std::vector<std::string> ids_;
};

void run(std::uint64_t seed, bool on_disk, int steps) {
  CAPTURE(seed, on_disk);
  Model model(seed, on_disk);
  for (int step = 0; step < steps; ++step) {
    CAPTURE(step);
    model.step();
    if (step % 10 == 9) model.check();
  }
}

}  // namespace

TEST_CASE("the log does what a map does, in memory") {
  const std::uint64_t seed = std::random_device{}();
  for (std::uint64_t i = 0; i < 8; ++i) run(seed + i, false, 150);
}

TEST_CASE("the log does what a map does, on disk") { run(std::random_device{}(), true, 150); }
