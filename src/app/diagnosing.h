#pragma once

#include <vitals/base/clock.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/alert.h>
#include <vitals/query/engine.h>
#include <vitals/rules/incidents.h>
#include <vitals/rules/rule.h>

namespace vitals::app {

/// Asks `insight` what lies behind an alert of the rule, and puts it into annotations: cause,
/// affected, errors. Takes a third of a second at most; call from a query thread.
rules::Diagnosis diagnose(const model::Alert& alert, const rules::Rule& rule,
                          const query::Engine& engine, const metrics::Catalogue& catalogue,
                          const Clock& clock);

}  // namespace vitals::app
