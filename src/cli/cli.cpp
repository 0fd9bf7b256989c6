#include <chrono>
#include <csignal>
#include <thread>

#include <vitals/cli/cli.h>

#include "arguments.h"

namespace vitals::cli {

int run(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of the stream, which commands see
  Console console = standard_console();
  const Arguments arguments = read_arguments({argv + 1, argv + argc}, console);
  if (!arguments.command) return arguments.exit_status;
  const std::unique_ptr<net::Client> client = net::make_client();
  Server server(*client, arguments.url, arguments.token);
  const SystemClock clock;
  const auto sleep = [](DurationMs wait) {
    std::this_thread::sleep_for(std::chrono::milliseconds(wait));
  };
  Session session{server, console, clock, sleep, arguments.json};
  return arguments.command(session);
}

}  // namespace vitals::cli
