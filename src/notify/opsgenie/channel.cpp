#include "channel.h"

#include <array>

#include <nlohmann/json.hpp>

#include "../outgoing.h"
#include "../story.h"
#include "../target_check.h"
#include "../text.h"

namespace vitals::notify {
namespace {

using nlohmann::ordered_json;

// docs.opsgenie.com, "Alert API", in characters.
constexpr std::size_t kMessageMax = 130;
constexpr std::size_t kAliasMax = 512;
constexpr std::size_t kDescriptionMax = 15'000;
constexpr std::size_t kDetailsMax = 8'000;  // names and values together
constexpr std::size_t kEntityMax = 512;
constexpr std::size_t kTagMax = 50;  // and at most 20
constexpr std::size_t kRespondersMax = 50;
constexpr const char* kSource = "prompt-vitals";  // up to 100
constexpr std::size_t kLabelTextMax = 500;        // ours, so that no single one crowds others out

std::string alias_of(const model::Alert& alert) { return cut(one_line(alert.id), kAliasMax); }

/// RFC 3986, unreserved characters stay.
std::string path_segment(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string path;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      path += c;
    } else {
      path += '%';
      path += kHex[byte >> 4U];
      path += kHex[byte & 15U];
    }
  }
  return path;
}

std::string description_of(const Story& story) {
  std::string text = story.description;
  const auto add = [&text](const Story::Part& part) {
    text += (text.empty() ? "" : "\n") + part.name + ": " + part.text;
  };
  for (const Story::Part& fact : story.facts) add(fact);
  for (const Story::Part& part : story.advice) add(part);
  for (const Story::Link& link : story.links) add({link.text, link.url});
  return cut(text, kDescriptionMax);
}

ordered_json label_details_of(const Story& story) {
  ordered_json details = ordered_json::object();
  std::size_t used = 0;
  for (const Story::Part& label : story.labels) {
    const std::string name = cut(label.name, kLabelTextMax);
    const std::string text = cut(label.text, kLabelTextMax);
    if (text.empty()) continue;
    used += length(name) + length(text);
    if (used > kDetailsMax) break;
    details[name] = text;
  }
  return details;
}

ordered_json tags_of(const model::Alert& alert) {
  ordered_json tags = ordered_json::array({cut(one_line(alert.rule), kTagMax)});
  tags.push_back(to_string(alert.severity));
  for (const char* name : {"alert", "team", "prompt"}) {
    const auto label = alert.labels.find(name);
    if (label == alert.labels.end()) continue;
    // What has nothing but control characters is empty.
    if (std::string tag = cut(one_line(label->second), kTagMax); !tag.empty()) {
      tags.push_back(std::move(tag));
    }
  }
  return tags;
}

class OpsgenieChannel final : public Channel {
 public:
  OpsgenieChannel(const OpsgenieTarget& target, const Receiver& receiver)
      : target_(target), timeout_ms_(receiver.timeout_ms), external_url_(receiver.external_url) {}

  Result<net::ClientRequest> request(const Message& message, TimeMs) const override {
    const Notice& notice = message.notices.front();
    const Story story = tell(notice, external_url_);
    std::string url = target_.url + "/v2/alerts";
    ordered_json body;
    if (notice.event == Event::acknowledged || notice.event == Event::resolved) {
      const char* const verb = notice.event == Event::resolved ? "/close" : "/acknowledge";
      url += "/" + path_segment(alias_of(notice.alert)) + verb + "?identifierType=alias";
      body["note"] = description_of(story);
    } else {
      body = creation(notice.alert, story);
    }
    body["source"] = kSource;
    net::ClientRequest request =
        outgoing(std::move(url), "application/json", body.dump(), timeout_ms_);
    request.headers.emplace_back("authorization", "GenieKey " + target_.api_key);
    return request;
  }

  Attempt judge(const Result<net::ClientAnswer>& answer, TimeMs now) const override {
    return judge_strictly(answer, now);
  }

 private:
  ordered_json creation(const model::Alert& alert, const Story& story) const {
    ordered_json body;
    body["message"] = cut(story.title, kMessageMax);
    body["alias"] = alias_of(alert);
    body["description"] = description_of(story);
    ordered_json responders = ordered_json::array();
    for (const auto& [type, name] : target_.responders) {
      responders.push_back({{type == "user" ? "username" : "name", name}, {"type", type}});
    }
    if (!responders.empty()) body["responders"] = std::move(responders);
    body["tags"] = tags_of(alert);
    body["details"] = label_details_of(story);
    if (const auto prompt = alert.labels.find("prompt"); prompt != alert.labels.end()) {
      const std::string entity = cut(one_line(prompt->second), kEntityMax);
      if (!entity.empty()) body["entity"] = entity;
    }
    const auto priority = target_.priorities.find(alert.severity);
    body["priority"] = priority == target_.priorities.end() ? "P3" : priority->second;
    return body;
  }

  OpsgenieTarget target_;
  DurationMs timeout_ms_;
  std::string external_url_;
};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (text == name) return true;
  }
  return false;
}

}  // namespace

Status check(const OpsgenieTarget& target) {
  if (auto status = check_token("api_key", target.api_key); !status) return status;
  if (target.responders.size() > kRespondersMax) return refuse("responders", "are more than 50");
  for (const auto& [type, name] : target.responders) {
    if (!is_one_of(type, {"team", "user", "escalation", "schedule"})) {
      return refuse("responders", "type: must be team, user, escalation or schedule");
    }
    if (name.empty() || !is_printable(name)) return refuse("responders", "name: is required");
  }
  for (const auto& [severity, priority] : target.priorities) {
    if (!is_one_of(priority, {"P1", "P2", "P3", "P4", "P5"})) {
      return refuse("priorities", "must be P1 to P5");
    }
  }
  return check_url("url", target.url);
}

std::unique_ptr<const Channel> make(const OpsgenieTarget& target, const Receiver& receiver) {
  return std::make_unique<OpsgenieChannel>(target, receiver);
}

}  // namespace vitals::notify
