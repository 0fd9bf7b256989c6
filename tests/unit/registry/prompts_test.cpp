#include <cmath>

#include <catch2/catch.hpp>

#include <vitals/registry/prompts.h>
#include <vitals/store/memory.h>

namespace vitals::registry::test {
namespace {

using model::Label;
using model::Number;

model::PromptVersion version(const std::string& name, const std::string& text, TimeMs at = 1) {
  model::PromptVersion made{"triage", name, text, "", "ana", at, {}};
  made.traits = {9, 8, 7, 0.25, 6, 5, 4, model::kAbsent};
  return made;
}

struct Registered {
  std::unique_ptr<store::Store> store = store::open_memory();
  std::unique_ptr<Prompts> prompts = *Prompts::open(*store);

  void restart() {
    prompts.reset();
    prompts = *Prompts::open(*store);
  }
};

/// Rows of prompt and version.
model::ExecutionBatch batch(const std::vector<std::pair<std::string, std::string>>& rows) {
  model::ExecutionBatch made;
  for (const auto& [prompt, name] : rows) {
    made.time_ms.push_back(1);
    made.ids.push_back(std::to_string(made.time_ms.size()));
    made.outcome.push_back(0);
    made[Label::prompt].codes.push_back(made[Label::prompt].dictionary.intern(prompt));
    made[Label::version].codes.push_back(made[Label::version].dictionary.intern(name));
  }
  return made;
}

TEST_CASE_METHOD(Registered, "versions read back as they were registered, also after a restart") {
  CHECK(*prompts->add(version("v2", "second", 20)));
  CHECK(*prompts->add(version("v1", "first", 10)));
  model::PromptVersion third = version("v3", "third \xC3\xA9\n", 30);
  third.parent = "v2";
  CHECK(*prompts->add(third));
  restart();
  const auto found = prompts->find("triage", "v3");
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->text == third.text);
  CHECK((*found)->parent == "v2");
  CHECK((*found)->author == "ana");
  CHECK((*found)->registered_at == 30);
  CHECK((*found)->traits[3] == 0.25);
  CHECK(std::isnan((*found)->traits[7]));

  const auto all = prompts->versions("triage");
  REQUIRE(all.size() == 3);
  CHECK(all[0].version == "v1");
  CHECK(all[2].version == "v3");
  CHECK(all[2].parent == "v2");
  CHECK(all[2].text.empty());
  CHECK(prompts->versions("tri").empty());
  CHECK_FALSE(prompts->find("triage", "v4")->has_value());

