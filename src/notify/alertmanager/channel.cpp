#include "channel.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include <vitals/base/time_text.h>

#include "../outgoing.h"
#include "../story.h"
#include "../target_check.h"
#include "../text.h"

namespace vitals::notify {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kAnnotationMax = 4'096;  // ours: an alert is held in Alertmanager's memory

/// Prometheus' label names, `[a-zA-Z_][a-zA-Z0-9_]*`: error.type becomes error_type.
std::string label_name(std::string_view name) {
  std::string valid;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    const bool digit = c >= '0' && c <= '9';
    if (digit && valid.empty()) valid += '_';
    valid += letter || digit ? c : '_';
  }
  return valid.empty() ? "_" : valid;
}

/// They are the alert's identity, so nothing that changes with time is among them.
ordered_json labels_of(const model::Alert& alert) {
  ordered_json labels = ordered_json::object();
  labels["alertname"] = clean(alert.rule);
  labels["severity"] = to_string(alert.severity);
  for (const auto& [name, value] : alert.labels) {
    std::string key = label_name(name);
    // An empty label is none to Alertmanager; of two names that become one the first has it.
    if (!value.empty() && !labels.contains(key)) labels[key] = clean(value);
  }
  return labels;
}

ordered_json annotations_of(const Notice& notice, const Story& story) {
  ordered_json annotations = ordered_json::object();
  annotations["summary"] = cut(story.title, kAnnotationMax);
  for (const auto& [name, text] : notice.alert.annotations) {
    const std::string key = label_name(name);
    if (!text.empty() && !annotations.contains(key))
      annotations[key] = cut(clean(text), kAnnotationMax);
  }
  for (const Story::Part& fact : story.facts) {
    if (fact.name == "How bad" || fact.name == "Affected") {
      annotations[fact.name == "Affected" ? "affected" : "how_bad"] =
          cut(fact.text, kAnnotationMax);
    }
  }
  annotations["incident"] = clean(notice.alert.id);
  return annotations;
}

class AlertmanagerChannel final : public Channel {
 public:
  AlertmanagerChannel(const AlertmanagerTarget& target, const Receiver& receiver)
      : target_(target), timeout_ms_(receiver.timeout_ms), external_url_(receiver.external_url) {}

  bool groups() const override { return true; }
  DurationMs refresh_ms() const override { return target_.refresh_ms; }
  /// It knows no acknowledged alerts.
  bool wants(Event event) const override { return event != Event::acknowledged; }

  Result<net::ClientRequest> request(const Message& message, TimeMs now) const override {
    ordered_json alerts = ordered_json::array();
    for (const Notice& notice : message.notices) alerts.push_back(one(notice, now));
    net::ClientRequest request =
        outgoing(target_.url + "/api/v2/alerts", "application/json", alerts.dump(), timeout_ms_);
    request.headers.insert(request.headers.end(), target_.headers.begin(), target_.headers.end());
    return request;
  }

  Attempt judge(const Result<net::ClientAnswer>& answer, TimeMs now) const override {
    return judge_strictly(answer, now);
  }

 private:
  ordered_json one(const Notice& notice, TimeMs now) const {
    const model::Alert& alert = notice.alert;
    ordered_json object;
    object["labels"] = labels_of(alert);
    object["annotations"] = annotations_of(notice, tell(notice, external_url_));
    object["startsAt"] = format_rfc3339(alert.firing_since);
    // Counted from now, not from when the message was made: a late one must not end the alert.
    const bool over = notice.event == Event::resolved;
    const TimeMs end = over ? alert.resolved_at : now + 4 * target_.refresh_ms;
    object["endsAt"] = format_rfc3339(std::max(end, alert.firing_since + 1));
    if (const std::string url = alert_url(alert, external_url_); !url.empty()) {
      object["generatorURL"] = url;
    }
    return object;
  }

  AlertmanagerTarget target_;
  DurationMs timeout_ms_;
  std::string external_url_;
};

}  // namespace

Status check(const AlertmanagerTarget& target) {
  if (auto status = check_url("url", target.url); !status) return status;
  if (target.refresh_ms < 1'000) return refuse("refresh", "must be at least 1s");
  return check_headers(target.headers);
}

std::unique_ptr<const Channel> make(const AlertmanagerTarget& target, const Receiver& receiver) {
  return std::make_unique<AlertmanagerChannel>(target, receiver);
}

}  // namespace vitals::notify
