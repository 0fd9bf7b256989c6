// vitalsctl verify on real folders: what is broken in them is found, named, and mended where the
// log can tell.
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/base/clock.h>
#include <vitals/cli/cli.h>
#include <vitals/events/event_log.h>
#include <vitals/registry/pseudonyms.h>
#include <vitals/series/rollups.h>
#include <vitals/store/folder_lock.h>
#include <vitals/store/keys.h>
#include <vitals/store/rocks.h>

#include "recorded_client.h"
#include "support/event_stream.h"
#include "support/manual_clock.h"
#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::cli;
using nlohmann::json;
using vitals::test::CommandRig;

namespace {

constexpr TimeMs kDay = 1'790'035'200'000;  // a UTC midnight
constexpr std::size_t kRows = 1'000;

template <class Value>
Value need(Result<Value> result) {
  if (!result) FAIL(result.error().message);
  return *std::move(result);
}

/// A folder as a daemon leaves it: six blocks over three days, folded, the days made.
class Folder {
 public:
  Folder() {
    std::ofstream(config()) << "retention: {raw: 30d}\n";
    const Opened opened(path());
    REQUIRE(registry::Pseudonyms::open(key(), kDay));
    test::EventStream stream(7, kDay, 3 * kDayMs / (6 * kRows));
    for (int i = 0; i < 6; ++i) {
      std::vector<model::ExecutionBatch> batches;
      batches.push_back(stream.next(kRows));
      if (i == 0) first_id_ = batches.front().ids.at(0);
      auto appended = opened.log->append(std::move(batches));
      REQUIRE(appended);
      REQUIRE(opened.rollups->fold({{appended->rows}}, opened.log->end()));
    }
    REQUIRE(opened.rollups->make_days());
  }

  /// Opened as by a daemon whose retention is the default.
  struct Opened {
    explicit Opened(const std::string& path)
        : store(need(store::open_rocks({path + "/store"}, quiet_logger()))),
          log(need(events::EventLog::open(*store, clock, {}, quiet_logger(), telemetry))),
          rollups(need(series::Rollups::open(*store, clock, {}, quiet_logger(), telemetry))) {}

    telemetry::Registry telemetry;
    test::ManualClock clock{kDay + 3 * kDayMs};
    std::unique_ptr<store::Store> store;
    std::unique_ptr<events::EventLog> log;
    std::unique_ptr<series::Rollups> rollups;
  };

  /// Commits a change behind the daemon's back.
  template <class Change>
  void damage(const Change& change) const {
    const auto store = need(store::open_rocks({path() + "/store"}, quiet_logger()));
    store::WriteBatch changes;
    change(*store, changes);
    REQUIRE(store->commit(changes, store::Sync::yes));
  }

  struct Verified {
    int status = 0;
    json document;
    std::string faults() const {
      std::string text;
      for (const json& fault : document.at("faults")) text += fault.get<std::string>() + "\n";
      return text;
    }
  };
  Verified verify(bool rebuild = false) const {
    CommandRig rig;
    rig.session.json = true;
    Verified verified;
    verified.status = cli::verify(rig.session, {path(), rebuild ? config() : "", rebuild});
    CAPTURE(rig.err.str());
    verified.document = json::parse(rig.out.str());
    return verified;
  }
  /// All is well, in every cell too.
  void require_sound() const {
    const Verified verified = verify();
    CAPTURE(verified.faults());
    REQUIRE(verified.status == kDone);
    REQUIRE(verified.document.at("events") == 6 * kRows);
    REQUIRE(verified.document.at("not_checked").empty());
  }

  std::string path() const { return folder_.file("data"); }
  std::string key() const { return path() + "/pseudonym.key"; }
  std::string config() const { return folder_.file("vitals.yaml"); }
  /// Of the first event.
  const std::string& first_id() const { return first_id_; }

 private:
  test::TempFolder folder_;
  std::string first_id_;
};

std::string position(std::uint64_t first) {
  std::string key;
  store::put_u64(key, first);
  return key;
}

/// The first key of the table at or after one, and its value.
std::pair<std::string, std::string> find(store::Store& store, const char* table,
                                         const std::string& from) {
  const auto snapshot = store.snapshot();
  const auto cursor = snapshot->scan(*store.table(table), from, {});
  REQUIRE(cursor->valid());
  return {std::string(cursor->key()), std::string(cursor->value())};
}

const std::string kHours(1, '\1');

}  // namespace

TEST_CASE("of a sound folder every block and cell is checked, and nothing is changed") {
  const Folder folder;
  folder.require_sound();
  const auto verified = folder.verify();
  CHECK(verified.document.at("blocks") == 6);
  CHECK(verified.document.at("cells") > 3 * kRows);
  CHECK(verified.document.at("chunks") > 10);
}

