#include <cstdlib>
#include <random>

#include <catch2/catch.hpp>

#include "notify/story.h"
#include "outbox_house.h"
#include "stand_in.h"
#include "strict.h"
#include "wild_alerts.h"

namespace vitals::notify::test {
namespace {

using nlohmann::json;
using Verdict = Attempt::Verdict;

constexpr TimeMs kSentAt = 1'790'000'060'000;
const std::string kKey(32, 'k');

Receiver receiver_of(Target target) {
  Receiver receiver;
  receiver.name = "test";
  receiver.timeout_ms = 60'000;
  receiver.target = std::move(target);
  receiver.external_url = "https://vitals.example/";
  return receiver;
}

Message message_of(Event event, model::Alert alert) {
  Message message;
  message.id = alert.id + "-" + to_string(event);
  message.created_at = kSentAt;
  message.notices.push_back({event, std::move(alert)});
  return message;
}

model::Alert alert() {
  model::Alert alert = firing("0190f8a0-0000-7000-8000-000000000001", kSentAt - 60'000);
  alert.annotations = {{"summary", "Success rate of checkout collapsed to 71.5 %"},
                       {"description", "Fewer than 80 of 100 executions succeed."},
                       {"cause", "version v42 has 93 % of the failures"},
                       {"next_step", "Roll back to v41."},
                       {"runbook_url", "https://runbooks.example/a2"}};
  return alert;
}

model::Alert over(model::Alert alert) {
  alert.status = model::AlertStatus::resolved;
  alert.resolved_at = alert.firing_since + 754'000;
  return alert;
}

/// A channel, the client that calls, and what came of a call.
struct Post {
  explicit Post(Target target) : channel(make_channel(receiver_of(std::move(target)))) {}

  Attempt tell(const Message& message) {
    const auto request = channel->request(message, kSentAt);
    REQUIRE(request.ok());
    answer = client->call(*request);
    return channel->judge(answer, kSentAt);
  }

  std::unique_ptr<const Channel> channel;
  std::unique_ptr<net::Client> client = net::make_client();
  Result<net::ClientAnswer> answer = net::ClientAnswer{};
};

/// Any alert there could be passes the service's own checks, alone and where they may be several.
void check_wild(const char* service, const StandIn& stand_in, const Target& target) {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(service, seed);
  WildAlerts wild(seed);
  Post post(target);
  const int rounds = std::getenv("VITALS_SANITIZED") != nullptr ? 12 : 60;
  for (int round = 0; round < rounds; ++round) {
    const std::size_t several = round % 3 == 0 ? 1 + wild.below(60) : 1;
    const Message message = wild.message(post.channel->groups() ? several : 1);
    const Attempt attempt = post.tell(message);
    const auto faults = stand_in.faults();
    CHECK(faults == std::vector<std::string>{});
    REQUIRE(attempt.error == "");
    CHECK(attempt.verdict == Verdict::delivered);
  }
}

const net::Response kSlackOk{
    200, "application/json", R"({"ok":true,"channel":"C1","ts":"17.5"})", {}};

TEST_CASE("whatever an alert says, every service takes it") {
  SECTION("Slack, incoming webhook") {
    const StandIn slack(slack_webhook_fault, {200, "text/plain", "ok", {}},
                        {400, "text/plain", "invalid_payload", {}});
    check_wild("slack", slack, SlackTarget{slack.url() + "/services/x", "", "", ""});
  }
  SECTION("Slack, bot") {
    const StandIn slack(slack_api_fault, kSlackOk,
                        {200, "application/json", R"({"ok":false,"error":"invalid_blocks"})", {}});
    check_wild("slack", slack, SlackTarget{"", "xoxb-test", "#alerts", slack.url() + "/api"});
  }
  SECTION("PagerDuty") {
    const StandIn pagerduty(pagerduty_fault, {202, "application/json", "{}", {}},
                            {400, "", "", {}});
    check_wild("pagerduty", pagerduty, PagerDutyTarget{kKey, pagerduty.url() + "/v2/enqueue"});
  }
  SECTION("Opsgenie") {
    const StandIn opsgenie(opsgenie_fault, {202, "application/json", "{}", {}}, {422, "", "", {}});
    OpsgenieTarget target;
    target.api_key = "test-key";
    target.url = opsgenie.url();
    target.responders = {{"team", "search"}, {"user", "ada@example.com"}};
    check_wild("opsgenie", opsgenie, target);
  }
  SECTION("Alertmanager") {
    const StandIn alertmanager(alertmanager_fault, {200, "", "", {}}, {400, "", "", {}});
    check_wild("alertmanager", alertmanager, AlertmanagerTarget{alertmanager.url(), {}, 60'000});
  }
  SECTION("CloudEvents") {
    const StandIn broker(cloudevents_fault, {204, "", "", {}}, {400, "", "", {}});
    for (const bool binary : {false, true}) {
      check_wild("cloudevents", broker,
                 CloudEventsTarget{broker.url(), "/vitals", binary, {}, kSecret});
    }
  }
  SECTION("a template that makes JSON") {
    const auto fault = [](const net::Request& request) {
      return json::accept(request.body) ? "" : "no JSON: " + request.body;
    };
    const StandIn any(fault, {200, "", "", {}}, {400, "", "", {}});
    TemplateTarget target;
    target.url = any.url();
    target.body = R"({"title":"{{headline}}","facts":[{{#facts}}"{{name}}: {{text}}",{{/facts}}""],
        "alerts":[{{#alerts}}{"prompt":"{{labels.prompt}}","value":{{value}}}{{^last}},{{/last}}
        {{/alerts}}]})";
    REQUIRE(validate(Target(target)).ok());
    check_wild("template", any, target);
  }
}

TEST_CASE("a Slack message says what happened, since when, how bad, why, and what to do") {
  const StandIn slack(slack_webhook_fault, {200, "text/plain", "ok", {}}, {400, "", "", {}});
  Post post(SlackTarget{slack.url(), "", "", ""});
  REQUIRE(post.tell(message_of(Event::firing, alert())).verdict == Verdict::delivered);
  const std::string text = slack.last_body().dump();
  for (const char* part :
       {"CRITICAL: Success rate of checkout collapsed to 71.5 %", "2026-09-21 14:13 UTC",
        "execution_success_rate 71.5, bound 80, 31 samples", "prompt checkout",
        "version v42 has 93 % of the failures", "Roll back to v41.",
        "<https://runbooks.example/a2|Runbook>",
        "<https://vitals.example/api/v1/alerts/0190f8a0-0000-7000-8000-000000000001|Alert>"}) {
    CAPTURE(part, text);
    CHECK(text.find(part) != std::string::npos);
  }
  post.tell(message_of(Event::resolved, over(alert())));
  CHECK(slack.last_body()["text"] == "Resolved: Success rate of checkout collapsed to 71.5 %");
  CHECK(slack.last_body().dump().find("12 min 34 s, until 2026-09-21 14:25 UTC") !=
        std::string::npos);
  CHECK(slack.last_body().dump().find("Roll back") == std::string::npos);  // it is over
}

TEST_CASE("what the value is held against has its name") {
  Notice notice{Event::firing, alert()};
  const auto how_bad = [&notice] {
    for (const Story::Part& fact : tell(notice, "").facts) {
      if (fact.name == "How bad") return fact.text;
    }
    return std::string();
  };
  CHECK(how_bad() == "execution_success_rate 71.5, bound 80, 31 samples");
  notice.alert.against = "version v7";
  CHECK(how_bad() == "execution_success_rate 71.5, version v7 80, 31 samples");
}

TEST_CASE("a Slack bot changes the message it has, and posts anew where that is gone") {
  const StandIn slack(slack_api_fault, kSlackOk, {400, "", "", {}});
  Post post(SlackTarget{"", "xoxb-test", "#alerts", slack.url() + "/api"});
  CHECK_FALSE(post.channel->groups());
  Message message = message_of(Event::firing, alert());
  REQUIRE(post.tell(message).verdict == Verdict::delivered);
  CHECK(slack.requests().back().path == "/api/chat.postMessage");
  CHECK(slack.last_body()["channel"] == "#alerts");

  message = message_of(Event::resolved, over(alert()));
  message.memory = post.channel->remember(message, *post.answer);
  CHECK(message.memory == "C1 17.5");
  post.tell(message);
  CHECK(slack.requests().back().path == "/api/chat.update");
  CHECK(slack.last_body()["channel"] == "C1");
  CHECK(slack.last_body()["ts"] == "17.5");

  const auto judged = [&post](const std::string& error, int status = 200) {
    net::ClientAnswer answer;
    answer.status = status;
    answer.body = R"({"ok":false,"error":")" + error + "\"}";
    answer.headers = {{"retry-after", "30"}};
    return post.channel->judge(answer, kSentAt);
  };
  CHECK(judged("message_not_found").forget);
  CHECK(judged("message_not_found").verdict == Verdict::try_again);
  CHECK_FALSE(judged("message_not_found").receiver_down);
  CHECK(judged("ratelimited", 429).not_before == kSentAt + 30'000);
  CHECK(judged("invalid_auth").verdict == Verdict::try_again);  // somebody may mend it
  CHECK(judged("invalid_auth").receiver_down);
  CHECK(judged("channel_not_found").error == "Slack says channel_not_found");
  CHECK(judged("invalid_blocks").verdict == Verdict::refused_for_good);
  CHECK(judged("").verdict == Verdict::try_again);
}

TEST_CASE("an incident has one message in Slack, and a new one where somebody deleted it") {
  std::vector<std::string> calls;
  bool deleted = false;
  ScriptedCalls slack([&](const net::ClientRequest& request) {
    const json body = json::parse(request.body);
    const bool update = request.url == "https://slack.com/api/chat.update";
    calls.push_back((update ? "update " : "post ") + body.value("ts", body.value("channel", "")));
    net::ClientAnswer answer;
    answer.status = 200;
    answer.body = update && deleted ? R"({"ok":false,"error":"message_not_found"})"
                                    : R"({"ok":true,"channel":"C1","ts":"17.)" +
                                          std::to_string(calls.size()) + "\"}";
    return answer;
  });
  Options options = everything_to("http://unused/");
  options.receivers[0].target = SlackTarget{"", "xoxb-test", "#alerts", "https://slack.com/api"};
  OutboxHouse house(slack, options);
  model::Alert one = alert();
  house.tell(Event::firing, one);
  house.deliver();
  house.tell(Event::acknowledged, one);
  house.deliver();
  deleted = true;
  house.tell(Event::resolved, over(one));
  house.deliver_for(60'000);
  CHECK(calls ==
        std::vector<std::string>{"post #alerts", "update 17.1", "update 17.2", "post #alerts"});
  CHECK(house.deliveries(DeliveryState::delivered).size() == 3);
}

TEST_CASE("a Slack message about several incidents lists them") {
  const StandIn slack(slack_webhook_fault, {200, "text/plain", "ok", {}}, {400, "", "", {}});
  Post post(SlackTarget{slack.url(), "", "", ""});
  Message message = message_of(Event::firing, alert());
  for (int i = 0; i < 40; ++i) message.notices.push_back({Event::resolved, over(alert())});
  post.tell(message);
  const json body = slack.last_body();
  CHECK(body["text"] == "41 alerts, 40 resolved");
  CHECK(body["blocks"].size() == 32);
  CHECK(body["blocks"].back()["elements"][0]["text"] == "and 11 more");
}

TEST_CASE("PagerDuty's incident is triggered, acknowledged and resolved under one key") {
  const StandIn pagerduty(pagerduty_fault, {202, "application/json", "{}", {}}, {400, "", "", {}});
  Post post(PagerDutyTarget{kKey, pagerduty.url() + "/v2/enqueue"});
  const std::vector<std::pair<Event, std::string>> steps = {{Event::firing, "trigger"},
                                                            {Event::escalated, "trigger"},
                                                            {Event::acknowledged, "acknowledge"},
                                                            {Event::resolved, "resolve"}};
  for (const auto& [event, action] : steps) {
    REQUIRE(post.tell(message_of(event, alert())).verdict == Verdict::delivered);
    const json body = pagerduty.last_body();
    CHECK(body["event_action"] == action);
    CHECK(body["dedup_key"] == alert().id);
    CHECK(body["payload"]["severity"] == "critical");
    CHECK(body["payload"]["source"] == "checkout");
    CHECK(body["payload"]["custom_details"]["Likely cause"] ==
          "version v42 has 93 % of the failures");
    CHECK(body["links"].size() == 2);
  }
  const StandIn strict(pagerduty_fault, {202, "", "", {}}, {400, "", "", {}});
  Post wrong(PagerDutyTarget{"short", strict.url() + "/v2/enqueue"});
  const Attempt attempt = wrong.tell(message_of(Event::firing, alert()));
  CHECK(attempt.verdict == Verdict::refused_for_good);  // 400 is never tried again
  CHECK(attempt.error == "HTTP 400");
  CHECK(strict.faults() == std::vector<std::string>{"event.routing_key has 5 characters"});
}

TEST_CASE("Opsgenie's alert is created, acknowledged and closed by its alias") {
  const StandIn opsgenie(opsgenie_fault, {202, "application/json", "{}", {}}, {422, "", "", {}});
  OpsgenieTarget target;
  target.api_key = "test-key";
  target.url = opsgenie.url();
  target.responders = {{"team", "search"}, {"user", "ada@example.com"}};
  Post post(target);
  post.tell(message_of(Event::firing, alert()));
  const json created = opsgenie.last_body();
  CHECK(created["alias"] == alert().id);
  CHECK(created["priority"] == "P1");
  CHECK(created["message"] == "Success rate of checkout collapsed to 71.5 %");
  CHECK(created["responders"][1] == json{{"username", "ada@example.com"}, {"type", "user"}});
  CHECK(created["details"]["prompt"] == "checkout");
  for (const auto& [event, verb] : std::vector<std::pair<Event, std::string>>{
           {Event::acknowledged, "acknowledge"}, {Event::resolved, "close"}}) {
    REQUIRE(post.tell(message_of(event, alert())).verdict == Verdict::delivered);
    CHECK(opsgenie.requests().back().path == "/v2/alerts/" + alert().id + "/" + verb);
  }
}

TEST_CASE("Alertmanager hears of an open alert again before it takes it as over") {
  const StandIn alertmanager(alertmanager_fault, {200, "", "", {}}, {400, "", "", {}});
  Post post(AlertmanagerTarget{alertmanager.url(), {{"authorization", "Bearer x"}}, 30'000});
  CHECK(post.channel->refresh_ms() == 30'000);
  CHECK_FALSE(post.channel->wants(Event::acknowledged));
  model::Alert one = alert();
  one.labels["error.type"] = "timeout";
  one.labels["empty"] = "";
  post.tell(message_of(Event::firing, one));
  json told = alertmanager.last_body()[0];
  CHECK(told["labels"] == json{{"alertname", "success-rate-collapse"},
                               {"severity", "critical"},
                               {"alert", "A2"},
                               {"prompt", "checkout"},
                               {"error_type", "timeout"}});
  CHECK(told["startsAt"] == "2026-09-21T14:13:20.000Z");
  CHECK(told["endsAt"] == "2026-09-21T14:16:20.000Z");  // in two minutes
  CHECK(told["annotations"]["cause"] == "version v42 has 93 % of the failures");
  CHECK(alertmanager.requests().back().header("authorization") == "Bearer x");
  post.tell(message_of(Event::resolved, over(one)));
  CHECK(alertmanager.last_body()[0]["endsAt"] == "2026-09-21T14:25:54.000Z");
  CHECK(alertmanager.last_body()[0]["labels"] == told["labels"]);
}

TEST_CASE("a CloudEvent has the same source and id on every try, in either mode") {
  const StandIn broker(cloudevents_fault, {204, "", "", {}}, {400, "", "", {}});
  CloudEventsTarget target{broker.url(), "/vitals/eu", false, {}, kSecret};
  const Message message = message_of(Event::firing, alert());
  Post(target).tell(message);
  const json structured = broker.last_body();
  CHECK(structured["id"] == message.id);
  CHECK(structured["source"] == "/vitals/eu");
  CHECK(structured["type"] == "prompt-vitals.alert.firing");
  CHECK(structured["data"]["labels"]["prompt"] == "checkout");
  CHECK_FALSE(broker.requests().back().header("webhook-signature").empty());
  target.binary = true;
  Post(target).tell(message);
  const net::Request binary = broker.requests().back();
  CHECK(binary.header("ce-id") == message.id);
  CHECK(binary.header("ce-type") == "prompt-vitals.alert.firing");
  CHECK(broker.last_body() == structured["data"]);
}

TEST_CASE("a heartbeat says that we are alive, where the receiver can take one") {
  const StandIn broker(cloudevents_fault, {204, "", "", {}}, {400, "", "", {}});
  const auto client = net::make_client();
  for (const bool binary : {false, true}) {
    const Post post(CloudEventsTarget{broker.url(), "/vitals", binary, {}, kSecret});
    const auto request = post.channel->heartbeat(kSentAt);
    REQUIRE(request.ok());
    CHECK(client->call(*request)->status == 204);
  }
  CHECK(broker.faults().empty());
  const auto request = Post(WebhookTarget{broker.url(), kSecret, {}}).channel->heartbeat(kSentAt);
  REQUIRE(request.ok());
  CHECK(json::parse(request->body)["type"] == "heartbeat");
}

std::string refusal(const Target& target) {
  const Status status = validate(target);
  return status ? "" : status.error().message;
}

TEST_CASE("targets that make no sense are refused, without their secrets") {
  CHECK(refusal(SlackTarget{}) ==
        "url: needs either url (an incoming webhook) or token and channel (a bot)");
  CHECK(refusal(SlackTarget{"", "xoxb-1", "", "https://slack.com/api"}) ==
        "channel: is required with a token, as '#alerts' or C0123456789");
  CHECK(refusal(SlackTarget{"", "xoxb 1", "c", ""}) ==
        "token: must be one word of printable characters");
  CHECK(refusal(PagerDutyTarget{"hush", "https://x"}) ==
        "routing_key: must have 32 characters, as the integration key of a service");
  OpsgenieTarget opsgenie;
  CHECK(refusal(opsgenie) == "api_key: is required");
  opsgenie.api_key = "k";
  opsgenie.priorities[model::Severity::warning] = "P6";
  CHECK(refusal(opsgenie) == "priorities: must be P1 to P5");
  CHECK(refusal(AlertmanagerTarget{"am:9093", {}, 60'000}) ==
        "url: must begin with http:// or https://");
  CHECK(refusal(CloudEventsTarget{"http://x", "", false, {}, ""}) == "source: is required");
  TemplateTarget form;
  form.url = "http://x";
  CHECK(refusal(form) == "body: is required: a mustache template");
  form.body = "{{#alerts}}";
  CHECK(refusal(form).substr(0, 6) == "body: ");
  form.body = R"({"text": "{{{title}}}"})";  // quotes in it would break the JSON
  CHECK(refusal(form) == "body: gives no JSON when it is filled in");
  form.content_type = "text/plain";
  CHECK(refusal(form).empty());
  EmailTarget email;
  email.to = {"ops@example.com"};
  email.from = "Vitals <v@example.com>";
  email.server = "smtp.example.com:587";
  CHECK(refusal(email).empty());
  email.user = "v";
  CHECK(refusal(email) == "password: is required beside the other");
  email.password = "hush";
  email.security = EmailTarget::Security::none;
  CHECK(refusal(email) == "tls: none would send the password in the clear");
  email.to = {"ops@example.com\r\nBcc: all"};
  CHECK(refusal(email).substr(0, 4) == "to: ");
}

}  // namespace
}  // namespace vitals::notify::test
