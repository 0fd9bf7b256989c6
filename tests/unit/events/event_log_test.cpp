#include <algorithm>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/events/event_log.h>
#include <vitals/events/log_view.h>
#include <vitals/store/memory.h>
#include <vitals/store/rocks.h>

#include "support/faulty_file_system.h"
#include "support/manual_clock.h"
#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::events;

namespace {

using Ids = std::vector<std::string>;

struct Fixture {
  std::unique_ptr<store::Store> store = store::open_memory();
  test::ManualClock clock;
  telemetry::Registry telemetry;
  Options options;
  std::unique_ptr<EventLog> log;

  Fixture() { reopen(); }

  void reopen() {
    log.reset();
    auto opened = EventLog::open(*store, clock, options, quiet_logger(), telemetry);
    if (!opened) FAIL(opened.error().message);
    log = std::move(opened).value();
  }

  model::ExecutionBatch batch(const Ids& ids, TimeMs time_ms = 0) const {
    model::ExecutionBatch rows;
    for (const std::string& id : ids) {
      rows.ids.push_back(id);
      rows.time_ms.push_back(time_ms != 0 ? time_ms : clock.now_ms());
      rows.outcome.push_back(0);
      auto& user = rows[model::Label::user];
      user.codes.push_back(user.dictionary.intern(id.substr(0, 1)));
    }
    return rows;
  }

  Appended append(const std::vector<Ids>& groups, TimeMs time_ms = 0) {
    std::vector<model::ExecutionBatch> batches;
    for (const Ids& ids : groups) batches.push_back(batch(ids, time_ms));
    auto appended = log->append(std::move(batches));
    if (!appended) FAIL(appended.error().message);
    return std::move(appended).value();
  }
  Appended add(const Ids& ids, TimeMs time_ms = 0) {
    return append(std::vector<Ids>{ids}, time_ms);
  }

  LogView view() const { return LogView(*log, store->snapshot()); }

  /// "position:id" of everything in the log.
  Ids contents(const ScanRequest& request = everything()) const {
    Ids found;
    const LogView now = view();
    const auto scan = now.scan(request);
    Block block;
    for (;;) {
      const Result<bool> more = scan->next(block);
      if (!more) FAIL(more.error().message);
      if (!*more) return found;
      for (std::size_t row = 0; row < block.rows.rows(); ++row) {
        found.push_back(std::to_string(block.position(row)) + ":" +
                        std::string(block.rows.ids.at(row)));
      }
    }
  }

  static ScanRequest everything() {
    ScanRequest request;
    request.columns = model::ColumnSet::all();
    return request;
  }

  Erased erase_user(const std::string& user, Position before = std::numeric_limits<Position>::max(),
                    Position first = 0) {
    store::WriteBatch changes;
    auto erased = log->erase({*model::parse_filter("user:" + user)}, 0,
                             std::numeric_limits<TimeMs>::max(), first, before, changes);
    if (!erased) FAIL(erased.error().message);
    REQUIRE(store->commit(changes, store::Sync::yes));
    return *erased;
  }
  /// Takes users out of positions [first, before).
  Anonymized forget_users(const model::Persons::Names& users, Position first, Position before) {
    store::WriteBatch changes;
    auto done = log->anonymize({users, {}}, disguise, first, before, changes);
    if (!done) FAIL(done.error().message);
    REQUIRE(store->commit(changes, store::Sync::yes));
    return *done;
  }
  static std::string disguise(std::string_view id) { return "x" + std::to_string(id.size()); }
  static bool nobody_spares(TimeMs, TimeMs) { return false; }
  Anonymized forget_people(TimeMs older_than, Position first = 0) {
    store::WriteBatch changes;
    auto done =
        log->anonymize_old(older_than, {}, disguise, nobody_spares, first, log->end(), changes);
    if (!done) FAIL(done.error().message);
    REQUIRE(store->commit(changes, store::Sync::yes));
    return *done;
  }
};

}  // namespace

TEST_CASE("events get positions in order and are found again") {
  Fixture f;
  CHECK(f.log->end() == 0);
  CHECK(*f.view().end() == 0);
  const Appended one = f.append({{"a1", "b1"}, {"c1"}});
  CHECK(one.first == 0);
  REQUIRE(one.rows != nullptr);
  CHECK(one.rows->rows() == 3);
  CHECK(f.add({"d1"}).first == 3);
  CHECK(f.log->end() == 4);
  CHECK(*f.view().end() == 4);
  CHECK(f.contents() == Ids{"0:a1", "1:b1", "2:c1", "3:d1"});

  const auto found = f.view().find("c1");
  REQUIRE(found);
  REQUIRE(found->has_value());
  CHECK((*found)->block.position((*found)->row) == 2);
  CHECK((*found)->block.rows[model::Label::user].at((*found)->row) == "c");
  CHECK_FALSE(f.view().find("nobody")->has_value());
}

