#include <string>

#include <vitals/base/build_info.h>

#include "route.h"

namespace vitals::api {

/// Until the dashboards are there, the root says where to go.
void get_index(Context&, const Call& call) {
  net::Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = "Prompt Vitals " + std::string(build_info().version) +
                  "\n\n"
                  "  GET  /api/v1/metrics                                 what is measured\n"
                  "  GET  /api/v1/metrics/execution_success_rate?window=1h&group_by=prompt\n"
                  "  GET  /api/v1/executions?limit=10                     raw executions\n"
                  "  GET  /api/v1/alerts                                  open alerts\n"
                  "  GET  /api/v1/status                                  the daemon itself\n"
                  "  GET  /openapi.json                                   everything\n";
  call.respond(std::move(response));
}

}  // namespace vitals::api
