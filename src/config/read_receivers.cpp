#include "read_receivers.h"

#include <array>
#include <string>

#include "files.h"
#include "secret.h"

namespace vitals::config {
namespace {

using Folder = std::filesystem::path;

notify::Target webhook(Section& section, const Folder& folder) {
  notify::WebhookTarget target;
  read_webhook(section, folder, target);
  return target;
}

notify::Target slack(Section& section, const Folder& folder) {
  notify::SlackTarget target;
  read_secret(section, "url", folder, target.url);  // whoever has it can post
  read_secret(section, "token", folder, target.token);
  section.text("channel", target.channel);
  section.text("api_url", target.api_url);
  return target;
}

notify::Target email(Section& section, const Folder& folder) {
  using Security = notify::EmailTarget::Security;
  notify::EmailTarget target;
  section.texts("to", target.to);
  section.text("from", target.from);
  section.text("smtp", target.server);
  section.choice(
      "tls", target.security,
      {{"starttls", Security::starttls}, {"tls", Security::tls}, {"none", Security::none}});
  section.text("user", target.user);
  read_secret(section, "password", folder, target.password);
  std::string ca_file;
  section.text("ca_file", ca_file);
  if (!ca_file.empty()) {
    target.ca_file = (folder / ca_file).lexically_normal().string();
    if (const auto text = read_file(target.ca_file); !text) {
      section.problem("ca_file", "'" + ca_file + "' " + text.error().message);
    }
  }
  return target;
}

notify::Target pagerduty(Section& section, const Folder& folder) {
  notify::PagerDutyTarget target;
  read_secret(section, "routing_key", folder, target.routing_key);
  section.text("url", target.url);
  return target;
}

notify::Target opsgenie(Section& section, const Folder& folder) {
  notify::OpsgenieTarget target;
  read_secret(section, "api_key", folder, target.api_key);
  section.text("url", target.url);
  section.sections("responders", [&target](Section& each) {
    auto& responder = target.responders.emplace_back();
    each.text("type", responder.type);
    each.text("name", responder.name);
  });
  Section priorities = section.section("priorities");
  for (auto& [severity, priority] : target.priorities) {
    priorities.text(to_string(severity), priority);
  }
  return target;
}

notify::Target alertmanager(Section& section, const Folder& folder) {
  notify::AlertmanagerTarget target;
  section.text("url", target.url);
  read_headers(section, folder, target.headers);
  section.duration("refresh", target.refresh_ms, 1'000, 3'600'000);
  return target;
}

notify::Target cloudevents(Section& section, const Folder& folder) {
  notify::CloudEventsTarget target;
  section.text("url", target.url);
  section.text("source", target.source);
  section.choice("mode", target.binary, {{"structured", false}, {"binary", true}});
  read_headers(section, folder, target.headers);
  read_secret(section, "secret", folder, target.secret);
  return target;
}

notify::Target form(Section& section, const Folder& folder) {
  notify::TemplateTarget target;
  section.text("url", target.url);
  section.text("method", target.method);
  read_headers(section, folder, target.headers);
  section.text("content_type", target.content_type);
  std::string file;
  section.text("body", target.body);
  section.text("body_file", file);
  if (file.empty()) return target;
  if (!target.body.empty()) section.problem("body_file", "body and body_file exclude each other");
  const Result<std::string> text = read_file(folder / file);
  if (text) {
    target.body = *text;
  } else {
    section.problem("body_file", "'" + file + "' " + text.error().message);
  }
  return target;
}

struct Kind {
  std::string_view key;
  notify::Target (*read)(Section& section, const Folder& folder);
};

/// Every kind of receiver there is.
constexpr std::array kKinds = {
    Kind{"webhook", webhook},
    Kind{"slack", slack},
    Kind{"email", email},
    Kind{"pagerduty", pagerduty},
    Kind{"opsgenie", opsgenie},
    Kind{"alertmanager", alertmanager},
    Kind{"cloudevents", cloudevents},
    Kind{"template", form},
};

std::string all_kinds() {
  std::string text;
  for (const Kind& kind : kKinds) text.append(text.empty() ? "" : ", ").append(kind.key);
  return text;
}

/// The key under which the file gives what a target calls `key`.
std::string given_key(Section& section, const std::string& key) {
  for (const char* suffix : {"_file", "_env"}) {
    if (section.has(key + suffix)) return key + suffix;
  }
  return key;
}

}  // namespace

void check_target(Section& section, const notify::Target& target) {
  const Status status = notify::validate(target);
  if (status) return;
  const std::string& message = status.error().message;
  const std::size_t colon = message.find(": ");
  section.problem(given_key(section, message.substr(0, colon)), message.substr(colon + 2));
}

void read_webhook(Section& section, const Folder& folder, notify::WebhookTarget& webhook) {
  section.text("url", webhook.url);
  read_secret(section, "secret", folder, webhook.secret);
  section.text_map("headers", webhook.headers);
}

void read_headers(Section& section, const Folder& folder, notify::Headers& headers) {
  section.text_map("headers", headers);
  std::string token;
  read_secret(section, "bearer_token", folder, token);
  if (!token.empty()) headers["authorization"] = "Bearer " + token;
}

notify::Receiver read_receiver(Section& section, const Folder& folder) {
  notify::Receiver receiver;
  section.text("name", receiver.name);
  if (receiver.name.empty()) section.problem("name", "is required");
  section.duration("timeout", receiver.timeout_ms, 100, 300'000);
  Section rate = section.section("rate");
  rate.count("max", receiver.rate_max, 0);
  rate.duration("per", receiver.rate_per_ms, 1'000);
  int kinds = 0;
  for (const Kind& kind : kKinds) {
    if (!section.has(kind.key)) continue;
    Section keys = section.section(kind.key);
    receiver.target = kind.read(keys, folder);
    check_target(keys, receiver.target);
    if (++kinds == 2) section.problem(kind.key, "a receiver is of one kind only");
  }
  if (kinds == 0) section.problem("", "needs one of " + all_kinds());
  return receiver;
}

}  // namespace vitals::config
