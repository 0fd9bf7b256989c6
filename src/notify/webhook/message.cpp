#include "message.h"

#include <limits>

#include <nlohmann/json.hpp>

#include <vitals/base/time_text.h>

#include "../outgoing.h"
#include "signature.h"

namespace vitals::notify::webhook {
namespace {

using nlohmann::ordered_json;
using Texts = std::map<std::string, std::string>;

/// At most `bytes_max` bytes, cut between UTF-8 characters.
std::string shortened(const std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

ordered_json texts_json(const Texts& texts, std::size_t bytes_max) {
  ordered_json object = ordered_json::object();
  for (const auto& [name, text] : texts) object[name] = shortened(text, bytes_max);
  return object;
}

/// One line for people. The rule's own summary speaks of the failure only.
std::string summary_of(const model::Alert& alert) {
  const auto given = alert.annotations.find("summary");
  const std::string& text = given == alert.annotations.end() ? alert.rule : given->second;
  return (alert.status == model::AlertStatus::resolved ? "Resolved: " : "") + text;
}

template <class Value>
ordered_json or_null(bool there, const Value& value) {
  return there ? ordered_json(value) : ordered_json(nullptr);
}

std::string write(const model::Alert& alert, std::string_view event, TimeMs now,
                  std::size_t text_bytes_max) {
  ordered_json body;
  body["type"] = "alert." + std::string(event);
  body["timestamp"] = format_rfc3339(now);
  body["data"] = data_of(alert, text_bytes_max);
  return body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

ordered_json data_of(const model::Alert& alert, std::size_t text_bytes_max) {
  ordered_json data;
  data["id"] = alert.id;
  data["rule"] = alert.rule;
  data["severity"] = to_string(alert.severity);
  data["status"] = to_string(alert.status);
  data["summary"] = shortened(summary_of(alert), text_bytes_max);
  data["labels"] = texts_json(alert.labels, text_bytes_max);
  data["annotations"] = texts_json(alert.annotations, text_bytes_max);
  data["metric"] = or_null(!alert.metric.empty(), alert.metric);
  data["value"] = or_null(alert.value.has_value(), alert.value.value_or(0));
  data["threshold"] = or_null(alert.threshold.has_value(), alert.threshold.value_or(0));
  data["samples"] = alert.samples;
  data["pending_since"] = alert.pending_since;
  data["firing_since"] = alert.firing_since;
  data["resolved_at"] = or_null(alert.resolved_at != 0, alert.resolved_at);
  return data;
}

std::string body_of(const model::Alert& alert, std::string_view event, TimeMs now) {
  std::string body = write(alert, event, now, std::numeric_limits<std::size_t>::max());
  for (std::size_t bytes_max = 4096; body.size() > kBodyBytesMax && bytes_max > 0; bytes_max /= 4) {
    body = write(alert, event, now, bytes_max);
  }
  return body;
}

Result<net::ClientRequest> request_for(const WebhookTarget& target, DurationMs timeout_ms,
                                       const std::string& id, const std::string& body, TimeMs now) {
  const auto keys = parse_secrets(target.secret);
  if (!keys) return keys.error();
  net::ClientRequest request = outgoing(target.url, "application/json", body, timeout_ms);
  sign(*keys, id, now, request);
  request.headers.emplace_back("idempotency-key", id);
  request.headers.insert(request.headers.end(), target.headers.begin(), target.headers.end());
  return request;
}

}  // namespace vitals::notify::webhook
