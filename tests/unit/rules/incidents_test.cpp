#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/base/time_text.h>
#include <vitals/model/matcher.h>
#include <vitals/rules/incidents.h>

namespace vitals::rules::test {
namespace {

using model::Alert;
using model::AlertStatus;
using ActionState = model::AlertAction::State;
using Tellings = std::vector<Telling>;

constexpr TimeMs kNow = 1'790'000'000'000;

Alert firing(const std::string& id, TimeMs since = kNow) {
  Alert alert;
  alert.id = id;
  alert.rule = "collapse";
  alert.severity = model::Severity::critical;
  alert.status = AlertStatus::firing;
  alert.labels = {{"prompt", "checkout"}, {"severity", "critical"}};
  alert.pending_since = alert.firing_since = alert.updated_at = since;
  alert.response_ms = 10 * kMinuteMs;
  return alert;
}

Alert resolved(Alert alert, TimeMs at) {
  alert.status = AlertStatus::resolved;
  alert.resolved_at = alert.updated_at = at;
  return alert;
}

model::Silence silence(const std::string& matcher, TimeMs from, TimeMs until) {
  return {"s1", {*model::parse_matcher(matcher)}, from, until, from, "ana", "deploy"};
}

/// Incidents, and everything that was to be saved and told of them.
class Ward {
 public:
  explicit Ward(IncidentOptions options = without_diagnosis())
      : incidents(std::move(options), telemetry_) {}

  static IncidentOptions without_diagnosis() {
    IncidentOptions options;
    options.diagnosis_ms = 0;
    return options;
  }

  void take(const Alert& alert, TimeMs now) {
    incidents.take(alert, now);
    step(now);
  }
  void step(TimeMs now) {
    incidents.step(now);
    for (Change& change : incidents.drain()) {
      if (change.telling != Telling::nothing) told.push_back(change.telling);
      if (change.request_action) ++actions;
      saved[change.alert.id] = std::move(change.alert);
    }
  }

  Tellings told;
  int actions = 0;
  std::map<std::string, Alert> saved;

 private:
  telemetry::Registry telemetry_;

