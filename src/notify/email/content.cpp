#include "content.h"

#include <algorithm>

#include <fmt/format.h>

#include "../story.h"
#include "../text.h"

namespace vitals::notify::email {
namespace {

constexpr std::size_t kSubjectMax = 200;
constexpr std::size_t kParagraphMax = 4'000;
constexpr std::size_t kLabelsShown = 60;
constexpr std::size_t kIncidentsShown = 50;

/// Enough for text and for attributes in double quotes.
std::string markup(std::string_view character) {
  if (character == "&") return "&amp;";
  if (character == "<") return "&lt;";
  if (character == ">") return "&gt;";
  if (character == "\"") return "&quot;";
  if (character == "\n") return "<br>";
  return std::string(character);
}

std::string html(std::string_view text) {
  return escaped(cut(text, kParagraphMax), std::string::npos, markup);
}

const char* colour_of(const Notice& notice) {
  if (notice.event == Event::resolved) return "#1a7f37";
  if (notice.event == Event::acknowledged) return "#57606a";
  switch (notice.alert.severity) {
    case model::Severity::critical:
      return "#b42318";
    case model::Severity::warning:
      return "#b54708";
    case model::Severity::informational:
      return "#175cd3";
  }
  return "";
}

std::string more_text(const Message& message) {
  if (message.notices.size() <= kIncidentsShown) return {};
  return fmt::format("and {} more", message.notices.size() - kIncidentsShown);
}

std::string labels_text(const Story& story) {
  std::string text;
  for (std::size_t i = 0; i < std::min(story.labels.size(), kLabelsShown); ++i) {
    const auto& [name, value] = story.labels[i];
    if (!value.empty())
      text.append(text.empty() ? "" : ", ").append(name).append("=").append(value);
  }
  return text;
}

std::string text_of(const Story& story) {
  std::string text = story.headline() + "\n\n";
  if (!story.description.empty()) text += cut(story.description, kParagraphMax) + "\n\n";
  const auto add = [&text](const std::string& name, const std::string& value) {
    text += name + ": " + cut(value, kParagraphMax) + "\n";
  };
  for (const Story::Part& fact : story.facts) add(fact.name, fact.text);
  for (const Story::Part& part : story.advice) add(part.name, part.text);
  for (const Story::Link& link : story.links) add(link.text, link.url);
  if (const std::string labels = labels_text(story); !labels.empty()) add("Labels", labels);
  return text;
}

std::string row(const std::string& name, const std::string& value) {
  return fmt::format(
      R"(<tr><td style="padding:4px 16px 4px 0;color:#57606a;vertical-align:top;)"
      R"(white-space:nowrap">{}</td><td style="padding:4px 0;vertical-align:top">{}</td></tr>)"
      "\n",
      html(name), html(value));
}

std::string button(const Story::Link& link) {
  return fmt::format(
      R"(<a href="{}" style="display:inline-block;margin:16px 8px 0 0;padding:8px 16px;)"
      R"(border:1px solid #d0d7de;border-radius:6px;color:#1f2328;text-decoration:none;)"
      R"(font-weight:600">{}</a>)",
      html(link.url), html(link.text));
}

std::string card(const Notice& notice, const std::string& external_url) {
  const Story story = tell(notice, external_url);
  std::string body = fmt::format(
      R"(<div style="max-width:640px;margin:0 auto 16px;background:#ffffff;)"
      R"(border:1px solid #d0d7de;border-top:6px solid {0};border-radius:6px;padding:20px 24px">)"
      R"(<div style="color:{0};font-weight:700;font-size:13px;letter-spacing:0.04em">{1}</div>)"
      R"(<div style="font-size:20px;font-weight:600;line-height:1.3;margin:4px 0 12px;)"
      R"(overflow-wrap:anywhere">{2}</div>)"
      "\n",
      colour_of(notice), html(story.state), html(story.title));
  if (!story.description.empty()) {
    body += R"(<p style="margin:0 0 12px;overflow-wrap:anywhere">)" + html(story.description) +
            "</p>\n";
  }
  body += R"(<table role="presentation" style="border-collapse:collapse;font-size:14px;)"
          R"(line-height:1.45;overflow-wrap:anywhere">)"
          "\n";
  for (const Story::Part& fact : story.facts) body += row(fact.name, fact.text);
  for (const Story::Part& part : story.advice) body += row(part.name, part.text);
  body += "</table>\n";
  for (const Story::Link& link : story.links) body += button(link);
  if (const std::string labels = labels_text(story); !labels.empty()) {
    body += R"(<p style="margin:16px 0 0;color:#57606a;font-size:12px;overflow-wrap:anywhere">)" +
            html(labels) + "</p>\n";
  }
  return body + "</div>\n";
}

}  // namespace

std::string subject_of(const Message& message, const std::string& external_url) {
  if (message.notices.size() == 1) {
    return cut(tell(message.notices.front(), external_url).headline(), kSubjectMax);
  }
  const auto over =
      std::count_if(message.notices.begin(), message.notices.end(),
                    [](const Notice& notice) { return notice.event == Event::resolved; });
  std::string subject = fmt::format("{} alerts", message.notices.size());
  return over == 0 ? subject : subject + fmt::format(", {} resolved", over);
}

std::string text_of(const Message& message, const std::string& external_url) {
  std::string text;
  const std::size_t shown = std::min(message.notices.size(), kIncidentsShown);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += "\n----\n\n";
    text += text_of(tell(message.notices[i], external_url));
  }
  return text + more_text(message);
}

std::string html_of(const Message& message, const std::string& external_url) {
  std::string body =
      R"(<!DOCTYPE html><html><head><meta charset="utf-8">)"
      R"(<meta name="viewport" content="width=device-width"></head>)"
      R"(<body style="margin:0;padding:24px 12px;background:#f6f8fa;color:#1f2328;)"
      R"(font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px">)"
      "\n";
  const std::size_t shown = std::min(message.notices.size(), kIncidentsShown);
  for (std::size_t i = 0; i < shown; ++i) body += card(message.notices[i], external_url);
  if (const std::string more = more_text(message); !more.empty()) body += "<p>" + more + "</p>\n";
  return body + "</body></html>\n";
}

}  // namespace vitals::notify::email
