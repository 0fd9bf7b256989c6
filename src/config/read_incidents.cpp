#include <vitals/rules/incidents.h>

#include "matchers.h"
#include "sections.h"

namespace vitals::config {
namespace {

constexpr DurationMs kDayMs = 86'400'000;

/// The same, of which there must be one.
void need_matchers(Section& section, std::string_view key, std::vector<model::Filter>& out) {
  read_matchers(section, key, out);
  if (out.empty()) section.problem(key, "needs at least one condition, as severity:critical");
}

}  // namespace

void read_incidents(Section& root, rules::IncidentOptions& options) {
  root.sections("inhibit", [&options](Section& section) {
    rules::Inhibition& inhibition = options.inhibitions.emplace_back();
    need_matchers(section, "source", inhibition.source);
    need_matchers(section, "target", inhibition.target);
    section.texts("equal", inhibition.equal);
  });
  Section flapping = root.section("flapping");
  flapping.count("firings", options.flap_firings, 2);
  flapping.duration("within", options.flap_within_ms, 1'000, kDayMs);
  flapping.duration("settle", options.flap_settle_ms, 1'000, kDayMs);
}

}  // namespace vitals::config
