#include <algorithm>
#include <random>
#include <set>

#include <catch2/catch.hpp>

#include <vitals/store/keys.h>

#include "unit/query/stand.h"

using namespace vitals;
using namespace vitals::test;

namespace {

Event event(const std::string& id, TimeMs time, const std::string& prompt = "a") {
  Event one;
  one.id = id;
  one.time_ms = time;
  one.prompt = prompt;
  one.user = "user of " + id;
  one.region = prompt == "a" ? "eu" : "";
  return one;
}

std::vector<std::string> ids_of(const model::ExecutionBatch& rows) {
  std::vector<std::string> ids;
  for (std::size_t row = 0; row < rows.rows(); ++row) ids.emplace_back(rows.ids.at(row));
  return ids;
}

/// Ids of all pages from a cursor on.
std::vector<std::string> walk(const Stand& stand, query::ExecutionsRequest request) {
  std::vector<std::string> ids;
  for (;;) {
    const auto page = stand.engine->executions(request);
    REQUIRE(page.ok());
    const auto more = ids_of(page->rows);
    REQUIRE(more.size() <= request.limit);
    ids.insert(ids.end(), more.begin(), more.end());
    if (!page->next_cursor) return ids;
    REQUIRE(more.size() == request.limit);
    request.cursor = *page->next_cursor;
  }
}

}  // namespace

TEST_CASE("executions come newest first, later positions before earlier ones of the same time") {
  Stand stand;
  stand.append({event("1", kNow - 10), event("2", kNow - 5), event("3", kNow - 10, "b")});
  stand.append({event("4", kNow - 7), event("5", kNow - 10)});
  query::ExecutionsRequest request;
  const std::vector<std::string> all{"2", "4", "5", "3", "1"};
  for (request.limit = 1; request.limit <= 6; ++request.limit) CHECK(walk(stand, request) == all);

  request.filters = filters({"prompt:a"});
  CHECK(walk(stand, request) == std::vector<std::string>{"2", "4", "5", "1"});
  request.from_ms = kNow - 10;
  request.to_ms = kNow - 5;
  request.limit = 2;
  CHECK(walk(stand, request) == std::vector<std::string>{"4", "5", "1"});
  request.filters = filters({"id:3"});
  const auto page = stand.engine->executions(request);
  REQUIRE(page.ok());
  REQUIRE(page->rows.rows() == 1);
  CHECK(page->rows[model::Label::user].at(0) == "user of 3");
  CHECK(page->rows.time_ms[0] == kNow - 10);
}

TEST_CASE("rows of a page keep all their columns, whatever blocks they come from") {
  Stand stand;
  stand.append({event("1", kNow - 1), event("2", kNow - 3, "b")});
  stand.append({event("3", kNow - 2), event("4", kNow - 4, "b")});
  const auto page = stand.engine->executions({});
  REQUIRE(page.ok());
  REQUIRE(ids_of(page->rows) == std::vector<std::string>{"1", "3", "2", "4"});
  for (std::size_t row = 0; row < 4; ++row) {
    CHECK(page->rows[model::Label::user].at(row) ==
          "user of " + std::string(page->rows.ids.at(row)));
    CHECK(page->rows.attributes.value(row, "tags.region") == (row < 2 ? "eu" : ""));
  }
}

TEST_CASE("a walk by cursor meets every event once while others are appended and blocks merged") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  Stand stand;
  std::set<std::string> before;
  std::size_t number = 0;
  const auto append_some = [&] {
    std::vector<Event> events;
    for (int i = 0; i < 40; ++i) {
      events.push_back(event("e" + std::to_string(number++), kNow - 1 - random() % 100));
    }
    stand.append(events);
    return events;
  };
  for (int i = 0; i < 10; ++i) {
    for (const Event& one : append_some()) before.insert(one.id);
  }
  query::ExecutionsRequest request;
  request.limit = 7;
  std::vector<std::string> met;
  for (;;) {
    const auto page = stand.engine->executions(request);
    REQUIRE(page.ok());
    for (const std::string& id : ids_of(page->rows)) met.push_back(id);
    if (!page->next_cursor) break;
    request.cursor = *page->next_cursor;
    if (random() % 8 == 0) append_some();
    if (random() % 8 == 0) REQUIRE(stand.log->merge_small_blocks().ok());
  }
  const std::set<std::string> distinct(met.begin(), met.end());
  CHECK(distinct.size() == met.size());
  CHECK(std::includes(distinct.begin(), distinct.end(), before.begin(), before.end()));
}

