#include "webhook_receiver.h"

namespace vitals::notify::test {

WebhookReceiver::WebhookReceiver() {
  answer(200);
  up();
}

void WebhookReceiver::follow(Script script) {
  state_.with([&script](State& state) {
    state.script = std::move(script);
    state.calls = 0;
  });
}

void WebhookReceiver::answer(int status, Headers headers) {
  follow([status, headers](std::size_t) { return std::pair(status, headers); });
}

std::vector<Received> WebhookReceiver::received() const {
  return state_.with([](const State& state) { return state.received; });
}

std::vector<Received> WebhookReceiver::accepted() const {
  std::vector<Received> good;
  for (Received& one : received()) {
    if (one.answered >= 200 && one.answered < 300) good.push_back(std::move(one));
  }
  return good;
}

void WebhookReceiver::handle(net::Request request, net::Respond respond) {
  const auto [status, headers] = state_.with([&request](State& state) {
    auto answer = state.script(state.calls++);
    state.received.push_back({std::string(request.header("webhook-id")),
                              std::string(request.header("webhook-timestamp")),
                              std::string(request.header("webhook-signature")),
                              std::string(request.header("idempotency-key")),
                              std::string(request.header("content-type")), request.body,
                              answer.first});
    return answer;
  });
  if (status == 0) {
    state_.with([&](State& state) { state.hanging.push_back(std::move(respond)); });
    return;
  }
  respond({status, "text/plain", "", headers});
}

}  // namespace vitals::notify::test
