#include <vitals/model/matcher.h>
#include <vitals/rules/incidents.h>

#include "sections.h"

namespace vitals::config {
namespace {

constexpr DurationMs kDayMs = 86'400'000;

void read_matchers(Section& section, std::string_view key, std::vector<model::Filter>& out) {
  std::vector<std::string> texts;
  section.texts(key, texts);
  if (texts.empty()) section.problem(key, "needs at least one condition, as severity:critical");
  for (const std::string& text : texts) {
    Result<model::Filter> matcher = model::parse_matcher(text);
    if (matcher) {
      out.push_back(*std::move(matcher));
    } else {
      section.problem(key, matcher.error().message);
    }
  }
}

}  // namespace

void read_incidents(Section& root, rules::IncidentOptions& options) {
  root.sections("inhibit", [&options](Section& section) {
    rules::Inhibition& inhibition = options.inhibitions.emplace_back();
    read_matchers(section, "source", inhibition.source);
    read_matchers(section, "target", inhibition.target);
    section.texts("equal", inhibition.equal);
  });
  Section flapping = root.section("flapping");
  flapping.count("firings", options.flap_firings, 2);
  flapping.duration("within", options.flap_within_ms, 1'000, kDayMs);
  flapping.duration("settle", options.flap_settle_ms, 1'000, kDayMs);
}

}  // namespace vitals::config
