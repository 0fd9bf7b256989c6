#include <catch2/catch.hpp>

#include <vitals/model/matcher.h>
#include <vitals/registry/silences.h>
#include <vitals/store/memory.h>

#include "commit.h"

namespace vitals::registry::test {
namespace {

model::Silence silence(const std::string& id) {
  return {id,  {*model::parse_matcher("team:search"), *model::parse_matcher("rule:!a|b*")},
          1,   2,
          3,   "ana",
          "to"};
}

TEST_CASE("silences read back as they were stored, the oldest first") {
  const auto store = store::open_memory();
  const auto silences = Silences::open(*store);
  REQUIRE(silences);
  store::WriteBatch changes;
  silences->put(silence("2"), changes);
  silences->put(silence("1"), changes);
  silences->put(silence("3"), changes);
  silences->erase("3", changes);
  commit(*store, changes);
  CHECK(*silences->all() == std::vector{silence("1"), silence("2")});
}

TEST_CASE("the stored form of a silence stays what docs/formats/silence.md says") {
  const auto store = store::open_memory();
  const auto silences = Silences::open(*store);
  store::WriteBatch changes;
  silences->put(silence("0192"), changes);
  commit(*store, changes);
  const auto table = store->table("silences");
  CHECK(**store->snapshot()->get(*table, "0192") ==
        R"({"by":"ana","created_at":3,"format":1,"from":1,"id":"0192",)"
        R"("matchers":["team:search","rule:!a|b*"],"reason":"to","until":2})");
  for (const char* broken : {"", "{}", "{\"format\":2}", "nonsense"}) {
    store::WriteBatch damage;
    damage.put(*table, "0192", broken);
    damage.put(*table, "1",
               R"({"by":"ana","created_at":3,"format":1,"from":1,"id":"1",)"
               R"("matchers":[":x"],"reason":"to","until":2})");
    silences->put(silence("2"), damage);
    commit(*store, damage);
    std::vector<Error> unreadable;
    CHECK(*silences->all(&unreadable) == std::vector{silence("2")});
    REQUIRE(unreadable.size() == 2);
    CHECK(unreadable[0].code == Errc::corruption);
    CHECK(unreadable[1].message.starts_with("1: stored silence"));
  }
}

}  // namespace
}  // namespace vitals::registry::test
