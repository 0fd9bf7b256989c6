#include "../catalogue.h"
#include "../formula.h"

namespace vitals::metrics {
namespace {

bool any(const Cell& cell) { return cell.users() != nullptr && !cell.users()->empty(); }

Needs needs() {
  Needs needs;
  needs.users = true;
  return needs;
}

}  // namespace

MetricPtr users() {
  return make_metric({
      .info = {.name = "users",
               .unit = "users",
               .description = "Distinct users, estimated",
               .direction = Direction::neutral,
               .is_total = true},
      .needs = needs(),
      .value = [](const Cell& cell, double) { return cell.users()->estimate(); },
      .samples = [](const Cell& cell) { return any(cell) ? cell.counts.executions : 0; },
  });
}

}  // namespace vitals::metrics