  const auto summaries = prompts->prompts();
  REQUIRE(summaries.size() == 1);
  CHECK(summaries[0].versions == 3);
  CHECK(summaries[0].latest == "v3");
  CHECK(summaries[0].registered_at == 30);
}

TEST_CASE_METHOD(Registered, "a version never changes") {
  CHECK(*prompts->add(version("v1", "text", 10)));
  CHECK_FALSE(*prompts->add(version("v1", "text", 20)));
  const auto other = prompts->add(version("v1", "another", 20));
  CHECK(other.error().code == Errc::already_exists);
  CHECK(other.error().message == "version v1 of triage is registered with another text");
  CHECK((*prompts->find("triage", "v1"))->registered_at == 10);
  model::PromptVersion by_another = version("v1", "text");
  by_another.author = "bob";
  CHECK(prompts->add(by_another).error().message ==
        "version v1 of triage is registered with another author");
  by_another.author = "";
  CHECK_FALSE(*prompts->add(by_another));
  by_another.parent = "v0";
  CHECK(prompts->add(by_another).error().message ==
        "version v1 of triage is registered with another parent");
}

TEST_CASE_METHOD(Registered, "a parent must be known") {
  model::PromptVersion child = version("v2", "text");
  child.parent = "v1";
  const auto orphan = prompts->add(child);
  CHECK(orphan.error().code == Errc::unprocessable);
  CHECK(orphan.error().message == "parent: triage has no version v1");
}

TEST_CASE_METHOD(Registered, "executions get the traits of their version, their own ones win") {
  CHECK(*prompts->add(version("v1", "text")));
  auto rows = batch({{"triage", "v1"}, {"triage", "v2"}, {"other", "v1"}, {"triage", "v1"}});
  auto& own = rows.numbers[model::index(Number::redundancy)];
  own.assign(4, model::kAbsent);
  own[3] = 0.5;
  prompts->apply(rows);
  CHECK(rows.number(Number::language_specificity, 0) == 9);
  CHECK(rows.number(Number::redundancy, 0) == 0.25);
  CHECK(rows.number(Number::redundancy, 3) == 0.5);
  CHECK(rows.number(Number::hierarchy_clarity, 3) == 4);
  for (const std::size_t row : {1U, 2U}) {
    for (const Number trait : model::kTraits) CHECK(std::isnan(rows.number(trait, row)));
  }
  CHECK(rows.numbers[model::index(Number::section_organization)].empty());
}

TEST_CASE_METHOD(Registered, "without versions, or in batches without any, nothing is added") {
  auto rows = batch({{"triage", "v1"}});
  prompts->apply(rows);
  CHECK(rows.numbers[model::index(Number::logical_flow)].empty());
  CHECK(*prompts->add(version("v1", "text")));
  rows[Label::version] = {};
  prompts->apply(rows);
  CHECK(rows.numbers[model::index(Number::logical_flow)].empty());
}

TEST_CASE_METHOD(Registered, "a damaged version is left out and named") {
  CHECK(*prompts->add(version("v1", "text")));
  store::WriteBatch damage;
  damage.put(*store->table("prompts"), std::string_view("triage\0v2", 9), "{}");
  REQUIRE(store->commit(damage, store::Sync::yes));
  std::vector<Error> unreadable;
  const auto opened = Prompts::open(*store, &unreadable);
  REQUIRE(opened);
  REQUIRE(unreadable.size() == 1);
  CHECK(unreadable[0].message.find("triage v2: stored prompt is damaged") == 0);
  CHECK((*opened)->prompts().at(0).versions == 1);
  CHECK((*opened)->versions("triage").size() == 1);
  CHECK(*(*opened)->add(version("v2", "text again")));
  CHECK((*(*opened)->find("triage", "v2"))->text == "text again");
}

TEST_CASE_METHOD(Registered,
                 "the stored form of a version stays what docs/formats/prompt.md says") {
  model::PromptVersion child = version("v2", "Say hello.", 1'790'000'000'000);
  CHECK(*prompts->add(child));
  const auto stored =
      store->snapshot()->get(*store->table("prompts"), std::string_view("triage\0v2", 9));
  REQUIRE(stored);
  CHECK(**stored ==
        R"({"at":1790000000000,"author":"ana","format":1,"parent":"","prompt":"triage",)"
        R"("text_bytes":10,"traits":{"context_completeness":7.0,"hierarchy_clarity":4.0,)"
        R"("information_density":6.0,"instruction_precision":8.0,"language_specificity":9.0,)"
        R"("logical_flow":5.0,"redundancy":0.25},"version":"v2"})");
  const auto text =
      store->snapshot()->get(*store->table("prompt_texts"), std::string_view("triage\0v2", 9));
  REQUIRE(text);
  CHECK(**text == "Say hello.");
}

TEST_CASE_METHOD(Registered, "a version that is taken back is gone, and its name is free") {
  CHECK(*prompts->add(version("v1", "first", 10)));
  CHECK(*prompts->add(version("v2", "second", 20)));
  const auto removed = prompts->remove("triage", "v1");
  REQUIRE(removed);
  CHECK(removed->registered_at == 10);
  CHECK(removed->text.empty());
  CHECK(prompts->remove("triage", "v1").error().code == Errc::not_found);
  CHECK(prompts->remove("other", "v2").error().code == Errc::not_found);
  restart();
  CHECK_FALSE(prompts->find("triage", "v1")->has_value());
  CHECK(prompts->versions("triage").size() == 1);
  auto rows = batch({{"triage", "v1"}, {"triage", "v2"}});
  prompts->apply(rows);
  const auto& specificity = rows.numbers[model::index(Number::language_specificity)];
  CHECK(std::isnan(specificity.at(0)));
  CHECK(specificity.at(1) == 9);
  CHECK(*prompts->add(version("v1", "another text", 30)));
  CHECK(prompts->remove("triage", "v1").ok());
  CHECK(prompts->remove("triage", "v2").ok());
  CHECK(prompts->prompts().empty());
}

}  // namespace
}  // namespace vitals::registry::test
