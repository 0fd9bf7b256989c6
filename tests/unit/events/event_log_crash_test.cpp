// The event log over power cuts, full disks and damaged blocks.
#include <map>
#include <random>
#include <thread>

#include <catch2/catch.hpp>

#include <vitals/events/event_log.h>
#include <vitals/events/log_view.h>
#include <vitals/store/keys.h>
#include <vitals/store/memory.h>
#include <vitals/store/rocks.h>

#include "support/faulty_file_system.h"
#include "support/manual_clock.h"
#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::events;
using test::FaultyFileSystem;

namespace {

struct Daemon {
  test::TempFolder folder;
  test::FaultyEnv faulty;
  test::ManualClock clock;
  telemetry::Registry telemetry;
  Options options;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<EventLog> log;

  Daemon() { options.names.together = 2; }

  void start() {
    auto opened = store::open_rocks(
        {folder.file("store"), 64ULL << 10U, 1ULL << 20U, faulty.env.get()}, quiet_logger());
    if (!opened) FAIL(opened.error().message);
    store = std::move(opened).value();
    auto made = EventLog::open(*store, clock, options, quiet_logger(), telemetry);
    if (!made) FAIL(made.error().message);
    log = std::move(made).value();
  }
  void stop() {
    log.reset();
    store.reset();
    faulty.files->restart();
    faulty.files->end_faults();
  }

  Result<Appended> append(const std::vector<std::string>& ids) const {
    std::vector<model::ExecutionBatch> batches(1);
    for (const std::string& id : ids) {
      batches[0].ids.push_back(id);
      batches[0].time_ms.push_back(clock.now_ms());
      batches[0].outcome.push_back(0);
      auto& user = batches[0][model::Label::user];
      user.codes.push_back(user.dictionary.intern(user_of(id)));
    }
    return log->append(std::move(batches));
  }

  /// One of a hundred.
  static std::string user_of(std::string_view id) {
    return "user " + std::string(id.substr(id.size() - 2));
  }

  /// How often each id is there; every block must be whole and positions unique.
  std::map<std::string, int> ids() const {
    std::map<std::string, int> found;
    std::map<Position, int> positions;
    const LogView view(*log, store->snapshot());
    ScanRequest request;
    request.interactions = true;
    request.columns = model::ColumnSet::all();
    const auto scan = view.scan(request);
    Block block;
    for (;;) {
      const auto more = scan->next(block);
      if (!more) FAIL(more.error().message);
      if (!*more) break;
      for (std::size_t row = 0; row < block.rows.rows(); ++row) {
        ++found[std::string(block.rows.ids.at(row))];
        REQUIRE(++positions[block.position(row)] == 1);
        REQUIRE(block.position(row) < log->end());
        REQUIRE(block.rows[model::Label::user].at(row) == user_of(block.rows.ids.at(row)));
      }
    }
    return found;
  }
};

std::vector<std::string> new_ids(std::mt19937_64& random, std::uint64_t count) {
  std::vector<std::string> ids;
  for (; count > 0; --count) ids.push_back("id-" + std::to_string(random()));
  return ids;
}

}  // namespace

TEST_CASE("whatever was acknowledged is there exactly once after power cuts and retries") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  Daemon daemon;
  daemon.options.block_rows = 50;
  std::vector<std::string> acknowledged;
  for (int life = 0; life < 12; ++life) {
    CAPTURE(life);
    daemon.start();
    const auto before = daemon.ids();
    REQUIRE(before.size() == acknowledged.size());
    for (const std::string& id : acknowledged) REQUIRE(before.count(id) == 1);
    for (const auto& [id, count] : before) REQUIRE(count == 1);

    for (std::uint64_t i = random() % 30; i > 0; --i) {
      const auto ids = new_ids(random, 1 + random() % 20);
      REQUIRE(daemon.append(ids));
      acknowledged.insert(acknowledged.end(), ids.begin(), ids.end());
      if (random() % 4 == 0) REQUIRE(daemon.log->merge_small_blocks());
      if (random() % 8 == 0) REQUIRE(daemon.log->forget_names());
    }
    // A client that lost its answer sends again.
    for (int resent = 0; resent < 5 && !acknowledged.empty(); ++resent) {
      const auto again = daemon.append({acknowledged[random() % acknowledged.size()]});
      REQUIRE(again);
      CHECK(again->outcomes[0].duplicates == 1);
    }
    daemon.faulty.files->crash(random() % 2 == 0 ? &random : nullptr);
    daemon.stop();
  }
}

