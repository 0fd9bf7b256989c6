// net's server with a handler that does nothing, for http_abuse.py, wrk and a debugger:
//   http_echo_server [PORT [THREADS [CERTIFICATE KEY]]]
// GET /healthz answers 200; POST /v1/events answers 200 and the number of bytes that arrived.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include <vitals/net/server.h>

namespace {

using namespace vitals;

class EchoHandler final : public net::Handler {
 public:
  void handle(net::Request request, net::Respond respond) override {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (request.path == "/healthz" && reads)
      return respond({200, "application/json", R"({"ok":true})", {}});
    if (request.path == "/v1/events" && request.method == "POST") {
      return respond(
          {200, "application/json", "{\"bytes\":" + std::to_string(request.body.size()) + "}", {}});
    }
    const bool known = request.path == "/healthz" || request.path == "/v1/events";
    if (!known) return respond(refuse(404, "There is nothing here."));
    net::Response response = refuse(405, "Not with this method.");
    response.headers.emplace_back("Allow", request.path == "/healthz" ? "GET, HEAD" : "POST");
    respond(std::move(response));
  }

  net::Response refuse(int status, std::string_view reason) const override {
    std::string body = "{\"status\":" + std::to_string(status) + ",\"detail\":\"";
    body.append(reason).append("\"}");
    return {status, "application/problem+json", std::move(body), {}};
  }
};

}  // namespace

int main(int argc, char** argv) {
  net::ServerOptions options;
  options.port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0);
  options.threads = static_cast<std::uint32_t>(argc > 2 ? std::atoi(argv[2]) : 2);
  if (argc > 4) {
    options.tls_certificate = argv[3];
    options.tls_key = argv[4];
  }
  sigset_t signals;  // blocked before any thread starts, then waited for
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  EchoHandler handler;
  telemetry::Registry telemetry;
  auto server = net::Server::listen(options, handler, quiet_logger(), telemetry);
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    return 1;
  }
  std::printf("listening on port %u\n", static_cast<unsigned>((*server)->port()));
  std::fflush(stdout);
  std::vector<std::thread> threads;
  for (std::uint32_t i = 0; i < options.threads; ++i) {
    threads.emplace_back([&] { (*server)->run_thread(); });
  }
  int signal = 0;
  sigwait(&signals, &signal);
  (*server)->stop(1000);
  for (std::thread& thread : threads) thread.join();
  std::string text;
  telemetry.write_prometheus(text);
  std::fputs(text.c_str(), stdout);
  return 0;
}