TEST_CASE("a block with a flipped bit is named, its days are not touched, the others are checked") {
  const Folder folder;
  const std::size_t bit = GENERATE(0U, 12U, 500U, 5000U);
  folder.damage([bit](store::Store& store, store::WriteBatch& changes) {
    auto [key, bytes] = find(store, "event_blocks", position(2 * kRows));
    REQUIRE(bit < bytes.size());
    bytes[bit] = static_cast<char>(bytes[bit] ^ 1);
    changes.put(*store.table("event_blocks"), key, bytes);
  });
  for (const bool rebuild : {false, true}) {
    const auto verified = folder.verify(rebuild);
    CHECK(verified.status == kFailed);
    CHECK(verified.document.at("faults").size() == 1);
    CHECK_THAT(verified.faults(), Catch::StartsWith("event block 2000: "));
    CHECK(verified.document.at("events") == 5 * kRows);
    CHECK(verified.document.at("not_checked").size() == 1);
  }
}

TEST_CASE("a missing block is named") {
  const Folder folder;
  folder.damage([](store::Store& store, store::WriteBatch& changes) {
    changes.erase(*store.table("event_blocks"), position(3 * kRows));
  });
  const auto verified = folder.verify();
  CHECK(verified.status == kFailed);
  CHECK(verified.faults() == "event block 3000: it is missing\n");
}

TEST_CASE("an index that is wrong about a block, or lacks it, is mended from the block") {
  const Folder folder;
  const bool lacking = GENERATE(true, false);
  folder.damage([lacking](store::Store& store, store::WriteBatch& changes) {
    const auto [key, entry] = find(store, "event_index", position(kRows));
    if (lacking) {
      changes.erase(*store.table("event_index"), key);
    } else {
      std::string other = entry;
      other.back() = static_cast<char>(other.back() ^ 1);
      changes.put(*store.table("event_index"), key, other);
    }
  });
  const auto verified = folder.verify();
  CHECK(verified.status == kFailed);
  CHECK_THAT(verified.faults(), Catch::StartsWith("event block 1000: "));
  CHECK(folder.verify(true).status == kDone);
  folder.require_sound();
}

TEST_CASE("an id that is there twice within the time that ids are remembered is named") {
  const Folder folder;
  {
    Folder::Opened opened(folder.path());
    events::Options forgetful;
    forgetful.dedup_age_ms = 1;
    opened.clock.advance(10);
    const auto log = need(events::EventLog::open(*opened.store, opened.clock, forgetful,
                                                 quiet_logger(), opened.telemetry));
    std::vector<model::ExecutionBatch> batches;
    batches.push_back(test::EventStream(9, kDay).next(1));
    batches.front().ids = {};
    batches.front().ids.push_back(folder.first_id());
    REQUIRE(need(log->append(std::move(batches))).outcomes.front().accepted == 1);
  }
  const auto verified = folder.verify();
  CHECK(verified.status == kFailed);
  CHECK_THAT(verified.faults(), Catch::StartsWith("events 0 and 6000 have one id"));
}

TEST_CASE("a chunk of cells that is missing, damaged or not listed is named and made again") {
  const Folder folder;
  const std::string table = GENERATE("cells", "cell_directory", "damaged");
  CAPTURE(table);
  folder.damage([&table](store::Store& store, store::WriteBatch& changes) {
    auto [key, bytes] = find(store, "cells", kHours);
    if (table != "damaged") return changes.erase(*store.table(table), key);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    changes.put(*store.table("cells"), key, bytes);
  });
  const auto verified = folder.verify();
  CHECK(verified.status == kFailed);
  CHECK_THAT(verified.faults(), Catch::StartsWith("1h cells of 2026-09-22T00:00:00.000Z, run "));
  const auto mended = folder.verify(true);
  CAPTURE(mended.faults());
  CHECK(mended.status == kDone);
  folder.require_sound();
}

TEST_CASE("cells that are whole but wrong are named by bucket and series, and made again") {
  const Folder folder;
  {
    Folder::Opened opened(folder.path());
    test::EventStream stream(8, kDay + 5'000'000, 1);
    const auto twice = std::make_shared<const model::ExecutionBatch>(stream.next(1));
    REQUIRE(opened.rollups->fold({{twice}}, opened.rollups->watermark()));
  }
  const auto verified = folder.verify();
  CHECK(verified.status == kFailed);
  CHECK(verified.document.at("faults").size() == 3);
  CHECK_THAT(verified.faults(), Catch::StartsWith("1m cell of 2026-09-22T01:23:00.000Z, prompt="));
  CHECK_THAT(verified.faults(), Catch::Contains("as the log has"));
  CHECK_THAT(verified.faults(), Catch::Contains("1d cell of 2026-09-22T00:00:00.000Z, prompt="));
  CHECK(folder.verify(true).status == kDone);
  folder.require_sound();
}

