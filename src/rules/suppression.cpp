#include "suppression.h"

#include <algorithm>

#include <vitals/model/matcher.h>

namespace vitals::rules {
namespace {

std::vector<std::string> values_of(const std::vector<std::string>& names,
                                   const model::Alert& alert) {
  std::vector<std::string> values;
  values.reserve(names.size());
  for (const std::string& name : names) {
    const auto label = alert.labels.find(name);
    values.push_back(label == alert.labels.end() ? "" : label->second);
  }
  return values;
}

}  // namespace

Suppression::Suppression(const std::vector<model::Silence>& silences,
                         const std::vector<Inhibition>& inhibitions, const OpenAlerts& open,
                         TimeMs now) {
  for (const model::Silence& silence : silences) {
    if (silence.in_force(now)) silences_.push_back(&silence);
  }
  for (const Inhibition& inhibition : inhibitions) {
    Inhibitor inhibitor{&inhibition, {}};
    for (const auto& [id, alert] : open) {
      if (!is_active(alert.status) || !model::matches(inhibition.source, alert)) continue;
      auto& ids = inhibitor.sources[values_of(inhibition.equal, alert)];
      if (ids.size() < 2) ids.push_back(id);
    }
    if (!inhibitor.sources.empty()) inhibitors_.push_back(std::move(inhibitor));
  }
}

std::string Suppression::suppressor_of(const model::Alert& alert) const {
  for (const model::Silence* silence : silences_) {
    if (model::matches(silence->matchers, alert)) return "silence " + silence->id;
  }
  for (const Inhibitor& inhibitor : inhibitors_) {
    if (!model::matches(inhibitor.inhibition->target, alert)) continue;
    const auto sources = inhibitor.sources.find(values_of(inhibitor.inhibition->equal, alert));
    if (sources == inhibitor.sources.end()) continue;
    const auto& ids = sources->second;
    const auto other = std::find_if(ids.begin(), ids.end(),
                                    [&alert](const std::string& id) { return id != alert.id; });
    if (other != ids.end()) return "alert " + *other;
  }
  return "";
}

}  // namespace vitals::rules
