#include "render.h"

#include <fmt/format.h>
#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>

#include <vitals/base/time_text.h>

#include "../story.h"
#include "../text.h"

namespace vitals::notify {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

/// Text between the quotes of a JSON string.
std::string json_text(const std::string& text) {
  const std::string quoted = nlohmann::json(text).dump();
  return quoted.substr(1, quoted.size() - 2);
}

std::string plain_text(const std::string& text) { return text; }

std::string number_text(const std::optional<double>& number) {
  return number ? nlohmann::json(*number).dump() : "null";
}

/// Names in a template are paths: a dot of a label's name would be taken for a step.
std::string path_name(const std::string& name) {
  std::string path = one_line(name);
  for (char& c : path) {
    if (c == '.' || c == ' ') c = '_';
  }
  return path;
}

data map_of(const std::map<std::string, std::string>& texts) {
  data map{data::type::object};
  for (const auto& [name, text] : texts) map.set(path_name(name), clean(text));
  return map;
}

data list_of(const std::vector<Story::Part>& parts) {
  data list{data::type::list};
  for (const Story::Part& part : parts) {
    data item{data::type::object};
    item.set("name", part.name);
    item.set("text", part.text);
    list.push_back(item);
  }
  return list;
}

data data_of(const Notice& notice, const std::string& external_url) {
  const model::Alert& alert = notice.alert;
  const Story story = tell(notice, external_url);
  data values{data::type::object};
  values.set("event", to_string(notice.event));
  values.set("resolved", data(notice.event == Event::resolved));
  values.set("id", clean(alert.id));
  values.set("rule", clean(alert.rule));
  values.set("severity", to_string(alert.severity));
  values.set("status", to_string(alert.status));
  values.set("headline", story.headline());
  values.set("title", story.title);
  values.set("description", story.description);
  values.set("metric", clean(alert.metric));
  values.set("value", number_text(alert.value));
  values.set("threshold", number_text(alert.threshold));
  values.set("samples", std::to_string(alert.samples));
  values.set("since", format_rfc3339(alert.firing_since));
  values.set("until", alert.resolved_at == 0 ? "" : format_rfc3339(alert.resolved_at));
  values.set("url", alert_url(alert, external_url));
  values.set("labels", map_of(alert.labels));
  values.set("annotations", map_of(alert.annotations));
  values.set("label_list", list_of(story.labels));
  std::vector<Story::Part> facts = story.facts;
  facts.insert(facts.end(), story.advice.begin(), story.advice.end());
  values.set("facts", list_of(facts));
  return values;
}

}  // namespace

Escaping escaping_for(std::string_view content_type) {
  if (content_type.find("json") != std::string_view::npos) return Escaping::json;
  const bool markup = content_type.find("html") != std::string_view::npos ||
                      content_type.find("xml") != std::string_view::npos;
  return markup ? Escaping::markup : Escaping::none;
}

Result<std::string> render(const std::string& body, Escaping escaping, const Message& message,
                           const std::string& external_url) {
  mustache form(body);
  if (!form.is_valid()) return Error{Errc::invalid_argument, form.error_message()};
  if (escaping == Escaping::json) form.set_custom_escape(json_text);
  if (escaping == Escaping::none) form.set_custom_escape(plain_text);

  // The first incident's values are there without the list, for receivers of one at a time.
  data values = data_of(message.notices.front(), external_url);
  data alerts{data::type::list};
  for (const Notice& notice : message.notices) {
    data alert = data_of(notice, external_url);
    alert.set("last", data(&notice == &message.notices.back()));
    alerts.push_back(alert);
  }
  values.set("alerts", alerts);
  values.set("count", std::to_string(message.notices.size()));
  values.set("message_id", clean(message.id));
  values.set("sent_at", format_rfc3339(message.created_at));
  std::string text = form.render(values);
  if (!form.is_valid()) return Error{Errc::invalid_argument, form.error_message()};
  return text;
}

}  // namespace vitals::notify