TEST_CASE("without its series or its progress everything is folded anew while the log is whole") {
  const Folder folder;
  const std::string table = GENERATE("series", "cell_state");
  CAPTURE(table);
  folder.damage([&table](store::Store& store, store::WriteBatch& changes) {
    changes.put(*store.table(table),
                table == "series" ? find(store, "series", "").first : "progress", "\x7f damaged");
  });
  CHECK(folder.verify().status == kFailed);
  const auto mended = folder.verify(true);
  CAPTURE(mended.faults());
  CHECK(mended.status == kDone);
  folder.require_sound();
}

TEST_CASE("cells of days whose events are gone are held against each other, and stay") {
  const Folder folder;
  {
    Folder::Opened opened(folder.path());
    opened.clock.set(kDay + 32 * kDayMs);  // the first day is past raw retention
    REQUIRE(opened.log->expire(opened.log->end()));
  }
  const auto verified = folder.verify();
  CAPTURE(verified.faults());
  CHECK(verified.status == kDone);
  CHECK(verified.document.at("not_checked").size() == 2);

  folder.damage([](store::Store& store, store::WriteBatch& changes) {
    changes.erase(*store.table("cell_directory"), find(store, "cell_directory", kHours).first);
  });
  CHECK(folder.verify().status == kFailed);
  CHECK(folder.verify(true).status == kDone);  // the chunk itself tells

  folder.damage([](store::Store& store, store::WriteBatch& changes) {
    changes.erase(*store.table("cells"), find(store, "cells", kHours).first);
  });
  const auto damaged = folder.verify(true);
  CHECK(damaged.status == kFailed);
  CHECK(damaged.document.at("faults").size() >= 1);
}

TEST_CASE("where retention has taken people out of events, their numbers are not checked") {
  const Folder folder;
  {
    Folder::Opened opened(folder.path());
    store::WriteBatch changes;
    opened.clock.advance(3 * kDayMs);  // until no id is remembered
    const TimeMs older_than = kDay + kDayMs + kDayMs / 24;
    const auto none = [](TimeMs, TimeMs) { return false; };
    const auto same = [](std::string_view id) { return std::string(id); };
    const auto done = opened.log->anonymize_old(older_than, {}, same, none, 0, 6 * kRows, changes);
    REQUIRE(done);
    CHECK(done->rows == 2 * kRows);
    REQUIRE(opened.store->commit(changes, store::Sync::yes));
  }
  const auto verified = folder.verify();
  CAPTURE(verified.faults());
  CHECK(verified.status == kDone);
  CHECK(verified.document.at("events") == 6 * kRows);
  REQUIRE_FALSE(verified.document.at("not_checked").empty());
  CHECK_THAT(verified.document.at("not_checked")[0].get<std::string>(),
             Catch::Contains("how many users and sessions"));
}

TEST_CASE("a key that is missing or cut off is named") {
  const Folder folder;
  std::filesystem::resize_file(folder.key(), 2);
  CHECK_THAT(folder.verify().faults(),
             Catch::Contains("pseudonym.key: the pseudonym key file is damaged"));
  std::filesystem::remove(folder.key());
  CHECK_THAT(folder.verify().faults(), Catch::Contains("pseudonym.key is missing"));
  // Where the configuration names another, that is the one.
  std::ofstream(folder.config()) << "privacy: {key_file: other.key}\n";
  CHECK_THAT(folder.verify(true).faults(), Catch::Contains("pseudonym.key is missing"));
  REQUIRE(registry::Pseudonyms::open(
      std::filesystem::path(folder.config()).replace_filename("other.key").string(), kDay));
  CHECK(folder.verify(true).status == kDone);
}

TEST_CASE("without the daemon's configuration nothing is rebuilt") {
  const Folder folder;
  CommandRig rig;
  CHECK(cli::verify(rig.session, {folder.path(), "", true}) == kFailed);
  CHECK_THAT(rig.err.str(), Catch::Contains("give its --config"));
}

TEST_CASE("a bit flipped in a file of the store is found") {
  const Folder folder;
  std::filesystem::path largest;
  for (const auto& file : std::filesystem::directory_iterator(folder.path() + "/store")) {
    if (file.path().extension() != ".sst") continue;
    if (largest.empty() || file.file_size() > std::filesystem::file_size(largest)) {
      largest = file.path();
    }
  }
  REQUIRE_FALSE(largest.empty());
  {
    std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(1000);
    const auto byte = static_cast<char>(file.get() ^ 1);
    file.seekp(1000);
    file.put(byte);
  }
  const auto verified = folder.verify();
  CHECK(verified.status == kFailed);
}

TEST_CASE("what is no data folder, or is in use, is not verified") {
  const Folder folder;
  CommandRig rig;
  CHECK(verify(rig.session, {folder.path() + "/none", "", false}) == kFailed);
  CHECK_THAT(rig.err.str(), Catch::Contains("is no data folder"));
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/none"));
  const auto held = store::FolderLock::take(folder.path());
  CHECK(verify(rig.session, {folder.path(), "", false}) == kFailed);
  CHECK_THAT(rig.err.str(), Catch::Contains("in use by another vitalsd"));
}
