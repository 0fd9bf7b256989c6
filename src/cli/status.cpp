#include <ostream>

#include <nlohmann/json.hpp>

#include "numbers.h"
#include "session.h"
#include "table.h"

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string one_line(const std::string& lines) {
  std::string text;
  for (const char c : lines) text += c == '\n' ? std::string("; ") : std::string(1, c);
  return text;
}

/// A member as a person reads it; its name tells the unit.
std::string value_text(std::string_view name, const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_string()) return one_line(value.get<std::string>());
  if (!value.is_number()) return value.dump();
  const double number = value.get<double>();
  if (name.ends_with("bytes")) return format_bytes(number);
  const bool moment = name.ends_with("_at") || name.ends_with("since");
  if (moment && number > 0) return format_moment(static_cast<TimeMs>(number));
  if (name.ends_with("_ms")) return format_span(static_cast<DurationMs>(number));
  return format_number(number);
}

std::string words(std::string name) {
  for (const std::string_view unit : {"_ms", "_at"}) {
    if (name.ends_with(unit) && name.size() > unit.size()) name.resize(name.size() - unit.size());
  }
  for (char& c : name) c = c == '_' ? ' ' : c;
  return name;
}

}  // namespace

int show_status(Session& session) {
  return show_document(session, "/api/v1/status", [&](const Json& status) {
    // Scalars first, then one block per section, whatever the daemon reports.
    Table table({{""}, {""}});
    for (const auto& [name, value] : status.items()) {
      if (!value.is_structured()) {
        const bool bad = name == "ready" && value == false;
        table.add({words(name), {value_text(name, value), bad ? Tone::bad : Tone::plain}});
      } else if (value.is_array()) {
        for (const Json& item : value) {
          table.add({words(name), {value_text(name, item), Tone::warning}});
        }
      }
    }
    for (const auto& [section, members] : status.items()) {
      if (!members.is_object()) continue;
      table.add({"", ""});
      table.add({{section, Tone::strong}, ""});
      for (const auto& [name, value] : members.items()) {
        const bool component = section == "components";
        const bool trouble = (component || name == "error") && !value.is_null();
        table.add({"  " + words(name),
                   {component && !trouble ? "well" : value_text(name, value),
                    trouble ? Tone::bad : Tone::plain}});
      }
    }
    const std::string text = table.text(session.console.color);
    session.console.out << text.substr(text.find('\n') + 1);  // without its empty titles
  });
}

}  // namespace vitals::cli
