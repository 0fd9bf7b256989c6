#include "route.h"

namespace vitals::api {

const std::vector<Route>& route_table() {
  static const std::vector<Route> table{
      {"POST", "/api/v1/executions", Scope::ingest, Runs::io, post_executions},
      {"GET", "/api/v1/executions", Scope::read, Runs::queries, get_executions},
      {"GET", "/api/v1/executions/{id}", Scope::read, Runs::queries, get_execution},
      {"GET", "/api/v1/metrics", Scope::read, Runs::io, get_metrics},
      {"GET", "/api/v1/metrics/{name}", Scope::read, Runs::queries, get_metric},
      {"GET", "/api/v1/analysis/root-cause", Scope::read, Runs::queries, get_root_cause},
      {"GET", "/api/v1/labels", Scope::read, Runs::queries, get_labels},
      {"GET", "/api/v1/labels/{name}/values", Scope::read, Runs::queries, get_label_values},
      {"GET", "/api/v1/alerts", Scope::read, Runs::queries, get_alerts},
      {"GET", "/api/v1/alerts/statistics", Scope::read, Runs::queries, get_alert_statistics},
      {"GET", "/api/v1/alerts/{id}", Scope::read, Runs::queries, get_alert},
      {"POST", "/api/v1/alerts/{id}/acknowledge", Scope::admin, Runs::commands, post_acknowledge},
      {"POST", "/api/v1/alerts/{id}/assign", Scope::admin, Runs::commands, post_assign},
      {"POST", "/api/v1/alerts/{id}/comment", Scope::admin, Runs::commands, post_comment},
      {"POST", "/api/v1/alerts/{id}/approve", Scope::admin, Runs::commands, post_approve},
      {"GET", "/api/v1/actions", Scope::read, Runs::queries, get_actions},
      {"GET", "/api/v1/silences", Scope::read, Runs::queries, get_silences},
      {"POST", "/api/v1/silences", Scope::admin, Runs::commands, post_silence},
      {"GET", "/api/v1/silences/{id}", Scope::read, Runs::queries, get_silence},
      {"DELETE", "/api/v1/silences/{id}", Scope::admin, Runs::queries, delete_silence},
      {"GET", "/api/v1/rules", Scope::read, Runs::io, get_rules},
      {"POST", "/api/v1/rules/test", Scope::read, Runs::commands, post_rules_test},
      {"GET", "/api/v1/deliveries", Scope::read, Runs::queries, get_deliveries},
      {"POST", "/api/v1/deliveries/replay", Scope::admin, Runs::commands, post_replay},
      {"GET", "/api/v1/receivers", Scope::read, Runs::queries, get_receivers},
      {"POST", "/api/v1/prompts", Scope::ingest, Runs::commands, post_prompt},
      {"POST", "/api/v1/prompts/analyse", Scope::read, Runs::commands, post_prompt_analysis},
      {"GET", "/api/v1/prompts", Scope::read, Runs::queries, get_prompts},
      {"GET", "/api/v1/prompts/{prompt}/versions", Scope::read, Runs::queries, get_prompt_versions},
      {"GET", "/api/v1/prompts/{prompt}/versions/{version}", Scope::read, Runs::queries,
       get_prompt_version},
      {"DELETE", "/api/v1/prompts/{prompt}/versions/{version}", Scope::admin, Runs::queries,
       delete_prompt_version},
      {"GET", "/api/v1/prompts/{prompt}/versions/{version}/diff", Scope::read, Runs::queries,
       get_prompt_diff},
      {"GET", "/api/v1/prompts/{prompt}/quality", Scope::read, Runs::queries, get_prompt_quality},
      {"GET", "/api/v1/compliance", Scope::read, Runs::queries, get_compliance},
      {"GET", "/api/v1/status", Scope::read, Runs::queries, get_status},
      {"POST", "/api/v1/admin/reload", Scope::admin, Runs::queries, post_reload},
      {"POST", "/api/v1/admin/flush", Scope::admin, Runs::queries, post_flush},
      {"POST", "/api/v1/admin/delete", Scope::admin, Runs::queries, post_delete},
      {"POST", "/api/v1/admin/backup", Scope::admin, Runs::queries, post_backup},
      {"DELETE", "/api/v1/users/{id}", Scope::admin, Runs::queries, delete_user},
      {"GET", "/metrics", Scope::read, Runs::queries, get_exposition},
      {"GET", "/livez", Scope::none, Runs::io, get_livez},
      {"GET", "/readyz", Scope::none, Runs::io, get_readyz},
      {"GET", "/openapi.json", Scope::none, Runs::io, get_openapi},
      {"GET", "/", Scope::none, Runs::io, get_index},
  };
  return table;
}

}  // namespace vitals::api
