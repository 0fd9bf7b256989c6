#include <algorithm>

#include <vitals/model/fields.h>
#include <vitals/model/filter.h>
#include <vitals/model/matcher.h>

namespace vitals::model {
namespace {

/// Glob match with `*` only, linear in the usual case (backtracks to the last star).
bool glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

/// The field's name, not checked, and the conditions on its value.
Result<Filter> parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return Error{Errc::invalid_argument,
                 "'" + std::string(text) + "' is not a filter: expected field:value"};
  }
  Filter filter;
  filter.field = text.substr(0, colon);
  std::string_view value = text.substr(colon + 1);
  if (!value.empty() && value.front() == '!') {
    filter.negated = true;
    value.remove_prefix(1);
  }
  for (std::size_t bar = value.find('|'); bar != std::string_view::npos; bar = value.find('|')) {
    filter.patterns.emplace_back(value.substr(0, bar));
    value.remove_prefix(bar + 1);
  }
  filter.patterns.emplace_back(value);
  return filter;
}

bool has_key(std::string_view name, std::string_view prefix) {
  return name.size() > prefix.size() && name.substr(0, prefix.size()) == prefix;
}

}  // namespace

bool is_field(std::string_view name) {
  return find_label(name).has_value() || name == "id" || name == "status" ||
         has_key(name, "tags.") || has_key(name, "parameters.");
}

bool Filter::matches(std::string_view text) const {
  // A wildcard asks for a value: `field:*` does not match an absent field.
  const bool any = std::any_of(patterns.begin(), patterns.end(), [text](const std::string& p) {
    return p.empty() ? text.empty() : !text.empty() && glob(p, text);
  });
  return any != negated;
}

std::string Filter::to_string() const {
  std::string text = field + (negated ? ":!" : ":");
  for (std::size_t i = 0; i < patterns.size(); ++i) text += (i == 0 ? "" : "|") + patterns[i];
  return text;
}

Result<Filter> parse_filter(std::string_view text) {
  Result<Filter> filter = parse(text);
  if (filter && !is_field(filter->field)) {
    return Error{Errc::invalid_argument,
                 "unknown field '" + filter->field +
                     "': expected prompt, version, model, provider, environment, status, "
                     "error.type, user, session, id, tags.<key> or parameters.<key>"};
  }
  return filter;
}

Result<Filter> parse_matcher(std::string_view text) {
  Result<Filter> matcher = parse(text);
  if (!matcher || matcher->field.empty()) {
    return Error{Errc::invalid_argument,
                 "'" + std::string(text) + "' is not a matcher: expected label:value"};
  }
  return matcher;
}

bool matches(const std::vector<Filter>& matchers, const Alert& alert) {
  return std::all_of(matchers.begin(), matchers.end(), [&alert](const Filter& matcher) {
    if (matcher.field == "rule") return matcher.matches(alert.rule);
    const auto label = alert.labels.find(matcher.field);
    return matcher.matches(label == alert.labels.end() ? std::string_view() : label->second);
  });
}

}  // namespace vitals::model
