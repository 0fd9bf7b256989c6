#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <vitals/base/clock.h>

#include "console.h"
#include "server.h"

namespace vitals::cli {

/// What every command works with.
struct Session {
  Server& server;
  Console& console;
  const Clock& clock;
  std::function<void(DurationMs)> sleep;  ///< waits between tries
  bool json = false;                      ///< print the daemon's JSON instead of a table
};

struct QueryArguments {
  std::string metric;
  std::string window, from, to, step, stat, order, limit, resolution;  ///< as the API takes them
  std::vector<std::string> group_by;
  std::vector<std::string> filters;
  bool csv = false;
};

struct ImportArguments {
  std::vector<std::string> files;  ///< `-` is standard input
  bool backfill = false;
};

struct ExportArguments {
  std::string from, to;
  std::vector<std::string> filters;
  std::string out;  ///< "" or `-` is standard output
};

struct VerifyArguments {
  std::string data_dir;  ///< "" is the configuration's
  std::string config;    ///< "" is none
  bool rebuild = false;
};

struct RestoreArguments {
  std::string backup;
  std::string data_dir;
  std::string config;  ///< for verifying; "" is none
};

struct DemoArguments {
  std::uint64_t events = 100'000;
  DurationMs duration_ms = kDayMs;  ///< of the history that ends now
  double rate = 0;                  ///< events per second on average; 0 follows from `events`
  bool live = false;                ///< go on in real time
  std::uint64_t seed = 1;
};

// The commands; each returns an exit status (vitals/cli/cli.h).
int show_status(Session& session);
int show_metrics(Session& session);
int query(Session& session, const QueryArguments& arguments);
int import_files(Session& session, const ImportArguments& arguments);
int export_executions(Session& session, const ExportArguments& arguments);
int make_backup(Session& session, const std::string& name);
int verify(Session& session, const VerifyArguments& arguments);
int restore(Session& session, const RestoreArguments& arguments);
int run_demo(Session& session, const DemoArguments& arguments);

/// Prints why a command failed; returns its exit status.
int fail(Session& session, const Error& error);

using ShowDocument = std::function<void(const nlohmann::ordered_json&)>;
/// Gets a document: with --json it is printed as it came, else handed to `show`.
int show_document(Session& session, const std::string& path_and_query, const ShowDocument& show);
/// The same with the body of one that was got already.
int show_body(Session& session, const std::string& body, const ShowDocument& show);
/// The same with the answer to a command.
int show_answer(Session& session, const Result<net::ClientAnswer>& answer,
                const ShowDocument& show);

}  // namespace vitals::cli
