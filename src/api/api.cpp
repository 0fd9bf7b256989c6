#include <exception>
#include <utility>

#include <vitals/api/api.h>
#include <vitals/base/guarded.h>

#include "answer.h"
#include "foreign_page.h"
#include "route.h"

namespace vitals::api {
namespace {

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> segments;
  path.remove_prefix(1);
  if (path.empty()) return segments;
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/')) {
    segments.emplace_back(path.substr(0, slash));
    path.remove_prefix(slash + 1);
  }
  segments.emplace_back(path);
  return segments;
}

/// Whether the request's path has the pattern's form; fills the `{…}` parts.
bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& segments,
             std::vector<std::string>& arguments) {
  if (pattern.size() != segments.size()) return false;
  arguments.clear();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool open = !pattern[i].empty() && pattern[i].front() == '{';
    if (open && !segments[i].empty()) {
      arguments.push_back(segments[i]);
    } else if (pattern[i] != segments[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace

struct Api::State {
  explicit State(Services services) : context(std::move(services)) {
    for (const Route& route : route_table()) patterns.push_back(split_path(route.path));
  }

  /// The route, or null after answering 404 or 405.
  const Route* find(Call& call) const;
  bool authorised(const Route& route, Call& call) const;
  void run(const Route& route, const Call& call);

  Context context;
  std::vector<std::vector<std::string>> patterns;  ///< of route_table(), split
  Guarded<std::shared_ptr<const Tokens>> tokens;
};

Api::Api(Services services, Tokens tokens) : state_(std::make_unique<State>(std::move(services))) {
  set_tokens(std::move(tokens));
}
Api::~Api() = default;

void Api::set_tokens(Tokens tokens) {
  state_->tokens.with(
      [&](auto& current) { current = std::make_shared<const Tokens>(std::move(tokens)); });
}

std::vector<std::pair<std::string, std::string>> Api::routes() {
  std::vector<std::pair<std::string, std::string>> routes;
  for (const Route& route : route_table()) routes.emplace_back(route.method, route.path);
  return routes;
}

net::Response Api::refuse(int status, std::string_view reason) const {
  return problem(status, reason);
}

void Api::handle(net::Request request, net::Respond respond) {
  Call call{std::move(request), {}, std::move(respond)};
  const Route* route = state_->find(call);
  if (route == nullptr || !state_->authorised(*route, call)) return;
  if (route->runs == Runs::io) {
    state_->run(*route, call);
    return;
  }
  // No query reads a body; many waiting calls with one each would hold gigabytes.
  if (route->runs == Runs::queries) std::string().swap(call.request.body);
  if (call.request.body.size() > kCommandBytesMax) {
    return call.respond(problem(413, "the body is larger than a command can be"));
  }
  // std::function needs copies, which a call's answer must not have: it is shared instead.
  auto shared = std::make_shared<Call>(std::move(call));
  const bool posted = state_->context.services.query_threads.post(
      [this, route, shared] { state_->run(*route, *shared); });
  if (!posted) shared->respond(problem(503, "too many queries are waiting; try again"));
}

const Route* Api::State::find(Call& call) const {
  std::string_view method = call.request.method;
  if (method == "HEAD") method = "GET";
  std::string allowed;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    if (!matches(patterns[i], call.request.segments, call.arguments)) continue;
    const Route& route = route_table()[i];
    if (route.method == method) return &route;
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
    if (route.method == "GET") allowed += ", HEAD";
  }
  if (allowed.empty()) {
    call.respond(problem(404, "there is nothing at this path; /openapi.json lists what there is"));
  } else {
    net::Response response = problem(405, "this path takes " + allowed);
    response.headers.emplace_back("Allow", allowed);
    call.respond(std::move(response));
  }
  return nullptr;
}

bool Api::State::authorised(const Route& route, Call& call) const {
  const auto current = tokens.with([](const auto& value) { return value; });
  if (current->empty() && route.scope != Scope::none) {
    const std::string_view reason = foreign_page(call.request);
    if (!reason.empty()) call.respond(problem(403, reason));
    return reason.empty();
  }
  switch (current->check(call.request.header("authorization"), route.scope,
                         context.services.clock.now_ms())) {
    case Tokens::Verdict::allowed:
      return true;
    case Tokens::Verdict::forbidden:
      call.respond(problem(403, "the token's scopes do not allow this"));
      return false;
    case Tokens::Verdict::unauthenticated:
      break;
  }
  net::Response response = problem(401, "a valid bearer token is needed");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  call.respond(std::move(response));
  return false;
}

void Api::State::run(const Route& route, const Call& call) {
  try {
    route.answer(context, call);
  } catch (const std::exception& defect) {
    // nlohmann_json and the allocator are all that may throw here.
    context.services.logger->error("{} {} failed: {}", route.method, route.path, defect.what());
    call.respond(problem(500, "the daemon failed to answer; its log says why"));
  }
}

}  // namespace vitals::api
