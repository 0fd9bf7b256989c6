// The store's contract, held against both implementations.
#include <map>
#include <random>

#include <catch2/catch.hpp>

#include <vitals/store/keys.h>
#include <vitals/store/memory.h>
#include <vitals/store/rocks.h>

#include "support/temp_folder.h"

using namespace vitals;
using namespace vitals::store;

namespace {

std::unique_ptr<Store> open_in(const std::string& folder) {
  auto opened = open_rocks({folder, 1ULL << 20, 1ULL << 20, nullptr}, quiet_logger());
  REQUIRE(opened);
  return std::move(opened).value();
}

std::unique_ptr<Store> open(const std::string& kind, const test::TempFolder& folder) {
  return kind == "memory" ? open_memory() : open_in(folder.file("store"));
}

Table table(Store& store, const std::string& name) {
  const auto made = store.table(name);
  REQUIRE(made);
  return *made;
}

void put(Store& store, Table table, const std::string& key, const std::string& value) {
  WriteBatch batch;
  batch.put(table, key, value);
  REQUIRE(store.commit(batch, Sync::yes));
}

std::optional<std::string> get(const Store& store, Table table, const std::string& key) {
  const auto found = store.snapshot()->get(table, key);
  REQUIRE(found);
  return *found;
}

std::vector<std::string> keys(const Snapshot& snapshot, Table table, const std::string& begin = "",
                              const std::string& end = "",
                              Direction direction = Direction::forward) {
  std::vector<std::string> found;
  const auto cursor = snapshot.scan(table, begin, end, direction);
  for (; cursor->valid(); cursor->next()) found.emplace_back(cursor->key());
  REQUIRE(cursor->status());
  return found;
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("what was put is found, in its table only") {
  const std::string kind = GENERATE("memory", "rocks");
  CAPTURE(kind);
  test::TempFolder folder;
  const auto store = open(kind, folder);
  const Table a = table(*store, "a"), b = table(*store, "b");
  CHECK(a.id != b.id);
  CHECK(table(*store, "a").id == a.id);
  const std::string binary("\0\xff\n", 3);
  put(*store, a, binary, binary);
  CHECK(get(*store, a, binary) == binary);
  CHECK(get(*store, b, binary) == std::nullopt);
  put(*store, a, binary, "");
  CHECK(get(*store, a, binary) == "");
  CHECK(store->recovery().findings.empty());
}

TEST_CASE("a borrowed value stays what it was, whatever becomes of its key") {
  const std::string kind = GENERATE("memory", "rocks");
  const test::TempFolder folder;
  const auto store = open(kind, folder);
  const Table a = table(*store, "a");
  const std::string large(300'000, 'x');
  put(*store, a, "k", large);
  for (const Cached cached : {Cached::no, Cached::yes}) {
    auto snapshot = store->snapshot();
    const auto absent = snapshot->borrow(a, "absent", cached);
    REQUIRE(absent);
    CHECK(*absent == nullptr);
    const auto value = snapshot->borrow(a, "k", cached);
    REQUIRE(value);
    REQUIRE(*value != nullptr);
    snapshot.reset();
    put(*store, a, "k", "other");
    CHECK((*value)->bytes() == large);
    put(*store, a, "k", large);
  }
}

TEST_CASE("a batch applies in order and as a whole") {
  const std::string kind = GENERATE("memory", "rocks");
  CAPTURE(kind);
  test::TempFolder folder;
  const auto store = open(kind, folder);
  const Table a = table(*store, "a"), b = table(*store, "b");
  WriteBatch batch;
  batch.put(a, "k1", "old");
  batch.put(a, "k2", "gone");
  batch.erase_range(a, "k1", "k3");
  batch.put(a, "k1", "new");
  batch.put(b, "k1", "other");
  batch.erase(b, "never there");
  CHECK_FALSE(batch.empty());
  REQUIRE(store->commit(batch, Sync::no));
  CHECK(get(*store, a, "k1") == "new");
  CHECK(get(*store, a, "k2") == std::nullopt);
  CHECK(get(*store, b, "k1") == "other");
  CHECK(store->commit(WriteBatch(), Sync::yes));
}

TEST_CASE("scans are half-open, ordered, and go both ways") {
  const std::string kind = GENERATE("memory", "rocks");
  CAPTURE(kind);
  test::TempFolder folder;
  const auto store = open(kind, folder);
  const Table a = table(*store, "a");
  for (const char* key : {"b", "d", "a", "c", "\xff"}) put(*store, a, key, "");
  const auto snapshot = store->snapshot();
  CHECK(keys(*snapshot, a) == Keys{"a", "b", "c", "d", "\xff"});
  CHECK(keys(*snapshot, a, "b", "d") == Keys{"b", "c"});
  CHECK(keys(*snapshot, a, "bb", "") == Keys{"c", "d", "\xff"});
  CHECK(keys(*snapshot, a, "b", "d", Direction::backward) == Keys{"c", "b"});
  CHECK(keys(*snapshot, a, "", "", Direction::backward) == Keys{"\xff", "d", "c", "b", "a"});
  CHECK(keys(*snapshot, a, "c", "c").empty());
  CHECK(keys(*snapshot, a, "d", "b").empty());
  CHECK(keys(*snapshot, a, "d", "b", Direction::backward).empty());
}

TEST_CASE("a snapshot and its cursors do not move") {
  const std::string kind = GENERATE("memory", "rocks");
  CAPTURE(kind);
  test::TempFolder folder;
  const auto store = open(kind, folder);
  const Table a = table(*store, "a");
  put(*store, a, "k", "1");
  auto before = store->snapshot();
  const auto cursor = before->scan(a, "", "");
  put(*store, a, "k", "2");
  put(*store, a, "l", "2");
  CHECK(**before->get(a, "k") == "1");
  CHECK(keys(*before, a) == Keys{"k"});
  REQUIRE(cursor->valid());
  CHECK(cursor->value() == "1");
  CHECK(keys(*store->snapshot(), a) == Keys{"k", "l"});
}

TEST_CASE("ranges go, by erase_range and by drop; an inverted one is empty") {
  const std::string kind = GENERATE("memory", "rocks");
  CAPTURE(kind);
  test::TempFolder folder;
  const auto store = open(kind, folder);
  const Table a = table(*store, "a");
  for (char c = 'a'; c <= 'h'; ++c) put(*store, a, std::string(1, c), "v");
  WriteBatch batch;
  batch.erase_range(a, "b", "d");
  batch.erase_range(a, "h", "a");
  REQUIRE(store->commit(batch, Sync::yes));
  REQUIRE(store->drop(a, "e", "g"));
  CHECK(keys(*store->snapshot(), a) == Keys{"a", "d", "g", "h"});
}

TEST_CASE("both stores agree with each other on random work") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  test::TempFolder folder;
  const auto memory = open("memory", folder), rocks = open("rocks", folder);
  const Table a = table(*memory, "a"), b = table(*rocks, "a");
  const auto key = [&random] {
    std::string text;
    put_u64(text, random() % 64);
    return text;
  };
  for (int step = 0; step < 300; ++step) {
    WriteBatch in_memory, in_rocks;
    for (unsigned i = random() % 5; i-- > 0;) {
      const std::string from = key(), to = key(), value(random() % 3000, 'v');
      const auto kind = random() % 8;
      for (auto& [batch, where] : {std::pair{&in_memory, a}, std::pair{&in_rocks, b}}) {
        if (kind == 0) {
          batch->erase_range(where, from, to);
        } else if (kind < 3) {
          batch->erase(where, from);
        } else {
          batch->put(where, from, value);
        }
      }
    }
    REQUIRE(memory->commit(in_memory, Sync::no));
    REQUIRE(rocks->commit(in_rocks, Sync::no));
    if (step % 50 == 49) {
      const std::string from = key(), to = key();
      REQUIRE(memory->drop(a, from, to));
      REQUIRE(rocks->drop(b, from, to));
    }
    if (step % 10 != 0) continue;
    const auto one = memory->snapshot(), other = rocks->snapshot();
    const std::string from = key(), to = key();
    REQUIRE(keys(*one, a, from, to) == keys(*other, b, from, to));
    REQUIRE(keys(*one, a, from, to, Direction::backward) ==
            keys(*other, b, from, to, Direction::backward));
  }
}

TEST_CASE("keys sort as their numbers do") {
  const auto time = [](std::int64_t t) {
    std::string key;
    put_time(key, t);
    return key;
  };
  CHECK(time(-5) < time(-1));
  CHECK(time(-1) < time(0));
  CHECK(time(0) < time(1'790'000'000'000));
  CHECK(get_time(time(-5)) == -5);
  std::string key;
  put_u32(key, 7);
  put_u64(key, 1ULL << 40U);
  CHECK(get_u32(key) == 7);
  CHECK(get_u64(key, 4) == 1ULL << 40U);
}
