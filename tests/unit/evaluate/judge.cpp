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
  const net::Response response = state_.with([&](State& state) {
    state.requests.push_back(std::move(request));
    net::Response next = state.script(state.count++);
    if (next.status == 0) state.hanging.push_back(std::move(respond));
    return next;
  });
  if (response.status != 0) respond(response);
}

void Judge::answer_late(const net::Response& response) {
  const auto hanging = state_.with([](State& state) { return std::exchange(state.hanging, {}); });
  for (const net::Respond& respond : hanging) respond(response);
}

}  // namespace vitals::evaluate::test
