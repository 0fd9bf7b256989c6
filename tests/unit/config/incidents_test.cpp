#include <catch2/catch.hpp>

#include "config_files.h"

namespace vitals::config::test {
namespace {

constexpr const char* kAction =
    "actions:\n"
    "  - name: roll-back\n"
    "    webhook: {url: 'http://127.0.0.1:9/'}\n";

TEST_CASE("an action waits for a person and is called once an hour, unless the file says else") {
  Files files;
  const auto plain = files.load(kAction);
  REQUIRE(plain.ok());
  const rules::ActionPolicy& policy = plain->incidents.actions.at("roll-back");
  CHECK_FALSE(policy.automatic);
  CHECK_FALSE(policy.dry_run);
  CHECK(policy.requests_max == 1);
  CHECK(policy.per_ms == 3'600'000);
  CHECK(plain->notify.actions.at(0).name == "roll-back");

  const auto bold = files.load(std::string(kAction) +
                               "    automatic: true\n"
                               "    dry_run: true\n"
                               "    rate: {requests: 3, per: 10m}\n");
  REQUIRE(bold.ok());
  const rules::ActionPolicy& bolder = bold->incidents.actions.at("roll-back");
  CHECK(bolder.automatic);
  CHECK(bolder.dry_run);
  CHECK(bolder.requests_max == 3);
  CHECK(bolder.per_ms == 600'000);
}

TEST_CASE("a rule names an action that there is") {
  Files files;
  files.write("rules.yaml",
              "rules:\n"
              "  - {name: silent, absent: 1h}\n"
              "  - {name: stop, absent: 1h, action: roll-back}\n");
  CHECK(files.problems(std::string(kAction) + "rules: [rules.yaml]\n") == "");
  CHECK(files.problems("rules: [rules.yaml]\n") ==
        "rules.yaml:3: action: rule 'stop' names 'roll-back', which is none of the `actions` of "
        "vitals.yaml");
}

TEST_CASE("two actions of one name are refused") {
  Files files;
  CHECK(files
            .problems(std::string(kAction) + "  - name: roll-back\n"
                                             "    webhook: {url: 'http://127.0.0.1:9/'}\n")
            .find("vitals.yaml:4: actions[1].name: another action is called 'roll-back' too") !=
        std::string::npos);
}

TEST_CASE("bounds of health are read") {
  Files files;
  const auto config = files.load(
      "health: {disk_free_min: 0, stall_max: 20s, delivery_wait_max: 1h, clock_jump_max: 2s}\n");
  REQUIRE(config.ok());
  const pipeline::HealthOptions& health = config->pipeline.health;
  CHECK(health.disk_free_min_bytes == 0);
  CHECK(health.stall_max_ms == 20'000);
  CHECK(health.delivery_wait_max_ms == 3'600'000);
  CHECK(health.clock_jump_max_ms == 2'000);
}

}  // namespace
}  // namespace vitals::config::test