TEST_CASE("a refused append takes nothing, and its retry counts once") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  Daemon daemon;
  daemon.options.block_rows = 10;  // so that an append is several blocks
  std::vector<std::string> acknowledged;
  for (int life = 0; life < 4; ++life) {
    daemon.start();
    for (int round = 0; round < 10; ++round) {
      CAPTURE(life, round);
      const auto ids = new_ids(random, 1 + random() % 60);
      daemon.faulty.files->fail_writes_after(random() % 3, FaultyFileSystem::Fault::no_space);
      const Position end = daemon.log->end();
      auto appended = daemon.append(ids);
      if (!appended) {
        CHECK(appended.error().code == Errc::resource_exhausted);
        CHECK(daemon.log->end() == end);
        CHECK(daemon.ids().size() == acknowledged.size());
        daemon.faulty.files->end_faults();
        // Something shorter comes first, once the store has noticed, then the retry.
        const auto other = new_ids(random, 1);
        while (!(appended = daemon.append(other))) {
          REQUIRE(appended.error().code == Errc::resource_exhausted);
          std::this_thread::yield();
        }
        acknowledged.push_back(other[0]);
        appended = daemon.append(ids);
      }
      if (!appended) FAIL(appended.error().message);
      CHECK(appended->outcomes[0].accepted == ids.size());
      acknowledged.insert(acknowledged.end(), ids.begin(), ids.end());
      daemon.faulty.files->end_faults();
    }
    daemon.faulty.files->crash();
    daemon.stop();
    daemon.start();
    const auto found = daemon.ids();
    CHECK(found.size() == acknowledged.size());
    for (const auto& [id, count] : found) CHECK(count == 1);
    daemon.stop();
  }
}

TEST_CASE("a damaged tail is cut back to the last whole block, once") {
  test::ManualClock clock;
  telemetry::Registry telemetry;
  const auto store = store::open_memory();
  const auto open = [&] {
    auto opened = EventLog::open(*store, clock, Options{}, quiet_logger(), telemetry);
    if (!opened) FAIL(opened.error().message);
    return std::move(opened).value();
  };
  const auto append = [&](EventLog& log, const std::string& id) {
    std::vector<model::ExecutionBatch> batches(1);
    batches[0].ids.push_back(id);
    batches[0].time_ms.push_back(clock.now_ms());
    batches[0].outcome.push_back(0);
    auto appended = log.append(std::move(batches));
    REQUIRE(appended);
    return std::move(appended).value();
  };
  const auto damage = [&](EventLog& log, Position first, bool whole) {
    std::string key;
    store::put_u64(key, first);
    store::WriteBatch changes;
    if (whole) {
      changes.erase(log.tables().blocks, key);
    } else {
      std::string bytes = **store->snapshot()->get(log.tables().blocks, key);
      bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
      changes.put(log.tables().blocks, key, bytes);
    }
    REQUIRE(store->commit(changes, store::Sync::yes));
  };
  auto log = open();
  for (const char* id : {"a", "b", "c", "d"}) append(*log, id);

  SECTION("at the end") {
    damage(*log, 3, false);
    damage(*log, 2, true);
    log = open();
    CHECK(log->stats().events == 2);
    CHECK(log->end() == 4);  // not given again
    CHECK(append(*log, "d").first == 4);
    CHECK(append(*log, "b").outcomes[0].duplicates == 1);
    log = open();
    CHECK(log->stats().events == 3);
  }
  SECTION("in the middle it stays, and is named") {
    damage(*log, 1, false);
    log = open();
    CHECK(log->stats().events == 4);
    const LogView view(*log, store->snapshot());
    const auto scan = view.scan(ScanRequest{});
    Block block;
    CHECK(*scan->next(block));
    ScanRequest request;
    request.columns = model::ColumnSet::all();
    const auto all = view.scan(request);
    CHECK(*all->next(block));
    const auto damaged = all->next(block);
    REQUIRE_FALSE(damaged);
    CHECK(damaged.error().code == Errc::corruption);
    CHECK_THAT(damaged.error().message, Catch::Contains("block 1"));
  }
  SECTION("everything") {
    for (Position first = 0; first < 4; ++first) damage(*log, first, first % 2 == 0);
    log = open();
    CHECK(log->stats().events == 0);
    CHECK(append(*log, "a").first == 4);
  }
}
