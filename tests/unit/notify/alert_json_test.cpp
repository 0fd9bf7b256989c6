#include <string>

#include <catch2/catch.hpp>

#include <vitals/notify/alert_json.h>

namespace vitals::notify::test {
namespace {

constexpr TimeMs kNow = 1'790'000'000'000;

model::Alert pending_alert() {
  model::Alert alert;
  alert.id = "0192";
  alert.rule = "r";
  alert.labels = {{"prompt", "p"}};
  alert.value = 71.5;
  alert.samples = 31;
  alert.pending_since = kNow;
  alert.updated_at = kNow;
  return alert;
}

TEST_CASE("an alert reads back as it was stored") {
  model::Alert alert = pending_alert();
  alert.labels["prompt"] = "p\n\"ü\xff";
  CHECK(decode_alert(encode(alert))->labels.at("prompt") == "p\n\"ü\xEF\xBF\xBD");
  alert.labels["prompt"] = "p";
  CHECK(*decode_alert(encode(alert)) == alert);
  alert.value.reset();
  alert.threshold = 0.1;
  alert.status = model::AlertStatus::escalated;
  alert.severity = model::Severity::informational;
  alert.announced_at = kNow + 1;
  alert.response_ms = 600'000;
  alert.due_at = kNow + 2;
  alert.escalations = 2;
  alert.escalated_at = kNow + 3;
  alert.acknowledged_at = kNow + 4;
  alert.acknowledged_by = "ana";
  alert.assignee = "ben";
  alert.suppressed_by = "silence 7";
  alert.flapping = true;
  alert.against = "version v7";
  alert.told = {"chat", "pager"};
  alert.action = model::AlertAction{
      "roll-back", model::AlertAction::State::failed, true, "v6", "ana", "HTTP 500"};
  alert.timeline = {{kNow, "firing", "", ""}, {kNow + 4, "acknowledged", "ana", "mine"}};
  CHECK(*decode_alert(encode(alert)) == alert);
}

TEST_CASE("the stored form of an alert stays what docs/formats/alert.md says") {
  const model::Alert alert = pending_alert();
  const std::string golden =
      R"({"acknowledged_at":0,"acknowledged_by":"","action":null,"against":"",)"
      R"("annotations":{},"announced_at":0,"assignee":"","due_at":0,"escalated_at":0,)"
      R"("escalations":0,)"
      R"("firing_since":0,"flapping":false,"format":3,"id":"0192","labels":{"prompt":"p"},)"
      R"("metric":"","pending_since":1790000000000,"resolved_at":0,"response_ms":0,"rule":"r",)"
      R"("samples":31,"severity":"warning","status":"pending","suppressed_by":"",)"
      R"("threshold":null,"timeline":[],"told":[],"updated_at":1790000000000,"value":71.5})";
  CHECK(encode(alert) == golden);
  CHECK(*decode_alert(golden) == alert);
  for (const char* broken : {"", "{}", "[]", "{\"format\":4}", "nonsense"}) {
    const auto decoded = decode_alert(broken);
    REQUIRE_FALSE(decoded.ok());
    CHECK(decoded.error().code == Errc::corruption);
  }
  std::string unknown = golden;
  unknown.replace(unknown.find("warning"), 7, "awkward");
  CHECK_FALSE(decode_alert(unknown).ok());
}

TEST_CASE("an alert of format 2 says nothing of who was told") {
  model::Alert alert = pending_alert();
  alert.told = {"chat"};
  std::string stored = encode(alert);
  const auto without = [&stored](const std::string& member) {
    stored.erase(stored.find(member), member.size());
  };
  without(R"("against":"",)");
  without(R"("told":["chat"],)");
  CHECK_FALSE(decode_alert(stored).ok());
  stored.replace(stored.find("\"format\":3"), 10, "\"format\":2");
  alert.told.clear();
  CHECK(*decode_alert(stored) == alert);
}

TEST_CASE("an alert that an earlier version stored was told when it fired") {
  model::Alert alert = pending_alert();
  alert.status = model::AlertStatus::firing;
  alert.firing_since = kNow + 60'000;
  const std::string stored =
      R"({"annotations":{},"firing_since":1790000060000,"format":1,"id":"0192",)"
      R"("labels":{"prompt":"p"},"metric":"","pending_since":1790000000000,"resolved_at":0,)"
      R"("rule":"r","samples":31,"severity":"warning","status":"firing","threshold":null,)"
      R"("updated_at":1790000000000,"value":71.5})";
  alert.announced_at = alert.firing_since;
  CHECK(*decode_alert(stored) == alert);
}

}  // namespace
}  // namespace vitals::notify::test
