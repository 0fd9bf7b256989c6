#include <cstdlib>

#include <catch2/catch.hpp>

#include "config_files.h"

namespace vitals::config::test {
namespace {

template <class Target>
const Target& target_of(const Config& config, std::size_t index) {
  return std::get<Target>(config.notify.receivers.at(index).target);
}

TEST_CASE(
    "every kind of receiver is read, with its secret from the file, a file or the environment") {
  Files files;
  files.write("token", "xoxb-from-file\n");
  files.write("body.json", R"({"text": "{{headline}}"})");
  ::setenv("VITALS_TEST_KEY", "key-from-environment", 1);
  const auto config = files.load(
      "receivers:\n"
      "  - {name: bot, rate: {max: 20, per: 1m}, slack: {token_file: token, channel: C1}}\n"
      "  - name: mail\n"
      "    timeout: 30s\n"
      "    email: {to: [a@b.c], from: V <v@b.c>, smtp: 'mx.b.c:465', tls: tls, user: v, password: "
      "p}\n"
      "  - {name: pager, pagerduty: {routing_key: 0123456789abcdef0123456789abcdef}}\n"
      "  - name: og\n"
      "    opsgenie:\n"
      "      api_key_env: VITALS_TEST_KEY\n"
      "      responders: [{type: team, name: search}]\n"
      "      priorities: {warning: P2}\n"
      "  - {name: am, alertmanager: {url: 'http://am:9093', bearer_token: t, refresh: 30s}}\n"
      "  - {name: ce, cloudevents: {url: 'http://b', mode: binary}}\n"
      "  - {name: any, template: {url: 'http://c', method: PUT, body_file: body.json}}\n"
      "notify: {external_url: 'https://vitals.example'}\n"
      "routes: {receiver: bot}\n");
  REQUIRE(config.ok());
  const auto& receivers = config->notify.receivers;
  REQUIRE(receivers.size() == 7);
  CHECK(receivers[0].rate_max == 20);
  CHECK(receivers[0].rate_per_ms == 60'000);
  CHECK(receivers[0].external_url == "https://vitals.example");
  CHECK(receivers[1].timeout_ms == 30'000);
  CHECK(target_of<notify::SlackTarget>(*config, 0).token == "xoxb-from-file");
  const auto& email = target_of<notify::EmailTarget>(*config, 1);
  CHECK(email.security == notify::EmailTarget::Security::tls);
  CHECK(email.server == "mx.b.c:465");
  const auto& opsgenie = target_of<notify::OpsgenieTarget>(*config, 3);
  CHECK(opsgenie.api_key == "key-from-environment");
  CHECK(opsgenie.priorities.at(model::Severity::warning) == "P2");
  CHECK(opsgenie.priorities.at(model::Severity::critical) == "P1");
  CHECK(opsgenie.responders.at(0).name == "search");
  const auto& alertmanager = target_of<notify::AlertmanagerTarget>(*config, 4);
  CHECK(alertmanager.headers.at("authorization") == "Bearer t");
  CHECK(alertmanager.refresh_ms == 30'000);
  CHECK(target_of<notify::CloudEventsTarget>(*config, 5).binary);
  CHECK(target_of<notify::TemplateTarget>(*config, 6).body == R"({"text": "{{headline}}"})");
}

TEST_CASE("what is wrong with a receiver is said with line, key and reason, never with a secret") {
  Files files;
  files.write("secret", "hunter2\n");
  CHECK(files.problems("receivers: [{name: a}]\n") ==
        "vitals.yaml:1: receivers[0]: needs one of webhook, slack, email, pagerduty, opsgenie, "
        "alertmanager, cloudevents, template");
  CHECK(files.problems("receivers:\n"
                       "  - name: a\n"
                       "    webhook: {url: 'http://x'}\n"
                       "    slack: {url: 'http://x'}\n") ==
        "vitals.yaml:4: receivers[0].slack: a receiver is of one kind only");
  CHECK(files.problems("receivers: [{name: a, pagerduty: {routing_key_file: secret}}]\n") ==
        "vitals.yaml:1: receivers[0].pagerduty.routing_key_file: must have 32 characters, as the "
        "integration key of a service");
  CHECK(files.problems("receivers: [{name: a, opsgenie: {api_key: x, api_key_env: Y}}]\n") ==
        "vitals.yaml:1: receivers[0].opsgenie.api_key_env: api_key, api_key_file and api_key_env "
        "exclude each other");
  CHECK(files.problems("receivers: [{name: a, slack: {url_env: VITALS_NOT_THERE}}]\n")
            .find("receivers[0].slack.url_env: the environment has no 'VITALS_NOT_THERE'") !=
        std::string::npos);
  for (const char* text : {"webhook: {url: 'http://x', secret: hunter2}",
                           "webhook: {url: 'http://x', secret_file: secret}",
                           "slack: {token: hunter2}", "pagerduty: {routing_key: hunter2}",
                           "email: {password: hunter2}", "opsgenie: {api_key: 'hunter2 x'}"}) {
    const std::string problems =
        files.problems(std::string("receivers: [{name: a, ") + text + "}]\n");
    CAPTURE(problems);
    CHECK_FALSE(problems.empty());
    CHECK(problems.find("hunter2") == std::string::npos);
  }
}

TEST_CASE(
    "routes have conditions, groups and escalations, and their parent's where they have none") {
  Files files;
  const auto config = files.load(
      "receivers:\n"
      "  - {name: a, webhook: {url: 'http://x'}}\n"
      "  - {name: b, webhook: {url: 'http://x'}}\n"
      "routes:\n"
      "  receiver: a\n"
      "  group_by: [prompt]\n"
      "  group_wait: 30s\n"
      "  escalate: [b]\n"
      "  routes:\n"
      "    - matchers: ['team:search|ranking', 'severity:!critical']\n"
      "      repeat: 4h\n"
      "      active: office\n"
      "    - {receiver: b, group_by: [], escalate: []}\n"
      "schedules: {office: {days: [mon-fri], from: '08:00', to: '18:00', time_zone: UTC}}\n"
      "heartbeats: [{receiver: b, every: 30s}]\n"
      "actions: [{name: roll-back, give_up: 1m, webhook: {url: 'http://y'}}]\n");
  REQUIRE(config.ok());
  const auto& routes = config->notify.routes.routes;
  REQUIRE(routes.size() == 2);
  CHECK(routes[0].receiver == "a");
  CHECK(routes[0].matchers.at(0).to_string() == "team:search|ranking");
  CHECK(routes[0].group_by == std::vector<std::string>{"prompt"});
  CHECK(routes[0].group_wait_ms == 30'000);
  CHECK(routes[0].repeat_ms == 4 * 3'600'000);
  REQUIRE(routes[0].active.has_value());
  CHECK(routes[0].active->to_string() == "mon-fri 08:00-18:00 UTC");
  CHECK_FALSE(routes[1].active.has_value());
  CHECK(routes[0].escalate == std::vector<std::string>{"b"});
  CHECK(routes[1].matchers.empty());
  CHECK(routes[1].group_by.empty());
  CHECK(routes[1].escalate.empty());
  CHECK(config->notify.heartbeats.at(0).every_ms == 30'000);
  CHECK(config->notify.actions.at(0).webhook.url == "http://y");
  CHECK(config->notify.actions.at(0).give_up_ms == 60'000);
  CHECK(files.problems("receivers: [{name: a, webhook: {url: 'http://x'}}]\n"
                       "routes: {receiver: a, escalate: [c]}\n"
                       "heartbeats: [{receiver: d}]\n"
                       "actions: [{name: e, webhook: {url: f}}]\n") ==
        "vitals.yaml:2: routes.escalate: there is no receiver 'c'\n"
        "vitals.yaml:3: heartbeats[0].receiver: there is no receiver 'd'\n"
        "vitals.yaml:4: actions[0].webhook.url: must begin with http:// or https://");
  CHECK_THAT(files.problems("receivers:\n"
                            "  - {name: m, email: {to: [a@b.c], from: d@e.f, smtp: 'mx:25'}}\n"
                            "heartbeats: [{receiver: m, every: 3s}]\n"),
             Catch::StartsWith("vitals.yaml:3: heartbeats[0].receiver: receiver 'm': "));
}

}  // namespace
}  // namespace vitals::config::test
