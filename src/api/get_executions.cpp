#include "answer.h"
#include "execution_json.h"
#include "parameters.h"
#include "route.h"

namespace vitals::api {
namespace {

Result<query::ExecutionsRequest> executions_request(const net::Request& in,
                                                    const registry::Pseudonyms& pseudonyms,
                                                    TimeMs now) {
  if (auto known = only_parameters(in, {"from", "to", "filter", "cursor", "limit", "unjoined"});
      !known) {
    return known.error();
  }
  query::ExecutionsRequest out;
  const auto from = time_parameter(in, "from", now);
  if (!from) return from.error();
  out.from_ms = *from;
  const auto to = time_parameter(in, "to", now);
  if (!to) return to.error();
  out.to_ms = *to;
  auto filters = filter_parameters(in, pseudonyms);
  if (!filters) return filters.error();
  out.filters = *std::move(filters);
  const auto limit = integer_parameter(in, "limit", out.limit, 10'000);
  if (!limit) return limit.error();
  out.limit = *limit;
  if (const std::string* cursor = in.parameter("cursor")) out.cursor = *cursor;
  const auto unjoined = flag_parameter(in, "unjoined");
  if (!unjoined) return unjoined.error();
  out.unjoined = *unjoined;
  return out;
}

}  // namespace

void get_executions(Context& context, const Call& call) {
  const Services& services = context.services;
  const auto request =
      executions_request(call.request, services.pseudonyms, services.clock.now_ms());
  if (!request) {
    call.respond(problem(request.error()));
    return;
  }
  const auto page = services.queries.executions(*request);
  if (!page) {
    call.respond(problem(page.error()));
    return;
  }
  // Row by row into text: a page of documents would take ten times the memory.
  const ExecutionsJson executions(*page);
  std::string body = R"({"executions":[)";
  for (std::size_t row = 0; row < page->rows.rows(); ++row) {
    if (row > 0) body += ',';
    body += to_text(executions.at(row));
  }
  body += R"(],"next_cursor":)";
  body += page->next_cursor ? to_text(Json(*page->next_cursor)) : "null";
  body += "}\n";
  net::Response response;
  response.body = std::move(body);
  call.respond(std::move(response));
}

void get_execution(Context& context, const Call& call) {
  const auto found = context.services.queries.execution(call.arguments[0]);
  call.respond(found ? json_answer(ExecutionsJson(*found).at(0)) : problem(found.error()));
}

}  // namespace vitals::api
