#include "read_receivers.h"

#include <array>
#include <string>

#include "secret.h"

namespace vitals::config {
namespace {

using Folder = std::filesystem::path;

notify::Target webhook(Section& section, const Folder& folder) {
  notify::WebhookTarget target;
  read_webhook(section, folder, target);
  return target;
}

struct Kind {
  std::string_view key;
  notify::Target (*read)(Section& section, const Folder& folder);
};

/// Every kind of receiver there is.
constexpr std::array kKinds = {
    Kind{"webhook", webhook},
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