TEST_CASE("duplicates are dropped: in a batch, between batches, and in the log") {
  Fixture f;
  const Appended first = f.append({{"a", "b", "a"}, {"b", "c"}});
  REQUIRE(first.outcomes.size() == 2);
  CHECK(first.outcomes[0].accepted == 2);
  CHECK(first.outcomes[0].duplicates == 1);
  CHECK(first.outcomes[1].accepted == 1);
  CHECK(first.outcomes[1].duplicates == 1);

  const Appended again = f.add({"c", "b", "a"});
  CHECK(again.outcomes[0].duplicates == 3);
  CHECK(again.rows == nullptr);
  CHECK(f.log->end() == 3);

  f.reopen();
  CHECK(f.add({"c", "d"}).outcomes[0].duplicates == 1);
  CHECK(f.contents() == Ids{"0:a", "1:b", "2:c", "3:d"});
  CHECK(f.log->stats().dedup_ids == 4);
}

TEST_CASE("ids are forgotten by age of arrival") {
  Fixture f;
  f.options.dedup_age_ms = 1000;
  f.reopen();
  f.add({"a"});
  f.clock.advance(1000);
  CHECK(f.add({"a"}).outcomes[0].duplicates == 1);
  f.clock.advance(1);
  const bool restart = GENERATE(false, true);
  if (restart) f.reopen();
  CHECK(f.add({"a"}).outcomes[0].accepted == 1);
  CHECK(f.add({"a"}).outcomes[0].duplicates == 1);
}

TEST_CASE("ids are forgotten by count of newer ones") {
  Fixture f;
  f.options.dedup_ids_max = 3;
  f.reopen();
  f.add({"a", "b", "c"});
  CHECK(f.add({"a"}).outcomes[0].duplicates == 1);
  f.add({"d"});
  const bool restart = GENERATE(false, true);
  if (restart) f.reopen();
  CHECK(f.add({"b", "c", "d"}).outcomes[0].duplicates == 3);
  CHECK(f.add({"a"}).outcomes[0].accepted == 1);
  CHECK(f.log->stats().dedup_ids == 3);
  CHECK(f.log->stats().dedup_since_ms > f.clock.now_ms() - f.options.dedup_age_ms);
}

TEST_CASE("a large append becomes several blocks in one commit") {
  Fixture f;
  f.options.block_rows = 10;
  f.reopen();
  Ids ids;
  for (int i = 0; i < 55; ++i) ids.push_back("e" + std::to_string(i));
  CHECK(f.add(ids).rows->rows() == 55);
  CHECK(f.log->stats().blocks == 3);
  CHECK(f.contents().size() == 55);
  CHECK(f.contents().back() == "54:e54");
}

TEST_CASE("a batch without ids or outcomes is refused") {
  Fixture f;
  model::ExecutionBatch bare;
  bare.time_ms = {1};
  std::vector<model::ExecutionBatch> batches{bare};
  const auto appended = f.log->append(std::move(batches));
  REQUIRE_FALSE(appended);
  CHECK(appended.error().code == Errc::invalid_argument);
  CHECK(f.log->end() == 0);
}

TEST_CASE("scans prune by time and position and give whole blocks") {
  Fixture f;
  for (int i = 0; i < 4; ++i) {
    f.add({"x" + std::to_string(2 * i), "x" + std::to_string(2 * i + 1)}, 1000 * (i + 1));
  }
  ScanRequest request = Fixture::everything();
  request.from_ms = 2000;
  request.to_ms = 3000;
  CHECK(f.contents(request) == Ids{"2:x2", "3:x3"});
  request = Fixture::everything();
  request.first = 3;  // in the middle of a block
  request.end = 5;
  CHECK(f.contents(request) == Ids{"2:x2", "3:x3", "4:x4", "5:x5"});
  request.first = 8;
  request.end = 100;
  CHECK(f.contents(request).empty());
  const auto blocks = f.view().blocks(Fixture::everything());
  REQUIRE(blocks);
  REQUIRE(blocks->size() == 4);
  CHECK((*blocks)[1].first == 2);
  CHECK((*blocks)[1].rows == 2);
  CHECK((*blocks)[1].min_ms == 2000);
  CHECK(f.view().read(2, model::ColumnSet::all())->rows.ids.at(0) == "x2");
  CHECK(f.view().read(3, model::ColumnSet::all()).error().code == Errc::not_found);
}

