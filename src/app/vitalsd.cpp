#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>

#include <vitals/app/vitalsd.h>
#include <vitals/base/build_info.h>
#include <vitals/base/command_line.h>
#include <vitals/config/config.h>

#include "check_config.h"
#include "daemon.h"
#include "service_manager.h"

namespace vitals::app {
namespace {

struct Arguments {
  std::optional<std::string> config_file;
  config::Overrides overrides;
  bool check_config = false;
};

std::string version_text() {
  const BuildInfo build = build_info();
  return "vitalsd " + std::string(build.version) + " (" + std::string(build.commit) + ", " +
         std::string(build.type) + ", " + std::string(build.compiler) + ")";
}

std::string failure_text(const CLI::App* app, const CLI::Error& error) {
  std::vector<std::string> options;
  for (const CLI::Option* option : app->get_options()) {
    for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
  }
  const std::string text = unexpected_text(app->remaining(), options, {});
  if (text.empty()) return CLI::FailureMessage::simple(app, error);
  return text + "Run with --help for more information.\n";
}

/// The exit status when the command line is answered already (--help) or wrong.
std::optional<int> read_arguments(int argc, char** argv, Arguments& arguments) {
  CLI::App app{"Prompt Vitals: tells whether the prompts of this host work.", "vitalsd"};
  app.add_option("--config", arguments.config_file, "Configuration file; defaults without one");
  app.add_option("--data-dir", arguments.overrides.data_dir, "Folder of everything that is stored");
  app.add_option("--listen", arguments.overrides.listen, "HOST:PORT of the HTTP listener");
  app.add_option("--otlp-listen", arguments.overrides.otlp_listen,
                 "HOST:PORT of the OTLP listener, or off");
  app.add_flag("--check-config", arguments.check_config,
               "Check the configuration and the rules, say what is wrong, and end");
  app.set_version_flag("--version", version_text());
  app.failure_message(failure_text);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& stop) {
    return app.exit(stop) == 0 ? 0 : 2;
  }
  return std::nullopt;
}

sigset_t handled_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  return signals;
}

constexpr std::chrono::seconds kBetweenTrims{10};
constexpr std::size_t kFreeBytesMax = 96ULL << 20U;

/// Free memory that lies between used pieces the allocator keeps for ever. A little is worth it,
/// the hundreds of megabytes after folds of many series are not.
void give_back_memory() {
#ifdef __GLIBC__
  if (mallinfo2().fordblks > kFreeBytesMax) malloc_trim(kFreeBytesMax / 2);
#endif
}

/// Waits for signals and keeps the watchdog quiet until the daemon is told to stop.
void serve(Daemon& daemon, const ServiceManager& manager, const std::string& status) {
  const sigset_t signals = handled_signals();
  const auto period = std::min<std::chrono::milliseconds>(
      manager.watchdog_period().value_or(kBetweenTrims), kBetweenTrims);
  const timespec patience{period.count() / 1000, period.count() % 1000 * 1'000'000};
  while (true) {
    const int signal = sigtimedwait(&signals, nullptr, &patience);
    if (signal == SIGTERM || signal == SIGINT) return;
    if (signal == SIGHUP) {
      manager.reloading();
      // What is wrong is in the log; the old configuration goes on.
      (void)daemon.reload();
      manager.ready(status);
    } else if (signal < 0 && errno == EAGAIN) {
      manager.alive();
      give_back_memory();
    }
  }
}

/// Batches are megabytes that live for milliseconds: what the allocator gave back to the kernel
/// after one would be zeroed again for the next. Few arenas, not the usual eight a core, keep what
/// threads hand each other in one place. Measured on two cores: a third less system time, 10 % less
/// memory.
void tune_allocator() {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 2U, 4U)));
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 128 << 20);
#endif
}

int fail(const Error& error) {
  std::fprintf(stderr, "vitalsd: %s\n", error.message.c_str());
  return 1;
}

}  // namespace

int run_vitalsd(int argc, char** argv) {
  tune_allocator();
  Arguments arguments;
  if (const auto ended = read_arguments(argc, argv, arguments)) return *ended;
  const auto load = [arguments] {
    return config::load(arguments.config_file, arguments.overrides);
  };
  const auto config = load();
  if (!config) return fail(config.error());
  if (arguments.check_config) {
    const auto checked = check(*config);
    if (!checked) return fail(checked.error());
    std::printf("the configuration is good: %zu rules, %zu receivers\n", config->rules.size(),
                config->notify.receivers.size());
    return 0;
  }
  auto logger = make_logger(config->log);
  if (!logger) return fail(logger.error());

  // Blocked before the first thread starts, so that only serve() ever sees them.
  const sigset_t signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  const SystemClock clock;
  const ServiceManager manager;
  auto daemon = Daemon::start(*config, clock, *logger, load);
  if (!daemon) {
    (*logger)->critical("cannot start: {}", daemon.error().message);
    return 1;
  }
  const std::string address = config->http.host + ":" + std::to_string((*daemon)->port());
  (*logger)->info("{} serves on {}", version_text(), address);
  manager.ready("serving on " + address);
  serve(**daemon, manager, "serving on " + address);
  (*logger)->info("stopping");
  manager.stopping();
  daemon->reset();
  (*logger)->info("stopped");
  return 0;
}

}  // namespace vitals::app
