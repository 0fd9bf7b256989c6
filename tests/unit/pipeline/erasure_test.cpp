// One user is taken out of everything, on a real store, over crashes.
#include <set>

#include <catch2/catch.hpp>

#include <vitals/registry/erasures.h>

#include "rocks_house.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;

namespace {

constexpr int kBatches = 40;

void require_clean(RocksHouse& rocks, const RocksHouse::Cells& before) {
  CHECK(rocks.in_log().empty());
  CHECK(rocks.in_files().empty());
  const RocksHouse::Cells after = rocks.cells();
  CHECK(after.totals == before.totals);
  CHECK(after.users == before.users - 1);
  CHECK(after.sessions == before.sessions - 1);
  rocks.house.require_everywhere(kBatches * 12);
  const auto book = registry::Erasures::open(rocks.house.store);
  REQUIRE(book);
  CHECK(book->all()->empty());
}

}  // namespace

TEST_CASE("an erased user is in no row, name, cell or file, and totals stay") {
  RocksHouse rocks;
  rocks.fill(kBatches);
  const RocksHouse::Cells before = rocks.cells();
  rocks.crash();  // now it is in tables, not only in the write-ahead log
  CHECK(!rocks.in_log().empty());
  CHECK(!rocks.in_files().empty());

  const auto proof = rocks.house.maintenance->erase_users({kUser});
  REQUIRE(proof);
  CHECK(proof->executions == kBatches * 3);
  CHECK(proof->session_only == kBatches);
  CHECK(proof->users == 1);
  CHECK(proof->sessions == 1);
  CHECK(proof->days == 5);
  CHECK(proof->days_kept == 0);
  CHECK(proof->blocks > 0);
  CHECK(proof->files_gone);
  require_clean(rocks, before);

  SECTION("once more there is nothing to erase") {
    const auto again = rocks.house.maintenance->erase_users({kUser});
    REQUIRE(again);
    CHECK(again->executions + again->session_only + again->blocks + again->users == 0);
    CHECK(again->id != proof->id);
  }
  SECTION("what comes later is new") {
    rocks.house.post(traffic(kBatches, rocks.house.now()));
    CHECK(rocks.in_log().size() == 4 * 2 + 2);
  }
}

TEST_CASE("an erasure that a crash cuts short is finished by the next start") {
  const int commits = GENERATE(range(1, 14));
  CAPTURE(commits);
  RocksHouse rocks;
  rocks.fill(kBatches);
  const RocksHouse::Cells before = rocks.cells();
  // The store refuses what comes after so many commits; then the process ends.
  rocks.house.store.fill_after(static_cast<std::uint64_t>(commits));
  const bool done = rocks.house.maintenance->erase_users({kUser}).ok();
  rocks.house.store.make_room();
  rocks.crash();
  rocks.house.clock.advance(60'000);
  rocks.house.maintenance->step();
  if (commits == 1) CHECK(!done);
  require_clean(rocks, before);
}

TEST_CASE("files go only when nobody reads what was there before") {
  RocksHouse rocks;
  rocks.fill(kBatches);
  const RocksHouse::Cells before = rocks.cells();
  auto reader = rocks.house.store.snapshot();
  const auto proof = rocks.house.maintenance->erase_users({kUser});
  REQUIRE(proof);
  CHECK(proof->executions == kBatches * 3);
  CHECK(!proof->files_gone);
  CHECK(!rocks.in_files().empty());
  reader.reset();
  rocks.house.clock.advance(60'000);
  rocks.house.maintenance->step();
  require_clean(rocks, before);
}

TEST_CASE("alerts, silences and deliveries lose pseudonyms of an erased user") {
  const std::string pseudonym = "0123456789abcdef", other = "fedcba9876543210";
  House house;
  rules::Rule rule = success_rule();
  rule.group_by = {"user"};
  rule.annotations["summary"] = "{{labels.user}} fails";
  house.restart({rule});
  for (const std::string& user : {pseudonym, other}) {
    model::ExecutionBatch batch = executions("p-" + user, 0, 20, house.now(), model::Tri::no);
    auto& column = batch[Label::user];
    column.codes.assign(batch.rows(), column.dictionary.intern(user));
    house.post(std::move(batch));
  }
  for (int i = 0; i < 5; ++i) house.turn();
  REQUIRE(house.open_alerts().size() == 2);
  REQUIRE(house.told().size() == 2);
  const auto holders = [&](const std::string& name) {
    std::set<std::string> found;
    const auto snapshot = house.store.snapshot();
    for (const char* const table : {"alerts_open", "alerts_history", "outbox", "silences"}) {
      const auto at = snapshot->scan(*house.store.table(table), {}, {});
      for (; at->valid(); at->next()) {
        if (at->value().find(name) != std::string_view::npos) found.insert(table);
      }
    }
    return found;
  };
  REQUIRE(holders(pseudonym) == std::set<std::string>{"alerts_open", "outbox"});
  model::Silence silence;
  silence.id = "quiet";
  silence.matchers = {{"user", false, {pseudonym}}};
  silence.from = house.now() - 1;
  silence.until = house.now() + 3'600'000;
  REQUIRE(house.spine->silence(silence));

  const auto proof = house.maintenance->erase_users({pseudonym});
  REQUIRE(proof);
  CHECK(proof->alerts == 1);
  CHECK(proof->deliveries == 1);
  CHECK(holders(pseudonym).empty());
  CHECK(holders(other) == std::set<std::string>{"alerts_open", "outbox"});
  // What the spine saves from now on does not bring it back; the other user's alert goes on.
  for (int i = 0; i < 1'000; ++i) house.turn();
  CHECK(holders(pseudonym).empty());
  CHECK(!holders(other).empty());
}
