#include "matchers.h"

#include <string>

#include <vitals/model/matcher.h>

namespace vitals::config {
namespace {

void read_list(Section& section, std::string_view key,
               Result<model::Filter> (*parse)(std::string_view text),
               std::vector<model::Filter>& out) {
  std::vector<std::string> texts;
  section.texts(key, texts);
  for (const std::string& text : texts) {
    Result<model::Filter> parsed = parse(text);
    if (parsed) {
      out.push_back(*std::move(parsed));
    } else {
      section.problem(key, parsed.error().message);
    }
  }
}

}  // namespace

void read_matchers(Section& section, std::string_view key, std::vector<model::Filter>& out) {
  read_list(section, key, model::parse_matcher, out);
}

void read_filters(Section& section, std::string_view key, std::vector<model::Filter>& out) {
  read_list(section, key, model::parse_filter, out);
}

}  // namespace vitals::config
