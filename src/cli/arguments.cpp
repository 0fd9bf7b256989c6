#include "arguments.h"

#include <cstdlib>
#include <fstream>
#include <memory>

#include <CLI/CLI.hpp>

#include <vitals/base/build_info.h>
#include <vitals/base/command_line.h>
#include <vitals/base/time_text.h>
#include <vitals/cli/cli.h>

#include "alert_arguments.h"
#include "compliance_commands.h"
#include "delivery_commands.h"
#include "error_commands.h"
#include "evaluator_commands.h"
#include "feedback_commands.h"
#include "guesses.h"
#include "interaction_commands.h"
#include "key_commands.h"
#include "prompt_commands.h"
#include "rule_arguments.h"

namespace vitals::cli {
namespace {

constexpr const char* kFooter = R"(
Exit status: 0 done, 1 refused or failed, 2 wrong command line, 3 no daemon answers.
'vitalsctl COMMAND --help' explains a command; the manual is vitalsctl(1).)";

std::string version_text() {
  const BuildInfo build = build_info();
  return "vitalsctl " + std::string(build.version) + " (" + std::string(build.commit) + ", " +
         std::string(build.type) + ", " + std::string(build.compiler) + ")";
}

void add_simple(CLI::App& app, Chosen& chosen) {
  app.add_subcommand("status", "How the daemon does")->callback([&chosen] {
    chosen = show_status;
  });
  app.add_subcommand("metrics", "The metrics there are, with targets and alert bounds")
      ->callback([&chosen] { chosen = show_metrics; });
}

void add_query(CLI::App& app, Chosen& chosen) {
  auto query_of = std::make_shared<QueryArguments>();
  QueryArguments& query = *query_of;
  CLI::App* command = app.add_subcommand("query", "Values of a metric");
  command->add_option("METRIC", query.metric, "Its name; 'vitalsctl metrics' lists them")
      ->required();
  auto* window = command->add_option("--window", query.window, "The last 5m, 1h, 7d (default 1h)");
  command->add_option("--from", query.from, "Start: RFC 3339, epoch milliseconds, now-1d")
      ->excludes(window);
  command->add_option("--to", query.to, "End, not included; default now")->excludes(window);
  command->add_option("--step", query.step, "One value per 1m, 1h, …");
  add_group_by(*command, query.group_by);
  add_filters(*command, query.filters);
  command->add_option("--stat", query.stat,
                      "Of a plain measure: mean sum min max count rate stddev p50 p99.9");
  command->add_option("--order", query.order, "value -value count -count labels");
  command->add_option("--limit", query.limit, "Groups at most");
  command->add_option("--resolution", query.resolution, "raw 1m 1h 1d; default: the best");
  command->add_flag("--csv", query.csv, "Comma-separated values");
  command->callback([&chosen, query_of] {
    chosen = [query_of](Session& session) { return cli::query(session, *query_of); };
  });
}

void add_import(CLI::App& app, Chosen& chosen) {
  auto import_of = std::make_shared<ImportArguments>();
  CLI::App* command = app.add_subcommand(
      "import", "Send executions from NDJSON files, plain or .gz; '-' is standard input");
  command->add_option("FILE", import_of->files, "One execution per line")->required();
  command->add_flag("--backfill", import_of->backfill, "Take events older than the retention, too");
  command->callback([&chosen, import_of] {
    chosen = [import_of](Session& session) { return import_files(session, *import_of); };
  });
}

void add_export(CLI::App& app, Chosen& chosen) {
  auto export_of = std::make_shared<ExportArguments>();
  CLI::App* command = app.add_subcommand("export", "Write raw executions as NDJSON, newest first");
  command->add_option("--from", export_of->from, "Start: RFC 3339, epoch milliseconds, now-1d");
  command->add_option("--to", export_of->to, "End, not included");
  add_filters(*command, export_of->filters);
  command->add_option("--out", export_of->out, "File; default standard output");
  command->callback([&chosen, export_of] {
    chosen = [export_of](Session& session) { return export_executions(session, *export_of); };
  });
}

void add_backup(CLI::App& app, Chosen& chosen) {
  auto name = std::make_shared<std::string>();
  CLI::App* backup = app.add_subcommand(
      "backup", "Have the daemon copy everything that is stored, below its store.backup_dir");
  backup->add_option("NAME", *name, "Name of the backup; default the time");
  backup->callback([&chosen, name] {
    chosen = [name](Session& session) { return make_backup(session, *name); };
  });

  auto restore_of = std::make_shared<RestoreArguments>();
  CLI::App* restore = app.add_subcommand(
      "restore", "Copy a backup into a data folder that is new or empty; no daemon is asked");
  restore->add_option("BACKUP", restore_of->backup, "Folder of the backup")->required();
  restore->add_option("DATA_DIR", restore_of->data_dir, "Data folder, new or empty")->required();
  restore->add_option("--config", restore_of->config, "The daemon's configuration, for verifying");
  restore->callback([&chosen, restore_of] {
    chosen = [restore_of](Session& session) { return cli::restore(session, *restore_of); };
  });

  auto verify_of = std::make_shared<VerifyArguments>();
  CLI::App* verify = app.add_subcommand(
      "verify", "Check every block and cell of a data folder or backup that no daemon uses");
  verify->add_option("DATA_DIR", verify_of->data_dir, "The folder; default the configuration's");
  verify->add_option("--config", verify_of->config, "The daemon's configuration");
  verify->add_flag("--rebuild", verify_of->rebuild, "Mend what the log can tell; needs --config");
  verify->callback([&chosen, verify_of] {
    chosen = [verify_of](Session& session) { return cli::verify(session, *verify_of); };
  });
}

void add_demo(CLI::App& app, Chosen& chosen) {
  auto demo_of = std::make_shared<DemoArguments>();
  auto duration = std::make_shared<std::string>("24h");
  CLI::App* command = app.add_subcommand(
      "demo",
      "Send made-up traffic (tags.synthetic: \"true\") of the last day, with a bad release");
  auto* events = command->add_option("--events", demo_of->events, "How many executions")
                     ->capture_default_str()
                     ->check(CLI::Range(1, 100'000'000));
  command->add_option("--rate", demo_of->rate, "Executions per second on average, instead")
      ->check(CLI::Range(0.001, 100'000.0))
      ->excludes(events);
  command->add_option("--duration", *duration, "Length of the history that ends now")
      ->capture_default_str()
      ->check(check_duration, "DURATION");
  command->add_flag("--live", demo_of->live, "Then go on in real time");
  command->add_option("--seed", demo_of->seed, "Of the random numbers")->capture_default_str();
  command->callback([&chosen, demo_of, duration] {
    demo_of->duration_ms = *parse_duration(*duration);
    chosen = [demo_of](Session& session) { return run_demo(session, *demo_of); };
  });
}

/// CLI11 names what it did not expect in reverse order, values of unknown options among it.
std::string failure_text(const CLI::App* app, const CLI::Error& error) {
  std::vector<std::string> options;
  std::vector<std::string> commands;
  const auto add_options = [&options](const CLI::App& of) {
    for (const CLI::Option* option : of.get_options()) {
      for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
    }
  };
  // The deepest command that was understood.
  const CLI::App* last = app;
  add_options(*last);
  while (!last->get_subcommands().empty()) {
    last = last->get_subcommands().front();
    add_options(*last);
  }
  for (const CLI::App* command : last->get_subcommands({})) commands.push_back(command->get_name());
  const std::vector<std::string> words = app->remaining(true);
  if (!words.empty()) {
    std::string guess = guess_text(last == app ? "" : last->get_name(), words.front());
    if (!guess.empty()) return guess;
  }
  const std::string text = unexpected_text(words, options, commands);
  if (text.empty()) return CLI::FailureMessage::simple(app, error);
  return text + "Run with --help for more information.\n";
}

/// The first line of the file.
std::string read_token(const std::string& file) {
  std::ifstream stream(file);
  std::string token;
  if (!std::getline(stream, token) || token.empty()) {
    throw CLI::ValidationError("--token-file", "no token in " + file);
  }
  while (!token.empty() && (token.back() == '\r' || token.back() == ' ')) token.pop_back();
  return token;
}

}  // namespace

Arguments read_arguments(std::vector<std::string> words, Console& console) {
  Arguments arguments;
  arguments.url = "http://127.0.0.1:8610";
  std::string token_file;
  CLI::App app{"Prompt Vitals: asks and feeds a vitalsd.", "vitalsctl"};
  app.add_option("--url", arguments.url, "The daemon")
      ->envname("VITALS_URL")
      ->capture_default_str();
  auto* token =
      app.add_option("--token", arguments.token,
                     "Bearer token; others on this host can see it, so rather VITALS_TOKEN");
  app.add_option("--token-file", token_file, "File with the bearer token")->excludes(token);
  app.add_flag("--json", arguments.json, "Print the daemon's JSON");
  app.set_version_flag("--version", version_text());
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
  app.failure_message(failure_text);
  add_simple(app, arguments.command);
  add_alerts(app, arguments.command);
  add_deliveries(app, arguments.command);
  add_rules(app, arguments.command);
  add_prompts(app, arguments.command);
  add_compliance(app, arguments.command);
  add_query(app, arguments.command);
  add_errors(app, arguments.command);
  add_feedback(app, arguments.command);
  add_interactions(app, arguments.command);
  add_evaluators(app, arguments.command);
  add_import(app, arguments.command);
  add_export(app, arguments.command);
  add_backup(app, arguments.command);
  add_keys(app, arguments.command);
  add_demo(app, arguments.command);
  app.add_subcommand("version", "Version and build")->callback([&] {
    arguments.command = [](Session& session) {
      session.console.out << version_text() << '\n';
      return kDone;
    };
  });
  std::reverse(words.begin(), words.end());  // as CLI11 takes them
  try {
    app.parse(std::move(words));
    // Not CLI11's envname(): the variable would count as --token, which --token-file excludes.
    const char* token_variable = std::getenv("VITALS_TOKEN");
    if (!token_file.empty()) {
      arguments.token = read_token(token_file);
    } else if (arguments.token.empty() && token_variable != nullptr) {
      arguments.token = token_variable;
    }
  } catch (const CLI::ParseError& stop) {
    arguments.command = nullptr;
    arguments.exit_status = app.exit(stop, console.out, console.err) == 0 ? kDone : kUsage;
  }
  return arguments;
}

}  // namespace vitals::cli
