#include <vitals/base/clock.h>
#include <vitals/rules/incidents.h>

#include "matchers.h"
#include "sections.h"

namespace vitals::config {
namespace {

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

void read_action_policy(Section& section, std::map<std::string, rules::ActionPolicy>& actions) {
  std::string name;
  section.text("name", name);
  const auto [at, is_new] = actions.try_emplace(name);
  if (!is_new) section.problem("name", "another action is called '" + name + "' too");
  rules::ActionPolicy& policy = at->second;
  section.flag("automatic", policy.automatic);
  section.flag("dry_run", policy.dry_run);
  Section rate = section.section("rate");
  rate.count("requests", policy.requests_max, 1);
  rate.duration("per", policy.per_ms, 1'000, kDayMs);
}

}  // namespace vitals::config