TEST_CASE("small blocks are merged, and everything stays as it was") {
  Fixture f;
  f.options.block_rows = 20;
  f.reopen();
  for (int i = 0; i < 100; ++i) f.add({"e" + std::to_string(i)});
  const Ids before = f.contents();
  const auto old_view = f.view();
  std::uint64_t merged = 0;
  for (;;) {
    const auto gone = f.log->merge_small_blocks();
    REQUIRE(gone);
    if (*gone == 0) break;
    merged += *gone;
  }
  CHECK(f.log->stats().blocks == 100 - merged);
  CHECK(f.log->stats().blocks < 20);
  CHECK(f.log->stats().events == 100);
  CHECK(f.contents() == before);
  CHECK(old_view.blocks(Fixture::everything())->size() == 100);
  CHECK(f.add({"e7"}).outcomes[0].duplicates == 1);
  f.reopen();
  CHECK(f.add({"e8"}).outcomes[0].duplicates == 1);
  CHECK(f.contents() == before);
}

TEST_CASE("blocks of different hours of arrival stay apart") {
  Fixture f;
  for (int hour = 0; hour < 30; ++hour) {
    f.add({"e" + std::to_string(hour)});
    f.clock.advance(3'600'000);
  }
  CHECK(*f.log->merge_small_blocks() == 0);
  CHECK(f.log->stats().blocks == 30);
}

