#include "channel.h"

#include <nlohmann/json.hpp>

#include <vitals/base/time_text.h>

#include "../outgoing.h"
#include "../story.h"
#include "../target_check.h"
#include "../text.h"

namespace vitals::notify {
namespace {

using nlohmann::ordered_json;

// developer.pagerduty.com, "Send an alert event"; lengths in characters, an event up to 512 KB.
constexpr std::size_t kRoutingKeySize = 32;
constexpr std::size_t kDedupKeyMax = 255;
constexpr std::size_t kSummaryMax = 1'024;
constexpr std::size_t kShortMax = 255;     // source, component, group, class: ours
constexpr std::size_t kDetailMax = 2'000;  // ours, so that all details stay far below 512 KB
constexpr std::size_t kLabelMax = 200;
constexpr std::size_t kLabelsMax = 200;
constexpr std::size_t kUrlMax = 2'000;

const char* action_of(Event event) {
  switch (event) {
    case Event::acknowledged:
      return "acknowledge";
    case Event::resolved:
      return "resolve";
    case Event::firing:
    case Event::escalated:
      break;
  }
  return "trigger";  // again under the same key, it adds to the open incident
}

const char* severity_of(model::Severity severity) {
  return severity == model::Severity::informational ? "info" : to_string(severity);
}

std::string label_of(const model::Alert& alert, const std::string& name) {
  const auto found = alert.labels.find(name);
  return found == alert.labels.end() ? std::string() : cut(one_line(found->second), kShortMax);
}

ordered_json details_of(const Story& story) {
  ordered_json details = ordered_json::object();
  const auto add = [&details](const std::string& name, const std::string& text) {
    details[name] = cut(text, kDetailMax);
  };
  if (!story.description.empty()) add("Description", story.description);
  for (const Story::Part& fact : story.facts) add(fact.name, fact.text);
  for (const Story::Part& part : story.advice) add(part.name, part.text);
  ordered_json labels = ordered_json::object();
  for (const Story::Part& label : story.labels) {
    if (labels.size() == kLabelsMax) break;
    labels[cut(label.name, kLabelMax)] = cut(label.text, kLabelMax);
  }
  if (!labels.empty()) details["Labels"] = std::move(labels);
  return details;
}

ordered_json payload_of(const model::Alert& alert, const Story& story) {
  const std::string prompt = label_of(alert, "prompt");
  ordered_json payload;
  payload["summary"] = cut(story.headline(), kSummaryMax);
  payload["source"] = prompt.empty() ? "prompt-vitals" : prompt;
  payload["severity"] = severity_of(alert.severity);
  payload["timestamp"] = format_rfc3339(alert.firing_since);
  if (!prompt.empty()) payload["component"] = prompt;
  if (const std::string team = label_of(alert, "team"); !team.empty()) payload["group"] = team;
  if (!alert.rule.empty()) payload["class"] = cut(one_line(alert.rule), kShortMax);
  payload["custom_details"] = details_of(story);
  return payload;
}

class PagerDutyChannel final : public Channel {
 public:
  PagerDutyChannel(const PagerDutyTarget& target, const Receiver& receiver)
      : target_(target), timeout_ms_(receiver.timeout_ms), external_url_(receiver.external_url) {}

  Result<net::ClientRequest> request(const Message& message, TimeMs) const override {
    const Notice& notice = message.notices.front();
    const Story story = tell(notice, external_url_);
    ordered_json event;
    event["routing_key"] = target_.routing_key;
    event["event_action"] = action_of(notice.event);
    event["dedup_key"] = cut(clean(notice.alert.id), kDedupKeyMax);
    event["payload"] = payload_of(notice.alert, story);
    ordered_json links = ordered_json::array();
    for (const Story::Link& link : story.links) {
      if (link.url.size() <= kUrlMax) links.push_back({{"href", link.url}, {"text", link.text}});
    }
    if (!links.empty()) event["links"] = std::move(links);
    event["client"] = "Prompt Vitals";
    if (const std::string url = alert_url(notice.alert, external_url_); !url.empty()) {
      event["client_url"] = url;
    }
    return outgoing(target_.url, "application/json", event.dump(), timeout_ms_);
  }

  Attempt judge(const Result<net::ClientAnswer>& answer, TimeMs now) const override {
    return judge_strictly(answer, now);
  }

 private:
  PagerDutyTarget target_;
  DurationMs timeout_ms_;
  std::string external_url_;
};

}  // namespace

Status check(const PagerDutyTarget& target) {
  if (auto status = check_token("routing_key", target.routing_key); !status) return status;
  if (target.routing_key.size() != kRoutingKeySize) {
    return refuse("routing_key", "must have 32 characters, as the integration key of a service");
  }
  return check_url("url", target.url);
}

std::unique_ptr<const Channel> make(const PagerDutyTarget& target, const Receiver& receiver) {
  return std::make_unique<PagerDutyChannel>(target, receiver);
}

}  // namespace vitals::notify
