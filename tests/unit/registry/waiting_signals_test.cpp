#include <catch2/catch.hpp>

#include <vitals/base/hash.h>
#include <vitals/registry/waiting_signals.h>
#include <vitals/store/keys.h>
#include <vitals/store/memory.h>

#include "commit.h"

namespace vitals::registry::test {
namespace {

WaitingSignal waiting(const std::string& execution, const std::string& id) {
  return {{model::RowKind::feedback, execution, id, 5, {{model::Number::rating, 4.5}}}, 7};
}

TEST_CASE("waiting signals read back as they were stored") {
  const auto store = store::open_memory();
  const auto signals = WaitingSignals::open(*store);
  REQUIRE(signals);
  store::WriteBatch changes;
  for (const char* id : {"a", "b", "c"}) signals->put(waiting("run-1", id), changes);
  signals->erase(waiting("run-1", "b").signal, changes);
  commit(*store, changes);
  CHECK(*signals->all() == std::vector{waiting("run-1", "a"), waiting("run-1", "c")});
}

TEST_CASE("a waiting signal has its comment, as it is kept") {
  const auto store = store::open_memory();
  const auto signals = WaitingSignals::open(*store);
  WaitingSignal commented = waiting("run-1", "a");
  commented.signal.comment = "Write to [email]";
  store::WriteBatch changes;
  signals->put(commented, changes);
  commit(*store, changes);
  CHECK(*signals->all() == std::vector{commented});
}

TEST_CASE("an assessment that waits says that its evaluator was distrusted") {
  const auto store = store::open_memory();
  const auto signals = WaitingSignals::open(*store);
  WaitingSignal distrusted = waiting("run-1", "judge");
  distrusted.signal.kind = model::RowKind::assessment;
  distrusted.signal.distrusted = true;
  store::WriteBatch changes;
  signals->put(distrusted, changes);
  commit(*store, changes);
  CHECK(changes.changes().front().value.find(R"("distrusted":true)") != std::string::npos);
  CHECK(*signals->all() == std::vector{distrusted});
}

TEST_CASE("the stored form of a waiting signal stays what docs/formats/signal.md says") {
  const auto store = store::open_memory();
  const auto signals = WaitingSignals::open(*store);
  store::WriteBatch changes;
  signals->put(waiting("run-1", "f1"), changes);
  commit(*store, changes);
  const auto table = store->table("waiting_signals");
  // Two hashes of the row's id, which is pinned with them.
  const std::string id =
      "run-1\xff"
      "ff1";
  std::string key;
  store::put_u64(key, hash64(id));
  store::put_u64(key, hash64(id, 0x2545f4914f6cdd1dULL));
  CHECK(**store->snapshot()->get(*table, key) ==
        R"({"at":5,"execution_id":"run-1","format":1,"id":"f1","kind":"feedback",)"
        R"("numbers":{"rating":4.5},"since":7})");
  for (const char* broken :
       {"", "{}", "{\"format\":2}", "nonsense",
        R"({"at":5,"execution_id":"a","format":1,"id":"b","kind":"x","numbers":{},"since":7})",
        R"({"at":5,"execution_id":"a","format":1,"id":"b","kind":"feedback",)"
        R"("numbers":{"x":1},"since":7})"}) {
    store::WriteBatch damage;
    damage.put(*table, key, broken);
    signals->put(waiting("run-2", "f2"), damage);
    commit(*store, damage);
    std::vector<Error> unreadable;
    CHECK(*signals->all(&unreadable) == std::vector{waiting("run-2", "f2")});
    REQUIRE(unreadable.size() == 1);
    CHECK(unreadable[0].code == Errc::corruption);
  }
}

}  // namespace
}  // namespace vitals::registry::test
