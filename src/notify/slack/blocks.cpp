#include "blocks.h"

#include <algorithm>

#include <fmt/format.h>

#include "../story.h"
#include "../text.h"

namespace vitals::notify::slack {
namespace {

using nlohmann::ordered_json;

// What each part may take, so that all parts together stay below kCharactersMax.
constexpr std::size_t kTitleMax = 140;
constexpr std::size_t kDescriptionMax = 2'000;
constexpr std::size_t kAdviceMax = 1'200;  // each of at most four
constexpr std::size_t kFactMax = 300;      // each of at most eight
constexpr std::size_t kLabelsMax = 1'000;
constexpr std::size_t kUrlMax = 500;  // a longer one is no link
constexpr std::size_t kListedMax = 30;
constexpr std::size_t kListedTextMax = 180;  // in two parts of each incident of a list

/// Slack's three: docs.slack.dev, "Formatting message text", "Escaping text".
std::string escape(std::string_view character) {
  if (character == "&") return "&amp;";
  if (character == "<") return "&lt;";
  if (character == ">") return "&gt;";
  return std::string(character);
}

std::string mrkdwn(std::string_view text, std::size_t characters_max) {
  return escaped(text, characters_max, escape);
}

ordered_json text_object(const char* type, std::string text) {
  return {{"type", type}, {"text", std::move(text)}};
}

ordered_json section(std::string text) {
  return {{"type", "section"}, {"text", text_object("mrkdwn", std::move(text))}};
}

ordered_json header(std::string text) {
  return {{"type", "header"}, {"text", text_object("plain_text", std::move(text))}};
}

ordered_json context(std::string text) {
  return {{"type", "context"},
          {"elements", ordered_json::array({text_object("mrkdwn", std::move(text))})}};
}

const char* mark_of(const Notice& notice) {
  if (notice.event == Event::resolved) return "✅";
  switch (notice.alert.severity) {
    case model::Severity::critical:
      return "🔴";
    case model::Severity::warning:
      return "🟠";
    case model::Severity::informational:
      return "🔵";
  }
  return "";
}

std::string links_text(const Story& story) {
  std::string text;
  for (const Story::Link& link : story.links) {
    const std::string url = mrkdwn(link.url, kUrlMax + 1);
    if (length(url) > kUrlMax) continue;
    text += (text.empty() ? "<" : " · <") + url + "|" + link.text + ">";
  }
  return text;
}

std::string labels_text(const Story& story) {
  std::string text;
  for (const Story::Part& label : story.labels) {
    if (label.text.empty()) continue;
    text += (text.empty() ? "" : " · ") + label.name + "=" + label.text;
  }
  return mrkdwn(text, kLabelsMax);
}

ordered_json facts_block(const Story& story) {
  ordered_json fields = ordered_json::array();
  for (const Story::Part& fact : story.facts) {
    if (fields.size() == kFieldsMax) break;
    fields.push_back(text_object("mrkdwn", "*" + fact.name + "*\n" + mrkdwn(fact.text, kFactMax)));
  }
  return {{"type", "section"}, {"fields", std::move(fields)}};
}

ordered_json one_incident(const Notice& notice, const Story& story) {
  ordered_json blocks = ordered_json::array();
  blocks.push_back(header(std::string(mark_of(notice)) + " " + cut(story.headline(), kTitleMax)));
  if (!story.description.empty()) {
    blocks.push_back(section(mrkdwn(story.description, kDescriptionMax)));
  }
  if (!story.facts.empty()) blocks.push_back(facts_block(story));
  for (const Story::Part& part : story.advice) {
    blocks.push_back(section("*" + part.name + "*\n" + mrkdwn(part.text, kAdviceMax)));
  }
  if (std::string labels = labels_text(story); !labels.empty()) {
    blocks.push_back(context(std::move(labels)));
  }
  if (std::string links = links_text(story); !links.empty()) {
    blocks.push_back(section(std::move(links)));
  }
  return blocks;
}

std::string value_text(const Story& story) {
  for (const Story::Part& fact : story.facts) {
    if (fact.name == "How bad") return mrkdwn(fact.text, kListedTextMax);
  }
  return {};
}

ordered_json several(const Message& message, const std::string& title,
                     const std::string& external_url) {
  ordered_json blocks = ordered_json::array({header(title)});
  for (const Notice& notice : message.notices) {
    if (blocks.size() > kListedMax) {
      const std::size_t more = message.notices.size() - kListedMax;
      blocks.push_back(context(fmt::format("and {} more", more)));
      break;
    }
    const Story story = tell(notice, external_url);
    std::string text =
        std::string(mark_of(notice)) + " *" + mrkdwn(story.headline(), kListedTextMax) + "*";
    if (const std::string value = value_text(story); !value.empty()) text += "\n" + value;
    blocks.push_back(section(std::move(text)));
  }
  return blocks;
}

}  // namespace

ordered_json body_of(const Message& message, const std::string& external_url) {
  ordered_json body;
  if (message.notices.size() == 1) {
    const Notice& notice = message.notices.front();
    const Story story = tell(notice, external_url);
    body["text"] = mrkdwn(story.headline(), kSectionMax);
    body["blocks"] = one_incident(notice, story);
    return body;
  }
  const auto over =
      std::count_if(message.notices.begin(), message.notices.end(),
                    [](const Notice& notice) { return notice.event == Event::resolved; });
  std::string title = fmt::format("{} alerts", message.notices.size());
  if (over > 0) title += fmt::format(", {} resolved", over);
  body["text"] = title;
  body["blocks"] = several(message, title, external_url);
  return body;
}

}  // namespace vitals::notify::slack
