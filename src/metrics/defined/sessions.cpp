#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {
namespace {

bool any(const Cell& cell) { return cell.sessions() != nullptr && !cell.sessions()->empty(); }

Needs needs() {
  Needs needs;
  needs.sessions = true;
  return needs;
}

}  // namespace

MetricPtr sessions() {
  return make_metric({
      .info = {.name = "sessions",
               .unit = "sessions",
               .description = "Distinct sessions, estimated",
               .direction = Direction::neutral,
               .is_total = true},
      .needs = needs(),
      .value = [](const Cell& cell, double) { return cell.sessions()->estimate(); },
      .samples = [](const Cell& cell) { return any(cell) ? cell.counts.executions : 0; },
  });
}

}  // namespace vitals::metrics
