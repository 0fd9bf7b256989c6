#include <algorithm>
#include <set>

#include <vitals/notify/receiver.h>

#include "files.h"
#include "sections.h"

namespace vitals::config {
namespace {

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

/// Standard Webhooks 1.0, "Signature scheme": `whsec_` and the base64 of the key.
bool is_webhook_secret(std::string_view secret) {
  constexpr std::string_view kPrefix = "whsec_";
  constexpr std::string_view kBase64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (!starts_with(secret, kPrefix)) return false;
  secret.remove_prefix(kPrefix.size());
  const std::size_t end = secret.find_last_not_of('=') + 1;
  return end > 0 && secret.size() - end <= 2 && secret.size() % 4 == 0 &&
         secret.substr(0, end).find_first_not_of(kBase64) == std::string_view::npos;
}

bool is_header(std::string_view name, std::string_view value) {
  // RFC 9110 §5.6.2 (token); a line break in a value would smuggle headers.
  constexpr std::string_view kToken =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";
  return !name.empty() && name.find_first_not_of(kToken) == std::string_view::npos &&
         std::none_of(value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n'; });
}

void read_secret(Section& webhook, const std::filesystem::path& folder, std::string& secret) {
  std::string file;
  webhook.text("secret", secret);
  webhook.text("secret_file", file);
  if (!file.empty() && !secret.empty()) {
    return webhook.problem("secret_file", "secret and secret_file exclude each other");
  }
  if (!file.empty()) {
    const Result<std::string> text = read_secret_file(folder / file);
    if (!text) return webhook.problem("secret_file", "'" + file + "' " + text.error().message);
    secret = text->substr(0, text->find_last_not_of(" \r\n") + 1);
  }
  if (!secret.empty() && !is_webhook_secret(secret)) {
    webhook.problem(file.empty() ? "secret" : "secret_file",
                    "expected 'whsec_' followed by base64, as 'echo whsec_$(openssl rand -base64 "
                    "32)' makes it");
  }
}

notify::Receiver read_receiver(Section& section, const std::filesystem::path& folder) {
  notify::Receiver receiver;
  section.text("name", receiver.name);
  if (receiver.name.empty()) section.problem("name", "is required");
  section.duration("timeout", receiver.timeout_ms, 100, 300'000);
  Section webhook = section.section("webhook");
  webhook.text("url", receiver.url);
  if (!starts_with(receiver.url, "http://") && !starts_with(receiver.url, "https://")) {
    webhook.problem("url", "expected a URL that begins with http:// or https://");
  }
  read_secret(webhook, folder, receiver.secret);
  webhook.text_map("headers", receiver.headers);
  for (const auto& [name, value] : receiver.headers) {
    if (!is_header(name, value)) webhook.problem("headers", "'" + name + "' is no valid header");
  }
  return receiver;
}

using Names = std::set<std::string>;

void read_route(Section& section, const Names& receivers, notify::Route& route) {
  section.text("receiver", route.receiver);
  if (!route.receiver.empty() && receivers.count(route.receiver) == 0) {
    section.problem("receiver", "there is no receiver '" + route.receiver + "'");
  }
  section.sections("routes", [&](Section& child) {
    notify::Route& below = route.routes.emplace_back();
    below.receiver = route.receiver;
    child.text_map("match", below.match);
    child.flag("continue", below.continue_matching);
    read_route(child, receivers, below);
  });
}

}  // namespace

void read_notify(Section& root, const std::filesystem::path& folder, notify::Options& notify) {
  Names names;
  root.sections("receivers", [&](Section& section) {
    notify::Receiver receiver = read_receiver(section, folder);
    if (!receiver.name.empty() && !names.insert(receiver.name).second) {
      section.problem("name", "another receiver is called '" + receiver.name + "' too");
    }
    notify.receivers.push_back(std::move(receiver));
  });
  if (notify.receivers.size() == 1) notify.routes.receiver = notify.receivers.front().name;
  Section routes = root.section("routes");
  read_route(routes, names, notify.routes);
  if (notify.routes.receiver.empty() && notify.receivers.size() > 1) {
    root.problem("routes", "needs a receiver, for alerts that no other route matches");
  }
  Section section = root.section("notify");
  section.duration("retry_min", notify.retry_min_ms, 10);
  section.duration("retry_max", notify.retry_max_ms, 10);
  section.duration("give_up", notify.give_up_ms, 10);
  section.count("log_entries", notify.log_entries_max, 0, 10'000'000);
  if (notify.retry_max_ms < notify.retry_min_ms) {
    section.problem("retry_max", "must not be below retry_min");
  }
}

}  // namespace vitals::config
