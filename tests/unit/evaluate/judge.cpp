#include "judge.h"

#include <utility>

namespace vitals::evaluate::test {

Judge::Judge() {
  answer(200, R"({"overall": 7})");
  up();
}

void Judge::follow(Script script) {
  state_.with([&script](State& state) {
    state.script = std::move(script);
    state.count = 0;
  });
}

void Judge::answer(int status, const std::string& body) {
  follow([=](std::size_t) { return net::Response{status, "application/json", body, {}}; });
}

std::vector<net::Request> Judge::requests() const {
  return state_.with([](const State& state) { return state.requests; });
}

std::vector<std::string> Judge::asked() const {
  std::vector<std::string> ids;
  for (const net::Request& request : requests()) {
    const std::string key = R"("id":")";
    const std::size_t begin = request.body.find(key) + key.size();
    ids.push_back(request.body.substr(begin, request.body.find('"', begin) - begin));
  }
  return ids;
}

void Judge::handle(net::Request request, net::Respond respond) {
  const net::Response response = state_.with([&request](State& state) {
    state.requests.push_back(std::move(request));
    return state.script(state.count++);
  });
  if (response.status != 0) return respond(response);
  state_.with([&](State& state) { state.hanging.push_back(std::move(respond)); });
}

}  // namespace vitals::evaluate::test