 public:
  Incidents incidents;
};

TEST_CASE("a firing alert is told once, and so is its end") {
  Ward ward;
  ward.take(firing("a"), kNow);
  ward.step(kNow + kMinuteMs);
  CHECK(ward.told == Tellings{Telling::firing});
  CHECK(ward.saved["a"].announced_at == kNow);
  CHECK(ward.saved["a"].due_at == kNow + 10 * kMinuteMs);
  ward.take(resolved(firing("a"), kNow + 2 * kMinuteMs), kNow + 2 * kMinuteMs);
  CHECK(ward.told == Tellings{Telling::firing, Telling::resolved});
  CHECK(ward.saved["a"].status == AlertStatus::resolved);
  CHECK(ward.saved["a"].timeline.size() == 2);
}

TEST_CASE("an alert remembers who was told of it, also those whom routes have left") {
  IncidentOptions options = Ward::without_diagnosis();
  const auto route_to = [&options](std::vector<std::string> receivers) {
    options.receivers = [receivers](const Alert&) { return receivers; };
    return options;
  };
  Ward ward(route_to({"chat"}));
  ward.take(firing("a"), kNow);
  CHECK(ward.saved["a"].told == std::vector<std::string>{"chat"});
  ward.incidents.configure(route_to({"mail", "chat"}));
  REQUIRE(ward.incidents.comment("a", {"ana", "hm"}, kNow + 1));
  ward.step(kNow + 1);
  CHECK(ward.saved["a"].told == std::vector<std::string>{"chat"});  // a comment is not told

  Ward after(options);
  after.incidents.restore({ward.saved["a"]}, {});
  after.take(resolved(firing("a"), kNow + kMinuteMs), kNow + kMinuteMs);
  CHECK(after.saved["a"].told == std::vector<std::string>{"chat", "mail"});
}

TEST_CASE("an alert that only pended is told to nobody") {
  Ward ward;
  Alert alert = firing("a");
  alert.status = AlertStatus::pending;
  alert.firing_since = 0;
  ward.take(alert, kNow);
  CHECK(ward.saved["a"].status == AlertStatus::pending);
  CHECK_FALSE(ward.incidents.acknowledge("a", {"ana", ""}, kNow).ok());
  ward.take(resolved(alert, kNow + 1), kNow + 1);
  CHECK(ward.told.empty());
}

TEST_CASE("when nobody takes it on in time, it escalates step by step, to the minute") {
  IncidentOptions options = Ward::without_diagnosis();
  options.escalation_steps = [](const Alert&) { return 2U; };
  Ward ward(options);
  ward.take(firing("a"), kNow);
  ward.step(kNow + 10 * kMinuteMs - 1);
  CHECK(ward.told.size() == 1);
  ward.step(kNow + 10 * kMinuteMs);
  CHECK(ward.saved["a"].status == AlertStatus::escalated);
  ward.step(kNow + 20 * kMinuteMs);
  CHECK(ward.saved["a"].escalations == 2);
  ward.step(kNow + 90 * kMinuteMs);
  CHECK(ward.told == Tellings{Telling::firing, Telling::escalated, Telling::escalated});
  CHECK(ward.saved["a"].due_at == 0);
}

TEST_CASE("after a time in which nothing could be told each escalation has its full time") {
  IncidentOptions options = Ward::without_diagnosis();
  options.escalation_steps = [](const Alert&) { return 3U; };
  Ward before(options);
  before.take(firing("a"), kNow);
  Ward after(options);
  after.incidents.restore({before.saved["a"]}, {});
  const TimeMs back = kNow + 55 * kMinuteMs;
  after.step(back);
  after.step(back + 10 * kMinuteMs - 1);
  CHECK(after.told == Tellings{Telling::escalated});
  after.step(back + 10 * kMinuteMs);
  CHECK(after.saved["a"].escalations == 2);
}

TEST_CASE("who acknowledges stops the clock and is remembered; others may join in") {
  Ward ward;
  ward.take(firing("a"), kNow);
  const auto taken = ward.incidents.acknowledge("a", {"ana", "on it"}, kNow + kMinuteMs);
  REQUIRE(taken);
  CHECK(taken->status == AlertStatus::acknowledged);
  CHECK(taken->assignee == "ana");
  REQUIRE(ward.incidents.acknowledge("a", {"ben", ""}, kNow + 2 * kMinuteMs));
  REQUIRE(ward.incidents.assign("a", "ben", {"ana", "off duty"}, kNow + 3 * kMinuteMs));
  REQUIRE(ward.incidents.comment("a", {"ben", "the model is down"}, kNow + 4 * kMinuteMs));
  ward.step(kNow + 60 * kMinuteMs);
  CHECK(ward.told == Tellings{Telling::firing, Telling::acknowledged});
  const Alert& alert = ward.saved["a"];
  CHECK(alert.acknowledged_by == "ana");
  CHECK(alert.acknowledged_at == kNow + kMinuteMs);
  CHECK(alert.assignee == "ben");
  REQUIRE(alert.timeline.size() == 5);
  CHECK(alert.timeline[3].text == "to ben: off duty");
  CHECK(alert.timeline[4] ==
        model::AlertEntry{kNow + 4 * kMinuteMs, "comment", "ben", "the model is down"});
}

TEST_CASE("commands on what is not there say so") {
  Ward ward;
  CHECK(ward.incidents.acknowledge("x", {"ana", ""}, kNow).error().code == Errc::not_found);
  CHECK(ward.incidents.comment("x", {"ana", ""}, kNow).error().code == Errc::not_found);
  ward.take(firing("a"), kNow);
  CHECK(ward.incidents.approve("a", {"ana", ""}, {}, kNow).error().code == Errc::unprocessable);
}

TEST_CASE("a silenced alert is told when the silence ends, and not before") {
  Ward ward;
  ward.incidents.silence({silence("prompt:check*", kNow - 1, kNow + 30 * kMinuteMs)});
  ward.take(firing("a"), kNow);
  CHECK(ward.told.empty());
  CHECK(ward.saved["a"].suppressed_by == "silence s1");
  ward.step(kNow + 30 * kMinuteMs - 1);
  CHECK(ward.told.empty());
  ward.step(kNow + 30 * kMinuteMs);
  CHECK(ward.told == Tellings{Telling::firing});
  CHECK(ward.saved["a"].due_at == kNow + 40 * kMinuteMs);
}

TEST_CASE("a silence keeps quiet about escalations, but not about the end of what was told") {
  Ward ward;
  ward.take(firing("a"), kNow);
  ward.incidents.silence({silence("rule:collapse", kNow, kNow + 60 * kMinuteMs)});
  ward.step(kNow + 20 * kMinuteMs);
  CHECK(ward.told == Tellings{Telling::firing});
  ward.take(resolved(firing("a"), kNow + 21 * kMinuteMs), kNow + 21 * kMinuteMs);
  CHECK(ward.told == Tellings{Telling::firing, Telling::resolved});
}

TEST_CASE("what came and went under a silence is saved and told to nobody") {
  Ward ward;
  ward.incidents.silence({silence("rule:collapse", kNow, kNow + 60 * kMinuteMs)});
  ward.take(firing("a"), kNow);
  ward.take(resolved(firing("a"), kNow + 1), kNow + 1);
  CHECK(ward.told.empty());
  CHECK(ward.saved["a"].status == AlertStatus::resolved);
}

TEST_CASE("an active alert inhibits others of equal labels, until it is over") {
  IncidentOptions options = Ward::without_diagnosis();
  options.inhibitions = {{{*model::parse_matcher("severity:critical")},
                          {*model::parse_matcher("severity:warning")},
                          {"prompt"}}};
  Ward ward(options);
  Alert warning = firing("w");
  warning.labels["severity"] = "warning";
  Alert elsewhere = warning;
  elsewhere.id = "e";
  elsewhere.labels["prompt"] = "search";
  ward.incidents.take(firing("c"), kNow);
  ward.incidents.take(warning, kNow);
  ward.take(elsewhere, kNow);
  CHECK(ward.saved["w"].suppressed_by == "alert c");
  CHECK(ward.saved["e"].announced_at == kNow);
  CHECK(ward.told == Tellings{Telling::firing, Telling::firing});
  ward.take(resolved(firing("c"), kNow + kMinuteMs), kNow + kMinuteMs);
  CHECK(ward.told ==
        Tellings{Telling::firing, Telling::firing, Telling::resolved, Telling::firing});
  CHECK(ward.saved["w"].announced_at == kNow + kMinuteMs);
}

TEST_CASE("an alert does not inhibit itself") {
  IncidentOptions options = Ward::without_diagnosis();
  const auto all = *model::parse_matcher("rule:*");
  options.inhibitions = {{{all}, {all}, {}}};
  Ward ward(options);
  ward.take(firing("a"), kNow);
  CHECK(ward.told == Tellings{Telling::firing});
}

TEST_CASE("alerts that are source and target do not silence each other, but others do") {
  IncidentOptions options = Ward::without_diagnosis();
  options.inhibitions = {{{*model::parse_matcher("severity:critical|page")},
                          {*model::parse_matcher("severity:critical|warning")},
                          {"prompt"}}};
  Ward ward(options);
  Alert warning = firing("w");
  warning.labels["severity"] = "warning";
  Alert page = firing("p");
  page.labels["severity"] = "page";
  ward.incidents.take(firing("a"), kNow);
  ward.incidents.take(firing("b"), kNow);
  ward.take(warning, kNow);
  CHECK(ward.told == Tellings{Telling::firing, Telling::firing});
  CHECK(ward.saved["a"].suppressed_by.empty());
  CHECK(ward.saved["b"].suppressed_by.empty());
  CHECK(ward.saved["w"].suppressed_by == "alert a");
  ward.take(page, kNow + 1);
  CHECK(ward.saved["a"].suppressed_by == "alert p");
  CHECK(ward.saved["b"].suppressed_by == "alert p");
  ward.take(resolved(page, kNow + 2), kNow + 2);
  CHECK(ward.saved["a"].suppressed_by.empty());
  CHECK(ward.saved["p"].suppressed_by.empty());
}

TEST_CASE("what comes and goes is told again only when it has settled") {
  Ward ward;
  TimeMs now = kNow;
  for (int i = 0; i < 4; ++i, now += kMinuteMs) {
    const Alert alert = firing(std::to_string(i), now);
    ward.take(alert, now);
    ward.take(resolved(alert, now + 1), now + 1);
  }
  CHECK(ward.told.size() == 8);
  ward.take(firing("4", now), now);
  CHECK(ward.saved["4"].flapping);
  CHECK(ward.saved["4"].suppressed_by == "flapping");
  ward.step(now + 10 * kMinuteMs - 1);
  CHECK(ward.told.size() == 8);
  ward.step(now + 10 * kMinuteMs);
  CHECK(ward.told.size() == 9);
  CHECK(ward.saved["4"].suppressed_by.empty());
}

TEST_CASE("flapping is told over a restart") {
  std::vector<Alert> history;
  for (int i = 0; i < 4; ++i) {
    const TimeMs at = kNow - (4 - i) * kMinuteMs;
    history.push_back(resolved(firing(std::to_string(i), at), at + 1));
  }
  Ward ward;
  ward.incidents.restore({}, history);
  ward.take(firing("4"), kNow);
  CHECK(ward.told.empty());
}

TEST_CASE("firings of long ago make nothing flap after a restart") {
  std::vector<Alert> history;  // newest first, as the book gives it
  for (int i = 0; i < 10; ++i) {
    const TimeMs at = kNow - (i + 1) * 40 * kMinuteMs;
    history.push_back(resolved(firing(std::to_string(i), at), at + 1));
  }
  Ward ward;
  ward.incidents.restore({}, history);
  ward.take(firing("now"), kNow);
  CHECK(ward.told == Tellings{Telling::firing});
}

TEST_CASE("open incidents go on after a restart where they stood") {
  Ward before;
  before.take(firing("told"), kNow);
  Ward waiting(IncidentOptions{});  // for a diagnosis, when the daemon dies
  waiting.take(firing("unheard", kNow + 1), kNow + 1);

  Ward after;
  after.incidents.restore({before.saved["told"], waiting.saved["unheard"]}, {});
  after.step(kNow + kMinuteMs);
  CHECK(after.told == Tellings{Telling::firing});
  CHECK(after.saved["unheard"].announced_at == kNow + kMinuteMs);
  after.step(kNow + 10 * kMinuteMs);
  CHECK(after.saved["told"].status == AlertStatus::escalated);
}

TEST_CASE("an alert waits a moment for its diagnosis, and no longer") {
  Ward ward(IncidentOptions{});
  ward.take(firing("a"), kNow);
  ward.take(firing("b"), kNow);
  CHECK(ward.incidents.undiagnosed().size() == 2);
  CHECK(ward.incidents.undiagnosed().empty());
  CHECK(ward.told.empty());
  ward.incidents.diagnosed("a", {{{"cause", "version v8"}}, "v7"});
  ward.step(kNow + 100);
  CHECK(ward.told == Tellings{Telling::firing});
  CHECK(ward.saved["a"].annotations.at("cause") == "version v8");
  ward.step(kNow + 1'000);
  CHECK(ward.saved["b"].announced_at == kNow + 1'000);
}

TEST_CASE("an alert that ends before its diagnosis comes is told with both its ends") {
  Ward ward(IncidentOptions{});
  ward.take(firing("a"), kNow);
  ward.take(resolved(firing("a"), kNow + 10), kNow + 10);
  CHECK(ward.told == Tellings{Telling::firing, Telling::resolved});
}

Alert with_action(const std::string& id) {
  Alert alert = firing(id);
  alert.action = model::AlertAction{};
  alert.action->name = "roll-back";
  return alert;
}

TEST_CASE("a recovery action waits for a person, and is called once") {
  IncidentOptions options = Ward::without_diagnosis();
  options.actions["roll-back"] = {};
  Ward ward(options);
  ward.take(with_action("a"), kNow);
  CHECK(ward.actions == 0);
  CHECK(ward.saved["a"].action->state == ActionState::proposed);
  REQUIRE(ward.incidents.approve("a", {"ana", "v8 is bad"}, {}, kNow + 1));
  ward.step(kNow + 1);
  CHECK(ward.actions == 1);
  CHECK(ward.saved["a"].action->approved_by == "ana");
  CHECK_FALSE(ward.incidents.approve("a", {"ben", ""}, {}, kNow + 2).ok());
  ward.incidents.action_done("a", "HTTP 500", kNow + 3);
  ward.step(kNow + 3);
  CHECK(ward.saved["a"].action->state == ActionState::failed);
  CHECK(ward.saved["a"].timeline.back().text == "roll-back: HTTP 500");
}

TEST_CASE("an automatic action keeps to its rate limit, over restarts too") {
  IncidentOptions options = Ward::without_diagnosis();
  options.actions["roll-back"] = {true, false, 1, 60 * kMinuteMs};
  Ward ward(options);
  ward.take(with_action("a"), kNow);
  CHECK(ward.actions == 1);
  ward.take(with_action("b"), kNow + kMinuteMs);
  CHECK(ward.actions == 1);
  CHECK(ward.saved["b"].action->state == ActionState::held_back);
  const auto refused = ward.incidents.approve("b", {"ana", ""}, {}, kNow + kMinuteMs);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message == "the recovery action is held back by its rate limit until " +
                                       format_rfc3339(kNow + 60 * kMinuteMs));

  Ward after(options);
  after.incidents.restore({ward.saved["a"], ward.saved["b"]}, {});
  after.take(with_action("c"), kNow + 2 * kMinuteMs);
  CHECK(after.actions == 0);
  after.take(with_action("d"), kNow + 61 * kMinuteMs);
  CHECK(after.actions == 1);
}

TEST_CASE("a dry run does not use up the rate limit, over restarts too") {
  IncidentOptions options = Ward::without_diagnosis();
  options.actions["roll-back"] = {true, true, 1, 60 * kMinuteMs};
  Ward ward(options);
  ward.take(with_action("a"), kNow);
  ward.take(with_action("b"), kNow);
  CHECK(ward.actions == 2);
  for (const char* id : {"a", "b"}) ward.incidents.action_done(id, "", kNow + 1);
  ward.step(kNow + 1);
  Ward after(options);
  after.incidents.restore({ward.saved["a"], ward.saved["b"]}, {});
  for (Ward* one : {&ward, &after}) {
    REQUIRE(one->incidents.approve("a", {"ana", "so: not a, dry run"}, false, kNow + 2));
    CHECK_FALSE(one->incidents.approve("b", {"ana", ""}, false, kNow + 2).ok());
  }
}

TEST_CASE("an action whose answer does not come can be called again after a day") {
  IncidentOptions options = Ward::without_diagnosis();
  options.actions["roll-back"] = {true, false, 1, kMinuteMs};
  Ward ward(options);
  ward.take(with_action("a"), kNow);
  CHECK_FALSE(ward.incidents.approve("a", {"ana", ""}, {}, kNow + kDayMs - 1).ok());
  REQUIRE(ward.incidents.approve("a", {"ana", ""}, {}, kNow + kDayMs));
  ward.incidents.action_done("a", "", kNow + kDayMs + 1);
  const auto twice = ward.incidents.approve("a", {"ana", ""}, {}, kNow + 3 * kDayMs);
  REQUIRE_FALSE(twice.ok());
  CHECK(twice.error().message == "the recovery action succeeded at " +
                                     format_rfc3339(kNow + kDayMs + 1) +
                                     "; it is not called twice");
}

TEST_CASE("an automatic action waits to be told where to go back to, the notice does not") {
  IncidentOptions options;
  options.actions["roll-back"] = {true, false, 99, kMinuteMs};
  Ward ward(options);
  for (const char* id : {"a", "b"}) ward.take(with_action(id), kNow);
  ward.step(kNow + 1'000);
  CHECK(ward.told.size() == 2);
  CHECK(ward.actions == 0);
  ward.incidents.diagnosed("a", {{}, "v7"});
  ward.step(kNow + 2'000);
  CHECK(ward.actions == 1);
  CHECK(ward.saved["a"].action->rollback_to == "v7");
  CHECK(ward.saved["a"].action->state == ActionState::requested);
  Ward after(options);
  after.incidents.restore({ward.saved["a"], ward.saved["b"]}, {});
  after.step(kNow + 3'000);
  CHECK(after.actions == 1);
  ward.step(kNow + 9'999);
  CHECK(ward.actions == 1);
  ward.step(kNow + 10'000);
  CHECK(ward.actions == 2);
  ward.incidents.diagnosed("b", {{}, "v7"});
  ward.step(kNow + 11'000);
  CHECK(ward.saved["b"].action->rollback_to.empty());
}

TEST_CASE("however often it is kept quiet and heard again, an alert's story is bounded") {
  Ward ward;
  ward.take(firing("a"), kNow);
  for (TimeMs now = kNow; now < kNow + 600; ++now) {
    ward.incidents.silence({silence("rule:collapse", now, now % 2 == 0 ? now + kMinuteMs : now)});
    ward.step(now);
  }
  CHECK(ward.saved["a"].timeline.size() == 500);
  CHECK(ward.saved["a"].suppressed_by.empty());
}

TEST_CASE("a clock that was set back does not put escalation off") {
  Ward ward;
  ward.take(firing("a"), kNow);
  ward.step(kNow - kDayMs);
  CHECK(ward.saved["a"].due_at == kNow - kDayMs + 10 * kMinuteMs);
  ward.step(kNow - kDayMs + 10 * kMinuteMs);
  CHECK(ward.told == Tellings{Telling::firing, Telling::escalated});
}

TEST_CASE("the first notice says that the action has been requested") {
  IncidentOptions options = Ward::without_diagnosis();
  options.actions["roll-back"] = {true, false, 1, kMinuteMs};
  Ward ward(options);
  ward.incidents.take(with_action("a"), kNow);
  ward.incidents.step(kNow);
  const auto changes = ward.incidents.drain();
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].telling == Telling::firing);
  CHECK(changes[0].request_action);
  CHECK(changes[0].alert.action->state == ActionState::requested);
}

TEST_CASE("after a dry run a person may have it done, once") {
  IncidentOptions options = Ward::without_diagnosis();
  options.actions["roll-back"] = {true, true, 5, kMinuteMs};
  Ward ward(options);
  ward.take(with_action("a"), kNow);
  CHECK_FALSE(ward.incidents.approve("a", {"ana", ""}, false, kNow + 1).ok());
  ward.incidents.action_done("a", "", kNow + 2);
  REQUIRE(ward.incidents.approve("a", {"ana", "looks right"}, false, kNow + 3));
  ward.step(kNow + 3);
  CHECK(ward.actions == 2);
  CHECK_FALSE(ward.saved["a"].action->dry_run);
  ward.incidents.action_done("a", "", kNow + 4);
  CHECK_FALSE(ward.incidents.approve("a", {"ana", ""}, false, kNow + 5).ok());
}

TEST_CASE("what became of an action is noted when the alert is over already, over a restart too") {
  IncidentOptions options = Ward::without_diagnosis();
  options.actions["roll-back"] = {true, false, 1, kMinuteMs};
  Ward ward(options);
  ward.take(with_action("a"), kNow);
  ward.take(resolved(with_action("a"), kNow + 1), kNow + 1);
  Ward after(options);
  after.incidents.restore({}, {ward.saved["a"]});
  for (Ward* one : {&ward, &after}) {
    one->incidents.action_done("a", "", kNow + 2);
    one->step(kNow + 2);
    CHECK(one->saved["a"].action->state == ActionState::succeeded);
    CHECK(one->saved["a"].status == AlertStatus::resolved);
    one->incidents.action_done("a", "late repeat", kNow + 3);
    one->step(kNow + 3);
    CHECK(one->saved["a"].action->state == ActionState::succeeded);
  }
}

TEST_CASE("an alert that was over before anybody heard of it asks for no action") {
  IncidentOptions options;
  options.actions["roll-back"] = {true, false, 1, kMinuteMs};
  Ward ward(options);
  ward.take(with_action("a"), kNow);
  ward.take(resolved(with_action("a"), kNow + 1), kNow + 1);
  CHECK(ward.told == Tellings{Telling::firing, Telling::resolved});
  CHECK(ward.actions == 0);
}

TEST_CASE("ten thousand alerts are told a part at a time, each once") {
  Ward ward;
  constexpr int kAlerts = 10'000;
  for (int i = 0; i < kAlerts; ++i) {
    Alert alert = firing(std::to_string(i));
    alert.labels["prompt"] = alert.id;
    ward.incidents.take(alert, kNow);
  }
  int steps = 0;
  for (; ward.incidents.due() <= kNow; ++steps) ward.step(kNow);
  CHECK(ward.told.size() == kAlerts);
  CHECK(steps > 10);
  CHECK(ward.incidents.due() == kNow + 10 * kMinuteMs);
}

TEST_CASE("an action that is not configured is none") {
  Ward ward;
  ward.take(with_action("a"), kNow);
  CHECK_FALSE(ward.saved["a"].action.has_value());
}

}  // namespace
}  // namespace vitals::rules::test