TEST_CASE("blocks whose newest event is too old expire; positions do not come back") {
  Fixture f;
  f.options.dedup_age_ms = 1'000;
  f.options.raw_retention_ms = 10'000;
  f.reopen();
  const TimeMs now = f.clock.now_ms();
  f.add({"a"}, now - 9'000);
  f.add({"b"}, now - 5'000);
  f.add({"c"}, now - 9'500);
  CHECK(*f.log->expire(f.log->end()) == 0);
  f.clock.advance(2'000);
  const auto old_view = f.view();
  CHECK(*f.log->expire(f.log->end()) == 2);
  CHECK(f.contents() == Ids{"1:b"});
  CHECK(f.log->begin() == 1);
  f.clock.advance(10'000);
  CHECK(*f.log->expire(f.log->end()) == 1);
  CHECK(f.contents().empty());
  CHECK(f.log->end() == 3);
  CHECK(*f.view().end() == 3);
  f.reopen();
  CHECK(f.log->end() == 3);
  CHECK(f.add({"d"}).first == 3);
}

TEST_CASE("old blocks stay until the cells hold them and their ids are forgotten") {
  Fixture f;
  f.options.raw_retention_ms = 10'000;
  f.options.dedup_age_ms = 60'000;
  f.reopen();
  f.add({"a"}, f.clock.now_ms() - 20'000);
  CHECK(*f.log->expire(f.log->end()) == 0);
  CHECK(f.add({"a"}).outcomes[0].duplicates == 1);
  f.clock.advance(61'000);
  CHECK(*f.log->expire(0) == 0);
  CHECK(*f.log->expire(f.log->end()) == 1);
}

TEST_CASE("a clock that is set on forgets no ids") {
  Fixture f;
  f.add({"a"});
  f.clock.jump(40LL * 86'400'000);
  CHECK(f.add({"a", "b"}).outcomes[0].duplicates == 1);
  f.clock.jump(-80LL * 86'400'000);
  CHECK(f.add({"a", "b"}).outcomes[0].duplicates == 2);
  f.clock.advance(f.options.dedup_age_ms);
  CHECK(f.add({"b"}).outcomes[0].duplicates == 1);
}

/// Checks that nothing is dropped before the commit that led to it is on the disk: a drop survives
/// a power cut.
class SyncedDrops final : public store::Store {
 public:
  explicit SyncedDrops(std::unique_ptr<store::Store> inner) : inner_(std::move(inner)) {}
  Result<store::Table> table(std::string_view name) override { return inner_->table(name); }
  Status commit(const store::WriteBatch& batch, store::Sync sync) override {
    last_sync_ = sync;
    return inner_->commit(batch, sync);
  }
  std::shared_ptr<const store::Snapshot> snapshot() const override { return inner_->snapshot(); }
  Status drop(store::Table table, std::string_view begin, std::string_view end) override {
    CHECK(last_sync_ == store::Sync::yes);
    ++drops;
    return inner_->drop(table, begin, end);
  }
  Status checkpoint(const std::string& folder) override { return inner_->checkpoint(folder); }
  store::Usage usage() const override { return inner_->usage(); }
  const store::RecoveryReport& recovery() const override { return inner_->recovery(); }

  int drops = 0;

 private:
  std::unique_ptr<store::Store> inner_;
  store::Sync last_sync_ = store::Sync::no;
};

TEST_CASE("the index of expired blocks is gone from the disk before they are dropped") {
  Fixture f;
  f.log.reset();
  auto synced = std::make_unique<SyncedDrops>(std::move(f.store));
  const SyncedDrops& seen = *synced;
  f.store = std::move(synced);
  f.reopen();
  f.add({"a"});
  f.clock.advance(1'000);
  f.add({"b"});
  f.clock.advance(f.options.raw_retention_ms);
  CHECK(*f.log->expire(f.log->end()) == 1);
  CHECK(seen.drops == 1);
}

TEST_CASE("a longer retention does not claim what a shorter one has dropped") {
  Fixture f;
  f.options.dedup_age_ms = 1'000;
  f.options.raw_retention_ms = 10'000;
  f.reopen();
  const TimeMs start = f.clock.now_ms();
  CHECK(f.log->kept_since(start) == start - 10'000);
  f.add({"a"}, start - 9'000);
  f.add({"b"}, start - 5'000);
  f.clock.advance(2'000);
  CHECK(*f.log->expire(f.log->end()) == 1);
  CHECK(f.log->kept_since(start) == start - 8'999);

  f.options.raw_retention_ms = 100'000;
  f.reopen();
  CHECK(f.log->kept_since(start + 2'000) == start - 8'999);
  CHECK(f.log->kept_since(start + 200'000) == start + 100'000);
  f.options.raw_retention_ms = kForever;
  f.reopen();
  CHECK(f.log->kept_since(start + 200'000) == start - 8'999);
}

TEST_CASE("rows that were just appended can be had without reading them, once and in order") {
  Fixture f;
  f.add({"a1", "a2"});
  f.add({"a2", "b1"});  // one of them is known
  f.add({"c1"});
  CHECK(f.log->take_recent(1) == nullptr);
  CHECK(f.log->take_recent(0) == nullptr);  // forgotten with the call before
  const auto second = f.log->take_recent(2);
  REQUIRE(second != nullptr);
  CHECK(second->ids.at(0) == "b1");
  CHECK(f.log->take_recent(2) == nullptr);
  f.reopen();
  CHECK(f.log->take_recent(3) == nullptr);
  f.add({"a3", "d1"});
  f.erase_user("a");
  CHECK(f.log->take_recent(4) == nullptr);
  CHECK(f.contents() == Ids{"2:b1", "3:c1", "5:d1"});
}

TEST_CASE("erased rows are gone, their neighbours keep their positions, their ids may come again") {
  Fixture f;
  f.add({"a1", "b1", "a2", "c1"}, 1000);
  f.add({"a3", "a4"}, 2000);
  f.add({"a5"}, 3000);
  const Erased erased = f.erase_user("a", 6);
  CHECK(erased.rows == 4);
  CHECK(erased.from_ms == 1000);
  CHECK(erased.to_ms == 2000);
  CHECK(f.contents() == Ids{"1:b1", "3:c1", "6:a5"});
  CHECK(f.log->stats().events == 3);
  CHECK(f.add({"a1", "b1"}).outcomes[0].accepted == 1);
  CHECK(*f.log->merge_small_blocks() == 0);
  for (int i = 0; i < 40; ++i) f.add({"n" + std::to_string(i)});
  while (*f.log->merge_small_blocks() > 0) {
  }
  CHECK(f.contents()[3] == "7:a1");
  CHECK(f.contents()[0] == "1:b1");
  f.reopen();
  CHECK(f.add({"a3", "c1", "n3"}).outcomes[0].accepted == 1);

  const Erased none = f.erase_user("z");
  CHECK(none.rows == 0);
  CHECK(none.from_ms > none.to_ms);
}

TEST_CASE("erasing from many blocks goes in pieces") {
  Fixture f;
  constexpr Position kBlocks = 100;
  for (Position i = 0; i < kBlocks; ++i) f.add({"a" + std::to_string(i), "b" + std::to_string(i)});
  std::uint64_t rows = 0;
  int pieces = 0;
  for (Position at = 0; at < f.log->end(); ++pieces) {
    const Erased part = f.erase_user("a", f.log->end(), at);
    CHECK(part.rows < kBlocks / 2);
    REQUIRE(part.next > at);
    rows += part.rows;
    at = part.next;
  }
  CHECK(rows == kBlocks);
  CHECK(pieces > 2);
  CHECK(f.contents().size() == kBlocks);
  CHECK(f.contents()[0] == "1:b0");
}

TEST_CASE("erasing the newest rows does not give their positions away") {
  Fixture f;
  f.add({"b1"});
  f.add({"a1", "a2"});
  CHECK(f.erase_user("a").rows == 2);
  f.reopen();
  CHECK(f.add({"a1"}).first == 3);
}

TEST_CASE("an event log refuses options that make no sense") {
  Fixture f;
  f.options.block_rows = 0;
  const auto log = EventLog::open(*f.store, f.clock, f.options, quiet_logger(), f.telemetry);
  REQUIRE_FALSE(log);
  CHECK(log.error().code == Errc::invalid_argument);
}

TEST_CASE("everybody is taken out of old blocks, once of each, and of no others") {
  Fixture f;
  const TimeMs begin = f.clock.now_ms();
  f.add({"a1", "b1"});
  f.clock.advance(2 * kHourMs);
  f.append({{"c1"}, {"d1"}}, begin - kHourMs);
  f.clock.advance(2 * kHourMs);
  f.add({"e1", "f1"});
  CHECK(f.forget_people(f.clock.now_ms() + 1).blocks == 0);  // their ids are remembered
  f.clock.advance(30 * kHourMs);
  f.add({"g1"}, begin - kHourMs);

  const Anonymized done = f.forget_people(begin + 1);  // not of those that came four hours later
  CHECK(done.blocks == 2);
  CHECK(done.rows == 4);
  CHECK(done.next == f.log->end());
  CHECK(done.first_block == 0);
  CHECK(done.last_block == 2);
  const Ids contents = f.contents();
  REQUIRE(contents.size() == 7);
  CHECK(Ids(contents.begin() + 4, contents.end()) == Ids{"4:e1", "5:f1", "6:g1"});
  for (std::size_t i = 0; i < 4; ++i) CHECK(contents[i] == std::to_string(i) + ":x2");
  ScanRequest of_somebody = Fixture::everything();
  of_somebody.filters.push_back(*model::parse_filter("user:*"));
  CHECK(f.contents(of_somebody) == Ids{"4:e1", "5:f1", "6:g1"});

  // They are known for what they are, also after a start, and kept apart from others.
  for (int i = 0; i < 2; ++i) {
    CHECK(f.forget_people(begin + 1).blocks == 0);
    CHECK(f.contents() == contents);
    while (*f.log->merge_small_blocks() > 0) continue;
    f.reopen();
  }
  CHECK(*f.log->oldest() == begin - kHourMs);
  f.clock.advance(30 * kHourMs);
  CHECK(f.forget_people(f.clock.now_ms()).rows == 3);
  CHECK(f.contents(of_somebody).empty());
}

TEST_CASE("what was said of an erased user's execution has its new id, wherever it lies") {
  Fixture f;
  f.add({"ann-1", "bob-1"});
  f.add(
      {"ann-1\xff"
       "fred",
       "bob-1\xff"
       "a"});
  f.add(
      {"ann-1\xff"
       "a",
       "ann-22"});
  const Anonymized first = f.forget_users({"a"}, 0, 3);
  CHECK(first.rows == 2);
  CHECK(f.forget_users({"a"}, 3, 6).rows == 2);
  CHECK(f.contents() == Ids{"0:x5", "1:bob-1",
                            "2:x5\xff"
                            "fx10",
                            "3:bob-1\xff"
                            "a",
                            "4:x5\xff"
                            "a",
                            "5:x6"});
  // The old ids are not known any more, the new ones are.
  for (const bool reopened : {false, true}) {
    if (reopened) f.reopen();
    CHECK_FALSE(f.view().find("ann-1")->has_value());
    CHECK(f.view().find("x5")->has_value());
  }
  CHECK(f.add({"x5", "ann-1"}).outcomes[0].accepted == 1);
}

TEST_CASE("small blocks without people are not merged with others") {
  Fixture f;
  f.options.dedup_age_ms = 24'000;  // so the blocks of a second may be merged
  f.reopen();
  for (int i = 0; i < 2; ++i) f.add({"a" + std::to_string(i)}, f.clock.now_ms() - 3'600'000);
  f.add({"b"});
  f.clock.advance(60'000);
  REQUIRE(f.forget_people(f.clock.now_ms() - 3'000'000).blocks == 2);
  f.add({"c"});
  while (*f.log->merge_small_blocks() > 0) continue;
  CHECK(f.log->stats().blocks == 3);  // a0 and a1, b, c
  CHECK(f.forget_people(f.clock.now_ms() - 3'000'000).blocks == 0);
}
