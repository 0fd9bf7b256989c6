#include "matchers.h"

#include <string>

#include <vitals/model/matcher.h>

namespace vitals::config {

void read_matchers(Section& section, std::string_view key, std::vector<model::Filter>& out) {
  std::vector<std::string> texts;
  section.texts(key, texts);
  for (const std::string& text : texts) {
    Result<model::Filter> matcher = model::parse_matcher(text);
    if (matcher) {
      out.push_back(*std::move(matcher));
    } else {
      section.problem(key, matcher.error().message);
    }
  }
}

}  // namespace vitals::config
