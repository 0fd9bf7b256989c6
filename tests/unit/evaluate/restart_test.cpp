#include <algorithm>
#include <sstream>

#include <catch2/catch.hpp>

#include "house.h"

namespace vitals::evaluate::test {
namespace {

TEST_CASE("a new evaluator begins at the end of the log, a known one where it was") {
  House house;
  house.add({"before"});
  house.start();
  house.add({"a"});
  house.run();
  house.start();
  house.add({"b"});
  house.run();
  CHECK(house.judge.asked() == Ids{"a", "b"});
  // One that was away is new.
  house.start({});
  house.run();
  house.add({"meanwhile"});
  house.start();
  house.add({"c"});
  house.run();
  CHECK(house.judge.asked() == Ids{"a", "b", "c"});
}

TEST_CASE("what was not settled at a crash is asked again, and nothing is left out") {
  House house;
  house.start();
  house.sink_silent = true;  // a crash before assessments are known to be stored
  house.add(ids("a", 10));
  house.run();
  CHECK(house.assessed().size() == 10);
  CHECK(house.count("accepted") == 0);

  house.sink_silent = false;
  house.start();
  house.run();
  Ids twice = ids("a", 10);
  for (const std::string& id : ids("a", 10)) twice.push_back(id);
  Ids assessed = house.assessed();
  std::sort(twice.begin(), twice.end());
  std::sort(assessed.begin(), assessed.end());
  CHECK(assessed == twice);  // under the same ids, so they count once
  CHECK(house.count("accepted") == 10);

  house.start();
  house.run();
  CHECK(house.assessed().size() == 20);
}

TEST_CASE("one that is settled late holds back only the position") {
  House house;
  Evaluator evaluator = house.everything();
  evaluator.concurrency = 1;
  house.start({evaluator});
  house.judge.follow([](std::size_t nth) {
    return nth == 0 ? net::Response{503, "text/plain", "", {}} : net::Response{204, "", "", {}};
  });
  house.add(ids("a", 4));
  house.run();
  CHECK(house.count("no_opinion") == 3);
  house.start({evaluator});
  house.run();
  CHECK(house.count("no_opinion") == 4);
}

TEST_CASE("an assessment waits for room, and is tried again when it could not be stored") {
  House house;
  house.start();
  house.sink_full = true;
  house.add({"a"});
  CHECK(house.run() == 1'000);
  house.sink_full = false;
  house.sink_says = Error{Errc::resource_exhausted, "the disk is full"};
  house.clock.advance(1'000);
  CHECK(house.run() == 1'000);
  house.sink_says = {};
  house.clock.advance(1'000);
  house.run();
  CHECK(house.count("accepted") == 1);
  CHECK(house.judge.requests().size() == 1);  // the evaluator is asked once

  house.sink_says = Error{Errc::invalid_argument, "too many have assessed it"};
  house.add({"b"});
  house.run();
  CHECK(house.count("failed") == 1);
}

TEST_CASE("what was read before persons were erased is read again") {
  House house;
  Evaluator evaluator = house.everything();
  evaluator.concurrency = 2;
  house.start({evaluator});
  house.judge.follow([](std::size_t nth) {
    return nth < 2 ? net::Response{0, "", "", {}}
                   : net::Response{200, "application/json", R"({"overall": 3})", {}};
  });
  house.add(ids("a", 4));
  house.run_until_asked(2);
  const std::size_t shown = house.shown;
  house.evaluators->reread();
  for (int i = 0; i < 10; ++i) (void)house.evaluators->step();
  CHECK(house.calls->under_way() == 2);  // what is given up is under way still
  house.judge.answer_late({200, "application/json", R"({"overall": 9})", {}});
  while (house.handed_in.size() < 4) {
    if (house.evaluators->step() > 0) house.calls->wait(10);
  }
  CHECK(house.calls->most() == 2);
  CHECK(house.shown == shown + 4);
  for (const HandedIn& one : house.handed_in) CHECK(one.assessment.numbers[0].second == 3);
  Ids assessed = house.assessed();
  std::sort(assessed.begin(), assessed.end());
  CHECK(assessed == ids("a", 4));
}

TEST_CASE("a damaged block is passed over, and said once an hour") {
  std::ostringstream said;
  House house;
  house.tell(said);
  house.start();
  house.add(ids("a", 3));
  {
    const store::Table blocks = house.log->tables().blocks;
    const auto snapshot = house.store->snapshot();
    const auto cursor = snapshot->scan(blocks, {}, {});
    store::WriteBatch damage;
    damage.put(blocks, cursor->key(), "no block");
    REQUIRE(house.store->commit(damage, store::Sync::yes).ok());
  }
  house.add(ids("b", 3));
  house.run();
  CHECK(house.judge.asked().size() == 3);
  CHECK_THAT(said.str(), Catch::Contains("evaluator 'judge': "));
}

TEST_CASE("while the log cannot be read, an evaluator looks at it once a second") {
  House house;
  house.start();
  house.add({"a"});
  const store::Table index = house.log->tables().index;
  const auto snapshot = house.store->snapshot();
  const auto cursor = snapshot->scan(index, {}, {});
  const auto put = [&](std::string_view value) {
    store::WriteBatch changes;
    changes.put(index, cursor->key(), value);
    REQUIRE(house.store->commit(changes, store::Sync::yes).ok());
  };
  put("no entry");
  for (int i = 0; i < 3; ++i) CHECK(house.evaluators->step() == 1'000);
  put(cursor->value());
  house.run();
  CHECK(house.judge.asked() == Ids{"a"});
}

TEST_CASE("an evaluator whose position is damaged begins at the end, and says so") {
  std::ostringstream said;
  House house;
  house.tell(said);
  house.start();
  house.add({"a"});
  const auto table = house.store->table("evaluators");
  REQUIRE(table.ok());
  store::WriteBatch damage;
  damage.put(*table, "judge", "no position");
  REQUIRE(house.store->commit(damage, store::Sync::yes).ok());
  house.start();
  CHECK_THAT(said.str(), Catch::Contains("evaluator 'judge' begins at the end of the log: "));
  house.add({"b"});
  house.run();
  CHECK(house.judge.asked() == Ids{"b"});
  house.start();
  house.run();
  CHECK(house.judge.asked() == Ids{"b"});
}

TEST_CASE("each reason why there is no assessment is said once an hour") {
  std::ostringstream said;
  House house;
  house.tell(said);
  house.start();
  const auto times = [&said](const std::string& reason) {
    int count = 0;
    const std::string text = said.str();
    for (auto at = text.find(reason); at != std::string::npos; at = text.find(reason, at + 1)) {
      ++count;
    }
    return count;
  };
  house.judge.answer(404);
  house.add(ids("a", 5));
  house.run();
  house.judge.answer(200, R"({"clarity": 12})");
  house.add(ids("b", 5));
  house.run();
  CHECK(times("evaluator 'judge': HTTP 404") == 1);
  CHECK(times("its answer is not good: clarity: must be a number from 0 to 10, is 12") == 1);
  house.clock.advance(3'600'000);
  house.judge.answer(404);
  house.add(ids("c", 5));
  house.run();
  CHECK(times("evaluator 'judge': HTTP 404") == 2);
}

}  // namespace
}  // namespace vitals::evaluate::test