TEST_CASE("malformed requests for executions are refused") {
  Stand stand;
  query::ExecutionsRequest request;
  SECTION("limit 0") { request.limit = 0; }
  SECTION("limit too large") { request.limit = 10'001; }
  SECTION("short cursor") { request.cursor = "0123"; }
  SECTION("cursor of other letters") { request.cursor = std::string(32, 'x'); }
  SECTION("cursor with a sign") { request.cursor = "-" + std::string(31, '1'); }
  SECTION("empty range") {
    request.from_ms = 5;
    request.to_ms = 5;
  }
  SECTION("unknown field") { request.filters = {{"colour", false, {"red"}}}; }
  const auto page = stand.engine->executions(request);
  REQUIRE_FALSE(page.ok());
  CHECK(page.error().code == Errc::invalid_argument);
}

TEST_CASE("one execution is found by its id") {
  Stand stand;
  stand.append({event("1", kNow - 1), event("2", kNow - 3, "b")});
  const auto one = stand.engine->execution("2");
  REQUIRE(one.ok());
  REQUIRE(one->rows.rows() == 1);
  CHECK(one->rows[model::Label::prompt].at(0) == "b");
  const auto none = stand.engine->execution("3");
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().code == Errc::not_found);
}

TEST_CASE("labels are the fixed fields and the attributes that occur") {
  Stand stand;
  auto labels = stand.engine->labels();
  REQUIRE(labels.ok());
  CHECK(*labels == std::vector<std::string>{"prompt", "version", "model", "provider", "environment",
                                            "error.type", "user", "session", "status"});
  Event one = event("1", kNow - 1);
  one.temperature = "0.7";
  stand.append({one});
  labels = stand.engine->labels();
  REQUIRE(labels.ok());
  CHECK(std::vector<std::string>(labels->end() - 2, labels->end()) ==
        std::vector<std::string>{"parameters.temperature", "tags.region"});
}

TEST_CASE("values of a field are sorted, from series and from events not yet folded") {
  using Values = std::vector<std::string>;
  Stand stand;
  stand.append({event("1", kNow - 1, "c"), event("2", kNow - 3, "a")});
  stand.fold();
  stand.append({event("3", kNow - 1, "b"), event("4", kNow - 3, "c"), event("5", kNow - 3, "")});
  const auto values = [&](const char* field, std::uint32_t limit = 100) {
    const auto answer = stand.engine->label_values(field, limit);
    REQUIRE(answer.ok());
    return *answer;
  };
  CHECK(values("prompt") == Values{"a", "b", "c"});
  CHECK(values("prompt", 2) == Values{"a", "b"});
  CHECK(values("tags.region") == Values{"eu"});
  CHECK(values("user", 1) == Values{"user of 1"});
  CHECK(values("version").empty());
  CHECK(stand.engine->label_values("colour", 1).error().code == Errc::invalid_argument);
  CHECK(stand.engine->label_values("prompt", 0).error().code == Errc::invalid_argument);
}

TEST_CASE("values of a dimension are complete when series overflow") {
  Stand::Options options;
  options.series_max = 2;
  Stand stand(options);
  stand.append({event("1", kNow - 1, "c"), event("2", kNow - 3, "a"), event("3", kNow - 3, "b"),
                event("4", kNow - 3, "d")});
  stand.fold();
  const auto values = stand.engine->label_values("prompt", 100);
  REQUIRE(values.ok());
  CHECK(*values == std::vector<std::string>{"a", "b", "c", "d"});
}

TEST_CASE("values are looked for in the newest million events, those of dimensions in all") {
  using Values = std::vector<std::string>;
  Stand stand;
  stand.append({event("1", kNow - 3, "old")});
  stand.fold();
  // As if a million positions had been given and taken back.
  const auto state = stand.store->table("event_state");
  REQUIRE(state.ok());
  std::string end;
  store::put_u64(end, 1'000'001);
  store::WriteBatch changes;
  changes.put(*state, "end", end);
  REQUIRE(stand.store->commit(changes, store::Sync::yes).ok());
  stand.reopen({});
  stand.append({event("2", kNow - 1, "new")});
  stand.fold();

  CHECK(*stand.engine->label_values("user", 100) == Values{"user of 2"});
  CHECK(*stand.engine->label_values("prompt", 100) == Values{"new", "old"});
}

TEST_CASE("feedback whose execution never came is listed by itself when it is asked for") {
  Stand stand;
  const auto feedback = [](const std::string& id, TimeMs time, const std::string& prompt) {
    Event one = event(id + "\xff" + "f1", time, prompt);
    one.feedback = true;
    one.rating = 2;
    return one;
  };
  stand.append({event("1", kNow - 1), feedback("1", kNow - 1, "a")});
  stand.append({feedback("gone", kNow - 3, ""), feedback("lost", kNow - 2, "")});
  query::ExecutionsRequest request;
  CHECK(walk(stand, request) == std::vector<std::string>{"1"});
  request.unjoined = true;
  request.limit = 1;
  CHECK(walk(stand, request) == std::vector<std::string>{"lost\xff"
                                                         "f1",
                                                         "gone\xff"
                                                         "f1"});
  request.filters = filters({"id:gone"});
  const auto page = stand.engine->executions(request);
  REQUIRE(page.ok());
  REQUIRE(page->signals.rows() == 1);
  CHECK(page->about == std::vector<std::uint32_t>{0});
  CHECK(page->signals.number(model::Number::rating, 0) == 2);
}
